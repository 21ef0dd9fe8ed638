#pragma once

#include <ctgan/ctgan.hpp>

#include <type_traits>
#include <vector>

/// The backend that a suite tests. The same tests are built for each backend.
#ifndef CTGAN_TEST_BACKEND
#    define CTGAN_TEST_BACKEND ctgan::Cpu
#endif
using TestBackend = CTGAN_TEST_BACKEND;

/// Copies between the backend's memory and the host's: the host may not be able to access the backend's.
namespace transfer {

using ctgan::Index;

/// n values of the backend's memory.
template <class T, class Backend = TestBackend>
std::vector<T> values(const T* from, Index n) {
    std::vector<T> result(static_cast<std::size_t>(n));
    Backend::to_host(result.data(), from, n);
    return result;
}
/// The values of a view.
template <class Shape, class T, class Space>
auto values(ctgan::View<Shape, T, Space> view) {
    return values<std::remove_const_t<T>, Space>(view.data, view.size());
}
/// The values of a backend's memory, of a batch, and of the gradients of a network.
template <class Memory>
auto values(const Memory& memory) {
    return values(memory.data(), memory.size());
}
template <class Shape, class B, class T>
auto values(const ctgan::BatchOn<Shape, B, T>& batch) {
    return values(batch.view());
}
template <class Net, class B, class T>
auto values(const ctgan::Gradients<Net, B, T>& gradients) {
    return values<T, B>(gradients.data(), gradients.size());
}
/// One value of the backend's memory.
template <class T>
T value(const T* from) {
    return values(from, 1)[0];
}

/// Writes values to the backend's memory.
template <class T>
void put(const std::vector<T>& values, T* to) {
    TestBackend::from_host(to, values.data(), static_cast<Index>(values.size()));
}
template <class T>
void put(std::type_identity_t<T> value, T* to) {
    TestBackend::from_host(to, &value, 1);
}

} // namespace transfer

/// `count` samples of a batch, from sample `first` on.
template <class Shape, class B, class T>
auto samples(const ctgan::BatchOn<Shape, B, T>& batch, int first, int count) {
    return ctgan::View<Shape, const T, typename ctgan::BatchOn<Shape, B, T>::memory_space>{
        batch.sample(first), count};
}
