/// Safetensors files: a file is refused with an Error, or all its sizes agree, it can be written again, and
/// it loads into a network completely or not at all.

#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/sequential.hpp>

#include "memory_file.hpp"
#include "safetensors_mutator.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace io = ctgan::io;

namespace {

using Net = ctgan::Network<ctgan::Sequential<ctgan::Linear<2, 1>, ctgan::BatchNorm1d<1>>>;
constexpr std::array<std::string_view, 2> layers{"fc", "bn"};

/// Whether `view` is a part of the input and has exactly the size of its type and shape.
bool is_part_of(std::span<const std::byte> input, const io::TensorView& view) {
    std::uint64_t size = io::size_of(view.dtype);
    for (const std::uint64_t dimension : view.shape)
        if (__builtin_mul_overflow(size, dimension, &size)) return false;
    return view.bytes.size() == size && view.offset <= input.size() && size <= input.size() - view.offset &&
           std::ranges::equal(input.subspan(view.offset, size), view.bytes);
}

template <class T>
void read_as(const io::SafetensorsFile& file, std::string_view name, const io::TensorView& view) {
    try {
        const auto values = file.values<T>(name);
        fuzz::require(values.size() * io::size_of(view.dtype) == view.bytes.size(),
                      "as many values as elements");
    } catch (const io::Error&) {
    }
}

/// Writes the file's contents again and checks that they read as the same.
void write_again(const io::SafetensorsFile& file) {
    static const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("again-" + std::to_string(::getpid()));
    std::vector<io::TensorToWrite> tensors;
    for (const auto& [name, view] : file.tensors())
        tensors.push_back({name, view.dtype, view.shape, view.bytes});
    io::write_safetensors(path, tensors, file.metadata());
    const auto again = io::SafetensorsFile::open(path);
    fuzz::require(again.metadata() == file.metadata(), "the same metadata again");
    fuzz::require(std::ranges::equal(again.tensors(), file.tensors(),
                                     [](const auto& a, const auto& b) {
                                         return a.first == b.first && a.second.dtype == b.second.dtype &&
                                                a.second.shape == b.second.shape &&
                                                std::ranges::equal(a.second.bytes, b.second.bytes);
                                     }),
                  "the same tensors again");
}

/// Checks that all of the network's values come from the file, or none.
void load(const io::SafetensorsFile& file) {
    static Net network(0);
    network.for_each_tensor([](int, const ctgan::TensorSpec& tensor, float* data, bool) {
        std::fill_n(data, tensor.size(), std::numeric_limits<float>::quiet_NaN());
    });
    bool loaded = true;
    try {
        io::load_weights(file, network, layers);
        fuzz::note_accepted();
        fuzz::require(network.training_passes() >= 0, "a valid count");
    } catch (const io::Error&) {
        loaded = false;
    }
    network.for_each_tensor([&](int, const ctgan::TensorSpec& tensor, const float* data, bool) {
        fuzz::require(std::none_of(data, data + tensor.size(),
                                   [&](float value) { return std::isnan(value) == loaded; }),
                      "a network that is loaded completely or not at all");
    });
}

} // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    return fuzz::mutate_safetensors(data, size, max_size, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fuzz::MemoryFile memory;
    const auto input = std::as_bytes(std::span(data, size));
    memory.put(input);
    try {
        const auto file = io::SafetensorsFile::open(memory.path());
        std::uint64_t header_and_data = fuzz::length_field + fuzz::header_size(data, size);
        for (const auto& [name, view] : file.tensors()) {
            fuzz::require(is_part_of(input, view), "a tensor in the file, of the size of its type and shape");
            header_and_data += view.bytes.size();
            read_as<float>(file, name, view);
            read_as<double>(file, name, view);
            read_as<std::int64_t>(file, name, view);
        }
        fuzz::require(header_and_data == size, "tensors that fill the file");
        write_again(file);
        load(file);
    } catch (const io::Error&) {
    }
    return 0;
}
