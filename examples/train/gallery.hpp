#pragma once

#include <ctgan/plot/histogram.hpp>
#include <ctgan/plot/report.hpp>

#include "picture_kind.hpp"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace train {

/// What a report shows of the digits that were scored last: some of them beside their nearest real ones, and
/// how the networks' scores are distributed. A checkpoint holds it.
struct Gallery {
    std::vector<std::uint8_t> digits;  ///< [digit][pixel]: certain ones, uncertain ones, then pairs, each of
                                       ///< a sample and its nearest real digit
    std::vector<std::int64_t> labels;  ///< the classifier's, of the certain and the uncertain ones
    std::vector<double> probabilities; ///< of these labels
    std::vector<double> distances;     ///< of the pairs, then half of all samples are at most so far away
    std::vector<double> shares;        ///< of the discriminator's scores: real, generated; then the same of
                                       ///< the classifier's confidence

    static constexpr std::size_t most_searched = 256; ///< digits whose nearest real ones are searched
    static constexpr std::size_t most_judged = 500;   ///< digits of each set that the discriminator judges

    /// How many there are if `count` digits were scored.
    struct Sizes {
        std::size_t certain, uncertain, pairs;
        std::size_t digits() const { return certain + uncertain + 2 * pairs; }
    };
    static Sizes sizes(std::size_t count);
    /// Of the histograms. `logits`: the discriminator's scores are logits, of which 0 means that it cannot
    /// tell.
    static std::vector<double> score_edges(bool logits);
    static std::vector<double> confidence_edges();

    /// What the captions say.
    struct About {
        std::int64_t epoch;            ///< after which they were drawn
        std::size_t count;             ///< digits that were scored, and real ones
        std::optional<double> of_real; ///< as the last of `distances`, of other real digits
        PictureKind kind;
        bool logits; ///< as for score_edges()
    };
    /// The digits and the histograms of a report.
    std::vector<ctgan::plot::PictureRow> rows(const About& about) const;
    std::vector<ctgan::plot::Histogram> histograms(const About& about) const;
};

/// Pictures of bytes as one of `columns` in a row, enlarged as those of samples/ are.
ctgan::plot::ReportPicture picture_of(std::string label, std::span<const std::uint8_t> pictures,
                                      const PictureKind& kind, std::size_t columns);

} // namespace train
