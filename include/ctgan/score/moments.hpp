#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/eigen.hpp>
#include <ctgan/score/features.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

/// All that the Fréchet distance needs of a set: the mean of its rows and a root of their covariance.
struct Moments {
    Index count = 0;          ///< rows of the set
    int width = 0;            ///< numbers of a row
    std::vector<double> mean; ///< width values
    std::vector<double> r;    ///< width x width, row after row: the covariance is r^T r
};

namespace detail {

/// The mean of the rows. The mean of what is left after subtracting it removes its rounding errors.
inline std::vector<double> mean_of(const Features& set) {
    std::vector<double> mean(static_cast<std::size_t>(set.width)), sum(mean.size());
    for (int pass = 0; pass < 2; ++pass) {
        std::fill(sum.begin(), sum.end(), 0.0);
        for (Index i = 0; i < set.count; ++i) {
            const double* row = set.row(i);
            for (std::size_t d = 0; d < mean.size(); ++d) sum[d] += row[d] - mean[d];
        }
        for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += sum[d] / static_cast<double>(set.count);
    }
    return mean;
}

/// A matrix R of at most `width` rows with R^T R = A^T A, whose rounding errors are relative to A, not to
/// A^T A. It is the factor R of A's QR decomposition with its columns in A's order, so it is no triangle.
inline Matrix root_of_squares(const Matrix& a) {
    const PivotedQr qr(a);
    const Eigen::Index rows = (std::min)(a.rows(), a.cols());
    Matrix r = Matrix::Zero(rows, a.cols());
    for (Eigen::Index j = 0; j < a.cols(); ++j)
        for (Eigen::Index i = 0; i <= (std::min)(j, rows - 1); ++i)
            r(i, qr.colsPermutation().indices()(j)) = qr.matrixQR()(i, j);
    return r;
}

} // namespace detail

/// The moments of a set. The root is computed from the rows, by QR decompositions of blocks of rows and then
/// of their factors, in an order that depends on count and width alone. The covariance, with its divisor
/// count - 1, is never computed: it would square the range of the numbers, and of what is then lost the
/// Fréchet distance takes the square root.
///
/// Fewer rows than `width` work. So do columns that are constant, such as those of units that are never
/// active: the covariance is then singular, and `r` has rows of zeros or rounding errors.
///
/// Throws std::invalid_argument if there are fewer than 2 rows, or a value is not finite.
inline Moments moments(const Features& set) {
    detail::require_features("score::moments", set, 2);
    using detail::Matrix;
    const Index width = set.width, rows_of_block = (std::max)(Index{1024}, 8 * width);
    Moments result{set.count, set.width, detail::mean_of(set), {}};

    const Index blocks = (set.count + rows_of_block - 1) / rows_of_block;
    std::vector<Matrix> roots(static_cast<std::size_t>(blocks));
    cpu::parallel_for(blocks, [&](Index block) {
        const Index begin = block * rows_of_block, rows = (std::min)(rows_of_block, set.count - begin);
        Matrix centred(rows, width);
        for (Index i = 0; i < rows; ++i)
            for (Index d = 0; d < width; ++d)
                centred(i, d) = set.row(begin + i)[d] - result.mean[static_cast<std::size_t>(d)];
        roots[static_cast<std::size_t>(block)] = detail::root_of_squares(centred);
    });
    Index stacked_rows = 0;
    for (const Matrix& root : roots) stacked_rows += root.rows();
    Matrix stacked(stacked_rows, width);
    Index top = 0;
    for (const Matrix& root : roots) {
        stacked.middleRows(top, root.rows()) = root;
        top += root.rows();
    }
    const Matrix root = blocks > 1 ? detail::root_of_squares(stacked) : stacked;

    const double scale = 1 / std::sqrt(static_cast<double>(set.count - 1));
    result.r.resize(static_cast<std::size_t>(width * width));
    for (Index i = 0; i < root.rows(); ++i)
        for (Index d = 0; d < width; ++d)
            result.r[static_cast<std::size_t>(i * width + d)] = scale * root(i, d);
    return result;
}

} // namespace ctgan::inline CTGAN_ABI::score
