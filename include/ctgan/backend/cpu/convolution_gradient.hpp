#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/image_steps.hpp>
#include <ctgan/backend/cpu/pair_kernels.hpp>
#include <ctgan/backend/cpu/pair_product.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The gradient with respect to a convolution's weight: for each tap, the sum over all pairs of pixels of the
/// products of the big image's channels and the small image's.
///
/// A tile of the gradient stays in registers while the kernel runs over the pairs of a sample. The channels
/// of one image are the lanes of two packs (the vector channels); each channel of the other image is
/// broadcast to a pack, one for each row of the tile. The big image's channels are the vector channels, as in
/// the weight, unless they are too few for a pack. All geometries share this code and its kernels.
template <class T>
struct ConvolutionWeightGradient {
    PairsOfTaps pairs;
    ImageSteps big, small_;
    bool small_is_vector;
    int groups; ///< of channels; a call computes the gradients of one of them
    PairKernels<T> whole_block, last_block;

    static constexpr int lanes = Pack<T>::size;

    constexpr const ImageSteps& vector() const { return small_is_vector ? small_ : big; }
    constexpr const ImageSteps& broadcast() const { return small_is_vector ? big : small_; }
    constexpr int packs() const { return pair_packs<T>(vector().channels, small_is_vector); }
    constexpr int width() const { return packs() * lanes; } ///< vector channels of a block
    constexpr int blocks() const { return (vector().channels + width() - 1) / width(); }
    constexpr Parts rows() const { return {broadcast().channels, max_pair_rows(packs())}; }

    /// Whether the sums are kept in the gradient itself. Otherwise they are in the scratch memory,
    /// [block][tap][broadcast channel][vector channel of the block].
    constexpr bool weights_in_place() const {
        return groups == 1 && !small_is_vector && big.channels % width() == 0;
    }
    constexpr Index row_step() const { return weights_in_place() ? big.channels : width(); }
    constexpr Index tap_step() const { return broadcast().channels * row_step(); }
    constexpr Index block_step() const { return weights_in_place() ? width() : pairs.count * tap_step(); }
    constexpr Index sums() const { return (weights_in_place() ? 1 : blocks()) * pairs.count * tap_step(); }
    constexpr MemorySize scratch(Algorithms algorithms) const {
        return {by_samples(algorithms) ? aligned(sums()) : 0, weights_in_place() ? 0 : aligned(sums())};
    }

    /// The broadcast channels that dropout kept, and the kernels for them.
    struct Kept {
        const T* factors = nullptr; ///< [sample][broadcast channel]; null if all were kept
        const ListedPairKernels<T>*whole_block = nullptr, *last_block = nullptr;
    };

    /// weight_gradient (+)= the gradient.
    CTGAN_SHARED void run(const ConvolutionGradientOperands<T>& operands, Kept kept) const;

  private:
    constexpr int parts_per_chunk() const { return packs() == 4 ? 6 : 4; }
    static constexpr int max_channels_per_chunk = (std::max)(6 * max_pair_rows(4), 4 * max_pair_rows(2));
    static constexpr int min_chunks = 32;
    /// How many samples all chunks visit before they go on: their images stay in the cache.
    static constexpr int samples_at_once = 8;

    constexpr int chunks_of_parts() const {
        return (rows().count() + parts_per_chunk() - 1) / parts_per_chunk();
    }
    constexpr PartRange parts_of(int chunk) const {
        const int first = chunk * parts_per_chunk();
        return {first, (std::min)(rows().count(), first + parts_per_chunk())};
    }
    /// The taps of a chunk: several have less overhead than one, if that leaves enough chunks.
    constexpr Parts taps() const {
        Parts parts{pairs.count, 3};
        while (parts.max_size > 1 && blocks() * chunks_of_parts() * parts.count() < min_chunks)
            --parts.max_size;
        return parts;
    }
    /// If even single taps give too few chunks, as for a 1 x 1 kernel, a chunk is a sample, whose sums are
    /// stored and then added up in the order of the samples: the bits are the same.
    constexpr bool by_samples(Algorithms algorithms) const {
        return algorithms == Algorithms::fastest && blocks() * chunks_of_parts() * pairs.count < min_chunks;
    }
    void run_by_samples(const ConvolutionGradientOperands<T>& operands) const;

    void clear(T* sums, PartRange parts, PartRange taps) const {
        const int begin = rows().begin(parts.first), end = rows().begin(parts.last);
        const Pack<T> zero(T{0});
        const int columns = width();
        const Index step = row_step();
        for (int tap = taps.first; tap < taps.last; ++tap) {
            T* to = sums + tap * tap_step() + begin * step;
            for (int row = begin; row < end; ++row, to += step) { // a fill of unknown size is slower
                for (int c = 0; c < columns; c += lanes) zero.store(to + c);
            }
        }
    }

    /// The sums of some taps over some samples for a block of vector channels and some parts of the broadcast
    /// channels. They begin at zero, or with `add` at those in memory.
    CTGAN_NOINLINE void compute(T* sums, const ConvolutionGradientOperands<T>& operands, const Kept& kept,
                                bool add, int block, PartRange parts, PartRange taps,
                                PartRange samples) const {
        const PairKernels<T>& kernels = block < blocks() - 1 ? whole_block : last_block;
        const PairsOfTaps of_taps = pairs.range(taps.first, taps.last);
        const int largest = rows().largest();
        if (kept.factors && !add) clear(sums, parts, taps);
        sums += taps.first * tap_step();
        for (Index sample = samples.first; sample < samples.last; ++sample) {
            const T* const b = operands.big_image + sample * big.size();
            const T* const s = operands.small_image + sample * small_.size();
            const T* const v = (small_is_vector ? s : b) + block * width();
            const T* const single = small_is_vector ? b : s;
            if (kept.factors) {
                Array<int, max_channels_per_chunk> list;
                const int count = list_kept(list, kept.factors + sample * broadcast().channels, parts);
                add_listed(sums, of_taps, block < blocks() - 1 ? *kept.whole_block : *kept.last_block, v,
                           single, list, count);
                continue;
            }
            const bool store = !add && sample == samples.first;
            for (int part = parts.first; part < parts.last; ++part) {
                const auto kernel = rows().size(part) == largest ? kernels.largest : kernels.smallest;
                const int first_row = rows().begin(part);
                kernel(sums + first_row * row_step(), row_step(), tap_step(), of_taps, v, single + first_row,
                       {}, store);
            }
        }
    }

    /// Lists the kept channels of some parts, padded with dropped channels, which add zeros, to a number that
    /// the kernels can divide among themselves.
    int list_kept(int* list, const T* factors, PartRange parts) const {
        const int begin = rows().begin(parts.first), end = rows().begin(parts.last);
        int kept = 0, dropped = end - begin;
        for (int c = begin; c < end; ++c) list[factors[c] != T{0} ? kept++ : --dropped] = c;
        return (std::min)(end - begin, packs() == 4 && kept > 4 ? (kept + 1) / 2 * 2 : (kept + 3) / 4 * 4);
    }

    void add_listed(T* sums, const PairsOfTaps& taps, const ListedPairKernels<T>& kernels, const T* v,
                    const T* single, const int* list, int count) const {
        for (int k = 0; k < kernels.count; ++k)
            for (const int size = kernels.sizes[k];
                 size > 0 && count >= size && !(size == 6 && count == 8); // two fours, not a six and two ones
                 count -= size, list += size)
                kernels.of[k](sums, row_step(), tap_step(), taps, v, single, {list}, false);
    }

    /// Stores sums from the scratch memory in the weight's gradient, or adds them.
    CTGAN_NOINLINE void unpack(T* dw, const T* sums, int block, PartRange parts, PartRange taps,
                               bool add) const {
        const int channels = (std::min)(width(), vector().channels - block * width());
        const Index step = small_is_vector ? big.channels : 1;
        const int begin = rows().begin(parts.first), end = rows().begin(parts.last);
        for (int tap = taps.first; tap < taps.last; ++tap)
            for (int row = begin; row < end; ++row) {
                const Index s = small_is_vector ? block * width() : row;
                const Index b = small_is_vector ? row : block * width();
                const T* const from = sums + tap * tap_step() + row * row_step();
                T* const to = dw + (Index{tap} * small_.pixel + s) * big.channels + b;
                for (int c = 0; c < channels; ++c) to[c * step] = add ? to[c * step] + from[c] : from[c];
            }
    }
};

// Outside of the class, so that they are not inline: a program may compile them once (kernels.hpp).
template <class T>
void ConvolutionWeightGradient<T>::run(const ConvolutionGradientOperands<T>& operands, Kept kept) const {
    if (by_samples(operands.algorithms) && !kept.factors) return run_by_samples(operands);
    const bool in_place = weights_in_place();
    for (int first = 0; first < operands.batch; first += samples_at_once) {
        const int last = (std::min)(operands.batch, first + samples_at_once);
        parallel_for(Index{blocks()} * chunks_of_parts() * taps().count(), [&](Index chunk) {
            const int of_taps = static_cast<int>(chunk) % taps().count();
            const int of_parts = static_cast<int>(chunk) / taps().count();
            const int block = of_parts / chunks_of_parts();
            const PartRange parts = parts_of(of_parts % chunks_of_parts());
            const PartRange some_taps{taps().begin(of_taps), taps().begin(of_taps + 1)};
            T* const sums = (in_place ? operands.weight_gradient : operands.scratch) + block * block_step();
            compute(sums, operands, kept, first > 0 || (in_place && operands.add), block, parts, some_taps,
                    {first, last});
            if (!in_place && last == operands.batch)
                unpack(operands.weight_gradient, sums, block, parts, some_taps, operands.add);
        });
    }
}

template <class T>
void ConvolutionWeightGradient<T>::run_by_samples(const ConvolutionGradientOperands<T>& operands) const {
    const bool in_place = weights_in_place();
    const PartRange all_taps{0, pairs.count};
    T* const sums = in_place ? operands.weight_gradient : operands.scratch;
    const MemorySize memory = scratch(Algorithms::fastest);
    T* const of_samples = operands.scratch + memory.fixed;
    const Index step = memory.per_sample;
    parallel_for(Index{operands.batch} * blocks() * chunks_of_parts(), [&](Index chunk) {
        const int part = static_cast<int>(chunk) / chunks_of_parts();
        const int sample = part / blocks(), block = part % blocks();
        compute(of_samples + sample * step + block * block_step(), operands, {}, false, block,
                parts_of(static_cast<int>(chunk) % chunks_of_parts()), all_taps, {sample, sample + 1});
    });
    const Index size = this->sums();
    constexpr Index values_per_chunk = 32;
    parallel_for((size + values_per_chunk - 1) / values_per_chunk, [&](Index chunk) {
        const Index begin = chunk * values_per_chunk, end = (std::min)(size, begin + values_per_chunk);
        const T* from = of_samples;
        for (Index i = begin; i < end; ++i) sums[i] = in_place && operands.add ? sums[i] + from[i] : from[i];
        for (int sample = 1; sample < operands.batch; ++sample) {
            from += step;
            for (Index i = begin; i < end; ++i) sums[i] += from[i];
        }
    });
    if (in_place) return;
    parallel_for(Index{blocks()} * chunks_of_parts(), [&](Index chunk) {
        const int block = static_cast<int>(chunk) / chunks_of_parts();
        unpack(operands.weight_gradient, sums + block * block_step(), block,
               parts_of(static_cast<int>(chunk) % chunks_of_parts()), all_taps, operands.add);
    });
}

namespace detail {

template <class G, bool small_is_vector>
struct PairTable {
    static constexpr ImageSteps vector = small_is_vector ? small_image_steps<G> : big_image_steps<G>;
    static constexpr ImageSteps broadcast = small_is_vector ? big_image_steps<G> : small_image_steps<G>;
    Array<TapPairs, G::taps> taps = {};

    constexpr PairTable() {
        for (int tap = 0; tap < G::taps; ++tap) {
            const int ky = tap / G::kernel_width, kx = tap % G::kernel_width;
            const auto tall = G::rows(ky), wide = G::columns(kx);
            taps[tap] = {tall.size(), wide.size(), vector.at(tall.begin, wide.begin, ky, kx),
                         broadcast.at(tall.begin, wide.begin, ky, kx)};
        }
    }
};
template <class G, bool small_is_vector>
inline constexpr PairTable<G, small_is_vector> pair_table{};

/// How the pairs of a geometry become tiles.
template <class G, class T>
struct PairTiles {
    static constexpr bool small_is_vector = G::big_group < Pack<T>::size && G::small_group >= G::big_group;
    using Table = PairTable<G, small_is_vector>;
    static constexpr int vector = Table::vector.channels, broadcast = Table::broadcast.channels;
    static constexpr int packs = pair_packs<T>(vector, small_is_vector), width = packs * Pack<T>::size;
    static constexpr Parts rows{broadcast, max_pair_rows(packs)};
    /// Vector channels of a block, and of the last one.
    static constexpr int whole = (std::min)(width, vector), last = (vector - 1) % width + 1;
};

template <class G, class T>
constexpr ConvolutionWeightGradient<T> weight_gradient() {
    using Tiles = PairTiles<G, T>;
    using Table = typename Tiles::Table;
    return {{pair_table<G, Tiles::small_is_vector>.taps, G::taps, Table::vector.row, Table::vector.column,
             Table::broadcast.row, Table::broadcast.column},
            big_image_steps<G>,
            small_image_steps<G>,
            Tiles::small_is_vector,
            G::groups,
            pair_kernels<Tiles, Tiles::whole, T>(),
            pair_kernels<Tiles, Tiles::last, T>()};
}

} // namespace detail

template <class G, class T>
inline constexpr ConvolutionWeightGradient<T> convolution_weight_gradient = detail::weight_gradient<G, T>();

template <class G, class T>
inline constexpr ListedPairKernels<T> listed_pairs_of_whole_block =
    detail::listed_pair_kernels<detail::PairTiles<G, T>, detail::PairTiles<G, T>::whole, T>();
template <class G, class T>
inline constexpr ListedPairKernels<T> listed_pairs_of_last_block =
    detail::listed_pair_kernels<detail::PairTiles<G, T>, detail::PairTiles<G, T>::last, T>();

} // namespace ctgan::inline CTGAN_ABI::cpu
