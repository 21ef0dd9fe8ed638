#pragma once

#include <ctgan/backend/cuda.hpp>
#include <ctgan/dcgan.hpp>

#include <vector>

/// Between the device's memory and the host's, as vectors.
namespace gpu_tests {

using Room = ctgan::Cuda;

template <class T>
typename Room::template Memory<T> on_device(const std::vector<T>& values) {
    typename Room::template Memory<T> memory(static_cast<ctgan::Index>(values.size()));
    Room::from_host(values.data(), memory.data(), memory.size());
    return memory;
}

template <class T>
std::vector<T> on_host(const T* data, ctgan::Index size) {
    std::vector<T> values(static_cast<std::size_t>(size));
    Room::to_host(data, values.data(), size);
    return values;
}

/// A tensor of a network from and to PyTorch's order.
template <class T>
void load_tensor(const ctgan::TensorSpec& tensor, const std::vector<T>& values, T* data) {
    std::vector<T> ordered(values.size());
    ctgan::from_pytorch_order(tensor, values.data(), ordered.data());
    Room::from_host(ordered.data(), data, tensor.size());
}
template <class T>
std::vector<T> store_tensor(const ctgan::TensorSpec& tensor, const T* data) {
    const std::vector<T> ordered = on_host(data, tensor.size());
    std::vector<T> values(ordered.size());
    ctgan::to_pytorch_order(tensor, ordered.data(), values.data());
    return values;
}

} // namespace gpu_tests
