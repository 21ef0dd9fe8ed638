#pragma once

#include <ctgan/backend/cpu/parallel.hpp>
#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace ctgan::inline CTGAN_ABI::cpu {

namespace detail {

#if CTGAN_SHUFFLES
template <class T>
struct Lanes {
    static constexpr int count = Pack<T>::size;
    // NOLINTNEXTLINE(modernize-use-using): g++ knows this only as a typedef
    typedef T Vector __attribute__((vector_size(sizeof(T) * count)));
    using Rows =
        Vector[static_cast<std::size_t>(count)]; // not Array: a template argument loses the attribute

    /// Exchanges the odd blocks of a with the even blocks of b; a block has `Block` lanes.
    template <int Block, int... Lane>
    static void exchange(Vector& a, Vector& b, std::integer_sequence<int, Lane...>) {
        const Vector first = __builtin_shufflevector(a, b, (Lane & Block ? Lane - Block + count : Lane)...);
        b = __builtin_shufflevector(a, b, (Lane & Block ? Lane + count : Lane + Block)...);
        a = first;
    }
    template <int Block>
    static void exchange_all(Rows& rows) {
        if constexpr (Block < count) {
            CTGAN_UNROLL
            for (int i = 0; i < count; ++i)
                if (!(i & Block))
                    exchange<Block>(rows[i], rows[i + Block], std::make_integer_sequence<int, count>{});
            exchange_all<2 * Block>(rows);
        }
    }
};
#endif

/// The transpose of a square of Pack<T>::size rows.
template <class T>
inline void transpose_square(T* to, Index to_step, const T* from, Index from_step) {
#if CTGAN_SHUFFLES
    using L = Lanes<T>;
    typename L::Rows rows;
    for (int i = 0; i < L::count; ++i) std::memcpy(&rows[i], from + i * from_step, sizeof rows[i]);
    L::template exchange_all<1>(rows);
    for (int i = 0; i < L::count; ++i) std::memcpy(to + i * to_step, &rows[i], sizeof rows[i]);
#else
    for (int r = 0; r < Pack<T>::size; ++r)
        for (int c = 0; c < Pack<T>::size; ++c) to[c * to_step + r] = from[r * from_step + c];
#endif
}

} // namespace detail

/// The transpose of a matrix of `rows` by `columns`: to[c * to_step + r] = from[r * from_step + c].
template <class T>
inline void transpose(T* to, Index to_step, const T* from, Index from_step, int rows, int columns) {
    constexpr int edge = Pack<T>::size;
    for (int top = 0; top < rows; top += edge)
        for (int left = 0; left < columns; left += edge) {
            if (top + edge <= rows && left + edge <= columns) {
                detail::transpose_square(to + left * to_step + top, to_step, from + top * from_step + left,
                                         from_step);
                continue;
            }
            for (int c = left; c < (std::min)(columns, left + edge); ++c)
                for (int r = top; r < (std::min)(rows, top + edge); ++r)
                    to[c * to_step + r] = from[r * from_step + c];
        }
}

/// The transposes of `count` such matrices, adjacent in memory, on all threads.
template <class T>
inline void transpose_each(T* to, const T* from, Index count, int rows, int columns) {
    constexpr int rows_per_chunk = 32;
    const int parts = (rows + rows_per_chunk - 1) / rows_per_chunk;
    parallel_for(count * parts, [&](Index chunk) {
        const Index matrix = chunk / parts * rows * columns;
        const int first = static_cast<int>(chunk % parts) * rows_per_chunk;
        transpose(to + matrix + first, rows, from + matrix + Index{first} * columns, columns,
                  (std::min)(rows_per_chunk, rows - first), columns);
    });
}

} // namespace ctgan::inline CTGAN_ABI::cpu
