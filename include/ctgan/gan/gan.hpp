#pragma once

#include <ctgan/losses/elementwise.hpp>
#include <ctgan/losses/loss.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/optim/adam.hpp>

namespace ctgan {

/// The losses of one training step of a Gan: means over the batch.
struct StepLosses {
    double discriminator; ///< on the real images plus on the generated ones
    double generator;     ///< of the updated discriminator's scores of the generated images
};

namespace detail {

/// A step's losses from their sums over the scores.
struct StepLossesFromSums {
    const double* sums;
    double real, fake; ///< how many scores
    StepLosses* losses;
    CTGAN_HD void operator()() const { *losses = {sums[0] / real + sums[1] / fake, sums[2] / fake}; }
};

} // namespace detail

/// A generator and a discriminator that fit each other, and the alternating training step on them.
///
/// The step is that of the published training loop: the discriminator on the real images, then on generated
/// ones (detached), each batch with its own statistics; the discriminator's update; then the updated
/// discriminator on the same generated images for the generator's update. In that last pass PyTorch also
/// computes gradients with respect to the discriminator's parameters, which the loop discards; here they are
/// not even compiled.
template <class GeneratorNet, class DiscriminatorNet, class B = Cpu, class T = float, class Loss = MSELoss>
class Gan {
    using Backend = messages::backend_or_missing<B>;
    // Makes both types complete, so that a problem of one of them is reported before its shapes are used.
    // NOLINTNEXTLINE(bugprone-sizeof-expression)
    static_assert(sizeof(GeneratorNet) > 0 && sizeof(DiscriminatorNet) > 0);
    using ProblemOfNetworks = std::conditional_t<
        GeneratorNet::valid && DiscriminatorNet::valid,
        messages::compare<messages::discriminator_in_gan, typename DiscriminatorNet::input_shape,
                          typename GeneratorNet::output_shape>,
        messages::ReportedElsewhere>;

  public:
    using Generator = Network<GeneratorNet, B, T>;            ///< noise to image
    using Discriminator = Network<DiscriminatorNet, B, T>;    ///< image to score
    using noise_shape = typename Generator::input_shape;      ///< shape of a generator's input sample
    using image_shape = typename Discriminator::input_shape;  ///< shape of a generated or real image
    using score_shape = typename Discriminator::output_shape; ///< shape of one image's scores

    /// The forward passes of a step, each with its own random numbers. The discriminator has three: `on_real`
    /// images; `on_generated` images, for its own update; and `for_generator`, the generated images again,
    /// for the generator's update. The generator has one, `generating`. `passes` is their number.
    enum Pass : std::uint64_t { on_real, on_generated, for_generator, generating, passes };

    /// Initializes the generator as Network(seed, init) does and the discriminator as Network(seed, init, 1)
    /// does, so that layers of the same shape differ. Steps take batches of up to `largest_batch` samples.
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
          score_gradient_(largest_batch),
          sums_(3),
          losses_(1) {}

    /// Training step number `step`, counted from 0, with the random numbers of (seed, step). `real` and
    /// `noise` may differ in their number of samples. Returns the step's losses, for which it waits. Throws
    /// std::invalid_argument if a batch is empty, larger than `largest_batch`, or so small that a BatchNorm
    /// gets one value per channel. No parameter has changed then, but running statistics may have.
    template <class Images, class Noise>
    StepLosses train_step(const Images& real, const Noise& noise, std::uint64_t step) {
        using Problem = problem_of_step<Images, Noise>;
        CTGAN_REQUIRE (Problem) {
            take_step(real, noise, [&](Pass pass) { return randomness_of_step(step, pass); });
        }
        return last_losses();
    }
    /// The same, but `masks(pass)` returns the Randomness of each pass of the discriminator. For example, it
    /// puts dropout masks into discriminator_workspace and returns Randomness::given().
    template <class Images, class Noise, class Masks>
    StepLosses train_step(const Images& real, const Noise& noise, std::uint64_t step, Masks&& masks) {
        using Problem = problem_of_step<Images, Noise>;
        CTGAN_REQUIRE (Problem) {
            take_step(real, noise, [&](Pass pass) {
                return pass == generating ? randomness_of_step(step, pass) : masks(pass);
            });
        }
        return last_losses();
    }

    /// A step that does not wait: it leaves its losses in the backend's memory, see last_losses(). Before
    /// each pass it calls `randomness(pass)`, which returns the Randomness of that pass. Throws as
    /// train_step() does.
    template <class Images, class Noise, class RandomnessOf>
    void take_step(const Images& real, const Noise& noise, RandomnessOf&& randomness) {
        using Problem = problem_of_step<Images, Noise>;
        CTGAN_REQUIRE (Problem) {
            step_on_views(as_view(real), as_view(noise), randomness);
        }
    }

    /// The random numbers that train_step() uses for one pass of step number `step`.
    Randomness randomness_of_step(std::uint64_t step, Pass pass) const {
        return {seed_, step * passes + pass, true};
    }
    /// The same, with the step number in the backend's memory, so that a recorded step can be played back.
    Randomness randomness_of_step_at(const std::uint64_t* step, Pass pass) const {
        return {seed_, pass, true, {step, passes}};
    }

    /// The losses of the last step; waits for it.
    StepLosses last_losses() const {
        StepLosses losses{};
        Backend::to_host(&losses, losses_.data(), 1);
        return losses;
    }
    /// The losses of the last step, in the backend's memory.
    const StepLosses* losses() const { return losses_.data(); }

    static constexpr int generator_passes = 1;     ///< passes of the generator in training mode in a step
    static constexpr int discriminator_passes = 3; ///< passes of the discriminator in training mode in a step

    // The parts are public: a training program samples from them, saves them and reports on them.
    Generator generator;                         ///< noise to image
    Discriminator discriminator;                 ///< image to score
    Adam<Generator> generator_optimizer;         ///< Adam on the generator's parameters
    Adam<Discriminator> discriminator_optimizer; ///< Adam on the discriminator's parameters

    /// Holds the last step's pass of the generator; output() is the images that it generated.
    typename Generator::TrainingWorkspace generator_workspace;
    /// Holds the last step's last pass of the discriminator; output() is the updated discriminator's scores
    /// of the generated images.
    typename Discriminator::TrainingWorkspace discriminator_workspace;
    /// The generator's gradients of the last step. If the generator begins with a Linear layer, the gradient
    /// with respect to its weight is not here: the optimizer computes it when it updates that weight
    /// (Network::backward_for_update).
    typename Generator::Gradients generator_gradients;
    /// The discriminator's gradients of the last step.
    typename Discriminator::Gradients discriminator_gradients;

  private:
    /// If there is a mistake in the networks, nothing more of a step is checked or compiled.
    template <class Images, class Noise>
    using problem_of_step = std::conditional_t<
        std::is_same_v<ProblemOfNetworks, messages::NoProblem> && detail::is_trainable<GeneratorNet> &&
            detail::is_trainable<DiscriminatorNet>,
        messages::first_problem<typename detail::ProblemOfBatch<messages::discriminator_on_training_data,
                                                                image_shape, Backend, T, Images>::type,
                                typename detail::ProblemOfBatch<messages::generator_on_noise, noise_shape,
                                                                Backend, T, Noise>::type>,
        messages::ReportedElsewhere>;

    template <class P, class Q, class RandomnessOf>
    void step_on_views(View<image_shape, P> real, View<noise_shape, Q> noise, RandomnessOf& randomness) {
        score_images(real, T{1}, randomness(on_real), sums_.data());
        discriminator.backward(score_gradient(real.count), discriminator_workspace, discriminator_gradients);
        const auto fake = generator.forward_training(noise, generator_workspace, randomness(generating));
        score_images(fake, T{0}, randomness(on_generated), sums_.data() + 1);
        discriminator.backward(score_gradient(fake.count), discriminator_workspace, discriminator_gradients,
                               true);
        discriminator_optimizer.step(discriminator, discriminator_gradients);

        score_images(fake, T{1}, randomness(for_generator), sums_.data() + 2);
        const auto to_image =
            discriminator.backward_to_input(score_gradient(fake.count), discriminator_workspace);
        const auto factors =
            generator.backward_for_update(to_image, generator_workspace, generator_gradients);
        generator_optimizer.step(generator, generator_gradients, factors);
        constexpr double scores = score_shape::size;
        Backend::run_once(detail::StepLossesFromSums{sums_.data(), scores * real.count, scores * fake.count,
                                                     losses_.data()});
    }

    /// Runs the discriminator on a batch: the loss of its scores against one label, and the gradient with
    /// respect to the scores.
    template <class P>
    void score_images(View<image_shape, P> images, T label, Randomness randomness, double* sum) {
        const auto score = discriminator.forward_training(images, discriminator_workspace, randomness);
        loss<Loss, Backend>(score, label, score_gradient(images.count), sum);
    }
    View<score_shape, T> score_gradient(int count) { return score_gradient_.first(count); }

    std::uint64_t seed_;
    BatchOn<score_shape, Backend, T> score_gradient_;
    typename Backend::template Memory<double> sums_;
    typename Backend::template Memory<StepLosses> losses_;

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<ProblemOfNetworks>::text>,
                  CTGAN_MESSAGE(ProblemOfNetworks));
};

} // namespace ctgan
