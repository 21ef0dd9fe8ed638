#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace ctgan::io {

/// Names the format that a file's first bytes (some 100 are enough) belong to, for a message to a user who
/// gave the wrong file. Empty where the bytes are nothing we know.
inline std::string_view foreign_format(std::span<const std::byte> first_bytes) {
    struct Format {
        std::string_view magic, name;
    };
    using namespace std::string_view_literals;
    static constexpr std::array formats{
        Format{"\x89PNG\r\n\x1a\n"sv, "a PNG picture"},
        Format{"\xff\xd8\xff"sv, "a JPEG picture"},
        Format{"\x1f\x8b"sv, "gzip data"},
        Format{"\x93NUMPY"sv, "a NumPy .npy array"},
        Format{"\x89HDF\r\n\x1a\n"sv, "an HDF5 file"},
        Format{"GGUF"sv, "a GGUF file"},
        Format{"\x80\x02"sv, "a Python pickle, as old PyTorch .pt files are"},
        Format{"\x80\x03"sv, "a Python pickle"},
        Format{"\x80\x04"sv, "a Python pickle"},
        Format{"\x80\x05"sv, "a Python pickle"},
        Format{"<!"sv, "an HTML page"},
        Format{"<html"sv, "an HTML page"},
        Format{"<HTML"sv, "an HTML page"},
        Format{"version https://git-lfs"sv, "a Git LFS pointer in place of the file itself"},
        Format{"\0\0\x08\x01"sv, "an IDX file of labels"},
        Format{"\0\0\x08\x03"sv, "an IDX file of images"},
    };
    const std::string_view text(reinterpret_cast<const char*>(first_bytes.data()), first_bytes.size());
    if (text.starts_with("PK\x03\x04"sv)) {
        // A zip archive: the name of its first entry, at byte 30, tells NumPy's from PyTorch's.
        const std::string_view entries = text.substr(std::min<std::size_t>(30, text.size()));
        return entries.find(".npy") != entries.npos ? "a NumPy .npz archive"
                                                    : "a zip archive, as PyTorch .pt files are";
    }
    const auto* known = std::find_if(formats.begin(), formats.end(),
                                     [&](const Format& format) { return text.starts_with(format.magic); });
    return known == formats.end() ? std::string_view{} : known->name;
}

} // namespace ctgan::io
