#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/descriptor.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/layers/layer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

CTGAN_IO_FUNCTION std::vector<std::uint64_t> shape_of(const TensorSpec& tensor) {
    return {tensor.dims, tensor.dims + tensor.rank};
}

} // namespace detail

CTGAN_IO_FUNCTION NotFinite::NotFinite(const std::string& tensor)
    : std::runtime_error("tensor " + in_quotes(tensor) +
                         ": found a number that is infinite or NaN, expected finite numbers") {}

CTGAN_IO_FUNCTION TensorsToWrite::TensorsToWrite() = default;
CTGAN_IO_FUNCTION TensorsToWrite::TensorsToWrite(const TensorsToWrite&) = default;
CTGAN_IO_FUNCTION TensorsToWrite::TensorsToWrite(TensorsToWrite&&) noexcept = default;
CTGAN_IO_FUNCTION TensorsToWrite& TensorsToWrite::operator=(const TensorsToWrite&) = default;
CTGAN_IO_FUNCTION TensorsToWrite& TensorsToWrite::operator=(TensorsToWrite&&) noexcept = default;
CTGAN_IO_FUNCTION TensorsToWrite::~TensorsToWrite() = default;

template <class T>
void TensorsToWrite::add(const std::string& name, const TensorSpec& tensor, const T* data,
                         void (*to_host)(T* to, const T* from, Index n)) {
    if (!buffer_) buffer_ = std::make_shared<std::vector<std::byte>>(); // this list was moved from
    const auto next_values = [name, tensor, data, to_host, buffer = buffer_](std::uint64_t first_byte) {
        constexpr Index at_once = 131072 / sizeof(T);
        const bool is_on_host = to_host == ctgan::detail::copy_on_host<T>;
        const Index first = static_cast<Index>(first_byte / sizeof(T)), size = tensor.size();
        const Index count = (std::min)(at_once, size - first);
        buffer->resize(static_cast<std::size_t>(at_once + (is_on_host ? 0 : size)) * sizeof(T));
        T* const values = reinterpret_cast<T*>(buffer->data());
        T* const copy = values + at_once;
        if (!is_on_host && first == 0) to_host(copy, data, size);
        const T* const in_memory_order = is_on_host ? data : copy;
        for (Index i = 0; i < count; ++i) {
            values[i] = in_memory_order[tensor.memory_index(first + i)];
            if (!is_finite(values[i])) throw NotFinite(name);
        }
        return std::as_bytes(std::span<const T>(values, static_cast<std::size_t>(count)));
    };
    list_.push_back({name, detail::dtype_of<T>, detail::shape_of(tensor), {}, next_values});
}

CTGAN_IO_FUNCTION void TensorsToWrite::add_kept(std::string name, Dtype dtype,
                                                std::vector<std::uint64_t> shape,
                                                std::span<const std::byte> bytes,
                                                std::shared_ptr<const void> owner) {
    list_.push_back({std::move(name),
                     dtype,
                     std::move(shape),
                     {},
                     [bytes, owner = std::move(owner)](std::uint64_t first) {
                         return bytes.subspan(detail::size_in_memory(first));
                     }});
}

#ifdef CTGAN_SEPARATE_COMPILATION
template void TensorsToWrite::add(const std::string&, const TensorSpec&, const float*,
                                  void (*)(float*, const float*, Index));
template void TensorsToWrite::add(const std::string&, const TensorSpec&, const double*,
                                  void (*)(double*, const double*, Index));
#endif

} // namespace ctgan::inline CTGAN_ABI::io
