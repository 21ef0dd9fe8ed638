#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// How the pixels of a batch are divided into chunks: several pixels with all their channels or, of pixels
/// that are much work, some of the channels of one pixel.
struct PixelChunks {
    Index pixels;         ///< of the batch
    int channels;         ///< of a pixel
    Index per_chunk;      ///< pixels of a chunk
    int channels_a_chunk; ///< all of them unless a chunk has a single pixel

    /// `reads`: how many values are read for one that is written.
    static constexpr PixelChunks of(Index pixels, int channels, int reads) {
        constexpr Index values_per_chunk = 4096; // enough to pay for a thread
        constexpr int line = 16;                 // floats of a cache line
        const Index of_channel = Index{reads} + 1;
        const Index per_chunk = values_per_chunk / (of_channel * channels);
        if (per_chunk > 0) return {pixels, channels, per_chunk, channels};
        const Index lines = (std::max)(Index{1}, values_per_chunk / (of_channel * line));
        return {pixels, channels, 1, static_cast<int>((std::min)(Index{channels}, lines * line))};
    }
    constexpr Index parts() const { return (channels + channels_a_chunk - 1) / channels_a_chunk; }
    constexpr Index count() const { return (pixels + per_chunk - 1) / per_chunk * parts(); }
};

/// Functions of the pixels of images.
struct PixelOperations {
    /// f(sample, pixel, first, last) for all pixels of a batch; it writes their channels from `first` to
    /// before `last`.
    template <int Channels, int Pixels, class F>
    static void for_each_pixel(int batch, int reads, F f) {
        const PixelChunks chunks = PixelChunks::of(Index{batch} * Pixels, Channels, reads);
        parallel_for(chunks.count(), [=](Index chunk) {
            const int first = static_cast<int>(chunk % chunks.parts()) * chunks.channels_a_chunk;
            const int last = (std::min)(Channels, first + chunks.channels_a_chunk);
            const Index begin = chunk / chunks.parts() * chunks.per_chunk;
            const Index end = (std::min)(chunks.pixels, begin + chunks.per_chunk);
            Index sample = begin / Pixels;
            int pixel = static_cast<int>(begin % Pixels);
            for (Index i = begin; i < end; ++i) {
                f(sample, pixel, first, last);
                if (++pixel == Pixels) {
                    pixel = 0;
                    ++sample;
                }
            }
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
