// A GAN with other parts than the reference's: the hinge loss, AdamW for the generator and RMSprop for its
// critic, three updates of the critic for each of the generator's, clipped gradients, and an average of the
// generator's weights to sample from. If the checkpoint exists, the run resumes from it: two short runs write
// the bytes of one long run. The default of 6,000 steps takes half a minute.
//
// Usage: 07_hinge_gan [STEPS [CHECKPOINT [PICTURE.png]]]

#include <ctgan/dcgan.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

using namespace ctgan;

using Digit = Image<1, 28, 28>;
using Generator = Sequential<Linear<64, 32 * 7 * 7>, BatchNorm1d<32 * 7 * 7>, ReLU, Reshape<32, 7, 7>,
                             ConvTranspose2d<32, 16, 4, 2, 1>, BatchNorm2d<16>, ReLU, //
                             ConvTranspose2d<16, 1, 4, 2, 1>, Tanh>;
using Critic =
    Sequential<Input<1, 28, 28>, Conv2d<1, 16, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, //
               Conv2d<16, 32, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>, Flatten, Linear<32 * 7 * 7, 1>>;
constexpr int batch = 32;

/// Writes 32 digits that a generator draws in evaluation mode.
void write_digits(const std::filesystem::path& path, const Network<Generator>& generator) {
    Network<Generator>::Workspace workspace(batch);
    Batch<Flat<64>> noise(batch);
    Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 1});
    io::write_png(path, io::enlarged(io::tile(generator.forward(noise, workspace), /*columns*/ 8), 3));
}

int main(int argc, char** argv) try {
    const std::uint64_t steps = argc > 1 ? std::stoull(argv[1]) : 6000;
    const std::filesystem::path checkpoint = argc > 2 ? argv[2] : "hinge_gan.safetensors";
    const auto digits = io::DataSet<Digit>::read(CTGAN_SHIPPED_DATA_DIR);
    const std::uint64_t steps_of_epoch = digits.count() / batch;

    Gan<Generator, Critic, Hinge, Cpu, float, AdamW, RMSprop> gan(
        /*seed*/ 0, batch, {.lr = 1e-3, .betas = {0, 0.9}, .decays = Decays::weights}, {.lr = 2e-4});
    gan.critic_steps = 3;
    Averaged average(gan.generator, /*decay*/ 0.995);
    const LinearLR warm_up{.lr = 1e-3, .steps = 100};
    // Called between gradients and update, of the critic and of the generator.
    const auto clip = [](auto& /*network*/, auto& gradients) { clip_grad_norm(gradients, /*max_norm*/ 5); };
    GanLoop loop(gan, ByteImages<Digit>(digits.pixels()), /*seed*/ 0, batch);

    if (std::filesystem::exists(checkpoint)) {
        const auto file = io::open_checkpoint(checkpoint);
        io::restore_gan(file, gan);
        io::load_weights(file, average.network(), "average.");
        loop.continue_after(static_cast<std::uint64_t>(gan.discriminator_optimizer.steps()));
    }
    while (loop.steps() < steps) {
        const std::uint64_t step = loop.steps();
        if (loop.left() < batch)
            loop.begin_epoch(io::shuffled(digits.count(), /*seed*/ 0, step / steps_of_epoch),
                             /*taken*/ static_cast<Index>(step % steps_of_epoch) * batch);
        gan.generator_optimizer.set_lr(warm_up(step)); // a function of the step: nothing to save
        loop.step(batch, clip);
        if (gan.updates_generator(step)) average.update(gan.generator);
        if (loop.steps() % 500 != 0 && loop.steps() != steps) continue;
        const StepLosses last = loop.take_losses().back();
        std::printf("step %5d: d_loss %.3f, g_loss %.3f\n", static_cast<int>(loop.steps()),
                    last.discriminator, last.generator);
    }

    // Everything that the next step depends on. Values that are infinite or NaN are refused.
    io::TensorsToWrite tensors;
    io::gather_gan(tensors, gan);
    io::gather_weights(tensors, average.network(), "average.");
    io::write_checkpoint(checkpoint, tensors.list(), {});
    write_digits(argc > 3 ? argv[3] : "hinge_gan.png", average.network());
} catch (const std::exception& error) {
    std::fprintf(stderr, "07_hinge_gan: %s\n", error.what());
    return 1;
}
