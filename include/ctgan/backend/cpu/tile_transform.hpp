#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/cpu/tile_form.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The distinct rows of one matrix of a TileForm (its Weight, Big or Small), applied to both dimensions of a
/// tile: `apply` computes the factors of products from the values of a tile, `apply_transposed` the values of
/// a tile from sums of products. Both work on Pack<T>::size channels at once.
template <class T, class Factor>
struct TileTransform {
    static constexpr int extent = Factor::extent;
    static constexpr auto distinct = distinct_rows(Factor::rows);
    static constexpr int count = distinct.count; ///< factors in one dimension
    static constexpr int planes = count * count; ///< in both

    /// Calls store(i, j, pack) for each factor (i, j), given load(y, x) for each value of the tile.
    template <class Load, class Store>
    CTGAN_INLINE static void apply(const Load& load, const Store& store) {
        Array<Array<Pack<T>, extent>, count> half;
        for (int x = 0; x < extent; ++x) {
            Array<Pack<T>, extent> column;
            CTGAN_UNROLL
            for (int y = 0; y < extent; ++y) column[y] = load(y, x);
            CTGAN_UNROLL
            for (int i = 0; i < count; ++i) half[i][x] = row_times(i, column);
        }
        for (int i = 0; i < count; ++i) {
            CTGAN_UNROLL
            for (int j = 0; j < count; ++j) store(i, j, row_times(j, half[i]));
        }
    }

    /// Calls store(y, x, pack) for each value of the tile, given load(i, j) for each sum of products.
    template <class Load, class Store>
    CTGAN_INLINE static void apply_transposed(const Load& load, const Store& store) {
        Array<Array<Pack<T>, count>, extent> half;
        for (int j = 0; j < count; ++j) {
            Array<Pack<T>, count> column;
            CTGAN_UNROLL
            for (int i = 0; i < count; ++i) column[i] = load(i, j);
            CTGAN_UNROLL
            for (int y = 0; y < extent; ++y) half[y][j] = column_times(y, column);
        }
        for (int y = 0; y < extent; ++y) {
            CTGAN_UNROLL
            for (int x = 0; x < extent; ++x) store(y, x, column_times(x, half[y]));
        }
    }

  private:
    CTGAN_INLINE static Pack<T> row_times(int row, const Array<Pack<T>, extent>& in) {
        Pack<T> sum(T{0});
        bool empty = true;
        CTGAN_UNROLL
        for (int k = 0; k < extent; ++k) add(Factor::rows.at[distinct.first[row]][k], in[k], sum, empty);
        return sum;
    }
    CTGAN_INLINE static Pack<T> column_times(int column, const Array<Pack<T>, count>& in) {
        Pack<T> sum(T{0});
        bool empty = true;
        CTGAN_UNROLL
        for (int k = 0; k < count; ++k) add(Factor::rows.at[distinct.first[k]][column], in[k], sum, empty);
        return sum;
    }

    /// sum += coefficient x. The coefficient is a constant once this is inlined, and most are 0, 1 or -1.
    CTGAN_INLINE static void add(double coefficient, Pack<T> x, Pack<T>& sum, bool& empty) {
        if (coefficient == 0) return;
        if (empty)
            sum = coefficient == 1 ? x : x * Pack<T>(static_cast<T>(coefficient));
        else if (coefficient == 1)
            sum = sum + x;
        else if (coefficient == -1)
            sum = sum - x;
        else
            sum = multiply_add(Pack<T>(static_cast<T>(coefficient)), x, sum);
        empty = false;
    }
};

/// The values of a tile in memory; some may be outside the image. Value (y, x) is at
/// begin + y * row + x * column.
struct TileValues {
    Index begin, row, column;
    int top, bottom, left, right; ///< those with top <= y < bottom and left <= x < right are in the image

    /// Not &&, whose four branches for each value of an unrolled tile cost compile time.
    constexpr bool has(int y, int x) const { return (y >= top) & (y < bottom) & (x >= left) & (x < right); }
    constexpr Index at(int y, int x) const { return begin + y * row + x * column; }
};

/// The two directions of a transform for a tile and a pack of channels. They do not depend on the size of the
/// image or the number of channels, so layers share them. The factors are `plane` values apart.
template <class T, class Factor>
CTGAN_SHARED void tile_to_factors(T* factors, Index plane, const T* image, const TileValues& values) {
    using Transform = TileTransform<T, Factor>;
    Transform::apply(
        [&](int y, int x) {
            return values.has(y, x) ? Pack<T>::load(image + values.at(y, x)) : Pack<T>(T{0});
        },
        [&](int i, int j, Pack<T> pack) { pack.store(factors + (i * Transform::count + j) * plane); });
}
/// The image's values = the tile's, or += them if `add`.
template <class T, class Factor>
CTGAN_SHARED void tile_from_factors(T* image, const TileValues& values, const T* factors, Index plane,
                                    bool add) {
    using Transform = TileTransform<T, Factor>;
    Transform::apply_transposed(
        [&](int i, int j) { return Pack<T>::load(factors + (i * Transform::count + j) * plane); },
        [&](int y, int x, Pack<T> pack) {
            if (values.has(y, x)) pack.store_or_add(image + values.at(y, x), add);
        });
}

// Their types, written out as those in tile_product.hpp.
template <class T>
using TileToFactors = void(T* factors, Index plane, const T* image, const TileValues&);
template <class T>
using TileFromFactors = void(T* image, const TileValues&, const T* factors, Index plane, bool add);

/// A transform without its type.
template <class T>
struct TileFunctions {
    int count;     ///< factors in one dimension
    const int* of; ///< for each product in one dimension, its factor
    TileToFactors<T>* to_factors;
    TileFromFactors<T>* from_factors;
    /// The same for the last channels of an image, fewer than a pack; null if there are none.
    void (*edge_to_factors)(T*, Index, const T*, const TileValues&, int lanes) = nullptr;
    void (*edge_from_factors)(T*, const TileValues&, const T*, Index, bool, int lanes) = nullptr;

    constexpr int planes() const { return count * count; }
    constexpr int plane_of(int p, int q) const { return of[p] * count + of[q]; }

    /// `lanes` may be more than a pack.
    void to(T* factors, Index plane, const T* image, const TileValues& values, int lanes) const {
        if (lanes >= Pack<T>::size) return to_factors(factors, plane, image, values);
        edge_to_factors(factors, plane, image, values, lanes);
    }
    void from(T* image, const TileValues& values, const T* factors, Index plane, bool add, int lanes) const {
        if (lanes >= Pack<T>::size) return from_factors(image, values, factors, plane, add);
        edge_from_factors(image, values, factors, plane, add, lanes);
    }
};

namespace detail {

/// A tile in memory of its own, in whole packs.
template <class T, int Extent>
struct PaddedTile {
    static constexpr int lanes = Pack<T>::size;
    static constexpr TileValues values{0, Index{Extent} * lanes, lanes, 0, Extent, 0, Extent};
    Array<T, Extent* Extent* lanes> memory = {};

    /// Calls f(value in the padded tile, position in the image) for each value in the image.
    template <class F>
    void for_each(const TileValues& in_image, int channels, const F& f) {
        for (int y = 0; y < Extent; ++y)
            for (int x = 0; x < Extent; ++x)
                for (int c = 0; c < channels && in_image.has(y, x); ++c)
                    f(memory[values.at(y, x) + c], in_image.at(y, x) + c);
    }
};

template <class T, class Factor>
void edge_to_factors(T* factors, Index plane, const T* image, const TileValues& values, int lanes) {
    PaddedTile<T, Factor::extent> tile;
    tile.for_each(values, lanes, [&](T& value, Index at) { value = image[at]; });
    tile_to_factors<T, Factor>(factors, plane, tile.memory, tile.values);
}
template <class T, class Factor>
void edge_from_factors(T* image, const TileValues& values, const T* factors, Index plane, bool add,
                       int lanes) {
    PaddedTile<T, Factor::extent> tile;
    tile_from_factors<T, Factor>(tile.memory, tile.values, factors, plane, false);
    tile.for_each(values, lanes, [&](T value, Index at) { image[at] = add ? image[at] + value : value; });
}

} // namespace detail

/// The transform of an image of that many channels.
template <class T, class Factor, int Channels>
constexpr TileFunctions<T> tile_functions() {
    using Transform = TileTransform<T, Factor>;
    TileFunctions<T> functions{Transform::count, Transform::distinct.of, &tile_to_factors<T, Factor>,
                               &tile_from_factors<T, Factor>};
    if constexpr (Channels % Pack<T>::size != 0) {
        functions.edge_to_factors = &detail::edge_to_factors<T, Factor>;
        functions.edge_from_factors = &detail::edge_from_factors<T, Factor>;
    }
    return functions;
}

} // namespace ctgan::inline CTGAN_ABI::cpu
