#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A geometry whose groups have so few channels that several fill a register together, as one with fewer
/// groups: `Geometry`, whose weight is zero between channels of different groups of G. That multiplies more,
/// but not in more vectors, and its sums are longer than those of a few channels. A value that is not finite
/// also makes the results of the groups that are merged with its own not finite.
template <class G, class T>
struct MergedGroups {
    /// How many groups become one.
    static constexpr int merged = [] {
        int most = 1;
        for (int m = 2; m <= G::groups; ++m)
            if (G::groups % m == 0 && m * (std::max)(G::big_group, G::small_group) <= Pack<T>::size) most = m;
        return most;
    }();
    using Geometry =
        ConvolutionGeometry<G::big_channels, G::big_height, G::big_width, G::small_channels, G::small_height,
                            G::small_width, G::kernel_height, G::stride_height, G::padding_height,
                            G::kernel_width, G::stride_width, G::padding_width, G::dilation_height,
                            G::dilation_width, G::groups / merged>;

    /// Computes the weight of `Geometry` from the weight.
    static void merge_weight(T* merged_weight, const T* w) {
        for_each_row([=](Index row, int begin) {
            T* const to = merged_weight + row * Geometry::big_group;
            std::fill_n(to, Geometry::big_group, T{0});
            std::copy_n(w + row * G::big_group, G::big_group, to + begin);
        });
    }
    /// Stores the gradient with respect to the weight, given that with respect to the weight of `Geometry`,
    /// or adds it.
    static void separate_weight(T* w, const T* merged_weight, bool add) {
        for_each_row([=](Index row, int begin) {
            T* const to = w + row * G::big_group;
            const T* const from = merged_weight + row * Geometry::big_group + begin;
            for (int c = 0; c < G::big_group; ++c) to[c] = add ? to[c] + from[c] : from[c];
        });
    }

  private:
    /// Calls body(row, first of the row's own channels) for each row [tap][small channel] of the weight.
    template <class Body>
    static void for_each_row(const Body& body) {
        constexpr Index rows = Index{G::taps} * G::small_channels, rows_per_chunk = 256;
        parallel_for((rows + rows_per_chunk - 1) / rows_per_chunk, [=](Index chunk) {
            const Index end = (std::min)(rows, (chunk + 1) * rows_per_chunk);
            for (Index row = chunk * rows_per_chunk; row < end; ++row) {
                const int group = static_cast<int>(row % G::small_channels) / G::small_group;
                body(row, group % merged * G::big_group);
            }
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
