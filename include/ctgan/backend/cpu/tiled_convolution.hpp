#pragma once

#include <ctgan/backend/cpu/kept_channels.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/backend/cpu/tile_planes.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A convolution by tiles (TileForm). Two of the three tensors (big image, small image, weight) are
/// transformed tile by tile to factors. For each product of the form, a matrix product of factors sums over
/// channels or over tiles. The transposed transform of these sums is the third tensor. Compared with the
/// direct convolution, this needs fewer multiplications, but costs some digits in float and needs matrices of
/// many rows, that is, a large batch.
///
/// Some samples are processed at a time, so that their matrices stay in the cache. A plane is the matrix of
/// one factor: [tile][channel] for images, panels of [channel][channels of a block] for weights.
template <class G, class T>
struct TiledConvolution {
    static constexpr int tile = best_tile<G>();
    using Form = TileForm<G::kernel, G::stride, tile>;
    static constexpr int samples_at_once = 16;
    using Tiles =
        TileCounts<(G::small_height + tile - 1) / tile, (G::small_width + tile - 1) / tile, samples_at_once>;
    static constexpr int tiles = Tiles::of_sample;

    /// Multiplications of a direct convolution for each multiplication of this one.
    static constexpr double gain =
        static_cast<double>(G::multiplications()) /
        (1.0 * Form::products * Form::products * tiles * G::big_channels * G::small_channels);

    static constexpr int lanes = Pack<T>::size;
    static constexpr int width = 2 * lanes; ///< columns of a panel of weights
    template <class Image>
    static constexpr int blocks = (Image::row + width - 1) / width;

    using WeightTransform = TileTransform<T, typename Form::Weight>;
    using Big = TilePlanes<T, TileTransform<T, typename Form::Big>, Tiles, G::big_channels, G::big_height,
                           G::big_width, tile * G::stride, -G::padding>;
    using Small = TilePlanes<T, TileTransform<T, typename Form::Small>, Tiles, G::small_channels,
                             G::small_height, G::small_width, tile, 0>;

    /// A plane of the weight as the second factor of a matrix product that sums over `In`:
    /// [block][in][width].
    template <class In, class Out>
    static constexpr Index panels = Index{blocks<Out>} * In::channels* width + plane_gap;
    /// A plane of the weight as the result of a sum over tiles: [small][big].
    static constexpr Index weight_plane = Index{G::small_channels} * Big::row + plane_gap;
    static constexpr Index weight_size =
        aligned(WeightTransform::planes * (std::max)({panels<Small, Big>, panels<Big, Small>, weight_plane}));

    static constexpr Index scratch_size = aligned(Index{G::weights}) + weight_size + Big::size + Small::size;

    template <class F>
    static void to_small(ConvolutionOperands<T> operands, F f) {
        T* const transposed = operands.scratch;
        transpose_weight(transposed, operands.weight);
        operands.weight = transposed;
        multiply<Big, Small>(operands, f);
    }
    template <class F>
    static void to_big(const ConvolutionOperands<T>& operands, F f) {
        multiply<Small, Big>(operands, f);
    }

    static void to_weight(const ConvolutionGradientOperands<T>& operands) {
        T* const sums = operands.scratch + aligned(Index{G::weights});
        T* const big_planes = sums + weight_size;
        T* const small_planes = big_planes + Big::size;
        const T *const big_image = operands.big_image, *const small_image = operands.small_image;
        for (int first = 0; first < operands.batch; first += samples_at_once) {
            const int samples = (std::min)(samples_at_once, operands.batch - first);
            parallel_for(2 * samples, [=](Index chunk) {
                const Index sample = chunk / 2;
                if (chunk % 2 == 0)
                    Big::to_planes(big_planes + sample * tiles * Big::row,
                                   big_image + (first + sample) * Big::image_size);
                else
                    Small::to_planes(small_planes + sample * tiles * Small::row,
                                     small_image + (first + sample) * Small::image_size);
            });
            constexpr int groups = (rows.count() + parts_per_chunk - 1) / parts_per_chunk;
            parallel_for(Index{WeightTransform::planes} * groups, [=](Index chunk) {
                const int plane = static_cast<int>(chunk) / groups;
                const int begin = static_cast<int>(chunk) % groups * parts_per_chunk;
                for (int part = begin; part < (std::min)(rows.count(), begin + parts_per_chunk); ++part)
                    for (int block = 0; block < blocks<Big>; ++block)
                        sum_part(sums + plane * weight_plane, big_planes, small_planes, samples * tiles,
                                 plane, part, block, first > 0);
            });
        }
        parallel_for(
            G::small_channels, [=, dw = operands.weight_gradient, add = operands.add](Index channel) {
                for (int b = 0; b < G::big_channels; b += lanes)
                    WeightTransform::apply_transposed(
                        [&](int i, int j) {
                            return Pack<T>::load(sums + (i * WeightTransform::count + j) * weight_plane +
                                                 channel * Big::row + b);
                        },
                        [&](int y, int x, Pack<T> pack) {
                            const Index row = (y * G::kernel + x) * Index{G::small_channels} + channel;
                            pack.store_or_add(dw + row * G::big_channels + b, add,
                                              lanes_of<T, G::big_channels>(b));
                        });
            });
    }

  private:
    static constexpr Parts rows{G::small_channels, max_tile_rows};
    static constexpr int parts_per_chunk = 4;

    /// [tap][small][big] to [tap][big][small].
    static void transpose_weight(T* transposed, const T* w) {
        parallel_for(G::taps, [=](Index tap) {
            constexpr Index size = Index{G::small_channels} * G::big_channels;
            transpose(transposed + tap * size, G::small_channels, w + tap * size, G::big_channels,
                      G::small_channels, G::big_channels);
        });
    }

    /// output = f(convolution of input + bias), where the weight is [tap][in][out].
    template <class In, class Out, class F>
    static void multiply(const ConvolutionOperands<T>& operands, F f) {
        T* const weights = operands.scratch + aligned(Index{G::weights});
        T* const in_planes = weights + weight_size;
        T* const out_planes = in_planes + In::size;
        const T* const x = operands.input;
        const T* const bias = operands.bias;
        T* const y = operands.output;
        weight_to_planes<In, Out>(weights, operands.weight);
        for (int first = 0; first < operands.batch; first += samples_at_once) {
            const int samples = (std::min)(samples_at_once, operands.batch - first);
            parallel_for(samples, [=](Index sample) {
                In::to_planes(in_planes + sample * tiles * In::row, x + (first + sample) * In::image_size);
            });
            if (operands.input_factors) {
                KeptChannels<In::channels, In::channels> kept[samples_at_once];
                for (int sample = 0; sample < samples; ++sample)
                    kept[sample].find(operands.input_factors + Index{first + sample} * In::channels);
                parallel_for(Out::Transform::planes, [&](Index plane) {
                    multiply_kept<In, Out>(out_planes, in_planes, weights, kept, samples,
                                           static_cast<int>(plane));
                });
            } else
                parallel_for(Index{Out::Transform::planes} * blocks<Out>, [=](Index chunk) {
                    const int plane = static_cast<int>(chunk) / blocks<Out>;
                    const int block = static_cast<int>(chunk) % blocks<Out>;
                    multiply_plane<In, Out>(out_planes, in_planes, weights, samples * tiles, plane, block);
                });
            parallel_for(samples, [=](Index sample) {
                Out::from_planes(y + (first + sample) * Out::image_size,
                                 out_planes + sample * tiles * Out::row, bias, f);
            });
        }
    }

    template <class In, class Out>
    static void weight_to_planes(T* weights, const T* w) {
        parallel_for(In::channels, [=](Index in) {
            for (int out = 0; out < Out::channels; out += lanes)
                WeightTransform::apply(
                    [&](int y, int x) {
                        const T* at =
                            w + ((y * G::kernel + x) * Index{In::channels} + in) * Out::channels + out;
                        return Pack<T>::load(at, lanes_of<T, Out::channels>(out));
                    },
                    [&](int i, int j, Pack<T> pack) {
                        pack.store(weights + (i * WeightTransform::count + j) * panels<In, Out> +
                                   (Index{out / width} * In::channels + in) * width + out % width);
                    });
        });
    }

    /// Calls f(p, q) for each product whose factor in a transform has the index `plane`.
    template <class Transform, class F>
    CTGAN_INLINE static void for_each_product(int plane, const F& f) {
        for (int p = 0; p < Form::products; ++p)
            for (int q = 0; q < Form::products; ++q)
                if (plane_of<Transform>(p, q) == plane) f(p, q);
    }
    template <class Transform>
    static constexpr int plane_of(int p, int q) {
        return Transform::distinct.of[p] * Transform::count + Transform::distinct.of[q];
    }

    template <class In, class Out>
    static void multiply_plane(T* out, const T* in, const T* weights, int height, int plane, int block) {
        constexpr int packs = Out::row / lanes;
        constexpr int last = (packs - 1) % 2 + 1;
        if (last == 2 || block < blocks<Out> - 1)
            multiply_panel<2, In, Out>(out, in, weights, height, plane, block);
        else
            multiply_panel<1, In, Out>(out, in, weights, height, plane, block);
    }

    template <int Packs, class In, class Out>
    static void multiply_panel(T* out, const T* in, const T* weights, int height, int plane, int block) {
        int row = 0;
        const auto rows_of = [&]<int Rows>() {
            for (; row + Rows <= height; row += Rows) {
                RegisterTile<T, Rows, Packs> sums;
                sums.clear();
                for_each_product<typename Out::Transform>(plane, [&](int p, int q) {
                    sums.template add_product<In::row, 1, width>(
                        in + plane_of<typename In::Transform>(p, q) * In::plane + Index{row} * In::row,
                        weights + plane_of<WeightTransform>(p, q) * panels<In, Out> +
                            Index{block} * In::channels * width,
                        In::channels);
                });
                sums.template store<Out::row>(out + plane * Out::plane + Index{row} * Out::row +
                                              block * width);
            }
        };
        constexpr Parts usual{samples_at_once * tiles, max_tile_rows};
        rows_of.template operator()<usual.largest()>();
        rows_of.template operator()<usual.smallest()>();
        if constexpr (usual.smallest() > 8) rows_of.template operator()<8>();
        if constexpr (usual.smallest() > 4) rows_of.template operator()<4>();
        rows_of.template operator()<1>();
    }

    /// Computes a plane with sums over only those channels that dropout kept. It goes sample by sample,
    /// because each sample has other channels.
    template <class In, class Out, class Kept>
    static void multiply_kept(T* out, const T* in, const T* weights, const Kept* kept, int samples,
                              int plane) {
        constexpr int packs = Out::row / lanes;
        for (int sample = 0; sample < samples; ++sample) {
            const int* const list = kept[sample].list(0);
            const int count = kept[sample].count(0);
            const auto panels_at = [&]<int Rows, int Packs>(int row, int column) {
                RegisterTile<T, Rows, Packs> sums;
                sums.clear();
                for_each_product<typename Out::Transform>(plane, [&](int p, int q) {
                    sums.template add_listed_product<In::row, width, Index{In::channels} * width>(
                        in + plane_of<typename In::Transform>(p, q) * In::plane + Index{row} * In::row,
                        weights + plane_of<WeightTransform>(p, q) * panels<In, Out> +
                            Index{column / width} * In::channels * width,
                        list, count);
                });
                sums.template store<Out::row>(out + plane * Out::plane + Index{row} * Out::row + column);
            };
            const auto rows_at = [&]<int Rows>(int row) {
                constexpr int most = registers >= 32 ? 4 : 2;
                int column = 0;
                for (; column + most * lanes <= Out::row; column += most * lanes)
                    panels_at.template operator()<Rows, most>(row, column);
                if constexpr (packs % most >= 2) {
                    panels_at.template operator()<Rows, 2>(row, column);
                    column += width;
                }
                if constexpr (packs % 2 == 1) panels_at.template operator()<Rows, 1>(row, column);
            };
            int row = sample * tiles;
            const int end = row + tiles;
            for (; row + 4 <= end; row += 4) rows_at.template operator()<4>(row);
            for (; row < end; ++row) rows_at.template operator()<1>(row);
        }
    }

    static void sum_part(T* sums, const T* big_image, const T* small_image, int height, int plane, int part,
                         int block, bool add) {
        constexpr int packs = Big::row / lanes;
        constexpr int last = (packs - 1) % 2 + 1;
        const auto run = [&]<int Rows>() {
            if (last == 2 || block < blocks<Big> - 1)
                sum_tile<Rows, 2>(sums, big_image, small_image, height, plane, rows.begin(part),
                                  block * width, add);
            else
                sum_tile<Rows, 1>(sums, big_image, small_image, height, plane, rows.begin(part),
                                  block * width, add);
        };
        if (rows.size(part) == rows.largest())
            run.template operator()<rows.largest()>();
        else
            run.template operator()<rows.smallest()>();
    }

    template <int Rows, int Packs>
    static void sum_tile(T* sums, const T* big_image, const T* small_image, int height, int plane, int first,
                         int column, bool add) {
        T* const to = sums + Index{first} * Big::row + column;
        RegisterTile<T, Rows, Packs> tile_sums;
        if (add)
            tile_sums.template load<Big::row>(to);
        else
            tile_sums.clear();
        for_each_product<WeightTransform>(plane, [&](int p, int q) {
            tile_sums.template add_product<1, Small::row, Big::row>(
                small_image + plane_of<typename Small::Transform>(p, q) * Small::plane + first,
                big_image + plane_of<typename Big::Transform>(p, q) * Big::plane + column, height);
        });
        tile_sums.template store<Big::row>(to);
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
