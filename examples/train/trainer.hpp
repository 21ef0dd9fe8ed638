#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/weights.hpp>

#include "progress.hpp"
#include "record.hpp"
#include <algorithm>
#include <limits>
#include <stdexcept>

namespace train {

/// What train_dcgan's flags say; the defaults are the reference's.
struct Options {
    std::filesystem::path data = CTGAN_SHIPPED_DATA_DIR;
    std::filesystem::path out = "out";
    int epochs = ctgan::dcgan::epochs;
    int batch_size = ctgan::dcgan::batch_size;
    std::uint64_t seed = 0;
    double generator_lr = ctgan::dcgan::generator_options.lr;
    double discriminator_lr = ctgan::dcgan::discriminator_options.lr;
    long long max_steps = std::numeric_limits<long long>::max();
    int threads = 0; ///< 0: all cores
    bool log_steps = false;
    std::filesystem::path init_generator, init_discriminator;
};

/// The reference's loop on the CPU.
class Trainer {
    using Gan = ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator>;
    using Image = Gan::image_shape;
    using Noise = Gan::noise_shape;
    static constexpr int grid_images = 16, grid_columns = 4;

  public:
    /// Reads everything that the run needs; nothing is written before that went well.
    explicit Trainer(const Options& options)
        : options_(options),
          data_(ctgan::io::DataSet<Image>::read(options.data)),
          loader_(data_, options.batch_size, options.seed),
          gan_(options.seed, options.batch_size,
               with_rate(ctgan::dcgan::generator_options, options.generator_lr),
               with_rate(ctgan::dcgan::discriminator_options, options.discriminator_lr)),
          noise_(options.batch_size),
          grid_noise_(grid_images),
          grid_workspace_(grid_images),
          total_steps_(
              std::min(options.max_steps, static_cast<long long>(options.epochs) * loader_.batches())),
          progress_(total_steps_, options.batch_size) {
        if (total_steps_ >= loader_.batches() && loader_.size(loader_.batches() - 1) < 2)
            throw ctgan::io::Error(
                options.data,
                fmt::format("{} images, whose last batch of {} holds 1", data_.count(), options.batch_size),
                "at least 2 in each for batch normalization: another --batch-size");
        load(options.init_generator, gan_.generator, ctgan::dcgan::generator_names);
        load(options.init_discriminator, gan_.discriminator, ctgan::dcgan::discriminator_names);
        ctgan::Cpu::fill_normal(grid_noise_.data(), grid_noise_.size(), 1.F, {options.seed, 0, grid_purpose});
    }

    void run() {
        make_folder(options_.out / "samples");
        std::unique_ptr<StepLog> log;
        if (options_.log_steps) log = std::make_unique<StepLog>(options_.out / "steps.csv");
        fmt::print("{} images, {} steps of {}, {} threads; results in {}\n", data_.count(), total_steps_,
                   options_.batch_size, ctgan::cpu::threads(), options_.out.string());
        std::fflush(stdout);
        for (int epoch = 1; step_ < total_steps_; ++epoch) {
            run_epoch(epoch, log.get());
            if (log) log->flush();
            history_.write(options_.out);
            write_grid(epoch);
            save();
        }
        fmt::print("{} steps in {}: look at {} and {}\n", step_, clock_time(progress_.seconds()),
                   (options_.out / "samples").string(), (options_.out / "loss.svg").string());
    }

  private:
    static ctgan::AdamOptions with_rate(ctgan::AdamOptions options, double lr) {
        options.lr = lr;
        return options;
    }

    template <class Network>
    static void load(const std::filesystem::path& path, Network& network,
                     std::span<const std::string_view> names) {
        if (!path.empty()) ctgan::io::load_weights(ctgan::io::SafetensorsFile::open(path), network, names);
    }

    void run_epoch(int epoch, StepLog* log) {
        loader_.begin_epoch(static_cast<std::uint64_t>(epoch));
        const int batches = static_cast<int>(std::min<long long>(loader_.batches(), total_steps_ - step_));
        double d_sum = 0, g_sum = 0;
        for (int i = 0; i < batches; ++i) {
            const auto losses = run_step(i);
            d_sum += losses.discriminator;
            g_sum += losses.generator;
            if (log) log->add(step_, losses);
            progress_.show(step_, epoch, options_.epochs, i + 1, batches, losses.discriminator,
                           losses.generator);
        }
        history_.add(d_sum / batches, g_sum / batches);
        progress_.clear();
        fmt::print("epoch {}/{}  step {}/{}  d_loss {:.4f}  g_loss {:.4f}  {:.0f} images/s  {}\n", epoch,
                   options_.epochs, step_, total_steps_, d_sum / batches, g_sum / batches,
                   progress_.images_per_second(), clock_time(progress_.seconds()));
        std::fflush(stdout);
    }

    ctgan::StepLosses run_step(int batch) {
        const auto real = loader_.batch(batch);
        const auto noise = noise_.first(real.count);
        const auto step = static_cast<std::uint64_t>(step_);
        ctgan::Cpu::fill_normal(noise.data, noise.size(), 1.F, {options_.seed, step, noise_purpose});
        const auto losses = gan_.train_step(real, noise, step);
        ++step_;
        if (!ctgan::io::is_finite(losses.discriminator) || !ctgan::io::is_finite(losses.generator))
            throw std::runtime_error(
                fmt::format("step {}: found d_loss {} and g_loss {}, expected finite numbers", step_,
                            losses.discriminator, losses.generator));
        return losses;
    }

    /// The generator on the same 16 noise vectors each time, in training mode: the reference plots it so, and
    /// it moves the running statistics there, too.
    void write_grid(int epoch) {
        const auto images = gan_.generator.forward_training(grid_noise_.view(), grid_workspace_);
        const auto grid = ctgan::io::tile({images.data, static_cast<std::size_t>(images.size())}, grid_images,
                                          Image::channels, Image::height, Image::width, grid_columns);
        ctgan::io::write_png(options_.out / "samples" / fmt::format("epoch_{:04}.png", epoch),
                             ctgan::io::enlarged(grid, 3));
    }

    void save() const {
        ctgan::io::save_weights(options_.out / "generator.safetensors", gan_.generator,
                                ctgan::dcgan::generator_names);
        ctgan::io::save_weights(options_.out / "discriminator.safetensors", gan_.discriminator,
                                ctgan::dcgan::discriminator_names);
    }

    static constexpr std::uint32_t noise_purpose = 1, grid_purpose = 2;

    Options options_;
    ctgan::io::DataSet<Image> data_;
    ctgan::io::Loader<Image> loader_;
    Gan gan_;
    ctgan::Batch<Noise> noise_, grid_noise_;
    Gan::Generator::Workspace grid_workspace_;
    long long total_steps_, step_ = 0;
    LossHistory history_;
    Progress progress_;
};

} // namespace train
