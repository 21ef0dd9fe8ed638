#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/features.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

// Sums over all pairs of a row of one set and a row of another, by tiles, so that no matrix of all pairs is
// stored. Each sum is added up in the order of the columns wherever it stands in a tile, so a distance is the
// same bits whichever set is first and in whichever chunk it is computed: it can be compared with < .
namespace ctgan::inline CTGAN_ABI::score::detail {

using Pack = cpu::Pack<double>;

/// Squared Euclidean distances, as sums of squared differences: nothing cancels, equal rows have distance 0,
/// and none is negative. |x|^2 + |y|^2 - 2 x y takes two thirds of the time and has none of that.
struct SquaredDifference {
    CTGAN_INLINE static Pack add(Pack sum, Pack a, Pack b) { return multiply_add(a - b, a - b, sum); }
};

/// Scalar products.
struct Product {
    CTGAN_INLINE static Pack add(Pack sum, Pack a, Pack b) { return multiply_add(a, b, sum); }
};

/// The rows of a set, transposed in panels of some rows: the values of one column of a panel are adjacent.
/// Rows of zeros fill the last panel.
class Panels {
  public:
    static constexpr int packs = 4;                 ///< of a column of a panel
    static constexpr int size = packs * Pack::size; ///< rows of a panel

    explicit Panels(const Features& set)
        : rows_(set.count),
          width_(set.width),
          values_(static_cast<std::size_t>(panels()) * static_cast<std::size_t>(size) *
                  static_cast<std::size_t>(set.width)) {
        for (Index i = 0; i < rows_; ++i) {
            double* column = values_.data() + i / size * size * width_ + i % size;
            for (int d = 0; d < width_; ++d) column[Index{d} * size] = set.row(i)[d];
        }
    }

    Index rows() const { return rows_; }
    Index panels() const { return (rows_ + size - 1) / size; }
    const double* panel(Index p) const { return values_.data() + p * size * width_; }

  private:
    Index rows_;
    int width_;
    std::vector<double> values_;
};

/// result[r][c] = the sum of Term over the columns, of row r and row c of the panel.
template <class Term>
void tile(double (&result)[2][Panels::size], const double* row0, const double* row1, const double* panel,
          int width) {
    constexpr int packs = Panels::packs;
    Pack sum0[packs], sum1[packs];
    for (Index c = 0; c < packs; ++c) sum0[c] = sum1[c] = Pack(0);
    for (int d = 0; d < width; ++d, panel += Panels::size) {
        const Pack a0(row0[d]), a1(row1[d]);
        CTGAN_UNROLL
        for (Index c = 0; c < packs; ++c) {
            const Pack b = Pack::load(panel + c * Pack::size);
            sum0[c] = Term::add(sum0[c], a0, b);
            sum1[c] = Term::add(sum1[c], a1, b);
        }
    }
    for (Index c = 0; c < packs; ++c) {
        sum0[c].store(result[0] + c * Pack::size);
        sum1[c].store(result[1] + c * Pack::size);
    }
}

/// Which pairs of two sets. With `above_diagonal`, whole tiles without a pair row < column are left out.
enum class Pairs { all, above_diagonal };

/// Calls visit(row, first, n, sums) for each of the rows begin ... end - 1 and each panel of `others`, the
/// panels one after the other: sums[0] ... sums[n - 1] belong to the others first ... first + n - 1.
template <class Term, class Visit>
void for_each_tile(const Features& rows, Index begin, Index end, const Panels& others, const Visit& visit,
                   Pairs pairs = Pairs::all) {
    double sums[2][Panels::size];
    for (Index p = 0; p < others.panels(); ++p) {
        const Index first = p * Panels::size;
        const int n = static_cast<int>((std::min)(Index{Panels::size}, others.rows() - first));
        const Index last = pairs == Pairs::all ? end : (std::min)(end, first + n);
        for (Index row = begin; row < last; row += 2) {
            const bool two = row + 1 < last;
            tile<Term>(sums, rows.row(row), rows.row(row + (two ? 1 : 0)), others.panel(p), rows.width);
            visit(row, first, n, sums[0]);
            if (two) visit(row + 1, first, n, sums[1]);
        }
    }
}

/// The rows of a set in chunks for the threads: at least 64 rows, so that a panel is read often enough, and
/// at most 64 chunks, so that each can have results of its own for all rows of the other set.
struct RowChunks {
    Index rows;
    Index size() const { return (std::max)(Index{64}, (rows + 63) / 64); }
    Index count() const { return (rows + size() - 1) / size(); }
    Index begin(Index chunk) const { return chunk * size(); }
    Index end(Index chunk) const { return (std::min)(rows, (chunk + 1) * size()); }
};

} // namespace ctgan::inline CTGAN_ABI::score::detail
