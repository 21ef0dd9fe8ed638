// A file of a program whose files are compiled for different processors, or with other settings: it trains a
// network behind a function of plain C types. TRAIN is the function's name.
#include "networks.hpp"

extern "C" double TRAIN(int steps);

extern "C" double TRAIN(int steps) {
    constexpr int batch = 4;
    Gan gan(/*seed*/ 0, batch, {.lr = 1e-3}, {.lr = 1e-3});
    ctgan::Batch<ctgan::Image<1, 8, 8>> real(batch);
    ctgan::Batch<ctgan::Flat<8>> noise(batch);
    double sum = 0;
    for (int step = 0; step < steps; ++step) {
        const auto number = static_cast<std::uint64_t>(step);
        ctgan::Cpu::fill_uniform(real.data(), real.size(), 1.F, {.seed = 1, .pass = number});
        ctgan::Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 2, .pass = number});
        const ctgan::StepLosses losses = gan.train_step(real, noise, number);
        sum += losses.discriminator + losses.generator;
    }
    return sum;
}

#ifdef TAKES_NETWORK
void take(const ctgan::Network<Generator>& generator) { static_cast<void>(generator); }
#endif
#ifdef GIVES_NETWORK
void take(const ctgan::Network<Generator>& generator);
int main() { take(ctgan::Network<Generator>(0)); }
#endif
