#pragma once

#include <ctgan/core/tensor.hpp>
#include <ctgan/layers/layer.hpp>

#include <vector>

/// From files, which hold PyTorch's order, to a room's memory and back.
namespace replay {

/// Some numbers of a room's memory on the host.
template <class Backend, class T>
std::vector<T> on_host(const T* from, ctgan::Index n) {
    std::vector<T> numbers(static_cast<std::size_t>(n));
    Backend::to_host(numbers.data(), from, n);
    return numbers;
}

/// A network's tensor.
template <class Backend, class T>
void load_tensor(const ctgan::TensorSpec& tensor, const std::vector<T>& from, T* to) {
    std::vector<T> in_memory_order(from.size());
    ctgan::from_pytorch_order(in_memory_order.data(), from.data(), tensor);
    Backend::from_host(to, in_memory_order.data(), tensor.size());
}
template <class Backend, class T>
std::vector<T> store_tensor(const ctgan::TensorSpec& tensor, const T* from) {
    const std::vector<T> in_memory_order = on_host<Backend>(from, tensor.size());
    std::vector<T> numbers(in_memory_order.size());
    ctgan::to_pytorch_order(numbers.data(), in_memory_order.data(), tensor);
    return numbers;
}

/// A batch, whose channels are last in memory. The room itself changes the order.
template <class Shape, class Backend, class T>
void load_batch(const std::vector<T>& from, ctgan::BatchOn<Shape, Backend, T>& to) {
    ctgan::BatchOn<Shape, Backend, T> channels_first(to.count());
    Backend::from_host(channels_first.data(), from.data(), to.size());
    Backend::template channels_last<Shape::channels, Shape::pixels>(
        to.data(), static_cast<const T*>(channels_first.data()), to.count());
}
template <class Backend, class Shape, class T>
std::vector<T> store_batch(ctgan::View<Shape, const T> batch) {
    ctgan::BatchOn<Shape, Backend, T> channels_first(batch.count);
    Backend::template channels_first<Shape::channels, Shape::pixels>(channels_first.data(), batch.data,
                                                                     batch.count);
    return on_host<Backend, T>(channels_first.data(), batch.size());
}

} // namespace replay
