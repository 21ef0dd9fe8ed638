#pragma once

#include <ctgan/byte_images.hpp>
#include <ctgan/fail.hpp>
#include <ctgan/gan.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ctgan {

namespace detail {

/// How far a loop is, in the backend's memory.
struct LoopPlace {
    std::uint64_t steps;    ///< done
    std::uint64_t position; ///< in the epoch's order
};

/// What a step notes when it is done.
struct EndOfStep {
    const StepLosses* losses;
    StepLosses* history;
    std::uint64_t history_size;
    LoopPlace* place;
    std::uint64_t images;

    CTGAN_HD void operator()() const {
        history[place->steps % history_size] = *losses;
        ++place->steps;
        place->position += images;
    }
};

} // namespace detail

/// The training loop of a Gan with all that it feeds on in the backend's memory: the data set, the epoch's
/// order, the noise, the step's number and the losses. The host only says that a step is to be taken, so a
/// backend that works beside it never waits for it, and can record the step and play it back.
template <class TheGan>
class GanLoop {
    using Room = typename TheGan::Generator::backend;
    using T = typename TheGan::Generator::scalar;
    using Image = typename TheGan::image_shape;
    using Noise = typename TheGan::noise_shape;

  public:
    /// The data set, in the room's memory.
    using Images = ByteImages<Image, Room>;

    /// Step number s draws its noise from Stream{seed, s, noise_purpose}.
    static constexpr std::uint32_t noise_purpose = 1;
    /// The losses of so many steps are kept until they are taken.
    static constexpr int most_losses = 4096;

    /// `gan` has room for `largest_batch` samples, and outlives the loop. Only one loop at a time trains it.
    /// Its networks and optimizers keep their memory: a recorded step goes on writing there.
    GanLoop(TheGan& gan, Images images, std::uint64_t seed, int largest_batch)
        : gan_(gan),
          images_(std::move(images)),
          seed_(seed),
          order_(images_.count()),
          place_(1),
          history_(most_losses),
          real_(largest_batch),
          noise_(largest_batch) {}

    /// The data set.
    const Images& images() const { return images_; }

    /// Begins an epoch that takes images in this order, of which the first `taken` have been taken already.
    /// Throws std::invalid_argument where there are no such images.
    void begin_epoch(std::span<const std::uint32_t> order, Index taken = 0) {
        if (order.size() > images_.count())
            detail::fail(std::invalid_argument("epoch: found an order of " + std::to_string(order.size()) +
                                               " images, expected at most " +
                                               std::to_string(images_.count())));
        for (const std::uint32_t image : order)
            if (image >= images_.count())
                detail::fail(std::invalid_argument("epoch: found image " + std::to_string(image) +
                                                   " in the order, expected one below " +
                                                   std::to_string(images_.count())));
        const auto size = static_cast<Index>(order.size());
        if (taken < 0 || taken > size)
            detail::fail(std::invalid_argument("epoch: found " + std::to_string(taken) +
                                               " images taken, expected 0 to " + std::to_string(size)));
        Room::from_host(order.data(), order_.data(), size);
        left_ = size - taken;
        const detail::LoopPlace begin{steps_, static_cast<std::uint64_t>(taken)};
        Room::from_host(&begin, place_.data(), 1);
    }

    /// Lets the next step be number `steps`, counted from 0, as if so many had been taken: where a run goes
    /// on that was cut. Losses that wait are dropped; an epoch has to begin next.
    void continue_after(std::uint64_t steps) {
        steps_ = taken_ = steps;
        left_ = 0;
    }

    /// Images of the epoch that no step has taken.
    Index left() const { return left_; }

    /// A step on the epoch's next `count` images. Its losses wait for take_losses(); where the steps are
    /// played back, the Gan's workspaces do not tell on the host which batch they hold. Throws
    /// std::invalid_argument where fewer are left, std::logic_error where `most_losses` losses wait.
    void step(int count) {
        if (count < 1 || count > left_)
            detail::fail(std::invalid_argument("step: found a batch of " + std::to_string(count) +
                                               ", expected 1 to " + std::to_string(left_) +
                                               ", the images left of the epoch"));
        if (losses_waiting() == most_losses)
            detail::fail(std::logic_error("step: found the losses of " + std::to_string(most_losses) +
                                          " steps not taken, expected fewer"));
        const View<Image, T> real = real_.first(count);
        const View<Noise, T> noise = noise_.first(count);
        if (!recordings_[count].run([&] { take_step(real, noise); })) {
            // What was played back did not pass the places where the host counts.
            count_passes(gan_.generator, TheGan::generator_passes);
            count_passes(gan_.discriminator, TheGan::discriminator_passes);
        }
        left_ -= count;
        ++steps_;
    }

    /// Steps taken.
    std::uint64_t steps() const { return steps_; }
    /// Steps whose losses were not taken.
    int losses_waiting() const { return static_cast<int>(steps_ - taken_); }

    /// The losses of the steps since the last call, for which it waits.
    std::vector<StepLosses> take_losses() {
        std::vector<StepLosses> losses(static_cast<std::size_t>(losses_waiting()));
        for (std::size_t read = 0; read < losses.size();) { // in two pieces where the history wraps around
            const auto from = static_cast<Index>(taken_ % most_losses);
            const Index n = std::min(static_cast<Index>(losses.size() - read), most_losses - from);
            Room::to_host(history_.data() + from, losses.data() + read, n);
            read += static_cast<std::size_t>(n);
            taken_ += static_cast<std::uint64_t>(n);
        }
        return losses;
    }

  private:
    /// The whole step as verbs. It depends on the batch's size and on what lies in the backend's memory.
    void take_step(View<Image, T> real, View<Noise, T> noise) {
        detail::LoopPlace* const place = place_.data();
        const std::uint64_t* const step = &place->steps; // addresses: the host cannot look there
        Room::tabulate(GatheredImages<Image, T>{images_.data(), order_.data(), &place->position}, real.data,
                       real.size());
        Room::fill_normal(noise.data, noise.size(), T{1}, {seed_, 0, noise_purpose, {step, 1}});
        gan_.take_step(real, noise, [&](typename TheGan::Pass pass) { return gan_.drawn_by(step, pass); });
        Room::once(detail::EndOfStep{gan_.losses(), history_.data(), most_losses, place,
                                     static_cast<std::uint64_t>(real.count)});
    }

    template <class Network>
    static void count_passes(Network& network, int passes) {
        network.set_training_passes(network.training_passes() + passes);
    }

    TheGan& gan_;
    Images images_;
    std::uint64_t seed_;
    typename Room::template Memory<std::uint32_t> order_;
    typename Room::template Memory<detail::LoopPlace> place_;
    typename Room::template Memory<StepLosses> history_;
    BatchOn<Image, Room, T> real_;
    BatchOn<Noise, Room, T> noise_;
    std::map<int, typename Room::Recording> recordings_; ///< of the step, for each size of batch
    Index left_ = 0;
    std::uint64_t steps_ = 0, taken_ = 0;
};

} // namespace ctgan
