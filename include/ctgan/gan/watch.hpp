#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/finite.hpp>
#include <ctgan/gan/step_losses.hpp>
#include <ctgan/gan/variety.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

/// What a Watch can see.
enum class Symptom {
    discriminator_dominates, ///< it is nearly always right, so it has little left to teach
    generator_dominates,     ///< the discriminator is worse than one that knows nothing
    vanishing_gradients,     ///< the generator's gradients are a small part of what they were
    mode_collapse,           ///< the generator draws the same pictures again and again
    falling_scores,          ///< the scores are far behind the best ones of the run
    not_finite               ///< a loss, a gradient, a weight or a figure is infinite or NaN
};
inline constexpr std::size_t symptoms = 6; ///< the number of kinds

/// Whether a run with this symptom needs to go back to an earlier state: it does not find its way out alone.
/// Vanishing gradients are none: no run was seen to have them, and those of healthy runs fall, too.
constexpr bool is_collapse(Symptom symptom) {
    return symptom == Symptom::mode_collapse || symptom == Symptom::falling_scores ||
           symptom == Symptom::not_finite;
}

/// What is known of an interval of training, such as an epoch.
struct WatchFigures {
    StepLosses losses; ///< means over the interval's steps
    /// Of the pictures of a fixed batch of noise, in evaluation mode, after the interval.
    Variety generated;
    Variety real; ///< of as many real pictures
    /// Norm of the generator's gradients, best over many steps: a single step's varies.
    double gradient;
    std::optional<double> kernel_distance = {}; ///< score::kernel(), if it was computed
    std::optional<double> coverage = {};        ///< score::neighbours(), if it was computed
    std::int64_t scored = 2000;                 ///< the pictures of each set of which these two are
};

/// Where a Watch draws its lines.
struct WatchOptions {
    /// The least d_loss of a discriminator that cannot tell real from generated pictures: of LeastSquares
    /// 1/4 + 1/4, of NonSaturating 2 ln 2. In both the generator's loss is then half of it. 0: the objective
    /// has no such value, as Wasserstein, or another g_loss, as Hinge, and dominance is not watched.
    double even_loss = 0.5;
    /// Of even_loss: a d_loss below it is dominance of the discriminator. Healthy runs of docs/watch.md have
    /// 1.06 or more, collapsed ones without dropout down to 0.2.
    double dominated = 0.3;
    /// Of even_loss: a d_loss above it is dominance of the generator, if its g_loss is below a half of
    /// even_loss, that of an even discriminator. Healthy runs of docs/watch.md have at most 1.63 after their
    /// first epoch, collapsed ones at least 2.2 in the second.
    double fooled = 2.2;
    double vanished = 0.01; ///< of the greatest gradient of an interval: a smaller one has vanished
    double alike = 0.5;     ///< of the distances of real pictures: nearer ones are too much alike
    double lost = 0.5;      ///< of what the kernel distance or the coverage had gained: more is a fall
    /// How far the kernel distance of two sets of real pictures is from 0, times the pictures of a set: it
    /// falls with their number. For 2,000 digits and the shipped network it is -4 to 3 (docs/scores.md).
    double kernel_error = 10'000;
};

/// A line about a symptom that was not there before.
struct Alarm {
    Symptom symptom;  ///< what was seen
    std::string text; ///< one line: what was seen, with its figures, and what to try
};

/// Watches the training of a Gan: given the figures of each interval, it says in a line when one of the
/// networks dominates, when gradients vanish and when the generator collapses. It says so once: a symptom is
/// over when its figure is better than the line by a fifth, and only after that it is new again.
/// docs/watch.md says what the lines mean and on which runs they were tested.
///
/// The figures decide alone, so a run that is resumed with state() and continues with the same figures gets
/// the same alarms.
class Watch {
  public:
    /// Throws std::invalid_argument if an option is negative or not finite.
    explicit Watch(const WatchOptions& options = {}) : options_(options) {
        for (const double option : {options.even_loss, options.dominated, options.fooled, options.vanished,
                                    options.alike, options.lost, options.kernel_error})
            if (!(option >= 0) || !is_finite(option))
                detail::fail_with<std::invalid_argument>(
                    {"Watch: found an option that is negative or not finite, expected numbers of 0 or more"});
    }

    /// The new alarms after an interval. `when` begins each line, such as "epoch 7".
    std::vector<Alarm> after(const std::string& when, const WatchFigures& figures) {
        std::vector<Alarm> alarms;
        const auto report = [&](Symptom symptom, Range seen, const auto&... parts) {
            if (!is_new(symptom, seen)) return;
            alarms.push_back({symptom, when + ": " + (std::string() + ... + parts)});
        };
        const std::string bad = first_not_finite(figures);
        report(Symptom::not_finite, bad.empty() ? Range::good : Range::bad, "not finite: found ", bad,
               what_to_try);
        // Nothing can be compared with such figures, nor with what would be kept of them.
        const bool untrained = state_[begun] == 0;
        state_[begun] = 1;
        if (!bad.empty()) return alarms;
        // What an untrained network does is no symptom.
        if (!untrained) {
            judge_losses(figures.losses, report);
            judge_variety(figures.generated, figures.real, report);
        }
        judge_gradient(figures.gradient, report);
        judge_scores(figures, report);
        return alarms;
    }

    /// The alarm for another value that is not finite, and what it was: `found` is the message of the error.
    /// It is not a symptom that stays.
    static Alarm not_finite(const std::string& when, const std::string& found) {
        return {Symptom::not_finite, when + ": not finite: " + found + what_to_try};
    }

    /// Whether a symptom is there, since the alarm.
    bool sees(Symptom symptom) const { return state_[index(symptom)] != 0; }
    /// Whether one is there that is_collapse().
    bool sees_collapse() const {
        for (std::size_t i = 0; i < symptoms; ++i)
            if (state_[i] != 0 && is_collapse(static_cast<Symptom>(i))) return true;
        return false;
    }
    /// Whether none is.
    bool sees_nothing() const {
        for (std::size_t i = 0; i < symptoms; ++i)
            if (state_[i] != 0) return false;
        return true;
    }

    /// After the networks were restored from an earlier state: no symptom is there, and the best figures so
    /// far stay what they are. `untrained`: that state is the beginning of the run.
    void went_back(bool untrained = false) {
        for (std::size_t i = 0; i < symptoms; ++i) state_[i] = 0;
        if (untrained) state_[begun] = 0;
    }

    static constexpr std::size_t state_size = symptoms + 6; ///< of state()
    /// Everything that the next alarms depend on, for a checkpoint.
    std::span<const double> state() const { return state_; }
    /// Continues from such a state. Throws std::invalid_argument unless it has state_size finite numbers.
    void restore(std::span<const double> state) {
        bool good = state.size() == state_size;
        for (const double value : state) good = good && is_finite(value);
        if (!good)
            detail::fail_with<std::invalid_argument>({"Watch: found a state of ", state.size(),
                                                      " numbers, expected ", state_size, " finite ones"});
        for (std::size_t i = 0; i < state_size; ++i) state_[i] = state[i];
    }

  private:
    /// Where a figure is; the worse, the greater.
    enum class Range { good, between, bad };
    // The places of what is kept, after a 1 for each symptom that is there.
    static constexpr std::size_t begun = symptoms, greatest_gradient = symptoms + 1,
                                 first_distance = symptoms + 2, least_distance = symptoms + 3,
                                 greatest_coverage = symptoms + 4, has_scores = symptoms + 5;

    static constexpr const char* what_to_try =
        "; try lower learning rates, or go back to an earlier checkpoint";

    /// Name and value of a figure that is infinite or NaN; empty if there is none.
    static std::string first_not_finite(const WatchFigures& figures) {
        struct Figure {
            const char* name;
            double value;
        };
        for (const auto& [name, value] :
             {Figure{"d_loss", figures.losses.discriminator}, Figure{"g_loss", figures.losses.generator},
              Figure{"a distance of generated pictures", figures.generated.mean},
              Figure{"a distance of generated pictures", figures.generated.nearest},
              Figure{"a distance of real pictures", figures.real.mean},
              Figure{"a distance of real pictures", figures.real.nearest},
              Figure{"a gradient's norm", figures.gradient},
              Figure{"kid", figures.kernel_distance.value_or(0)},
              Figure{"coverage", figures.coverage.value_or(0)}})
            if (!is_finite(value)) return std::string(name) + " of " + text(value);
        return {};
    }

    static constexpr std::size_t index(Symptom symptom) { return static_cast<std::size_t>(symptom); }

    /// A figure is good from a fifth beyond the line on, so that one that stays near it is not new each time.
    static Range below(double figure, double line) {
        return figure >= 1.2 * line ? Range::good : figure >= line ? Range::between : Range::bad;
    }
    static Range above(double figure, double line) {
        return 1.2 * figure <= line ? Range::good : figure <= line ? Range::between : Range::bad;
    }

    bool is_new(Symptom symptom, Range seen) {
        double& there = state_[index(symptom)];
        const bool was_there = there != 0;
        if (seen == Range::bad) there = 1;
        if (seen == Range::good) there = 0;
        return seen == Range::bad && !was_there;
    }

    static std::string text(double value) {
        std::array<char, 32> buffer{};
        std::snprintf(buffer.data(), buffer.size(), "%.3g", value);
        return buffer.data();
    }

    template <class Report>
    void judge_losses(const StepLosses& losses, const Report& report) const {
        if (options_.even_loss == 0) return;
        const std::string figures =
            "d_loss " + text(losses.discriminator) + ", g_loss " + text(losses.generator) +
            ", where a discriminator that knows nothing has " + text(options_.even_loss);
        report(Symptom::discriminator_dominates,
               below(losses.discriminator, options_.dominated * options_.even_loss),
               "the discriminator dominates: ", figures,
               "; try a lower learning rate of the discriminator, or more dropout in it");
        // A discriminator that has not begun to learn is as bad, but it does not take pictures for real ones.
        const bool fooled = losses.generator < options_.even_loss / 2;
        report(Symptom::generator_dominates,
               fooled ? above(losses.discriminator, options_.fooled * options_.even_loss) : Range::good,
               "the generator dominates: ", figures,
               "; try a lower learning rate of the generator, or of both networks");
    }

    template <class Report>
    void judge_gradient(double gradient, const Report& report) {
        double& greatest = state_[greatest_gradient];
        report(Symptom::vanishing_gradients, below(gradient, options_.vanished * greatest),
               "vanishing gradients: the generator's have a norm of ", text(gradient), ", once ",
               text(greatest), "; try a lower learning rate of both networks, or of the discriminator alone");
        if (gradient > greatest) greatest = gradient;
    }

    template <class Report>
    void judge_variety(const Variety& generated, const Variety& real, const Report& report) const {
        if (!(real.nearest > 0)) return; // equal pictures, to which nothing can be compared
        const double nearest = generated.nearest / real.nearest, mean = generated.mean / real.mean;
        report(Symptom::mode_collapse, below((std::min)(nearest, mean), options_.alike),
               "mode collapse: pictures of fixed noise are ", text(nearest),
               " times as far from the nearest other one as real ones, ", text(mean),
               " times from all others; try lower learning rates, a larger batch, or a larger latent space");
    }

    /// A distance that had not gained a tenth since the first one, and more than its error, has nothing to
    /// lose. Coverage is a share of the real pictures, of which so few are covered at first that chance
    /// matters: the count must have fallen by more than two of its standard deviations.
    template <class Report>
    void judge_scores(const WatchFigures& figures, const Report& report) {
        if (!figures.kernel_distance || !figures.coverage) return;
        const double distance = *figures.kernel_distance, coverage = *figures.coverage;
        const auto count = static_cast<double>(figures.scored);
        double &first = state_[first_distance], &least = state_[least_distance],
               &greatest = state_[greatest_coverage];
        if (state_[has_scores] == 0) {
            state_[has_scores] = 1;
            first = least = distance;
            greatest = coverage;
        }
        const double gain = first - least;
        const bool has_gained = gain > (std::max)(0.1 * std::abs(first), options_.kernel_error / count);
        const Range of_distance = has_gained ? above(distance - least, options_.lost * gain) : Range::good;
        const bool by_chance = (greatest - coverage) * count <= 2 * std::sqrt(greatest * count);
        const Range of_coverage = by_chance ? Range::good : below(coverage, (1 - options_.lost) * greatest);
        report(Symptom::falling_scores, (std::max)(of_distance, of_coverage), "falling scores: kid ",
               text(distance), ", once ", text(least), ", coverage ", text(coverage), ", once ",
               text(greatest), "; try lower learning rates, or take the best generator of the run");
        least = (std::min)(least, distance);
        greatest = (std::max)(greatest, coverage);
    }

    WatchOptions options_;
    std::array<double, state_size> state_{};
};

} // namespace ctgan::inline CTGAN_ABI
