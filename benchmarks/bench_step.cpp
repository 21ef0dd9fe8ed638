// The training step of the published DCGAN. `bench_step THREADS` is a worker of benchmarks/run (worker.hpp);
// `bench_step BATCH THREADS STEPS` prints the milliseconds of each step.

#include <ctgan/dcgan.hpp>

#include "worker.hpp"
#include <cstdlib>

namespace {

using Gan = ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator>;

struct Trainer {
    explicit Trainer(int batch)
        : gan(0, batch, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options),
          real(batch),
          noise(batch) {
        ctgan::Cpu::fill_uniform(real.data(), real.size(), 1.F, {1, 0, 0});
    }

    /// One step. It includes drawing the noise, as in the published loop.
    void train() {
        ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {0, step, 3});
        gan.train_step(real, noise, step);
        ++step;
    }

    Gan gan;
    ctgan::Batch<Gan::image_shape> real;
    ctgan::Batch<Gan::noise_shape> noise;
    std::uint64_t step = 0;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 2 && argc != 4) {
        std::fprintf(stderr, "usage: bench_step THREADS | bench_step BATCH THREADS STEPS\n");
        return 2;
    }
    ctgan::cpu::set_threads(std::atoi(argv[argc == 2 ? 1 : 2]));
    if (argc == 2) {
        OfBatch<Trainer> trainers;
        serve([&](int batch) { trainers(batch).train(); });
        return 0;
    }
    Trainer trainer(std::atoi(argv[1]));
    for (int step = 0; step < std::atoi(argv[3]); ++step)
        std::printf("%.4f\n", milliseconds([&] { trainer.train(); }));
}
