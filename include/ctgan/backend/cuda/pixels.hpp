#pragma once

#include <ctgan/backend/cuda/parallel.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

/// One channel of one pixel; consecutive threads write adjacent values.
template <int Channels, int Pixels, class F>
struct ForEachPixel {
    F f;
    CTGAN_HD void operator()(Index i) const {
        const DivMod<Channels> at(i);
        const DivMod<Pixels> pixel(at.quotient);
        f(pixel.quotient, pixel.remainder, at.remainder, at.remainder + 1);
    }
};

} // namespace detail

/// Functions of the pixels of images.
struct PixelOperations {
    /// f(sample, pixel, first, last) for all pixels of a batch and each channel.
    template <int Channels, int Pixels, class F>
    static void for_each_pixel(int batch, int, F f) {
        parallel_for(Index{batch} * Pixels * Channels, detail::ForEachPixel<Channels, Pixels, F>{f});
    }
};

} // namespace ctgan::inline CTGAN_ABI::gpu
