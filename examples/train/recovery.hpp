#pragma once

#include <ctgan/io/error.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>

#include <fmt/core.h>

#include "checkpoint.hpp"
#include "fixed_batch.hpp"
#include "folder.hpp"
#include "identity.hpp"
#include "network_values.hpp"
#include "options.hpp"
#include "ranks.hpp"
#include "rollback.hpp"
#include "scoring.hpp"
#include "watching.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace train {

/// Watches the training of a Model, and with --rollback restores its best state after a collapse. All ranks
/// do the same; what the first one sees decides.
template <class TheModel>
class Recovery {
    using Gan = typename TheModel::Gan;
    using Fixed = FixedBatch<typename Gan::Generator, typename Gan::Generator::backend>;

  public:
    static constexpr std::size_t images = Fixed::most; ///< real ones that it needs
    static constexpr std::uint32_t noise_purpose = Fixed::noise_purpose;

    /// Keeps references to its arguments but `even_loss`, which is WatchOptions::even_loss, and `pixels`,
    /// which are real images. Throws std::invalid_argument if the options contradict each other.
    Recovery(TheModel& model, double even_loss, const Options& options, const Ranks& ranks,
             const Identity& identity, const std::vector<std::uint8_t>& pixels)
        : model_(model), options_(options), ranks_(ranks), identity_(identity), rollback_(options.rollback) {
        if (rollback_.is_on() && !options.watch)
            throw std::invalid_argument("--rollback: found --no-watch, expected a run that is watched");
        if (!options.watch) return;
        if (pixels.size() >= Fixed::least * Gan::image_shape::size) fixed_.emplace(options.seed, pixels);
        if (ranks.reports()) watching_.emplace(even_loss);
    }

    bool goes_back() const { return rollback_.is_on(); }
    std::int64_t abandoned_steps() const { return rollback_.abandoned_steps(); }
    std::int64_t skipped_steps() const { return rollback_.skipped_steps(); }
    /// On the rank that reports, if the run is watched.
    const Watching* watching() const { return watching_ ? &*watching_ : nullptr; }

    /// At the beginning of a run. `write_best` writes a checkpoint of now as the best one.
    template <class WriteBest>
    void begin(const RunState& state, const WriteBest& write_best) {
        if (rollback_.is_on()) keep(state, {}, write_best);
    }

    /// After an epoch, of which `state` is no longer in: watches it, and keeps its end or goes back. Then
    /// `save_networks` writes their files again. Returns what is new, in lines.
    template <class WriteBest, class SaveNetworks>
    std::vector<std::string> after_epoch(const Folder& folder, const RunState& state,
                                         const ctgan::StepLosses& mean, const Scoring* scoring,
                                         const WriteBest& write_best, const SaveNetworks& save_networks) {
        rollback_.finish_epoch();
        std::vector<std::string> lines;
        // If no step was taken since the run went back, the losses are those of the state that was given up.
        if (went_back_at_ == state.steps) return lines;
        const std::int64_t epoch = state.epoch - 1;
        const auto score = scoring ? scoring->of(epoch) : std::nullopt;
        const auto kid = score ? std::optional(score->kid) : std::nullopt;
        if (fixed_) {
            ctgan::WatchFigures figures{mean, fixed_->generated(model_.gan.generator), fixed_->real(),
                                        gradient_norm(model_.gan.generator, model_.gan.generator_optimizer)};
            if (score) {
                figures.kernel_distance = kid;
                figures.coverage = score->coverage;
                figures.scored = scoring->count();
            }
            if (watching_)
                for (const std::string& line : watching_->after_epoch(epoch, figures))
                    lines.push_back("watch: " + line);
        }
        if (!rollback_.is_on()) return lines;
        const bool best = watching_ && rollback_.is_best(watching_->sees_nothing(), kid);
        const bool collapsed = watching_ && watching_->sees_collapse();
        if (ranks_.any(best)) keep(state, kid, write_best);
        if (ranks_.any(collapsed) && rollback_.can_go_back()) {
            lines.push_back("watch: " + go_back(folder, fmt::format("epoch {}", epoch), state.steps, true));
            if (ranks_.reports()) save_networks();
        }
        return lines;
    }

    /// Whether the run can go on after a step that is not finite, number `step` of an epoch of `steps`: it
    /// needs a step with losses in each epoch.
    bool can_skip(long long step, long long steps) const {
        return rollback_.can_go_back() && !(step == steps && step == 1 + rollback_.skipped_steps());
    }
    /// Goes back because of such a step; `found` is its error. Returns lines about it.
    std::vector<std::string> skip_step(const Folder& folder, long long step, const std::string& found) {
        rollback_.skip_step();
        return go_back_from(folder, step, found);
    }

    /// What is wrong with the networks, if a value is infinite or NaN and the run goes back at the end of the
    /// epoch, wherever it is saved: before that nothing can be. Otherwise empty.
    std::string not_finite() const {
        if (!rollback_.can_go_back()) return {};
        const std::string found = found_not_finite();
        const bool any = ranks_.any(!found.empty());
        return any && found.empty() ? "found a value that is infinite or NaN" : found;
    }
    /// At that end. Returns lines about it.
    std::vector<std::string> restore_finite(const Folder& folder, long long step, const std::string& found) {
        return go_back_from(folder, step, found);
    }

    /// Adds everything to the tensors of a checkpoint, which refer to this object.
    void gather(std::vector<ctgan::io::TensorToWrite>& tensors) const {
        if (watching_) watching_->gather(tensors);
        rollback_.gather(tensors);
    }
    /// Restores it. Throws io::Error if something is missing, the best state included.
    void restore(const ctgan::io::SafetensorsFile& checkpoint, const Folder& folder) {
        rollback_.restore(checkpoint);
        if (rollback_.is_on()) identity_.require(rollback_.best(folder));
        if (watching_) watching_->restore(checkpoint);
    }
    /// After it and Model::restore(), at this step of the run: sets the learning rates. Throws io::Error
    /// about the file if the optimizers are at other steps.
    void continue_after(const std::filesystem::path& file, std::int64_t step) {
        const std::int64_t counted = step - abandoned_steps();
        for (const std::int64_t steps :
             {model_.gan.generator_optimizer.steps(), model_.gan.discriminator_optimizer.steps()})
            if (steps != counted)
                throw ctgan::io::Error(file, fmt::format("an optimizer at step {}", steps),
                                       fmt::format("step {}, as the run", counted));
        set_rates();
    }
    /// After restore(), on the rank that writes, when all have restored it: leaves one best state, the
    /// restored one.
    void drop_later(const Folder& folder) const { rollback_.drop_later(folder); }

  private:
    template <class WriteBest>
    void keep(const RunState& state, const std::optional<double>& kid, const WriteBest& write_best) {
        rollback_.keep(state.epoch - 1, state.steps, kid);
        ranks_.on_rank_0(write_best);
    }

    std::vector<std::string> go_back_from(const Folder& folder, long long step, const std::string& found) {
        const std::string line = ctgan::Watch::not_finite(fmt::format("step {}", step), found).text;
        if (watching_) watching_->add(line);
        return {"watch: " + line, "watch: " + go_back(folder, fmt::format("step {}", step), step, false)};
    }

    /// Restores the best state. Returns a line about it, which the watch keeps.
    std::string go_back(const Folder& folder, const std::string& when, long long steps, bool was_finite) {
        const auto best = rollback_.best(folder);
        identity_.require(best);
        model_.restore(best);
        went_back_at_ = steps;
        rollback_.note(was_finite, steps - model_.gan.generator_optimizer.steps());
        set_rates();
        std::string line = fmt::format(
            "{}: went back to {}, {} of {} times; the learning rates from here on: {} and {}", when,
            rollback_.best_text(), rollback_.count(), options_.rollback,
            model_.gan.generator_optimizer.options().lr, model_.gan.discriminator_optimizer.options().lr);
        if (watching_) {
            watching_->went_back(rollback_.best_is_beginning());
            watching_->add(line);
        }
        return line;
    }

    /// Sets the learning rates, which each rollback lowers.
    void set_rates() {
        model_.gan.generator_optimizer.set_lr(options_.generator_lr * rollback_.generator_factor());
        model_.gan.discriminator_optimizer.set_lr(options_.discriminator_lr *
                                                  rollback_.discriminator_factor());
    }

    /// What is wrong with this rank's networks, if a value is infinite or NaN.
    std::string found_not_finite() const {
        std::string found;
        model_.for_each_network([&](const char* name, const auto& network, const ctgan::LayerNames& layers) {
            if (!found.empty()) return;
            const std::string tensor = first_not_finite(network, layers);
            if (!tensor.empty())
                found = fmt::format("found a value of {}.{} that is infinite or NaN", name, tensor);
        });
        return found;
    }

    TheModel& model_;
    const Options& options_;
    const Ranks& ranks_;
    const Identity& identity_;
    Rollback rollback_;
    std::int64_t went_back_at_ = 0;    ///< the step of the last time in this process
    std::optional<Fixed> fixed_;       ///< if the run is watched and has enough images
    std::optional<Watching> watching_; ///< on the rank that reports, if the run is watched
};

} // namespace train
