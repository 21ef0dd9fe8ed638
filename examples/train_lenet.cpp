// Trains the LeNet whose features score_samples compares: train_lenet [--data DIR] [--out FILE] ... (see
// --help)

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/folder.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/losses/cross_entropy.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/optim/adam.hpp>
#include <ctgan/optim/optimizer.hpp>
#include <ctgan/optim/schedule.hpp>
#include <ctgan/score/lenet.hpp>

#include <fmt/core.h>

#include "lenet/digits.hpp"
#include "program.hpp"
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <tuple>

using namespace ctgan;

namespace {

using Digit = Image<1, 28, 28>;
constexpr int classes = 10;
using LeNet = Network<score::LeNet<Digit, classes>>;

struct Options {
    std::filesystem::path data = CTGAN_SHIPPED_DATA_DIR, out = "lenet.safetensors";
    int epochs = 20, batch_size = 64, threads = 0;
    double lr = 2e-3;
    std::uint64_t seed = 0;
};

/// Trains for all epochs: cross entropy, Adam, and a rate that falls as half a cosine. Digits are moved by up
/// to two pixels, a function of (seed, step, sample).
void train(LeNet& network, const lenet::Digits<Digit>& digits, const Options& options) {
    const int batch = options.batch_size;
    const std::uint64_t steps_of_epoch = (digits.count() - 1) / static_cast<std::uint32_t>(batch) + 1;
    const CosineAnnealingLR rate{options.lr, steps_of_epoch * static_cast<std::uint64_t>(options.epochs)};
    Adam<LeNet> optimizer(network, {.lr = options.lr});
    LeNet::TrainingWorkspace workspace(batch);
    LeNet::Gradients gradients;
    Batch<Digit> x(batch);
    Batch<Flat<1>, std::uint8_t> y(batch);
    // The loss reads the logits alone.
    Batch<Flat<score::lenet_features>> to_features(batch);
    std::fill_n(to_features.data(), to_features.size(), 0.F);
    Batch<Flat<classes>> to_logits(batch);
    random::Stream stream{.seed = options.seed}; // `pass` counts steps
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        const auto order = io::shuffled(digits.count(), options.seed, static_cast<std::uint64_t>(epoch));
        double total = 0;
        for (std::uint32_t first = 0; first < digits.count(); ++stream.pass) {
            const int n =
                static_cast<int>(std::min(static_cast<std::uint32_t>(batch), digits.count() - first));
            const auto up_to_2 = [&](Index k) {
                return static_cast<int>(random::below(stream.bits(k), 5)) - 2;
            };
            Cpu::for_each(n, [&](Index i) {
                const std::uint32_t which = order.data()[first + i];
                digits.write(x.data() + i * Digit::size, which, up_to_2(2 * i), up_to_2(2 * i + 1));
                y.data()[i] = digits.label(which);
            });
            const auto logits = std::get<1>(network.forward_training(x.first(n), workspace));
            const double value = loss<CrossEntropyLoss>(logits, y.first(n), to_logits.first(n));
            if (!is_finite(value))
                throw std::runtime_error(
                    fmt::format("step {}: found loss {}, expected a finite number; try a lower --lr",
                                stream.pass + 1, value));
            total += n * value;
            network.backward(to_features.first(n), to_logits.first(n), workspace, gradients);
            optimizer.set_lr(rate(stream.pass));
            optimizer.step(network, gradients);
            first += static_cast<std::uint32_t>(n);
        }
        fmt::print("epoch {:2}: loss {:.4f}\n", epoch, total / digits.count());
        std::fflush(stdout);
    }
}

/// How many of the pictures get the largest logit for their label.
std::uint32_t correct(const LeNet& network, const lenet::Digits<Digit>& digits) {
    constexpr int batch = 64;
    LeNet::Workspace workspace(batch);
    Batch<Digit> x(batch);
    std::uint32_t right = 0;
    for (std::uint32_t first = 0; first < digits.count(); first += batch) {
        const auto n = std::min<std::uint32_t>(batch, digits.count() - first);
        for (std::uint32_t i = 0; i < n; ++i) digits.write(x.sample(static_cast<int>(i)), first + i, 0, 0);
        const auto outputs = network.forward(x.first(static_cast<int>(n)), workspace);
        const float* logits = std::get<1>(outputs).data;
        for (std::uint32_t i = 0; i < n; ++i, logits += classes)
            right += std::max_element(logits, logits + classes) - logits == digits.label(first + i);
    }
    return right;
}

int run(const Options& options) {
    if (options.threads > 0) cpu::set_threads(options.threads);
    const auto digits = lenet::TrainingAndTest<Digit>::read(options.data);
    // Before training, so that it is not in vain.
    if (std::filesystem::is_directory(options.out))
        throw io::Error(options.out, "a folder", "the name of a file to write");
    io::make_folder(std::filesystem::absolute(options.out).parent_path());
    fmt::print("{} pictures to train on, {} to test on\n", digits.training.count(), digits.test.count());
    LeNet network(options.seed);
    train(network, digits.training, options);
    const std::uint32_t right = correct(network, digits.test), of = digits.test.count();
    const std::string accuracy = fmt::format("{:.2f} %", 100.0 * right / of);

    io::TensorsToWrite tensors;
    io::gather_weights(tensors, network, score::lenet_names);
    io::write_with_checksum(
        options.out, tensors.list(),
        {{"network", "LeNet 1x28x28"}, {"accuracy", fmt::format("{} of {} test pictures", accuracy, of)}});
    fmt::print("accuracy {} of {} test pictures; {}: CRC-32 {}\n", accuracy, of, options.out.string(),
               io::tensors_checksum(tensors.list()).text());
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    program::Arguments arguments{"Trains the network whose features score_samples compares", "train_lenet"};
    arguments.let_the_last_count();
    arguments.option("--data", options.data,
                     "folder with IDX files of images and labels, plain or .gz (the digits shipped with "
                     "ctgan, of which every fifth is for testing)");
    arguments.option("--out", options.out, "file for the weights").show_default();
    arguments.option("--epochs", options.epochs, "number of epochs").between(1, 100000).show_default();
    arguments.option("--batch-size", options.batch_size, "images per step")
        .between(1, 1 << 16)
        .show_default();
    arguments.option("--lr", options.lr, "learning rate of Adam at the start").positive().show_default();
    arguments.option("--seed", options.seed, "seed of all random numbers").at_least(0).show_default();
    arguments.option("--threads", options.threads, "number of threads (all cores)").between(1, 1024);
    return arguments.run(argc, argv, [&] { return run(options); });
}
