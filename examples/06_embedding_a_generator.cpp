// A trained generator inside another program, which sees two functions: init() and generate(). Code for
// training is not even compiled. Give it the weights that example 05 or train_dcgan wrote, and it prints a
// digit as text; another seed gives another digit.
//
// Usage: 06_embedding_a_generator generator.safetensors [SEED]

#include <ctgan/dcgan.hpp>
#include <ctgan/io/load_network.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

// ---- digits.hpp: all that the rest of the program sees.
namespace digits {

using Picture = std::array<std::array<std::uint8_t, 28>, 28>; // [row][column], 0 is black, 255 is white

/// Reads a generator that 05_the_reference, train_dcgan or PyTorch wrote. If there is something wrong with
/// the file, throws a std::exception whose what() is one line that says what.
void init(const std::filesystem::path& weights);

/// Generates a digit, always the same one for a seed. Allocates no memory. Not thread-safe: to generate
/// digits in several threads, share the const generator and give each thread its own workspace and noise.
Picture generate(std::uint64_t seed);

} // namespace digits

// ---- digits.cpp: the only file that includes ctgan; it compiles in seconds.
namespace digits {
namespace {

using Generator = ctgan::Network<ctgan::dcgan::Generator>;

struct State {
    ctgan::Frozen<Generator> generator; // for inference alone
    ctgan::Frozen<Generator>::Workspace workspace{1};
    ctgan::Batch<Generator::input_shape> noise{1};
};
std::optional<State> state;

} // namespace

void init(const std::filesystem::path& weights) {
    Generator read(0); // random weights until others are read
    ctgan::io::load_network(weights, read, ctgan::dcgan::generator_names, "generator");
    // After a bad file the old state is still there.
    state = State{.generator = ctgan::Frozen(std::move(read), 1)};
}

Picture generate(std::uint64_t seed) {
    auto& [generator, workspace, noise] = state.value(); // throws if init() has not been called
    ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = seed});
    const float* value = generator.forward(noise, workspace).data; // in [-1, 1], from Tanh; one channel
    Picture picture;
    for (auto& row : picture)
        for (auto& pixel : row) pixel = static_cast<std::uint8_t>((*value++ + 1) * 127.5F + 0.5F);
    return picture;
}

} // namespace digits

// ---- The program.
int main(int argc, char** argv) try {
    if (argc < 2) {
        std::fputs("usage: 06_embedding_a_generator generator.safetensors [SEED]\n", stderr);
        return 2;
    }
    digits::init(argv[1]);
    for (const auto& row : digits::generate(argc > 2 ? std::stoull(argv[2]) : 0)) {
        for (const int pixel : row) std::putchar(" .:-=+*#%@"[pixel * 10 / 256]);
        std::putchar('\n');
    }
} catch (const std::exception& error) {
    std::fprintf(stderr, "06_embedding_a_generator: %s\n", error.what());
    return 1;
}
