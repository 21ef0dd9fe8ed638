#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/io/load_network.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/weights.hpp>
#include <ctgan/optim/bad_tensor.hpp>

#include "checkpoint.hpp"
#include "folder.hpp"
#include "identity.hpp"
#include "options.hpp"
#include "progress.hpp"
#include "record.hpp"
#include "stop.hpp"
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace train {

/// The published training loop. The host only starts each step; it waits for the backend only when it reads
/// the losses, to show, log or save them.
template <class Backend>
class Trainer {
    using Gan =
        ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator, ctgan::LeastSquares, Backend>;
    using Loop = ctgan::GanLoop<Gan>;
    using Image = typename Gan::image_shape;
    using Noise = typename Gan::noise_shape;
    static constexpr int grid_images = 16, grid_columns = 4;
    static constexpr std::uint32_t grid_purpose = 2;
    static_assert(Loop::noise_purpose != grid_purpose);

  public:
    /// Reads all input files except a checkpoint. Nothing is written before they have been read. `machine`
    /// describes the hardware, for the first line of output. Throws std::exception if an input is bad.
    Trainer(const Options& options, std::string machine)
        : Trainer(options, std::move(machine), Data::read(options.data)) {}

    /// Trains. Returns 0, or the number of the signal that stopped the run.
    int run() {
        if (const int signal = stop_requested()) {
            say("stopped before the first step");
            return signal;
        }
        const Folder folder(options_.out, options_.resume);
        if (options_.resume)
            resume(folder);
        else
            start(folder);
        say("{} images, {} steps of {}, {}; {} in {}", loop_.images().count(), total_steps_,
            options_.batch_size, machine_,
            options_.resume ? fmt::format("resumed at step {}", state_.steps) : "results",
            folder.path().string());
        progress_.begin(state_.steps);
        while (!stop_requested() && !done()) run_epoch(folder);
        if (done())
            say("{} steps in {}; see {} and {}", state_.steps, clock_time(progress_.seconds()),
                folder.samples().string(), (folder.path() / "loss.svg").string());
        else if (state_.steps == 0)
            say("stopped before the first step");
        else
            say("stopped at step {}; to continue, run the same command with --resume", state_.steps);
        return stop_requested();
    }

  private:
    /// The data set in the backend's memory, and its description for Identity. The host's copy is freed
    /// before the networks are allocated.
    struct Data {
        typename Loop::Images images;
        std::string text;

        static Data read(const std::filesystem::path& path) {
            const auto data = ctgan::io::DataSet<Image>::read(path);
            ctgan::io::Checksum sum;
            sum.add(std::as_bytes(data.pixels()));
            return {typename Loop::Images(data.pixels()),
                    fmt::format("{} images of CRC-32 {}", data.count(), sum.text())};
        }
    };

    Trainer(const Options& options, std::string machine, Data data)
        : options_(options),
          machine_(std::move(machine)),
          gan_(options.seed, options.batch_size,
               with_rate(ctgan::dcgan::generator_options, options.generator_lr),
               with_rate(ctgan::dcgan::discriminator_options, options.discriminator_lr)),
          loop_(gan_, std::move(data.images), options.seed, options.batch_size),
          grid_noise_(grid_images),
          grid_workspace_(grid_images),
          total_steps_(std::min(options.max_steps, options.epochs * steps_of_epoch())),
          progress_(total_steps_, options.batch_size),
          identity_(Identity::of<Gan>(options, std::move(data.text))) {
        const auto count = loop_.images().count();
        if (total_steps_ >= steps_of_epoch() && count % static_cast<unsigned>(options.batch_size) == 1)
            throw ctgan::io::Error(
                options.data,
                fmt::format("{} images, whose last batch of {} holds 1", count, options.batch_size),
                "at least 2 in each for batch normalization: another --batch-size");
        if (!options.resume) load_initial_weights();
        Backend::fill_normal(grid_noise_.data(), grid_noise_.size(), 1.F, {options.seed, 0, grid_purpose});
        state_.grid_noise.resize(static_cast<std::size_t>(grid_noise_.size()));
        Backend::to_host(state_.grid_noise.data(), grid_noise_.data(), grid_noise_.size());
    }

    static constexpr ctgan::io::GanNames names{ctgan::dcgan::generator_names,
                                               ctgan::dcgan::discriminator_names};

    static ctgan::AdamOptions with_rate(ctgan::AdamOptions options, double lr) {
        options.lr = lr;
        return options;
    }

    /// Loads the weights of --init-generator and --init-discriminator, if given.
    void load_initial_weights() {
        const auto non_finite =
            options_.allow_non_finite ? ctgan::io::NonFinite::allow : ctgan::io::NonFinite::refuse;
        if (const auto& path = options_.init_generator; !path.empty())
            ctgan::io::load_network(path, gan_.generator, names.generator, "generator", non_finite);
        if (const auto& path = options_.init_discriminator; !path.empty())
            ctgan::io::load_network(path, gan_.discriminator, names.discriminator, "discriminator",
                                    non_finite);
    }

    /// The last batch may be smaller, as with PyTorch's DataLoader.
    long long steps_of_epoch() const {
        return (static_cast<long long>(loop_.images().count()) + options_.batch_size - 1) /
               options_.batch_size;
    }

    bool done() const { return state_.steps == total_steps_ && state_.images_taken == 0; }

    void start(const Folder& folder) {
        folder.prepare();
        if (const auto aside = folder.put_earlier_run_aside(); !aside.empty())
            say("moved the checkpoint of an earlier run to {}", aside.string());
        if (options_.log_steps) log_.emplace(folder.step_log());
    }

    /// Restores the state of the latest checkpoint. Checks all of it before it changes anything.
    void resume(const Folder& folder) {
        const auto latest = ctgan::io::open_latest_checkpoint(folder.checkpoint());
        const ctgan::io::SafetensorsFile& checkpoint = latest.file;
        identity_.require(checkpoint);
        RunState state = RunState::of(checkpoint);
        state.require(checkpoint.path(), {steps_of_epoch(), options_.batch_size, total_steps_,
                                          state_.grid_noise.size(), options_.log_steps});
        ctgan::io::restore_gan(checkpoint, gan_, names);
        for (const std::int64_t steps :
             {gan_.generator_optimizer.steps(), gan_.discriminator_optimizer.steps()})
            if (steps != state.steps)
                throw ctgan::io::Error(checkpoint.path(), fmt::format("an optimizer at step {}", steps),
                                       fmt::format("step {}, as the run", state.steps));
        Backend::from_host(grid_noise_.data(), state.grid_noise.data(), grid_noise_.size());
        loop_.continue_after(static_cast<std::uint64_t>(state.steps));
        state_ = std::move(state);
        if (state_.log_bytes != RunState::no_log) log_.emplace(folder.step_log(), state_.log_bytes);
        folder.prepare();
        if (latest.latest_error.empty()) return;
        folder.put_damaged_aside();
        fmt::print(stderr, "{}; resuming from {}\n", latest.latest_error, checkpoint.path().string());
    }

    /// Takes steps until the epoch or the run ends or a stop is requested.
    void run_epoch(const Folder& folder) {
        loop_.begin_epoch(ctgan::io::shuffled(loop_.images().count(), options_.seed,
                                              static_cast<std::uint64_t>(state_.epoch)),
                          state_.images_taken);
        const long long first = (state_.epoch - 1) * steps_of_epoch();
        const long long end = std::min(first + steps_of_epoch(), total_steps_);
        while (state_.steps < end) {
            loop_.step(static_cast<int>(std::min<ctgan::Index>(options_.batch_size, loop_.left())));
            ++state_.steps;
            const bool to_save =
                state_.steps < end && (state_.steps % options_.save_every == 0 || stop_requested());
            if (!to_save && state_.steps < end && loop_.pending_losses() < Loop::max_pending_losses &&
                !progress_.due())
                continue;
            const auto last = read_losses();
            progress_.show(state_.steps, state_.epoch, options_.epochs, state_.steps - first, end - first,
                           last.discriminator, last.generator);
            if (to_save) save_within_epoch(folder);
            if (to_save && stop_requested()) return;
        }
        // If --max-steps ends the run within an epoch, save first: generating the picture changes running
        // statistics, which a run that continues from here must not see.
        if (loop_.left() > 0) save_within_epoch(folder);
        finish_epoch(folder, end - first);
    }

    void finish_epoch(const Folder& folder, long long batches) {
        const ctgan::StepLosses mean{state_.epoch_sum.discriminator / static_cast<double>(batches),
                                     state_.epoch_sum.generator / static_cast<double>(batches)};
        const bool whole = loop_.left() == 0;
        const std::int64_t epoch = state_.epoch;
        state_.history.add(mean.discriminator, mean.generator);
        state_.history.write(folder.path());
        write_grid(folder.sample(epoch));
        naming_step("generator: ",
                    [&] { ctgan::io::save_weights(folder.generator(), gan_.generator, names.generator); });
        naming_step("discriminator: ", [&] {
            ctgan::io::save_weights(folder.discriminator(), gan_.discriminator, names.discriminator);
        });
        ++state_.epoch;
        state_.images_taken = 0;
        state_.epoch_sum = {0, 0};
        if (whole) save_checkpoint(folder);
        progress_.clear();
        say("epoch {}/{}  step {}/{}  d_loss {:.4f}  g_loss {:.4f}  {:.0f} images/s  {}  saved", epoch,
            options_.epochs, state_.steps, total_steps_, mean.discriminator, mean.generator,
            progress_.images_per_second(), clock_time(progress_.seconds()));
    }

    /// Adds the pending losses to the epoch's sum and to the log, and returns the last of them. Throws
    /// std::runtime_error if a loss or a gradient is not finite; such a step is never saved.
    ctgan::StepLosses read_losses() {
        long long step = state_.steps - loop_.pending_losses();
        const std::int64_t bad_discriminator_step = gan_.discriminator_optimizer.first_bad_step();
        const std::int64_t bad_generator_step = gan_.generator_optimizer.first_bad_step();
        ctgan::StepLosses last{};
        for (const auto& losses : loop_.take_losses()) {
            ++step;
            if (step == bad_discriminator_step)
                throw bad_gradient(step, "discriminator." + first_bad_tensor(gan_.discriminator,
                                                                             gan_.discriminator_optimizer,
                                                                             names.discriminator));
            if (step == bad_generator_step)
                throw bad_gradient(step,
                                   "generator." + first_bad_tensor(gan_.generator, gan_.generator_optimizer,
                                                                   names.generator));
            if (!ctgan::is_finite(losses.discriminator) || !ctgan::is_finite(losses.generator))
                throw std::runtime_error(
                    fmt::format("step {}: found d_loss {} and g_loss {}, expected finite numbers", step,
                                losses.discriminator, losses.generator));
            state_.epoch_sum.discriminator += losses.discriminator;
            state_.epoch_sum.generator += losses.generator;
            if (log_) log_->add(step, losses);
            last = losses;
        }
        return last;
    }

    static std::runtime_error bad_gradient(long long step, const std::string& tensor) {
        return std::runtime_error(fmt::format("step {}: found a gradient of {} that, or whose square, is "
                                              "infinite or NaN, expected finite numbers",
                                              step, tensor));
    }

    /// Saves a checkpoint in the middle of an epoch.
    void save_within_epoch(const Folder& folder) {
        state_.images_taken = static_cast<std::int64_t>(loop_.images().count()) - loop_.left();
        save_checkpoint(folder);
        progress_.clear();
        say("step {}/{}  saved", state_.steps, total_steps_);
    }

    void save_checkpoint(const Folder& folder) {
        state_.log_bytes = log_ ? log_->keep() : RunState::no_log;
        ctgan::io::TensorsToWrite tensors;
        ctgan::io::gather_gan(tensors, gan_, names);
        state_.gather(tensors, Noise::size);
        naming_step("", [&] {
            ctgan::io::write_checkpoint(folder.checkpoint(), tensors.list(), identity_.metadata());
        });
    }

    /// Calls `save`. If a value is not finite, the error names the step.
    template <class Save>
    void naming_step(const char* network, const Save& save) const {
        try {
            save();
        } catch (const ctgan::io::NotFinite& error) {
            throw std::runtime_error(fmt::format("step {}: {}{}", state_.steps, network, error.what()));
        }
    }

    /// Generates digits from the same 16 noise vectors each time, in training mode, as the published code
    /// does; there, too, this updates the running statistics.
    void write_grid(const std::filesystem::path& path) {
        const auto images = gan_.generator.forward_training(grid_noise_, grid_workspace_);
        std::vector<float> pixels(static_cast<std::size_t>(images.size()));
        Backend::to_host(pixels.data(), images.data, images.size());
        const auto grid =
            ctgan::io::tile(pixels, grid_images, Image::channels, Image::height, Image::width, grid_columns);
        ctgan::io::write_png(path, ctgan::io::enlarged(grid, 3));
    }

    Options options_;
    std::string machine_;
    Gan gan_;
    Loop loop_;
    ctgan::BatchOn<Noise, Backend> grid_noise_;
    typename Gan::Generator::Workspace grid_workspace_;
    long long total_steps_;
    Progress progress_;
    Identity identity_;
    RunState state_;
    std::optional<StepLog> log_;
};

/// Trains on a backend. Returns 0, or the number of the signal that stopped the run.
template <class Backend>
int run(const Options& options, const std::string& machine) {
    return Trainer<Backend>(options, machine).run();
}

} // namespace train
