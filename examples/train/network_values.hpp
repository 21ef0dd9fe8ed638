#pragma once

#include <ctgan/core/finite.hpp>
#include <ctgan/io/checksum.hpp>
#include <ctgan/network/tensor_names.hpp>
#include <ctgan/optim/adam.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

/// What is computed on the host from all values of a network.
namespace train {

template <class Backend>
std::vector<float> on_host(const float* values, ctgan::Index n) {
    std::vector<float> copy(static_cast<std::size_t>(n));
    Backend::to_host(copy.data(), values, n);
    return copy;
}

/// A checksum of the parameters of all networks of a Model.
template <class Model>
std::string checksum_of(const Model& model) {
    ctgan::io::Checksum sum;
    model.for_each_network([&](const char*, const auto& network, const ctgan::LayerNames&) {
        using Backend = typename std::remove_cvref_t<decltype(network)>::backend;
        const auto values = on_host<Backend>(network.parameters(), network.arena_size());
        sum.add(std::as_bytes(std::span(values)));
    });
    return sum.text();
}

/// The name of the first tensor with a value that is infinite or NaN; empty if there is none.
template <class Network>
std::string first_not_finite(const Network& network, const ctgan::LayerNames& layers) {
    ctgan::TensorNames names(layers);
    std::string found;
    network.for_each_tensor([&](int layer, const ctgan::TensorSpec& tensor, const float* data, bool) {
        const std::string name = names.name(layer, tensor.name);
        if (!found.empty()) return;
        const auto values = on_host<typename Network::backend>(data, tensor.size());
        if (!std::all_of(values.begin(), values.end(), [](float value) { return ctgan::is_finite(value); }))
            found = name;
    });
    return found;
}

/// The root of the sum of Adam's means of squared gradients: the norm of the gradient of a network's
/// parameters, over some thousand steps. That of one step varies too much, and this costs a step nothing.
template <class Network>
double gradient_norm(const Network& network, const ctgan::Adam<Network>& optimizer) {
    const std::int64_t steps = optimizer.steps();
    if (steps == 0) return 0;
    double sum = 0;
    for (const float square : on_host<typename Network::backend>(optimizer.state(1), network.arena_size()))
        sum += double{square};
    return std::sqrt(sum / (1 - std::pow(optimizer.options().betas.second, static_cast<double>(steps))));
}

} // namespace train
