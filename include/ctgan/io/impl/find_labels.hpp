#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/idx.hpp>
#include <ctgan/io/impl/find_images.hpp>
#include <ctgan/io/impl/idx.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system_paths.hpp>

#include <filesystem>
#include <string>

namespace ctgan::inline CTGAN_ABI::io {

CTGAN_IO_FUNCTION std::filesystem::path find_labels(const std::filesystem::path& images) {
    const std::string name = detail::sibling_name(images, detail::idx_labels_magic);
    if (name.empty()) throw Error(images, "a name without 'images'", "one that tells the name of its labels");
    const std::string plain = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
    for (const char* compression : {"", ".gz"}) {
        auto candidate = images.parent_path() / detail::paths::path_of(plain + compression);
        if (detail::is_readable_entry(candidate)) return candidate;
    }
    throw Error(images, "no labels beside it", plain + ", with or without .gz");
}

} // namespace ctgan::inline CTGAN_ABI::io
