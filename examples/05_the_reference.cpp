// Trains the published DCGAN on MNIST: byte for byte as train_dcgan does, without its flags, checkpoints
// and plots. It prints the mean losses of each epoch and writes digits.png, which shows 16 generated digits,
// and generator.safetensors, which PyTorch and example 06 load. The default of 15,000 steps takes about two
// minutes.
//
// Usage: 05_the_reference [STEPS [FOLDER to write to]]

#include <ctgan/dcgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/weights.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

using namespace ctgan;

// To train on a GPU, write Cuda here and compile with nvcc: nothing below accesses backend memory directly.
using TheBackend = Cpu;
using Dcgan = Gan<dcgan::Generator, dcgan::Discriminator, LeastSquares, TheBackend>;
using Digit = Dcgan::image_shape;
constexpr int grid_size = 16;

/// Writes digits generated from the same 16 noise vectors each time, in training mode, as the reference does.
void write_grid(const std::filesystem::path& path, Dcgan& gan,
                const BatchOn<Dcgan::noise_shape, TheBackend>& noise,
                Dcgan::Generator::Workspace& workspace) {
    const auto digits = gan.generator.forward_training(noise, workspace);
    std::vector<float> pixels(static_cast<std::size_t>(digits.size()));
    TheBackend::to_host(pixels.data(), digits.data, digits.size());
    io::write_png(path,
                  io::enlarged(io::tile(pixels, grid_size, 1, Digit::height, Digit::width, /*columns*/ 4),
                               /*factor*/ 3));
}

int main(int argc, char** argv) try {
    const std::uint64_t steps = argc > 1 ? std::stoull(argv[1]) : 15'000, seed = 0;
    const std::filesystem::path out = argc > 2 ? argv[2] : ".";
    std::filesystem::create_directories(out);
    const auto data = io::DataSet<Digit>::read(CTGAN_SHIPPED_DATA_DIR);

    // GanLoop keeps everything that a step reads in the backend's memory: the digits as bytes, their order in
    // the epoch, the noise and the step number. The host starts each step and does not wait for it.
    Dcgan gan(seed, dcgan::batch_size, dcgan::generator_options, dcgan::discriminator_options);
    GanLoop loop(gan, ByteImages<Digit, TheBackend>(data.pixels()), seed, dcgan::batch_size);

    BatchOn<Dcgan::noise_shape, TheBackend> grid_noise(grid_size);
    Dcgan::Generator::Workspace grid_workspace(grid_size);
    // GanLoop's noise has purpose 1, so these numbers are independent of it.
    TheBackend::fill_normal(grid_noise.data(), grid_noise.size(), 1.F, {.seed = seed, .purpose = 2});

    for (std::uint64_t epoch = 1; loop.steps() < steps; ++epoch) {
        loop.begin_epoch(io::shuffled(data.count(), seed, epoch));
        while (loop.left() > 0 && loop.steps() < steps)
            loop.step(static_cast<int>(std::min<Index>(dcgan::batch_size, loop.left())));

        StepLosses mean{};
        const auto losses = loop.take_losses(); // waits for the epoch's steps
        for (const StepLosses& step : losses) {
            mean.discriminator += step.discriminator / static_cast<double>(losses.size());
            mean.generator += step.generator / static_cast<double>(losses.size());
        }
        std::printf("step %5d: d_loss %.4f, g_loss %.4f\n", static_cast<int>(loop.steps()),
                    mean.discriminator, mean.generator);
        write_grid(out / "digits.png", gan, grid_noise, grid_workspace);
    }
    // In PyTorch: load_state_dict(safetensors.torch.load_file(...)). The tensors have the names used there.
    io::save_weights(out / "generator.safetensors", gan.generator, dcgan::generator_names);
} catch (const std::exception& error) {
    std::fprintf(stderr, "05_the_reference: %s\n", error.what());
    return 1;
}
