#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/kept_channels.hpp>
#include <ctgan/backend/cpu/memory.hpp>
#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/row_function.hpp>
#include <ctgan/backend/cpu/tile_planes.hpp>
#include <ctgan/backend/cpu/tile_product.hpp>
#include <ctgan/backend/cpu/transpose.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/memory_size.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A convolution by tiles: the code of TiledConvolution, which all geometries share.
///
/// Some samples are processed at a time, so that their matrices stay in the cache. A plane is the matrix of
/// one factor: [tile][channel] for images, panels of [channel][channels of a block] for weights.
template <class T>
struct TileAlgorithm {
    int kernel;   ///< rows and columns of the convolution's kernel
    int products; ///< of the form, in one dimension
    TilePlanes<T> big, small_;
    TileFunctions<T> weight;
    Array<TileKernels<T>, 2> kernels; ///< for one pack and for two

    static constexpr int samples_at_once = 16;
    static constexpr int lanes = Pack<T>::size;
    static constexpr int width = 2 * lanes; ///< columns of a panel of weights
    static constexpr int packs_of_listed = registers >= 32 ? 4 : 2;
    using Planes = TilePlanes<T>;

    static constexpr int blocks(const Planes& image) { return (image.row() + width - 1) / width; }
    /// A plane of the weight as the second factor of a matrix product that sums over `in`:
    /// [block][in][width].
    static constexpr Index panels(const Planes& in, const Planes& out) {
        return Index{blocks(out)} * in.channels * width + plane_gap;
    }
    /// A plane of the weight as the result of a sum over tiles: [small][big].
    constexpr Index weight_plane() const { return Index{small_.channels} * big.row() + plane_gap; }
    constexpr Index weights() const { return Index{kernel} * kernel * small_.channels * big.channels; }
    constexpr Index weight_size() const {
        return aligned(weight.planes() *
                       (std::max)({panels(small_, big), panels(big, small_), weight_plane()}));
    }
    constexpr Index image_planes_size() const { return big.size() + small_.size(); }
    constexpr Index scratch_size() const { return aligned(weights()) + weight_size() + image_planes_size(); }

    /// The planes of the weight, for the operands of to_small and to_big.
    void prepare_to_small(T* prepared, const T* weight_values) const {
        Memory<T> transposed(weights());
        transpose_weight(transposed.data(), weight_values);
        weight_to_planes(big, small_, prepared, transposed.data());
    }
    void prepare_to_big(T* prepared, const T* weight_values) const {
        weight_to_planes(small_, big, prepared, weight_values);
    }

    /// output = f(convolution of input + bias).
    void to_small(const ConvolutionOperands<T>& operands, RowFunction<T> f) const {
        multiply(big, small_, with_transposed_weight(operands), f);
    }
    void to_big(const ConvolutionOperands<T>& operands, RowFunction<T> f) const {
        multiply(small_, big, operands, f);
    }

    /// The same with only those channels of the input whose factors are not zero. `BigChannels` is
    /// big.channels.
    template <int BigChannels>
    void to_small_kept(const ConvolutionOperands<T>& operands, const T* factors,
                       const ListedTileKernels<T>& listed, RowFunction<T> f) const {
        multiply_kept<BigChannels>(big, small_, with_transposed_weight(operands), factors, listed, f);
    }
    /// `SmallChannels` is small_.channels.
    template <int SmallChannels>
    void to_big_kept(const ConvolutionOperands<T>& operands, const T* factors,
                     const ListedTileKernels<T>& listed, RowFunction<T> f) const {
        multiply_kept<SmallChannels>(small_, big, operands, factors, listed, f);
    }

    CTGAN_SHARED void to_weight(const ConvolutionGradientOperands<T>& operands) const;

  private:
    static constexpr int parts_per_chunk = 4;

    /// The values of a kernel for two channels, of [tap][a][b].
    TileValues tap_values(const Planes& a, const Planes& b, Index a_channel, int b_channel) const {
        const Index tap = Index{a.channels} * b.channels;
        return {a_channel * b.channels + b_channel, kernel * tap, tap, 0, kernel, 0, kernel};
    }

    /// From [tap][small][big] to [tap][big][small].
    void transpose_weight(T* to, const T* from) const {
        transpose_each(to, from, Index{kernel} * kernel, small_.channels, big.channels);
    }
    /// The same operands with the weight transposed, in the scratch memory, unless it is prepared.
    ConvolutionOperands<T> with_transposed_weight(ConvolutionOperands<T> operands) const {
        if (!operands.prepared) {
            transpose_weight(operands.scratch, operands.weight);
            operands.weight = operands.scratch;
        }
        return operands;
    }

    /// Chunk sample * image.parts() + part.
    static void to_planes(const Planes& image, T* planes, const T* images, int first, Index chunk) {
        const Index sample = chunk / image.parts();
        image.to_planes(planes + sample * image.tiles() * image.row(),
                        images + (first + sample) * image.image_size(),
                        static_cast<int>(chunk % image.parts()));
    }

    /// The memory of the factors' planes.
    struct PlanesInScratch {
        const T* weights;
        T *in, *out;
    };

    /// Transforms the weight, too, unless it is prepared.
    PlanesInScratch planes_of(const Planes& in, const Planes& out,
                              const ConvolutionOperands<T>& operands) const {
        if (operands.prepared) return {operands.prepared, operands.scratch, operands.scratch + in.size()};
        T* const weight_planes = operands.scratch + aligned(weights());
        T* const in_planes = weight_planes + weight_size();
        weight_to_planes(in, out, weight_planes, operands.weight);
        return {weight_planes, in_planes, in_planes + in.size()};
    }

    /// output = f(convolution of input + bias), where the weight is [tap][in][out].
    CTGAN_SHARED void multiply(const Planes& in, const Planes& out, const ConvolutionOperands<T>& operands,
                               RowFunction<T> f) const;

    /// The same with only those channels of the input that dropout kept.
    template <int InChannels>
    void multiply_kept(const Planes& in, const Planes& out, const ConvolutionOperands<T>& operands,
                       const T* factors, const ListedTileKernels<T>& listed, RowFunction<T> f) const {
        const PlanesInScratch planes = planes_of(in, out, operands);
        for (int first = 0; first < operands.batch; first += samples_at_once) {
            const int samples = (std::min)(samples_at_once, operands.batch - first);
            begin_samples(in, planes, operands, first, samples);
            KeptChannels<InChannels, InChannels> memory[samples_at_once];
            DepthList kept[samples_at_once];
            for (int sample = 0; sample < samples; ++sample) {
                const KeptList list = memory[sample].list();
                list.find(factors + Index{first + sample} * InChannels);
                kept[sample] = list.segment(0);
            }
            sum_kept(in, out, planes, listed, kept, samples);
            end_samples(out, planes, operands, f, first, samples);
        }
    }

    CTGAN_SHARED void weight_to_planes(const Planes& in, const Planes& out, T* planes, const T* w) const;
    CTGAN_SHARED void begin_samples(const Planes& in, const PlanesInScratch& planes,
                                    const ConvolutionOperands<T>& operands, int first, int samples) const;
    CTGAN_SHARED void end_samples(const Planes& out, const PlanesInScratch& planes,
                                  const ConvolutionOperands<T>& operands, const RowFunction<T>& f, int first,
                                  int samples) const;
    /// The planes of some samples' results.
    CTGAN_SHARED void sum_all(const Planes& in, const Planes& out, const PlanesInScratch& planes,
                              int samples) const;
    CTGAN_SHARED void sum_kept(const Planes& in, const Planes& out, const PlanesInScratch& planes,
                               const ListedTileKernels<T>& listed, const DepthList* kept, int samples) const;

    PlaneFactors<T> factors_of(const Planes& in, const Planes& out, int plane,
                               const PlanesInScratch& planes) const {
        return {products,   out.transform, plane,          in.transform,   planes.in,
                in.plane(), weight,        planes.weights, panels(in, out)};
    }

    /// How many packs a block of columns has.
    static int packs_of(const Planes& image, int block) {
        return block < blocks(image) - 1 || image.row() % width == 0 ? 2 : 1;
    }

    /// Adds some rows of a plane of the weight, or begins with them.
    void sum_part(T* sums, const PlaneFactors<T>& factors, int height, const Parts& rows, int part, int block,
                  bool add) const {
        const int first = rows.begin(part), column = block * width, packs = packs_of(big, block);
        const TileKernels<T>& of_packs = kernels[packs - 1];
        const auto product =
            rows.size(part) == rows.largest() ? of_packs.weight_largest : of_packs.weight_smallest;
        product(sums + Index{first} * big.row() + column, big.row(), factors.at(first, column).list,
                factors.count, small_.row(), big.row(), height, add);
    }
};

// Outside of the class, so that they are not inline: a program may compile them once (kernels.hpp).

template <class T>
void TileAlgorithm<T>::multiply(const Planes& in, const Planes& out, const ConvolutionOperands<T>& operands,
                                RowFunction<T> f) const {
    const PlanesInScratch planes = planes_of(in, out, operands);
    for (int first = 0; first < operands.batch; first += samples_at_once) {
        const int samples = (std::min)(samples_at_once, operands.batch - first);
        begin_samples(in, planes, operands, first, samples);
        sum_all(in, out, planes, samples);
        end_samples(out, planes, operands, f, first, samples);
    }
}

template <class T>
void TileAlgorithm<T>::weight_to_planes(const Planes& in, const Planes& out, T* planes, const T* w) const {
    parallel_for(in.channels, [&](Index i) {
        for (int o = 0; o < out.channels; o += lanes)
            weight.to(planes + (Index{o / width} * in.channels + i) * width + o % width, panels(in, out), w,
                      tap_values(in, out, i, o), out.channels - o);
    });
}

template <class T>
void TileAlgorithm<T>::begin_samples(const Planes& in, const PlanesInScratch& planes,
                                     const ConvolutionOperands<T>& operands, int first, int samples) const {
    parallel_for(Index{samples} * in.parts(),
                 [&](Index chunk) { to_planes(in, planes.in, operands.input, first, chunk); });
}

template <class T>
void TileAlgorithm<T>::end_samples(const Planes& out, const PlanesInScratch& planes,
                                   const ConvolutionOperands<T>& operands, const RowFunction<T>& f, int first,
                                   int samples) const {
    parallel_for(Index{samples} * out.parts(), [&](Index chunk) {
        const Index sample = chunk / out.parts();
        out.from_planes(operands.output + (first + sample) * out.image_size(),
                        planes.out + sample * out.tiles() * out.row(), operands.bias,
                        static_cast<int>(chunk % out.parts()), f);
    });
}

template <class T>
void TileAlgorithm<T>::sum_all(const Planes& in, const Planes& out, const PlanesInScratch& planes,
                               int samples) const {
    const int height = samples * in.tiles();
    parallel_for(Index{out.transform.planes()} * blocks(out), [&](Index chunk) {
        const int plane = static_cast<int>(chunk) / blocks(out);
        const int block = static_cast<int>(chunk) % blocks(out);
        const int packs = packs_of(out, block);
        const RowKernels<T>& by_rows = kernels[packs - 1].images;
        const PlaneFactors<T> factors =
            factors_of(in, out, plane, planes).at(0, Index{block} * in.channels * width);
        T* const to = planes.out + plane * out.plane() + block * width;
        int row = 0;
        for (int k = 0; k < by_rows.count && by_rows.rows[k] > 0; ++k) {
            const int rows = by_rows.rows[k];
            const int repeats = (height - row) / rows;
            if (repeats == 0) continue;
            by_rows.kernels[k]({to + Index{row} * out.row(), out.row(), repeats, Index{rows} * out.row()},
                               factors.at(Index{row} * in.row(), 0).list, factors.count,
                               Index{rows} * in.row(), in.row(), width, in.channels);
            row += repeats * rows;
        }
    });
}

/// Computes sums over only those channels that dropout kept. It goes sample by sample, because each
/// sample has other channels.
template <class T>
void TileAlgorithm<T>::sum_kept(const Planes& in, const Planes& out, const PlanesInScratch& planes,
                                const ListedTileKernels<T>& listed, const DepthList* kept,
                                int samples) const {
    const Index panel_step = Index{in.channels} * width;
    constexpr int parts = 2; // of the samples
    parallel_for(Index{out.transform.planes()} * parts, [&](Index chunk) {
        const int plane = static_cast<int>(chunk) / parts, part = static_cast<int>(chunk) % parts;
        const int end = samples * (part + 1) / parts * in.tiles();
        const PlaneFactors<T> factors = factors_of(in, out, plane, planes);
        for (int row = samples * part / parts * in.tiles(), rows; row < end; row += rows) {
            const int sample = row / in.tiles();
            rows = row + 4 <= (sample + 1) * in.tiles() ? 4 : 1;
            for (int column = 0, packs; column < out.row(); column += packs * lanes) {
                const int left = (out.row() - column) / lanes;
                packs = left >= packs_of_listed ? packs_of_listed : left >= 2 ? 2 : 1;
                listed.of[packs / 2][rows / 4](
                    planes.out + plane * out.plane() + Index{row} * out.row() + column, out.row(),
                    factors.at(Index{row} * in.row(), Index{column / width} * panel_step).list, factors.count,
                    in.row(), width, panel_step, kept[sample]);
            }
        }
    });
}

template <class T>
void TileAlgorithm<T>::to_weight(const ConvolutionGradientOperands<T>& operands) const {
    T* const sums = operands.scratch + aligned(weights());
    T* const big_planes = sums + weight_size();
    T* const small_planes = big_planes + big.size();
    const Parts rows{small_.channels, max_tile_rows};
    for (int first = 0; first < operands.batch; first += samples_at_once) {
        const int samples = (std::min)(samples_at_once, operands.batch - first);
        const Index big_chunks = Index{samples} * big.parts();
        parallel_for(big_chunks + Index{samples} * small_.parts(), [&](Index chunk) {
            if (chunk < big_chunks)
                to_planes(big, big_planes, operands.big_image, first, chunk);
            else
                to_planes(small_, small_planes, operands.small_image, first, chunk - big_chunks);
        });
        const int groups = (rows.count() + parts_per_chunk - 1) / parts_per_chunk;
        parallel_for(Index{weight.planes()} * groups, [&](Index chunk) {
            const int plane = static_cast<int>(chunk) / groups;
            const int begin = static_cast<int>(chunk) % groups * parts_per_chunk;
            const PlaneFactors<T> factors(products, weight, plane, small_.transform, small_planes,
                                          small_.plane(), big.transform, big_planes, big.plane());
            for (int part = begin; part < (std::min)(rows.count(), begin + parts_per_chunk); ++part)
                for (int block = 0; block < blocks(big); ++block)
                    sum_part(sums + plane * weight_plane(), factors, samples * big.tiles(), rows, part, block,
                             first > 0);
        });
    }
    parallel_for(small_.channels, [&](Index channel) {
        for (int b = 0; b < big.channels; b += lanes)
            weight.from(operands.weight_gradient, tap_values(small_, big, channel, b),
                        sums + channel * big.row() + b, weight_plane(), operands.add, big.channels - b);
    });
}

} // namespace ctgan::inline CTGAN_ABI::cpu
