#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/safetensors_write.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/network/tensor_memory.hpp>

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

} // namespace detail

/// The exception for a tensor to be written that holds a value which is infinite or NaN. what() is one line.
class NotFinite : public std::runtime_error {
  public:
    /// `tensor` is the name of the tensor.
    explicit NotFinite(const std::string& tensor);
};

/// A list of tensors to be written to one file.
class TensorsToWrite {
  public:
    /// No tensors.
    TensorsToWrite();
    /// The copy shares the buffer, and the values that this list keeps.
    TensorsToWrite(const TensorsToWrite&);
    /// Leaves the other list empty.
    TensorsToWrite(TensorsToWrite&&) noexcept;
    /// As the constructors do.
    TensorsToWrite& operator=(const TensorsToWrite&);
    /// As the constructors do.
    TensorsToWrite& operator=(TensorsToWrite&&) noexcept;
    /// The tensors of list() become invalid.
    ~TensorsToWrite();

    /// Adds a tensor in a backend's memory, at `data`, which must stay valid until the file is written. The
    /// tensor is copied when it is written. All tensors share one buffer, of 128 KiB and, for those in a
    /// device's memory, of the largest tensor. If the tensor then holds a value that is infinite or NaN,
    /// writing throws NotFinite and leaves the old file as it was, because training could not resume from
    /// such a tensor.
    template <class Backend, class T>
    void add(const std::string& name, const TensorSpec& tensor, const T* data) {
        add(name, tensor, data, ctgan::detail::to_host_of<Backend, T>);
    }
    /// The same for any backend: `to_host(to, from, n)` copies n values from its memory to the host's.
    template <class T>
    void add(const std::string& name, const TensorSpec& tensor, const T* data,
             void (*to_host)(T* to, const T* from, Index n));

    /// Adds a tensor in the host's memory. This list keeps its values.
    template <class T>
    void add(std::string name, std::vector<std::uint64_t> shape, std::vector<T> values) {
        const auto kept = std::make_shared<const std::vector<T>>(std::move(values));
        constexpr Dtype dtype = detail::dtype_of<T>;
        const std::span<const std::byte> bytes = std::as_bytes(std::span<const T>(*kept));
        const std::shared_ptr<const void> owner = kept;
        add_kept(std::move(name), dtype, std::move(shape), bytes, owner);
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
                  std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

    std::vector<TensorToWrite> list_;
    std::shared_ptr<std::vector<std::byte>> buffer_ = std::make_shared<std::vector<std::byte>>();
};

} // namespace ctgan::inline CTGAN_ABI::io

#ifndef CTGAN_SEPARATE_COMPILATION
#    include <ctgan/io/impl/tensors_to_write.hpp>
#endif
