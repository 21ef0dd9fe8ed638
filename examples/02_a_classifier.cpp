// A training loop, spelled out: scores, their loss against labels, backward, the optimizer's step. It makes a
// classifier of digits, which fails where it knows less than 98.5 % of those that it was not trained on.
//     02_a_classifier [FOLDER with MNIST's files [SEED]]

#include <ctgan/ctgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_labels.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace ctgan;

// Ten scores for a digit: as in PyTorch, the softmax is part of CrossEntropyLoss.
using Layers = Sequential<Input<1, 28, 28>, Conv2d<1, 32, 5, 2, 2>, ReLU, BatchNorm2d<32>,             //
                          Conv2d<32, 64, 3, 2, 1>, ReLU, BatchNorm2d<64>, Dropout2d<std::ratio<1, 4>>, //
                          Flatten, Linear<64 * 7 * 7, 128>, ReLU, BatchNorm1d<128>, Linear<128, 10>>;
using Classifier = Network<Layers>;
using Digit = Classifier::input_shape;

/// Those digits of a file whose number is `wanted`, with their labels.
struct Digits {
    io::DataSet<Digit> images;
    std::vector<std::uint8_t> labels;
    std::vector<std::uint32_t> chosen;

    Digits(const std::filesystem::path& file, auto wanted)
        : images(io::DataSet<Digit>::read(file)),
          labels(io::read_idx_labels(io::find_labels(file), {.count = images.count()})) {
        for (std::uint32_t i = 0; i < images.count(); ++i)
            if (wanted(i)) chosen.push_back(i);
    }
    std::uint32_t count() const { return static_cast<std::uint32_t>(chosen.size()); }

    /// Makes one sample `i` of a batch, moved by some pixels as if it had been written elsewhere.
    void put(std::uint32_t which, Index moved, Index i, Batch<Digit>& x,
             Batch<Flat<1>, std::uint8_t>& y) const {
        const std::uint8_t* from = images.pixels().data() + Index{chosen[which]} * Digit::size;
        for (Index k = 0; k < Digit::size; ++k) { // rows may run into each other: their ends are black
            const bool inside = k + moved >= 0 && k + moved < Digit::size;
            x.data()[i * Digit::size + k] = inside ? normalized<float>(from[k + moved]) : -1.F;
        }
        y.data()[i] = labels[chosen[which]];
    }
};

int main(int argc, char** argv) try {
    // MNIST has 60,000 digits to train on and 10,000 to be judged by. Where the latter are all that is there,
    // every fifth of them is held out.
    const std::filesystem::path folder = argc > 1 ? argv[1] : CTGAN_SHIPPED_DATA_DIR;
    const auto file = io::find_images(folder), test_file = io::find_images(folder, {"t10k"});
    const bool both = file != test_file;
    const Digits digits(file, [&](std::uint32_t i) { return both || i % 5 != 0; });
    const Digits held_out(test_file, [&](std::uint32_t i) { return both || i % 5 == 0; });

    const int batch = 64, epochs = both ? 2 : 12; // about as many steps
    const std::uint64_t seed = argc > 2 ? std::stoull(argv[2]) : 0;
    Classifier network(seed);
    Adam<Classifier> optimizer(network, {.lr = 2e-3});
    Classifier::TrainingWorkspace workspace(batch);
    Classifier::Gradients gradients;
    Batch<Digit> x(batch);
    Batch<Flat<1>, std::uint8_t> y(batch); // labels
    Batch<Flat<10>> to_scores(batch);      // the loss's gradient
    random::Stream stream{seed};           // one pass of it for each step
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        if (epoch == epochs * 3 / 4 + 1) optimizer.set_lr(2e-4);
        const auto order = io::shuffled(digits.count(), seed, static_cast<std::uint64_t>(epoch));
        double total = 0, sum = 0;
        for (std::uint32_t first = 0; first < digits.count(); first += batch, ++stream.pass) {
            const int n = std::min(batch, static_cast<int>(digits.count() - first));
            const auto shift = [=](Index k) { return Index{random::below(stream.bits(k), 5)} - 2; };
            const auto moved = [=](Index i) { return shift(2 * i) * Digit::width + shift(2 * i + 1); };
            Cpu::for_each(n, [&](Index i) { digits.put(order.data()[first + i], moved(i), i, x, y); });
            const auto scores = network.forward_training(x.first(n), workspace, {seed, stream.pass});
            loss<CrossEntropyLoss, Cpu>(scores, y.first(n), to_scores.first(n), &sum);
            network.backward(to_scores.first(n), workspace, gradients);
            optimizer.step(network, gradients);
            total += sum;
        }
        std::printf("epoch %2d: loss %.4f\n", epoch, total / digits.count());
    }

    int right = 0;
    for (std::uint32_t i = 0; i < held_out.count(); ++i) {
        held_out.put(i, 0, 0, x, y);
        const float* scores = network.forward(x.first(1), workspace).data; // evaluation mode
        right += std::max_element(scores, scores + 10) - scores == y.data()[0];
    }
    const double percent = 100.0 * right / held_out.count();
    std::printf("%.2f %% of %u digits that it has not seen before\n", percent, held_out.count());
    return percent >= 98.5 ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "02_a_classifier: %s\n", error.what());
    return 1;
}
