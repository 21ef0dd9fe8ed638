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
    using shape = Shape;
    T* data = nullptr;
    int count = 0;

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
    using shape = Shape;

    /// Room for `count` samples, filled with zeros.
    explicit BatchOn(int count) : count_(check(count)), memory_(Index{count} * Shape::size) {}

    int count() const { return count_; }
    Index size() const { return Index{count_} * Shape::size; }
    T* data() { return memory_.data(); }
    const T* data() const { return memory_.data(); }
    T* sample(int i) { return memory_.data() + Index{i} * Shape::size; }
    const T* sample(int i) const { return memory_.data() + Index{i} * Shape::size; }

    View<Shape, T> view() { return {memory_.data(), count_}; }
    View<Shape, const T> view() const { return {memory_.data(), count_}; }
    /// The first `n` of the samples: a data set's last batch may be short.
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
template <class Shape, class Backend, class T>
View<Shape, const T> as_view(const BatchOn<Shape, Backend, T>& batch) {
    return batch.view();
}

} // namespace ctgan
