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
/// The values of a batch.
template <class Backend = TestBackend, class Shape, class T>
std::vector<std::remove_const_t<T>> values(ctgan::View<Shape, T> batch) {
    return values<std::remove_const_t<T>, Backend>(batch.data, batch.size());
}
/// The values of an owner: a batch, or the gradients of a network.
template <class Owner>
auto values(const Owner& owner) {
    return values(owner.data(), owner.size());
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
