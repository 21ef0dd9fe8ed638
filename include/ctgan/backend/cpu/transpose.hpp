#pragma once

#include <ctgan/shape.hpp>

#include <algorithm>

namespace ctgan::cpu {

/// The transpose of a matrix of `rows` by `columns`: to[c * to_step + r] = from[r * from_step + c], square by
/// square, so that both matrices are met in whole lines.
template <class T>
inline void transpose(int rows, int columns, const T* from, Index from_step, T* to, Index to_step) {
    constexpr int edge = 16;
    for (int top = 0; top < rows; top += edge)
        for (int left = 0; left < columns; left += edge)
            for (int c = left; c < std::min(columns, left + edge); ++c)
                for (int r = top; r < std::min(rows, top + edge); ++r)
                    to[c * to_step + r] = from[r * from_step + c];
}

} // namespace ctgan::cpu
