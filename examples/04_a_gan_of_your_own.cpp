// A GAN of another size than the reference's: it learns to draw a bright bar at a random height.

#include <ctgan/dcgan.hpp>

#include <cstdint>
#include <cstdio>

using namespace ctgan;

using Generator = Sequential<Linear<8, 16 * 4 * 4>, ReLU, BatchNorm1d<16 * 4 * 4>, //
                             Reshape<16, 4, 4>, ConvTranspose2d<16, 1, 4, 2, 1>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Conv2d<1, 16, 3, 2>, LeakyReLU<std::ratio<1, 5>>, //
                                 Flatten, Linear<16 * 3 * 3, 1>>;
static_assert(Network<Discriminator>::parameter_count == 305);

int main() {
    constexpr int batch = 16;
    Gan<Generator, Discriminator> gan(/*seed*/ 0, batch, {.lr = 1e-3, .beta1 = 0.5},
                                      {.lr = 1e-3, .beta1 = 0.5});
    Batch<Image<1, 8, 8>> real(batch);
    Batch<Flat<8>> noise(batch);
    for (std::uint64_t step = 0; step < 4000; ++step) {
        Cpu::fill(real.data(), real.size(), -1.F);
        for (int i = 0; i < batch; ++i) // row (step + i) % 8 of image i is bright
            Cpu::fill(real.sample(i) + (step + static_cast<std::uint64_t>(i)) % 8 * 8, 8, 1.F);
        Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 0, .pass = step});
        const StepLosses losses = gan.train_step(real.view(), noise.view(), step);
        if (step % 1000 == 999)
            std::printf("step %4d: d_loss %.3f, g_loss %.3f\n", static_cast<int>(step) + 1,
                        losses.discriminator, losses.generator);
    }
    const auto drawn = gan.generator_workspace.output();
    for (int row = 0; row < 8; ++row, std::puts(""))
        for (int i = 0; i < 6; ++i, std::putchar(' ')) // six images side by side
            for (int column = 0; column < 8; ++column)
                std::putchar(drawn.data[(i * 8 + row) * 8 + column] > 0 ? '#' : '.');
}
