// A training step of a dense classifier of 784, 256, 256 and 10 values with ReLU: forward pass, softmax cross
// entropy, backward pass and Adam. `bench_dense THREADS` is a worker of benchmarks/run (worker.hpp).
//
// Here and in the rivals' programs the learning rate is 1e-6 and each sample has another label in each step.
// With steps of the usual size on one batch, the loss would go to 0 or, with these labels, units would die.
// Their gradients are 0, so that Adam's first moment decays to denormal numbers, on which a step takes
// several times as long.

#include <ctgan/ctgan.hpp>

#include "worker.hpp"
#include <cstdint>
#include <cstdlib>

namespace {

using namespace ctgan;
using Classifier = Network<Sequential<Linear<784, 256>, ReLU, Linear<256, 256>, ReLU, Linear<256, 10>>>;

struct Trainer {
    explicit Trainer(int batch) : workspace(batch), images(batch), labels(batch), logit_gradient(batch) {
        Cpu::fill_normal(images.data(), images.size(), 1.F, {1, 0, 0});
    }

    /// The loss, as a number that the program has.
    double train() {
        for (int i = 0; i < labels.count(); ++i)
            labels(i, 0) = static_cast<std::uint8_t>((static_cast<std::uint64_t>(i) + step) % 10);
        ++step;
        const auto logits = network.forward_training(images, workspace);
        const double value = loss<CrossEntropyLoss>(logits, labels, logit_gradient);
        const auto factors = network.backward_for_update(logit_gradient, workspace, gradients);
        optimizer.step(network, gradients, factors);
        return value;
    }

    Classifier network{0};
    Adam<Classifier> optimizer{network, {.lr = 1e-6}};
    Classifier::TrainingWorkspace workspace;
    Classifier::Gradients gradients;
    Batch<Classifier::input_shape> images;
    Batch<Flat<1>, std::uint8_t> labels;
    Batch<Classifier::output_shape> logit_gradient;
    std::uint64_t step = 0;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_dense THREADS\n");
        return 2;
    }
    ctgan::cpu::set_threads(std::atoi(argv[1]));
    OfBatch<Trainer> trainers;
    double value = 0;
    serve([&](int batch) { value = trainers(batch).train(); });
    // A step whose loss is not used might be compiled away in part.
    return value >= 0 ? 0 : 1;
}
