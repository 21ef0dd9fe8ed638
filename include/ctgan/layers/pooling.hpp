#pragma once

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/core/select.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/windows.hpp>

#include <cstdint>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

template <int Kernel, int Stride, int Padding>
using PoolingArgumentError = messages::first_problem<
    messages::require<messages::kernel, Kernel, messages::at_least<1>>,
    messages::require<messages::stride, Stride, messages::at_least<1>>,
    messages::require<messages::padding, Padding, messages::at_most_half_of_the_kernel<Kernel>>>;

/// What the pooling layers with a kernel share: the shapes, and their windows.
template <int Kernel, int Stride, int Padding>
struct PoolingLayer : LayerDefaults {
    template <int C, int H, int W>
        requires(H + 2 * Padding >= Kernel && W + 2 * Padding >= Kernel)
    static auto out(Image<C, H, W>) -> Image<C, convolution_extent(H, Kernel, Stride, Padding),
                                             convolution_extent(W, Kernel, Stride, Padding)>;
    using Takes = messages::AnyImageOfAtLeast<Kernel - 2 * Padding, Kernel - 2 * Padding>;
    using ArgumentError = PoolingArgumentError<Kernel, Stride, Padding>;
    static constexpr bool reads_input = false;

    template <class Pass>
    using Rows = Windows<Pass::Input::height, Pass::Output::height, Kernel, Stride, Padding>;
    template <class Pass>
    using Columns = Windows<Pass::Input::width, Pass::Output::width, Kernel, Stride, Padding>;
    /// At most this many windows have a pixel.
    static constexpr int overlap = Stride > 0 ? (Kernel + Stride - 1) / Stride : 1;
};

/// y = the sums of x over windows or, if `transposed`, over the windows that have a pixel, times a scale.
/// `reads` values are read for one of y.
template <bool transposed, class Rows, class Columns, class Pass, class T>
void sum_over_windows(const Pass& p, T* y, const T* x, T scale, int reads) {
    constexpr int channels = Pass::Input::channels;
    using OverWindows = SumOverWindows<channels, Rows, Columns, transposed, T>;
    Pass::Backend::template for_each_pixel<channels, OverWindows::to_rows * OverWindows::to_columns>(
        p.batch, reads, OverWindows{y, x, scale});
}

/// y = the largest value of each window, and at which place of the window it is: counted row by row, as the
/// kernel's positions are.
template <int Channels, class Rows, class Columns, int Kernel, class Place, class T>
struct MaxOfWindows {
    T* y;
    Place* where;
    const T* x;

    struct Block {
        T* to;
        Place* where;
        const T* from;
        int row, column; // of the window
        template <int Width>
        CTGAN_HD void run(int c) const {
            using Number = typename FloatBits<T>::type; // as wide as T, so that both fill registers
            const PixelRange rows = Rows::read_by(row), columns = Columns::read_by(column);
            Array<T, Width> best;
            Array<Number, Width> at;
            const T* const start = from + (Index{rows.begin} * Columns::inputs + columns.begin) * Channels;
            for (int k = 0; k < Width; ++k) best[k] = start[c + k];
            for (int k = 0; k < Width; ++k) at[k] = static_cast<Number>(place(rows.begin, columns.begin));
            for (int r = rows.begin; r < rows.end; ++r)
                for (int s = columns.begin; s < columns.end; ++s) {
                    const T* const values = from + (Index{r} * Columns::inputs + s) * Channels + c;
                    const auto here = static_cast<Number>(place(r, s));
                    for (int k = 0; k < Width; ++k) {
                        const T value = values[k];
                        // As in PyTorch, the first of equal values, and the last NaN, also with -ffast-math.
                        const int larger = int{value > best[k]} & int{!is_nan(best[k])};
                        const bool takes = (int{is_nan(value)} | larger) != 0;
                        best[k] = select(takes, value, best[k]);
                        const Number mask = Number{0} - static_cast<Number>(takes);
                        at[k] = (here & mask) | (at[k] & ~mask);
                    }
                }
            for (int k = 0; k < Width; ++k) to[c + k] = best[k];
            for (int k = 0; k < Width; ++k) where[c + k] = static_cast<Place>(at[k]);
        }
        CTGAN_HD int place(int r, int s) const {
            return Rows::place(row, r) * Kernel + Columns::place(column, s);
        }
    };
    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const Index to = (sample * (Rows::outputs * Columns::outputs) + pixel) * Channels;
        in_blocks(first, last,
                  Block{y + to, where + to, x + sample * (Index{Rows::inputs} * Columns::inputs * Channels),
                        pixel / Columns::outputs, pixel % Columns::outputs});
    }
};

/// y = the value of x where each window's largest value was.
template <int Channels, class Rows, class Columns, int Kernel, class Place, class T>
struct ValuesAtPlaces {
    T* y;
    const Place* where;
    const T* x;

    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const Index to = (sample * (Rows::outputs * Columns::outputs) + pixel) * Channels;
        const T* const image = x + sample * (Index{Rows::inputs} * Columns::inputs * Channels);
        for (int c = first; c < last; ++c) {
            const int place = where[to + c];
            const int row = Rows::at(pixel / Columns::outputs, place / Kernel);
            const int column = Columns::at(pixel % Columns::outputs, place % Kernel);
            y[to + c] = image[(Index{row} * Columns::inputs + column) * Channels + c];
        }
    }
};

/// dx of a pixel = the sum of dy of all windows whose largest value it is.
template <int Channels, class Rows, class Columns, int Kernel, class Place, class T>
struct MaxGradient {
    T* dx;
    const Place* where;
    const T* dy;

    struct Block {
        T* to;
        const Place* where;
        const T* from;
        int row, column; // of the pixel
        template <int Width>
        CTGAN_HD void run(int c) const {
            const PixelRange rows = Rows::readers_of(row), columns = Columns::readers_of(column);
            Array<T, Width> sum = {};
            for (int r = rows.begin; r < rows.end; ++r)
                for (int s = columns.begin; s < columns.end; ++s) {
                    const Index window = (Index{r} * Columns::outputs + s) * Channels + c;
                    const auto here =
                        static_cast<Place>(Rows::place(r, row) * Kernel + Columns::place(s, column));
                    for (int k = 0; k < Width; ++k)
                        sum[k] += select(where[window + k] == here, from[window + k], T{0});
                }
            for (int k = 0; k < Width; ++k) to[c + k] = sum[k];
        }
    };
    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const Index windows = sample * (Index{Rows::outputs} * Columns::outputs * Channels);
        in_blocks(first, last,
                  Block{dx + (sample * (Rows::inputs * Columns::inputs) + pixel) * Channels, where + windows,
                        dy + windows, pixel / Columns::inputs, pixel % Columns::inputs});
    }
};

} // namespace detail

/// The largest value of each window, per channel. Equals torch.nn.MaxPool2d(Kernel, Stride, Padding). A
/// height or width n becomes
///
///     floor((n + 2 Padding - Kernel) / Stride) + 1.
///
/// A window ends at the borders of the image. The gradient goes to the first of equal values, in the order of
/// rows; NaN counts as the largest value.
template <int Kernel, int Stride = Kernel, int Padding = 0>
struct MaxPool2d : detail::PoolingLayer<Kernel, Stride, Padding> {
    /// The place of a window's largest value, which backward reads in place of the input.
    using Place = std::conditional_t<(Kernel <= 16), std::uint8_t,
                                     std::conditional_t<(Kernel <= 256), std::uint16_t, std::uint32_t>>;
    /// A place for each value of the output.
    template <class In>
    static constexpr MemorySize saved{
        (Index{output_of<MaxPool2d, In>::size} * Index{sizeof(Place)} + 3) / Index{sizeof(float)}, 0};
    static constexpr LayerPatterns<MaxPool2d> patterns{.tangent = Tangent::own};

    template <class Pass>
    static void forward(const Pass& p) {
        using Out = typename Pass::Output;
        using T = typename Pass::Scalar;
        Pass::Backend::template for_each_pixel<Out::channels, Out::pixels>(
            p.batch, Kernel * Kernel,
            detail::MaxOfWindows<Out::channels, typename MaxPool2d::template Rows<Pass>,
                                 typename MaxPool2d::template Columns<Pass>, Kernel, Place, T>{
                p.output, reinterpret_cast<Place*>(p.saved), p.input});
    }

    template <class Pass>
    static void backward(const Pass& p) {
        using In = typename Pass::Input;
        using T = typename Pass::Scalar;
        constexpr int windows = MaxPool2d::overlap * MaxPool2d::overlap;
        Pass::Backend::template for_each_pixel<In::channels, In::pixels>(
            p.batch, windows,
            detail::MaxGradient<In::channels, typename MaxPool2d::template Rows<Pass>,
                                typename MaxPool2d::template Columns<Pass>, Kernel, Place, T>{
                p.input_gradient, reinterpret_cast<const Place*>(p.saved), p.output_gradient});
    }

    template <class Pass>
    static void tangent(const Pass& p) {
        using Out = typename Pass::Output;
        using T = typename Pass::Scalar;
        Pass::Backend::template for_each_pixel<Out::channels, Out::pixels>(
            p.batch, 1,
            detail::ValuesAtPlaces<Out::channels, typename MaxPool2d::template Rows<Pass>,
                                   typename MaxPool2d::template Columns<Pass>, Kernel, Place, T>{
                p.output_tangent, reinterpret_cast<const Place*>(p.saved), p.tangent});
    }
};

/// The mean of each window, per channel: its sum divided by Kernel^2, with zeros where it is outside of the
/// image. Equals torch.nn.AvgPool2d(Kernel, Stride, Padding), whose count_include_pad is True. Heights and
/// widths are those of MaxPool2d.
template <int Kernel, int Stride = Kernel, int Padding = 0>
struct AvgPool2d : detail::PoolingLayer<Kernel, Stride, Padding> {
    static constexpr LayerPatterns<AvgPool2d> patterns{.tangent = Tangent::forward};
    template <class Pass>
    static void forward(const Pass& p) {
        pool<false>(p, p.output, p.input, Kernel * Kernel);
    }
    /// dx of a pixel = the sum of dy of the windows that have it, divided by Kernel^2.
    template <class Pass>
    static void backward(const Pass& p) {
        pool<true>(p, p.input_gradient, p.output_gradient, AvgPool2d::overlap * AvgPool2d::overlap);
    }

  private:
    template <bool transposed, class Pass, class T>
    static void pool(const Pass& p, T* y, const T* x, int reads) {
        detail::sum_over_windows<transposed, typename AvgPool2d::template Rows<Pass>,
                                 typename AvgPool2d::template Columns<Pass>>(
            p, y, x, T(1) / static_cast<T>(Kernel * Kernel), reads);
    }
};

/// The mean of each channel over all pixels: from [C, H, W] to [C]. Equals torch.nn.AdaptiveAvgPool2d(1)
/// followed by torch.nn.Flatten().
struct GlobalAvgPool2d : LayerDefaults {
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Flat<C>;
    using Takes = messages::AnyImage;
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<GlobalAvgPool2d> patterns{.tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        pool<false>(p, p.output, p.input, Pass::Input::pixels);
    }
    template <class Pass>
    static void backward(const Pass& p) {
        pool<true>(p, p.input_gradient, p.output_gradient, 1);
    }

  private:
    template <bool transposed, class Pass, class T>
    static void pool(const Pass& p, T* y, const T* x, int reads) {
        constexpr int height = Pass::Input::height, width = Pass::Input::width;
        detail::sum_over_windows<transposed, detail::Windows<height, 1, height, height, 0>,
                                 detail::Windows<width, 1, width, width, 0>>(
            p, y, x, T(1) / static_cast<T>(Pass::Input::pixels), reads);
    }
};

} // namespace ctgan::inline CTGAN_ABI
