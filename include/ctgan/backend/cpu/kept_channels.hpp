#pragma once

namespace ctgan::cpu {

/// The channels of a sample that dropout kept, for each stretch of `Stretch` channels. All others are zero,
/// and a sum over channels is the same to the last bit without them, as long as what they would be multiplied
/// by is finite.
template <int Channels, int Stretch>
struct KeptChannels {
    static constexpr int stretches = (Channels + Stretch - 1) / Stretch;
    int channel[Channels];
    int begin[stretches + 1]; ///< where a stretch's channels begin

    /// `factors` are the sample's: 0 where a channel was dropped.
    template <class T>
    void find(const T* factors) {
        int count = 0;
        for (int c = 0; c < Channels; ++c) {
            if (c % Stretch == 0) begin[c / Stretch] = count;
            channel[count] = c;
            count += factors[c] != T{0} ? 1 : 0;
        }
        begin[stretches] = count;
    }
    const int* list(int stretch) const { return channel + begin[stretch]; }
    int count(int stretch) const { return begin[stretch + 1] - begin[stretch]; }
};

} // namespace ctgan::cpu
