#pragma once

#include <ctgan/backend/cuda.hpp>
#include <ctgan/dcgan.hpp>

#include <vector>

/// Copies between the device's memory and vectors on the host.
namespace gpu_tests {

using ctgan::Cuda;

template <class T>
Cuda::Memory<T> on_device(const std::vector<T>& values) {
    Cuda::Memory<T> memory(static_cast<ctgan::Index>(values.size()));
    Cuda::from_host(memory.data(), values.data(), memory.size());
    return memory;
}

template <class T>
std::vector<T> on_host(const T* data, ctgan::Index size) {
    std::vector<T> values(static_cast<std::size_t>(size));
    Cuda::to_host(values.data(), data, size);
    return values;
}

/// Loads a tensor of a network from values in PyTorch's order. store_tensor() does the reverse.
template <class T>
void load_tensor(const ctgan::TensorSpec& tensor, const std::vector<T>& values, T* data) {
    std::vector<T> ordered(values.size());
    ctgan::from_pytorch_order(ordered.data(), values.data(), tensor);
    Cuda::from_host(data, ordered.data(), tensor.size());
}
template <class T>
std::vector<T> store_tensor(const ctgan::TensorSpec& tensor, const T* data) {
    const std::vector<T> ordered = on_host(data, tensor.size());
    std::vector<T> values(ordered.size());
    ctgan::to_pytorch_order(values.data(), ordered.data(), tensor);
    return values;
}

} // namespace gpu_tests
