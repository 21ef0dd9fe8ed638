#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/eigen.hpp>
#include <ctgan/score/features.hpp>
#include <ctgan/score/moments.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

namespace detail {

/// Throws std::invalid_argument unless the moments have the sizes that their width says, and finite numbers:
/// they may come from a file.
inline void require_moments(const char* who, const Moments& moments) {
    const auto width = static_cast<std::size_t>((std::max)(0, moments.width));
    if (width == 0 || moments.mean.size() != width || moments.r.size() != width * width)
        fail_with<std::invalid_argument>(
            {who, ": found moments with ", moments.mean.size(), " and ", moments.r.size(),
             " values, expected width and width x width, width = ", moments.width});
    const auto finite = [](double value) { return is_finite(value); };
    if (!std::all_of(moments.mean.begin(), moments.mean.end(), finite) ||
        !std::all_of(moments.r.begin(), moments.r.end(), finite))
        fail_with<std::invalid_argument>({who, ": found moments that are not finite, expected finite ones"});
}

/// A^T B of square matrices, by loops of its own: eigen.hpp says why.
template <class A>
Matrix transposed_product(const A& a, const Matrix& b) {
    Matrix product(a.cols(), b.cols());
    for (Eigen::Index j = 0; j < b.cols(); ++j)
        for (Eigen::Index i = 0; i < a.cols(); ++i) product(i, j) = a.col(i).dot(b.col(j));
    return product;
}

/// The root of the covariance as a matrix, transposed: Eigen's matrices are stored column after column.
inline Matrix transposed_root(const Moments& moments) {
    return Eigen::Map<const Matrix>(moments.r.data(), moments.width, moments.width);
}

} // namespace detail

/// The Fréchet distance of two normal distributions with the moments of two sets (Dowson, Landau: The Fréchet
/// Distance between Multivariate Normal Distributions, 1982), squared, as FID is (Heusel et al.: GANs Trained
/// by a Two Time-Scale Update Rule, NeurIPS 2017), with means m and covariances C:
///
///     |m1 - m2|^2 + tr C1 + tr C2 - 2 tr (C1 C2)^(1/2)
///
/// With roots of the covariances, C = R^T R, the last three terms are the least |R1 - Q R2|^2 of all
/// orthogonal matrices Q. It is computed in that form, with Q = V U^T of the singular value decomposition R2
/// R1^T = U S V^T. So no large numbers cancel, no root is taken of an eigenvalue that should be 0, the result
/// is never negative, singular covariances need no regularization, and sets that are equal up to their order
/// give rounding errors squared. Equal moments give exactly 0.
///
/// Few rows give larger distances than many (Chong, Forsyth: Effectively Unbiased FID and Inception Score and
/// where to find them, CVPR 2020): compare only distances of equal counts. The time grows as width^3.
///
/// Throws std::invalid_argument if the widths differ, or the moments are incomplete or not finite.
inline double frechet(const Moments& real, const Moments& generated) {
    constexpr const char* who = "score::frechet";
    detail::require_moments(who, real);
    detail::require_moments(who, generated);
    detail::require_width(who, real.width, generated.width);
    if (real.mean == generated.mean && real.r == generated.r) return 0;

    using detail::Matrix;
    const Matrix r1 = detail::transposed_root(real), r2 = detail::transposed_root(generated);
    // With transposed roots: R2 R1^T = U S V^T, and |R1 - V U^T R2| = |V^T R1 - U^T R2|.
    const Matrix rows1 = r1.transpose(), rows2 = r2.transpose();
    const detail::Svd svd(detail::transposed_product(r2, r1));
    const Matrix turned1 = detail::transposed_product(svd.matrixV(), rows1);
    const Matrix turned2 = detail::transposed_product(svd.matrixU(), rows2);
    double sum = 0;
    for (std::size_t d = 0; d < real.mean.size(); ++d)
        sum += (real.mean[d] - generated.mean[d]) * (real.mean[d] - generated.mean[d]);
    return sum + (turned1 - turned2).squaredNorm();
}

/// The same of two sets, of at least 2 rows each. Throws what moments() does, too.
inline double frechet(const Features& real, const Features& generated) {
    detail::require_width("score::frechet", real.width, generated.width);
    return frechet(moments(real), moments(generated));
}

} // namespace ctgan::inline CTGAN_ABI::score
