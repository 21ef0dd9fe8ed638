#include "scorer.hpp"

#include <stdexcept>

#ifdef CTGAN_WITH_SCORES

#    include <ctgan/io/error.hpp>
#    include <ctgan/score/confidence.hpp>

#    include <fmt/core.h>

#    include "../score/drawn.hpp"
#    include "../score/figures.hpp"
#    include <algorithm>
#    include <numeric>
#    include <utility>
#    include <vector>

namespace train {

namespace {

/// Of the noise. That of score_samples without flags, which also takes the same real digits, and so gives the
/// same figures but kid.
constexpr std::uint64_t seed = 0;

/// The figures of each epoch. All digits are one subset for kid, which gives the same mean as many smaller
/// ones in a fraction of the time, and a smaller error.
Score quick_score(const scoring::Statistics& real, const scoring::score::Features& features) {
    const auto kernel = scoring::score::kernel(real.features, features,
                                               {.subsets = 1, .subset_size = features.count, .seed = seed});
    return {kernel.mean, scoring::score::neighbours(real.features, features, real.radii).coverage};
}

/// The nearest real rows of the first rows.
scoring::score::Nearest searched(const scoring::score::Features& features,
                                 const scoring::score::Features& real) {
    const auto n = std::min<std::size_t>(static_cast<std::size_t>(features.count), Gallery::most_searched);
    const auto end = features.values.begin() + static_cast<std::ptrdiff_t>(n) * features.width;
    return scoring::score::nearest(
        {static_cast<scoring::Index>(n), features.width, {features.values.begin(), end}}, real);
}

/// The value that half of the values do not exceed.
double half_of(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

struct Scorer::State {
    scoring::Kind::Extract extract;
    std::string network;
    scoring::Statistics real;
    std::optional<Score> floor;
    std::vector<std::uint8_t> real_digits;
    std::vector<double> real_confidence; ///< of the classifier
    std::optional<double> usual_distance;
    std::vector<std::uint8_t> digits; ///< that were drawn last
    scoring::score::Extracted seen;   ///< of them
    HostNetworks networks;
};

Scorer::Scorer(const std::filesystem::path& network, const std::filesystem::path& data,
               std::span<const std::uint8_t> pixels, HostNetworks networks)
    : state_(std::make_unique<State>()) {
    state_->networks = std::move(networks);
    const auto features = state_->networks.features(network);
    state_->extract = features.extract;
    state_->network = features.network;
    const std::size_t size = kind().size();
    const std::size_t given = pixels.size() / size, n = std::min(given, most);
    if (n <= neighbours)
        throw ctgan::io::Error(data, ctgan::io::counted(n, "image"),
                               fmt::format("at least {} for --score-every, so that each has {} neighbours",
                                           neighbours + 1, neighbours));
    const auto part = [&](std::size_t first) {
        return state_->extract(pixels.subspan(first * size, n * size));
    };
    const auto first = pixels.first(n * size);
    state_->real_digits.assign(first.begin(), first.end());
    auto real = part(0);
    state_->real_confidence = scoring::score::confidence(real.logits).probability;
    state_->real = scoring::statistics_of(std::move(real), neighbours);
    if (given >= 2 * n) {
        const auto others = part(n).features;
        state_->floor = quick_score(state_->real, others);
        state_->usual_distance = half_of(searched(others, state_->real.features).distance);
    }
}

Score Scorer::score(const std::filesystem::path& generator) {
    const HostNetworks& networks = state_->networks;
    state_->digits = networks.drawn(generator, scoring::noise_of(count(), seed, networks.noise_size));
    state_->seen = state_->extract(state_->digits);
    return quick_score(state_->real, state_->seen.features);
}

AllScores Scorer::all() const {
    const auto figures = scoring::compare(state_->real, state_->seen, seed, 1, count());
    return {figures.fld,
            figures.precision,
            figures.recall,
            figures.density,
            figures.classifier,
            fmt::format("{} samples {} real {} k {} network {}", scoring::line_of(figures), count(), count(),
                        neighbours, network())};
}

Gallery Scorer::gallery(const std::filesystem::path& discriminator) const {
    const auto n = static_cast<std::size_t>(count());
    const auto sizes = Gallery::sizes(n);
    Gallery gallery;
    const auto show = [&](const std::vector<std::uint8_t>& digits, scoring::Index number) {
        const auto size = static_cast<scoring::Index>(kind().size());
        const auto from = digits.begin() + number * size;
        gallery.digits.insert(gallery.digits.end(), from, from + size);
    };
    const auto confidence = scoring::score::confidence(state_->seen.logits);
    const auto show_judged = [&](scoring::Index number) {
        show(state_->digits, number);
        gallery.labels.push_back(confidence.label[static_cast<std::size_t>(number)]);
        gallery.probabilities.push_back(confidence.probability[static_cast<std::size_t>(number)]);
    };
    for (std::size_t i = 0; i < sizes.certain; ++i) show_judged(confidence.order[i]);
    for (std::size_t i = 0; i < sizes.uncertain; ++i) show_judged(confidence.order[n - 1 - i]);

    const auto nearest = searched(state_->seen.features, state_->real.features);
    std::vector<scoring::Index> order(nearest.index.size());
    std::iota(order.begin(), order.end(), scoring::Index{0});
    std::stable_sort(order.begin(), order.end(), [&](scoring::Index a, scoring::Index b) {
        return nearest.distance[static_cast<std::size_t>(a)] < nearest.distance[static_cast<std::size_t>(b)];
    });
    for (std::size_t i = 0; i < sizes.pairs; ++i) {
        const auto sample = static_cast<std::size_t>(order[i]);
        show(state_->digits, order[i]);
        show(state_->real_digits, nearest.index[sample]);
        gallery.distances.push_back(nearest.distance[sample]);
    }
    gallery.distances.push_back(half_of(nearest.distance));

    const auto add_shares = [&](std::span<const double> values, const std::vector<double>& edges) {
        const auto shares = ctgan::plot::shares_of(values, edges);
        gallery.shares.insert(gallery.shares.end(), shares.begin(), shares.end());
    };
    const std::size_t to_judge = std::min(n, Gallery::most_judged) * kind().size();
    for (const auto* digits : {&state_->real_digits, &state_->digits})
        add_shares(state_->networks.judged(discriminator, std::span(*digits).first(to_judge)),
                   Gallery::score_edges(logits()));
    add_shares(state_->real_confidence, Gallery::confidence_edges());
    add_shares(confidence.probability, Gallery::confidence_edges());
    return gallery;
}

const PictureKind& Scorer::kind() const { return state_->networks.kind; }
bool Scorer::logits() const { return state_->networks.logits; }
std::int64_t Scorer::count() const { return state_->real.features.count; }
const std::string& Scorer::network() const { return state_->network; }
const std::optional<Score>& Scorer::floor() const { return state_->floor; }
const std::optional<double>& Scorer::usual_distance() const { return state_->usual_distance; }

} // namespace train

#else

namespace train {

struct Scorer::State {
    PictureKind kind;
    std::string network;
    std::optional<Score> floor;
    std::optional<double> usual_distance;
};

Scorer::Scorer(const std::filesystem::path&, const std::filesystem::path&, std::span<const std::uint8_t>,
               HostNetworks) {
    throw std::invalid_argument("--score-every: found a program that was built without Eigen, expected one "
                                "with it");
}

// Nothing below is called, because there is no object.
const PictureKind& Scorer::kind() const { return state_->kind; }
bool Scorer::logits() const { return false; }
Score Scorer::score(const std::filesystem::path&) { return {}; }
AllScores Scorer::all() const { return {}; }
Gallery Scorer::gallery(const std::filesystem::path&) const { return {}; }
std::int64_t Scorer::count() const { return 0; }
const std::string& Scorer::network() const { return state_->network; }
const std::optional<Score>& Scorer::floor() const { return state_->floor; }
const std::optional<double>& Scorer::usual_distance() const { return state_->usual_distance; }

} // namespace train

#endif

namespace train {

Scorer::~Scorer() = default;

} // namespace train
