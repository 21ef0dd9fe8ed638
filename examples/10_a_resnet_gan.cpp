// A ResNet GAN for color pictures of 32 x 32: residual blocks in both networks, spectral normalization and
// the hinge loss, as in SNGAN (Miyato et al. 2018). Its real pictures are digits in a random color on a
// background of another one. The default of 2,500 steps takes about five minutes on two cores: backgrounds of
// one color, and on them strokes that look like digits. Then it writes a picture: 32 generated ones below 32
// real ones.
//
// Usage: 10_a_resnet_gan [STEPS [PICTURE.png [FOLDER with MNIST's files]]]

#include <ctgan/ctgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>
#include <vector>

using namespace ctgan;

/// Doubles height and width.
template <int In, int Out>
using Up = Residual<Sequential<BatchNorm2d<In>, ReLU, Upsample<2>, Conv2d<In, Out, 3, 1, 1>, BatchNorm2d<Out>,
                               ReLU, Conv2d<Out, Out, 3, 1, 1>>,
                    Sequential<Conv2d<In, Out, 1>, Upsample<2>>>;
/// Halves them.
template <int In, int Out>
using Down = Residual<Sequential<ReLU, SpectralNorm<Conv2d<In, Out, 3, 1, 1>>, ReLU,
                                 SpectralNorm<Conv2d<Out, Out, 3, 1, 1>>, AvgPool2d<2>>,
                      Sequential<SpectralNorm<Conv2d<In, Out, 1>>, AvgPool2d<2>>>;

using Generator = Sequential<Linear<64, 64 * 4 * 4>, Reshape<64, 4, 4>, Up<64, 64>, Up<64, 32>, Up<32, 16>,
                             BatchNorm2d<16>, ReLU, Conv2d<16, 3, 3, 1, 1>, Tanh>;
using Discriminator =
    Sequential<Input<3, 32, 32>, SpectralNorm<Conv2d<3, 16, 3, 1, 1>>, Down<16, 32>, Down<32, 64>,
               Down<64, 64>, ReLU, Flatten, SpectralNorm<Linear<64 * 4 * 4, 1>>>;
using Picture = Image<3, 32, 32>;

/// Red, green and blue of a hue, 0 to 1, at a brightness, each from -1 (black) to 1.
std::array<float, 3> color(double hue, double brightness) {
    const auto channel = [&](double at) {
        const double distance = std::abs(std::remainder(6 * hue - at, 6));
        return static_cast<float>(2 * brightness * std::clamp(2 - distance, 0.0, 1.0) - 1);
    };
    return {channel(0), channel(2), channel(4)};
}

/// Paints digit `i` of the data set over a background.
void paint(float* pixels, const std::uint8_t* digit, random::Stream stream, Index i) {
    const auto draw = [&](Index k) { return random::uniform(stream.bits(4 * i + k)); };
    const double hue = draw(0);
    const auto front = color(hue, 1), back = color(hue + 0.25 + 0.5 * draw(1), 0.4);
    for (int row = 0; row < 32; ++row)
        for (int column = 0; column < 32; ++column) {
            const bool inside = row >= 2 && row < 30 && column >= 2 && column < 30;
            const float share = inside ? static_cast<float>(digit[(row - 2) * 28 + column - 2]) / 255 : 0.F;
            for (std::size_t c = 0; c < 3; ++c) *pixels++ = back[c] + share * (front[c] - back[c]);
        }
}

int main(int argc, char** argv) try {
    const std::uint64_t steps = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2500;
    const auto digits = io::DataSet<Image<1, 28, 28>>::read(argc > 3 ? argv[3] : CTGAN_SHIPPED_DATA_DIR);
    constexpr int batch = 32;
    const AdamOptions rates{.lr = 2e-4, .betas = {0.5, 0.999}};
    Gan<Generator, Discriminator, Hinge> gan(/*seed*/ 0, batch, rates, rates);
    Batch<Picture> real(batch);
    Batch<Flat<64>> noise(batch);
    for (std::uint64_t step = 0; step < steps; ++step) {
        const random::Stream stream{.seed = 0, .pass = step}; // the random numbers depend only on these two
        Cpu::for_each(batch, [&](Index i) {
            const auto chosen = random::below(stream.bits(4 * i + 3), digits.count());
            paint(real.sample(static_cast<int>(i)), digits.pixels().data() + Index{chosen} * 784, stream, i);
        });
        Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 1, .pass = step});
        const StepLosses losses = gan.train_step(real, noise, step);
        if ((step + 1) % 250 == 0)
            std::printf("step %4d: d_loss %.3f, g_loss %.3f\n", static_cast<int>(step + 1),
                        losses.discriminator, losses.generator);
    }
    const auto generated = gan.generator.forward(noise, gan.generator_workspace);
    std::vector<float> rows(std::as_const(real).data(), std::as_const(real).data() + real.size());
    rows.insert(rows.end(), generated.data, generated.data + real.size());
    io::write_png(argc > 2 ? argv[2] : "resnet_gan.png",
                  io::enlarged(io::tile(rows, 2 * batch, 3, 32, 32, 16), 2));
} catch (const std::exception& error) {
    std::fprintf(stderr, "10_a_resnet_gan: %s\n", error.what());
    return 1;
}
