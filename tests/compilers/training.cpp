// A user's program that takes a training step with a GAN of its own. pictures.cpp is its second file.
#include "networks.hpp"
#include <cstdio>

int write_files(const Gan& gan);

int main() {
    constexpr int batch = 4;
    Gan gan(/*seed*/ 0, batch, {.lr = 1e-3, .betas = {0.5, 0.999}}, {.lr = 1e-3, .betas = {0.5, 0.999}});
    const ctgan::Batch<ctgan::Image<1, 8, 8>> real(batch);
    ctgan::Batch<ctgan::Flat<8>> noise(batch);
    ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 0, .pass = 0});
    const ctgan::StepLosses losses = gan.train_step(real, noise, /*step*/ 0);
    std::printf("%s\n",
                losses.discriminator > 0 && losses.generator > 0 ? "trained" : "a loss is not above 0");
    return write_files(gan);
}
