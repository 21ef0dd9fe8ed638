#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/network/tensor_memory.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

template <class T>
inline constexpr Dtype dtype_of = [] {
    static_assert(std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, std::int64_t>);
    return std::is_same_v<T, float> ? Dtype::F32 : std::is_same_v<T, double> ? Dtype::F64 : Dtype::I64;
}();

inline std::vector<std::uint64_t> shape_of(const TensorSpec& tensor) {
    return {tensor.dims, tensor.dims + tensor.rank};
}

} // namespace detail

/// The exception for a tensor to be written that holds a value which is infinite or NaN. what() is one line.
class NotFinite : public std::runtime_error {
  public:
    /// `tensor` is the name of the tensor.
    explicit NotFinite(const std::string& tensor)
        : std::runtime_error("tensor " + in_quotes(tensor) +
                             ": found a number that is infinite or NaN, expected finite numbers") {}
};

/// A list of tensors to be written to one file.
class TensorsToWrite {
  public:
    /// Adds a tensor in a backend's memory, at `data`, which must stay valid until the file is written. The
    /// tensor is copied when it is written. All tensors share one buffer, so saving takes no more memory than
    /// twice the largest tensor. If the tensor then holds a value that is infinite or NaN, writing throws
    /// NotFinite and leaves the old file as it was, because training could not resume from such a tensor.
    template <class Backend, class T>
    void add(const std::string& name, const TensorSpec& tensor, const T* data) {
        add(name, tensor, data, ctgan::detail::copy_to_host<Backend, T>);
    }
    /// The same for any backend: `to_host(to, from, n)` copies n values from its memory to the host's.
    template <class T>
    void add(const std::string& name, const TensorSpec& tensor, const T* data,
             void (*to_host)(T* to, const T* from, Index n)) {
        list_.push_back(
            {name,
             detail::dtype_of<T>,
             detail::shape_of(tensor),
             {},
             [name, tensor, data, to_host, buffer = buffer_] {
                 const auto size = static_cast<std::size_t>(tensor.size());
                 buffer->resize(2 * size * sizeof(T));
                 T* const in_memory_order = reinterpret_cast<T*>(buffer->data());
                 T* const in_pytorch_order = in_memory_order + size;
                 to_host(in_memory_order, data, tensor.size());
                 if (!std::all_of(in_memory_order, in_pytorch_order, [](T x) { return is_finite(x); }))
                     throw NotFinite(name);
                 to_pytorch_order(in_pytorch_order, in_memory_order, tensor);
                 return std::as_bytes(std::span<const T>(in_pytorch_order, size));
             }});
    }

    /// Adds a tensor in the host's memory. This list keeps its values.
    template <class T>
    void add(std::string name, std::vector<std::uint64_t> shape, std::vector<T> values) {
        const auto kept = std::make_shared<const std::vector<T>>(std::move(values));
        add_kept(std::move(name), detail::dtype_of<T>, std::move(shape),
                 std::as_bytes(std::span<const T>(*kept)), kept);
    }
    /// Adds a tensor of shape [] with a single value.
    template <class T>
        requires std::is_arithmetic_v<T>
    void add(std::string name, T value) { add(std::move(name), {}, std::vector<T>{value}); }

    /// All tensors in the order in which they were added, for write_safetensors() and write_checkpoint().
    std::span<const TensorToWrite> list() const { return list_; }

  private:
    /// Adds a tensor whose values `owner` keeps.
    void add_kept(std::string name, Dtype dtype, std::vector<std::uint64_t> shape,
                  std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
        list_.push_back({std::move(name), dtype, std::move(shape), {}, [bytes, owner = std::move(owner)] {
                             return bytes;
                         }});
    }

    std::vector<TensorToWrite> list_;
    std::shared_ptr<std::vector<std::byte>> buffer_ = std::make_shared<std::vector<std::byte>>();
};

} // namespace ctgan::inline CTGAN_ABI::io
