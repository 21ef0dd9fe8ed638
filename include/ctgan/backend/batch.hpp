#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/messages/missing_backend.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

template <class Shape>
inline constexpr bool is_image = false;
template <int C, int H, int W>
inline constexpr bool is_image<Image<C, H, W>> = true;

/// The index; with CTGAN_CHECKS, throws std::out_of_range unless it is below `end`.
inline Index checked([[maybe_unused]] const char* what, int index, [[maybe_unused]] int end) {
#if CTGAN_CHECKS
    if (index < 0 || index >= end)
        fail_with<std::out_of_range>(
            {"batch: found the index ", index, " of ", what, ", expected 0 to ", end - 1});
#endif
    return index;
}

/// Where a value of an image is stored: channels last.
template <class Shape>
Index offset_in_image(int c, int y, int x) {
    return (checked("a row", y, Shape::height) * Shape::width + checked("a column", x, Shape::width)) *
               Shape::channels +
           checked("a channel", c, Shape::channels);
}

/// The index in PyTorch's order of the value that is stored at index `at` of a batch.
template <class Shape>
constexpr Index index_in_pytorch(Index at) {
    const Index sample = at / Shape::size, pixel = at % Shape::size / Shape::channels;
    return sample * Shape::size + at % Shape::channels * Shape::pixels + pixel;
}

} // namespace detail

/// A batch that owns its memory, in backend B: `Batch<Image<1, 28, 28>> digits(4);` on the CPU,
/// `BatchOn<Image<1, 28, 28>, Cuda> digits(4);` on a GPU.
template <class Shape, class B, class T = typename Shape::template value<float>>
class BatchOn : private messages::CheckBackend<B> {
    using Backend = messages::backend_or_missing<B>;

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
    /// The first value of sample i, counted from 0. With CTGAN_CHECKS, throws std::out_of_range if there is
    /// none.
    T* sample(int i) { return memory_.data() + offset_of(i); }
    /// The same, read-only.
    const T* sample(int i) const { return memory_.data() + offset_of(i); }

    /// Channel c of the pixel in row y and column x of image i, all counted from 0, in memory that the host
    /// can read. With CTGAN_CHECKS, throws std::out_of_range if there is none.
    T& operator()(int i, int c, int y,
                  int x) requires(detail::is_image<Shape>&& std::is_same_v<memory_space, Cpu>) {
        return memory_.data()[offset_of(i) + detail::offset_in_image<Shape>(c, y, x)];
    }
    /// The same, read-only.
    const T& operator()(int i, int c, int y, int x) const
        requires(detail::is_image<Shape>&& std::is_same_v<memory_space, Cpu>) {
        return memory_.data()[offset_of(i) + detail::offset_in_image<Shape>(c, y, x)];
    }
    /// Value k of sample i, for samples of N values.
    T& operator()(int i, int k) requires(!detail::is_image<Shape> && std::is_same_v<memory_space, Cpu>) {
        return memory_.data()[offset_of(i) + detail::checked("a value", k, Shape::size)];
    }
    /// The same, read-only.
    const T& operator()(int i, int k) const
        requires(!detail::is_image<Shape> && std::is_same_v<memory_space, Cpu>) {
        return memory_.data()[offset_of(i) + detail::checked("a value", k, Shape::size)];
    }

    /// Copies all samples from PyTorch's order, (count, C, H, W), as in `tensor.contiguous()`. Throws
    /// std::invalid_argument if there are not size() values.
    void from_pytorch_order(std::span<const T> values) {
        if (static_cast<Index>(values.size()) != size())
            detail::fail_with<std::invalid_argument>(
                {"batch: found ", values.size(), " values, expected ", size()});
        std::vector<T> ordered(values.size());
        for (Index at = 0; at < size(); ++at)
            ordered[static_cast<std::size_t>(at)] =
                values[static_cast<std::size_t>(detail::index_in_pytorch<Shape>(at))];
        Backend::from_host(memory_.data(), ordered.data(), size());
    }
    /// A copy of all samples in PyTorch's order, (count, C, H, W).
    std::vector<T> to_pytorch_order() const {
        std::vector<T> ordered(static_cast<std::size_t>(size())), values(ordered.size());
        Backend::to_host(ordered.data(), memory_.data(), size());
        for (Index at = 0; at < size(); ++at)
            values[static_cast<std::size_t>(detail::index_in_pytorch<Shape>(at))] =
                ordered[static_cast<std::size_t>(at)];
        return values;
    }

    /// All samples.
    View<Shape, T, memory_space> view() { return {memory_.data(), count_}; }
    /// The same, read-only.
    View<Shape, const T, memory_space> view() const { return {memory_.data(), count_}; }
    /// The first `n` samples: the last batch of a data set may be short. Throws std::invalid_argument if
    /// there are fewer.
    View<Shape, T, memory_space> first(int n) {
        if (n < 0 || n > count_)
            detail::fail_with<std::invalid_argument>(
                {"batch: found a use of ", n, " samples, expected 0 to ", count_});
        return {memory_.data(), n};
    }

  private:
    Index offset_of(int i) const { return detail::checked("a sample", i, count_) * Shape::size; }

    static int check(int count) {
        if (count < 0)
            detail::fail_with<std::invalid_argument>(
                {"batch: found a count of ", count, ", expected at least 0"});
        return count;
    }

    int count_;
    typename Backend::template Memory<T> memory_;
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

} // namespace ctgan::inline CTGAN_ABI
