#pragma once

#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/messages/missing_backend.hpp>

#include <stdexcept>
#include <string>

namespace ctgan {

/// A batch that owns its memory, in backend B: `Batch<Image<1, 28, 28>> digits(4);` on the CPU,
/// `BatchOn<Image<1, 28, 28>, Cuda> digits(4);` on a GPU.
template <class Shape, class B, class T = float>
class BatchOn : private messages::CheckBackend<B> {
  public:
    using shape = Shape;                               ///< shape of a sample
    using memory_space = messages::memory_space_of<B>; ///< whose memory it is

    /// Space for `count` samples, all zero. Throws std::invalid_argument if `count` is negative.
    explicit BatchOn(int count) : count_(check(count)), memory_(Index{count} * Shape::size) {}

    /// The number of samples.
    int count() const { return count_; }
    /// The number of values of all samples.
    Index size() const { return Index{count_} * Shape::size; }
    /// The first value of the first sample, in the backend's memory.
    T* data() { return memory_.data(); }
    /// The same, read-only.
    const T* data() const { return memory_.data(); }
    /// The first value of sample i.
    T* sample(int i) { return memory_.data() + Index{i} * Shape::size; }
    /// The same, read-only.
    const T* sample(int i) const { return memory_.data() + Index{i} * Shape::size; }

    /// All samples.
    View<Shape, T, memory_space> view() { return {memory_.data(), count_}; }
    /// The same, read-only.
    View<Shape, const T, memory_space> view() const { return {memory_.data(), count_}; }
    /// The first `n` samples: the last batch of a data set may be short. Throws std::invalid_argument if
    /// there are fewer.
    View<Shape, T, memory_space> first(int n) {
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
    typename messages::backend_or_missing<B>::template Memory<T> memory_;
};

/// The view of a batch: for writing, and read-only.
template <class Shape, class B, class T>
auto as_view(BatchOn<Shape, B, T>& batch) {
    return batch.view();
}
template <class Shape, class B, class T>
auto as_view(const BatchOn<Shape, B, T>& batch) {
    return batch.view();
}

} // namespace ctgan
