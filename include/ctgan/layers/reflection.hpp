#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

/// Reflected padding as explicit copies, torch.nn.ReflectionPad2d: beyond an edge follow the pixels before it
/// in reverse order, without the edge itself. The padding is smaller than the image.
namespace ctgan::inline CTGAN_ABI::detail {

/// padded[pixel] = the pixel of x that it shows, for pixels of all samples' padded images.
template <class Shape, int PadHeight, int PadWidth, class T>
struct Reflect {
    T* padded;
    const T* x;

    CTGAN_HD static constexpr int source(int i, int n) { // i counts from the image's first row
        const int from_start = i < 0 ? -i : i;
        return from_start < n ? from_start : 2 * (n - 1) - from_start;
    }
    CTGAN_HD void operator()(Index pixel) const {
        constexpr int width = Shape::width + 2 * PadWidth, height = Shape::height + 2 * PadHeight;
        const Index sample = pixel / (Index{width} * height);
        const int within = static_cast<int>(pixel % (Index{width} * height));
        const int row = source(within / width - PadHeight, Shape::height);
        const int column = source(within % width - PadWidth, Shape::width);
        const T* const from = x + sample * Shape::size + (row * Shape::width + column) * Shape::channels;
        T* const to = padded + pixel * Shape::channels;
        for (int c = 0; c < Shape::channels; ++c) to[c] = from[c];
    }
};

/// The transpose: dx[pixel] = the sum over all pixels of the padded image that show it, in their order.
template <class Shape, int PadHeight, int PadWidth, class T>
struct FoldReflection {
    T* dx;
    const T* padded;

    CTGAN_HD void operator()(Index pixel) const {
        constexpr int width = Shape::width + 2 * PadWidth, height = Shape::height + 2 * PadHeight;
        const Index sample = pixel / Shape::pixels;
        const int within = static_cast<int>(pixel % Shape::pixels);
        const int row = within / Shape::width, column = within % Shape::width;
        const T* const image = padded + sample * (width * height * Shape::channels);
        T* const to = dx + pixel * Shape::channels;
        for (int c = 0; c < Shape::channels; ++c) to[c] = 0;
        for (int r = 0; r < 3; ++r)
            for (int s = 0; s < 3; ++s) {
                const int y = shown_at(r, row, Shape::height, PadHeight);
                const int z = shown_at(s, column, Shape::width, PadWidth);
                if (y < 0 || z < 0) continue;
                const T* const from = image + (y * width + z) * Shape::channels;
                for (int c = 0; c < Shape::channels; ++c) to[c] += from[c];
            }
    }

  private:
    /// The rows (or columns) of the padded image that show row i of n: in the mirror before the image, in the
    /// image, and in the mirror behind it. -1 if there is none.
    CTGAN_HD static constexpr int shown_at(int place, int i, int n, int pad) {
        if (place == 1) return i + pad;
        if (place == 0) return i >= 1 && i <= pad ? pad - i : -1;
        return i <= n - 2 && i >= n - 1 - pad ? pad + 2 * (n - 1) - i : -1;
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
