#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A matrix known at compile time.
template <int Rows, int Columns>
struct Coefficients {
    Array<Array<double, Columns>, Rows> at = {};
};

/// The distinct rows of a matrix.
template <int Rows>
struct Distinct {
    int count = 0;
    Array<int, Rows> of = {};    ///< for each row, the index of its distinct row
    Array<int, Rows> first = {}; ///< for each distinct row, the first row equal to it
};

template <int Rows, int Columns>
constexpr Distinct<Rows> distinct_rows(const Coefficients<Rows, Columns>& m) {
    Distinct<Rows> result;
    for (int row = 0; row < Rows; ++row) {
        int k = 0;
        for (; k < result.count; ++k) {
            bool same = true;
            for (int c = 0; c < Columns; ++c) same = same && m.at[row][c] == m.at[result.first[k]][c];
            if (same) break;
        }
        if (k == result.count) result.first[result.count++] = row;
        result.of[row] = k;
    }
    return result;
}

namespace detail {

/// The points at which a product of two polynomials is evaluated: its values at `multiplications` points
/// determine all of its coefficients. The last point is infinity. The others were chosen among simple
/// fractions for a small rounding error of the convolution in float (docs/performance.md): high powers of
/// values far from 1 cost digits.
template <int multiplications>
struct PointsOf {
    Array<double, multiplications> at; ///< the last one is not read
};
constexpr PointsOf<2> points_of(PointsOf<2>) { return {{0, 0}}; }
constexpr PointsOf<3> points_of(PointsOf<3>) { return {{0.5, -0.5, 0}}; }
constexpr PointsOf<4> points_of(PointsOf<4>) { return {{0, 1, -1, 0}}; }
constexpr PointsOf<5> points_of(PointsOf<5>) { return {{0.5, -0.5, 1.25, -1.25, 0}}; }
constexpr PointsOf<6> points_of(PointsOf<6>) { return {{0, 0.75, -0.75, 1.5, -1.5, 0}}; }

inline constexpr int max_multiplications = 6;

template <int Kernel, int Stride, int Tile>
struct FormSizes {
    static constexpr int phases = Kernel < Stride ? Kernel : Stride;
    static constexpr int taps_of_phase(int phase) { return (Kernel - phase + Stride - 1) / Stride; }
    static constexpr int products_of_phase(int phase) { return taps_of_phase(phase) + Tile - 1; }
    static constexpr int first_product(int phase) {
        int sum = 0;
        for (int before = 0; before < phase; ++before) sum += products_of_phase(before);
        return sum;
    }
};

template <int Kernel, int Stride, int Tile>
struct FormMatrices {
    static constexpr int products =
        FormSizes<Kernel, Stride, Tile>::first_product(FormSizes<Kernel, Stride, Tile>::phases);
    static constexpr int big_extent = (Tile - 1) * Stride + Kernel;
    Coefficients<products, Kernel> weight;        ///< U
    Coefficients<products, big_extent> big_image; ///< V
    Coefficients<products, Tile> small_image;     ///< Y
};

/// Adds the rows of a phase with one tap: each value of the tile needs a product of its own.
template <int Kernel, int Stride, int Tile>
constexpr void add_single_tap(FormMatrices<Kernel, Stride, Tile>& m, int phase) {
    const int first = FormSizes<Kernel, Stride, Tile>::first_product(phase);
    for (int i = 0; i < Tile; ++i) {
        m.weight.at[first + i][phase] = 1;
        m.big_image.at[first + i][i * Stride + phase] = 1;
        m.small_image.at[first + i][i] = 1;
    }
}

/// Adds the rows of a phase with several taps and N products. A product of polynomials is determined by its
/// values at the points: it is the sum of Lagrange's polynomials times these values, plus its leading
/// coefficient (the value at infinity) times the polynomial that is zero at all points.
template <int N, int Kernel, int Stride, int Tile>
constexpr void add_points(FormMatrices<Kernel, Stride, Tile>& m, int phase) {
    const int first = FormSizes<Kernel, Stride, Tile>::first_product(phase);
    const int taps = FormSizes<Kernel, Stride, Tile>::taps_of_phase(phase);
    const PointsOf<N> points = points_of(PointsOf<N>{});
    for (int p = 0; p < N; ++p) {
        const bool infinite = p == N - 1;
        double power = 1;
        for (int i = 0; i < (taps > Tile ? taps : Tile); ++i, power *= points.at[p]) {
            if (i < taps) m.weight.at[first + p][phase + i * Stride] = infinite ? i == taps - 1 : power;
            if (i < Tile) m.small_image.at[first + p][i] = infinite ? i == Tile - 1 : power;
        }
        Array<double, N> polynomial = {1};
        double value = 1;
        for (int q = 0, degree = 0; q < N - 1; ++q) {
            if (q == p) continue;
            for (int i = ++degree; i >= 0; --i)
                polynomial[i] = (i > 0 ? polynomial[i - 1] : 0) - points.at[q] * polynomial[i];
            if (!infinite) value *= points.at[p] - points.at[q];
        }
        for (int i = 0; i < N; ++i) m.big_image.at[first + p][phase + i * Stride] = polynomial[i] / value;
    }
}

template <int Kernel, int Stride, int Tile>
constexpr auto form_matrices() {
    using Sizes = FormSizes<Kernel, Stride, Tile>;
    FormMatrices<Kernel, Stride, Tile> m;
    for (int phase = 0; phase < Sizes::phases; ++phase) {
        if (Sizes::taps_of_phase(phase) == 1) {
            add_single_tap(m, phase);
            continue;
        }
        switch (Sizes::products_of_phase(phase)) {
        case 2:
            add_points<2>(m, phase);
            break;
        case 3:
            add_points<3>(m, phase);
            break;
        case 4:
            add_points<4>(m, phase);
            break;
        case 5:
            add_points<5>(m, phase);
            break;
        case 6:
            add_points<6>(m, phase);
            break;
        default:
            break;
        }
    }
    return m;
}

} // namespace detail

/// One dimension of a tile of a convolution, as a sum of products:
///
///     sum over i, k of small[i] weight[k] big[i Stride + k]
///         = sum over p of (Y small)[p] (U weight)[p] (V big)[p],        i < Tile, k < Kernel,
///
/// with fewer p than there are pairs (i, k). Leaving out one of the three factors gives the three directions
/// of a convolution: small = Yᵀ (U weight * V big), big = Vᵀ (Y small * U weight), weight = Uᵀ (Y small * V
/// big).
///
/// The stride divides kernel and big image into Stride phases, each a convolution of stride 1 with every
/// Stride-th tap. A phase with n taps multiplies two polynomials of n and Tile coefficients, for which n +
/// Tile - 1 products suffice, one for each point of evaluation (Toom, Cook; for convolutional networks Lavin
/// and Gray 2015, after Winograd). Rows of different phases are often the same.
template <int Kernel, int Stride, int Tile>
struct TileForm {
    static constexpr bool exists =
        detail::FormSizes<Kernel, Stride, Tile>::products_of_phase(0) <= detail::max_multiplications;
    static constexpr auto matrices = detail::form_matrices<Kernel, Stride, Tile>();
    static constexpr int products = matrices.products;
    static constexpr int big_extent = matrices.big_extent;

    // The three matrices, as types: clang 14 does not accept a subobject as a template argument, and nvcc 13
    // does not pass references to subobjects on to g++.
    struct Weight {
        static constexpr int extent = Kernel;
        static constexpr auto rows = matrices.weight; ///< U
    };
    struct Big {
        static constexpr int extent = big_extent;
        static constexpr auto rows = matrices.big_image; ///< V
    };
    struct Small {
        static constexpr int extent = Tile;
        static constexpr auto rows = matrices.small_image; ///< Y
    };
};

/// The number of products for one sample of a geometry, with tiles of this edge length.
template <class G, int Tile>
constexpr double products_by_tile() {
    using Form = TileForm<G::kernel_height, G::stride_height, Tile>;
    if constexpr (!Form::exists) {
        return 1e30;
    } else {
        constexpr int down = (G::small_height + Tile - 1) / Tile, across = (G::small_width + Tile - 1) / Tile;
        return 1.0 * down * across * Form::products * Form::products;
    }
}

/// The edge length of the tile that needs the fewest products for a geometry.
template <class G>
constexpr int best_tile() {
    const double products[] = {products_by_tile<G, 1>(), products_by_tile<G, 2>(), products_by_tile<G, 3>(),
                               products_by_tile<G, 4>(), products_by_tile<G, 5>(), products_by_tile<G, 6>()};
    return static_cast<int>(std::min_element(products, products + 6) - products) + 1;
}

} // namespace ctgan::inline CTGAN_ABI::cpu
