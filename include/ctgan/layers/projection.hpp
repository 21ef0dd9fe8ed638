#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/layers/tangent_pass.hpp>

/// What a projection discriminator consists of.
namespace ctgan::inline CTGAN_ABI {

template <class... Layers>
struct Sequential;

namespace detail {

/// For Backend::for_each: a part of the inner product of the first half of a sample of a and the second half
/// of one of b, of N values each; with `both` halves of both, plus that of the others. The parts are the same
/// for every batch and number of threads.
template <class T, int N>
struct ProductOfPart {
    static constexpr int values = 128;
    static constexpr int parts = (N + values - 1) / values;

    T* sums;
    const T *a, *b;
    bool both;

    CTGAN_HD void operator()(Index at) const {
        const Index first = at / parts * 2 * N, second = first + N;
        const int begin = static_cast<int>(at % parts) * values,
                  end = N < begin + values ? N : begin + values;
        double sum = 0;
        for (int i = begin; i < end; ++i)
            sum += static_cast<double>(a[first + i]) * static_cast<double>(b[second + i]);
        if (both)
            for (int i = begin; i < end; ++i)
                sum += static_cast<double>(b[first + i]) * static_cast<double>(a[second + i]);
        sums[at] = static_cast<T>(sum);
    }
};
template <class T, int Parts>
struct SumOfParts {
    T* y;
    const T* sums;

    CTGAN_HD void operator()(Index sample) const {
        double sum = 0;
        for (int part = 0; part < Parts; ++part) sum += static_cast<double>(sums[sample * Parts + part]);
        y[sample] = static_cast<T>(sum);
    }
};

/// For Backend::for_each_pixel: y is x with its halves exchanged, times the sample's factor.
template <class T, int N>
struct ScaledOtherHalf {
    T* y;
    const T *x, *factors;

    CTGAN_HD void operator()(Index sample, int, int first, int last) const {
        const Index at = sample * 2 * N;
        for (int c = first; c < last; ++c) y[at + c] = factors[sample] * x[at + (c < N ? c + N : c - N)];
    }
};

} // namespace detail

/// Channels `First` to `First` + `Count` - 1 of images, or these values of flat samples. Equals
/// torch.narrow(x, 1, First, Count).
template <int First, int Count>
struct Narrow : LayerDefaults {
    template <int N>
        requires(First >= 0 && Count >= 1 && First + Count <= N)
    static auto out(Flat<N>) -> Flat<Count>;
    template <int C, int H, int W>
        requires(First >= 0 && Count >= 1 && First + Count <= C)
    static auto out(Image<C, H, W>) -> Image<Count, H, W>;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<Narrow> patterns{.tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        using In = typename Pass::Input;
        Pass::Backend::copy_columns(p.output, Count, p.input + First, In::channels,
                                    Index{p.batch} * In::pixels, Count);
    }
    /// The other channels have no gradient.
    template <class Pass>
    static void backward(const Pass& p) {
        using In = typename Pass::Input;
        using T = typename Pass::Scalar;
        Pass::Backend::fill(p.input_gradient, Index{p.batch} * In::size, T{0});
        Pass::Backend::copy_columns(p.input_gradient + First, In::channels, p.output_gradient, Count,
                                    Index{p.batch} * In::pixels, Count);
    }
};

/// The inner product of the two halves of a flat sample of 2 N values: y = sum over k < N of x[k] x[N + k].
/// In PyTorch, with a and b in place of torch.cat([a, b], dim=1): (a * b).sum(dim=1, keepdim=True).
template <int N>
struct InnerProduct : LayerDefaults {
    static auto out(Flat<2 * N>) -> Flat<1>;
    using Takes = Flat<(N < 1 ? 2 : 2 * N)>;
    using ArgumentError = messages::require<messages::inputs, N, messages::at_least<1>>;
    static constexpr LayerPatterns<InnerProduct> patterns{.tangent = Tangent::own, .is_curved = true};
    template <class In, class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch{.per_sample = detail::ProductOfPart<T, N>::parts};

    template <class Pass>
    static void forward(const Pass& p) {
        sum<Pass>(p.output, p.input, p.input, p, false);
    }
    /// Each half's gradient is dy times the other half.
    template <class Pass>
    static void backward(const Pass& p) {
        scale<Pass>(p.input_gradient, p.input, p.output_gradient, p.batch);
    }
    /// t of one half times the other half, and the other way.
    template <class Pass>
    static void tangent(const Pass& p) {
        sum<Pass>(p.output_tangent, p.tangent, p.input, p, true);
    }
    /// The tangent's gradient is that of y, with t in place of the sample.
    template <class Pass>
    static void curvature(const Pass& p) {
        scale<Pass>(p.adjoint, p.tangent, p.output_gradient, p.batch);
    }

  private:
    template <class Pass, class T>
    static void sum(T* y, const T* a, const T* b, const Pass& p, bool both) {
        constexpr int parts = detail::ProductOfPart<T, N>::parts;
        T* const sums = parts == 1 ? y : p.scratch;
        Pass::Backend::for_each(Index{p.batch} * parts, detail::ProductOfPart<T, N>{sums, a, b, both});
        if constexpr (parts > 1) Pass::Backend::for_each(p.batch, detail::SumOfParts<T, parts>{y, sums});
    }
    template <class Pass, class T>
    static void scale(T* y, const T* x, const T* factors, int batch) {
        Pass::Backend::template for_each_pixel<2 * N, 1>(batch, 2,
                                                         detail::ScaledOtherHalf<T, N>{y, x, factors});
    }
};

/// The last layer of a projection discriminator (Miyato, Koyama 2018). It takes the image's features and,
/// behind them, the vector of its label, `Features` values each, and returns the score
///
///     y = Score(features) + <vector, features>
///
/// For example, with `Body` from images to Flat<128>:
///
///     Sequential<Inputs<Image<1, 28, 28>, Classes<10>>,
///                Concat<Sequential<Select<0>, Body>, Sequential<Select<1>, Embedding<10, 128>>>,
///                Projection<128>>
///
/// `Score` is Linear or, for example, SpectralNorm<Linear<Features, 1>>.
template <int Features, class Score = Linear<Features, 1>>
using Projection = Add<Sequential<Narrow<0, Features>, Score>, InnerProduct<Features>>;

} // namespace ctgan::inline CTGAN_ABI
