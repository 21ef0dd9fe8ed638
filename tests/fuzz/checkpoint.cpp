/// Checkpoints as train_dcgan --check and --resume read them: a file is refused with an Error or intact, and
/// the Gan and the run's state are then restored from it or refused.

#include "../../examples/train/checkpoint.cpp" // with the sanitizers, too

#include <ctgan/backend/cpu.hpp>
#include <ctgan/gan/gan.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/layers/batch_norm.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/sequential.hpp>

#include "memory_file.hpp"
#include "safetensors_mutator.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace io = ctgan::io;

namespace {

using Generator = ctgan::Sequential<ctgan::Linear<1, 1>, ctgan::BatchNorm1d<1>>;
using Discriminator = ctgan::Sequential<ctgan::Linear<1, 1>>;
constexpr std::array<std::string_view, 2> generator_layers{"fc", "bn"};
constexpr std::array<std::string_view, 1> discriminator_layers{"fc"};

constexpr std::size_t checksum_size = 4;

std::array<std::byte, checksum_size> checksum_of(std::span<const std::uint8_t> bytes) {
    io::Checksum sum;
    sum.add(std::as_bytes(bytes));
    return sum.bytes();
}

void restore(const io::SafetensorsFile& file) {
    static ctgan::Gan<Generator, Discriminator> gan(0, 2, {}, {});
    try {
        io::restore_gan(file, gan, {generator_layers, discriminator_layers});
        fuzz::note_accepted();
        fuzz::require(gan.generator.training_passes() >= 0, "a valid count");
    } catch (const io::Error&) {
    }
    try {
        const auto state = train::RunState::of(file);
        fuzz::require(state.steps >= 0 && state.epoch >= 1 && state.images_taken >= 0, "valid counts");
        state.require(file.path(), {.steps_of_epoch = 4,
                                    .batch_size = 2,
                                    .total_steps = 100,
                                    .noise_numbers = 1,
                                    .logs_steps = true});
    } catch (const io::Error&) {
    }
}

} // namespace

/// Corrects the checksum three times out of four, because a random change would hardly ever find it.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    const std::size_t mutated = fuzz::mutate_safetensors(data, size, max_size, seed / 4);
    if (seed % 4 == 0 || mutated < checksum_size) return mutated;
    const auto sum = checksum_of({data, mutated - checksum_size});
    std::memcpy(data + mutated - checksum_size, sum.data(), checksum_size);
    return mutated;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fuzz::MemoryFile memory;
    const std::span input(data, size);
    memory.put(std::as_bytes(input));
    try {
        const auto file = io::open_checkpoint(memory.path());
        fuzz::require(size >= checksum_size &&
                          std::ranges::equal(checksum_of(input.first(size - checksum_size)),
                                             std::as_bytes(input.last(checksum_size))),
                      "a checkpoint with a correct checksum");
        restore(file);
    } catch (const io::Error&) {
    }
    return 0;
}
