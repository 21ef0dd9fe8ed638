// A GAN for your own pictures: a folder of PNG files, and of JPEG files if the program was built with
// libjpeg-turbo. They are resized and cropped to 32 x 32, once; mirrored at random; and a small DCGAN learns
// to draw more of them. Exits with 1 if what it draws has less than half of the contrast of the pictures.
//
// Usage: 15_your_own_pictures FOLDER [EPOCHS [OUT.png]]

#include <ctgan/ctgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/png.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <ratio>
#include <span>
#include <vector>

using namespace ctgan;

using Picture = Image<3, 32, 32>;
using Slope = std::ratio<1, 5>;
using Generator = Sequential<Linear<64, 64 * 4 * 4, false>, Reshape<64, 4, 4>, BatchNorm2d<64>, ReLU, //
                             ConvTranspose2d<64, 32, 4, 2, 1>, BatchNorm2d<32>, ReLU,                 //
                             ConvTranspose2d<32, 16, 4, 2, 1>, BatchNorm2d<16>, ReLU,                 //
                             ConvTranspose2d<16, 3, 4, 2, 1>, Tanh>;
// No normalization over the batch here, because of the penalty.
using Discriminator = Sequential<Input<3, 32, 32>, Conv2d<3, 16, 4, 2, 1>, LeakyReLU<Slope>, //
                                 Conv2d<16, 32, 4, 2, 1>, LeakyReLU<Slope>,                  //
                                 Conv2d<32, 64, 4, 2, 1>, LeakyReLU<Slope>, Flatten, Linear<64 * 4 * 4, 1>>;

/// The pictures, then all of them mirrored. (Leave this out for digits or letters.)
std::vector<std::uint8_t> with_mirrored(std::span<const std::uint8_t> pixels) {
    std::vector<std::uint8_t> both(pixels.begin(), pixels.end());
    for (std::size_t row = 0; row < pixels.size(); row += 3 * 32)
        for (std::size_t x = 32; x-- > 0;)
            for (std::size_t c = 0; c < 3; ++c) both.push_back(pixels[row + 3 * x + c]);
    return both;
}

/// The standard deviation of values.
double deviation(const float* values, Index n) {
    double sum = 0, squares = 0;
    for (const float value : std::span(values, static_cast<std::size_t>(n)))
        sum += double{value}, squares += double{value} * double{value};
    return std::sqrt(squares - sum * sum / static_cast<double>(n)) / std::sqrt(static_cast<double>(n));
}

int main(int argc, char** argv) try {
    if (argc < 2) return std::fputs("usage: 15_your_own_pictures FOLDER [EPOCHS [OUT.png]]\n", stderr), 2;
    const int epochs = argc > 2 ? std::atoi(argv[2]) : 30;
    const std::filesystem::path out = argc > 3 ? argv[3] : "your_own_pictures.png";

    // What is decoded is kept beside the output, so that the next run decodes nothing. Pictures that cannot
    // be read are left out, and named.
    io::FolderOptions options{.skip_broken = true};
    options.cache = std::filesystem::path(out).replace_extension(".pictures");
    const auto data = io::DataSet<Picture>::read(argv[1], options);
    for (const auto& line : data.skipped()) std::printf("left out %s\n", line.c_str());
    const std::uint32_t count = data.count();
    const int batch = static_cast<int>((std::min)(count, 32U));

    using Objective = WithPenalty<NonSaturating, R1<std::ratio<1>, 16>>;
    const AdamOptions rates{.lr = 2e-3, .betas = {0.5, 0.99}};
    Gan<Generator, Discriminator, Objective> gan(/*seed*/ 0, batch, rates, rates, init::Dcgan{});
    Averaged<Network<Generator>> average(gan.generator, 0.99);
    GanLoop loop(gan, ByteImages<Picture>(with_mirrored(data.pixels())), /*seed*/ 0, batch);
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        auto order = io::shuffled(count, /*seed*/ 0, static_cast<std::uint64_t>(epoch));
        const random::Stream coin{.seed = 1, .pass = static_cast<std::uint64_t>(epoch)};
        for (std::uint32_t& i : order) i += coin.bits(i) % 2 * count; // its mirror image, or itself
        loop.begin_epoch(order);
        while (loop.left() >= batch) {
            loop.step(batch);
            average.update(gan.generator);
        }
        const StepLosses last = loop.take_losses().back();
        if (epoch % 10 == 0)
            std::printf("epoch %3d: d_loss %.4f  g_loss %.4f\n", epoch, last.discriminator, last.generator);
    }

    Batch<Flat<64>> noise(64);
    Cpu::fill_normal(noise.data(), noise.size(), 1.F, {.seed = 2});
    Network<Generator>::Workspace workspace(noise.count());
    const auto pictures = average.network().forward(noise, workspace);
    io::write_png(out, io::enlarged(io::tile(pictures, 8), 2));
    const auto real = data.rows(0, static_cast<int>(count));
    const double contrast = deviation(pictures.data, pictures.size()),
                 wanted = deviation(real.data(), real.size());
    std::printf("deviation of all values: drawn %.2f, real %.2f; see %s\n", contrast, wanted,
                out.string().c_str());
    return contrast > wanted / 2 ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "15_your_own_pictures: %s\n", error.what());
    return 1;
}
