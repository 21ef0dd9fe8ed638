// A Wasserstein GAN with gradient penalty (WGAN-GP) on points in the plane: eight clusters on a circle. It
// prints the critic's estimate of the Wasserstein distance between real and generated points, which is 0 for
// equal distributions, then the clusters that the generated points are in, and a picture of them. Exits with
// 1 if it misses a cluster.
//
// Usage: 13_wgan_gp [STEPS]

#include <ctgan/ctgan.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <ratio>
#include <string>

using namespace ctgan;

// No batch normalization in the critic: the penalty is about the slope at each point by itself.
using Generator = Sequential<Linear<4, 64>, ReLU, Linear<64, 64>, ReLU, Linear<64, 2>>;
using Critic = Sequential<Linear<2, 64>, LeakyReLU<>, Linear<64, 64>, LeakyReLU<>, Linear<64, 1>>;
using Points = Batch<Flat<2>>;

constexpr int clusters = 8, batch = 64;
constexpr double deviation = 0.05;

std::array<double, 2> center(Index cluster) {
    const double angle = 2 * 3.14159265358979 * static_cast<double>(cluster) / clusters;
    return {std::cos(angle), std::sin(angle)};
}

/// Real points of a step: a cluster each, and a normal distance from its center.
void draw(Points& real, std::uint64_t step) {
    Cpu::fill_normal(real.data(), real.size(), static_cast<float>(deviation), {.seed = 1, .pass = step});
    const random::Stream chosen{.seed = 2, .pass = step};
    for (int i = 0; i < batch; ++i) {
        const auto at = center(random::below(chosen.bits(i), clusters));
        for (std::size_t k = 0; k < 2; ++k) real.sample(i)[k] += static_cast<float>(at[k]);
    }
}

int main(int argc, char** argv) try {
    const std::uint64_t steps = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10000;
    // A critic that minimizes its scores of generated points minus those of real ones, and 1/10 (|s| - 1)^2,
    // where s is the slope of its score at a point between a real and a generated one.
    using Objective = WithPenalty<Wasserstein, GradientPenalty<std::ratio<1, 10>>>;
    const AdamOptions rates{.lr = 1e-3, .betas = {0.5, 0.9}};
    Gan<Generator, Critic, Objective> gan(/*seed*/ 0, batch, rates, rates);
    gan.critic_steps = 5; // the estimate is only as good as the critic
    Averaged<Network<Generator>> average(gan.generator, 0.99);
    Points real(batch);
    Batch<Flat<4>> noise(batch);
    for (std::uint64_t step = 0; step < steps; ++step) {
        draw(real, step);
        Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 3, .pass = step});
        const StepLosses losses = gan.train_step(real, noise, step);
        if (gan.updates_generator(step)) average.update(gan.generator);
        if ((step + 1) % 2000 == 0)
            std::printf("step %5d: distance %.3f, penalty %.4f\n", static_cast<int>(step + 1),
                        -losses.discriminator, gan.last_penalty());
    }

    constexpr int samples = 512, rows = 21, columns = 2 * rows;
    std::array<int, clusters> found{};
    std::array<std::string, rows> picture;
    picture.fill(std::string(columns, ' '));
    Batch<Flat<4>> many(samples);
    Cpu::fill_normal(many.data(), many.size(), 1.F, {.seed = 4});
    Network<Generator>::Workspace workspace(samples);
    const auto points = average.network().forward(many, workspace);
    for (Index i = 0; i < samples; ++i) {
        const double x = points.data[2 * i], y = points.data[2 * i + 1];
        for (Index k = 0; k < clusters; ++k)
            if (std::hypot(x - center(k)[0], y - center(k)[1]) < 4 * deviation)
                ++found[static_cast<std::size_t>(k)];
        const int row = static_cast<int>((1.3 - y) / 2.6 * rows),
                  column = static_cast<int>((x + 1.3) / 2.6 * columns);
        if (row >= 0 && row < rows && column >= 0 && column < columns)
            picture[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = '*';
    }
    for (const std::string& line : picture) std::printf("%s\n", line.c_str());
    int missed = 0;
    for (const int count : found) {
        std::printf("%d ", count);
        if (count < samples / 50) ++missed;
    }
    std::printf("of %d points are in the clusters; missed: %d\n", samples, missed);
    return missed == 0 ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "13_wgan_gp: %s\n", error.what());
    return 1;
}
