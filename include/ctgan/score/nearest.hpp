#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/score/features.hpp>
#include <ctgan/score/tiles.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace ctgan::inline CTGAN_ABI::score {

/// For each generated picture the real one that is nearest to it.
struct Nearest {
    std::vector<Index> index;     ///< the row of the real picture
    std::vector<double> distance; ///< the Euclidean distance of both rows
};

/// For each row of `generated` the nearest row of `real`, the first of several at the same distance. A
/// distance of 0 means equal rows. Pictures that a network has memorized are much nearer to their neighbours
/// than real pictures of a held-out set are: compare with nearest(held_out, real).
///
/// Throws std::invalid_argument if a set is empty, the widths differ or a value is not finite.
inline Nearest nearest(const Features& generated, const Features& real) {
    detail::require_pair("score::nearest", real, generated);
    Nearest result{
        std::vector<Index>(static_cast<std::size_t>(generated.count)),
        std::vector<double>(static_cast<std::size_t>(generated.count), (std::numeric_limits<double>::max)())};
    const detail::Panels panels(real);
    const detail::RowChunks chunks{generated.count};
    cpu::parallel_for(chunks.count(), [&](Index chunk) {
        const auto visit = [&](Index row, Index first, int n, const double* squares) {
            double& least = result.distance[static_cast<std::size_t>(row)];
            for (int c = 0; c < n; ++c)
                if (squares[c] < least) {
                    least = squares[c];
                    result.index[static_cast<std::size_t>(row)] = first + c;
                }
        };
        detail::for_each_tile<detail::SquaredDifference>(generated, chunks.begin(chunk), chunks.end(chunk),
                                                         panels, visit);
    });
    for (double& distance : result.distance) distance = std::sqrt(distance);
    return result;
}

} // namespace ctgan::inline CTGAN_ABI::score
