#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/select.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/pass.hpp>

#include <cmath>
#include <ratio>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

struct ProductOfTwo {
    template <class T>
    CTGAN_HD T operator()(T a, T b) const {
        return a * b;
    }
};
/// The second derivative of a function, computed from its value y, times a factor.
template <class F>
struct CurvatureTimes {
    template <class T>
    CTGAN_HD T operator()(T y, T factor) const {
        return F{}.curvature(y) * factor;
    }
};

} // namespace detail

/// A function applied to every value. `F` is written once for all backends:
///
///     T operator()(T x)          returns y = f(x),
///     T slope(T y)               returns the derivative f'(x), computed from y alone.
///
/// Because y suffices, the layer can overwrite its input. If a penalty on the slope of a network is wanted
/// and the function is curved, there is also
///
///     T curvature(T y)           returns the second derivative f''(x), computed from y alone.
template <class F>
struct Activation : LayerDefaults {
    using ElementwiseFunction = F; ///< the function that an adjacent layer may apply instead
    static constexpr LayerPatterns<Activation> patterns{.in_place = true, .is_function = true};

    template <class Shape>
    static auto out(Shape) -> Shape;

    static constexpr bool reads_input = false;
    static constexpr bool reads_output = true;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, F{});
    }

    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::zip(p.input_gradient, p.output, p.output_gradient, Index{p.batch} * Pass::Input::size,
                           SlopeOf<F>{});
    }

    /// f''(x) times the output gradient times the tangent.
    template <class Pass>
    static void curvature(const Pass& p) {
        const Index values = Index{p.batch} * Pass::Input::size;
        Pass::Backend::zip(p.adjoint, p.output_gradient, p.tangent, values, detail::ProductOfTwo{});
        Pass::Backend::zip(p.adjoint, p.output, static_cast<const typename Pass::Scalar*>(p.adjoint), values,
                           detail::CurvatureTimes<F>{});
    }
};

/// The functions of the activations below.
namespace functions {

/// max(x, 0); NaN stays NaN.
struct Rectify {
    /// 0 if x < 0, otherwise x.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x < T{0} ? T{0} : x;
    }
    /// The derivative: 1 if y > 0, otherwise 0.
    template <class T>
    CTGAN_HD T slope(T y) const {
        return y > T{0} ? T{1} : T{0};
    }
};

/// x if x > 0, otherwise Slope * x. `Slope` is a std::ratio.
template <class Slope>
struct LeakyRectify {
    /// x if x > 0, otherwise Slope * x.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        constexpr T slope = slope_below_zero<T>;
        const T scaled = x * slope;
        // Then the result is the larger of both, which takes no branch.
        if constexpr (T{0} < slope && slope < T{1})
            return x > scaled ? x : scaled;
        else
            return x > T{0} ? x : scaled;
    }
    /// The derivative: 1 if y > 0, otherwise Slope.
    template <class T>
    CTGAN_HD T slope(T y) const {
        return detail::select(y > T{0}, T{1}, slope_below_zero<T>);
    }

  private:
    template <class T>
    static constexpr T slope_below_zero = static_cast<T>(Slope::num) / static_cast<T>(Slope::den);
};

/// The function of Tanh.
struct HyperbolicTangent {
    /// tanh(x).
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return std::tanh(x);
    }
    /// The derivative: 1 - y^2.
    template <class T>
    CTGAN_HD T slope(T y) const {
        return T{1} - y * y;
    }
    /// The second derivative: -2 y (1 - y^2).
    template <class T>
    CTGAN_HD T curvature(T y) const {
        return T{-2} * y * (T{1} - y * y);
    }
};

/// The function of Sigmoid.
struct Logistic {
    /// 1 / (1 + exp(-x)).
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return T{1} / (T{1} + std::exp(-x));
    }
    /// The derivative: y (1 - y).
    template <class T>
    CTGAN_HD T slope(T y) const {
        return y * (T{1} - y);
    }
    /// The second derivative: y (1 - y) (1 - 2 y).
    template <class T>
    CTGAN_HD T curvature(T y) const {
        return y * (T{1} - y) * (T{1} - T{2} * y);
    }
};

} // namespace functions

/// max(x, 0), for any shape. Equals torch.nn.ReLU(); the derivative at 0 is 0.
struct ReLU : Activation<functions::Rectify> {
    static constexpr LayerPatterns<ReLU> patterns{
        .in_place = true, .is_function = true, .tangent = Tangent::backward};
};

/// x if x > 0, otherwise Slope * x, for any shape. Equals torch.nn.LeakyReLU(Slope). `Slope` is a std::ratio
/// above 0 or a Value; std::ratio<1, 5> and Value<0.2> are the value of the DCGAN paper.
template <class Slope = std::ratio<1, 100>>
struct LeakyReLU : Activation<functions::LeakyRectify<Slope>> {
    static constexpr LayerPatterns<LeakyReLU> patterns{
        .in_place = true, .is_function = true, .tangent = Tangent::backward};
    using ArgumentError =
        messages::require_number<messages::slope, Slope, (Slope::num > 0), messages::above_0>;
};

/// tanh(x), for any shape. Equals torch.nn.Tanh().
struct Tanh : Activation<functions::HyperbolicTangent> {
    static constexpr LayerPatterns<Tanh> patterns{
        .in_place = true, .is_function = true, .tangent = Tangent::backward, .is_curved = true};
};

/// 1 / (1 + exp(-x)), for any shape. Equals torch.nn.Sigmoid().
struct Sigmoid : Activation<functions::Logistic> {
    static constexpr LayerPatterns<Sigmoid> patterns{
        .in_place = true, .is_function = true, .tangent = Tangent::backward, .is_curved = true};
};

} // namespace ctgan::inline CTGAN_ABI
