#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>

#include <array>
#include <ratio>
#include <type_traits>

/// What the normalizations do with their template arguments.
namespace ctgan::inline CTGAN_ABI::detail {

/// The value of a std::ratio or a Value. A denominator of 0 is a mistake, which is reported elsewhere.
template <class Ratio, class T>
inline constexpr T value_of = static_cast<T>(static_cast<double>(Ratio::num) /
                                             static_cast<double>(Ratio::den == 0 ? 1 : Ratio::den));

/// What is wrong with a normalization's eps.
template <class Eps>
using EpsError = messages::require_number<messages::eps, Eps, (Eps::num >= 0), messages::zero_or_more>;

/// What is wrong with the share by which running statistics move.
template <class Momentum>
using MomentumError = messages::require_number<messages::momentum, Momentum,
                                               (Momentum::num >= 0 && Momentum::num <= Momentum::den),
                                               messages::at_least_0_and_at_most_1>;

/// Weight and bias of a normalization, of one shape; none without `Affine`.
template <bool Affine, class... Ints>
constexpr auto norm_parameters(Layout layout, Ints... dims) {
    if constexpr (Affine) {
        constexpr int rank = static_cast<int>(sizeof...(dims));
        return std::array{TensorSpec{"weight", Role::norm_weight, 0, rank, {dims...}, layout},
                          TensorSpec{"bias", Role::norm_bias, 0, rank, {dims...}, layout}};
    } else
        return std::array<TensorSpec, 0>{};
}

/// Writes eps and whether there are weight and bias, behind the other template arguments.
template <class Eps, bool Affine>
constexpr void write_norm_options(messages::Writer& writer) {
    write(writer, std::ratio<Eps::num, Eps::den>{});
    writer << (Affine ? ", affine>" : ", not affine>");
}

} // namespace ctgan::inline CTGAN_ABI::detail
