#pragma once

#include <ctgan/ctgan.hpp>

#include "worker.hpp"
#include <cstdlib>

/// A training step with the mean squared error and Adam, as a worker of benchmarks/run: what a step of `Net`
/// costs, apart from how a GAN combines several.
template <class Net>
struct RegressionTrainer {
    using TheNetwork = ctgan::Network<Net>;

    explicit RegressionTrainer(int batch)
        : workspace(batch), input(batch), target(batch), output_gradient(batch) {
        ctgan::Cpu::fill_normal(input.data(), input.size(), 1.F, {1, 0, 0});
        ctgan::Cpu::fill_uniform(target.data(), target.size(), 1.F, {2, 0, 0});
    }

    /// The loss, as a number that the program has.
    double train() {
        const auto output = network.forward_training(input, workspace);
        const double value = ctgan::loss<ctgan::MSELoss>(output, target, output_gradient);
        const auto factors = network.backward_for_update(output_gradient, workspace, gradients);
        optimizer.step(network, gradients, factors);
        return value;
    }

    TheNetwork network{0};
    // So low that the gradients stay of one size; bench_dense.cpp says why.
    ctgan::Adam<TheNetwork> optimizer{network, {.lr = 1e-6}};
    typename TheNetwork::TrainingWorkspace workspace;
    typename TheNetwork::Gradients gradients;
    ctgan::Batch<typename TheNetwork::input_shape> input;
    ctgan::Batch<typename TheNetwork::output_shape> target, output_gradient;
};

/// The main function of such a worker, whose argument is the number of threads.
template <class Net>
int serve_regression(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s THREADS\n", argv[0]);
        return 2;
    }
    ctgan::cpu::set_threads(std::atoi(argv[1]));
    OfBatch<RegressionTrainer<Net>> trainers;
    double value = 0;
    serve([&](int batch) { value = trainers(batch).train(); });
    // A step whose loss is not used might be compiled away in part.
    return value >= 0 ? 0 : 1;
}
