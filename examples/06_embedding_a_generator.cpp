// A trained generator as a part of some other program: two functions, behind which there is no training. What
// only an optimizer or a discriminator would call is not compiled.
//     06_embedding_a_generator generator.safetensors [SEED]

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

// ---- digits.hpp: all that the program sees.
namespace digits {

using Picture = std::array<std::array<std::uint8_t, 28>, 28>; // rows; 0 is black, 255 white

/// Reads the generator that 05_the_reference, train_dcgan or PyTorch wrote. Throws std::exception with one
/// line that says what is wrong with the file.
void init(const std::filesystem::path& weights);

/// A digit; of one seed always the same. Allocates nothing. One call at a time: threads of yours that draw
/// side by side would share the generator, which is const, and have a workspace each.
Picture draw(std::uint64_t seed);

} // namespace digits

// ---- digits.cpp: the only file that knows of ctgan, and takes seconds to compile.
namespace digits {
namespace {

using Generator = ctgan::Network<ctgan::dcgan::Generator>;

struct State {
    Generator generator{0}; // random, until weights are read
    Generator::Workspace workspace{1};
    ctgan::Batch<Generator::input_shape> noise{1};
};
std::optional<State> state;

} // namespace

void init(const std::filesystem::path& weights) {
    State read;
    ctgan::io::load_network(weights, read.generator, ctgan::dcgan::generator_names, "generator");
    state = std::move(read); // a bad file leaves what was there
}

Picture draw(std::uint64_t seed) {
    auto& [generator, workspace, noise] = state.value(); // throws before init()
    ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {seed});
    const float* number = generator.forward(noise, workspace).data; // -1 to 1, from Tanh
    Picture picture;
    for (auto& row : picture)
        for (auto& pixel : row) pixel = static_cast<std::uint8_t>((*number++ + 1) * 127.5F + 0.5F);
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
    for (const auto& row : digits::draw(argc > 2 ? std::stoull(argv[2]) : 0)) {
        for (const int pixel : row) std::putchar(" .:-=+*#%@"[pixel * 10 / 256]);
        std::putchar('\n');
    }
} catch (const std::exception& error) {
    std::fprintf(stderr, "06_embedding_a_generator: %s\n", error.what());
    return 1;
}
