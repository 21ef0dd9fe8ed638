#pragma once

#include <ctgan/core/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/core/type_list.hpp>

#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

/// In place of the gradient with respect to an input of labels.
struct NoGradient {};

namespace detail {

/// The inputs or the outputs of a network: one shape or several.
template <class Shape>
struct PartsOf {
    static constexpr int count = 1;
    static constexpr Array<bool, count> are_labels = {false};
    /// What a pass returns for them: views, of which the gradients' have no labels.
    template <class T, class Space>
    using Views = View<Shape, T, Space>;
    template <class T, class Space>
    using Gradients = View<Shape, T, Space>;
};
template <class... Shapes>
struct PartsOf<SeveralShapes<Shapes...>> {
    static constexpr int count = static_cast<int>(sizeof...(Shapes));
    template <int K>
    using shape = type_at<K, TypeList<Shapes...>>;
    template <class Shape>
    static constexpr bool is_labels = std::is_same_v<typename Shape::template value<float>, std::int32_t>;
    static constexpr Array<bool, count> are_labels = {is_labels<Shapes>...};
    template <class T, class Space>
    using Views = std::tuple<View<Shapes, T, Space>...>;
    template <class T, class Space>
    using Gradients =
        std::tuple<std::conditional_t<is_labels<Shapes>, NoGradient, View<Shapes, T, Space>>...>;
};

/// A tuple of f<0>(), f<1>() and so on.
template <int Count, class F>
constexpr auto each_of(const F& f) {
    return [&]<int... Ks>(std::integer_sequence<int, Ks...>) {
        return std::make_tuple(f.template operator()<Ks>()...);
    }
    (std::make_integer_sequence<int, Count>{});
}

/// The addresses of a batch for each input or output, labels or scalars, and the number of samples of each.
template <int Count>
struct Batches {
    Array<const void*, Count> data;
    int count;
};

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
