#pragma once

#include <ctgan/core/tensor.hpp>
#include <ctgan/layers/layer.hpp>

#include <vector>

/// Copies tensors from files, which store them in PyTorch's order, to a backend's memory and back.
namespace replay {

/// `n` values of the backend's memory, on the host.
template <class Backend, class T>
std::vector<T> on_host(const T* from, ctgan::Index n) {
    std::vector<T> values(static_cast<std::size_t>(n));
    Backend::to_host(values.data(), from, n);
    return values;
}

/// Copies a network's tensor from PyTorch's order to the backend's memory.
template <class Backend, class T>
void load_tensor(T* to, const std::vector<T>& from, const ctgan::TensorSpec& tensor) {
    std::vector<T> in_memory_order(from.size());
    ctgan::from_pytorch_order(in_memory_order.data(), from.data(), tensor);
    Backend::from_host(to, in_memory_order.data(), tensor.size());
}
/// A network's tensor in PyTorch's order.
template <class Backend, class T>
std::vector<T> store_tensor(const T* from, const ctgan::TensorSpec& tensor) {
    const std::vector<T> in_memory_order = on_host<Backend>(from, tensor.size());
    std::vector<T> in_pytorch_order(in_memory_order.size());
    ctgan::to_pytorch_order(in_pytorch_order.data(), in_memory_order.data(), tensor);
    return in_pytorch_order;
}

/// What a network has computed, in PyTorch's order.
template <class Shape, class T, class Backend>
std::vector<T> in_pytorch_order(ctgan::View<Shape, const T, Backend> from) {
    ctgan::BatchOn<Shape, Backend, T> copy(from.count);
    Backend::copy(copy.data(), from.data, from.size());
    return copy.to_pytorch_order();
}

} // namespace replay
