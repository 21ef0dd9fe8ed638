#pragma once

#include <ctgan/backend/cpu/convolution_gradient.hpp>
#include <ctgan/backend/cpu/direct_convolution.hpp>
#include <ctgan/backend/cpu/packets.hpp>
#include <ctgan/backend/cpu/pair_product.hpp>
#include <ctgan/backend/cpu/tile_algorithm.hpp>
#include <ctgan/backend/cpu/tile_form.hpp>
#include <ctgan/backend/cpu/tile_product.hpp>
#include <ctgan/backend/cpu/tile_transform.hpp>
#include <ctgan/core/config.hpp>

/// The code that convolutions of float share. By default each file compiles what its networks need of it. A
/// program that defines CTGAN_SEPARATE_COMPILATION in all of its files compiles all of it, but only once, in
/// the file that includes <ctgan/backend/cpu/source.hpp>. Networks of double, and kernels that are not listed
/// here, are compiled in the files that need them in either case.

// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are parts of declarations

/// Declares the code if `prefix` is extern, defines it if it is empty.
#define CTGAN_KERNELS(prefix)                                                                                \
    prefix template struct DirectConvolution<float>;                                                         \
    prefix template struct ConvolutionWeightGradient<float>;                                                 \
    prefix template struct TileAlgorithm<float>;                                                             \
    CTGAN_KERNELS_OF_FORM(prefix, 3, 1, 4)                                                                   \
    CTGAN_KERNELS_OF_FORM(prefix, 3, 2, 3)                                                                   \
    CTGAN_KERNELS_OF_FORM(prefix, 4, 2, 4)                                                                   \
    CTGAN_KERNELS_OF_ROWS(prefix, 1)                                                                         \
    CTGAN_KERNELS_OF_ROWS(prefix, 2)                                                                         \
    CTGAN_KERNELS_OF_ROWS(prefix, 3)                                                                         \
    CTGAN_KERNELS_OF_ROWS(prefix, 4)                                                                         \
    CTGAN_KERNELS_OF_ROWS(prefix, 5)                                                                         \
    CTGAN_KERNELS_OF_ROWS(prefix, 6)                                                                         \
    CTGAN_KERNELS_OF_MORE_ROWS(prefix)

/// Those of a TileForm.
#define CTGAN_KERNELS_OF_FORM(prefix, kernel, stride, tile)                                                  \
    CTGAN_KERNELS_OF_FACTOR(prefix, kernel, stride, tile, Weight)                                            \
    CTGAN_KERNELS_OF_FACTOR(prefix, kernel, stride, tile, Big)                                               \
    CTGAN_KERNELS_OF_FACTOR(prefix, kernel, stride, tile, Small)
#define CTGAN_KERNELS_OF_FACTOR(prefix, kernel, stride, tile, factor)                                        \
    prefix template TileToFactors<float> tile_to_factors<float, TileForm<kernel, stride, tile>::factor>;     \
    prefix template TileFromFactors<float> tile_from_factors<float, TileForm<kernel, stride, tile>::factor>;

/// Those for tiles of so many rows, with one pack and with two.
#define CTGAN_KERNELS_OF_ROWS(prefix, rows)                                                                  \
    CTGAN_KERNELS_OF_TILE(prefix, rows, 1)                                                                   \
    CTGAN_KERNELS_OF_TILE(prefix, rows, 2)
#define CTGAN_KERNELS_OF_TILE(prefix, rows, packs)                                                           \
    prefix template AddProduct<float> add_product<rows, packs, float>;                                       \
    prefix template SumProducts<float> sum_products<rows, packs, float>;                                     \
    prefix template SumTransposedProducts<float> sum_transposed_products<rows, packs, float>;                \
    prefix template MultiplyPairs<float, ConsecutiveChannels>                                                \
        multiply_pairs<rows, packs, Pack<float>::size, float, ConsecutiveChannels>;

// Larger tiles occur only with 32 registers.
#if CTGAN_MANY_REGISTERS
#    define CTGAN_KERNELS_OF_MORE_ROWS(prefix)                                                               \
        CTGAN_KERNELS_OF_ROWS(prefix, 7)                                                                     \
        CTGAN_KERNELS_OF_ROWS(prefix, 8)                                                                     \
        CTGAN_KERNELS_OF_ROWS(prefix, 9)                                                                     \
        CTGAN_KERNELS_OF_ROWS(prefix, 10)                                                                    \
        CTGAN_KERNELS_OF_ROWS(prefix, 11)                                                                    \
        CTGAN_KERNELS_OF_ROWS(prefix, 12)                                                                    \
        CTGAN_KERNELS_OF_ROWS(prefix, 13)                                                                    \
        CTGAN_KERNELS_OF_ROWS(prefix, 14)                                                                    \
        CTGAN_KERNELS_OF_FOUR_PACKS(prefix)
#else
#    define CTGAN_KERNELS_OF_MORE_ROWS(prefix)
#endif
// Where four_packs_pay (register_tile.hpp).
#if CTGAN_MANY_REGISTERS && defined(__AVX512F__)
#    define CTGAN_KERNELS_OF_FOUR_PACKS(prefix)                                                              \
        CTGAN_KERNELS_OF_WIDE_TILE(prefix, 1)                                                                \
        CTGAN_KERNELS_OF_WIDE_TILE(prefix, 2)                                                                \
        CTGAN_KERNELS_OF_WIDE_TILE(prefix, 3)                                                                \
        CTGAN_KERNELS_OF_WIDE_TILE(prefix, 4)                                                                \
        CTGAN_KERNELS_OF_WIDE_TILE(prefix, 5)                                                                \
        CTGAN_KERNELS_OF_WIDE_TILE(prefix, 6)                                                                \
        CTGAN_KERNELS_OF_WIDE_TILE(prefix, 7)
#    define CTGAN_KERNELS_OF_WIDE_TILE(prefix, rows)                                                         \
        prefix template AddProduct<float> add_product<rows, 4, float>;                                       \
        prefix template MultiplyPairs<float, ConsecutiveChannels>                                            \
            multiply_pairs<rows, 4, Pack<float>::size, float, ConsecutiveChannels>;
#else
#    define CTGAN_KERNELS_OF_FOUR_PACKS(prefix)
#endif

// NOLINTEND(bugprone-macro-parentheses)

#ifdef CTGAN_SEPARATE_COMPILATION
namespace ctgan::inline CTGAN_ABI::cpu {
CTGAN_KERNELS(extern)
} // namespace ctgan::inline CTGAN_ABI::cpu
#endif
