#pragma once

#include <ctgan/backend/cpu/simd.hpp>
#include <ctgan/backend/operands.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI::cpu {

/// A function of single values without its type, so that code that applies it last need not be compiled for
/// each function. It is called once for many values.
template <class T>
class RowFunction {
  public:
    /// `f` must outlive this.
    template <class F>
    explicit RowFunction(const F& f) : f_(&f) {
        if constexpr (!std::is_same_v<F, IdentityFunction>) apply_ = &apply<F>;
    }

    /// y = f(y) for `columns` values of each of some rows, which are `step` values apart.
    void operator()(T* y, Index rows, Index step, int columns) const {
        if (apply_) apply_(f_, y, rows, step, columns);
    }

  private:
    template <class F>
    static void apply(const void* function, T* y, Index rows, Index step, int columns) {
        const F f = *static_cast<const F*>(function);
        constexpr int width = 2 * Pack<T>::size; // a loop of known length is faster
        for (Index r = 0; r < rows; ++r, y += step)
            if (columns % width == 0) {
                for (int first = 0; first < columns; first += width) {
                    T* const of_width = y + first;
                    CTGAN_INDEPENDENT_ITERATIONS
                    for (int c = 0; c < width; ++c) of_width[c] = f(of_width[c]);
                }
            } else {
                CTGAN_INDEPENDENT_ITERATIONS
                for (int c = 0; c < columns; ++c) y[c] = f(y[c]);
            }
    }

    void (*apply_)(const void* function, T* y, Index rows, Index step, int columns) = nullptr;
    const void* f_;
};

} // namespace ctgan::inline CTGAN_ABI::cpu
