#pragma once

#include <ctgan/shape.hpp>

#ifdef _OPENMP
#    include <omp.h>
#endif

namespace ctgan::cpu {

/// The number of threads that for_each_piece uses from now on.
inline void set_threads([[maybe_unused]] int threads) {
#ifdef _OPENMP
    omp_set_num_threads(threads);
#endif
}

/// How many threads for_each_piece uses.
inline int threads() {
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

namespace detail {
/// Out of line, so that a body is compiled once for both of the loops below.
template <class Body>
[[gnu::noinline]] void run_piece(const Body& body, Index piece) {
    body(piece);
}
} // namespace detail

/// Calls body(0) ... body(pieces - 1), each once, on as many threads as OpenMP has; without OpenMP one after
/// the other.
///
/// This is the only parallel loop of the room. Results do not depend on the number of threads as long as the
/// caller keeps two rules: the pieces are cut by shapes and batch alone, and no two pieces write the same
/// number.
template <class Body>
void for_each_piece(Index pieces, const Body& body) {
#ifdef _OPENMP
    // A team of one would be no faster than none, and libgomp takes memory for it each time.
    if (pieces > 1 && threads() > 1) {
#    pragma omp parallel for schedule(static)
        for (Index piece = 0; piece < pieces; ++piece) detail::run_piece(body, piece);
        return;
    }
#endif
    for (Index piece = 0; piece < pieces; ++piece) detail::run_piece(body, piece);
}

/// `total` cut into the fewest parts of at most `most`, which differ in size by one at the most.
struct Parts {
    int total, most;
    constexpr int count() const { return (total + most - 1) / most; }
    constexpr int begin(int part) const { return static_cast<int>(Index{total} * part / count()); }
    constexpr int size(int part) const { return begin(part + 1) - begin(part); }
    constexpr int smallest() const { return total / count(); }
    constexpr int largest() const { return (total + count() - 1) / count(); }
};

} // namespace ctgan::cpu
