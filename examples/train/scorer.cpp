#include "scorer.hpp"

#include <stdexcept>

#ifdef CTGAN_WITH_SCORES

#    include <ctgan/io/error.hpp>

#    include <fmt/core.h>

#    include "../score/drawn.hpp"
#    include "../score/figures.hpp"
#    include <algorithm>
#    include <utility>

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

} // namespace

struct Scorer::State {
    scoring::LeNet lenet{0};
    std::string network;
    scoring::Statistics real;
    std::optional<Score> floor;
    scoring::score::Extracted seen; ///< of the digits that were drawn last
    Draw draw;
};

Scorer::Scorer(const std::filesystem::path& network, const std::filesystem::path& data,
               std::span<const std::uint8_t> pixels, Draw draw)
    : state_(std::make_unique<State>()) {
    state_->draw = draw ? std::move(draw) : Draw(scoring::drawn<>);
    state_->network = scoring::load(state_->lenet, network);
    const std::size_t given = pixels.size() / scoring::Digit::size, n = std::min(given, most);
    if (n <= neighbours)
        throw ctgan::io::Error(data, ctgan::io::counted(n, "image"),
                               fmt::format("at least {} for --score-every, so that each has {} neighbours",
                                           neighbours + 1, neighbours));
    const auto part = [&](std::size_t first) {
        return scoring::score::extract(
            state_->lenet, pixels.subspan(first * scoring::Digit::size, n * scoring::Digit::size));
    };
    state_->real = scoring::statistics_of(part(0), neighbours);
    if (given >= 2 * n) state_->floor = quick_score(state_->real, part(n).features);
}

Score Scorer::score(const std::filesystem::path& generator) {
    state_->seen = scoring::score::extract(state_->lenet, state_->draw(generator, count(), seed));
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

std::int64_t Scorer::count() const { return state_->real.features.count; }
const std::string& Scorer::network() const { return state_->network; }
const std::optional<Score>& Scorer::floor() const { return state_->floor; }

} // namespace train

#else

namespace train {

struct Scorer::State {
    std::string network;
    std::optional<Score> floor;
};

Scorer::Scorer(const std::filesystem::path&, const std::filesystem::path&, std::span<const std::uint8_t>,
               Draw) {
    throw std::invalid_argument("--score-every: found a program that was built without Eigen, expected one "
                                "with it");
}

// Nothing below is called, because there is no object.
Score Scorer::score(const std::filesystem::path&) { return {}; }
AllScores Scorer::all() const { return {}; }
std::int64_t Scorer::count() const { return 0; }
const std::string& Scorer::network() const { return state_->network; }
const std::optional<Score>& Scorer::floor() const { return state_->floor; }

} // namespace train

#endif

namespace train {

Scorer::~Scorer() = default;

} // namespace train
