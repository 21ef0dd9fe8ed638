#pragma once

#include <ctgan/core/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// Windows that move over an image: what pooling and repeating pixels have in common.
namespace ctgan::inline CTGAN_ABI::detail {

/// Rows or columns from `begin` to before `end`.
struct PixelRange {
    int begin, end;
};

/// Windows of `Kernel` of the `Values` rows (or columns) of an image, `Stride` apart, the first of which
/// begins at -Padding. Windows end at the borders of the image.
template <int Values, int Count, int Kernel, int Stride, int Padding>
struct Windows {
    static constexpr int inputs = Values, outputs = Count;
    /// The rows of a window.
    static CTGAN_HD PixelRange read_by(int window) {
        const int begin = window * Stride - Padding, end = begin + Kernel;
        return {begin > 0 ? begin : 0, end < Values ? end : Values};
    }
    /// The windows that have a row.
    static CTGAN_HD PixelRange readers_of(int row) {
        const int begin = row + Padding < Kernel ? 0 : (row + Padding - Kernel) / Stride + 1;
        const int end = (row + Padding) / Stride + 1;
        return {begin, end < Count ? end : Count};
    }
    /// Where in a window a row is.
    static CTGAN_HD int place(int window, int row) { return row + Padding - window * Stride; }
    /// The row at a place of a window.
    static CTGAN_HD int at(int window, int place) { return window * Stride - Padding + place; }
};

/// Between which images a function of rows and columns goes, such as Windows: from the inputs to the outputs
/// or, if `transposed`, back.
template <class Rows, class Columns, bool transposed>
struct LinesBetween {
    static constexpr int from_rows = transposed ? Rows::outputs : Rows::inputs;
    static constexpr int from_columns = transposed ? Columns::outputs : Columns::inputs;
    static constexpr int to_rows = transposed ? Rows::inputs : Rows::outputs;
    static constexpr int to_columns = transposed ? Columns::inputs : Columns::outputs;

    /// The lines that a line of the result is computed from.
    template <class Line>
    static CTGAN_HD PixelRange range(int at) {
        if constexpr (transposed)
            return Line::readers_of(at);
        else
            return Line::read_by(at);
    }
};

/// Calls block.run<N>(c) for channels c to c + N - 1 until all from `first` to before `last` are done. On a
/// processor most blocks fill vector registers; a CUDA thread has one channel.
template <class Block>
CTGAN_HD void in_blocks(int first, int last, const Block& block) {
    int c = first;
#if !CTGAN_IN_KERNEL
    for (; c + 16 <= last; c += 16) block.template run<16>(c);
    for (; c + 4 <= last; c += 4) block.template run<4>(c);
#endif
    for (; c < last; ++c) block.template run<1>(c);
}

/// For Backend::for_each_pixel: y = scale times the sum of x over a window, for each window, or, if
/// `transposed`, over all windows that have a pixel, for each pixel. Both add up the values of a row first.
template <int Channels, class Rows, class Columns, bool transposed, class T>
struct SumOverWindows {
    using Lines = LinesBetween<Rows, Columns, transposed>;
    static constexpr int to_rows = Lines::to_rows, to_columns = Lines::to_columns;

    T* y;
    const T* x;
    T scale;

    struct Block {
        T* to;
        const T* from;
        PixelRange rows, columns;
        T scale;
        template <int Width>
        CTGAN_HD void run(int c) const {
            Array<T, Width> sum = {};
            for (int row = rows.begin; row < rows.end; ++row) {
                Array<T, Width> of_row = {};
                for (int column = columns.begin; column < columns.end; ++column) {
                    const T* const values = from + (Index{row} * Lines::from_columns + column) * Channels + c;
                    for (int k = 0; k < Width; ++k) of_row[k] += values[k];
                }
                for (int k = 0; k < Width; ++k) sum[k] += of_row[k];
            }
            for (int k = 0; k < Width; ++k) to[c + k] = sum[k] * scale;
        }
    };
    CTGAN_HD void operator()(Index sample, int pixel, int first, int last) const {
        const PixelRange rows = Lines::template range<Rows>(pixel / to_columns),
                         columns = Lines::template range<Columns>(pixel % to_columns);
        T* const to = y + (sample * (Index{to_rows} * to_columns) + pixel) * Channels;
        const T* const from = x + sample * (Index{Lines::from_rows} * Lines::from_columns * Channels);
        if (rows.end - rows.begin == 1 && columns.end - columns.begin == 1) {
            const T* const values =
                from + (Index{rows.begin} * Lines::from_columns + columns.begin) * Channels;
            CTGAN_INDEPENDENT_ITERATIONS
            for (int c = first; c < last; ++c) to[c] = values[c] * scale;
        } else {
            in_blocks(first, last, Block{to, from, rows, columns, scale});
        }
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
