#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/layer.hpp>
#include <ctgan/layers/windows.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// How Upsample computes the new pixels: it repeats the nearest one, or interpolates linearly between two
/// rows and two columns. They are the modes 'nearest' and 'bilinear' of torch.nn.Upsample.
enum class Interpolation { nearest, bilinear };

namespace detail {

/// Linear interpolation of `Count` rows (or columns) to Factor times as many, as PyTorch does with
/// align_corners off: new row r is at (r + 1/2) / Factor - 1/2, or at 0 if that is negative. In units of 1 /
/// (2 Factor) these places are whole numbers.
template <int Count, int Factor>
struct LinearInterpolation {
    static constexpr int inputs = Count, outputs = Count * Factor, unit = 2 * Factor;
    static CTGAN_HD int place(int row) {
        const int at = 2 * row + 1 - Factor;
        return at > 0 ? at : 0;
    }
    /// The rows between which a new one is.
    static CTGAN_HD PixelRange read_by(int row) {
        const int begin = place(row) / unit;
        return {begin, begin + 2 < Count ? begin + 2 : Count};
    }
    /// The new rows that depend on a row.
    static CTGAN_HD PixelRange readers_of(int source) {
        const int begin = Factor * (source - 1) + (Factor + 1) / 2;
        const int end = Factor * (source + 1) + Factor / 2;
        return {begin > 0 ? begin : 0, end < outputs ? end : outputs};
    }
    /// The weight of a source in a new row. The last one has that of the row that would follow, too.
    template <class T>
    static CTGAN_HD T weight(int row, int source) {
        const int distance = place(row) - source * unit; // at least -unit and below unit
        if (source == Count - 1 && distance >= 0) return T{1};
        return static_cast<T>(unit - (distance < 0 ? -distance : distance)) / static_cast<T>(unit);
    }
};

/// For Backend::for_each_pixel: the interpolated images or, if `transposed`, the gradient with respect to
/// what was interpolated. Each value is a weighted sum, in a fixed order.
template <int Channels, class Rows, class Columns, bool transposed, class T>
struct Interpolate {
    using Lines = LinesBetween<Rows, Columns, transposed>;
    static constexpr int to_rows = Lines::to_rows, to_columns = Lines::to_columns;

    T* y;
    const T* x;

    template <class Line>
    static CTGAN_HD T weight(int at, int other) {
        return transposed ? Line::template weight<T>(other, at) : Line::template weight<T>(at, other);
    }
    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const int row = pixel / to_columns, column = pixel % to_columns;
        const PixelRange rows = Lines::template range<Rows>(row),
                         columns = Lines::template range<Columns>(column);
        T* const to = y + (sample * (Index{to_rows} * to_columns) + pixel) * Channels;
        for (int r = rows.begin; r < rows.end; ++r) {
            const T of_row = weight<Rows>(row, r);
            const T* const from =
                x + (sample * Lines::from_rows + r) * (Index{Lines::from_columns} * Channels);
            for (int s = columns.begin; s < columns.end; ++s) {
                const T factor = of_row * weight<Columns>(column, s);
                const T* const values = from + Index{s} * Channels;
                if (r == rows.begin && s == columns.begin) {
                    CTGAN_INDEPENDENT_ITERATIONS
                    for (int c = first; c < last; ++c) to[c] = factor * values[c];
                } else {
                    CTGAN_INDEPENDENT_ITERATIONS
                    for (int c = first; c < last; ++c) to[c] += factor * values[c];
                }
            }
        }
    }
};

} // namespace detail

/// Images of Factor times the height and width. Equals torch.nn.Upsample(scale_factor=Factor) or, with
/// Interpolation::bilinear, torch.nn.Upsample(scale_factor=Factor, mode='bilinear'), whose align_corners is
/// False: there pixel r is at (r + 1/2) / Factor - 1/2 among the old ones, or at 0 if that is negative.
template <int Factor, Interpolation Mode = Interpolation::nearest>
struct Upsample : LayerDefaults {
    template <int C, int H, int W>
    static auto out(Image<C, H, W>) -> Image<C, Factor * H, Factor * W>;
    using Takes = messages::AnyImage;
    using ArgumentError = messages::require<messages::factor, Factor, messages::at_least<1>>;
    /// Writes the template arguments, for texts about networks.
    static constexpr void write_arguments(messages::Writer& writer) {
        writer << "<" << Factor << (Mode == Interpolation::nearest ? ", nearest>" : ", bilinear>");
    }
    static constexpr bool reads_input = false;
    static constexpr LayerPatterns<Upsample> patterns{.tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        if constexpr (Mode == Interpolation::nearest)
            run<detail::SumOverWindows, Pass, true>(p, 1, p.output, p.input, typename Pass::Scalar{1});
        else
            run<detail::Interpolate, Pass, false>(p, 4, p.output, p.input);
    }
    /// dx = the sum of dy of the new pixels that depend on x, with the weights that x has in them.
    template <class Pass>
    static void backward(const Pass& p) {
        constexpr int reads = Factor * Factor;
        if constexpr (Mode == Interpolation::nearest)
            run<detail::SumOverWindows, Pass, false>(p, reads, p.input_gradient, p.output_gradient,
                                                     typename Pass::Scalar{1});
        else
            run<detail::Interpolate, Pass, true>(p, 4 * reads, p.input_gradient, p.output_gradient);
    }

  private:
    /// The rows or columns: repeating them is the transpose of pooling.
    template <int Count>
    using Lines = std::conditional_t<Mode == Interpolation::nearest,
                                     detail::Windows<Factor * Count, Count, Factor, Factor, 0>,
                                     detail::LinearInterpolation<Count, Factor>>;
    template <template <int, class, class, bool, class> class Function, class Pass, bool transposed,
              class... Arguments>
    static void run(const Pass& p, int reads, const Arguments&... arguments) {
        using In = typename Pass::Input;
        using F =
            Function<In::channels, Lines<In::height>, Lines<In::width>, transposed, typename Pass::Scalar>;
        Pass::Backend::template for_each_pixel<In::channels, F::to_rows * F::to_columns>(p.batch, reads,
                                                                                         F{arguments...});
    }
};

} // namespace ctgan::inline CTGAN_ABI
