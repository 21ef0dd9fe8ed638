#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/cuda/launch_tiles.hpp>
#include <ctgan/backend/cuda/tiled_product.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

/// How a matrix product is computed: by tiles on a GPU, value by value on the host. A test can define
/// CTGAN_TILES_ON_HOST, in all files of its program, to use the tiles on the host, too. tiled_product.hpp
/// describes what a Problem is.
namespace ctgan::inline CTGAN_ABI::gpu::detail {

/// A matrix product without tiles, on Thrust: one thread for each value. It replaces the tiles if there is no
/// GPU, and tests compare the tiles with it.
template <class Problem>
struct NaiveProduct {
    /// How many products are summed before their sum is added to the result.
    static constexpr int products_per_sum = 64;

    Problem problem;
    int rows;

    CTGAN_HD void operator()(Index i) const {
        const DivMod<Problem::columns> at(i);
        const auto slice = problem.slice(static_cast<int>(at.quotient / rows));
        const int m = static_cast<int>(at.quotient % rows), n = at.remainder;
        if (m >= slice.rows) return;
        const auto row = slice.row(m);
        const auto column = slice.column(n);
        typename Problem::Scalar sum{0};
        for (int k = 0; k < slice.depth;) {
            typename Problem::Scalar part{0};
            for (const int end = k + products_per_sum < slice.depth ? k + products_per_sum : slice.depth;
                 k < end; ++k)
                part += slice.left(row, slice.at(k)) * slice.right(slice.at(k), column);
            sum += part;
        }
        slice.store(m, n, sum);
    }
};

template <class Problem>
void multiply_naively(const Problem& problem) {
    const int rows = problem.max_rows();
    parallel_for(Index{Problem::slices} * rows * Problem::columns, NaiveProduct<Problem>{problem, rows});
}

/// The tile for a matrix product. If it has few columns, most of a square tile would be empty.
template <class Problem>
using SmallTile =
    std::conditional_t<(Problem::columns <= 8), Tile<128, 8, 4, 1>,
                       std::conditional_t<(Problem::columns < 48), Tile<128, 32, 4, 4>, Tile<64, 64, 4, 4>>>;
/// The tile for a matrix product that is large enough to fill a device with it.
template <class Problem>
using LargeTile = std::conditional_t<(Problem::columns<96 || sizeof(typename Problem::Scalar)> 4),
                                     SmallTile<Problem>, Tile<128, 128, 8, 8>>;

/// Two blocks for each of an H100's or H200's 132 multiprocessors. This is a constant, not a property of the
/// device, so that every device divides sums in the same way.
inline constexpr Index enough_blocks = 264;

/// How many products one sum in a register adds up at most: its rounding error grows with their number.
inline constexpr int max_products_per_sum = 4096;

/// How many blocks a matrix product of `rows` rows has if its depth is not split.
template <class Tile, class Problem>
Index blocks_for(int rows) {
    return Index{Problem::slices} * ((rows + Tile::rows - 1) / Tile::rows) *
           ((Problem::columns + Tile::columns - 1) / Tile::columns);
}

/// Into how many splits the depth of a matrix product of `rows` rows is divided: enough to give a device
/// enough blocks, as long as each split has at least 64 products for each sum and all partial sums fit into
/// Scratch; and in any case enough to keep each sum within max_products_per_sum.
template <class Problem>
int splits_for(int rows, int depth) {
    constexpr Index capacity = Scratch::capacity_for<typename Problem::Scalar>,
                    row_values = Index{Problem::slices} * Problem::columns;
    static_assert(row_values <= capacity,
                  "ctgan: a product has more columns than the CUDA backend's scratch has values");
    const Index blocks = blocks_for<SmallTile<Problem>, Problem>(rows);
    const Index for_blocks = (std::min)(
        {(enough_blocks + blocks - 1) / blocks, Index{depth} / 64, capacity / (row_values * rows)});
    const Index for_accuracy = (Index{depth} + max_products_per_sum - 1) / max_products_per_sum;
    return static_cast<int>(
        std::clamp((std::max)(for_blocks, for_accuracy), Index{1}, capacity / row_values));
}

/// Computes rows first_row to last_row (one past the end), with a second stage if the depth is split.
template <class Tile, class Problem>
void multiply_by(const Problem& problem, int splits, int first_row, int last_row,
                 typename Problem::Scalar* partial) {
    using Product = TiledProduct<Problem, Tile>;
    const int slabs = (problem.max_depth() + Tile::depth - 1) / Tile::depth;
    const int split_depth = (std::max)(1, (slabs + splits - 1) / splits) * Tile::depth;
    const Product product{problem, first_row, last_row, splits, split_depth, partial};
    launch_tiles<Product, Tile>(product);
    if (splits > 1)
        parallel_for(Index{Problem::slices} * (last_row - first_row) * Problem::columns,
                     SumSplits<Product>{product});
}

/// Computes a matrix product by tiles. `planned_rows` is the number of rows for which the splits are chosen.
/// They determine the order in which sums are added up.
template <class Problem>
void multiply_by_tiles(const Problem& problem, int planned_rows) {
    using Small = SmallTile<Problem>;
    using Large = LargeTile<Problem>;
    using T = typename Problem::Scalar;
    const int rows = problem.max_rows(), splits = splits_for<Problem>(planned_rows, problem.max_depth());
    const auto multiply_rows = [&](int first, int last, T* partial) {
        if (splits * blocks_for<Large, Problem>(last - first) >= enough_blocks)
            multiply_by<Large>(problem, splits, first, last, partial);
        else
            multiply_by<Small>(problem, splits, first, last, partial);
    };
    if (splits == 1) return multiply_rows(0, rows, static_cast<T*>(nullptr));
    Scratch scratch;
    // If the splits are chosen for the rows of one sample, the partial sums of all samples may not fit into
    // the scratch memory at once.
    const Index each = Index{Problem::slices} * Problem::columns * splits;
    const int at_once = static_cast<int>((std::min)(Index{rows}, Scratch::capacity_for<T> / each));
    for (int first = 0; first < rows; first += at_once)
        multiply_rows(first, (std::min)(rows, first + at_once), scratch.template data<T>());
}

/// A number of rows or a depth as an int, which the kernels use. Throws std::invalid_argument if it is more
/// than half of the largest int.
inline int as_int(Index count) {
    if (count > (std::numeric_limits<int>::max)() / 2)
        throw std::invalid_argument("cuda: found a batch with " + std::to_string(count) +
                                    " pixels or numbers in a row, expected at most 2^30 - 1");
    return static_cast<int>(count);
}

/// Computes a matrix product whose rows are those of `samples` samples. If a sample's result must not depend
/// on the other samples, the depth is split as for one sample alone; otherwise as for `planned` samples, if
/// these are a part of so many.
template <class Problem>
void multiply(const Problem& problem, [[maybe_unused]] int samples, [[maybe_unused]] Algorithms which,
              [[maybe_unused]] int planned = 0) {
    static_assert(std::is_default_constructible_v<Problem>,
                  "ctgan: a function given to a CUDA operation has a default constructor");
    if (problem.max_rows() == 0) return;
#if CTGAN_ON_GPU || defined(CTGAN_TILES_ON_HOST)
    const int per_sample = problem.max_rows() / samples;
    multiply_by_tiles(problem, which != Algorithms::fastest ? per_sample
                               : planned > samples          ? as_int(Index{per_sample} * planned)
                                                            : problem.max_rows());
#else
    multiply_naively(problem);
#endif
}

} // namespace ctgan::inline CTGAN_ABI::gpu::detail
