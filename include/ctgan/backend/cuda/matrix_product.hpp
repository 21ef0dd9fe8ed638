#pragma once

#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/backend/cuda/memory.hpp>
#include <ctgan/backend/cuda/product.hpp>
#include <ctgan/backend/cuda/recording.hpp>
#include <ctgan/core/config.hpp>

#include <atomic>
#include <mutex>
#include <string>
#include <type_traits>

// cuBLAS is optional. A program that defines CTGAN_CUBLAS must link it; CMake and Meson do both if they find
// it. On the host's threads, the backend's own matrix product replaces it.
#if CTGAN_ON_GPU && defined(CTGAN_CUBLAS)
#    include <cublas_v2.h>
#endif

namespace ctgan::inline CTGAN_ABI::gpu {

/// Whether matrix products can be computed by cuBLAS or, on the host's threads, by its replacement.
#if CTGAN_ON_GPU && !defined(CTGAN_CUBLAS)
inline constexpr bool has_cublas = false;
#else
inline constexpr bool has_cublas = true;
#endif

namespace detail {

struct ProductOptions {
    std::atomic<bool> cublas = false, tf32 = false;
};
inline ProductOptions& product_options() {
    static ProductOptions options;
    return options;
}
inline void need_cublas() {
    if (!has_cublas) throw Error("cuda: found no cuBLAS, expected CTGAN_CUBLAS to be defined, and -lcublas");
}

} // namespace detail

/// Whether training computes convolutions of many channels by cuBLAS, on unfolded images, instead of by the
/// backend's own tiles. Off by default. Throws Error if `used` and this file was compiled without cuBLAS.
inline void use_cublas(bool used) {
    if (used) detail::need_cublas();
    const std::scoped_lock lock(detail::mutex()); // not while a thread records
    detail::product_options().cublas = used;
    ++detail::settings_changed();
}

/// Whether training computes these convolutions in TF32, also by cuBLAS. This is several times faster on
/// large batches, but each factor keeps only 10 of the 23 bits of its fraction, so the error is about 5e-4
/// instead of 1e-7. Off by default. Throws Error if `allowed` and this file was compiled without cuBLAS.
inline void allow_tf32(bool allowed) {
    if (allowed) detail::need_cublas();
    const std::scoped_lock lock(detail::mutex());
    detail::product_options().tf32 = allowed;
    ++detail::settings_changed();
}

namespace detail {

/// Whether training unfolds images, with the current options.
inline bool unfolds() { return product_options().cublas || product_options().tf32; }

/// result[rows][Columns] = left * right, with both matrices in memory: `matrix` is left, stored as
/// [rows][depth] or, if LeftTransposed, as [depth][rows]; `other` is right, stored as [depth][Columns] or, if
/// RightTransposed, as [Columns][depth].
template <int Columns, bool LeftTransposed, bool RightTransposed, class T>
struct MatrixProduct {
    using Scalar = T;
    static constexpr int columns = Columns, slices = 1;
    static constexpr bool left_along_depth = !LeftTransposed, right_along_depth = RightTransposed;
    const T *matrix, *other;
    T* result;
    int rows, depth;

    int max_rows() const { return rows; }
    int max_depth() const { return depth; }
    CTGAN_HD const MatrixProduct& slice(int) const { return *this; }

    using Row = int;
    using Column = int;
    CTGAN_HD Row row(int m) const { return m; }
    CTGAN_HD Column column(int n) const { return n; }
    CTGAN_HD int at(int k) const { return k; }
    CTGAN_HD T left(Row m, int k) const {
        return LeftTransposed ? matrix[Index{k} * rows + m] : matrix[Index{m} * depth + k];
    }
    CTGAN_HD T right(int k, Column n) const {
        return RightTransposed ? other[Index{n} * depth + k] : other[Index{k} * Columns + n];
    }
    CTGAN_HD void store(int m, int n, T sum) const { result[Index{m} * Columns + n] = sum; }
};

#if CTGAN_ON_GPU && defined(CTGAN_CUBLAS)

inline void check_cublas(cublasStatus_t status, const char* what) {
    if (status != CUBLAS_STATUS_SUCCESS)
        throw Error(std::string("cuda: found ") + cublasGetStatusString(status) +
                    ", expected success: " + what);
}

/// The handle of cuBLAS, on the backend's stream. It has a workspace of its own, so that cuBLAS allocates no
/// memory while a step is recorded and its results have the same bits each time.
inline cublasHandle_t cublas() {
    struct Handle {
        cublasHandle_t value = nullptr;
        Memory<char> workspace{Index{32} << 20};
        Handle() {
            check_cublas(cublasCreate(&value), "starting cuBLAS");
            check_cublas(cublasSetStream(value, stream()), "starting cuBLAS");
            check_cublas(
                cublasSetWorkspace(value, workspace.data(), static_cast<std::size_t>(workspace.size())),
                "starting cuBLAS");
        }
    };
    static const Handle handle;
    return handle.value;
}

/// cuBLAS expects column-major matrices. It sees ours as their transposes, so it computes right times left.
template <int Columns, bool LeftTransposed, bool RightTransposed>
void multiply_by_cublas(const MatrixProduct<Columns, LeftTransposed, RightTransposed, float>& product) {
    const Access access;
    const float one = 1, zero = 0;
    const auto mode = product_options().tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
    check_cublas(cublasGemmEx(cublas(), RightTransposed ? CUBLAS_OP_T : CUBLAS_OP_N,
                              LeftTransposed ? CUBLAS_OP_T : CUBLAS_OP_N, Columns, product.rows,
                              product.depth, &one, product.other, CUDA_R_32F,
                              RightTransposed ? product.depth : Columns, product.matrix, CUDA_R_32F,
                              LeftTransposed ? product.rows : product.depth, &zero, product.result,
                              CUDA_R_32F, Columns, mode, CUBLAS_GEMM_DEFAULT),
                 "a product by cuBLAS");
    launched<MatrixProduct<Columns, LeftTransposed, RightTransposed, float>>();
}

#else

/// The same matrix product without cuBLAS.
template <class Product>
void multiply_by_cublas(const Product& product) {
    multiply(product, 1, Algorithms::fastest);
}

#endif

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI::gpu
