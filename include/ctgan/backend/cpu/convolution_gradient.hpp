#pragma once

#include <ctgan/backend/cpu/convolution.hpp>

namespace ctgan::cpu {

/// The gradient to a convolution's weight: for each tap, the sum over all pairs of pixels of the product of
/// the big image's channels and the small image's. A tile of it, some channels of one image by two packs of
/// the other's, stays in registers while the kernel runs over the pairs of all samples. The image with more
/// channels lies along the packs.
template <class G, class T>
struct ConvolutionWeightGradient {
    static constexpr bool packs_are_small = G::small_channels >= G::big_channels;
    static constexpr int pack_channels = packs_are_small ? G::small_channels : G::big_channels;
    static constexpr int lone_channels = packs_are_small ? G::big_channels : G::small_channels;
    static constexpr int lanes = Pack<T>::size;
    static constexpr int packs = pack_channels > lanes ? 2 : 1;
    static constexpr int width = packs * lanes;
    static constexpr int blocks = (pack_channels + width - 1) / width;
    static constexpr Parts lone{lone_channels, registers >= 32 ? 12 : 6};

    static void run(int batch, const T* big, const T* small, T* dw, bool add) {
        for_each_piece(Index{blocks} * lone.count(), [=](Index piece) {
            const int block = static_cast<int>(piece) / lone.count();
            const int part = static_cast<int>(piece) % lone.count();
            constexpr int rest = pack_channels - (blocks - 1) * width;
            if (lone.size(part) == lone.largest())
                compute<lone.largest(), rest>(batch, block, lone.begin(part), big, small, dw, add);
            else
                compute<lone.smallest(), rest>(batch, block, lone.begin(part), big, small, dw, add);
        });
    }

  private:
    /// All taps of a block of pack channels by `Lone` channels of the other image.
    template <int Lone, int Rest>
    static void compute(int batch, int block, int lone_begin, const T* big, const T* small, T* dw, bool add) {
        alignas(64) T tile[G::taps][Lone][width];
        const int channels = std::min(width, pack_channels - block * width);
        const bool whole = channels == width;
        for (int tap = 0; tap < G::taps; ++tap) {
            if (whole)
                sum_pairs<Lone, lanes>(batch, tap, block * width, lone_begin, big, small, tile[tap]);
            else
                sum_pairs<Lone, (Rest - 1) % lanes + 1>(batch, tap, block * width, lone_begin, big, small,
                                                        tile[tap]);
        }
        for (int p = 0; p < channels; ++p)
            for (int l = 0; l < Lone; ++l) {
                const Index s = packs_are_small ? block * width + p : lone_begin + l;
                const Index b = packs_are_small ? lone_begin + l : block * width + p;
                T* to = dw + (s * G::big_channels + b) * G::taps;
                for (int tap = 0; tap < G::taps; ++tap)
                    to[tap] = add ? to[tap] + tile[tap][l][p] : tile[tap][l][p];
            }
    }

    template <int Lone, int LastLanes>
    static void sum_pairs(int batch, int tap, int pack_begin, int lone_begin, const T* big, const T* small,
                          T (&result)[Lone][width]) {
        // A block may end before its second pack begins; that pack would then read the next pixel's numbers.
        constexpr int used = LastLanes == lanes ? packs : (pack_channels % width + lanes - 1) / lanes;
        const int ky = tap / G::kernel, kx = tap % G::kernel;
        const auto rows = G::rows(ky), columns = G::columns(kx);
        Pack<T> sum[Lone][used];
        CTGAN_UNROLL
        for (auto& sums : sum)
            for (auto& s : sums) s = Pack<T>(T{0});
        for (Index sample = 0; sample < batch; ++sample)
            for (int row = rows.begin; row < rows.end; ++row)
                for (int column = columns.begin; column < columns.end; ++column) {
                    const T* b = big + (sample * G::big_height * G::big_width +
                                        BigToSmall<G>::in_pixel(row, column, ky, kx)) *
                                           G::big_channels;
                    const T* s = small + (sample * G::small_height * G::small_width +
                                          BigToSmall<G>::out_pixel(row, column, ky, kx)) *
                                             G::small_channels;
                    const T* along = (packs_are_small ? s : b) + pack_begin;
                    const T* alone = (packs_are_small ? b : s) + lone_begin;
                    Pack<T> packed[used];
                    CTGAN_UNROLL
                    for (int q = 0; q < used; ++q)
                        packed[q] = q < used - 1 || LastLanes == lanes
                                        ? Pack<T>::load(along + q * lanes)
                                        : Pack<T>::load_first(along + q * lanes, LastLanes);
                    CTGAN_UNROLL
                    for (int l = 0; l < Lone; ++l) {
                        const Pack<T> value(alone[l]);
                        CTGAN_UNROLL
                        for (int q = 0; q < used; ++q) sum[l][q] = multiply_add(value, packed[q], sum[l][q]);
                    }
                }
        for (int l = 0; l < Lone; ++l)
            for (int q = 0; q < used; ++q) sum[l][q].store(&result[l][q * lanes]);
    }
};

/// The backend's verbs for convolutions.
struct ConvolutionVerbs {
    /// How many numbers the first two verbs need as scratch.
    template <class T, class G>
    static constexpr Index convolution_scratch = std::max(DirectConvolution<BigToSmall<G>, T>::scratch,
                                                          DirectConvolution<SmallToBig<G>, T>::scratch);

    /// small = convolution of big, plus a bias for each small channel (or null).
    template <class G, class T>
    static void convolution(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch) {
        DirectConvolution<BigToSmall<G>, T>::run(batch, big, w, bias, small, scratch);
    }

    /// big = transposed convolution of small, plus a bias for each big channel (or null).
    template <class G, class T>
    static void transposed_convolution(int batch, const T* small, const T* w, const T* bias, T* big,
                                       T* scratch) {
        DirectConvolution<SmallToBig<G>, T>::run(batch, small, w, bias, big, scratch);
    }

    /// dw[small channel][big channel][tap] (+)= sum over all pairs of pixels of their product.
    template <class G, class T>
    static void convolution_weight_gradient(int batch, const T* big, const T* small, T* dw, bool add) {
        ConvolutionWeightGradient<G, T>::run(batch, big, small, dw, add);
    }
};

} // namespace ctgan::cpu
