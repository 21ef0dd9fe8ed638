#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/backend/cpu/kept_channels.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/register_tile.hpp>
#include <ctgan/backend/cpu/tile_planes.hpp>
#include <ctgan/backend/cpu/transpose.hpp>

#include <algorithm>
#include <type_traits>

namespace ctgan::cpu {

/// A convolution by tiles (TileForm): each tile of the big image, of the small image and of the weight is
/// spread to factors; for each product of the form a matrix product of factors takes the sum over channels or
/// over tiles; what comes out is gathered to the third tensor. In float it costs some digits against the
/// direct convolution, with fewer multiplications, and matrices of many rows, which is to say batches.
///
/// Matrices are of some samples at once, so that they stay near. A plane is one product's matrix, [tile]
/// [channel] for images and [channels of a block] panels for weights.
template <class G, class T>
struct TiledConvolution {
    static constexpr int tile = best_tile<G>();
    using Form = TileForm<G::kernel, G::stride, tile>;
    static constexpr int samples_at_once = 16;
    using Tiles =
        TileCounts<(G::small_height + tile - 1) / tile, (G::small_width + tile - 1) / tile, samples_at_once>;
    static constexpr int tiles = Tiles::of_sample;

    /// Multiplications of a direct convolution for one of this.
    static constexpr double gain =
        static_cast<double>(G::multiplications()) /
        (1.0 * Form::products * Form::products * tiles * G::big_channels * G::small_channels);

    static constexpr int lanes = Pack<T>::size;
    static constexpr int width = 2 * lanes; ///< of a panel of weights
    template <class Image>
    static constexpr int blocks = (Image::row + width - 1) / width;

    using BigTransform = TileTransform<T, typename Form::Big>;
    using SmallTransform = TileTransform<T, typename Form::Small>;
    using WeightTransform = TileTransform<T, typename Form::Weight>;
    using Big = TilePlanes<T, BigTransform, Tiles, G::big_channels, G::big_height, G::big_width,
                           tile * G::stride, -G::padding>;
    using Small =
        TilePlanes<T, SmallTransform, Tiles, G::small_channels, G::small_height, G::small_width, tile, 0>;

    /// The weight's planes as the second factor of a product that sums over `In`: [block][in][width].
    template <class In, class Out>
    static constexpr Index panels = Index{blocks<Out>} * In::channels* width + plane_gap;
    /// As a sum over tiles: [small][big].
    static constexpr Index weight_plane = Index{G::small_channels} * Big::row + plane_gap;
    static constexpr Index weight_size =
        aligned(WeightTransform::planes * std::max({panels<Small, Big>, panels<Big, Small>, weight_plane}));

    static constexpr Index scratch_size = aligned(Index{G::weights}) + weight_size + Big::size + Small::size;

    template <class F>
    static void to_small(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch,
                         const T* factors, F f) {
        T* turned = scratch;
        turn_weight(w, turned);
        multiply<Big, Small, BigTransform, SmallTransform>(batch, big, turned, bias, small, scratch, factors,
                                                           f);
    }
    template <class F>
    static void to_big(int batch, const T* small, const T* w, const T* bias, T* big, T* scratch,
                       const T* factors, F f) {
        multiply<Small, Big, SmallTransform, BigTransform>(batch, small, w, bias, big, scratch, factors, f);
    }

    static void to_weight(int batch, const T* big, const T* small, T* dw, bool add, T* scratch) {
        T* const sums = scratch + aligned(Index{G::weights});
        T* const big_planes = sums + weight_size;
        T* const small_planes = big_planes + Big::size;
        for (int first = 0; first < batch; first += samples_at_once) {
            const int samples = std::min(samples_at_once, batch - first);
            for_each_piece(2 * samples, [=](Index piece) {
                const Index sample = piece / 2;
                if (piece % 2 == 0)
                    Big::spread(big + (first + sample) * big_size, big_planes + sample * tiles * Big::row);
                else
                    Small::spread(small + (first + sample) * small_size,
                                  small_planes + sample * tiles * Small::row);
            });
            constexpr int groups = (rows.count() + parts_of_a_piece - 1) / parts_of_a_piece;
            for_each_piece(Index{WeightTransform::planes} * groups, [=](Index piece) {
                const int plane = static_cast<int>(piece) / groups;
                const int begin = static_cast<int>(piece) % groups * parts_of_a_piece;
                for (int part = begin; part < std::min(rows.count(), begin + parts_of_a_piece); ++part)
                    for (int block = 0; block < blocks<Big>; ++block)
                        sum_part(samples * tiles, plane, part, block, first > 0, big_planes, small_planes,
                                 sums + plane * weight_plane);
            });
        }
        for_each_piece(G::small_channels, [=](Index channel) {
            for (int b = 0; b < G::big_channels; b += lanes)
                WeightTransform::gather(
                    [&](int i, int j) {
                        return Pack<T>::load(sums + (i * WeightTransform::count + j) * weight_plane +
                                             channel * Big::row + b);
                    },
                    [&](int y, int x, Pack<T> pack) {
                        T* at = dw +
                                ((y * G::kernel + x) * Index{G::small_channels} + channel) * G::big_channels +
                                b;
                        if (b + lanes <= G::big_channels)
                            (add ? Pack<T>::load(at) + pack : pack).store(at);
                        else {
                            constexpr int rest = G::big_channels % lanes;
                            (add ? Pack<T>::load_first(at, rest) + pack : pack).store_first(at, rest);
                        }
                    });
        });
    }

  private:
    static constexpr Index big_size = Index{G::big_channels} * G::big_height * G::big_width;
    static constexpr Index small_size = Index{G::small_channels} * G::small_height * G::small_width;
    static constexpr Parts rows{G::small_channels, most_tile_rows};
    static constexpr int parts_of_a_piece = 4;

    /// [tap][small][big] to [tap][big][small].
    static void turn_weight(const T* w, T* turned) {
        for_each_piece(G::taps, [=](Index tap) {
            constexpr Index size = Index{G::small_channels} * G::big_channels;
            transpose(G::small_channels, G::big_channels, w + tap * size, G::big_channels,
                      turned + tap * size, G::small_channels);
        });
    }

    /// `w` is [tap][in][out].
    template <class In, class Out, class InTransform, class OutTransform, class F>
    static void multiply(int batch, const T* x, const T* w, const T* bias, T* y, T* scratch, const T* factors,
                         F f) {
        T* const weights = scratch + aligned(Index{G::weights});
        T* const in_planes = weights + weight_size;
        T* const out_planes = in_planes + In::size;
        constexpr Index in_size = image_size<In>, out_size = image_size<Out>;
        spread_weight<In, Out>(w, weights);
        for (int first = 0; first < batch; first += samples_at_once) {
            const int samples = std::min(samples_at_once, batch - first);
            for_each_piece(samples, [=](Index sample) {
                In::spread(x + (first + sample) * in_size, in_planes + sample * tiles * In::row);
            });
            if (factors) {
                KeptChannels<In::channels, In::channels> kept[samples_at_once];
                for (int sample = 0; sample < samples; ++sample)
                    kept[sample].find(factors + Index{first + sample} * In::channels);
                for_each_piece(OutTransform::planes, [&](Index plane) {
                    multiply_kept<In, Out, InTransform, OutTransform>(samples, static_cast<int>(plane), kept,
                                                                      in_planes, weights, out_planes);
                });
            } else
                for_each_piece(Index{OutTransform::planes} * blocks<Out>, [=](Index piece) {
                    const int plane = static_cast<int>(piece) / blocks<Out>;
                    const int block = static_cast<int>(piece) % blocks<Out>;
                    multiply_plane<In, Out, InTransform, OutTransform>(samples * tiles, plane, block,
                                                                       in_planes, weights, out_planes);
                });
            for_each_piece(samples, [=](Index sample) {
                Out::gather(out_planes + sample * tiles * Out::row, bias, y + (first + sample) * out_size, f);
            });
        }
    }

    template <class Image>
    static constexpr Index image_size = std::is_same_v<Image, Big> ? big_size : small_size;

    template <class In, class Out>
    static void spread_weight(const T* w, T* weights) {
        for_each_piece(In::channels, [=](Index in) {
            for (int out = 0; out < Out::channels; out += lanes)
                WeightTransform::spread(
                    [&](int y, int x) {
                        const T* at =
                            w + ((y * G::kernel + x) * Index{In::channels} + in) * Out::channels + out;
                        constexpr int rest = Out::channels % lanes;
                        if (rest > 0 && out + lanes > Out::channels) return Pack<T>::load_first(at, rest);
                        return Pack<T>::load(at);
                    },
                    [&](int i, int j, Pack<T> pack) {
                        pack.store(weights + (i * WeightTransform::count + j) * panels<In, Out> +
                                   (Index{out / width} * In::channels + in) * width + out % width);
                    });
        });
    }

    /// Calls f(p, q) for each product whose factor in a transform is number `plane`.
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

    template <class In, class Out, class InTransform, class OutTransform>
    static void multiply_plane(int height, int plane, int block, const T* in, const T* weights, T* out) {
        constexpr int packs = Out::row / lanes;
        constexpr int last = (packs - 1) % 2 + 1;
        if (last == 2 || block < blocks<Out> - 1)
            multiply_panel<2, In, Out, InTransform, OutTransform>(height, plane, block, in, weights, out);
        else
            multiply_panel<1, In, Out, InTransform, OutTransform>(height, plane, block, in, weights, out);
    }

    template <int Packs, class In, class Out, class InTransform, class OutTransform>
    static void multiply_panel(int height, int plane, int block, const T* in, const T* weights, T* out) {
        int row = 0;
        const auto rows_of = [&]<int Rows>() {
            for (; row + Rows <= height; row += Rows) {
                RegisterTile<T, Rows, Packs> sums;
                sums.clear();
                for_each_product<OutTransform>(plane, [&](int p, int q) {
                    sums.template add_product<In::row, 1, width>(
                        In::channels, in + plane_of<InTransform>(p, q) * In::plane + Index{row} * In::row,
                        weights + plane_of<WeightTransform>(p, q) * panels<In, Out> +
                            Index{block} * In::channels * width);
                });
                sums.template store<Out::row>(out + plane * Out::plane + Index{row} * Out::row +
                                              block * width);
            }
        };
        constexpr Parts usual{samples_at_once * tiles, most_tile_rows};
        rows_of.template operator()<usual.largest()>();
        rows_of.template operator()<usual.smallest()>();
        if constexpr (usual.smallest() > 8) rows_of.template operator()<8>();
        if constexpr (usual.smallest() > 4) rows_of.template operator()<4>();
        rows_of.template operator()<1>();
    }

    /// A plane with the sums over those channels only that dropout kept, sample by sample, as each kept
    /// others.
    template <class In, class Out, class InTransform, class OutTransform, class Kept>
    static void multiply_kept(int samples, int plane, const Kept* kept, const T* in, const T* weights,
                              T* out) {
        constexpr int packs = Out::row / lanes;
        for (int sample = 0; sample < samples; ++sample) {
            const int* const list = kept[sample].list(0);
            const int count = kept[sample].count(0);
            const auto panels_at = [&]<int Rows, int Packs>(int row, int column) {
                RegisterTile<T, Rows, Packs> sums;
                sums.clear();
                for_each_product<OutTransform>(plane, [&](int p, int q) {
                    sums.template add_listed_product<In::row, width, Index{In::channels} * width>(
                        list, count, in + plane_of<InTransform>(p, q) * In::plane + Index{row} * In::row,
                        weights + plane_of<WeightTransform>(p, q) * panels<In, Out> +
                            Index{column / width} * In::channels * width);
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

    static void sum_part(int height, int plane, int part, int block, bool add, const T* big, const T* small,
                         T* sums) {
        constexpr int packs = Big::row / lanes;
        constexpr int last = (packs - 1) % 2 + 1;
        const auto run = [&]<int Rows>() {
            if (last == 2 || block < blocks<Big> - 1)
                sum_tile<Rows, 2>(height, plane, rows.begin(part), block * width, add, big, small, sums);
            else
                sum_tile<Rows, 1>(height, plane, rows.begin(part), block * width, add, big, small, sums);
        };
        if (rows.size(part) == rows.largest())
            run.template operator()<rows.largest()>();
        else
            run.template operator()<rows.smallest()>();
    }

    template <int Rows, int Packs>
    static void sum_tile(int height, int plane, int first, int column, bool add, const T* big, const T* small,
                         T* sums) {
        T* const to = sums + Index{first} * Big::row + column;
        RegisterTile<T, Rows, Packs> tile_sums;
        if (add)
            tile_sums.template load<Big::row>(to);
        else
            tile_sums.clear();
        for_each_product<WeightTransform>(plane, [&](int p, int q) {
            tile_sums.template add_product<1, Small::row, Big::row>(
                height, small + plane_of<SmallTransform>(p, q) * Small::plane + first,
                big + plane_of<BigTransform>(p, q) * Big::plane + column);
        });
        tile_sums.template store<Big::row>(to);
    }
};

} // namespace ctgan::cpu
