#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

CTGAN_IO_FUNCTION std::string in_brackets(const std::vector<std::string>& arguments) {
    std::string text;
    for (const std::string& argument : arguments) text += (text.empty() ? "<" : ", ") + argument;
    return text.empty() ? text : text + ">";
}

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI::io
