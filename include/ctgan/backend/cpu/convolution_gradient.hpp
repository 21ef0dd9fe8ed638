#pragma once

#include <ctgan/backend/cpu/convolution.hpp>

namespace ctgan::cpu {

/// The gradient to a convolution's weight: for each tap, the sum over all pairs of pixels of the product of
/// the big image's channels and the small image's. A tile of it, some channels of one image by two packs of
/// the other's, stays in registers while the kernel runs over the pairs of a sample. The big image's channels
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
    static constexpr int parts_of_a_piece = 4;

    /// Whether sums are kept where the weight has them; otherwise in the scratch, [block][tap][lone
    /// channel][channel of the block].
    static constexpr bool weights_in_place = !packs_are_small && G::big_channels % width == 0;
    static constexpr Index row_step = weights_in_place ? G::big_channels : width;
    static constexpr Index tap_step = lone_channels * row_step;
    static constexpr Index block_step = weights_in_place ? width : G::taps * tap_step;
    static constexpr Index scratch_size = weights_in_place ? 0 : blocks * block_step;

    /// dw (+)= the gradient. `small_factors` of the small image's channels, or null.
    static void run(int batch, const T* big, const T* small, T* dw, bool add, T* scratch,
                    const T* small_factors) {
        constexpr int groups = (lone.count() + parts_of_a_piece - 1) / parts_of_a_piece;
        T* const all_sums = weights_in_place ? dw : scratch;
        for_each_piece(Index{blocks} * groups, [=](Index piece) {
            const int block = static_cast<int>(piece) / groups;
            const int first = static_cast<int>(piece) % groups * parts_of_a_piece;
            const int last = std::min(lone.count(), first + parts_of_a_piece);
            constexpr int rest = pack_channels - (blocks - 1) * width;
            T* const sums = all_sums + block * block_step;
            const bool begin_at_zero = !weights_in_place || !add;
            if (block < blocks - 1)
                compute<packs, lanes>(batch, block, first, last, big, small, small_factors, begin_at_zero,
                                      sums);
            else
                compute<(rest + lanes - 1) / lanes, (rest - 1) % lanes + 1>(
                    batch, block, first, last, big, small, small_factors, begin_at_zero, sums);
            if constexpr (!weights_in_place)
                unpack(block, lone.begin(first), lone.begin(last), block < blocks - 1 ? width : rest, sums,
                       dw, add);
        });
    }

  private:
    static constexpr bool can_skip = !packs_are_small;

    static void clear(int begin, int end, T* sums) {
        for (int tap = 0; tap < G::taps; ++tap)
            for (int l = begin; l < end; ++l) std::fill_n(sums + tap * tap_step + l * row_step, width, T{0});
    }

    /// All taps of a block of pack channels by some parts of the other image's channels.
    template <int Packs, int LastLanes>
    static void compute(int batch, int block, int first_part, int last_part, const T* big, const T* small,
                        const T* small_factors, bool begin_at_zero, T* sums) {
        const bool skips = can_skip && small_factors;
        if (skips && begin_at_zero) clear(lone.begin(first_part), lone.begin(last_part), sums);
        for (Index sample = 0; sample < batch; ++sample) {
            const T* const b = big + sample * G::big_height * G::big_width * G::big_channels;
            const T* const s = small + sample * G::small_height * G::small_width * G::small_channels;
            const T* const along = (packs_are_small ? s : b) + block * width;
            const T* const alone = packs_are_small ? b : s;
            if (skips) {
                int list[parts_of_a_piece * lone.largest()];
                const int count = list_kept(small_factors + sample * lone_channels, lone.begin(first_part),
                                            lone.begin(last_part), list);
                add_listed<Packs, LastLanes>(list, count, along, alone, sums);
                continue;
            }
            const bool store = begin_at_zero && sample == 0;
            for (int part = first_part; part < last_part; ++part)
                for (int tap = 0; tap < G::taps; ++tap)
                    if (lone.size(part) == lone.largest())
                        add_pairs<Packs, LastLanes, lone.largest()>(tap, Consecutive{lone.begin(part)}, along,
                                                                    alone, store, sums);
                    else
                        add_pairs<Packs, LastLanes, lone.smallest()>(tap, Consecutive{lone.begin(part)},
                                                                     along, alone, store, sums);
        }
    }

    /// The kept channels of a stretch, filled up with dropped ones, which add zeros, to a multiple of four.
    static int list_kept(const T* factors, int begin, int end, int* list) {
        int kept = 0, dropped = end - begin;
        for (int c = begin; c < end; ++c) list[factors[c] != T{0} ? kept++ : --dropped] = c;
        return std::min(end - begin, (kept + 3) / 4 * 4);
    }

    template <int Packs, int LastLanes>
    static void add_listed(const int* list, int count, const T* along, const T* alone, T* sums) {
        const auto rows = [&]<int Rows>() {
            for (; count >= Rows; count -= Rows, list += Rows)
                for (int tap = 0; tap < G::taps; ++tap)
                    add_pairs<Packs, LastLanes, Rows>(tap, Listed{list}, along, alone, false, sums);
        };
        if constexpr (lone.largest() > 8) rows.template operator()<lone.largest()>();
        if constexpr (lone.largest() > 4) rows.template operator()<std::min(8, lone.largest())>();
        rows.template operator()<4>();
        rows.template operator()<1>();
    }

    /// Which lone channels the rows of a tile are.
    struct Consecutive {
        int first;
        int operator[](int row) const { return first + row; }
    };
    struct Listed {
        const int* list;
        int operator[](int row) const { return list[row]; }
    };

    /// sums[lone channel][pack channel] += (or =) the products of all pairs of a tap of one sample.
    template <int Packs, int LastLanes, int Rows, class Channels>
    static void add_pairs(int tap, Channels channels, const T* along, const T* alone, bool store, T* sums) {
        const int ky = tap / G::kernel, kx = tap % G::kernel;
        const auto rows = G::rows(ky), columns = G::columns(kx);
        RegisterTile<T, Rows, Packs> tile;
        tile.clear();
        for (int row = rows.begin; row < rows.end; ++row)
            for (int column = columns.begin; column < columns.end; ++column) {
                const Index b = BigToSmall<G>::in_pixel(row, column, ky, kx);
                const Index s = BigToSmall<G>::out_pixel(row, column, ky, kx);
                const T* const packed =
                    along + (packs_are_small ? s * G::small_channels : b * G::big_channels);
                const T* const single =
                    alone + (packs_are_small ? b * G::big_channels : s * G::small_channels);
                Pack<T> pack[Packs];
                CTGAN_UNROLL
                for (int q = 0; q < Packs; ++q)
                    pack[q] = q < Packs - 1 || LastLanes == lanes
                                  ? Pack<T>::load(packed + q * lanes)
                                  : Pack<T>::load_first(packed + q * lanes, LastLanes);
                CTGAN_UNROLL
                for (int r = 0; r < Rows; ++r) {
                    const Pack<T> value(single[channels[r]]);
                    CTGAN_UNROLL
                    for (int q = 0; q < Packs; ++q)
                        tile.sum[r][q] = multiply_add(value, pack[q], tile.sum[r][q]);
                }
            }
        tile.for_each([&](int r, int column, Pack<T> sum) {
            T* const to = sums + tap * tap_step + channels[r] * row_step + column;
            (store ? sum : Pack<T>::load(to) + sum).store(to);
        });
    }

    /// Sums from the scratch to where the weight has them.
    static void unpack(int block, int begin, int end, int channels, const T* sums, T* dw, bool add) {
        for (int tap = 0; tap < G::taps; ++tap)
            for (int l = begin; l < end; ++l) {
                const Index s = packs_are_small ? block * width : l;
                const Index b = packs_are_small ? l : block * width;
                constexpr Index step = packs_are_small ? G::big_channels : 1;
                const T* const from = sums + tap * tap_step + l * row_step;
                T* const to = dw + (Index{tap} * G::small_channels + s) * G::big_channels + b;
                for (int p = 0; p < channels; ++p) to[p * step] = add ? to[p * step] + from[p] : from[p];
            }
    }
};

} // namespace ctgan::cpu
