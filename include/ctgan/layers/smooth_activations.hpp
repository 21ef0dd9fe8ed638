#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/select.hpp>
#include <ctgan/layers/activations.hpp>
#include <ctgan/layers/layer.hpp>

#include <cmath>
#include <ratio>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// How GELU is computed: as it is defined, or by a formula with tanh. They are the values 'none' and 'tanh'
/// of the argument of torch.nn.GELU.
enum class Approximate { none, tanh };

namespace functions {

/// The function of ELU. `Alpha` is a std::ratio.
template <class Alpha>
struct ExponentialLinear {
    /// x if x > 0, otherwise Alpha (exp(x) - 1).
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x > T{0} ? x : alpha<T> * std::expm1(x);
    }
    /// The derivative: 1 if y > 0, otherwise Alpha exp(x) = y + Alpha.
    template <class T>
    CTGAN_HD T slope(T y) const {
        return detail::select(y > T{0}, T{1}, y + alpha<T>);
    }
    /// The second derivative: 0 if y > 0, otherwise Alpha exp(x) = y + Alpha.
    template <class T>
    CTGAN_HD T curvature(T y) const {
        return detail::select(y > T{0}, T{0}, y + alpha<T>);
    }

  private:
    template <class T>
    static constexpr T alpha = static_cast<T>(Alpha::num) / static_cast<T>(Alpha::den);
};

/// The function of Softplus. `Beta` is a std::ratio.
template <class Beta>
struct SoftRectify {
    /// log(1 + exp(Beta x)) / Beta; x if Beta x > 20, where they are the same but for rounding.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        const T scaled = beta<T> * x;
        return scaled > threshold<T> ? x : std::log1p(std::exp(scaled)) / beta<T>;
    }
    /// The derivative: 1 / (1 + exp(-Beta x)) = 1 - exp(-Beta y).
    template <class T>
    CTGAN_HD T slope(T y) const {
        const T scaled = beta<T> * y;
        return detail::select(scaled > threshold<T>, T{1}, -std::expm1(-scaled));
    }
    /// The second derivative: with the derivative s, Beta s (1 - s) = Beta s exp(-Beta y).
    template <class T>
    CTGAN_HD T curvature(T y) const {
        const T scaled = beta<T> * y;
        return detail::select(scaled > threshold<T>, T{0},
                              -beta<T> * std::expm1(-scaled) * std::exp(-scaled));
    }

  private:
    template <class T>
    static constexpr T beta = static_cast<T>(Beta::num) / static_cast<T>(Beta::den);
    template <class T>
    static constexpr T threshold = 20;
};

/// The logistic function 1 / (1 + exp(-x)) and its derivative, without overflow and, where they are almost 0,
/// without cancellation.
template <class T>
struct LogisticAt {
    T value, slope;
    /// The second derivative.
    CTGAN_HD T curvature() const { return slope * (T{1} - T{2} * value); }

    CTGAN_HD explicit LogisticAt(T x) {
        const T e = std::exp(-std::fabs(x)), sum = T{1} + e;
        value = detail::select(x < T{0}, e, T{1}) / sum;
        slope = e / (sum * sum);
    }
};

/// The function of SiLU.
struct SigmoidLinear {
    /// x / (1 + exp(-x)).
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x / (T{1} + std::exp(-x));
    }
    /// With s the logistic function, s(x) + x s'(x).
    template <class T>
    CTGAN_HD T derivative(T x) const {
        const LogisticAt<T> s(x);
        return s.value + x * s.slope;
    }
    /// 2 s'(x) + x s''(x).
    template <class T>
    CTGAN_HD T curvature(T x) const {
        const LogisticAt<T> s(x);
        return T{2} * s.slope + x * s.curvature();
    }
};

/// The function of GELU<Approximate::none>.
struct GaussLinear {
    /// x P(x), where P is the distribution function of the standard normal distribution: P(x) = (1 + erf(x /
    /// sqrt(2))) / 2, written without cancellation.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x * distribution(x);
    }
    /// P(x) + x exp(-x^2 / 2) / sqrt(2 pi).
    template <class T>
    CTGAN_HD T derivative(T x) const {
        return distribution(x) + x * density(x);
    }
    /// With the density p of the distribution, (2 - x^2) p(x).
    template <class T>
    CTGAN_HD T curvature(T x) const {
        return (T{2} - x * x) * density(x);
    }

  private:
    /// exp(-x^2 / 2) / sqrt(2 pi).
    template <class T>
    static CTGAN_HD T density(T x) {
        constexpr T one_over_root_of_2_pi = T(0.39894228040143267794);
        return one_over_root_of_2_pi * std::exp(T(-0.5) * x * x);
    }
    template <class T>
    static CTGAN_HD T distribution(T x) {
        constexpr T root_of_half = T(0.70710678118654752440);
        return T(0.5) * std::erfc(-root_of_half * x);
    }
};

/// The function of GELU<Approximate::tanh>.
struct GaussLinearByTanh {
    /// x (1 + tanh(u)) / 2 = x / (1 + exp(-2 u)) with u = sqrt(2 / pi) (x + 0.044715 x^3).
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x / (T{1} + std::exp(-twice_u(x)));
    }
    /// With s the logistic function, s(2 u) + x s'(2 u) 2 u'.
    template <class T>
    CTGAN_HD T derivative(T x) const {
        // Beyond these bounds it is 1 or 0, and u' might overflow.
        const T bounded = x > T{100} ? T{100} : x < T{-100} ? T{-100} : x;
        const LogisticAt<T> s(twice_u(bounded));
        return s.value + bounded * s.slope * (twice<T> * (T{1} + T{3} * cubic<T> * bounded * bounded));
    }
    /// With v = 2 u, 2 s'(v) v' + x (s''(v) v'^2 + s'(v) v'').
    template <class T>
    CTGAN_HD T curvature(T x) const {
        const T bounded = x > T{100} ? T{100} : x < T{-100} ? T{-100} : x;
        const LogisticAt<T> s(twice_u(bounded));
        const T first = twice<T> * (T{1} + T{3} * cubic<T> * bounded * bounded);
        const T second = twice<T> * (T{6} * cubic<T> * bounded);
        return T{2} * s.slope * first + bounded * (s.curvature() * first * first + s.slope * second);
    }

  private:
    template <class T>
    static constexpr T twice = T(2 * 0.79788456080286535588); // 2 sqrt(2 / pi)
    template <class T>
    static constexpr T cubic = T(0.044715);
    template <class T>
    static CTGAN_HD T twice_u(T x) {
        return twice<T> * (x + cubic<T> * x * x * x);
    }
};

/// The function of Mish.
struct TanhOfSoftplusLinear {
    /// x tanh(log(1 + exp(x))).
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x * factor(x).value;
    }
    /// With t(x) = tanh(log(1 + exp(x))), t(x) + x t'(x).
    template <class T>
    CTGAN_HD T derivative(T x) const {
        const Factor<T> t = factor(x);
        return t.value + x * t.slope;
    }
    /// 2 t'(x) + x t''(x) with, from the logistic function s, t'' = t' (1 - s - 2 s t).
    template <class T>
    CTGAN_HD T curvature(T x) const {
        const Factor<T> t = factor(x);
        const T s = LogisticAt<T>(x).value;
        return T{2} * t.slope + x * (t.slope * (T{1} - s - T{2} * s * t.value));
    }

  private:
    /// t(x) and its derivative.
    template <class T>
    struct Factor {
        T value, slope;
    };
    /// With e = exp(x), t = e (e + 2) / (e (e + 2) + 2) and t' = 4 e (1 + e) / (e (e + 2) + 2)^2; for
    /// positive x both fractions are reduced by powers of e, which might overflow.
    template <class T>
    static CTGAN_HD Factor<T> factor(T x) {
        const bool negative = x < T{0};
        const T e = std::exp(-std::fabs(x)), square = e * e;
        const T above = detail::select(negative, square, T{1}) + T{2} * e;
        const T below = above + T{2} * detail::select(negative, T{1}, square);
        return {above / below, T{4} * detail::select(negative, e, square) * (T{1} + e) / (below * below)};
    }
};

} // namespace functions

namespace detail {

/// The gradient with respect to the input x of a function, given the gradient dy with respect to its value.
template <class F>
struct DerivativeTimes {
    template <class T>
    CTGAN_HD T operator()(T x, T dy) const {
        return dy * F{}.derivative(x);
    }
};

} // namespace detail

/// A function applied to every value, whose derivative does not follow from the value alone, so that backward
/// reads the input. `F` is written once for all backends:
///
///     T operator()(T x)          returns y = f(x),
///     T derivative(T x)          returns f'(x).
///     T curvature(T x)           returns f''(x), if a penalty on the slope of a network is wanted.
template <class F>
struct ActivationOfInput : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, F{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::zip(p.input_gradient, p.input, p.output_gradient, Index{p.batch} * Pass::Input::size,
                           detail::DerivativeTimes<F>{});
    }
    /// f''(x) times the output gradient times the tangent.
    template <class Pass>
    static void curvature(const Pass& p) {
        const Index values = Index{p.batch} * Pass::Input::size;
        Pass::Backend::zip(p.adjoint, p.output_gradient, p.tangent, values, detail::ProductOfTwo{});
        Pass::Backend::zip(p.adjoint, p.input, static_cast<const typename Pass::Scalar*>(p.adjoint), values,
                           detail::CurvatureTimes<F>{});
    }
};

/// x if x > 0, otherwise Alpha (exp(x) - 1), for any shape. Equals torch.nn.ELU(Alpha). `Alpha` is a
/// std::ratio or a Value above 0.
template <class Alpha = std::ratio<1>>
struct ELU : Activation<functions::ExponentialLinear<Alpha>> {
    static constexpr LayerPatterns<ELU> patterns{
        .in_place = true, .is_function = true, .tangent = Tangent::backward, .is_curved = true};
    using ArgumentError =
        messages::require_number<messages::alpha, Alpha, (Alpha::num > 0), messages::above_0>;
};

/// log(1 + exp(Beta x)) / Beta, for any shape. Equals torch.nn.Softplus(Beta), whose threshold is 20: where
/// Beta x is above it, the result is x. `Beta` is a std::ratio or a Value above 0.
template <class Beta = std::ratio<1>>
struct Softplus : Activation<functions::SoftRectify<Beta>> {
    static constexpr LayerPatterns<Softplus> patterns{
        .in_place = true, .is_function = true, .tangent = Tangent::backward, .is_curved = true};
    using ArgumentError = messages::require_number<messages::beta, Beta, (Beta::num > 0), messages::positive>;
};

/// x / (1 + exp(-x)), for any shape. Equals torch.nn.SiLU().
struct SiLU : ActivationOfInput<functions::SigmoidLinear> {
    static constexpr LayerPatterns<SiLU> patterns{.tangent = Tangent::backward, .is_curved = true};
};

/// x P(x), for any shape, where P is the distribution function of the standard normal distribution. Equals
/// torch.nn.GELU(); GELU<Approximate::tanh> equals torch.nn.GELU(approximate='tanh'),
///
///     x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.
template <Approximate approximate = Approximate::none>
struct GELU : ActivationOfInput<std::conditional_t<approximate == Approximate::none, functions::GaussLinear,
                                                   functions::GaussLinearByTanh>> {
    static constexpr LayerPatterns<GELU> patterns{.tangent = Tangent::backward, .is_curved = true};
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << (approximate == Approximate::none ? "<none>" : "<tanh>");
    }
};

/// x tanh(log(1 + exp(x))), for any shape. Equals torch.nn.Mish().
struct Mish : ActivationOfInput<functions::TanhOfSoftplusLinear> {
    static constexpr LayerPatterns<Mish> patterns{.tangent = Tangent::backward, .is_curved = true};
};

} // namespace ctgan::inline CTGAN_ABI
