/// Files of CIFAR-10 and CIFAR-100, and the cache of a folder of pictures: refused, or read with the values
/// of the file.

#include <ctgan/io/cifar.hpp>
// clang-format off
#include <ctgan/io/checksum.hpp>
#include <ctgan/io/impl/picture_cache.hpp>
// clang-format on

#include "memory_file.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace io = ctgan::io;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

void read_cifar(const std::filesystem::path& path, std::span<const std::uint8_t> input) {
    try {
        const auto images = io::read_cifar(path);
        const std::size_t before = images.classes == 100 ? 2 : 1, record = before + 3072;
        fuzz::require(input.size() == images.labels.size() * record, "as many labels as pictures");
        fuzz::require(images.pixels.size() == images.labels.size() * 3072, "as many pixels");
        fuzz::require(images.groups.size() == (before == 2 ? images.labels.size() : 0), "as many groups");
        for (std::size_t i = 0; i < images.labels.size(); ++i) {
            fuzz::require(images.labels[i] == input[i * record + before - 1] &&
                              images.labels[i] < images.classes,
                          "the labels of the file");
            fuzz::require(images.pixels[i * 3072 + 3 * 7 + 2] == input[i * record + before + 2 * 1024 + 7],
                          "the pixels of the file");
        }
        fuzz::note_accepted();
    } catch (const io::Error&) {
    }
}

/// Of three files of four bytes each.
void read_cache(const std::filesystem::path& path, std::span<const std::uint8_t> input) {
    constexpr std::string_view key = "key";
    const auto cache = io::detail::read_picture_cache(path, key, 4, 3);
    if (!cache) return;
    fuzz::require(cache->key == key && cache->pixels.size() == 4 * (3 - cache->skipped.size()),
                  "as many pictures as are not skipped");
    fuzz::require(std::ranges::equal(cache->pixels, input.subspan(48 + key.size(), cache->pixels.size())),
                  "the pixels of the file");
    for (const auto& skipped : cache->skipped)
        fuzz::require(skipped.number < 3 && skipped.line.find('\n') == std::string::npos, "a line for each");
    fuzz::note_accepted();
}

} // namespace

/// Sets the checksum of most inputs right, without which every cache would be refused for it.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    size = LLVMFuzzerMutate(data, size, max_size);
    if (size < 4 || seed % 4 == 0) return size;
    io::Checksum sum;
    sum.add(std::as_bytes(std::span(data, size - 4)));
    const auto bytes = sum.bytes();
    for (std::size_t i = 0; i < 4; ++i) data[size - 4 + i] = std::to_integer<std::uint8_t>(bytes[i]);
    return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fuzz::MemoryFile file;
    const std::span input(data, size);
    file.put(std::as_bytes(input));
    if (size < 2000)
        read_cache(file.path(), input);
    else
        read_cifar(file.path(), input);
    return 0;
}
