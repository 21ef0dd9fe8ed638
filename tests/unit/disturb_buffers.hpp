#pragma once

#include <ctgan/network/network.hpp>

#include "../backend.hpp"
#include <cstdint>

/// Changes the running statistics, as training does.
template <class TheNetwork>
void disturb_buffers(TheNetwork& network) {
    using T = typename TheNetwork::scalar;
    std::uint32_t number = 0;
    network.for_each_tensor([&](int, const ctgan::TensorSpec& tensor, T* data, bool buffer) {
        if (!buffer) return;
        TestBackend::fill_uniform(data, tensor.size(), T(0.5), {9, 9, number++});
        if (tensor.role != ctgan::Role::running_variance) return;
        auto variances = transfer::values(data, tensor.size());
        for (T& variance : variances) variance += 1;
        transfer::put(variances, data);
    });
}
