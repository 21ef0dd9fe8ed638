#pragma once

#include <ctgan/ctgan.hpp>

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
