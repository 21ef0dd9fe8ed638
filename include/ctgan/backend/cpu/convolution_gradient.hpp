#pragma once

#include <ctgan/backend/cpu/convolution.hpp>

namespace ctgan::cpu {

/// The gradient to a convolution's weight: for each tap, the sum over all pairs of pixels of the product of
/// the big image's channels and the small image's. A tile of it, some channels of one image by two packs of
/// the other's, stays in registers while the kernel runs over the pairs of all samples. The big image's channels
/// lie along the packs, as they do in the weight, unless they are too few for one.
template <class G, class T>
struct ConvolutionWeightGradient {
    static constexpr bool packs_are_small =
        G::big_channels < Pack<T>::size && G::small_channels >= G::big_channels;
    static constexpr int pack_channels = packs_are_small ? G::small_channels : G::big_channels;
    static constexpr int lone_channels = packs_are_small ? G::big_channels : G::small_channels;
    static constexpr int lanes = Pack<T>::size;
    static constexpr int packs = pack_channels > lanes ? 2 : 1;
    static constexpr int width = packs * lanes;
    static constexpr int blocks = (pack_channels + width - 1) / width;
    static constexpr Parts lone{lone_channels, registers >= 32 ? 12 : 6};

    /// Parts of one piece of work, and samples that it takes at a time: these numbers stay near while all
    /// taps use them.
    static constexpr int parts_of_a_piece = 4;
    static constexpr int samples_at_once = 2;
    /// The sums of one part: [tap][lone channel][channel of the block].
    static constexpr Index tile = Index{G::taps} * lone.largest() * width;
    static constexpr Index scratch_size = blocks * lone.count() * tile;

    static void run(int batch, const T* big, const T* small, T* dw, bool add, T* sums) {
        constexpr int groups = (lone.count() + parts_of_a_piece - 1) / parts_of_a_piece;
        for_each_piece(Index{blocks} * groups, [=](Index piece) {
            const int block = static_cast<int>(piece) / groups;
            const int first = static_cast<int>(piece) % groups * parts_of_a_piece;
            const int last = std::min(lone.count(), first + parts_of_a_piece);
            constexpr int rest = pack_channels - (blocks - 1) * width;
            T* tiles = sums + block * lone.count() * tile;
            if (block < blocks - 1)
                compute<packs, lanes>(batch, block, first, last, big, small, tiles);
            else
                compute<(rest + lanes - 1) / lanes, (rest - 1) % lanes + 1>(batch, block, first, last, big,
                                                                            small, tiles);
            for (int part = first; part < last; ++part)
                unpack(block, part, block < blocks - 1 ? width : rest, tiles + part * tile, dw, add);
        });
    }

  private:
    /// All taps of a block of pack channels by some parts of the other image's channels.
    template <int Packs, int LastLanes>
    static void compute(int batch, int block, int first_part, int last_part, const T* big, const T* small,
                        T* tiles) {
        std::fill(tiles + first_part * tile, tiles + last_part * tile, T{0});
        for (int first = 0; first < batch; first += samples_at_once) {
            const int last = std::min(batch, first + samples_at_once);
            for (int part = first_part; part < last_part; ++part)
                for (int tap = 0; tap < G::taps; ++tap) {
                    T* sums = tiles + part * tile + tap * lone.size(part) * width;
                    if (lone.size(part) == lone.largest())
                        add_pairs<Packs, LastLanes, lone.largest()>(first, last, tap, block * width,
                                                                    lone.begin(part), big, small, sums);
                    else
                        add_pairs<Packs, LastLanes, lone.smallest()>(first, last, tap, block * width,
                                                                     lone.begin(part), big, small, sums);
                }
        }
    }

    /// A part's sums to where the weight has them.
    static void unpack(int block, int part, int channels, const T* sums, T* dw, bool add) {
        for (int tap = 0; tap < G::taps; ++tap)
            for (int l = 0; l < lone.size(part); ++l, sums += width) {
                const Index s = packs_are_small ? block * width : lone.begin(part) + l;
                const Index b = packs_are_small ? lone.begin(part) + l : block * width;
                constexpr Index step = packs_are_small ? G::big_channels : 1;
                T* to = dw + (Index{tap} * G::small_channels + s) * G::big_channels + b;
                for (int p = 0; p < channels; ++p) to[p * step] = add ? to[p * step] + sums[p] : sums[p];
            }
    }

    /// sums[lone channel][pack channel] += the products of all pairs of a tap in samples `first` to `last`.
    template <int Packs, int LastLanes, int Lone>
    static void add_pairs(int first, int last, int tap, int pack_begin, int lone_begin, const T* big,
                          const T* small, T* sums) {
        const int ky = tap / G::kernel, kx = tap % G::kernel;
        const auto rows = G::rows(ky), columns = G::columns(kx);
        Pack<T> sum[Lone][Packs];
        CTGAN_UNROLL
        for (auto& row_of_sums : sum)
            for (auto& one : row_of_sums) one = Pack<T>(T{0});
        for (Index sample = first; sample < last; ++sample)
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
                    Pack<T> packed[Packs];
                    CTGAN_UNROLL
                    for (int q = 0; q < Packs; ++q)
                        packed[q] = q < Packs - 1 || LastLanes == lanes
                                        ? Pack<T>::load(along + q * lanes)
                                        : Pack<T>::load_first(along + q * lanes, LastLanes);
                    CTGAN_UNROLL
                    for (int l = 0; l < Lone; ++l) {
                        const Pack<T> value(alone[l]);
                        CTGAN_UNROLL
                        for (int q = 0; q < Packs; ++q) sum[l][q] = multiply_add(value, packed[q], sum[l][q]);
                    }
                }
        for (int l = 0; l < Lone; ++l)
            for (int q = 0; q < Packs; ++q) {
                T* to = sums + l * width + q * lanes;
                (Pack<T>::load(to) + sum[l][q]).store(to);
            }
    }
};

} // namespace ctgan::cpu
