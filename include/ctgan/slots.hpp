#pragma once

#include <utility>

namespace ctgan::detail {

/// A list of types indexed by position in constant instantiation depth. std::tuple answers the same question
/// at a cost that grows with the square of the length: seconds and a gigabyte for 300 layers.
template <int I, class T>
struct Slot {
    using type = T;
};

template <class Positions, class... Ts>
struct SlotTable;

template <int... Is, class... Ts>
struct SlotTable<std::integer_sequence<int, Is...>, Ts...> : Slot<Is, Ts>... {};

template <class... Ts>
using Slots = SlotTable<std::make_integer_sequence<int, static_cast<int>(sizeof...(Ts))>, Ts...>;

template <int I, class T>
Slot<I, T> find_slot(const Slot<I, T>&);

template <int I, class Table>
using slot_t = typename decltype(find_slot<I>(std::declval<const Table&>()))::type;

/// Values by position; std::array would want its indices unsigned.
template <class T, int N>
struct PerPosition {
    T values[N];
    constexpr T& operator[](int i) { return values[i]; }
    constexpr const T& operator[](int i) const { return values[i]; }
    constexpr const T* begin() const { return values; }
    constexpr const T* end() const { return values + N; }
    constexpr T* begin() { return values; }
    constexpr T* end() { return values + N; }
};

/// Calls f(integral_constant<int, 0>), f(integral_constant<int, 1>), ... in this order. The calls stand in an
/// initializer list, which, unlike a fold, nests no deeper for 300 layers than for three.
template <int Count, class F>
constexpr void for_each_index(F&& f) {
    [&]<int... Is>(std::integer_sequence<int, Is...>) {
        const int done[] = {0, (f(std::integral_constant<int, Is>{}), 0)...};
        static_cast<void>(done);
    }
    (std::make_integer_sequence<int, Count>{});
}

template <int Count, class F>
constexpr void for_each_index_reversed(F&& f) {
    for_each_index<Count>(
        [&]<int I>(std::integral_constant<int, I>) { f(std::integral_constant<int, Count - 1 - I>{}); });
}

} // namespace ctgan::detail
