#pragma once

#include <ctgan/dcgan.hpp>
#include <ctgan/gan/gan_loop.hpp>

#include "timing.hpp"
#include <cmath>
#include <cstdint>
#include <vector>

/// Measures the published DCGAN's training step and epoch, with the data set in the device's memory.
namespace bench {

using Gan =
    ctgan::Gan<ctgan::dcgan::Generator, ctgan::dcgan::Discriminator, ctgan::LeastSquares, ctgan::Cuda>;
using Loop = ctgan::GanLoop<Gan>;

/// Random images: the cost of a step does not depend on their content.
class RandomImages {
  public:
    explicit RandomImages(int count) : pixels_(static_cast<std::size_t>(count) * Gan::image_shape::size) {
        std::uint32_t state = 1;
        for (std::uint8_t& pixel : pixels_) {
            state = state * 1664525U + 1013904223U;
            pixel = static_cast<std::uint8_t>(state >> 24);
        }
    }
    int count() const { return static_cast<int>(pixels_.size() / Gan::image_shape::size); }
    Loop::Images on_device() const { return Loop::Images(pixels_); }

    /// The first images of an epoch, far from each other as if they were shuffled.
    std::vector<std::uint32_t> order(int count_wanted) const {
        std::vector<std::uint32_t> order(static_cast<std::size_t>(count_wanted));
        std::uint64_t image = 0;
        for (std::uint32_t& entry : order) {
            entry = static_cast<std::uint32_t>(image);
            image = (image + stride) % static_cast<std::uint64_t>(count());
        }
        return order;
    }

  private:
    static constexpr std::uint64_t stride = 7919; // a prime, so an epoch visits all images
    std::vector<std::uint8_t> pixels_;
};

/// A training run at one batch size.
class Training {
  public:
    Training(const RandomImages& images, int batch)
        : images_(images),
          batch_(batch),
          gan_(0, batch, ctgan::dcgan::generator_options, ctgan::dcgan::discriminator_options),
          loop_(gan_, images.on_device(), 0, batch) {}

    /// The most steps for one call of seconds_of_steps().
    int max_steps() const { return std::min(Loop::max_pending_losses, images_.count() / batch_); }

    /// The seconds that `steps` steps take, without the beginning of the epoch. At most max_steps().
    double seconds_of_steps(int steps) {
        loop_.begin_epoch(images_.order(steps * batch_));
        const double seconds = seconds_of([&] { take(steps); });
        check_losses();
        return seconds;
    }

    /// The seconds that whole epochs take in a program, including reading the losses.
    double seconds_of_epochs(int epochs) {
        return seconds_of([&] {
            for (int epoch = 0; epoch < epochs; ++epoch) {
                loop_.begin_epoch(images_.order(images_.count()));
                for (int left = images_.count() / batch_; left > 0;) {
                    const int steps = std::min(left, Loop::max_pending_losses);
                    take(steps);
                    check_losses();
                    left -= steps;
                }
            }
        });
    }

    /// Whether all losses so far are finite.
    bool finite() const { return finite_; }

  private:
    void take(int steps) {
        for (int i = 0; i < steps; ++i) loop_.step(batch_);
    }
    void check_losses() {
        for (const ctgan::StepLosses& losses : loop_.take_losses())
            finite_ = finite_ && std::isfinite(losses.discriminator) && std::isfinite(losses.generator);
    }

    const RandomImages& images_;
    int batch_;
    Gan gan_;
    Loop loop_;
    bool finite_ = true;
};

/// Measures the milliseconds of a step, played back as a graph or launched kernel by kernel.
inline void bench_step(const RandomImages& images, int batch, Products products, bool graph,
                       const Effort& effort) {
    products.choose();
    ctgan::gpu::record_steps(graph);
    Training training(images, batch);
    // The first step loads the kernels, the second one is recorded, the third one played back.
    for (int i = 0; i < 3; ++i) training.seconds_of_steps(1);
    const int max_steps = training.max_steps(), trial = std::min(max_steps, effort.seconds > 0 ? 10 : 1);
    const int steps = calls_for(training.seconds_of_steps(trial) / trial, effort, max_steps);
    std::vector<double> ms;
    for (int i = 0; i < effort.repeats; ++i) ms.push_back(training.seconds_of_steps(steps) * 1000 / steps);
    Line("step")
        .add("batch", batch)
        .add(products)
        .add("graph", graph)
        .add("steps", steps)
        .add("ms", spread(ms))
        .add("finite", training.finite());
}

/// Measures the seconds of an epoch at the published batch size, and of all epochs: measured as well, or that
/// time multiplied by their number.
inline void bench_epoch(const RandomImages& images, Products products, bool measure_all) {
    products.choose();
    ctgan::gpu::record_steps(true);
    Training training(images, ctgan::dcgan::batch_size);
    for (int i = 0; i < 3; ++i) training.seconds_of_steps(1);
    const double epoch = training.seconds_of_epochs(1);
    const int epochs = ctgan::dcgan::epochs;
    Line("epoch")
        .add("batch", ctgan::dcgan::batch_size)
        .add(products)
        .add("images", images.count())
        .add("seconds", epoch)
        .add("epochs", epochs)
        .add("all_epochs_seconds", measure_all ? training.seconds_of_epochs(epochs) : epoch * epochs)
        .add("all_epochs_measured", measure_all)
        .add("finite", training.finite());
}

} // namespace bench
