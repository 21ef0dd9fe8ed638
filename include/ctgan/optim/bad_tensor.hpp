#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/network/tensor_memory.hpp>
#include <ctgan/network/tensor_names.hpp>
#include <ctgan/optim/optimizer.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// first_bad_tensor() of any network and optimizer. `state` is laid out as the parameters are.
template <class T>
std::string first_bad_tensor(std::span<const TensorAt> tensors, const T* state, HostCopy<T> to_host,
                             const LayerNames& layers) {
    TensorNames names(layers);
    for (const TensorAt& tensor : tensors) {
        std::string name = names.name(tensor.layer, tensor.spec.name);
        if (tensor.is_buffer) continue;
        std::vector<T> values(static_cast<std::size_t>(tensor.spec.size()));
        to_host(values.data(), state + tensor.offset, tensor.spec.size());
        for (const T value : values)
            if (!is_finite(value)) return name;
    }
    return {};
}

} // namespace detail

/// After a bad step of `optimizer` (Optimizer::first_bad_step): the first parameter tensor of `network` whose
/// gradient, or its square, was not finite, such as "conv1.weight"; empty if there is none. `layers` names
/// the layers that have tensors, in their order; a layer without a name is "layer 3", counted from 1. Waits,
/// and copies tensor by tensor to the host.
template <class Network, class Rule>
std::string first_bad_tensor(const Network&, const Optimizer<Network, Rule>& optimizer,
                             const LayerNames& layers = {}) {
    // The state that a gradient which is not finite makes so, too.
    constexpr int noted = Rule::squares < 0 ? 0 : Rule::squares;
    return detail::first_bad_tensor(detail::tensors_of<Network>, optimizer.state(noted),
                                    detail::to_host_of<typename Network::backend, typename Network::scalar>,
                                    layers);
}

} // namespace ctgan::inline CTGAN_ABI
