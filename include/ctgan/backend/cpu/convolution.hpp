#pragma once

#include <ctgan/backend/cpu/convolution_gradient.hpp>
#include <ctgan/backend/cpu/depthwise.hpp>
#include <ctgan/backend/cpu/direct_convolution.hpp>
#include <ctgan/backend/cpu/kernels.hpp>
#include <ctgan/backend/cpu/merged_groups.hpp>
#include <ctgan/backend/cpu/tiled_convolution.hpp>
#include <ctgan/backend/cpu/unfold.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The operands of a group of channels.
template <class T>
ConvolutionOperands<T> of_group(ConvolutionOperands<T> operands, int group, int in_channels,
                                int out_channels) {
    operands.input += Index{group} * in_channels;
    operands.output += Index{group} * out_channels;
    operands.weight += Index{group} * in_channels * out_channels;
    if (operands.bias) operands.bias += Index{group} * out_channels;
    return operands;
}

/// The three directions of a geometry, computed directly on the images, one group of channels after the
/// other. Channels that dropout set to zero are skipped if there is only one group.
template <class G, class T>
struct Direct {
    template <Algorithms algorithms, ConvolutionDirections directions = ConvolutionDirections{}>
    static constexpr MemorySize scratch = [] {
        MemorySize size;
        if constexpr (directions.to_small) size = size.with({0, big_to_small<G, T>.scratch_size()});
        if constexpr (directions.to_big) size = size.with({0, small_to_big<G, T>.scratch_size()});
        if constexpr (directions.to_weight)
            size = size.with(convolution_weight_gradient<G, T>.scratch(algorithms));
        return size;
    }();

    template <class Factors, class F>
    static void to_small(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        const ConvolutionOperands<T> plain = operands.without_factors();
        if constexpr (has_factors<Factors> && G::groups == 1)
            if (operands.input_factors)
                return big_to_small<G, T>.template run_kept<G::big_channels>(
                    plain, operands.input_factors, listed_big_to_small<G, T>, RowFunction<T>(f));
        for (int group = 0; group < G::groups; ++group)
            big_to_small<G, T>.run(of_group(plain, group, G::big_group, G::small_group), RowFunction<T>(f));
    }
    template <class Factors, class F>
    static void to_big(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        const ConvolutionOperands<T> plain = operands.without_factors();
        if constexpr (has_factors<Factors> && G::groups == 1)
            if (operands.input_factors)
                return small_to_big<G, T>.template run_kept<G::small_channels>(
                    plain, operands.input_factors, listed_small_to_big<G, T>, RowFunction<T>(f));
        for (int group = 0; group < G::groups; ++group)
            small_to_big<G, T>.run(of_group(plain, group, G::small_group, G::big_group), RowFunction<T>(f));
    }
    template <class Factors>
    static void to_weight(const ConvolutionGradientOperands<T, Factors>& operands) {
        // Only broadcast channels can be skipped.
        if constexpr (has_factors<Factors> && G::groups == 1 &&
                      !convolution_weight_gradient<G, T>.small_is_vector)
            convolution_weight_gradient<G, T>.run(operands.without_factors(),
                                                  {operands.small_factors, &listed_pairs_of_whole_block<G, T>,
                                                   &listed_pairs_of_last_block<G, T>});
        else
            for (int group = 0; group < G::groups; ++group) {
                ConvolutionGradientOperands<T> of_group = operands.without_factors();
                of_group.big_image += Index{group} * G::big_group;
                of_group.small_image += Index{group} * G::small_group;
                of_group.weight_gradient += Index{group} * G::small_group * G::big_group;
                convolution_weight_gradient<G, T>.run(of_group, {});
            }
    }
};

/// The same with the big image unfolded. The scratch memory holds the weight of the dense convolution, the
/// unfolded image and the scratch memory of the dense convolution.
template <class G, class T>
struct ByUnfolding {
    using Dense = Direct<typename Unfolded<G>::Dense, T>;
    static constexpr Index rows_offset = aligned(G::weights);
    static constexpr Index rows_of_sample = aligned(Unfolded<G>::size);
    template <Algorithms algorithms, ConvolutionDirections directions = ConvolutionDirections{}>
    static constexpr MemorySize scratch{rows_of_sample +
                                            Dense::template scratch<algorithms, directions>.per_sample,
                                        rows_offset + Dense::template scratch<algorithms, directions>.fixed};
    static constexpr Index dense_offset(int batch) { return rows_offset + batch * rows_of_sample; }

    template <class Factors, class F>
    static void to_small(const ConvolutionOperands<T, Factors>& given, F f) {
        ConvolutionOperands<T> operands = given.without_factors();
        T* const weight = operands.scratch;
        T* const rows = operands.scratch + rows_offset;
        Unfolded<G>::unfold_weight(weight, operands.weight);
        Unfolded<G>::unfold(rows, operands.input, operands.batch);
        operands.input = rows;
        operands.weight = weight;
        operands.scratch += dense_offset(operands.batch);
        Dense::to_small(operands, f);
    }
    template <class Factors, class F>
    static void to_big(ConvolutionOperands<T, Factors> operands, F f) {
        T* const weight = operands.scratch;
        T* const rows = operands.scratch + rows_offset;
        T* const big_image = operands.output;
        const T* const bias = operands.bias;
        Unfolded<G>::unfold_weight(weight, operands.weight);
        operands.output = rows;
        operands.weight = weight;
        operands.bias = nullptr;
        operands.scratch += dense_offset(operands.batch);
        Dense::to_big(operands, IdentityFunction{});
        Unfolded<G>::fold(big_image, rows, bias, operands.batch, f);
    }
    template <class Factors>
    static void to_weight(ConvolutionGradientOperands<T, Factors> operands) {
        T* const gradient = operands.scratch;
        T* const rows = operands.scratch + rows_offset;
        T* const dw = operands.weight_gradient;
        const bool add = operands.add;
        Unfolded<G>::unfold(rows, operands.big_image, operands.batch);
        operands.weight_gradient = gradient;
        operands.add = false;
        operands.big_image = rows;
        operands.scratch += dense_offset(operands.batch);
        Dense::to_weight(operands);
        Unfolded<G>::fold_weight(dw, gradient, add);
    }
};

/// The same with groups merged. The scratch memory holds the weight of the merged geometry and the scratch
/// memory of the direct convolution.
template <class G, class T>
struct ByMerging {
    using Merged = MergedGroups<G, T>;
    using Few = Direct<typename Merged::Geometry, T>;
    static constexpr Index own = aligned(Merged::Geometry::weights);
    template <Algorithms algorithms, ConvolutionDirections directions = ConvolutionDirections{}>
    static constexpr MemorySize scratch{Few::template scratch<algorithms, directions>.per_sample,
                                        own + Few::template scratch<algorithms, directions>.fixed};

    template <class Factors, class F>
    static void to_small(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        Few::to_small(with_merged_weight(operands.without_factors()), f);
    }
    template <class Factors, class F>
    static void to_big(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        Few::to_big(with_merged_weight(operands.without_factors()), f);
    }
    template <class Factors>
    static void to_weight(const ConvolutionGradientOperands<T, Factors>& given) {
        ConvolutionGradientOperands<T> operands = given.without_factors();
        operands.weight_gradient = given.scratch;
        operands.add = false;
        operands.scratch += own;
        Few::to_weight(operands);
        Merged::separate_weight(given.weight_gradient, given.scratch, given.add);
    }

  private:
    static ConvolutionOperands<T> with_merged_weight(ConvolutionOperands<T> operands) {
        Merged::merge_weight(operands.scratch, operands.weight);
        operands.weight = operands.scratch;
        operands.scratch += own;
        return operands;
    }
};

/// The algorithm for a geometry with groups.
template <class G, class T>
struct ByGroups : std::conditional_t<
                      G::is_depthwise, Depthwise<G, T>,
                      std::conditional_t<(MergedGroups<G, T>::merged > 1), ByMerging<G, T>, Direct<G, T>>> {};

/// Which algorithm computes a geometry.
template <class G, class T>
struct ConvolutionChoice {
    /// Unfold if the channels of the big image fill at most a quarter of a register.
    static constexpr bool unfolded = 4 * G::big_channels <= Pack<T>::size;
    using WithoutTiles = std::conditional_t<(G::groups > 1), ByGroups<G, T>,
                                            std::conditional_t<unfolded, ByUnfolding<G, T>, Direct<G, T>>>;

    /// Use tiles if the geometry has their form, if they save a third of the multiplications, if the channels
    /// of both images fill registers, and if the batch is large enough to give the matrices of the tiles
    /// enough rows.
    using Tiled = TiledConvolution<G, T>;
    static constexpr bool tiles_pay = G::is_square_and_dense && G::big_channels >= Pack<T>::size &&
                                      G::small_channels >= Pack<T>::size && Tiled::gain >= 1.5 && Tiled::fits;
    static constexpr int min_batch_for_tiles = 12;
    /// A prepared weight need not be transformed, only read: it is up to six times as large.
    static constexpr int min_batch_for_prepared_tiles = Tiled::gain >= 2 ? 4 : min_batch_for_tiles;
    static constexpr bool by_tiles(int batch, Algorithms algorithms) {
        return tiles_pay && algorithms == Algorithms::fastest && batch >= min_batch_for_tiles;
    }
    static constexpr bool by_prepared_tiles(int batch) {
        return tiles_pay && batch >= min_batch_for_prepared_tiles;
    }
    template <class Factors>
    static constexpr bool by_tiles(const ConvolutionOperands<T, Factors>& operands) {
        return operands.algorithms == Algorithms::prepared
                   ? operands.prepared && by_prepared_tiles(operands.planned_batch())
                   : by_tiles(operands.planned_batch(), operands.algorithms);
    }

    template <Algorithms algorithms, ConvolutionDirections directions>
    static constexpr MemorySize scratch = [] {
        const MemorySize without_tiles = WithoutTiles::template scratch<algorithms, directions>;
        if constexpr (algorithms == Algorithms::fastest && tiles_pay)
            return without_tiles.with({0, Tiled::scratch_size});
        else if constexpr (algorithms == Algorithms::prepared && tiles_pay)
            return without_tiles.with({0, Tiled::image_planes_size});
        else
            return without_tiles;
    }();
};

/// Convolutions.
struct ConvolutionOperations {
    /// How many values the operations below need as scratch memory.
    template <class T, class G, Algorithms algorithms,
              ConvolutionDirections directions = ConvolutionDirections{}>
    static constexpr MemorySize convolution_scratch =
        ConvolutionChoice<G, T>::template scratch<algorithms, directions>;

    /// How many values a prepared weight has: its planes, if tiles pay.
    template <class T, class G>
    static constexpr Index prepared_convolution_size = [] {
        if constexpr (ConvolutionChoice<G, T>::tiles_pay)
            return TiledConvolution<G, T>::prepared_size;
        else
            return Index{0};
    }();

    /// Transforms the weight for convolution() of up to `batch` samples, if that goes by tiles.
    template <class G, class T>
    static void prepare_convolution(T* prepared, const T* weight, int batch) {
        if constexpr (ConvolutionChoice<G, T>::tiles_pay)
            if (ConvolutionChoice<G, T>::by_prepared_tiles(batch))
                TiledConvolution<G, T>::prepare_to_small(prepared, weight);
    }

    /// The same for transposed_convolution().
    template <class G, class T>
    static void prepare_transposed_convolution(T* prepared, const T* weight, int batch) {
        if constexpr (ConvolutionChoice<G, T>::tiles_pay)
            if (ConvolutionChoice<G, T>::by_prepared_tiles(batch))
                TiledConvolution<G, T>::prepare_to_big(prepared, weight);
    }

    /// From the big image to the small one: output = f(convolution of input + bias).
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void convolution(const ConvolutionOperands<T, Factors>& operands, F f = {}) {
        using Choice = ConvolutionChoice<G, T>;
        if constexpr (Choice::tiles_pay) {
            if (Choice::by_tiles(operands)) return Choice::Tiled::to_small(operands, f);
        }
        Choice::WithoutTiles::to_small(operands, f);
    }

    /// From the small image to the big one: output = f(transposed convolution of input + bias).
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void transposed_convolution(const ConvolutionOperands<T, Factors>& operands, F f = {}) {
        using Choice = ConvolutionChoice<G, T>;
        if constexpr (Choice::tiles_pay) {
            if (Choice::by_tiles(operands)) return Choice::Tiled::to_big(operands, f);
        }
        Choice::WithoutTiles::to_big(operands, f);
    }

    /// weight_gradient[tap][small channel][big channel] (+)= sum over all pairs of pixels of their product.
    template <class G, class T, class Factors = NoFactors>
    static void convolution_weight_gradient(const ConvolutionGradientOperands<T, Factors>& operands) {
        using Choice = ConvolutionChoice<G, T>;
        if constexpr (Choice::tiles_pay) {
            bool by_tiles = Choice::by_tiles(operands.planned_batch(), operands.algorithms);
            // Skipping half of the channels saves more than tiles, which cannot skip any.
            if constexpr (has_factors<Factors>) by_tiles = by_tiles && !operands.small_factors;
            if (by_tiles) return Choice::Tiled::to_weight(operands.without_factors());
        }
        Choice::WithoutTiles::to_weight(operands);
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
