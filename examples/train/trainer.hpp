#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/io/png.hpp>

#include "animation.hpp"
#include "checkpoint.hpp"
#include "folder.hpp"
#include "identity.hpp"
#include "model.hpp"
#include "naming_step.hpp"
#include "network_values.hpp"
#include "networks.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "ranks.hpp"
#include "record.hpp"
#include "recovery.hpp"
#include "run_report.hpp"
#include "sample_grid.hpp"
#include "scoring.hpp"
#include "settings.hpp"
#include "step_losses.hpp"
#include "stop.hpp"
#include "training_data.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace train {

/// The published training loop, also for other networks. The host only starts each step; it waits for the
/// backend only when it reads the losses, to show, log or save them.
template <class Backend, class Networks = Reference>
class Trainer {
    using TheModel = Model<Networks, Backend>;
    using Gan = typename TheModel::Gan;
    using Loop = ctgan::GanLoop<Gan>;
    using Image = typename Gan::image_shape;
    using Noise = typename Gan::noise_shape;
    using Data = TrainingData<Image, typename Loop::Images>;
    using Grid = SampleGrid<typename Gan::Generator, Backend>;
    static_assert(Loop::noise_purpose != Grid::noise_purpose &&
                  Loop::noise_purpose != Recovery<TheModel>::noise_purpose &&
                  Grid::noise_purpose != Recovery<TheModel>::noise_purpose &&
                  EpochOrder::flip_purpose != Loop::noise_purpose &&
                  EpochOrder::flip_purpose != Grid::noise_purpose &&
                  EpochOrder::flip_purpose != Recovery<TheModel>::noise_purpose);

  public:
    /// Reads all input files except a checkpoint. Nothing but the cache of a folder of pictures is written
    /// before they have been read. `machine` describes the hardware, for the first line of output. Throws
    /// std::exception if an input is bad.
    Trainer(const Options& options, std::string machine, Ranks& ranks)
        : Trainer(options, std::move(machine), ranks,
                  Data::read(checked(options), ranks, chosen_by(options, ranks))) {}

    /// Opens the folder, and restores the latest checkpoint if the run is resumed. Throws std::exception if
    /// that is not possible, or if the ranks do not all have the same settings, data and checkpoint.
    void prepare() {
        ranks_.require_same(settings_of(options_, identity_));
        ranks_.require_same(std::vector{weights()}); // which may be from a file
        stop_ = ranks_.stop_requested();
        if (stop_ != 0) return;
        folder_.emplace(options_.out, options_.resume, ranks_.reports());
        if (options_.resume)
            resume(*folder_);
        else
            start(*folder_);
        report("{} images, {} steps of {}, {}; {} in {}", order_.count, total_steps_, options_.batch_size,
               machine_, options_.resume ? fmt::format("resumed at step {}", state_.steps) : "results",
               folder_->path().string());
    }

    /// Trains, after prepare(). Returns 0, or the number of the signal that stopped the run.
    int run() {
        progress_.begin(state_.steps);
        while (stop_ == 0 && !done()) run_epoch(*folder_);
        write_animation();
        if (folder_ && done())
            report("{} steps in {}; see {} and {}", state_.steps, clock_time(progress_.seconds()),
                   folder_->report().string(), folder_->samples().string());
        else if (state_.steps == 0)
            report("stopped before the first step");
        else
            report("stopped at step {}; to continue, run the same command with --resume", state_.steps);
        return stop_;
    }

  private:
    Trainer(const Options& options, std::string machine, Ranks& ranks, Data data)
        : options_(options),
          ranks_(ranks),
          machine_(std::move(machine)),
          model_(options),
          order_(data.order),
          loop_(model_.gan, std::move(data.images), options.seed, options.batch_size),
          grid_(options.seed),
          total_steps_(std::min(options.max_steps, options.epochs * steps_of_epoch())),
          progress_(total_steps_, options.batch_size),
          identity_(Identity::of<Gan>(options, std::move(data.text))),
          report_page_({options.program, options.command, Networks::losses, options.epochs, options.resume,
                        machine_, ranks.count()},
                       identity_.metadata(), Networks::on_host()),
          recovery_(model_, Networks::losses.even_loss, options_, ranks, identity_, data.chosen) {
        const auto count = order_.count;
        if (total_steps_ >= steps_of_epoch() && count % static_cast<unsigned>(options.batch_size) == 1)
            throw ctgan::io::Error(
                options.data,
                fmt::format("{} images, whose last batch of {} holds 1", count, options.batch_size),
                "at least 2 in each for batch normalization: another --batch-size");
        if (!options.resume) model_.load_initial_weights(options_);
        state_.grid_noise = grid_.noise();
        if (options.score_every > 0 && ranks.reports())
            scoring_.emplace(options.score_every, options.score_network, options.data, data.chosen,
                             Networks::on_host());
    }

    /// The options, whose mistakes are found before the data are read.
    static const Options& checked(const Options& options) {
        require_animation_of(options.animation, Image::channels);
        return options;
    }

    /// How many real images the scores of this rank, or the watch, need.
    static std::size_t chosen_by(const Options& options, const Ranks& ranks) {
        if (options.score_every > 0 && ranks.reports()) return 2 * Scorer::most;
        return options.watch ? Recovery<TheModel>::images : 0;
    }

    /// The last batch may be smaller, as with PyTorch's DataLoader.
    long long steps_of_epoch() const {
        return (static_cast<long long>(order_.count) + options_.batch_size - 1) / options_.batch_size;
    }

    bool done() const { return state_.steps == total_steps_ && state_.images_taken == 0; }

    void start(const Folder& folder) {
        if (ranks_.reports()) {
            folder.prepare();
            if (const auto aside = folder.put_earlier_run_aside(); !aside.empty())
                say("moved the checkpoint of an earlier run to {}", aside.string());
            if (options_.log_steps) log_.emplace(folder.step_log());
        }
        recovery_.begin(state_, [&] { write_checkpoint(folder.best_checkpoint()); });
        // Later there may be nothing that can be saved until the first epoch ends.
        if (recovery_.goes_back()) save_checkpoint(folder);
    }

    /// Restores the state of the latest checkpoint. Throws std::exception before anything is written if it
    /// cannot be used.
    void resume(const Folder& folder) {
        const auto latest = ctgan::io::open_latest_checkpoint(folder.checkpoint());
        const ctgan::io::SafetensorsFile& checkpoint = latest.file;
        identity_.require(checkpoint);
        RunState state = RunState::of(checkpoint);
        state.require(checkpoint.path(), {steps_of_epoch(), options_.batch_size, total_steps_,
                                          state_.grid_noise.size(), options_.log_steps});
        recovery_.restore(checkpoint, folder);
        model_.restore(checkpoint);
        recovery_.continue_after(checkpoint.path(), state.steps);
        if (scoring_) scoring_->restore(checkpoint, state.epoch);
        grid_.set_noise(state.grid_noise);
        loop_.continue_after(static_cast<std::uint64_t>(state.steps));
        state_ = std::move(state);
        saved_steps_ = state_.steps;
        at_checkpoint_ = latest.latest_error.empty();
        // All ranks have read the checkpoint before rank 0 writes anything.
        ranks_.require_same({{"checkpoint", fmt::format("step {}", state_.steps)}, weights()});
        if (!ranks_.reports()) return;
        if (state_.log_bytes != RunState::no_log) log_.emplace(folder.step_log(), state_.log_bytes);
        folder.prepare();
        recovery_.drop_later(folder);
        if (scoring_) scoring_->write_best(folder);
        if (latest.latest_error.empty()) return;
        folder.put_damaged_aside();
        fmt::print(stderr, "{}; resuming from {}\n", latest.latest_error, checkpoint.path().string());
    }

    /// Takes steps until the epoch or the run ends or a stop is requested.
    void run_epoch(const Folder& folder) {
        begin_epoch();
        const long long first = (state_.epoch - 1) * steps_of_epoch();
        const long long end = std::min(first + steps_of_epoch(), total_steps_);
        while (state_.steps < end) {
            loop_.step(static_cast<int>(std::min<ctgan::Index>(options_.batch_size, loop_.left())));
            model_.after_step();
            ++state_.steps;
            at_checkpoint_ = false;
            stop_ = ranks_.stop_requested();
            const bool to_save =
                state_.steps < end && (state_.steps % options_.save_every == 0 || stop_ != 0);
            if (!to_save && state_.steps < end && loop_.pending_losses() < Loop::max_pending_losses &&
                !due_to_read())
                continue;
            ctgan::StepLosses last{};
            try {
                last = read_losses();
            } catch (const BadStep& bad) {
                if (!recovery_.can_skip(bad.step() - first, end - first)) throw;
                skip(bad, first);
                continue;
            }
            if (ranks_.reports())
                progress_.show(state_.steps, state_.epoch, options_.epochs, state_.steps - first, end - first,
                               last.discriminator, last.generator);
            if (to_save) save_within_epoch(folder, stop_ != 0);
            if (to_save && stop_ != 0) return;
        }
        // If --max-steps ends the run within an epoch, save first: generating the picture changes running
        // statistics, which a run that continues from here must not see. If it was interrupted after this and
        // is resumed, the checkpoint stays as it is, and so does the previous one.
        if (loop_.left() > 0 && !at_checkpoint_) save_within_epoch(folder, true);
        finish_epoch(folder, end - first);
    }

    /// Goes back because of a step of the epoch that came after step `first`, and continues after it.
    void skip(const BadStep& bad, long long first) {
        state_.steps = bad.step();
        say_all(recovery_.skip_step(*folder_, state_.steps, bad.found()));
        state_.images_taken =
            std::min<std::int64_t>((state_.steps - first) * options_.batch_size, order_.count);
        loop_.continue_after(static_cast<std::uint64_t>(state_.steps));
        begin_epoch();
    }

    void begin_epoch() {
        loop_.begin_epoch(order_.of(static_cast<std::uint64_t>(state_.epoch)), state_.images_taken);
    }

    /// Whether losses are read to show them. Ranks that may have to go back read after the same steps.
    bool due_to_read() const {
        constexpr long long steps = 64;
        return recovery_.goes_back() && ranks_.count() > 1 ? state_.steps % steps == 0 : progress_.due();
    }

    void finish_epoch(const Folder& folder, long long batches) {
        const bool whole = loop_.left() == 0;
        const auto with_losses = static_cast<double>(batches - recovery_.skipped_steps());
        const ctgan::StepLosses mean{state_.epoch_sum.discriminator / with_losses,
                                     state_.epoch_sum.generator / with_losses};
        const std::int64_t epoch = state_.epoch;
        state_.history.add(mean.discriminator, mean.generator);
        const auto grid =
            TheModel::averages ? grid_.drawn_by(model_.drawn_from()) : grid_.generate(model_.gan.generator);
        // Of a part of an epoch it is the picture that made them so, after the checkpoint.
        const auto found = recovery_.not_finite();
        const bool finite = found.empty() || whole;
        if (!found.empty() && whole) say_all(recovery_.restore_finite(folder, state_.steps, found));
        if (ranks_.reports()) {
            state_.history.write(folder.path(), Networks::losses);
            ctgan::io::write_png(folder.sample(epoch), grid);
            if (finite) save_networks(folder);
        }
        std::vector<std::string> lines;
        if (options_.score_every > 0 && finite)
            ranks_.on_rank_0(
                [&] { lines = scoring_->after_epoch(folder, epoch, whole, state_.steps == total_steps_); });
        ++state_.epoch;
        state_.images_taken = 0;
        state_.epoch_sum = {0, 0};
        if (whole) {
            const auto seen = recovery_.after_epoch(
                folder, state_, mean, scoring_ ? &*scoring_ : nullptr,
                [&] { write_checkpoint(folder.best_checkpoint()); }, [&] { save_networks(folder); });
            lines.insert(lines.end(), seen.begin(), seen.end());
        }
        if (ranks_.reports()) write_report(folder, finite ? folder.generator() : std::filesystem::path());
        if (whole) save_checkpoint(folder);
        progress_.clear();
        report("epoch {}/{}  step {}/{}  d_loss {:.4f}  g_loss {:.4f}  {:.0f} images/s  {}  saved", epoch,
               options_.epochs, state_.steps, total_steps_, mean.discriminator, mean.generator,
               progress_.images_per_second(), clock_time(progress_.seconds()));
        for (const std::string& line : lines) report("{}", line);
        // Also if it was requested since the epoch's last step.
        stop_ = ranks_.stop_requested();
    }

    /// Adds the pending losses to the epoch's sum and to the log, and returns the last of them. Throws
    /// BadStep if a loss or a gradient is not finite; such a step is never saved.
    ctgan::StepLosses read_losses() {
        ctgan::StepLosses last{};
        take_losses(model_.gan, loop_, TheModel::names, state_.steps, recovery_.abandoned_steps(),
                    recovery_.goes_back(), [&](long long step, const ctgan::StepLosses& losses) {
                        state_.epoch_sum.discriminator += losses.discriminator;
                        state_.epoch_sum.generator += losses.generator;
                        if (log_) log_->add(step, losses);
                        last = losses;
                    });
        return last;
    }

    /// Saves a checkpoint in the middle of an epoch. If recovery_.not_finite(), it says that it cannot, or if
    /// the run ends here (`ends`), throws std::runtime_error.
    void save_within_epoch(const Folder& folder, bool ends) {
        if (const auto found = recovery_.not_finite(); !found.empty()) {
            const auto line = fmt::format("step {}/{}  no checkpoint: {}; --resume continues after step {}",
                                          state_.steps, total_steps_, found, saved_steps_);
            progress_.clear();
            if (ends) throw std::runtime_error(line);
            return report("{}", line);
        }
        state_.images_taken = std::int64_t{order_.count} - loop_.left();
        save_checkpoint(folder);
        if (stop_ != 0 && ranks_.reports()) write_report(folder, folder.checkpoint());
        progress_.clear();
        report("step {}/{}  saved", state_.steps, total_steps_);
    }

    /// `weights` is the file that was just written with the generator's; nothing if they are not finite.
    void write_report(const Folder& folder, const std::filesystem::path& weights) const {
        report_page_.write(folder, state_.history, scoring_ ? &*scoring_ : nullptr, recovery_.watching(),
                           {state_.steps, total_steps_, state_.steps / steps_of_epoch(), progress_.seconds()},
                           {weights, state_.grid_noise});
    }

    void write_animation() const {
        const std::size_t epochs = state_.history.discriminator().size();
        if (!options_.animation.empty() && folder_ && ranks_.reports() && epochs > 0)
            report("{} in {}", ctgan::io::counted(animate(options_.animation, *folder_, epochs), "epoch"),
                   options_.animation.string());
    }

    void save_networks(const Folder& folder) const { model_.save_weights(folder, state_.steps); }

    void save_checkpoint(const Folder& folder) {
        ranks_.require_same(std::vector{weights()});
        saved_steps_ = state_.steps;
        at_checkpoint_ = true;
        if (!ranks_.reports()) return;
        write_checkpoint(folder.checkpoint());
    }

    void write_checkpoint(const std::filesystem::path& path) {
        state_.log_bytes = log_ ? log_->keep() : RunState::no_log;
        ctgan::io::TensorsToWrite tensors;
        model_.gather(tensors);
        state_.gather(tensors, Noise::size);
        std::vector<ctgan::io::TensorToWrite> all(tensors.list().begin(), tensors.list().end());
        if (scoring_) scoring_->gather(all);
        recovery_.gather(all);
        naming_step(state_.steps, "", [&] { ctgan::io::write_checkpoint(path, all, identity_.metadata()); });
    }

    /// A checksum of the networks, by which ranks see whether they still compute the same.
    ctgan::ranks::Setting weights() const {
        if (ranks_.count() == 1) return {};
        return {"weights", fmt::format("those of CRC-32 {} at step {}", checksum_of(model_), state_.steps)};
    }

    /// Prints a line, on one rank.
    template <class... Arguments>
    void report(fmt::format_string<Arguments...> format, Arguments&&... arguments) const {
        if (ranks_.reports()) say(format, std::forward<Arguments>(arguments)...);
    }

    void say_all(const std::vector<std::string>& lines) {
        if (!lines.empty()) progress_.clear();
        for (const std::string& line : lines) report("{}", line);
    }

    Options options_;
    Ranks& ranks_;
    std::optional<Folder> folder_;
    int stop_ = 0; ///< the signal that requested a stop, or 0
    std::string machine_;
    TheModel model_;
    EpochOrder order_;
    Loop loop_;
    Grid grid_;
    long long total_steps_;
    Progress progress_;
    Identity identity_;
    RunReport report_page_;
    std::optional<Scoring> scoring_; ///< on the rank that reports, if the run computes scores
    Recovery<TheModel> recovery_;
    RunState state_;
    std::int64_t saved_steps_ = 0; ///< those of the last checkpoint
    bool at_checkpoint_ = false;   ///< whether the folder's latest checkpoint has the present state
    std::optional<StepLog> log_;
};

/// Trains on a backend. Returns 0, or the number of the signal that stopped the run.
template <class Backend, class Networks = Reference>
int run(const Options& options, const std::string& machine) {
    Ranks alone;
    Trainer<Backend, Networks> trainer(options, machine, alone);
    trainer.prepare();
    return trainer.run();
}

} // namespace train
