#pragma once

#include <ctgan/ctgan.hpp>

#include <type_traits>
#include <vector>

/// The room that a suite tests: the same tests are built for each.
#ifndef CTGAN_TEST_BACKEND
#    define CTGAN_TEST_BACKEND ctgan::Cpu
#endif
using TestBackend = CTGAN_TEST_BACKEND;

/// Numbers from the room's memory to the host's and back: the host may look into no other.
namespace room {

using ctgan::Index;

template <class T, class Room = TestBackend>
std::vector<T> numbers(const T* from, Index n) {
    std::vector<T> values(static_cast<std::size_t>(n));
    Room::to_host(from, values.data(), n);
    return values;
}
template <class Room = TestBackend, class Shape, class T>
std::vector<std::remove_const_t<T>> numbers(ctgan::View<Shape, T> batch) {
    return numbers<std::remove_const_t<T>, Room>(batch.data, batch.size());
}
/// Of a whole batch or all of a network's gradients, say.
template <class Owner>
auto numbers(const Owner& owner) {
    return numbers(owner.data(), owner.size());
}
template <class T>
T number(const T* from) {
    return numbers(from, 1)[0];
}

template <class T>
void put(const std::vector<T>& values, T* to) {
    TestBackend::from_host(values.data(), to, static_cast<Index>(values.size()));
}
template <class T>
void put(std::type_identity_t<T> value, T* to) {
    TestBackend::from_host(&value, to, 1);
}

} // namespace room
