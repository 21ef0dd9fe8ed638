// A GAN of your own takes two network types, batches that you fill, and a loop around train_step. This one
// learns to generate images of colored disks of any hue, position and size. It prints the losses while it
// trains for some seconds, then writes a picture of 32 generated disks.
//
// Usage: 04_a_gan_of_your_own [PICTURE.png]

#include <ctgan/dcgan.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>

using namespace ctgan;

using Generator = Sequential<                                //
    Linear<32, 64 * 4 * 4>, ReLU, BatchNorm1d<64 * 4 * 4>,   //
    Reshape<64, 4, 4>,                                       //
    ConvTranspose2d<64, 32, 4, 2, 1>, ReLU, BatchNorm2d<32>, // 8 x 8
    ConvTranspose2d<32, 3, 4, 2, 1>, Tanh>;                  // 16 x 16, red, green and blue
using Discriminator = Sequential<                            //
    Input<3, 16, 16>,                                        //
    Conv2d<3, 32, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>,     // 8 x 8
    Conv2d<32, 64, 4, 2, 1>, LeakyReLU<std::ratio<1, 5>>,    // 4 x 4
    Flatten, Linear<64 * 4 * 4, 1>>;
using Picture = Image<3, 16, 16>;

/// Renders sample i: a random disk on black. Values of images are in [-1, 1], where -1 is black.
void render_disk(Batch<Picture>& pictures, int i, random::Stream stream) {
    Index draw = Index{4} * i;
    const auto between = [&](double min, double max) {
        return min + (max - min) * random::uniform(stream.bits(draw++));
    };
    const double x = between(5, 10), y = between(5, 10), radius = between(3, 5), hue = between(0, 6);
    for (int row = 0; row < Picture::height; ++row)
        for (int column = 0; column < Picture::width; ++column) {
            const double inside = std::clamp(radius - std::hypot(column - x, row - y) + 0.5, 0.0, 1.0);
            for (int channel = 0; channel < 3; ++channel) { // red, green, blue: hues 0, 2, 4 on a circle of 6
                const double distance = std::abs(std::remainder(hue - 2 * channel, 6));
                const double brightness = inside * std::clamp(2 - distance, 0.0, 1.0);
                pictures(i, channel, row, column) = static_cast<float>(2 * brightness - 1);
            }
        }
}

int main(int argc, char** argv) try {
    constexpr int batch = 32, steps = 2000;
    Gan<Generator, Discriminator> gan(/*seed*/ 0, batch, {.lr = 1e-3, .betas = {0.5, 0.999}},
                                      {.lr = 5e-4, .betas = {0.5, 0.999}});
    Batch<Picture> real(batch);
    Batch<Flat<32>> noise(batch);
    for (std::uint64_t step = 0; step < steps; ++step) {
        const random::Stream stream{.seed = 0, .pass = step}; // the random numbers depend only on these two
        Cpu::for_each(batch, [&](Index i) { render_disk(real, static_cast<int>(i), stream); });
        Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 1, .pass = step});
        const StepLosses losses = gan.train_step(real, noise, step);
        if ((step + 1) % 250 == 0)
            std::printf("step %4d: d_loss %.3f, g_loss %.3f\n", static_cast<int>(step + 1),
                        losses.discriminator, losses.generator);
    }
    const auto disks = gan.generator.forward(noise, gan.generator_workspace);
    const auto grid = io::tile(disks, /*columns*/ 8);
    io::write_png(argc > 1 ? argv[1] : "disks.png", io::enlarged(grid, 4));
} catch (const std::exception& error) {
    std::fprintf(stderr, "04_a_gan_of_your_own: %s\n", error.what());
    return 1;
}
