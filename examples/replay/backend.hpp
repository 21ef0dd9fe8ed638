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

/// Copies a batch from PyTorch's order, channels first, to the backend's, channels last. The backend reorders
/// it.
template <class Shape, class Backend, class T>
void load_batch(ctgan::BatchOn<Shape, Backend, T>& to, const std::vector<T>& from) {
    ctgan::BatchOn<Shape, Backend, T> channels_first(to.count());
    Backend::from_host(channels_first.data(), from.data(), to.size());
    Backend::template channels_last<Shape::channels, Shape::pixels>(
        to.data(), static_cast<const T*>(channels_first.data()), to.count());
}
/// A batch in PyTorch's order.
template <class Backend, class Shape, class T>
std::vector<T> store_batch(ctgan::View<Shape, const T> from) {
    ctgan::BatchOn<Shape, Backend, T> channels_first(from.count);
    Backend::template channels_first<Shape::channels, Shape::pixels>(channels_first.data(), from.data,
                                                                     from.count);
    return on_host<Backend, T>(channels_first.data(), from.size());
}

} // namespace replay
