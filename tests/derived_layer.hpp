#pragma once

#include <ctgan/ctgan.hpp>

#include <ratio>
#include <type_traits>

/// y = -Base(x): a layer derived from a layer of the library, as an equalized or spectrally normalized one
/// would be. It computes something else than its base, so it must not take part in the patterns of its base.
template <class Base>
struct Negated : Base {
    template <class Pass>
    static void forward(const Pass& p) {
        Base::forward(p);
        negate<Pass>(p.output, ctgan::Index{p.batch} * Pass::Output::size);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        // The base adds its gradient, so what is there before is negated, too.
        if constexpr (Pass::to_parameters)
            if (p.add) negate_gradients(p);
        Base::backward(p);
        if constexpr (Pass::to_parameters) negate_gradients(p);
        if constexpr (Pass::to_input)
            negate<Pass>(p.input_gradient, ctgan::Index{p.batch} * Pass::Input::size);
    }

  private:
    struct Minus {
        template <class T>
        CTGAN_HD T operator()(T x) const {
            return -x;
        }
    };
    template <class Pass>
    static void negate(typename Pass::Scalar* values, ctgan::Index n) {
        Pass::Backend::map(values, static_cast<const typename Pass::Scalar*>(values), n, Minus{});
    }
    template <class Pass>
    static void negate_gradients(const Pass& p) {
        if constexpr (Base::parameters.size() > 0) {
            negate<Pass>(p.template gradient<0>(), Base::parameters[0].size());
            negate<Pass>(p.template gradient<1>(), Base::parameters[1].size());
        }
    }
};

namespace derived {

using namespace ctgan;

using Slope = std::ratio<1, 5>;

inline constexpr int positions = 11;
/// In place of a position: all layers are derived.
inline constexpr int everywhere = positions;

/// Layer I, derived if it is at `Position`.
template <int Position, int I, class Layer>
using L = std::conditional_t<Position == I || Position == everywhere, Negated<Layer>, Layer>;

/// Layers with all patterns; layer number `Position` of those that can be derived is.
template <int Position>
using GeneratorWith =
    Sequential<L<Position, 0, Linear<6, 8 * 4 * 4>>, ReLU, L<Position, 1, BatchNorm1d<8 * 4 * 4>>,
               Reshape<8, 4, 4>, L<Position, 2, ConvTranspose2d<8, 6, 4, 2, 1>>, ReLU,
               L<Position, 3, BatchNorm2d<6>>, L<Position, 4, ConvTranspose2d<6, 1, 3, 1, 1>>, Tanh>;
template <int Position>
using DiscriminatorWith =
    Sequential<Input<1, 8, 8>, L<Position, 5, Conv2d<1, 6, 3, 1, 1>>, LeakyReLU<Slope>,
               L<Position, 6, Dropout2d<Slope, DropoutMode::always>>, L<Position, 7, Conv2d<6, 8, 4, 2, 1>>,
               LeakyReLU<Slope>, L<Position, 8, Dropout2d<Slope>>, L<Position, 9, BatchNorm2d<8>>, Flatten,
               L<Position, 10, Linear<8 * 4 * 4, 1>>>;

/// Networks with a derived layer, Negated<X>, at all positions: first, in the middle and last, before and
/// after an activation, a dropout and a normalization. X takes and returns images of 4 channels.
template <class X>
using BesideFunctions = Sequential<Input<4, 6, 6>, Negated<X>, Tanh, Dropout2d<>, Negated<X>, Dropout2d<>,
                                   Negated<X>, Tanh, Negated<X>, BatchNorm2d<4>, Negated<X>>;
/// The same, before and after convolutions.
template <class X>
using BesideConvolutions =
    Sequential<Input<4, 6, 6>, Negated<X>, Conv2d<4, 4, 3, 1, 1>, Negated<X>, ConvTranspose2d<4, 4, 3, 1, 1>,
               Tanh, Negated<X>, Conv2d<4, 4, 3, 1, 1>, Negated<X>>;
/// The same for layers of 6 values.
template <class X>
using BesideProducts = Sequential<Input<6>, Negated<X>, Tanh, Negated<X>, BatchNorm1d<6>, Negated<X>,
                                  Linear<6, 6>, Negated<X>, Sigmoid, Linear<6, 6>, Tanh, Negated<X>>;

/// Calls f.template operator()<Net>() for these networks with each layer of the library that has a pattern.
template <class F>
void for_each_network(const F& f) {
    const auto images = [&]<class X>() {
        f.template operator()<BesideFunctions<X>>();
        f.template operator()<BesideConvolutions<X>>();
    };
    images.template operator()<Conv2d<4, 4, 3, 1, 1>>();
    images.template operator()<ConvTranspose2d<4, 4, 3, 1, 1>>();
    images.template operator()<BatchNorm2d<4>>();
    images.template operator()<Dropout2d<>>();
    f.template operator()<BesideProducts<Linear<6, 6>>>();
    f.template operator()<BesideProducts<BatchNorm1d<6>>>();
}

} // namespace derived
