#pragma once

#include <ctgan/backend/cpu/tile_algorithm.hpp>
#include <ctgan/backend/cpu/tile_form.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A convolution by tiles (TileForm), for geometries that are square and dense. Two of the three tensors (big
/// image, small image, weight) are transformed tile by tile to factors. For each product of the form, a
/// matrix product of factors sums over channels or over tiles. The transposed transform of these sums is the
/// third tensor. Compared with the direct convolution, this needs fewer multiplications, but costs some
/// digits in float and needs matrices of many rows, that is, a large batch.
template <class G, class T>
struct TiledConvolution {
    static constexpr int tile = best_tile<G>();
    using Form = TileForm<G::kernel_height, G::stride_height, tile>;
    using Algorithm = TileAlgorithm<T>;
    static constexpr int down = (G::small_height + tile - 1) / tile,
                         across = (G::small_width + tile - 1) / tile;
    static constexpr int tiles = down * across;

    /// Multiplications of a direct convolution for each multiplication of this one.
    static constexpr double gain =
        static_cast<double>(G::multiplications()) /
        (1.0 * Form::products * Form::products * tiles * G::big_channels * G::small_channels);

  private:
    static constexpr int lanes = Pack<T>::size;

    /// How many products in one dimension share a factor at most.
    template <class Factor>
    static constexpr int sharing() {
        constexpr auto distinct = TileTransform<T, Factor>::distinct;
        int most = 0;
        for (int k = 0; k < distinct.count; ++k)
            most =
                (std::max)(most, static_cast<int>(std::count(distinct.of, distinct.of + Form::products, k)));
        return most;
    }
    static constexpr int most_sharing = (std::max)(
        {sharing<typename Form::Weight>(), sharing<typename Form::Big>(), sharing<typename Form::Small>()});

  public:
    /// Whether no plane is the sum of more than max_products products. Forms of strides of 9 and more have
    /// more.
    static constexpr bool fits = most_sharing * most_sharing <= PlaneFactors<T>::max_products;

  private:
    static constexpr TilePlanes<T> big{tile_functions<T, typename Form::Big, G::big_channels>(),
                                       G::big_channels,
                                       G::big_height,
                                       G::big_width,
                                       down,
                                       across,
                                       Algorithm::samples_at_once,
                                       tile* G::stride_height,
                                       -G::padding_height};
    static constexpr TilePlanes<T> small_{tile_functions<T, typename Form::Small, G::small_channels>(),
                                          G::small_channels,
                                          G::small_height,
                                          G::small_width,
                                          down,
                                          across,
                                          Algorithm::samples_at_once,
                                          tile,
                                          0};

    /// Whether a plane of the image has a tile of one pack, or of two.
    static constexpr bool has_packs(const TilePlanes<T>& image, int packs) {
        return packs == 1 ? image.row() % (2 * lanes) != 0 : image.row() >= 2 * lanes;
    }

    template <int Packs>
    static constexpr TileKernels<T> kernels() {
        TileKernels<T> result{};
        if constexpr (has_packs(big, Packs) || has_packs(small_, Packs)) {
            constexpr Parts usual{Algorithm::samples_at_once * tiles, max_tile_rows};
            int count = 0;
            const auto add = [&](int rows, SumProducts<T>* kernel) {
                result.images.rows[count] = rows;
                result.images.kernels[count++] = kernel;
            };
            add(usual.largest(), &sum_products<usual.largest(), Packs, T>);
            if constexpr (usual.smallest() < usual.largest())
                add(usual.smallest(), &sum_products<usual.smallest(), Packs, T>);
            if constexpr (usual.smallest() > 8) add(8, &sum_products<8, Packs, T>);
            if constexpr (usual.smallest() > 4) add(4, &sum_products<4, Packs, T>);
            add(1, &sum_products<1, Packs, T>);
        }
        if constexpr (has_packs(big, Packs)) {
            constexpr Parts parts{G::small_channels, max_tile_rows};
            result.weight_largest = &sum_transposed_products<parts.largest(), Packs, T>;
            result.weight_smallest = &sum_transposed_products<parts.smallest(), Packs, T>;
        }
        return result;
    }

    /// The number of channels of an image whose last pack is not whole, if there is one.
    static constexpr int edge_channels = G::big_channels % lanes != 0 ? G::big_channels : G::small_channels;

    static constexpr Algorithm make() {
        return {G::kernel_height,
                Form::products,
                big,
                small_,
                tile_functions<T, typename Form::Weight, edge_channels>(),
                {kernels<1>(), kernels<2>()}};
    }
    static constexpr Algorithm algorithm = make();

    template <int Packs>
    static constexpr void add_listed(ListedTileKernels<T>& kernels) {
        kernels.of[Packs / 2][0] = &sum_listed_products<1, Packs, T>;
        kernels.of[Packs / 2][1] = &sum_listed_products<4, Packs, T>;
    }
    static constexpr ListedTileKernels<T> make_listed() {
        ListedTileKernels<T> made{};
        if constexpr (has_packs(big, 1) || has_packs(small_, 1)) add_listed<1>(made);
        add_listed<2>(made);
        if constexpr (Algorithm::packs_of_listed == 4) add_listed<4>(made);
        return made;
    }
    /// A template, so that its kernels are compiled only for networks with dropout.
    template <int = 0>
    static constexpr ListedTileKernels<T> listed = make_listed();

  public:
    static constexpr Index scratch_size = algorithm.scratch_size();
    /// The same with a prepared weight.
    static constexpr Index image_planes_size = algorithm.image_planes_size();
    static constexpr Index prepared_size = algorithm.weight_size();

    static void prepare_to_small(T* prepared, const T* weight) {
        algorithm.prepare_to_small(prepared, weight);
    }
    static void prepare_to_big(T* prepared, const T* weight) { algorithm.prepare_to_big(prepared, weight); }

    template <class Factors, class F>
    static void to_small(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        const ConvolutionOperands<T> plain = operands.without_factors();
        if constexpr (has_factors<Factors>)
            if (operands.input_factors)
                return algorithm.template to_small_kept<G::big_channels>(plain, operands.input_factors,
                                                                         listed<>, RowFunction<T>(f));
        algorithm.to_small(plain, RowFunction<T>(f));
    }
    template <class Factors, class F>
    static void to_big(const ConvolutionOperands<T, Factors>& operands, const F& f) {
        const ConvolutionOperands<T> plain = operands.without_factors();
        if constexpr (has_factors<Factors>)
            if (operands.input_factors)
                return algorithm.template to_big_kept<G::small_channels>(plain, operands.input_factors,
                                                                         listed<>, RowFunction<T>(f));
        algorithm.to_big(plain, RowFunction<T>(f));
    }
    static void to_weight(const ConvolutionGradientOperands<T>& operands) { algorithm.to_weight(operands); }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
