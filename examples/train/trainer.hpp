#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/gan_loop.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/weights.hpp>

#include "options.hpp"
#include "progress.hpp"
#include "record.hpp"
#include <algorithm>
#include <stdexcept>
#include <utility>

namespace train {

/// The reference's loop. Between the times at which somebody is told of losses the host only says that a step
/// is to be taken.
template <class Backend>
class Trainer {
    using Gan = ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator, Backend>;
    using Loop = ctgan::GanLoop<Gan>;
    using Image = typename Gan::image_shape;
    using Noise = typename Gan::noise_shape;
    static constexpr int grid_images = 16, grid_columns = 4;
    static constexpr std::uint32_t grid_purpose = 2;
    static_assert(Loop::noise_purpose != grid_purpose);

  public:
    /// Reads everything that the run needs; nothing is written before that went well. `machine` says what it
    /// runs on.
    Trainer(const Options& options, std::string machine)
        : Trainer(options, std::move(machine), upload(options.data)) {}

    void run() {
        make_folder(options_.out / "samples");
        std::unique_ptr<StepLog> log;
        if (options_.log_steps) log = std::make_unique<StepLog>(options_.out / "steps.csv");
        fmt::print("{} images, {} steps of {}, {}; results in {}\n", loop_.images().count(), total_steps_,
                   options_.batch_size, machine_, options_.out.string());
        std::fflush(stdout);
        for (int epoch = 1; steps() < total_steps_; ++epoch) {
            run_epoch(epoch, log.get());
            if (log) log->flush();
            history_.write(options_.out);
            write_grid(epoch);
            save();
        }
        fmt::print("{} steps in {}: look at {} and {}\n", steps(), clock_time(progress_.seconds()),
                   (options_.out / "samples").string(), (options_.out / "loss.svg").string());
    }

  private:
    Trainer(const Options& options, std::string machine, typename Loop::Images images)
        : options_(options),
          machine_(std::move(machine)),
          gan_(options.seed, options.batch_size,
               with_rate(ctgan::dcgan::generator_options, options.generator_lr),
               with_rate(ctgan::dcgan::discriminator_options, options.discriminator_lr)),
          loop_(gan_, std::move(images), options.seed, options.batch_size),
          grid_noise_(grid_images),
          grid_workspace_(grid_images),
          total_steps_(std::min(options.max_steps, options.epochs * steps_of_epoch())),
          progress_(total_steps_, options.batch_size) {
        const auto count = loop_.images().count();
        if (total_steps_ >= steps_of_epoch() && count % static_cast<unsigned>(options.batch_size) == 1)
            throw ctgan::io::Error(
                options.data,
                fmt::format("{} images, whose last batch of {} holds 1", count, options.batch_size),
                "at least 2 in each for batch normalization: another --batch-size");
        load(options.init_generator, gan_.generator, ctgan::dcgan::generator_names);
        load(options.init_discriminator, gan_.discriminator, ctgan::dcgan::discriminator_names);
        Backend::fill_normal(grid_noise_.data(), grid_noise_.size(), 1.F, {options.seed, 0, grid_purpose});
    }

    /// The host's copy is gone before the networks take their memory.
    static typename Loop::Images upload(const std::filesystem::path& path) {
        return typename Loop::Images(ctgan::io::DataSet<Image>::read(path).pixels());
    }

    static ctgan::AdamOptions with_rate(ctgan::AdamOptions options, double lr) {
        options.lr = lr;
        return options;
    }

    template <class Network>
    static void load(const std::filesystem::path& path, Network& network,
                     std::span<const std::string_view> names) {
        if (!path.empty()) ctgan::io::load_weights(ctgan::io::SafetensorsFile::open(path), network, names);
    }

    /// A last batch that is short is kept, as PyTorch's DataLoader keeps it.
    long long steps_of_epoch() const {
        return (static_cast<long long>(loop_.images().count()) + options_.batch_size - 1) /
               options_.batch_size;
    }
    long long steps() const { return static_cast<long long>(loop_.steps()); }

    void run_epoch(int epoch, StepLog* log) {
        loop_.begin_epoch(
            ctgan::io::shuffled(loop_.images().count(), options_.seed, static_cast<std::uint64_t>(epoch)));
        const int batches = static_cast<int>(std::min(steps_of_epoch(), total_steps_ - steps()));
        ctgan::StepLosses sum{0, 0};
        for (int i = 1; i <= batches; ++i) {
            loop_.step(static_cast<int>(std::min<ctgan::Index>(options_.batch_size, loop_.left())));
            if (i < batches && loop_.losses_waiting() < Loop::most_losses && !progress_.due()) continue;
            const auto last = read_losses(sum, log);
            progress_.show(steps(), epoch, options_.epochs, i, batches, last.discriminator, last.generator);
        }
        history_.add(sum.discriminator / batches, sum.generator / batches);
        progress_.clear();
        fmt::print("epoch {}/{}  step {}/{}  d_loss {:.4f}  g_loss {:.4f}  {:.0f} images/s  {}\n", epoch,
                   options_.epochs, steps(), total_steps_, sum.discriminator / batches,
                   sum.generator / batches, progress_.images_per_second(), clock_time(progress_.seconds()));
        std::fflush(stdout);
    }

    /// Adds the losses that wait to `sum` and to the log, and returns the last of them.
    ctgan::StepLosses read_losses(ctgan::StepLosses& sum, StepLog* log) {
        long long step = steps() - loop_.losses_waiting();
        ctgan::StepLosses last{};
        for (const auto& losses : loop_.take_losses()) {
            ++step;
            if (!ctgan::is_finite(losses.discriminator) || !ctgan::is_finite(losses.generator))
                throw std::runtime_error(
                    fmt::format("step {}: found d_loss {} and g_loss {}, expected finite numbers", step,
                                losses.discriminator, losses.generator));
            sum.discriminator += losses.discriminator;
            sum.generator += losses.generator;
            if (log) log->add(step, losses);
            last = losses;
        }
        return last;
    }

    /// The generator on the same 16 noise vectors each time, in training mode: the reference plots it so, and
    /// it moves the running statistics there, too.
    void write_grid(int epoch) {
        const auto images = gan_.generator.forward_training(grid_noise_.view(), grid_workspace_);
        std::vector<float> pixels(static_cast<std::size_t>(images.size()));
        Backend::to_host(images.data, pixels.data(), images.size());
        const auto grid =
            ctgan::io::tile(pixels, grid_images, Image::channels, Image::height, Image::width, grid_columns);
        ctgan::io::write_png(options_.out / "samples" / fmt::format("epoch_{:04}.png", epoch),
                             ctgan::io::enlarged(grid, 3));
    }

    void save() const {
        ctgan::io::save_weights(options_.out / "generator.safetensors", gan_.generator,
                                ctgan::dcgan::generator_names);
        ctgan::io::save_weights(options_.out / "discriminator.safetensors", gan_.discriminator,
                                ctgan::dcgan::discriminator_names);
    }

    Options options_;
    std::string machine_;
    Gan gan_;
    Loop loop_;
    ctgan::BatchOn<Noise, Backend> grid_noise_;
    typename Gan::Generator::Workspace grid_workspace_;
    long long total_steps_;
    LossHistory history_;
    Progress progress_;
};

/// Trains on a backend.
template <class Backend>
void run(const Options& options, const std::string& machine) {
    Trainer<Backend>(options, machine).run();
}

} // namespace train
