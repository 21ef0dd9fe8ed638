#pragma once

#include <ctgan/core/shape.hpp>

#include <type_traits>

namespace ctgan {

/// A batch in memory that another object owns: `count` samples of `Shape`, one after the other, images
/// channels last. The shape is part of the type; only the number of samples is known at run time.
template <class Shape, class T>
struct View {
    using shape = Shape; ///< shape of a sample
    T* data = nullptr;   ///< the first value of the first sample, in a backend's memory
    int count = 0;       ///< the number of samples

    /// The number of values of all samples.
    constexpr Index size() const { return Index{count} * Shape::size; }

    /// A view for writing converts to one for reading.
    template <class U>
        requires(!std::is_const_v<T> && std::is_same_v<U, const T>)
    constexpr operator View<Shape, U>() const { return {data, count}; }

    /// A view of the output of a network with a mistake converts to every view, and every view to it, so that
    /// the mistake is the only error.
    template <class Other, class U>
        requires(is_invalid<Shape> != is_invalid<Other>)
    constexpr operator View<Other, U>() const { return {}; }
};

/// The view of an argument that is a View or a batch. This overload returns the View itself.
template <class Shape, class T>
View<Shape, T> as_view(View<Shape, T> view) {
    return view;
}

} // namespace ctgan
