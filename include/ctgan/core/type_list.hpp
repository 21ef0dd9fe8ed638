#pragma once

#include <ctgan/core/array.hpp>
#include <ctgan/core/config.hpp>

#include <utility>

namespace ctgan::inline CTGAN_ABI::detail {

template <int At, class T>
struct IndexedType {
    using type = T;
};

template <class Indices, class... Ts>
struct IndexedTypes;

template <int... Is, class... Ts>
struct IndexedTypes<std::integer_sequence<int, Is...>, Ts...> : IndexedType<Is, Ts>... {};

/// A list of types whose elements are found by index at constant instantiation depth. With std::tuple the
/// cost grows with the square of the length: seconds and a gigabyte for 300 layers.
template <class... Ts>
using TypeList = IndexedTypes<std::make_integer_sequence<int, static_cast<int>(sizeof...(Ts))>, Ts...>;

template <int At, class T>
IndexedType<At, T> find_type(const IndexedType<At, T>&);

/// Element I of a TypeList. The function's name is qualified: otherwise the compiler would look for it in the
/// types of the list, too, and compile those that are only described, such as a Sequential within branches.
template <int At, class List>
using type_at = typename decltype(detail::find_type<At>(std::declval<const List&>()))::type;

/// One value for each position of a network; std::array would require unsigned indices.
template <class T, int N>
struct PerPosition {
    Array<T, N> values;
    constexpr T& operator[](int i) { return values[i]; }
    constexpr const T& operator[](int i) const { return values[i]; }
    constexpr const T* begin() const { return values; }
    constexpr const T* end() const { return values + N; }
    constexpr T* begin() { return values; }
    constexpr T* end() { return values + N; }
};

/// Calls f(integral_constant<int, 0>), f(integral_constant<int, 1>), ... in this order. An initializer list,
/// not a fold expression: the nesting does not become deeper with more layers.
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
        [&]<int At>(std::integral_constant<int, At>) { f(std::integral_constant<int, Count - 1 - At>{}); });
}

} // namespace ctgan::inline CTGAN_ABI::detail
