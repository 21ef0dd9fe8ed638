#pragma once

#include <ctgan/core/checks.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

struct Cpu;

/// A batch in memory that another object owns: `count` samples of `Shape`, one after the other, images
/// channels last. Shape and memory are part of the type; only the number of samples is known at run time.
/// `Space` is the backend whose memory it is, its `memory_space`: Cpu for all that a CPU can read.
template <class Shape, class T, class Space = Cpu>
struct View {
    using shape = Shape;        ///< shape of a sample
    using memory_space = Space; ///< whose memory it is
    T* data = nullptr;          ///< the first value of the first sample, in a backend's memory
    int count = 0;              ///< the number of samples
#if CTGAN_CHECKS
    detail::Stamp stamp = {}; ///< shows whether a later pass has overwritten the values
#endif

    /// The number of values of all samples.
    constexpr Index size() const { return Index{count} * Shape::size; }

    /// A view for writing converts to one for reading.
    template <class U>
        requires(!std::is_const_v<T> && std::is_same_v<U, const T>)
    constexpr operator View<Shape, U, Space>() const {
#if CTGAN_CHECKS
        return {data, count, stamp};
#else
        return {data, count};
#endif
    }

    /// A view of the output of a network with a mistake converts to every view, and every view to it, so that
    /// the mistake is the only error.
    template <class Other, class U>
        requires(is_invalid<Shape> != is_invalid<Other>)
    constexpr operator View<Other, U, Space>() const { return {}; }
};

/// Whether a type is a View.
template <class T>
inline constexpr bool is_view = false;
template <class Shape, class T, class Space>
inline constexpr bool is_view<View<Shape, T, Space>> = true;
template <class Shape, class T, class Space>
inline constexpr bool is_view<const View<Shape, T, Space>> = true;

/// The view of an argument that is a View or a batch. This overload returns the View itself. With
/// CTGAN_CHECKS it throws std::logic_error if a later pass of the same workspace has overwritten the values.
template <class Shape, class T, class Space>
View<Shape, T, Space> as_view(View<Shape, T, Space> view) {
#if CTGAN_CHECKS
    view.stamp.check();
#endif
    return view;
}

} // namespace ctgan::inline CTGAN_ABI
