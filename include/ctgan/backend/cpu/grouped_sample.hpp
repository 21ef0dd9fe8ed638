#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/rows.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <type_traits>

// What the normalizations of samples add up, and how threads share it.
namespace ctgan::inline CTGAN_ABI::cpu::detail {

/// A sample of pixels by channels, whose channels are in groups of adjacent ones, and how threads share it:
/// in parts of some pixels or, if the sample is one row and one group, of some values. The parts depend on
/// the shape alone, so a sample's result does not depend on the batch.
template <int Channels, int Groups, int Pixels>
struct GroupedSample {
    static constexpr int channels = Channels, groups = Groups, group_channels = Channels / Groups;
    static constexpr Index size = Index{Channels} * Pixels, group_size = size / Groups;
    static constexpr bool is_row = Pixels == 1 && Groups == 1;

    static constexpr int values_per_part = 4096; // in the first cache, where a second sweep finds them
    static constexpr Parts parts{is_row ? Channels : Pixels,
                                 is_row ? values_per_part
                                        : (std::max)(int{rows_per_segment}, values_per_part / Channels)};
    /// Where a part begins.
    static constexpr Index begin(int part) { return Index{parts.begin(part)} * (is_row ? 1 : Channels); }
    static constexpr Index part_size(int part) { return begin(part + 1) - begin(part); }

    /// Calls body(sample, part) for all parts of all samples, on all threads.
    template <class Body>
    static void for_each_part(int batch, const Body& body) {
        constexpr int samples_at_once =
            parts.count() > 1 || size >= values_per_part ? 1 : values_per_part / static_cast<int>(size);
        constexpr Index count = parts.count();
        parallel_for((batch * count + samples_at_once - 1) / samples_at_once, [&](Index chunk) {
            const Index end = (std::min)(batch * count, (chunk + 1) * samples_at_once);
            for (Index i = chunk * samples_at_once; i < end; ++i)
                body(i / count, static_cast<int>(i % count));
        });
    }
    /// Calls body(first channel, integral_constant<int, channels of the block>) for blocks of channels.
    template <class Body>
    CTGAN_INLINE static void for_each_block(const Body& body) {
        constexpr int width = 32, rest = Channels % width;
        for (int first = 0; first + width <= Channels; first += width)
            body(first, std::integral_constant<int, width>{});
        if constexpr (rest > 0) body(Channels - rest, std::integral_constant<int, rest>{});
    }
};

/// A sum of consecutive values is that of so many sums, as of the channels of rows.
inline constexpr int lanes = 32;

// Functions of the index of a value.
template <class T>
struct ValueOf {
    const T* x;
    T operator()(Index i) const { return x[i]; }
};
template <class T>
struct Weighted {
    const T *x, *weight;
    T operator()(Index i) const { return x[i] * weight[i]; }
};
template <class T>
struct DeviationOf {
    const T* x;
    T mean, factor;
    T operator()(Index i) const { return (x[i] - mean) * factor; }
};
template <class A, class B>
struct Product {
    A a;
    B b;
    auto operator()(Index i) const { return a(i) * b(i); }
};
template <class A, class B>
Product(A, B) -> Product<A, B>;

/// A term of sums over rows, like RowValues.
template <class Value>
struct InRows {
    Value value;
    auto operator()(Index row, int k) const { return value(row * lanes + k); }
};

/// The sum of value(i), i < n: those of 32 lanes, which are added up as rows are.
template <class T, class Value>
double sum_of_values(Index n, const Value& value) {
    Array<T, lanes> totals;
    sum_over_rows<lanes>(totals, n / lanes, InRows<Value>{value});
    double sum = 0;
    for (const T total : totals) sum += static_cast<double>(total);
    for (Index i = n / lanes * lanes; i < n; ++i) sum += static_cast<double>(value(i));
    return sum;
}

} // namespace ctgan::inline CTGAN_ABI::cpu::detail
