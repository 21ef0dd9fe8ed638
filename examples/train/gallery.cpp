#include "gallery.hpp"

#include <ctgan/gan/byte_images.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace train {

Gallery::Sizes Gallery::sizes(std::size_t count) {
    return {std::min<std::size_t>(10, count / 2), std::min<std::size_t>(10, count / 2),
            std::min<std::size_t>(10, count)};
}

// Most scores of a least-squares discriminator are between that of a generated digit, 0, and that of a real
// one, 1. Both have as many bins.
std::vector<double> Gallery::score_edges(bool logits) {
    return logits ? ctgan::plot::bin_edges(-10, 10, 40) : ctgan::plot::bin_edges(-0.5, 1.5, 40);
}
std::vector<double> Gallery::confidence_edges() { return ctgan::plot::bin_edges(0, 1, 20); }

std::vector<ctgan::plot::PictureRow> Gallery::rows(const About& about) const {
    const Sizes n = sizes(about.count);
    const std::size_t pixels = about.kind.size();
    const std::string several = about.kind.several();
    const std::span<const std::uint8_t> all(digits);
    const std::string drawn =
        fmt::format("Of the {} {} that were scored after epoch {}", about.count, several, about.epoch);
    const auto judged = [&](std::string title, const char* which, std::size_t first, std::size_t count) {
        ctgan::plot::PictureRow row{
            .title = std::move(title),
            .caption = fmt::format("{}, those of which the classifier is {} certain: the class, and its "
                                   "probability.",
                                   drawn, which)};
        for (std::size_t i = first; i < first + count; ++i)
            row.pictures.push_back(picture_of(fmt::format("{}, {:.4g} %", labels[i], 100 * probabilities[i]),
                                              all.subspan(i * pixels, pixels), about.kind, 1));
        return row;
    };
    ctgan::plot::PictureRow pairs{
        .title = "Nearest training " + several,
        .caption = fmt::format(
            "Samples, on the left, that are nearest to one of {} training {}, on the right. Distances "
            "are of the classifier's features. Of the first {} samples, half are at most {:.4g} away",
            about.count, several, std::min(about.count, most_searched), distances.back())};
    pairs.caption +=
        about.of_real ? fmt::format("; of other real {}, half are at most {:.4g}.", several, *about.of_real)
                      : std::string(".");
    for (std::size_t i = 0; i < n.pairs; ++i)
        pairs.pictures.push_back(
            picture_of(fmt::format("distance {:.4g}", distances[i]),
                       all.subspan((n.certain + n.uncertain + 2 * i) * pixels, 2 * pixels), about.kind, 2));
    return {judged("Best " + several, "most", 0, n.certain),
            judged("Worst " + several, "least", n.certain, n.uncertain), std::move(pairs)};
}

std::vector<ctgan::plot::Histogram> Gallery::histograms(const About& about) const {
    const std::string several = about.kind.several();
    std::size_t first = 0;
    const auto of_both = [&](ctgan::plot::Histogram histogram) {
        for (const char* set : {"real", "generated"}) {
            const std::size_t end = first + histogram.edges.size() - 1;
            histogram.sets.push_back({set,
                                      {shares.begin() + static_cast<std::ptrdiff_t>(first),
                                       shares.begin() + static_cast<std::ptrdiff_t>(end)}});
            first = end;
        }
        return histogram;
    };
    auto scores =
        of_both({.title = "The discriminator's scores",
                 .x_label = "score",
                 .y_label = "share of the " + several,
                 .caption = fmt::format(
                     "Of {} {} of each set after epoch {}; it is trained to give real ones {} and "
                     "generated ones {}.",
                     std::min(about.count, most_judged), several, about.epoch,
                     about.logits ? "high scores, above 0," : "1", about.logits ? "low ones, below 0" : "0"),
                 .edges = score_edges(about.logits)});
    auto confidence =
        of_both({.title = "The classifier's confidence",
                 .x_label = "probability",
                 .y_label = "share of the " + several,
                 .caption = fmt::format("The probability of the most probable class, of {} {} of each set "
                                        "after epoch {}.",
                                        about.count, several, about.epoch),
                 .edges = confidence_edges()});
    return {std::move(scores), std::move(confidence)};
}

ctgan::plot::ReportPicture picture_of(std::string label, std::span<const std::uint8_t> pictures,
                                      const PictureKind& kind, std::size_t columns) {
    std::vector<float> values(pictures.size());
    std::transform(pictures.begin(), pictures.end(), values.begin(), ctgan::normalized<float>);
    const std::size_t around = columns > 2 ? 2 : 0; // pixels
    const auto tiled = ctgan::io::tile(values, pictures.size() / kind.size(), kind.channels, kind.height,
                                       kind.width, columns, around);
    return {std::move(label), ctgan::io::encode_png(ctgan::io::enlarged(tiled, 3))};
}

} // namespace train
