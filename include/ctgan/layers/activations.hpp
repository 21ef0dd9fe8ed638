#pragma once

#include <ctgan/config.hpp>
#include <ctgan/layer.hpp>

#include <cmath>
#include <ratio>

namespace ctgan {

/// A function applied to every number. `F` is written once for all backends:
///
///     T operator()(T x)          the value,
///     T slope(T y)               the derivative at x, told by the value y = f(x) alone.
///
/// That the value suffices lets the layer overwrite its input.
template <class F>
struct Activation : LayerDefaults {
    using ElementwiseFunction = F; ///< what it applies
    /// The class that does nothing but apply F, which a neighbour may then do in its place (patterns.hpp).
    /// One that is derived from it may do more, and is not it unless it says so again.
    using Elementwise = Activation;

    template <class Shape>
    static auto out(Shape) -> Shape;

    static constexpr bool reads_input = false;
    static constexpr bool reads_output = true;
    static constexpr bool in_place = true;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(F{}, p.input, p.output, Index{p.batch} * Pass::Input::size);
    }

    template <class Pass>
    static void backward(const Pass& p) {
        if constexpr (Pass::to_input)
            Pass::Backend::zip(SlopeOf<F>{}, p.output, p.output_gradient, p.input_gradient,
                               Index{p.batch} * Pass::Input::size);
    }
};

/// The functions of the activations below.
namespace functions {

/// max(x, 0).
struct Rectify {
    /// The value.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x < T{0} ? T{0} : x; // so that NaN stays NaN
    }
    /// 1 where y > 0, else 0.
    template <class T>
    CTGAN_HD T slope(T y) const {
        return y > T{0} ? T{1} : T{0};
    }
};

/// x where x > 0, else Slope x.
template <class Slope>
struct LeakyRectify {
    /// The value.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x > T{0} ? x : x * (static_cast<T>(Slope::num) / static_cast<T>(Slope::den));
    }
    /// 1 where y > 0, else Slope.
    template <class T>
    CTGAN_HD T slope(T y) const {
        return y > T{0} ? T{1} : static_cast<T>(Slope::num) / static_cast<T>(Slope::den);
    }
};

/// tanh(x).
struct HyperbolicTangent {
    /// The value.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return std::tanh(x);
    }
    /// 1 - y^2.
    template <class T>
    CTGAN_HD T slope(T y) const {
        return T{1} - y * y;
    }
};

/// 1 / (1 + exp(-x)).
struct Logistic {
    /// The value.
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return T{1} / (T{1} + std::exp(-x));
    }
    /// y (1 - y).
    template <class T>
    CTGAN_HD T slope(T y) const {
        return y * (T{1} - y);
    }
};

} // namespace functions

/// max(x, 0), of any shape. The same as torch.nn.ReLU; its slope at 0 is 0.
struct ReLU : Activation<functions::Rectify> {
    using Elementwise = ReLU;
};

/// x where x > 0, else Slope x, of any shape. The same as torch.nn.LeakyReLU(Slope); std::ratio<1, 5> is the
/// DCGAN paper's 0.2.
template <class Slope = std::ratio<1, 100>>
struct LeakyReLU : Activation<functions::LeakyRectify<Slope>> {
    using Elementwise = LeakyReLU;
    static_assert(Slope::num > 0,
                  "ctgan: LeakyReLU's slope is above 0, or its output would not tell its input's sign");
};

/// tanh(x), of any shape. The same as torch.nn.Tanh.
struct Tanh : Activation<functions::HyperbolicTangent> {
    using Elementwise = Tanh;
};

/// 1 / (1 + exp(-x)), of any shape. The same as torch.nn.Sigmoid.
struct Sigmoid : Activation<functions::Logistic> {
    using Elementwise = Sigmoid;
};

} // namespace ctgan
