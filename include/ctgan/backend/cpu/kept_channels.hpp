#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The channels of a sample that dropout kept, in segments of `Segment` channels. All others are zero, so a
/// sum over channels has the same bits without them, as long as their factors are finite.
template <int Channels, int Segment>
struct KeptChannels {
    static constexpr int segments = (Channels + Segment - 1) / Segment;
    Array<int, Channels> channel;
    Array<int, segments + 1> begin; ///< where the kept channels of a segment begin in `channel`

    /// Fills the list from the factors of the sample: 0 if a channel was dropped.
    template <class T>
    void find(const T* factors) {
        int count = 0;
        for (int c = 0; c < Channels; ++c) {
            if (c % Segment == 0) begin[c / Segment] = count;
            channel[count] = c;
            count += factors[c] != T{0} ? 1 : 0;
        }
        begin[segments] = count;
    }
    const int* list(int segment) const { return channel + begin[segment]; }
    int count(int segment) const { return begin[segment + 1] - begin[segment]; }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
