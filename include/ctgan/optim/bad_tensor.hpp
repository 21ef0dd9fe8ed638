#pragma once

#include <ctgan/finite.hpp>
#include <ctgan/layer.hpp>
#include <ctgan/optim/adam.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ctgan {

/// After a bad step of `optimizer` (Adam::first_bad_step): the first parameter tensor of `network` whose
/// gradient, or the square of it, was not finite, as in "conv1.weight"; empty if there is none. `layers`
/// names the layers that have tensors, in their order; one without a name is "layer 3", counted from 1 with
/// those that have none. Waits, and copies tensor by tensor to the host.
template <class Network>
std::string first_bad_tensor(const Network& network, const Adam<Network>& optimizer,
                             std::span<const std::string_view> layers = {}) {
    using T = typename Network::scalar;
    const T* const second_moments = optimizer.moments() + network.arena_size();
    std::string name;
    std::size_t named = 0;
    int current = -1;
    network.for_each_tensor([&](int layer, const TensorSpec& tensor, const T* data, bool buffer) {
        named += layer != current;
        current = layer;
        if (buffer || !name.empty()) return;
        std::vector<T> moments(static_cast<std::size_t>(tensor.size()));
        Network::backend::to_host(second_moments + (data - network.parameters()), moments.data(),
                                  tensor.size());
        if (std::all_of(moments.begin(), moments.end(), [](T v) { return is_finite(v); })) return;
        name = named <= layers.size() ? std::string(layers[named - 1]) : "layer " + std::to_string(layer + 1);
        name += std::string(".") + tensor.name;
    });
    return name;
}

} // namespace ctgan
