#pragma once

#include "backend.hpp"
#include "expect.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

/// Compares the optimizers' steps on the CUDA backend with those on the CPU backend.
namespace gpu_tests {

using ctgan::Cpu;

using Updated = ctgan::Sequential<ctgan::Linear<37, 5>, ctgan::BatchNorm1d<5>, ctgan::Linear<5, 3>>;

/// Parameters and states after a few steps, the last of them after a pass in which the optimizer computes the
/// first weight's gradient.
template <template <class> class Optimizer, class Backend, class T, class Options>
std::vector<double> after_steps(Options options, bool bad) {
    using Net = ctgan::Network<Updated, Backend, T>;
    constexpr int batch = 6;
    Net net(1);
    typename Net::TrainingWorkspace workspace(batch);
    typename Net::Gradients gradients;
    Optimizer<Net> optimizer(net, options);
    ctgan::BatchOn<ctgan::Flat<37>, Backend, T> x(batch);
    ctgan::BatchOn<ctgan::Flat<3>, Backend, T> dy(batch);
    Backend::fill_normal(x.data(), x.size(), T{1}, {2, 0, 1});
    Backend::fill_normal(dy.data(), dy.size(), T{1}, {2, 0, 2});
    for (std::uint64_t step = 0; step < 4; ++step) {
        Backend::fill_normal(gradients.data(), gradients.size(), T(0.1), {2, step, 3});
        const T value = std::numeric_limits<T>::infinity();
        if (bad && step == 2) Backend::from_host(gradients.data() + 11, &value, 1);
        optimizer.step(net, gradients);
    }
    net.forward_training(x, workspace);
    const auto factors = net.backward_for_update(dy, workspace, gradients);
    optimizer.step(net, gradients, factors);

    std::vector<double> all{static_cast<double>(optimizer.steps()),
                            static_cast<double>(optimizer.first_bad_step())};
    const auto keep = [&](const T* data, ctgan::Index size) {
        std::vector<T> values(static_cast<std::size_t>(size));
        Backend::to_host(values.data(), data, size);
        for (const T v : values) all.push_back(static_cast<double>(v));
    };
    keep(net.parameters(), net.arena_size());
    for (int k = 0; k < static_cast<int>(Optimizer<Net>::rule::state_names.size()); ++k)
        keep(optimizer.state(k), net.arena_size());
    return all;
}

/// The largest distance, relative to the largest value; infinite values must be the same.
inline double distance_of(const std::vector<double>& a, const std::vector<double>& b) {
    double off = a.size() == b.size() ? 0 : HUGE_VAL, largest = 0;
    for (std::size_t i = 0; i < (std::min)(a.size(), b.size()); ++i) {
        if (std::isfinite(b[i])) largest = (std::max)(largest, std::abs(b[i]));
        const bool same = a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]));
        if (const double d = same ? 0 : std::abs(a[i] - b[i]); !(d <= off)) off = d;
    }
    return off / largest;
}

template <template <class> class Optimizer, class Options>
void check_optimizer(const std::string& name, Options options) {
    for (const ctgan::Decays decays : {ctgan::Decays::all, ctgan::Decays::weights})
        for (const bool bad : {false, true}) {
            options.decays = decays;
            const std::string label = name + (decays == ctgan::Decays::all ? "" : ", decay of weights") +
                                      (bad ? ", an infinite gradient" : "");
            const auto in_float = after_steps<Optimizer, Cuda, float>(options, bad);
            expect::that(in_float[0] == (bad ? 3 : 5) && in_float[1] == (bad ? 3 : 0),
                         label + ": " + expect::figure(in_float[0]) + " steps");
            expect::within(distance_of(in_float, after_steps<Optimizer, Cpu, float>(options, bad)), 1e-5,
                           label + " in float: off by");
            expect::within(distance_of(after_steps<Optimizer, Cuda, double>(options, bad),
                                       after_steps<Optimizer, Cpu, double>(options, bad)),
                           1e-13, label + " in double: off by");
        }
}

inline void check_updates() {
    using namespace ctgan;
    check_optimizer<Adam>("Adam", AdamOptions{.lr = 1e-2, .weight_decay = 0.1});
    check_optimizer<AdamW>("AdamW", AdamWOptions{.lr = 1e-2, .betas = {0.5, 0.99}, .weight_decay = 0.1});
    check_optimizer<SGD>("SGD", SGDOptions{.lr = 0.1, .weight_decay = 0.1});
    check_optimizer<SGD>("SGD, momentum", SGDOptions{.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1});
    check_optimizer<SGD>("SGD, Nesterov",
                         SGDOptions{.lr = 0.1, .momentum = 0.9, .weight_decay = 0.1, .nesterov = true});
    check_optimizer<RMSprop>("RMSprop", RMSpropOptions{.lr = 1e-2, .weight_decay = 0.1});
    check_optimizer<RMSprop>(
        "RMSprop, centered, momentum",
        RMSpropOptions{.lr = 1e-2, .weight_decay = 0.1, .momentum = 0.9, .centered = true});
}

} // namespace gpu_tests
