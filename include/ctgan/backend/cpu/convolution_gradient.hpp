#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/direct_convolution.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A range of the parts of a division (Parts).
struct PartRange {
    int first, last; ///< last is one past the end
};

/// The gradient with respect to a convolution's weight: for each tap, the sum over all pairs of pixels of the
/// products of the big image's channels and the small image's.
///
/// A tile of the gradient stays in registers while the kernel runs over the pairs of a sample. The channels
/// of one image are the lanes of two packs (the vector channels); each channel of the other image is
/// broadcast to a pack, one for each row of the tile. The big image's channels are the vector channels, as in
/// the weight, unless they are too few for a pack.
template <class G, class T>
struct ConvolutionWeightGradient {
    static constexpr bool small_is_vector =
        G::big_channels < Pack<T>::size && G::small_channels >= G::big_channels;
    static constexpr int vector_channels = small_is_vector ? G::small_channels : G::big_channels;
    static constexpr int broadcast_channels = small_is_vector ? G::big_channels : G::small_channels;
    static constexpr int lanes = Pack<T>::size;
    static constexpr int packs = vector_channels > lanes ? 2 : 1;
    static constexpr int width = packs * lanes;
    static constexpr int blocks = (vector_channels + width - 1) / width;
    static constexpr Parts rows{broadcast_channels, registers >= 32 ? 12 : 6};

    /// Whether the sums are kept in the gradient itself. Otherwise they are in the scratch memory,
    /// [block][tap][broadcast channel][vector channel of the block].
    static constexpr bool weights_in_place = !small_is_vector && G::big_channels % width == 0;
    static constexpr Index row_step = weights_in_place ? G::big_channels : width;
    static constexpr Index tap_step = broadcast_channels * row_step;
    static constexpr Index block_step = weights_in_place ? width : G::taps * tap_step;
    static constexpr Index scratch_size = weights_in_place ? 0 : blocks * block_step;

    /// weight_gradient (+)= the gradient.
    static void run(const ConvolutionGradientOperands<T>& operands) {
        constexpr int groups = (rows.count() + parts_per_chunk - 1) / parts_per_chunk;
        parallel_for(Index{blocks} * groups, [=](Index chunk) {
            const int block = static_cast<int>(chunk) / groups;
            const int first = static_cast<int>(chunk) % groups * parts_per_chunk;
            const PartRange parts{first, (std::min)(rows.count(), first + parts_per_chunk)};
            constexpr int rest = vector_channels - (blocks - 1) * width;
            T* const sums =
                (weights_in_place ? operands.weight_gradient : operands.scratch) + block * block_step;
            if (block < blocks - 1)
                compute<packs, lanes>(sums, operands, block, parts);
            else
                compute<(rest + lanes - 1) / lanes, (rest - 1) % lanes + 1>(sums, operands, block, parts);
            if constexpr (!weights_in_place)
                unpack(operands.weight_gradient, sums, block, parts, block < blocks - 1 ? width : rest,
                       operands.add);
        });
    }

  private:
    static constexpr int parts_per_chunk = 4;
    static constexpr bool can_skip = !small_is_vector;

    static void clear(T* sums, PartRange parts) {
        for (int tap = 0; tap < G::taps; ++tap)
            for (int row = rows.begin(parts.first); row < rows.begin(parts.last); ++row)
                std::fill_n(sums + tap * tap_step + row * row_step, width, T{0});
    }

    /// The sums of all taps for a block of vector channels and some parts of the broadcast channels.
    template <int Packs, int LastLanes>
    static void compute(T* sums, const ConvolutionGradientOperands<T>& operands, int block, PartRange parts) {
        const bool skips = can_skip && operands.small_factors;
        const bool begin_at_zero = !weights_in_place || !operands.add;
        if (skips && begin_at_zero) clear(sums, parts);
        for (Index sample = 0; sample < operands.batch; ++sample) {
            const T* const b = operands.big_image + sample * G::big_height * G::big_width * G::big_channels;
            const T* const s =
                operands.small_image + sample * G::small_height * G::small_width * G::small_channels;
            const T* const vector = (small_is_vector ? s : b) + block * width;
            const T* const broadcast = small_is_vector ? b : s;
            if (skips) {
                Array<int, parts_per_chunk * rows.largest()> list;
                const int count =
                    list_kept(list, operands.small_factors + sample * broadcast_channels, parts);
                add_listed<Packs, LastLanes>(sums, vector, broadcast, list, count);
                continue;
            }
            const bool store = begin_at_zero && sample == 0;
            for (int part = parts.first; part < parts.last; ++part)
                for (int tap = 0; tap < G::taps; ++tap)
                    if (rows.size(part) == rows.largest())
                        add_pairs<Packs, LastLanes, rows.largest()>(sums, vector, broadcast, tap,
                                                                    Consecutive{rows.begin(part)}, store);
                    else
                        add_pairs<Packs, LastLanes, rows.smallest()>(sums, vector, broadcast, tap,
                                                                     Consecutive{rows.begin(part)}, store);
        }
    }

    /// Lists the kept channels of some parts, padded to a multiple of four with dropped channels, which add
    /// zeros.
    static int list_kept(int* list, const T* factors, PartRange parts) {
        const int begin = rows.begin(parts.first), end = rows.begin(parts.last);
        int kept = 0, dropped = end - begin;
        for (int c = begin; c < end; ++c) list[factors[c] != T{0} ? kept++ : --dropped] = c;
        return (std::min)(end - begin, (kept + 3) / 4 * 4);
    }

    template <int Packs, int LastLanes>
    static void add_listed(T* sums, const T* vector, const T* broadcast, const int* list, int count) {
        const auto rows_at_once = [&]<int Rows>() {
            for (; count >= Rows; count -= Rows, list += Rows)
                for (int tap = 0; tap < G::taps; ++tap)
                    add_pairs<Packs, LastLanes, Rows>(sums, vector, broadcast, tap, Listed{list}, false);
        };
        if constexpr (rows.largest() > 8) rows_at_once.template operator()<rows.largest()>();
        if constexpr (rows.largest() > 4) rows_at_once.template operator()<(std::min)(8, rows.largest())>();
        rows_at_once.template operator()<4>();
        rows_at_once.template operator()<1>();
    }

    /// The broadcast channel of each row of a tile.
    struct Consecutive {
        int first;
        int operator[](int row) const { return first + row; }
    };
    struct Listed {
        const int* list;
        int operator[](int row) const { return list[row]; }
    };

    /// sums[broadcast channel][vector channel] += (or =, with `store`) the products of all pairs of a tap of
    /// one sample.
    template <int Packs, int LastLanes, int Rows, class Channels>
    static void add_pairs(T* sums, const T* vector, const T* broadcast, int tap, Channels channels,
                          bool store) {
        const int ky = tap / G::kernel, kx = tap % G::kernel;
        const auto pair_rows = G::rows(ky), pair_columns = G::columns(kx);
        RegisterTile<T, Rows, Packs> tile;
        tile.clear();
        for (int row = pair_rows.begin; row < pair_rows.end; ++row)
            for (int column = pair_columns.begin; column < pair_columns.end; ++column) {
                const Index b = BigToSmall<G>::in_pixel(row, column, ky, kx);
                const Index s = BigToSmall<G>::out_pixel(row, column, ky, kx);
                const T* const from =
                    vector + (small_is_vector ? s * G::small_channels : b * G::big_channels);
                const T* const single =
                    broadcast + (small_is_vector ? b * G::big_channels : s * G::small_channels);
                Array<Pack<T>, Packs> pack;
                CTGAN_UNROLL
                for (int q = 0; q < Packs; ++q)
                    pack[q] = Pack<T>::load(from + q * lanes, q < Packs - 1 ? lanes : LastLanes);
                CTGAN_UNROLL
                for (int r = 0; r < Rows; ++r) {
                    const Pack<T> value(single[channels[r]]);
                    CTGAN_UNROLL
                    for (int q = 0; q < Packs; ++q)
                        tile.sum[r][q] = multiply_add(value, pack[q], tile.sum[r][q]);
                }
            }
        tile.for_each([&](int r, int column, Pack<T> sum) {
            sum.store_or_add(sums + tap * tap_step + channels[r] * row_step + column, !store);
        });
    }

    /// Stores sums from the scratch memory in the weight's gradient, or adds them.
    static void unpack(T* dw, const T* sums, int block, PartRange parts, int channels, bool add) {
        for (int tap = 0; tap < G::taps; ++tap)
            for (int row = rows.begin(parts.first); row < rows.begin(parts.last); ++row) {
                const Index s = small_is_vector ? block * width : row;
                const Index b = small_is_vector ? row : block * width;
                constexpr Index step = small_is_vector ? G::big_channels : 1;
                const T* const from = sums + tap * tap_step + row * row_step;
                T* const to = dw + (Index{tap} * G::small_channels + s) * G::big_channels + b;
                for (int c = 0; c < channels; ++c) to[c * step] = add ? to[c * step] + from[c] : from[c];
            }
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
