#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/integer.hpp>
#include <ctgan/io/byte_source.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/io/foreign_format.hpp>
#include <ctgan/io/hexadecimal.hpp>
#include <ctgan/io/separate_compilation.hpp>
#include <ctgan/io/system_paths.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::io {

namespace detail {

inline constexpr std::uint32_t idx_images_magic = 0x00000803, idx_labels_magic = 0x00000801;
/// QMNIST's labels: rows of 8 numbers of 32 bits, the first of which is the class.
inline constexpr std::uint32_t idx_qmnist_magic = 0x00000c02, qmnist_columns = 8;

CTGAN_IO_FUNCTION std::uint32_t big_endian(std::span<const std::byte, 4> bytes) {
    std::uint32_t value = 0;
    for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint32_t>(byte);
    return value;
}

CTGAN_IO_FUNCTION std::string magic_text(std::uint32_t magic) {
    return std::string("0x").append(hexadecimal(magic, 8));
}

CTGAN_IO_FUNCTION std::string idx_type_name(unsigned code) {
    switch (code) {
    case 0x09:
        return "signed byte";
    case 0x0b:
        return "16-bit integer";
    case 0x0c:
        return "32-bit integer";
    case 0x0d:
        return "float";
    case 0x0e:
        return "double";
    default:
        return "unknown";
    }
}

/// The name of the file of images that belongs to a file of labels, or the other way round:
/// "train-labels-idx1-ubyte" <-> "train-images-idx3-ubyte", and for QMNIST "qmnist-train-labels-idx2-int" <->
/// "qmnist-train-images-idx3-ubyte". Empty if the name does not follow this pattern.
CTGAN_IO_FUNCTION std::string sibling_name(const std::filesystem::path& path, std::uint32_t wanted_magic) {
    const bool images_wanted = wanted_magic == idx_images_magic;
    std::string name = paths::name_of(path);
    const auto replace = [&](std::string_view images_part, std::string_view labels_part) {
        const std::string_view from = images_wanted ? labels_part : images_part;
        const std::size_t at = name.find(from);
        if (at == std::string::npos) return false;
        name.replace(at, from.size(), images_wanted ? images_part : labels_part);
        return true;
    };
    const bool qmnist = name.starts_with("qmnist-");
    if (!replace("images", "labels")) return {};
    if (!qmnist || !replace("idx3-ubyte", "idx2-int")) replace("idx3", "idx1");
    return name;
}

/// EMNIST's files hold each image with rows and columns exchanged. They are known by their names, such as
/// emnist-letters-train-images-idx3-ubyte.
CTGAN_IO_FUNCTION bool is_transposed(const std::filesystem::path& path) {
    const std::string name = paths::name_of(path);
    return name.starts_with("emnist-") && name.find("-images") != std::string::npos;
}

/// Exchanges rows and columns of square images.
CTGAN_IO_FUNCTION void transpose(std::span<std::uint8_t> pixels, std::size_t side) {
    for (std::size_t image = 0; image < pixels.size(); image += side * side)
        for (std::size_t y = 0; y < side; ++y)
            for (std::size_t x = 0; x < y; ++x)
                std::swap(pixels[image + y * side + x], pixels[image + x * side + y]);
}

/// Checks the four bytes of the magic number: two zeros, the type of the elements, the number of dimensions.
/// Throws Error if it is not the wanted one.
CTGAN_IO_FUNCTION void check_idx_magic(const std::filesystem::path& path, std::span<const std::byte> start,
                                       std::uint32_t wanted) {
    const std::uint32_t magic = big_endian(start.first<4>());
    if (magic == wanted) return;
    const bool images_wanted = wanted == idx_images_magic;
    const std::string expected_magic = magic_text(wanted) + (images_wanted ? " (images)" : " (labels)");
    if (magic == (images_wanted ? idx_labels_magic : idx_images_magic) || magic == idx_qmnist_magic) {
        const std::string sibling = sibling_name(path, wanted);
        throw Error(path, 0,
                    magic_text(magic) +
                        (images_wanted ? ", an IDX file of labels" : ", an IDX file of images"),
                    expected_magic + (sibling.empty() ? "" : ": likely the file " + in_quotes(sibling)));
    }
    if (magic == ctgan::detail::swapped_bytes(wanted))
        throw Error(path, 0, "the byte-swapped magic " + magic_text(magic),
                    expected_magic + ", since IDX numbers are big-endian");
    if (magic >> 16 != 0) {
        const std::string_view format = foreign_format(start).name;
        throw Error(path, 0, magic_text(magic) + (format.empty() ? "" : ", " + std::string(format)),
                    expected_magic);
    }
    const unsigned type = magic >> 8 & 0xff, dimensions = magic & 0xff;
    if (type != 0x08)
        throw Error(path, 2, "element type " + std::to_string(type) + " (" + idx_type_name(type) + ")",
                    "8 (unsigned byte)");
    throw Error(path, 3, counted(dimensions, "dimension"),
                images_wanted ? "3 (images, rows, columns)" : "1 (labels)");
}

struct IdxHeader {
    std::uint32_t magic;
    std::array<std::uint32_t, 3> sizes; ///< as many as the magic number says
};

/// Reads and checks the magic number, and reads the sizes after it. Labels may have the magic number of
/// QMNIST.
CTGAN_IO_FUNCTION IdxHeader read_idx_header(ByteSource& source, std::uint32_t wanted) {
    std::array<std::byte, 16> bytes{};
    IdxHeader header{wanted, {}};
    const auto length = [&] { return 4 + 4 * (header.magic & 0xff); };
    std::size_t got = source.read(std::span(bytes).first(length()));
    if (got >= 4) {
        const std::span<const std::byte> start = std::span(bytes).first(got);
        header.magic = big_endian(start.first<4>());
        if (wanted != idx_labels_magic || header.magic != idx_qmnist_magic)
            check_idx_magic(source.path(), start, wanted);
        if (got < length()) got += source.read(std::span(bytes).subspan(got, length() - got));
    }
    if (got < length())
        throw Error(source.path(), counted(got, "byte") + (source.compressed() ? " of inflated data" : ""),
                    (length() == 8 ? "an " : "a ") + std::to_string(length()) + "-byte IDX header");
    const std::size_t dimensions = header.magic & 0xff;
    for (std::size_t i = 0; i < dimensions; ++i)
        header.sizes[i] = big_endian(std::span<const std::byte, 4>(bytes.data() + 4 + 4 * i, 4));
    return header;
}

/// Reads the last `length` bytes of the content; `meaning` says in messages what they are. Memory is
/// allocated only after the file has been found large enough to hold them.
CTGAN_IO_FUNCTION std::vector<std::uint8_t> read_idx_elements(ByteSource& source, std::uint64_t length,
                                                              const std::string& meaning) {
    const std::uint64_t end = source.position() + length;
    const auto throw_short = [&] {
        throw Error(source.path(), source.position(), "the end of the " + source.content_name(),
                    counted(end, "byte") + " (" + meaning + ")");
    };
    if (!source.compressed() && source.file_size() < end)
        throw Error(source.path(), source.file_size(), "the end of the file",
                    counted(end, "byte") + " (" + meaning + ")");
    if (!source.compressed() && source.file_size() > end)
        throw Error(source.path(), end, counted(source.file_size() - end, "more byte"),
                    "the end of the file");
    constexpr std::uint64_t best_ratio_of_deflate = 1032;
    if (source.compressed() && length / best_ratio_of_deflate > source.file_size())
        throw Error(source.path(),
                    "a header that promises " + meaning + " in " +
                        counted(source.file_size(), "compressed byte"),
                    "at most " + std::to_string(best_ratio_of_deflate) + " bytes for each compressed one");

    if (!source.seems_to_hold(end)) {
        // The gzip data has several members, or something is wrong with it. Inflate it without keeping
        // anything, to find out which.
        const std::uint64_t start = source.position();
        if (!source.skip_to(end)) throw_short();
        source.require_end();
        source.rewind();
        if (!source.skip_to(start)) throw_short();
    }
    std::vector<std::uint8_t> elements(size_in_memory(length));
    if (source.read(std::as_writable_bytes(std::span(elements))) != elements.size()) throw_short();
    source.require_end();
    return elements;
}

} // namespace detail

CTGAN_IO_FUNCTION Images read_idx_images(const std::filesystem::path& path, ExpectedSize expected) {
    ByteSource source(InputFile(path, "an IDX file of images"));
    const auto [count, rows, columns] = detail::read_idx_header(source, detail::idx_images_magic).sizes;
    if (count == 0) throw Error(path, 4, "0 images", "at least 1");
    const auto size_text = [](std::uint64_t height, std::uint64_t width) {
        return std::to_string(height) + " x " + std::to_string(width);
    };
    if (rows != expected.rows || columns != expected.columns)
        throw Error(path, 8, "images of " + size_text(rows, columns) + " pixels",
                    size_text(expected.rows, expected.columns));
    const std::string meaning = counted(count, "image") + " of " + size_text(rows, columns);
    std::uint64_t length = std::uint64_t{rows} * columns; // the product of two 32-bit numbers cannot overflow
    constexpr std::uint64_t most = std::uint64_t{1} << 62; // so adding the size of the header cannot overflow
    if (ctgan::detail::multiply_overflows(length, std::uint64_t{count}, length) || length > most)
        throw Error(path, 4, meaning + ", more bytes than 64 bits can count", "a size that fits");
    Images images{count, rows, columns, detail::read_idx_elements(source, length, meaning)};
    if (rows == columns && detail::is_transposed(path)) detail::transpose(images.pixels, rows);
    return images;
}

CTGAN_IO_FUNCTION std::vector<std::uint8_t> read_idx_labels(const std::filesystem::path& path,
                                                            ExpectedLabels expected) {
    ByteSource source(InputFile(path, "an IDX file of labels"));
    const auto [magic, sizes] = detail::read_idx_header(source, detail::idx_labels_magic);
    const bool qmnist = magic == detail::idx_qmnist_magic;
    const std::uint32_t count = sizes[0];
    if (count == 0) throw Error(path, 4, "0 labels", "at least 1");
    if (expected.count && *expected.count != count)
        throw Error(path, 4, counted(count, "label"),
                    std::to_string(*expected.count) + ", one for each image");
    if (qmnist && sizes[1] != detail::qmnist_columns)
        throw Error(path, 8, counted(sizes[1], "number") + " for each image", "8, as in QMNIST");
    const std::uint64_t start = source.position();
    const std::size_t bytes_of_label = qmnist ? 4 * detail::qmnist_columns : 1;
    std::vector<std::uint8_t> labels =
        detail::read_idx_elements(source, std::uint64_t{count} * bytes_of_label, counted(count, "label"));
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = i * bytes_of_label;
        const std::uint32_t label =
            qmnist ? detail::big_endian(std::as_bytes(std::span(labels)).subspan(at).first<4>()) : labels[at];
        if (label >= expected.classes || label > 0xff)
            throw Error(path, start + at, "label " + std::to_string(label),
                        "0 to " + std::to_string((std::min)(expected.classes - 1, 255U)));
        labels[i] = static_cast<std::uint8_t>(label); // what is overwritten has been read
    }
    labels.resize(count);
    return labels;
}

CTGAN_IO_FUNCTION void write_idx_images(const std::filesystem::path& path, const Images& images) {
    const std::array<std::size_t, 3> sizes{images.count, images.rows, images.columns};
    for (const std::size_t size : sizes)
        if (size < 1 || size > UINT32_MAX)
            ctgan::detail::fail_with<std::invalid_argument>(
                {"write_idx_images: found ", images.count, " images of ", images.rows, " x ", images.columns,
                 ", expected 1 to 4294967295 of each"});
    if (images.pixels.size() != images.count * images.rows * images.columns)
        ctgan::detail::fail_with<std::invalid_argument>({"write_idx_images: found ", images.pixels.size(),
                                                         " pixels, expected ", images.count, " x ",
                                                         images.rows, " x ", images.columns});
    std::vector<std::byte> bytes;
    bytes.reserve(16 + images.pixels.size());
    const auto append = [&](std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<std::byte>(value >> shift & 0xff));
    };
    append(detail::idx_images_magic);
    for (const std::size_t size : sizes) append(static_cast<std::uint32_t>(size));
    for (const std::uint8_t pixel : images.pixels) bytes.push_back(static_cast<std::byte>(pixel));
    write_atomically(path, bytes);
}

} // namespace ctgan::inline CTGAN_ABI::io
