#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/gan/byte_images.hpp>
#include <ctgan/gan/gan.hpp>
#include <ctgan/messages/require.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// How far a loop has come, in the backend's memory.
struct LoopState {
    std::uint64_t steps;    ///< done
    std::uint64_t position; ///< in the epoch's order
};

/// Ends a step: keeps its losses and counts it.
struct FinishStep {
    const StepLosses* losses;
    StepLosses* history;
    std::uint64_t history_size;
    LoopState* state;
    std::uint64_t images;

    CTGAN_HD void operator()() const {
        history[state->steps % history_size] = *losses;
        ++state->steps;
        state->position += images;
    }
};

/// The address tells the type of a hook.
template <class Hook>
inline constexpr char kind_of_hook[1] = {};

} // namespace detail

/// The training loop of a Gan, with everything it reads in the backend's memory: the data set, the order of
/// the epoch, the noise, the step number and the losses. The host only starts each step, so a backend
/// that works asynchronously never waits for it, and can record a step and play it back.
template <class TheGan>
class GanLoop {
    using Backend = typename TheGan::Generator::backend;
    using T = typename TheGan::Generator::scalar;
    using Image = typename TheGan::image_shape;
    using Noise = typename TheGan::noise_shape;
    using Label = typename TheGan::label_shape;
    static constexpr bool is_conditional = TheGan::is_conditional;

  public:
    /// The type of the data set: images as bytes, in the backend's memory.
    using Images = ByteImages<Image, Backend>;
    /// The type of its labels, if the Gan is conditional: `Labels(io::read_idx_labels(path))`.
    using Labels = typename detail::LabelsOf<Label, Backend>::type;

    /// Step number s draws its noise from Stream{seed, s, noise_purpose}.
    static constexpr std::uint32_t noise_purpose = 1;
    /// The losses of this many steps are kept until they are taken.
    static constexpr int max_pending_losses = 4096;

    /// A loop on `gan`, with batches of up to `largest_batch` images. `gan` must have been constructed for
    /// batches of that size or more; if not, step() throws std::invalid_argument for a larger one. `gan` must
    /// outlive the loop, and only one loop at a time may train it. Do not move or replace its networks and
    /// optimizers: a recorded step continues to use their memory. Loading weights into them is allowed.
    GanLoop(TheGan& gan, Images images, std::uint64_t seed, int largest_batch)
        : GanLoop(gan, std::move(images), Labels(0), seed, largest_batch) {
        using Problem = messages::unless<!is_conditional, messages::gan_loop, messages::labels_of_images,
                                         messages::no_labels>;
        CTGAN_REQUIRE (Problem) {
        }
    }
    /// The same for a conditional Gan, with the labels of the images. Throws std::invalid_argument if there
    /// is not one for each.
    GanLoop(TheGan& gan, Images images, Labels labels, std::uint64_t seed, int largest_batch)
        : gan_(gan),
          images_(std::move(images)),
          labels_(std::move(labels)),
          seed_(seed),
          order_(images_.count()),
          state_(1),
          history_(max_pending_losses),
          real_(largest_batch),
          noise_(largest_batch),
          labels_of_step_(largest_batch) {
        if constexpr (is_conditional)
            detail::check_gan_labels(static_cast<Index>(images_.count()), labels_.count());
    }

    /// The data set that the loop was constructed with.
    const Images& images() const { return images_; }

    /// Begins an epoch. Its steps take the images in the order of `order`, indices into the data set. To
    /// resume within an epoch, give the number of images that its steps have already taken as `taken`. Throws
    /// std::invalid_argument if `order` has more images than the data set or one that it does not have, or if
    /// `taken` is not between 0 and the size of `order`.
    void begin_epoch(std::span<const std::uint32_t> order, Index taken = 0) {
        if (order.size() > images_.count())
            detail::fail_with<std::invalid_argument>(
                {"epoch: found an order of ", order.size(), " images, expected at most ", images_.count()});
        for (const std::uint32_t image : order)
            if (image >= images_.count())
                detail::fail_with<std::invalid_argument>(
                    {"epoch: found image ", image, " in the order, expected one below ", images_.count()});
        const auto size = static_cast<Index>(order.size());
        if (taken < 0 || taken > size)
            detail::fail_with<std::invalid_argument>(
                {"epoch: found ", taken, " images taken, expected 0 to ", size});
        Backend::from_host(order_.data(), order.data(), size);
        left_ = size - taken;
        const detail::LoopState begin{steps_, static_cast<std::uint64_t>(taken)};
        Backend::from_host(state_.data(), &begin, 1);
    }

    /// Continues as if `steps` steps had been taken, to resume a run. Drops pending losses; call
    /// begin_epoch() next.
    void continue_after(std::uint64_t steps) {
        steps_ = taken_ = steps;
        left_ = 0;
    }

    /// How many images of the epoch no step has taken yet.
    Index left() const { return left_; }

    /// A step on the next `count` images of the epoch. take_losses() returns its losses later. `hook` is
    /// called before each update, as in Gan::train_step(). A backend may record a step and play it back, with
    /// the values that the hook had then: it may only call operations of the backend. After a step that was
    /// played back, `output().count` of the Gan's workspaces may be that of an earlier step. Throws
    /// std::invalid_argument if fewer images are left, or if `count` is larger than the largest batch of the
    /// loop or of the Gan; std::logic_error if `max_pending_losses` losses are pending.
    template <class Hook = detail::NoHook>
    void step(int count, Hook&& hook = {}) {
        if (count < 1 || count > left_)
            detail::fail_with<std::invalid_argument>({"step: found a batch of ", count, ", expected 1 to ",
                                                      left_, ", the images left of the epoch"});
        if (pending_losses() == max_pending_losses)
            detail::fail_with<std::logic_error>(
                {"step: found the losses of ", max_pending_losses, " steps not taken, expected fewer"});
        const bool with_generator = gan_.updates_generator(steps_);
        const auto penalties = gan_.penalties_of_step(steps_);
        Recording& recording =
            recording_of({count, with_generator, penalties, detail::kind_of_hook<std::remove_cvref_t<Hook>>});
        if (!recording.run(
                [&] { Backend::in_region([&] { take_step(count, hook, with_generator, penalties); }); })) {
            // A step that is played back does not run the code that counts on the host.
            count_passes(gan_.generator, TheGan::generator_passes);
            count_passes(gan_.discriminator,
                         TheGan::discriminator_passes -
                             (with_generator ? 0 : TheGan::discriminator_passes_for_generator) +
                             gan_.passes_of_penalties(penalties));
        }
        left_ -= count;
        ++steps_;
    }

    /// The number of steps taken.
    std::uint64_t steps() const { return steps_; }
    /// The number of steps whose losses have not been taken.
    int pending_losses() const { return static_cast<int>(steps_ - taken_); }

    /// The losses of the steps since the last call; waits for these steps.
    std::vector<StepLosses> take_losses() {
        std::vector<StepLosses> losses(static_cast<std::size_t>(pending_losses()));
        for (std::size_t read = 0; read < losses.size();) { // twice if the history wraps around
            const auto from = static_cast<Index>(taken_ % max_pending_losses);
            const Index n = (std::min)(static_cast<Index>(losses.size() - read), max_pending_losses - from);
            Backend::to_host(losses.data() + read, history_.data() + from, n);
            read += static_cast<std::size_t>(n);
            taken_ += static_cast<std::uint64_t>(n);
        }
        return losses;
    }

  private:
    using Recording = typename Backend::Recording;
    /// The batch size, whether the generator is updated, which penalties there are, and the type of hook.
    using KindOfStep = std::tuple<int, bool, std::uint32_t, const char*>;

    /// The recording of steps of this kind; a new one for the first.
    Recording& recording_of(const KindOfStep& kind) {
        for (auto& [recorded, recording] : recordings_)
            if (recorded == kind) return recording;
        return recordings_.emplace_back(kind, Recording()).second;
    }

    /// The whole step. Its operations depend only on the batch size; everything else is in the backend's
    /// memory.
    template <class Hook>
    void take_step(int count, Hook& hook, bool with_generator, std::uint32_t penalties) {
        const auto share = Backend::share_of(count); // usually all of it
        const auto real = real_.first(share.count);
        const auto noise = noise_.first(share.count);
        detail::LoopState* const state = state_.data();
        // Only addresses: the host may not be able to read there.
        const std::uint64_t* const step = &state->steps;
        Backend::tabulate(
            real.data, real.size(),
            GatheredImages<Image, T>{images_.data(), order_.data() + share.first, &state->position});
        Backend::fill_normal(noise.data, noise.size(), T{1}, {seed_, 0, noise_purpose, {step, 1}});
        const auto randomness = [&](typename TheGan::Pass pass) {
            return gan_.randomness_of_step_at(step, pass);
        };
        if constexpr (is_conditional) {
            const auto labels = labels_of_step_.first(share.count);
            Backend::tabulate(
                labels.data, labels.size(),
                detail::GatheredLabels{labels_.data(), order_.data() + share.first, &state->position});
            gan_.take_step(real, labels, noise, randomness, hook, with_generator, penalties);
        } else
            gan_.take_step(real, noise, randomness, hook, with_generator, penalties);
        Backend::run_once(detail::FinishStep{gan_.losses(), history_.data(), max_pending_losses, state,
                                             static_cast<std::uint64_t>(count)});
    }

    template <class Network>
    static void count_passes(Network& network, int passes) {
        network.set_training_passes(network.training_passes() + passes);
    }

    TheGan& gan_;
    Images images_;
    Labels labels_;
    std::uint64_t seed_;
    typename Backend::template Memory<std::uint32_t> order_;
    typename Backend::template Memory<detail::LoopState> state_;
    typename Backend::template Memory<StepLosses> history_;
    BatchOn<Image, Backend, T> real_;
    BatchOn<Noise, Backend, T> noise_;
    Labels labels_of_step_;
    std::vector<std::pair<KindOfStep, Recording>> recordings_; // few: not <map>, which costs compile time
    Index left_ = 0;
    std::uint64_t steps_ = 0, taken_ = 0;
};

} // namespace ctgan::inline CTGAN_ABI
