#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/cuda/convolution_gradient.hpp>
#include <ctgan/backend/cuda/convolution_products.hpp>
#include <ctgan/backend/cuda/depthwise.hpp>
#include <ctgan/backend/cuda/product.hpp>
#include <ctgan/backend/cuda/unfold.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::gpu {

/// Convolutions. Channels that dropout set to zero are multiplied like any others: on a GPU, finding them
/// would cost more than it saves.
struct ConvolutionOperations {
    /// How many values the operations below need as scratch memory: none, except to unfold images, which
    /// happens only in training, and for the weight gradient of a depthwise convolution.
    template <class T, class G, Algorithms algorithms,
              ConvolutionDirections directions = ConvolutionDirections{}>
    static constexpr MemorySize convolution_scratch =
        algorithms == Algorithms::fastest&& ByUnfolding<G, T>::pays ? ByUnfolding<G, T>::scratch
        : G::is_depthwise&& directions.to_weight                    ? Depthwise<G, T>::gradient_scratch
                                                                    : MemorySize{};
    /// Nothing is prepared: the weights are read as they are.
    template <class T, class G>
    static constexpr Index prepared_convolution_size = 0;
    /// Does nothing.
    template <class G, class T>
    static void prepare_convolution(T*, const T*, int) {}
    /// Does nothing.
    template <class G, class T>
    static void prepare_transposed_convolution(T*, const T*, int) {}

    /// From the big image to the small one: output = f(convolution of input + bias).
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void convolution(const ConvolutionOperands<T, Factors>& operands, F f = {}) {
        const int rows = detail::as_int(Index{operands.batch} * G::small_height * G::small_width);
        if constexpr (ByUnfolding<G, T>::pays) {
            if (unfolds(operands.algorithms))
                return ByUnfolding<G, T>::to_small(operands.without_factors(), f);
        }
        if constexpr (G::is_depthwise)
            Depthwise<G, T>::to_small(operands.without_factors(), f);
        else
            for (int group = 0; group < G::groups; ++group)
                detail::multiply(
                    detail::BigToSmall<G, T, F>{operands.input + group * G::big_group,
                                                operands.weight + group * G::small_group * G::big_group,
                                                operands.bias ? operands.bias + group * G::small_group
                                                              : nullptr,
                                                operands.output + group * G::small_group, f, rows},
                    operands.batch, operands.algorithms, operands.planned_batch());
    }

    /// From the small image to the big one: output = f(transposed convolution of input + bias).
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void transposed_convolution(const ConvolutionOperands<T, Factors>& operands, F f = {}) {
        // Throws if there are too many rows.
        detail::as_int(Index{operands.batch} * G::big_height * G::big_width);
        if constexpr (ByUnfolding<G, T>::pays) {
            if (unfolds(operands.algorithms)) return ByUnfolding<G, T>::to_big(operands.without_factors(), f);
        }
        if constexpr (G::is_depthwise)
            Depthwise<G, T>::to_big(operands.without_factors(), f);
        else
            for (int group = 0; group < G::groups; ++group)
                detail::multiply(
                    detail::SmallToBig<G, T, F>{operands.input + group * G::small_group,
                                                operands.weight + group * G::small_group * G::big_group,
                                                operands.bias ? operands.bias + group * G::big_group
                                                              : nullptr,
                                                operands.output + group * G::big_group, f, operands.batch},
                    operands.batch, operands.algorithms, operands.planned_batch());
    }

    /// weight_gradient[tap][small channel][big channel] (+)= sum over all pairs of pixels of their product.
    template <class G, class T, class Factors = NoFactors>
    static void convolution_weight_gradient(const ConvolutionGradientOperands<T, Factors>& operands) {
        const int pixels = detail::as_int(Index{operands.batch} * G::small_height * G::small_width);
        if constexpr (ByUnfolding<G, T>::pays) {
            if (unfolds(operands.algorithms)) return ByUnfolding<G, T>::to_weight(operands.without_factors());
        }
        if constexpr (G::is_depthwise)
            Depthwise<G, T>::to_weight(operands.without_factors());
        else
            for (int group = 0; group < G::groups; ++group)
                detail::multiply(
                    detail::ToConvolutionWeight<G, T>{operands.big_image + group * G::big_group,
                                                      operands.small_image + group * G::small_group,
                                                      operands.weight_gradient +
                                                          group * G::small_group * G::big_group,
                                                      operands.add, pixels},
                    1, Algorithms::fastest);
    }

  private:
    static bool unfolds(Algorithms algorithms) {
        return algorithms == Algorithms::fastest && detail::unfolds();
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
