// A classifier of handwritten digits, trained with the loop that you know from PyTorch: forward, loss,
// backward, optimizer step. It prints the loss of each epoch, then the accuracy on digits that it was not
// trained on, and exits with 1 if that is below 98.5 %.
//
// Usage: 02_a_classifier [FOLDER with MNIST's files [SEED]]

#include <ctgan/dcgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_labels.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

using namespace ctgan;

// Gives ten logits, one for each class. As in PyTorch, the softmax is part of CrossEntropyLoss.
using Layers = Sequential<Input<1, 28, 28>, Conv2d<1, 32, 5, 2, 2>, ReLU, BatchNorm2d<32>,             //
                          Conv2d<32, 64, 3, 2, 1>, ReLU, BatchNorm2d<64>, Dropout2d<std::ratio<1, 4>>, //
                          Flatten, Linear<64 * 7 * 7, 128>, ReLU, BatchNorm1d<128>, Linear<128, 10>>;
using Classifier = Network<Layers>;
using Digit = Classifier::input_shape;

/// The digits of a file for which wanted(index) is true, with their labels.
struct Digits {
    io::DataSet<Digit> images;
    std::vector<std::uint8_t> labels;
    std::vector<std::uint32_t> chosen; // their indices in the file

    Digits(const std::filesystem::path& file, auto wanted)
        : images(io::DataSet<Digit>::read(file)),
          labels(io::read_idx_labels(io::find_labels(file), {.count = images.count()})) {
        for (std::uint32_t i = 0; i < images.count(); ++i)
            if (wanted(i)) chosen.push_back(i);
    }
    std::uint32_t count() const { return static_cast<std::uint32_t>(chosen.size()); }

    /// Writes digit `which` to sample `i` of a batch, shifted by some pixels to augment the data. Images are
    /// in [-1, 1], where -1 is black, and stored channels last; a digit has one channel.
    void write_sample(Batch<Digit>& x, Batch<Flat<1>, std::uint8_t>& y, int i, std::uint32_t which,
                      Index shift) const {
        const std::uint8_t* from = images.pixels().data() + Index{chosen[which]} * Digit::size;
        // The shift may move pixels into the next row. The margins are black, so this does no harm.
        for (Index k = 0; k < Digit::size; ++k) {
            const bool inside = k + shift >= 0 && k + shift < Digit::size;
            x.sample(i)[k] = inside ? normalized<float>(from[k + shift]) : -1.F;
        }
        y(i, 0) = labels[chosen[which]];
    }
};

int main(int argc, char** argv) try {
    // MNIST has 60,000 digits for training and 10,000 for testing. If the folder has only the test set, as
    // the folder shipped with ctgan, every fifth of its digits is held out for testing.
    const std::filesystem::path folder = argc > 1 ? argv[1] : CTGAN_SHIPPED_DATA_DIR;
    const auto file = io::find_images(folder), test_file = io::find_images(folder, {"t10k"});
    const bool has_training_set = file != test_file;
    const Digits digits(file, [&](std::uint32_t i) { return has_training_set || i % 5 != 0; });
    const Digits held_out(test_file, [&](std::uint32_t i) { return has_training_set || i % 5 == 0; });

    const int batch = 64, epochs = has_training_set ? 2 : 12; // a similar number of steps
    const std::uint64_t seed = argc > 2 ? std::stoull(argv[2]) : 0;
    Classifier network(seed);
    Adam<Classifier> optimizer(network, {.lr = 2e-3});
    Classifier::TrainingWorkspace workspace(batch);
    Classifier::Gradients gradients;
    Batch<Digit> x(batch);
    Batch<Flat<1>, std::uint8_t> y(batch); // labels
    Batch<Flat<10>> logit_gradient(batch); // of the loss, with respect to the logits
    random::Stream stream{.seed = seed};   // `pass` counts steps: each step has random numbers of its own
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        if (epoch == epochs * 3 / 4 + 1) optimizer.set_lr(2e-4);
        const auto order = io::shuffled(digits.count(), seed, static_cast<std::uint64_t>(epoch));
        double total = 0;
        for (std::uint32_t first = 0; first < digits.count(); first += batch, ++stream.pass) {
            const int n = std::min(batch, static_cast<int>(digits.count() - first));
            // Shifts by -2 to 2 rows and columns, a function of (seed, step, sample).
            const auto up_to_2 = [=](Index k) { return Index{random::below(stream.bits(k), 5)} - 2; };
            const auto shift = [=](Index i) { return up_to_2(2 * i) * Digit::width + up_to_2(2 * i + 1); };
            Cpu::for_each(n, [&](Index i) {
                digits.write_sample(x, y, static_cast<int>(i), order.data()[first + i], shift(i));
            });
            const auto logits =
                network.forward_training(x.first(n), workspace, {.seed = seed, .pass = stream.pass});
            total += n * loss<CrossEntropyLoss>(logits, y.first(n), logit_gradient.first(n));
            network.backward(logit_gradient.first(n), workspace, gradients);
            optimizer.step(network, gradients);
        }
        std::printf("epoch %2d: loss %.4f\n", epoch, total / digits.count());
    }

    int correct = 0;
    for (std::uint32_t i = 0; i < held_out.count(); ++i) {
        held_out.write_sample(x, y, 0, i, 0);
        const float* logits = network.forward(x.first(1), workspace).data; // in evaluation mode
        correct += std::max_element(logits, logits + 10) - logits == y(0, 0);
    }
    const double percent = 100.0 * correct / held_out.count();
    std::printf("accuracy: %.2f %% of %u held-out digits\n", percent, held_out.count());
    return percent >= 98.5 ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "02_a_classifier: %s\n", error.what());
    return 1;
}
