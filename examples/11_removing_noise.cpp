// A U-Net that removes noise from digits. Each of its levels returns its input and, behind it, what the
// levels below make of it. The program prints the loss of each epoch, then by how many decibels digits that
// it was not trained on come closer to their originals, and exits with 1 if that is less than 9. It writes a
// picture: noisy digits, what the network makes of them, and the originals.
//
// Usage: 11_removing_noise [PICTURE.png [FOLDER with MNIST's files]]

#include <ctgan/ctgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <numeric>
#include <utility>
#include <vector>

using namespace ctgan;

using LeakyReLU02 = LeakyReLU<std::ratio<1, 5>>;
/// A level: C channels go down to 2 C at half the size, through `Inner`, which returns `Below`, and up again.
template <int C, int Below, class... Inner>
using Level = Concat<Identity, Sequential<Conv2d<C, 2 * C, 4, 2, 1>, LeakyReLU02, Inner...,
                                          ConvTranspose2d<Below, C, 4, 2, 1>, LeakyReLU02>>;
using UNet = Sequential<Input<1, 28, 28>, Conv2d<1, 16, 3, 1, 1>, LeakyReLU02, // 16 x 28 x 28
                        Level<16, 64, Level<32, 64>>,                          // 64 x 7 x 7 at the bottom
                        Conv2d<32, 1, 3, 1, 1>, Tanh>;
using Denoiser = Network<UNet>;
using Digit = Denoiser::input_shape;

/// The original digits `first`, `first + 1`, ... of an order, and the same with noise, in [-1, 1].
void draw(const io::DataSet<Digit>& digits, const std::uint32_t* order, Batch<Digit>& originals,
          Batch<Digit>& noisy, random::Stream stream) {
    Cpu::fill_normal(noisy.data(), noisy.size(), /*deviation*/ 0.8F, stream);
    Cpu::for_each(originals.count(), [&](Index i) {
        const std::uint8_t* const from = digits.pixels().data() + Index{order[i]} * Digit::size;
        for (Index k = 0; k < Digit::size; ++k) {
            float& original = originals.sample(static_cast<int>(i))[k];
            float& disturbed = noisy.sample(static_cast<int>(i))[k];
            original = normalized<float>(from[k]);
            disturbed = std::clamp(original + disturbed, -1.F, 1.F);
        }
    });
}

int main(int argc, char** argv) try {
    const auto digits =
        io::DataSet<Digit>::read(io::find_images(argc > 2 ? argv[2] : CTGAN_SHIPPED_DATA_DIR, {"t10k"}));
    constexpr int batch = 16, epochs = 2;
    const std::uint32_t for_training = digits.count() * 4 / 5 / batch * batch; // the others are held out

    Denoiser network(/*seed*/ 0);
    Adam<Denoiser> optimizer(network, {.lr = 3e-3});
    Denoiser::TrainingWorkspace workspace(batch);
    Denoiser::Gradients gradients;
    Batch<Digit> originals(batch), noisy(batch), gradient(batch);
    random::Stream stream{.seed = 0}; // `pass` counts steps
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        const auto order = io::shuffled(for_training, 0, static_cast<std::uint64_t>(epoch));
        double total = 0;
        for (std::uint32_t first = 0; first < for_training; first += batch, ++stream.pass) {
            draw(digits, order.data() + first, originals, noisy, stream);
            const auto cleaned = network.forward_training(noisy, workspace);
            total += batch * loss<MSELoss>(cleaned, originals, gradient);
            network.backward(gradient, workspace, gradients);
            optimizer.step(network, gradients);
        }
        std::printf("epoch %d: loss %.4f\n", epoch, total / for_training);
    }

    std::vector<std::uint32_t> held_out(digits.count() - for_training);
    std::iota(held_out.begin(), held_out.end(), for_training);
    double before = 0, after = 0; // the loss without and with the network
    for (std::size_t first = 0; first + batch <= held_out.size(); first += batch, ++stream.pass) {
        draw(digits, held_out.data() + first, originals, noisy, stream);
        before += loss<MSELoss>(noisy, originals, gradient);
        after += loss<MSELoss>(network.forward(noisy, workspace), originals, gradient);
    }
    const double gain = 10 * std::log10(before / after);
    std::printf("held-out digits are %.1f dB closer to the originals\n", gain);

    const auto cleaned = network.forward(noisy, workspace);
    std::vector<float> rows;
    for (const float* from : {std::as_const(noisy).data(), cleaned.data, std::as_const(originals).data()})
        rows.insert(rows.end(), from, from + batch * Digit::size);
    io::write_png(
        argc > 1 ? argv[1] : "removing_noise.png",
        io::enlarged(io::tile(rows, 3 * batch, Digit::channels, Digit::height, Digit::width, batch), 2));
    return gain >= 9 ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "11_removing_noise: %s\n", error.what());
    return 1;
}
