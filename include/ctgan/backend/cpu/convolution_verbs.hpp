#pragma once

#include <ctgan/backend/cpu/convolution.hpp>
#include <ctgan/backend/cpu/convolution_gradient.hpp>
#include <ctgan/backend/cpu/unfold.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// One geometry's three directions, computed directly on the images.
template <class G, class T>
struct Direct {
    static constexpr Extent scratch_size{0, std::max({DirectConvolution<BigToSmall<G>, T>::scratch_size,
                                                      DirectConvolution<SmallToBig<G>, T>::scratch_size,
                                                      ConvolutionWeightGradient<G, T>::scratch_size})};

    static void to_small(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch) {
        DirectConvolution<BigToSmall<G>, T>::run(batch, big, w, bias, small, scratch);
    }
    static void to_big(int batch, const T* small, const T* w, const T* bias, T* big, T* scratch) {
        DirectConvolution<SmallToBig<G>, T>::run(batch, small, w, bias, big, scratch);
    }
    static void to_weight(int batch, const T* big, const T* small, T* dw, bool add, T* scratch) {
        ConvolutionWeightGradient<G, T>::run(batch, big, small, dw, add, scratch);
    }
};

/// The same with the big image unfolded, at the end of the scratch.
template <class G, class T>
struct ByUnfolding {
    using Dense = Direct<typename Unfolded<G>::Dense, T>;
    static constexpr Extent scratch_size{Unfolded<G>::size, aligned(Dense::scratch_size.fixed)};

    static void to_small(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch) {
        T* rows = scratch + scratch_size.fixed;
        Unfolded<G>::unfold(batch, big, rows);
        Dense::to_small(batch, rows, w, bias, small, scratch);
    }
    static void to_big(int batch, const T* small, const T* w, const T* bias, T* big, T* scratch) {
        T* rows = scratch + scratch_size.fixed;
        Dense::to_big(batch, small, w, static_cast<const T*>(nullptr), rows, scratch);
        Unfolded<G>::fold(batch, rows, bias, big);
    }
    static void to_weight(int batch, const T* big, const T* small, T* dw, bool add, T* scratch) {
        T* rows = scratch + scratch_size.fixed;
        Unfolded<G>::unfold(batch, big, rows);
        Dense::to_weight(batch, rows, small, dw, add, scratch);
    }
};

/// Unfolded where the big image's channels would fill at most a quarter of a register.
template <class G, class T>
using BestConvolution =
    std::conditional_t<4 * G::big_channels <= Pack<T>::size, ByUnfolding<G, T>, Direct<G, T>>;

/// The room's verbs for convolutions.
struct ConvolutionVerbs {
    /// How many numbers the verbs below need as scratch.
    template <class T, class G>
    static constexpr Extent convolution_scratch = BestConvolution<G, T>::scratch_size;

    /// small = convolution of big, plus a bias for each small channel (or null).
    template <class G, class T>
    static void convolution(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch) {
        BestConvolution<G, T>::to_small(batch, big, w, bias, small, scratch);
    }

    /// big = transposed convolution of small, plus a bias for each big channel (or null).
    template <class G, class T>
    static void transposed_convolution(int batch, const T* small, const T* w, const T* bias, T* big,
                                       T* scratch) {
        BestConvolution<G, T>::to_big(batch, small, w, bias, big, scratch);
    }

    /// dw[small channel][big channel][tap] (+)= sum over all pairs of pixels of their product.
    template <class G, class T>
    static void convolution_weight_gradient(int batch, const T* big, const T* small, T* dw, bool add,
                                            T* scratch) {
        BestConvolution<G, T>::to_weight(batch, big, small, dw, add, scratch);
    }
};

} // namespace ctgan::cpu
