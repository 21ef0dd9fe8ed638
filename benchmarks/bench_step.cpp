// Times the reference's training step: bench_step BATCH THREADS STEPS. Prints the milliseconds of each step.

#include <ctgan/dcgan.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: bench_step BATCH THREADS STEPS\n");
        return 2;
    }
    const int batch = std::atoi(argv[1]), steps = std::atoi(argv[3]);
    ctgan::cpu::set_threads(std::atoi(argv[2]));
    using Gan = ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator>;
    Gan gan(0, batch, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options);
    ctgan::Batch<Gan::image_shape> real(batch);
    ctgan::Batch<Gan::noise_shape> noise(batch);
    ctgan::Cpu::fill_uniform(real.data(), real.size(), 1.F, {1, 0, 0});
    for (int step = 0; step < steps; ++step) {
        const auto begin = std::chrono::steady_clock::now();
        ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {0, static_cast<std::uint64_t>(step), 3});
        gan.train_step(real.view(), noise.view(), static_cast<std::uint64_t>(step));
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        std::printf("%.4f\n", took.count());
    }
}
