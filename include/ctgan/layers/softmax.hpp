#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>

#include <cmath>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// y = exp(x) / sum of exp(x), of one row of channels. y may be x.
template <int Channels, class T>
struct SoftmaxOfRow {
    T* y;
    const T* x;
    CTGAN_HD void operator()(Index row) const {
        T* const to = y + row * Channels;
        const T* const from = x + row * Channels;
        T largest = from[0];
        for (int c = 1; c < Channels; ++c) largest = from[c] > largest ? from[c] : largest;
        T sum = 0;
        for (int c = 0; c < Channels; ++c) {
            to[c] = std::exp(from[c] - largest);
            sum += to[c];
        }
        for (int c = 0; c < Channels; ++c) to[c] /= sum;
    }
};

/// dx = y (dy - sum of y dy), of one row of channels. dx may be dy.
template <int Channels, class T>
struct SoftmaxGradientOfRow {
    T* dx;
    const T *y, *dy;
    CTGAN_HD void operator()(Index row) const {
        const Index at = row * Channels;
        T sum = 0;
        for (int c = 0; c < Channels; ++c) sum += y[at + c] * dy[at + c];
        for (int c = 0; c < Channels; ++c) dx[at + c] = y[at + c] * (dy[at + c] - sum);
    }
};

/// The gradient of dyᵀ J b with respect to x, of one row: with the values q = dy b - dy (y b) - b (y dy),
/// where the products in brackets are sums over the row, y (q - sum of y q). It may overwrite dy.
template <int Channels, class T>
struct SoftmaxCurvatureOfRow {
    T* u;
    const T *y, *dy, *b;
    CTGAN_HD void operator()(Index row) const {
        const Index at = row * Channels;
        T of_dy = 0, of_b = 0, of_both = 0;
        for (int c = 0; c < Channels; ++c) {
            of_dy += y[at + c] * dy[at + c];
            of_b += y[at + c] * b[at + c];
            of_both += y[at + c] * dy[at + c] * b[at + c];
        }
        const T sum = of_both - T{2} * of_dy * of_b;
        for (int c = 0; c < Channels; ++c)
            u[at + c] = y[at + c] * (dy[at + c] * b[at + c] - dy[at + c] * of_b - b[at + c] * of_dy - sum);
    }
};

} // namespace detail

/// exp(x) / sum of exp(x): positive values whose sum is 1, over the values of a flat sample or over the
/// channels of each pixel. Equals torch.nn.Softmax(dim=1). CrossEntropyLoss contains it: a classifier that is
/// trained with that loss returns x.
struct Softmax : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    static constexpr LayerPatterns<Softmax> patterns{
        .in_place = true, .tangent = Tangent::backward, .is_curved = true};
    static constexpr bool reads_input = false;
    static constexpr bool reads_output = true;

    template <class Pass>
    static void forward(const Pass& p) {
        using In = typename Pass::Input;
        Pass::Backend::for_each(Index{p.batch} * In::pixels,
                                detail::SoftmaxOfRow<In::channels, typename Pass::Scalar>{p.output, p.input});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        using In = typename Pass::Input;
        Pass::Backend::for_each(Index{p.batch} * In::pixels,
                                detail::SoftmaxGradientOfRow<In::channels, typename Pass::Scalar>{
                                    p.input_gradient, p.output, p.output_gradient});
    }
    template <class Pass>
    static void curvature(const Pass& p) {
        using In = typename Pass::Input;
        Pass::Backend::for_each(Index{p.batch} * In::pixels,
                                detail::SoftmaxCurvatureOfRow<In::channels, typename Pass::Scalar>{
                                    p.adjoint, p.output, p.output_gradient, p.tangent});
    }
};

} // namespace ctgan::inline CTGAN_ABI
