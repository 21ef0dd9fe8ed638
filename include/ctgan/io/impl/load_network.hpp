#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <string>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

CTGAN_IO_FUNCTION std::string prefix_of_network(const SafetensorsFile& file, std::string_view in_checkpoint) {
    if (!is_checkpoint(file)) return {};
    require_whole_checkpoint(file);
    return std::string(in_checkpoint).append(".");
}

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI::io
