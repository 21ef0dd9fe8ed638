#pragma once

#include <ctgan/diagnosis.hpp>
#include <ctgan/fail.hpp>
#include <ctgan/shape.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

namespace ctgan {

/// A batch that somebody else owns: `count` samples of `Shape`, one after the other, images channels last.
/// The shape is part of the type; only the number of samples is known at run time.
template <class Shape, class T>
struct View {
    using shape = Shape; ///< of a sample
    T* data = nullptr;   ///< the first sample's first number, in a room's memory
    int count = 0;       ///< samples

    /// Numbers of all samples.
    constexpr Index size() const { return Index{count} * Shape::size; }

    /// Whoever may write may also only read.
    template <class U>
        requires(!std::is_const_v<T> && std::is_same_v<U, const T>)
    constexpr operator View<Shape, U>() const { return {data, count}; }
};

/// A batch with memory of its own in a backend's room: `Batch<Image<1, 28, 28>> digits(4);`
template <class Shape, class Backend, class T = float>
class BatchOn : private diagnosis::CheckBackend<Backend> {
  public:
    using shape = Shape; ///< of a sample

    /// Room for `count` samples, filled with zeros. Throws std::invalid_argument where `count` is below 0.
    explicit BatchOn(int count) : count_(check(count)), memory_(Index{count} * Shape::size) {}

    /// Samples.
    int count() const { return count_; }
    /// Numbers of all samples.
    Index size() const { return Index{count_} * Shape::size; }
    /// The first sample's first number, in the backend's memory.
    T* data() { return memory_.data(); }
    /// The same, only to read.
    const T* data() const { return memory_.data(); }
    /// Sample i's first number.
    T* sample(int i) { return memory_.data() + Index{i} * Shape::size; }
    /// The same, only to read.
    const T* sample(int i) const { return memory_.data() + Index{i} * Shape::size; }

    /// All of it.
    View<Shape, T> view() { return {memory_.data(), count_}; }
    /// The same, only to read.
    View<Shape, const T> view() const { return {memory_.data(), count_}; }
    /// The first `n` of the samples: a data set's last batch may be short. Throws std::invalid_argument where
    /// there are fewer.
    View<Shape, T> first(int n) {
        if (n < 0 || n > count_)
            detail::fail(std::invalid_argument("batch: found a use of " + std::to_string(n) +
                                               " samples, expected 0 to " + std::to_string(count_)));
        return {memory_.data(), n};
    }

  private:
    static int check(int count) {
        if (count < 0)
            detail::fail(std::invalid_argument("batch: found a count of " + std::to_string(count) +
                                               ", expected at least 0"));
        return count;
    }

    int count_;
    typename diagnosis::room<Backend>::template Memory<T> memory_;
};

/// What the library's functions make of a batch that they are handed: a View as it is, an owner's view.
template <class Shape, class T>
View<Shape, T> as_view(View<Shape, T> view) {
    return view;
}
/// The view of a batch, only to read.
template <class Shape, class Backend, class T>
View<Shape, const T> as_view(const BatchOn<Shape, Backend, T>& batch) {
    return batch.view();
}

} // namespace ctgan
