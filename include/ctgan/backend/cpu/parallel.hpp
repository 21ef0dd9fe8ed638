#pragma once

#include <ctgan/shape.hpp>

// A program whose own work runs on OpenMP's threads may want ctgan's on the same ones: it defines
// CTGAN_OPENMP, in all of its files (CMake: -DCTGAN_OPENMP=ON; Meson: -Dopenmp=true).
#ifdef CTGAN_OPENMP
#    include <omp.h>
#else
#    include <ctgan/backend/cpu/team.hpp>
#endif

namespace ctgan::cpu {

/// The number of threads that for_each_piece uses from now on, the caller included.
inline void set_threads(int threads) {
#ifdef CTGAN_OPENMP
    omp_set_num_threads(threads);
#else
    team().resize(threads);
#endif
}

/// How many threads for_each_piece uses.
inline int threads() {
#ifdef CTGAN_OPENMP
    return omp_get_max_threads();
#else
    return team().threads();
#endif
}

#ifdef CTGAN_OPENMP
namespace detail {
/// Out of line, so that a body is compiled once for both of the loops below: twice, it could be rounded in
/// two ways.
template <class Body>
[[gnu::noinline]] void run_piece(const Body& body, Index piece) {
    body(piece);
}
} // namespace detail
#endif

/// Calls body(0) ... body(pieces - 1), each once, on as many threads as there are.
///
/// This is the only parallel loop of the room. Results do not depend on the number of threads as long as the
/// caller keeps two rules: the pieces are cut by shapes and batch alone, and no two pieces write the same
/// number.
template <class Body>
void for_each_piece(Index pieces, const Body& body) {
#ifdef CTGAN_OPENMP
    // A team of one would be no faster than none, and libgomp takes memory for it each time.
    if (pieces > 1 && threads() > 1) {
#    pragma omp parallel for schedule(static)
        for (Index piece = 0; piece < pieces; ++piece) detail::run_piece(body, piece);
        return;
    }
    for (Index piece = 0; piece < pieces; ++piece) detail::run_piece(body, piece);
#else
    team().run(pieces, body);
#endif
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
