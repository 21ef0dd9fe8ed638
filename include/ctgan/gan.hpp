#pragma once

#include <ctgan/losses.hpp>
#include <ctgan/network.hpp>
#include <ctgan/optim/adam.hpp>

namespace ctgan {

/// What one training step of a Gan lost: means over the batch.
struct StepLosses {
    double discriminator; ///< on the real images plus on the generated ones
    double generator;     ///< of the updated discriminator's verdicts on the generated images
};

namespace detail {

/// A step's losses from their sums over the verdicts.
struct StepLossesFromSums {
    const double* sums;
    double real, fake; ///< how many verdicts
    StepLosses* losses;
    CTGAN_HD void operator()() const { *losses = {sums[0] / real + sums[1] / fake, sums[2] / fake}; }
};

} // namespace detail

/// A generator and a discriminator that fit each other, and the alternating training step on them.
///
/// The step is the published loop's: the discriminator on the real images, then on the generated ones
/// (detached), each batch with statistics of its own; the discriminator's update; then the updated
/// discriminator on the same generated images for the generator's update. Gradients to the discriminator's
/// parameters in that last pass, which PyTorch computes and the loop throws away, are not even compiled here.
template <class GeneratorNet, class DiscriminatorNet, class Backend = Cpu, class T = float,
          class Loss = MSELoss>
class Gan {
    using Room = diagnosis::room<Backend>;
    // Completes both: what is wrong with one of them is said before it is asked for its shapes.
    // NOLINTNEXTLINE(bugprone-sizeof-expression)
    static_assert(sizeof(GeneratorNet) > 0 && sizeof(DiscriminatorNet) > 0);
    using ProblemOfNetworks = std::conditional_t<
        GeneratorNet::sound && DiscriminatorNet::sound,
        diagnosis::compare<diagnosis::discriminator_in_gan, typename DiscriminatorNet::input_shape,
                           typename GeneratorNet::output_shape>,
        diagnosis::Said>;

  public:
    using Generator = Network<GeneratorNet, Backend, T>;         ///< noise to image
    using Discriminator = Network<DiscriminatorNet, Backend, T>; ///< image to verdict
    using noise_shape = typename Generator::input_shape;         ///< of a generator's input
    using image_shape = typename Discriminator::input_shape;     ///< of an image
    using verdict_shape = typename Discriminator::output_shape;  ///< of a verdict

    /// The uses of random numbers within a step, in the order of its forward passes.
    enum Pass : std::uint64_t { on_real, on_generated, for_generator, generating, passes };

    /// Both networks at their start: the generator is the one of `Network(seed, init)`, the discriminator
    /// that of `Network(seed, init, 1)`. Steps take batches of up to `largest_batch` samples.
    template <class Init = init::PyTorch>
    Gan(std::uint64_t seed, int largest_batch, AdamOptions generator_options,
        AdamOptions discriminator_options, Init init = {})
        : generator(seed, init),
          discriminator(seed, init, 1),
          generator_optimizer(generator, generator_options),
          discriminator_optimizer(discriminator, discriminator_options),
          generator_workspace(largest_batch),
          discriminator_workspace(largest_batch),
          seed_(seed),
          verdict_gradient_(largest_batch),
          sums_(3),
          losses_(1) {}

    /// A step: updates both networks, and leaves its losses in the backend's memory; see last_losses().
    /// `randomness(pass)` is called before each pass and says which random numbers it uses. Throws
    /// std::invalid_argument where a batch is empty or larger than the largest.
    template <class Images, class Noise, class RandomnessOf>
    void take_step(const Images& real, const Noise& noise, RandomnessOf&& randomness) {
        using Problem = problem_of_step<Images, Noise>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>)
            step_of_fitting(as_view(real), as_view(noise), randomness);
    }

    /// Step number `step` with its losses, for which it waits. `masks(pass)` says which random numbers the
    /// discriminator's passes use: by default those of (seed, step, pass).
    template <class Images, class Noise, class Masks>
    StepLosses train_step(const Images& real, const Noise& noise, std::uint64_t step, Masks&& masks) {
        using Problem = problem_of_step<Images, Noise>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>)
            take_step(real, noise,
                      [&](Pass pass) { return pass == generating ? drawn(step, pass) : masks(pass); });
        return last_losses();
    }
    /// The same with the random numbers of (seed, step, pass) for all passes.
    template <class Images, class Noise>
    StepLosses train_step(const Images& real, const Noise& noise, std::uint64_t step) {
        using Problem = problem_of_step<Images, Noise>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>)
            take_step(real, noise, [&](Pass pass) { return drawn(step, pass); });
        return last_losses();
    }

    /// The random numbers of one pass of one step.
    Randomness drawn(std::uint64_t step, Pass pass) const { return {seed_, step * passes + pass, true}; }
    /// The same where the step's number is in the backend's memory.
    Randomness drawn_by(const std::uint64_t* step, Pass pass) const {
        return {seed_, pass, true, {step, passes}};
    }

    /// The last step's losses; waits for it.
    StepLosses last_losses() const {
        StepLosses losses{};
        Room::to_host(losses_.data(), &losses, 1);
        return losses;
    }
    /// Where they lie in the backend's memory.
    const StepLosses* losses() const { return losses_.data(); }

    /// The passes in training mode that a step adds to what each network has seen.
    static constexpr int generator_passes = 1, discriminator_passes = 3; ///< likewise

    // The parts are open: a trainer samples from them, saves them and reports on them.
    Generator generator;                         ///< noise to image
    Discriminator discriminator;                 ///< image to verdict
    Adam<Generator> generator_optimizer;         ///< its moments
    Adam<Discriminator> discriminator_optimizer; ///< its moments

    typename Generator::TrainingWorkspace generator_workspace;         ///< output(): the last step's images
    typename Discriminator::TrainingWorkspace discriminator_workspace; ///< output(): verdicts on these
    typename Generator::Gradients generator_gradients;                 ///< the last step's
    typename Discriminator::Gradients discriminator_gradients;         ///< the last step's

  private:
    /// After a mistake in the networks nothing more is compiled of a step.
    template <class Images, class Noise>
    using problem_of_step = std::conditional_t<
        std::is_same_v<ProblemOfNetworks, diagnosis::Fits> && detail::is_trainable<GeneratorNet> &&
            detail::is_trainable<DiscriminatorNet>,
        diagnosis::first<typename detail::ProblemOfBatch<diagnosis::discriminator_on_training_data,
                                                         image_shape, Room, T, Images>::type,
                         typename detail::ProblemOfBatch<diagnosis::generator_on_noise, noise_shape, Room, T,
                                                         Noise>::type>,
        diagnosis::Said>;

    template <class P, class Q, class RandomnessOf>
    void step_of_fitting(View<image_shape, P> real, View<noise_shape, Q> noise, RandomnessOf& randomness) {
        judge(real, T{1}, randomness(on_real), sums_.data());
        discriminator.backward(verdict_gradient(real.count), discriminator_workspace,
                               discriminator_gradients);
        const auto fake = generator.forward_training(noise, generator_workspace, randomness(generating));
        judge(fake, T{0}, randomness(on_generated), sums_.data() + 1);
        discriminator.backward(verdict_gradient(fake.count), discriminator_workspace, discriminator_gradients,
                               true);
        discriminator_optimizer.step(discriminator, discriminator_gradients);

        judge(fake, T{1}, randomness(for_generator), sums_.data() + 2);
        const auto to_image =
            discriminator.backward_to_input(verdict_gradient(fake.count), discriminator_workspace);
        const auto factors =
            generator.backward_for_update(to_image, generator_workspace, generator_gradients);
        generator_optimizer.step(generator, generator_gradients, factors);
        constexpr double verdicts = verdict_shape::size;
        Room::once(detail::StepLossesFromSums{sums_.data(), verdicts * real.count, verdicts * fake.count,
                                              losses_.data()});
    }

    /// The discriminator on a batch, its loss against one label, and the loss's gradient to the verdicts.
    template <class P>
    void judge(View<image_shape, P> images, T label, Randomness randomness, double* sum) {
        const auto verdict = discriminator.forward_training(images, discriminator_workspace, randomness);
        loss<Loss, Room>(verdict, label, verdict_gradient(images.count), sum);
    }
    View<verdict_shape, T> verdict_gradient(int count) { return verdict_gradient_.first(count); }

    std::uint64_t seed_;
    BatchOn<verdict_shape, Room, T> verdict_gradient_;
    typename Room::template Memory<double> sums_;
    typename Room::template Memory<StepLosses> losses_;

    // Last: clang reads no further in a class in which an assertion fails.
    static_assert(nothing_is_wrong<diagnosis::Sentence<ProblemOfNetworks>::text>,
                  CTGAN_SENTENCE(ProblemOfNetworks));
};

} // namespace ctgan
