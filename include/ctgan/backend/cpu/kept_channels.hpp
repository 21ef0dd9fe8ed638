#pragma once

#include <ctgan/backend/cpu/array.hpp>
#include <ctgan/backend/cpu/tile_product.hpp>
#include <ctgan/core/config.hpp>

#include <algorithm>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The channels of a sample that dropout kept, in segments. All others are zero, so a sum over channels has
/// the same bits without them, as long as their factors are finite. KeptChannels has the memory.
struct KeptList {
    int* channel; ///< [channels]
    int* begin;   ///< where the kept channels of a segment begin in `channel`, and where they end
    int channels, channels_of_segment;

    /// Fills the list from the factors of the sample: 0 if a channel was dropped.
    template <class T>
    void find(const T* factors) const {
        int count = 0, segment = 0;
        for (int c = 0; c < channels;) {
            begin[segment++] = count;
            for (const int end = (std::min)(channels, c + channels_of_segment); c < end; ++c) {
                channel[count] = c;
                count += factors[c] != T{0} ? 1 : 0;
            }
        }
        begin[segment] = count;
    }
    DepthList segment(int at) const { return {channel + begin[at], begin[at + 1] - begin[at]}; }
};

template <int Channels, int ChannelsOfSegment>
struct KeptChannels {
    Array<int, Channels> channel;
    Array<int, (Channels + ChannelsOfSegment - 1) / ChannelsOfSegment + 1> begin;

    KeptList list() { return {channel, begin, Channels, ChannelsOfSegment}; }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
