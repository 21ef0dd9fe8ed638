#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cuda/convolution.hpp>
#include <ctgan/backend/cuda/convolution_gradient.hpp>
#include <ctgan/backend/cuda/product.hpp>
#include <ctgan/backend/cuda/unfold.hpp>

namespace ctgan::cuda {

/// The room's verbs for convolutions. Channels that dropout made zero are multiplied as any others: to find
/// out which they are would cost a device more than it saves.
struct ConvolutionVerbs {
    /// How many numbers the verbs below need as scratch: none but for unfolded images, which only training
    /// makes.
    template <class T, class G, Algorithms which>
    static constexpr Extent convolution_scratch =
        which == Algorithms::best_for_this_batch&& ByUnfolding<G, T>::pays ? ByUnfolding<G, T>::needs
                                                                           : Extent{};

    /// small = f(convolution of big, plus a bias for each small channel (or null)).
    template <class G, class T, class F = Identity>
    static void convolution(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch,
                            Algorithms which = Algorithms::same_for_every_batch,
                            const T* /*factors*/ = nullptr, F f = {}) {
        const int rows = detail::as_int(Index{batch} * G::small_height * G::small_width);
        if constexpr (ByUnfolding<G, T>::pays) {
            if (unfolds(which)) return ByUnfolding<G, T>::to_small(batch, big, w, bias, small, scratch, f);
        }
        detail::multiply(detail::BigToSmall<G, T, F>{big, w, bias, small, f, rows}, batch, which);
    }

    /// big = f(transposed convolution of small, plus a bias for each big channel (or null)).
    template <class G, class T, class F = Identity>
    static void transposed_convolution(int batch, const T* small, const T* w, const T* bias, T* big,
                                       T* scratch, Algorithms which = Algorithms::same_for_every_batch,
                                       const T* /*factors*/ = nullptr, F f = {}) {
        detail::as_int(Index{batch} * G::big_height * G::big_width); // throws where the rows are too many
        if constexpr (ByUnfolding<G, T>::pays) {
            if (unfolds(which)) return ByUnfolding<G, T>::to_big(batch, small, w, bias, big, scratch, f);
        }
        detail::multiply(detail::SmallToBig<G, T, F>{small, w, bias, big, f, batch}, batch, which);
    }

    /// dw[tap][small channel][big channel] (+)= sum over all pairs of pixels of their product.
    template <class G, class T>
    static void convolution_weight_gradient(int batch, const T* big, const T* small, T* dw, bool add,
                                            T* scratch, Algorithms which = Algorithms::same_for_every_batch,
                                            const T* /*factors*/ = nullptr) {
        const int pixels = detail::as_int(Index{batch} * G::small_height * G::small_width);
        if constexpr (ByUnfolding<G, T>::pays) {
            if (unfolds(which)) return ByUnfolding<G, T>::to_weight(batch, big, small, dw, add, scratch);
        }
        detail::multiply(detail::ToConvolutionWeight<G, T>{big, small, dw, add, pixels}, 1,
                         Algorithms::best_for_this_batch);
    }

  private:
    static bool unfolds(Algorithms which) {
        return which == Algorithms::best_for_this_batch && detail::unfolds();
    }
};

} // namespace ctgan::cuda
