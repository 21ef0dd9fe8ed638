#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/cuda/tiled_product.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

/// How a product (tiled_product.hpp has what a Problem is) is computed: by tiles on a GPU, number by number
/// on the host. There CTGAN_TILES_ON_HOST, in all files of a program, takes the tiles as well, for a test.
namespace ctgan::cuda::detail {

/// The twin of the tiles, on Thrust: a thread for each number of the product. It stands in for them where
/// there is no GPU, and is what they are tested against.
template <class Problem>
struct ByNumbers {
    static constexpr int chain = 64; ///< products that are summed up before they are added to the rest

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
            for (const int end = k + chain < slice.depth ? k + chain : slice.depth; k < end; ++k)
                part += slice.left(row, slice.at(k)) * slice.right(slice.at(k), column);
            sum += part;
        }
        slice.store(m, n, sum);
    }
};

template <class Problem>
void multiply_by_numbers(const Problem& problem) {
    const int rows = problem.max_rows();
    parallel_for(Index{Problem::slices} * rows * Problem::columns, ByNumbers<Problem>{problem, rows});
}

/// The tiles for a product. The widest one is for products that fill a device with it; few columns leave most
/// of a square tile empty.
template <class Problem>
using SmallTile =
    std::conditional_t<(Problem::columns <= 8), Tile<128, 8, 4, 1>,
                       std::conditional_t<(Problem::columns < 48), Tile<128, 32, 4, 4>, Tile<64, 64, 4, 4>>>;
template <class Problem>
using LargeTile = std::conditional_t<(Problem::columns<96 || sizeof(typename Problem::Scalar)> 4),
                                     SmallTile<Problem>, Tile<128, 128, 8, 8>>;

/// Two for each of an H100's multiprocessors. A constant and not asked of the device, so that every device
/// cuts the same sums alike.
inline constexpr Index enough_blocks = 264;

/// The longest chain of products that one sum in a register adds up: its rounding errors grow with the
/// length.
inline constexpr int max_products_per_sum = 4096;

/// How many blocks a product of so many rows has if it is not cut.
template <class Tile, class Problem>
Index blocks_for(int rows) {
    return Index{Problem::slices} * ((rows + Tile::rows - 1) / Tile::rows) *
           ((Problem::columns + Tile::columns - 1) / Tile::columns);
}

/// Into how many splits a product of so many rows cuts its depth: so many that a device has enough blocks,
/// each of at least 64 numbers, and that no chain is too long; all of the partial sums within the scratch.
template <class Problem>
int splits_for(int rows, int depth) {
    constexpr Index room = Scratch::room_for<typename Problem::Scalar>,
                    of_a_row = Index{Problem::slices} * Problem::columns;
    static_assert(of_a_row <= room,
                  "ctgan: a product has more columns than the CUDA room's scratch has numbers");
    const Index blocks = blocks_for<SmallTile<Problem>, Problem>(rows);
    const Index for_blocks =
        std::min({(enough_blocks + blocks - 1) / blocks, Index{depth} / 64, room / (of_a_row * rows)});
    const Index for_chains = (Index{depth} + max_products_per_sum - 1) / max_products_per_sum;
    return static_cast<int>(std::clamp(std::max(for_blocks, for_chains), Index{1}, room / of_a_row));
}

template <class Tile, class Problem>
void multiply_by(const Problem& problem, int splits, int first_row, int last_row,
                 typename Problem::Scalar* partial) {
    using Product = TiledProduct<Problem, Tile>;
    const int slabs = (problem.max_depth() + Tile::depth - 1) / Tile::depth;
    const int split_depth = std::max(1, (slabs + splits - 1) / splits) * Tile::depth;
    const Product product{problem, first_row, last_row, splits, split_depth, partial};
    launch_tiles<Product, Tile>(product);
    if (splits > 1)
        parallel_for(Index{Problem::slices} * (last_row - first_row) * Problem::columns,
                     SumSplits<Product>{product});
}

/// By tiles. `planned_rows`: the rows by which the depth is cut, which decides in what order sums are added
/// up.
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
    // Where one sample's rows decide how the depth is cut, those of all may not fit the scratch at once.
    const Index each = Index{Problem::slices} * Problem::columns * splits;
    const int at_once = static_cast<int>(std::min(Index{rows}, Scratch::room_for<T> / each));
    for (int first = 0; first < rows; first += at_once)
        multiply_rows(first, std::min(rows, first + at_once), scratch.template data<T>());
}

/// A product whose rows are `samples` times those of one sample. Where a sample's result must not depend on
/// the others, sums are cut as for one sample alone.
template <class Problem>
void multiply(const Problem& problem, [[maybe_unused]] int samples, [[maybe_unused]] Algorithms which) {
    static_assert(std::is_default_constructible_v<Problem>,
                  "ctgan: a function that a CUDA verb is handed has a default constructor");
    if (problem.max_rows() == 0) return;
#if CTGAN_ON_GPU || defined(CTGAN_TILES_ON_HOST)
    multiply_by_tiles(problem, which == Algorithms::batch_invariant ? problem.max_rows() / samples
                                                                    : problem.max_rows());
#else
    multiply_by_numbers(problem);
#endif
}

/// Rows and depths are ints in the kernels. Throws std::invalid_argument where they would not do.
inline int as_int(Index count) {
    if (count > std::numeric_limits<int>::max() / 2)
        throw std::invalid_argument("cuda: found a batch with " + std::to_string(count) +
                                    " pixels or numbers in a row, expected at most 2^30");
    return static_cast<int>(count);
}

} // namespace ctgan::cuda::detail
