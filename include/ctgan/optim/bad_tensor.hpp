#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/network/tensor_names.hpp>
#include <ctgan/optim/optimizer.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

/// After a bad step of `optimizer` (Optimizer::first_bad_step): the first parameter tensor of `network` whose
/// gradient, or its square, was not finite, such as "conv1.weight"; empty if there is none. `layers` names
/// the layers that have tensors, in their order; a layer without a name is "layer 3", counted from 1. Waits,
/// and copies tensor by tensor to the host.
template <class Network, class Rule>
std::string first_bad_tensor(const Network& network, const Optimizer<Network, Rule>& optimizer,
                             const LayerNames& layers = {}) {
    using T = typename Network::scalar;
    // The state that a gradient which is not finite makes so, too.
    constexpr int noted = Rule::squares < 0 ? 0 : Rule::squares;
    const T* const state = optimizer.state(noted);
    TensorNames names(layers);
    std::string bad;
    network.for_each_tensor([&](int layer, const TensorSpec& tensor, const T* data, bool buffer) {
        std::string name = names.name(layer, tensor.name);
        if (buffer || !bad.empty()) return;
        std::vector<T> values(static_cast<std::size_t>(tensor.size()));
        Network::backend::to_host(values.data(), state + (data - network.parameters()), tensor.size());
        if (!std::all_of(values.begin(), values.end(), [](T v) { return is_finite(v); }))
            bad = std::move(name);
    });
    return bad;
}

} // namespace ctgan::inline CTGAN_ABI
