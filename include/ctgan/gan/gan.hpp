#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/gan/bad_gradient.hpp>
#include <ctgan/gan/conditional.hpp>
#include <ctgan/gan/gan_arguments.hpp>
#include <ctgan/gan/objective.hpp>
#include <ctgan/gan/penalty.hpp>
#include <ctgan/gan/step_losses.hpp>
#include <ctgan/gan/step_scores.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/optim/adam.hpp>

#include <cstdint>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI {

/// A generator and a discriminator that fit each other, and the alternating training step on them.
///
/// The step is that of the published training loop: the discriminator on the real images, then on generated
/// ones (detached), each batch with its own statistics; the discriminator's update; then the updated
/// discriminator on the same generated images for the generator's update. The gradients with respect to the
/// discriminator's parameters, which PyTorch's loop computes in that last pass and discards, are not even
/// compiled. With an objective of pairs, such as RelativisticPairing, the discriminator's update takes both
/// forward passes before the backward passes, and the generator's update scores the real images, too.
///
/// The objective says what the networks minimize (gan/objective.hpp); a loss such as BCEWithLogitsLoss stands
/// for WithLabels<BCEWithLogitsLoss>; WithPenalty<...> adds penalties on the slope of the discriminator. Each
/// network has its own kind of optimizer, such as AdamW.
///
/// Both networks of a conditional Gan have a second input, the labels: Inputs<Flat<Z>, Classes<N>> and
/// Inputs<Image<C, H, W>, Classes<N>>. The generated images of a step are drawn for the labels of its real
/// ones, and the discriminator is given the labels with both.
template <class GeneratorNet, class DiscriminatorNet, class GivenObjective = LeastSquares, class B = Cpu,
          class T = float, template <class> class GivenGeneratorOptimizer = Adam,
          template <class> class GivenDiscriminatorOptimizer = GivenGeneratorOptimizer>
class Gan : public detail::StepsWithLabels<Gan<GeneratorNet, DiscriminatorNet, GivenObjective, B, T,
                                               GivenGeneratorOptimizer, GivenDiscriminatorOptimizer>>,
            public detail::penalties_of_gan<GeneratorNet, DiscriminatorNet, GivenObjective, B, T>::type {
    using StepsWithLabels = detail::StepsWithLabels<Gan>;
    using OfPenalties = detail::penalties_of_gan<GeneratorNet, DiscriminatorNet, GivenObjective, B, T>;
    using Penalties = typename OfPenalties::type;
    friend StepsWithLabels;
    using KindProblem = detail::problem_of_gan_kinds<GeneratorNet, DiscriminatorNet, GivenObjective, B, T>;
    using Kinds = detail::GanKinds<GeneratorNet, DiscriminatorNet, B, T>;
    // Makes both types complete, so that a problem of one of them is reported first, and for this class.
    // NOLINTNEXTLINE(bugprone-sizeof-expression)
    static_assert(sizeof(typename Kinds::Generator) > 0 && sizeof(typename Kinds::Discriminator) > 0);
    using ProblemOfNetworks =
        typename detail::ProblemOfGan<KindProblem, GeneratorNet, DiscriminatorNet>::type;
    using ProblemOfGan = messages::first_problem<ProblemOfNetworks, typename OfPenalties::Problem>;
    using Backend = messages::backend_or_missing<typename Kinds::Backend>;
    using Scalar = typename Kinds::Scalar;

  public:
    using Generator = Network<typename Kinds::Generator, typename Kinds::Backend, Scalar>; ///< noise to image
    using Discriminator =
        Network<typename Kinds::Discriminator, typename Kinds::Backend, Scalar>; ///< image to score
    using Objective = typename detail::ObjectiveOf<GivenObjective>::type;        ///< what they minimize
    /// Shape of a generator's input sample.
    using noise_shape = typename detail::GanInputs<typename Generator::input_shape>::First;
    /// Shape of a generated or real image.
    using image_shape = typename detail::GanInputs<typename Discriminator::input_shape>::First;
    /// Shape of a label; NoLabels if the Gan is not conditional.
    using label_shape = typename detail::GanInputs<typename Generator::input_shape>::Second;
    using score_shape = typename Discriminator::output_shape; ///< shape of one image's scores
    /// The generator's optimizer, such as Adam<Generator>.
    using GeneratorOptimizer = detail::optimizer_or_adam<GivenGeneratorOptimizer<Generator>, Generator>;
    /// The discriminator's optimizer.
    using DiscriminatorOptimizer =
        detail::optimizer_or_adam<GivenDiscriminatorOptimizer<Discriminator>, Discriminator>;

  private:
    using Scores = detail::StepScores<Discriminator, Objective>;
    using ProblemOfArguments =
        detail::problem_of_gan_optimizers<ProblemOfGan, GivenGeneratorOptimizer<Generator>,
                                          GivenDiscriminatorOptimizer<Discriminator>>;
    template <class Images, class Noise, class Labels = NoLabels>
    using problem_of_step =
        typename detail::ProblemOfGanStep<ProblemOfArguments, Gan, Images, Noise, Labels>::type;

  public:
    /// Whether both networks are told which class of image to draw or to judge.
    static constexpr bool is_conditional = !std::is_same_v<label_shape, NoLabels>;

    /// The forward passes of a step, each with its own random numbers. The discriminator has three: `on_real`
    /// images; `on_generated` images, for its own update; and `for_generator`, the generated images again,
    /// for the generator's update. The generator has one, `generating`. `passes` is their number.
    enum Pass : std::uint64_t { on_real, on_generated, for_generator, generating, passes };
    /// The pass of a penalty, on images between real and generated ones.
    static constexpr Pass between{1ULL << 63};
    /// The real images again, for the generator's update with an objective of pairs.
    static constexpr Pass real_for_generator{1ULL << 62};
    using Which = typename Penalties::Which; ///< some of the objective's penalties, as bits

    /// Initializes the generator as Network(seed, init) does and the discriminator as Network(seed, init, 1)
    /// does, so that layers of the same shape differ. Steps take batches of up to `largest_batch` samples.
    template <class Init = init::PyTorch>
    Gan(std::uint64_t seed, int largest_batch, typename GeneratorOptimizer::Options generator_options,
        typename DiscriminatorOptimizer::Options discriminator_options, Init init = {})
        : Penalties(largest_batch),
          generator(seed, init),
          discriminator(seed, init, 1),
          generator_optimizer(generator, generator_options),
          discriminator_optimizer(discriminator, discriminator_options),
          generator_workspace(largest_batch),
          discriminator_workspace(largest_batch),
          seed_(seed),
          scores_(largest_batch) {}

    using StepsWithLabels::take_step;
    using StepsWithLabels::train_step;

    // The other constructors only report an error.

    /// The initialization is the last argument.
    template <class Init>
        requires(std::is_empty_v<Init>)
    Gan(std::uint64_t seed, int largest_batch, Init, typename GeneratorOptimizer::Options generator_options,
        typename DiscriminatorOptimizer::Options discriminator_options)
        : Gan(seed, largest_batch, generator_options, discriminator_options) {
        using Problem = typename detail::ProblemOfCall<messages::the_gan, messages::init_after_options,
                                                       messages::init_before_options, Init>::type;
        CTGAN_REQUIRE (Problem) {
        }
    }
    /// Arguments that fit no other constructor; any of them may be in braces.
    template <class C = detail::InBraces, class D = detail::InBraces, class E = detail::InBraces>
        requires(!(std::is_convertible_v<C, typename GeneratorOptimizer::Options> &&
                   std::is_convertible_v<D, typename DiscriminatorOptimizer::Options>))
    explicit Gan(messages::Anything = {}, messages::Anything = {}, const C& = {}, const D& = {},
                 const E& = {})
        : Gan(0, 0, {}, {}) {
        using Problem = problem_of_call<C, D, E>;
        CTGAN_REQUIRE (Problem) {
        }
    }
    template <class C = detail::InBraces, class D = detail::InBraces>
    Gan(messages::Anything, detail::InBraces, const C& = {}, const D& = {}) : Gan(0, 0, {}, {}) {
        using Problem = problem_of_call<C, D>;
        CTGAN_REQUIRE (Problem) {
        }
    }
    template <class... None>
    explicit Gan(detail::InBraces, None...) : Gan(0, 0, {}, {}) {
        using Problem = problem_of_call<None...>;
        CTGAN_REQUIRE (Problem) {
        }
    }

    /// Training step number `step`, counted from 0, with the random numbers of (seed, step). `real` and
    /// `noise` have the same number of samples. Returns the step's losses, for which it waits.
    ///
    /// `hook(network, gradients)` is called before each network's update, with the whole gradients: to clip
    /// them (optim/clip_grad_norm.hpp), to add them up over processes, to print their norm. It takes both by
    /// reference.
    ///
    /// Throws std::invalid_argument if the batches differ in size, are empty, larger than `largest_batch`, or
    /// so small that a BatchNorm gets one value per channel; only running statistics may have changed then.
    /// Throws std::runtime_error, which names the tensor, if a gradient is infinite or NaN: this step
    /// was the last that changed parameters. Continue from a checkpoint.
    template <class Images, class Noise, class Hook = detail::NoHook>
    StepLosses train_step(const Images& real, const Noise& noise, std::uint64_t step, Hook&& hook = {}) {
        using Problem = problem_of_step<Images, Noise>;
        CTGAN_REQUIRE (Problem) {
            take_step(
                real, noise, [&](Pass pass) { return randomness_of_step(step, pass); }, hook,
                updates_generator(step), Penalties::penalties_of_step(step));
            throw_if_bad(step);
        }
        return last_losses();
    }

    /// A step that does not wait: it leaves its losses in the backend's memory, see last_losses(), and does
    /// not ask whether gradients are finite. Before each pass it calls `randomness(pass)`, which returns the
    /// Randomness of that pass: randomness_of_step() or, with masks that are already in
    /// discriminator_workspace or workspace_of_real(), Randomness::given(). Without `with_generator` only the
    /// discriminator is updated; `penalties` are those to compute. Throws std::invalid_argument as
    /// train_step() does.
    template <class Images, class Noise, class RandomnessOf, class Hook = detail::NoHook>
        requires(!detail::IsBatch<std::remove_cvref_t<RandomnessOf>>)
    void take_step(const Images& real, const Noise& noise, RandomnessOf&& randomness, Hook&& hook = {},
                   bool with_generator = true, Which penalties = ~Which{0}) {
        using Problem = problem_of_step<Images, Noise>;
        CTGAN_REQUIRE (Problem) {
            Backend::in_region([&] {
                step_on_views(as_view(real), NoLabels{}, as_view(noise), randomness, hook, with_generator,
                              penalties);
            });
        }
    }

    /// Whether train_step() updates the generator. Throws std::invalid_argument if critic_steps is below 1.
    bool updates_generator(std::uint64_t step) const {
        detail::check_critic_steps(critic_steps);
        return (step + 1) % static_cast<std::uint64_t>(critic_steps) == 0;
    }

    /// The random numbers that train_step() uses for one pass of step number `step`.
    Randomness randomness_of_step(std::uint64_t step, Pass pass) const {
        return {seed_, step * passes + pass, true};
    }
    /// The same, with the step number in the backend's memory, so that a recorded step can be played back.
    Randomness randomness_of_step_at(const std::uint64_t* step, Pass pass) const {
        return {seed_, pass, true, {step, passes}};
    }

    /// The losses of the last step; waits for it. The generator's is that of its last update, at first 0.
    StepLosses last_losses() const { return scores_.last_losses(); }
    /// The losses of the last step, in the backend's memory.
    const StepLosses* losses() const { return scores_.losses(); }

    static constexpr int generator_passes = 1; ///< passes of the generator in training mode in a step
    /// Those of the discriminator for the generator's update: one or, with an objective of pairs, two.
    static constexpr int discriminator_passes_for_generator = Scores::generator_updates;
    /// Those of the discriminator in a step that updates the generator.
    static constexpr int discriminator_passes = 2 + discriminator_passes_for_generator;

    /// The number of the discriminator's updates for each of the generator's, at least 1. A step is an update
    /// of the discriminator, and every critic_steps-th step also updates the generator.
    int critic_steps = 1;

    // The parts are public: a training program samples from them, saves them and reports on them. To give a
    // network other weights, load or copy them into it: an optimizer refuses another network in its place.
    Generator generator;                            ///< noise to image
    Discriminator discriminator;                    ///< image to score
    GeneratorOptimizer generator_optimizer;         ///< of the generator's parameters
    DiscriminatorOptimizer discriminator_optimizer; ///< of the discriminator's parameters

    /// Holds the last step's pass of the generator; output() is the images that it generated.
    typename Generator::TrainingWorkspace generator_workspace;
    /// Holds the last step's last pass of the discriminator; output() is the updated discriminator's scores
    /// of the generated images.
    typename Discriminator::TrainingWorkspace discriminator_workspace;
    /// With an objective of pairs, the workspace of the passes on real images.
    auto& workspace_of_real() requires(Scores::of_pairs) { return scores_.of_real; }
    /// The generator's gradients of the last step. If the generator begins with a Linear layer, the gradient
    /// with respect to its weight is here only if the step had a hook; otherwise the optimizer computes it
    /// when it updates that weight (Network::backward_for_update).
    typename Generator::Gradients generator_gradients;
    /// The discriminator's gradients of the last step.
    typename Discriminator::Gradients discriminator_gradients;

  private:
    template <class... Given>
    using problem_of_call = typename detail::ProblemOfGanCall<ProblemOfArguments, Given...>::type;

    // Not inlined: a caller that is compiled together with the whole step costs compile time.
    template <class Real, class Labels, class Noise, class RandomnessOf, class Hook>
    CTGAN_NOINLINE void step_on_views(Real real, Labels labels, Noise noise, RandomnessOf& randomness,
                                      Hook& hook, bool with_generator, Which penalties) {
        detail::check_gan_batches(real.count, noise.count);
        if constexpr (is_conditional) detail::check_gan_labels(real.count, labels.count);
        scores_.judge_real(discriminator, real, labels, randomness(on_real), discriminator_workspace,
                           discriminator_gradients);
        if constexpr (Penalties::has_penalties && !Scores::of_pairs)
            Penalties::penalize_real(discriminator, discriminator_workspace, discriminator_gradients,
                                     penalties);
        const auto fake =
            detail::forward_in_gan(generator, noise, labels, generator_workspace, randomness(generating));
        scores_.judge_generated(discriminator, fake, labels, randomness(on_generated),
                                discriminator_workspace, discriminator_gradients);
        if constexpr (Penalties::has_penalties && Scores::of_pairs)
            Penalties::penalize_real(discriminator, scores_.of_real, discriminator_gradients, penalties);
        if constexpr (Penalties::has_penalties)
            Penalties::penalize_generated(
                discriminator, discriminator_workspace, discriminator_gradients, real, fake, labels,
                [&] { return randomness(between); }, penalties);
        if constexpr (!std::is_same_v<Hook, detail::NoHook>) hook(discriminator, discriminator_gradients);
        discriminator_optimizer.step(discriminator, discriminator_gradients);
        if (with_generator) update_generator(real, fake, labels, randomness, hook);
        scores_.finish(real.count, with_generator);
    }

    template <class Real, class Fake, class Labels, class RandomnessOf, class Hook>
    void update_generator(Real real, Fake fake, Labels labels, RandomnessOf& randomness, Hook& hook) {
        const auto to_score = scores_.judge_for_generator(
            discriminator, real, fake, labels, [&] { return randomness(real_for_generator); },
            randomness(for_generator), discriminator_workspace);
        const auto to_inputs = discriminator.backward_to_input(to_score, discriminator_workspace);
        const auto& to_image = detail::first_gradient(to_inputs);
        if constexpr (std::is_same_v<Hook, detail::NoHook>) {
            const auto factors =
                generator.backward_for_update(to_image, generator_workspace, generator_gradients);
            generator_optimizer.step(generator, generator_gradients, factors);
        } else {
            generator.backward(to_image, generator_workspace, generator_gradients);
            hook(generator, generator_gradients);
            generator_optimizer.step(generator, generator_gradients);
        }
    }

    void throw_if_bad(std::uint64_t step) const {
        detail::throw_if_bad(step, "discriminator", discriminator, discriminator_optimizer);
        detail::throw_if_bad(step, "generator", generator, generator_optimizer);
    }

    std::uint64_t seed_;
    Scores scores_;

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<ProblemOfArguments>::text>,
                  CTGAN_MESSAGE(ProblemOfArguments));
};

} // namespace ctgan::inline CTGAN_ABI
