#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/io/separate_compilation.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

inline constexpr std::string_view from_pickle =
    "in Python, safetensors.torch.save_file(torch.load('FILE', weights_only=True), 'FILE.safetensors')";
inline constexpr std::string_view from_numpy =
    "in Python, safetensors.numpy.save_file(dict(numpy.load('FILE')), 'FILE.safetensors')";
inline constexpr std::string_view from_onnx =
    "in Python, safetensors.numpy.save_file({t.name: onnx.numpy_helper.to_array(t) for t in "
    "onnx.load('FILE').graph.initializer}, 'FILE.safetensors')";
inline constexpr std::string_view unpacked = "unpack it first";
inline constexpr std::string_view download = "download the file itself";

struct Magic {
    std::size_t offset;
    std::string_view bytes;
    ForeignFormat format;
};

inline constexpr auto magics = [] {
    using namespace std::string_view_literals; // the literals contain zero bytes
    return std::array{
        Magic{0, "\x80\x02"sv, {"a Python pickle, as old PyTorch .pt files are", from_pickle}},
        Magic{0, "\x80\x03"sv, {"a Python pickle", from_pickle}},
        Magic{0, "\x80\x04"sv, {"a Python pickle", from_pickle}},
        Magic{0, "\x80\x05"sv, {"a Python pickle", from_pickle}},
        Magic{0, "\x93NUMPY"sv, {"a NumPy .npy array, one without a name", {}}},
        Magic{0, "\x89HDF\r\n\x1a\n"sv, {"an HDF5 file, as Keras and MATLAB write", {}}},
        Magic{0, "GGUF"sv, {"a GGUF file", {}}},
        Magic{0, "\x89PNG\r\n\x1a\n"sv, {"a PNG picture", {}}},
        Magic{0, "\xff\xd8\xff"sv, {"a JPEG picture", {}}},
        Magic{0, "GIF8"sv, {"a GIF picture", {}}},
        Magic{0, "%PDF"sv, {"a PDF document", {}}},
        Magic{0, "\x1f\x8b"sv, {"gzip data", unpacked}},
        Magic{0, "BZh"sv, {"bzip2 data", unpacked}},
        Magic{0, "\xfd\x37zXZ\0"sv, {"xz data", unpacked}},
        Magic{0, "\x28\xb5\x2f\xfd"sv, {"Zstandard data", unpacked}},
        Magic{257, "ustar"sv, {"a tar archive", unpacked}},
        Magic{0, "<!"sv, {"an HTML page", download}},
        Magic{0, "<html"sv, {"an HTML page", download}},
        Magic{0, "<HTML"sv, {"an HTML page", download}},
        Magic{0, "<?xml"sv, {"an XML document", {}}},
        Magic{0,
              "version https://git-lfs"sv,
              {"a Git LFS pointer in place of the file itself", "git lfs pull brings the file"}},
        Magic{0, "\0\0\x08\x01"sv, {"an IDX file of labels", {}}},
        Magic{0, "\0\0\x08\x03"sv, {"an IDX file of images", {}}},
    };
}();

/// Tells zip archives apart by the name of their first entry, which begins at byte 30.
CTGAN_IO_FUNCTION ForeignFormat zip_format(std::string_view text) {
    const std::string_view entries = text.substr(std::min<std::size_t>(30, text.size()));
    if (entries.find(".npy") != std::string_view::npos) return {"a NumPy .npz archive", from_numpy};
    return {"a zip archive, as PyTorch .pt files are", from_pickle};
}

/// Whether the text begins like an ONNX message: with field 1, the format version, and field 2, the name of
/// the writer.
CTGAN_IO_FUNCTION bool looks_like_onnx(std::string_view text) {
    return text.size() > 3 && text[0] == '\x08' && text[1] > 0 && text[1] < 32 && text[2] == '\x12';
}

/// Whether the first eight bytes, which are the header's length in a safetensors file, are text that begins
/// like JSON.
CTGAN_IO_FUNCTION bool looks_like_json(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return text.size() >= 8 && first < 8 && (text[first] == '{' || text[first] == '[') &&
           std::all_of(text.begin(), text.begin() + 8,
                       [](char c) { return c >= ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

} // namespace detail

CTGAN_IO_FUNCTION ForeignFormat foreign_format(std::span<const std::byte> first_bytes) {
    const std::string_view text(reinterpret_cast<const char*>(first_bytes.data()), first_bytes.size());
    if (text.starts_with("PK\x03\x04")) return detail::zip_format(text);
    const auto* known =
        std::find_if(detail::magics.begin(), detail::magics.end(), [&](const detail::Magic& magic) {
            return text.size() > magic.offset && text.substr(magic.offset).starts_with(magic.bytes);
        });
    if (known != detail::magics.end()) return known->format;
    if (detail::looks_like_onnx(text)) return {"an ONNX model", detail::from_onnx};
    if (detail::looks_like_json(text))
        return text.find("\"weight_map\"") != std::string_view::npos
                   ? ForeignFormat{"an index in JSON of safetensors files", "one of the files it names"}
                   : ForeignFormat{"text in JSON", {}};
    return {};
}

} // namespace ctgan::inline CTGAN_ABI::io
