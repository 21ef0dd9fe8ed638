#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/convolution.hpp>
#include <ctgan/backend/cpu/convolution_gradient.hpp>
#include <ctgan/backend/cpu/tiled_convolution.hpp>
#include <ctgan/backend/cpu/unfold.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// One geometry's three directions, computed directly on the images.
template <class G, class T>
struct Direct {
    static constexpr Index scratch_size = std::max({DirectConvolution<BigToSmall<G>, T>::scratch_size,
                                                    DirectConvolution<SmallToBig<G>, T>::scratch_size,
                                                    ConvolutionWeightGradient<G, T>::scratch_size});
    static constexpr Extent needs{0, scratch_size}; ///< as scratch

    template <class F>
    static void to_small(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch,
                         const T* factors, F f) {
        DirectConvolution<BigToSmall<G>, T>::run(batch, big, w, bias, small, scratch, factors, f);
    }
    template <class F>
    static void to_big(int batch, const T* small, const T* w, const T* bias, T* big, T* scratch,
                       const T* factors, F f) {
        DirectConvolution<SmallToBig<G>, T>::run(batch, small, w, bias, big, scratch, factors, f);
    }
    static void to_weight(int batch, const T* big, const T* small, T* dw, bool add, T* scratch,
                          const T* small_factors) {
        ConvolutionWeightGradient<G, T>::run(batch, big, small, dw, add, scratch, small_factors);
    }
};

/// The same with the big image unfolded. The scratch holds what the dense convolution needs, its weight and
/// the unfolded image.
template <class G, class T>
struct ByUnfolding {
    using Dense = Direct<typename Unfolded<G>::Dense, T>;
    static constexpr Index weight_at = aligned(Dense::scratch_size);
    static constexpr Index rows_at = weight_at + aligned(G::weights);
    static constexpr Extent needs{Unfolded<G>::size, rows_at}; ///< as scratch

    template <class F>
    static void to_small(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch, const T*,
                         F f) {
        T* const weight = scratch + weight_at;
        T* const rows = scratch + rows_at;
        Unfolded<G>::unfold_weight(w, weight);
        Unfolded<G>::unfold(batch, big, rows);
        Dense::to_small(batch, rows, weight, bias, small, scratch, static_cast<const T*>(nullptr), f);
    }
    template <class F>
    static void to_big(int batch, const T* small, const T* w, const T* bias, T* big, T* scratch,
                       const T* factors, F f) {
        T* const weight = scratch + weight_at;
        T* const rows = scratch + rows_at;
        Unfolded<G>::unfold_weight(w, weight);
        Dense::to_big(batch, small, weight, static_cast<const T*>(nullptr), rows, scratch, factors,
                      Identity{});
        Unfolded<G>::fold(batch, rows, bias, big, f);
    }
    static void to_weight(int batch, const T* big, const T* small, T* dw, bool add, T* scratch,
                          const T* small_factors) {
        T* const gradient = scratch + weight_at;
        T* const rows = scratch + rows_at;
        Unfolded<G>::unfold(batch, big, rows);
        Dense::to_weight(batch, rows, small, gradient, false, scratch, small_factors);
        Unfolded<G>::fold_weight(gradient, dw, add);
    }
};

/// How a geometry is computed.
template <class G, class T>
struct ConvolutionChoice {
    /// Unfolded where the big image's channels would fill at most a quarter of a register.
    static constexpr bool unfolded = 4 * G::big_channels <= Pack<T>::size;
    using WithoutTiles = std::conditional_t<unfolded, ByUnfolding<G, T>, Direct<G, T>>;

    /// By tiles where that saves a third of the multiplications and both images' channels fill registers, for
    /// batches that give its matrices enough rows.
    using Tiled = TiledConvolution<G, T>;
    static constexpr bool tiles_pay =
        G::big_channels >= Pack<T>::size && G::small_channels >= Pack<T>::size && Tiled::gain >= 1.5;
    static constexpr int least_batch_for_tiles = 12;
    static constexpr bool by_tiles(int batch) { return tiles_pay && batch >= least_batch_for_tiles; }

    template <Algorithms which>
    static constexpr Extent scratch{WithoutTiles::needs.per_sample,
                                    which == Algorithms::best_for_this_batch&& tiles_pay
                                        ? std::max(WithoutTiles::needs.fixed, Tiled::scratch_size)
                                        : WithoutTiles::needs.fixed};
};

/// The room's verbs for convolutions.
struct ConvolutionVerbs {
    /// How many numbers the verbs below need as scratch.
    template <class T, class G, Algorithms which>
    static constexpr Extent convolution_scratch = ConvolutionChoice<G, T>::template scratch<which>;

    // In the verbs below `factors` are those by which dropout multiplied the channels of what is read (in the
    // last one, of the small image), or null.

    /// small = f(convolution of big, plus a bias for each small channel (or null)).
    template <class G, class T, class F = Identity>
    static void convolution(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch,
                            Algorithms which = Algorithms::same_for_every_batch, const T* factors = nullptr,
                            F f = {}) {
        using Choice = ConvolutionChoice<G, T>;
        if constexpr (Choice::tiles_pay) {
            if (which == Algorithms::best_for_this_batch && Choice::by_tiles(batch))
                return Choice::Tiled::to_small(batch, big, w, bias, small, scratch, factors, f);
        }
        Choice::WithoutTiles::to_small(batch, big, w, bias, small, scratch, factors, f);
    }

    /// big = f(transposed convolution of small, plus a bias for each big channel (or null)).
    template <class G, class T, class F = Identity>
    static void transposed_convolution(int batch, const T* small, const T* w, const T* bias, T* big,
                                       T* scratch, Algorithms which = Algorithms::same_for_every_batch,
                                       const T* factors = nullptr, F f = {}) {
        using Choice = ConvolutionChoice<G, T>;
        if constexpr (Choice::tiles_pay) {
            if (which == Algorithms::best_for_this_batch && Choice::by_tiles(batch))
                return Choice::Tiled::to_big(batch, small, w, bias, big, scratch, factors, f);
        }
        Choice::WithoutTiles::to_big(batch, small, w, bias, big, scratch, factors, f);
    }

    /// dw[tap][small channel][big channel] (+)= sum over all pairs of pixels of their product.
    template <class G, class T>
    static void convolution_weight_gradient(int batch, const T* big, const T* small, T* dw, bool add,
                                            T* scratch, Algorithms which = Algorithms::same_for_every_batch,
                                            const T* factors = nullptr) {
        using Choice = ConvolutionChoice<G, T>;
        if constexpr (Choice::tiles_pay) {
            // Half of the channels left out is worth more than tiles, which know of none.
            if (which == Algorithms::best_for_this_batch && Choice::by_tiles(batch) && !factors)
                return Choice::Tiled::to_weight(batch, big, small, dw, add, scratch);
        }
        Choice::WithoutTiles::to_weight(batch, big, small, dw, add, scratch, factors);
    }
};

} // namespace ctgan::cpu
