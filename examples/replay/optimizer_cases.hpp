#pragma once

#include <ctgan/optim/clip_grad_norm.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/sgd.hpp>

#include "layers.hpp"

namespace replay {
namespace detail {

/// The values of two tensors of a network or of its gradients, one after the other.
template <class T, class Backend>
struct TwoTensors {
    T* first;
    Index first_size;
    T* second;
    Index second_size;

    void put(const T* from) const {
        Backend::from_host(first, from, first_size);
        Backend::from_host(second, from + first_size, second_size);
    }
    std::vector<T> values() const {
        std::vector<T> all(static_cast<std::size_t>(first_size + second_size));
        Backend::to_host(all.data(), first, first_size);
        Backend::to_host(all.data() + first_size, second, second_size);
        return all;
    }
};

/// `Steps` steps of an optimizer on `Size` parameters of a network. The distance is the largest of all steps.
template <template <class> class Optimizer, int Size, int Steps, class Options>
struct OptimizerCase {
    std::string_view name;
    Options options;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        using namespace ctgan;
        using TheNetwork = Network<Sequential<Linear<Size - 1, 1>>, Backend, T>;
        const auto gradient = comparison.input("grads", Index{Steps} * Size);
        const auto expected =
            read<double>(comparison.file(), comparison.full("params_after_each_step"), Index{Steps} * Size);
        TheNetwork network(0);
        typename TheNetwork::Gradients gradients;
        const TwoTensors<T, Backend> parameters{network.template parameter<0, 0>(), Size - 1,
                                                network.template parameter<0, 1>(), 1};
        const TwoTensors<T, Backend> to_gradients{gradients.template tensor<0, 0>(), Size - 1,
                                                  gradients.template tensor<0, 1>(), 1};
        parameters.put(comparison.input("param", Size).data());
        Optimizer<TheNetwork> optimizer(network, options);
        double worst = 0;
        for (std::size_t step = 0; step < Steps; ++step) {
            to_gradients.put(gradient.data() + step * Size);
            optimizer.step(network, gradients);
            const std::vector<T> found = parameters.values();
            worst = std::max(
                worst, distance(std::span<const T>(found), std::span(expected).subspan(step * Size, Size)));
        }
        comparison.add_distance("params_after_each_step", worst);
    }
};
template <template <class> class Optimizer, int Size, int Steps, class Options>
constexpr OptimizerCase<Optimizer, Size, Steps, Options> optimizer_case(std::string_view name,
                                                                        const Options& options) {
    return {name, options};
}

/// Two gradients of 40 and 30 values, clipped together to a norm of 1.
struct ClippingCase {
    std::string_view name;

    template <class T, class Backend>
    void run(Comparison<T>& comparison) const {
        using namespace ctgan;
        // Their weights have 40 and 30 values; the gradients of the biases stay zero.
        using TheNetwork = Network<Sequential<Linear<4, 10>, Linear<10, 3>>, Backend, T>;
        typename TheNetwork::Gradients gradients;
        const TwoTensors<T, Backend> tensors{gradients.template tensor<0, 0>(), 40,
                                             gradients.template tensor<1, 0>(), 30};
        auto values = comparison.input("grad0", 40);
        const auto second = comparison.input("grad1", 30);
        values.insert(values.end(), second.begin(), second.end());
        tensors.put(values.data());
        const T norm = static_cast<T>(grad_norm(gradients));
        comparison.add("total_norm", std::span(&norm, 1));
        clip_grad_norm(gradients, 1);
        const auto clipped = tensors.values();
        comparison.add("clipped0", std::span(clipped).first(40));
        comparison.add("clipped1", std::span(clipped).subspan(40));
    }
};

} // namespace detail

/// Optimizers with other options than the reference's, and clipped gradients.
inline constexpr std::tuple optimizer_cases{
    detail::optimizer_case<ctgan::AdamW, 60, 10>("adamw",
                                                 ctgan::AdamWOptions{.lr = 1e-2, .weight_decay = 0.05}),
    detail::optimizer_case<ctgan::Adam, 60, 10>(
        "adam_beta05_decay", ctgan::AdamOptions{.lr = 1e-2, .betas = {0.5, 0.9}, .weight_decay = 0.01}),
    detail::optimizer_case<ctgan::SGD, 60, 10>(
        "sgd_nesterov",
        ctgan::SGDOptions{.lr = 0.1, .momentum = 0.9, .weight_decay = 1e-3, .nesterov = true}),
    detail::optimizer_case<ctgan::RMSprop, 60, 10>("rmsprop", ctgan::RMSpropOptions{.lr = 1e-2}),
    detail::optimizer_case<ctgan::RMSprop, 60, 10>(
        "rmsprop_momentum",
        ctgan::RMSpropOptions{.lr = 1e-2, .alpha = 0.9, .momentum = 0.5, .centered = true}),
    detail::ClippingCase{"clip_grad_norm_1"}};

} // namespace replay
