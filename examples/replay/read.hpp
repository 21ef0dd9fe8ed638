#pragma once

#include <ctgan/core/shape.hpp>
#include <ctgan/io/safetensors.hpp>

#include <string>
#include <vector>

namespace replay {

/// The values of a tensor. Throws io::Error if there is no such tensor or it does not have `size` values.
template <class T>
std::vector<T> read(const ctgan::io::SafetensorsFile& file, const std::string& name, ctgan::Index size) {
    std::vector<T> values = file.values<T>(name);
    if (static_cast<ctgan::Index>(values.size()) != size)
        throw ctgan::io::Error(file.path(),
                               "tensor " + ctgan::io::in_quotes(name) + " of " +
                                   ctgan::io::counted(values.size(), "number"),
                               std::to_string(size));
    return values;
}

} // namespace replay
