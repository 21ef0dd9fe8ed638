#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/pair_product.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <type_traits>

// Which tiles of a weight gradient there are: their shapes and kernels.
namespace ctgan::inline CTGAN_ABI::cpu {

/// How many packs of vector channels a block has, and how many broadcast channels a tile has at most.
template <class T>
constexpr int pair_packs(int vector_channels, bool small_is_vector) {
    if (!small_is_vector && four_packs_pay<T> && vector_channels % (4 * Pack<T>::size) == 0) return 4;
    return vector_channels > Pack<T>::size ? 2 : 1;
}
constexpr int max_pair_rows(int packs) {
    if (packs == 4) return max_rows_of_four_packs;
    return registers >= 32 ? 12 : 6;
}

/// The kernels of a block of vector channels, for the two sizes of the parts of the broadcast channels.
template <class T>
struct PairKernels {
    MultiplyPairs<T, ConsecutiveChannels>*largest, *smallest;
};
/// The same for a list of broadcast channels: of[k] takes sizes[k] of them.
template <class T>
struct ListedPairKernels {
    static constexpr int count = 4;
    Array<int, count> sizes; ///< descending; 0 if there is no such kernel. One channel at a time is slow
    Array<MultiplyPairs<T, ListedChannels>*, count> of;
};

namespace detail {

template <class Tiles, int Channels, class T>
constexpr PairKernels<T> pair_kernels() {
    constexpr Parts rows = Tiles::rows;
    constexpr int lanes = Pack<T>::size;
    constexpr int packs = (Channels + lanes - 1) / lanes, last_lanes = (Channels - 1) % lanes + 1;
    return {&multiply_pairs<rows.largest(), packs, last_lanes, T, ConsecutiveChannels>,
            &multiply_pairs<rows.smallest(), packs, last_lanes, T, ConsecutiveChannels>};
}

template <class Tiles, int Channels, class T>
constexpr ListedPairKernels<T> listed_pair_kernels() {
    constexpr Parts rows = Tiles::rows;
    constexpr int lanes = Pack<T>::size;
    constexpr int packs = (Channels + lanes - 1) / lanes, last_lanes = (Channels - 1) % lanes + 1;
    constexpr auto listed = [](auto size) {
        return &multiply_pairs<decltype(size)::value, packs, last_lanes, T, ListedChannels>;
    };
    ListedPairKernels<T> kernels{};
    int count = 0;
    const auto add = [&](int size, MultiplyPairs<T, ListedChannels>* kernel) {
        kernels.sizes[count] = size;
        kernels.of[count++] = kernel;
    };
    constexpr int largest = packs == 4 ? (std::min)(6, rows.largest()) : rows.largest();
    constexpr int eight = (std::min)(8, largest);
    if constexpr (largest > 8) add(largest, listed(std::integral_constant<int, largest>{}));
    if constexpr (largest > 4) add(eight, listed(std::integral_constant<int, eight>{}));
    add(4, listed(std::integral_constant<int, 4>{}));
    add(1, listed(std::integral_constant<int, 1>{}));
    return kernels;
}

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI::cpu
