#pragma once

#include <ctgan/core/config.hpp>

// The only third-party library of the scores, for two decompositions of matrices. One line where it is
// missing, as for C++20 in config.hpp.
#if !__has_include(<Eigen/SVD>)
#    include <ctgan's scores need Eigen 3.4 or later: install libeigen3-dev or eigen and name its folder with -isystem>
#endif
// g++ 12 warns of undefined vectors in its own header for AVX-512, wherever Eigen's functions end up.
#if defined(__GNUC__) && !defined(__clang__)
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <Eigen/QR>
#include <Eigen/SVD>
#if defined(__GNUC__) && !defined(__clang__)
#    pragma GCC diagnostic pop
#endif

namespace ctgan::inline CTGAN_ABI::score::detail {

using Matrix = Eigen::MatrixXd;

// Neither class computes products of matrices, which Eigen divides among OpenMP's threads: the last bits
// would depend on how many there are. Nor is one of them BDCSVD, which is wrong under -ffast-math.

/// Householder's QR decomposition, with column pivoting.
using PivotedQr = Eigen::ColPivHouseholderQR<Matrix>;

/// The singular values of a square matrix with all singular vectors, by Jacobi's rotations.
#if EIGEN_VERSION_AT_LEAST(3, 4, 90)
struct Svd : Eigen::JacobiSVD<Matrix, Eigen::NoQRPreconditioner | Eigen::ComputeFullU | Eigen::ComputeFullV> {
    explicit Svd(const Matrix& matrix) { this->compute(matrix); }
};
#else
struct Svd : Eigen::JacobiSVD<Matrix, Eigen::NoQRPreconditioner> {
    explicit Svd(const Matrix& matrix) { this->compute(matrix, Eigen::ComputeFullU | Eigen::ComputeFullV); }
};
#endif

} // namespace ctgan::inline CTGAN_ABI::score::detail
