#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/gan/conditional.hpp>
#include <ctgan/gan/objective.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/network.hpp>
#include <ctgan/network/sequential.hpp>
#include <ctgan/optim/adam.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>

/// Whether the template arguments of a Gan fit together, and the arguments of its functions. Each alias is
/// NoProblem or a mistake of messages/mismatch.hpp.
namespace ctgan::inline CTGAN_ABI::detail {

/// A backend, or one that this file declares only, which another assertion reports.
template <class B>
inline constexpr bool names_backend = !messages::is_defined<B>;
template <class B>
    requires requires { typename B::memory_space; }
inline constexpr bool names_backend<B> = true;

/// Whether a description has several outputs. It is not looked into, as a mistake in it is reported
/// elsewhere.
template <class Net>
inline constexpr bool has_outputs = false;
template <class... Branches>
inline constexpr bool has_outputs<Outputs<Branches...>> = true;
template <class... Layers>
inline constexpr bool has_outputs<Sequential<Layers...>> = (has_outputs<Layers> || ...);
/// Whether it can be a network of a Gan.
template <class Net>
inline constexpr bool is_network_of_gan = is_sequential<Net> && !has_outputs<Net>;

/// The first argument of Gan that is not of its kind.
template <class GeneratorNet, class DiscriminatorNet, class GivenObjective, class B, class T>
using problem_of_gan_kinds = messages::first_problem<
    messages::unless<is_sequential<GeneratorNet>, messages::gan_argument<1>, messages::a_sequential,
                     messages::other_type<GeneratorNet>>,
    messages::unless<is_sequential<DiscriminatorNet>, messages::gan_argument<2>, messages::a_sequential,
                     messages::other_type<DiscriminatorNet>>,
    messages::unless<!has_outputs<GeneratorNet>, messages::gan_argument<1>, messages::one_output,
                     messages::several_outputs>,
    messages::unless<!has_outputs<DiscriminatorNet>, messages::gan_argument<2>, messages::one_output,
                     messages::several_outputs>,
    messages::unless<ObjectiveOrLoss<typename WithoutPenalty<GivenObjective>::type>,
                     messages::gan_argument<3>, messages::an_objective,
                     messages::other_type<typename WithoutPenalty<GivenObjective>::type>>,
    messages::unless<names_backend<B>, messages::gan_argument<4>, messages::a_backend,
                     messages::other_type<B>>,
    messages::unless<std::is_same_v<T, float> || std::is_same_v<T, double>, messages::gan_argument<5>,
                     messages::float_or_double, messages::other_type<T>>>;

/// The discriminator judges what the generator returns; in a conditional Gan for the same labels.
template <class Noise, class Generated, class Judged>
struct ProblemOfShapes {
    using type = messages::compare<messages::discriminator_in_gan, Judged, Generated>;
};
template <class Noise, class... Labels, class Generated, class Judged>
struct ProblemOfShapes<SeveralShapes<Noise, Labels...>, Generated, Judged> {
    using type = messages::first_problem<
        messages::compare<messages::discriminator_in_gan, Judged, SeveralShapes<Generated, Labels...>>,
        messages::unless<sizeof...(Labels) == 1, messages::generator_in_gan, messages::noise_and_labels,
                         SeveralShapes<Noise, Labels...>>>;
};

/// Networks that are not Sequentials have no shapes to compare.
template <class KindProblem, class GeneratorNet, class DiscriminatorNet>
struct ProblemOfGan {
    using type = KindProblem;
};
template <class GeneratorNet, class DiscriminatorNet>
struct ProblemOfGan<messages::NoProblem, GeneratorNet, DiscriminatorNet> {
    using type = std::conditional_t<
        GeneratorNet::valid && DiscriminatorNet::valid,
        typename ProblemOfShapes<typename GeneratorNet::input_shape, typename GeneratorNet::output_shape,
                                 typename DiscriminatorNet::input_shape>::type,
        messages::ReportedElsewhere>;
};

/// The template arguments, with a harmless one in place of each that is not of its kind: what a program does
/// with the others causes no further errors.
template <class GeneratorNet, class DiscriminatorNet, class B, class T>
struct GanKinds {
    using Generator =
        std::conditional_t<is_network_of_gan<GeneratorNet>, GeneratorNet, Sequential<Linear<1, 1>>>;
    using Discriminator =
        std::conditional_t<is_network_of_gan<DiscriminatorNet>, DiscriminatorNet, Sequential<Linear<1, 1>>>;
    using Backend = std::conditional_t<names_backend<B>, B, Cpu>;
    using Scalar = std::conditional_t<std::is_same_v<T, double>, double, float>;
};

/// The optimizers of a Gan, checked after its other arguments. An optimizer has `Options`.
template <class Given>
concept IsOptimizer = requires {
    typename Given::Options;
};
template <class ProblemOfGan, class OfGenerator, class OfDiscriminator>
using problem_of_gan_optimizers =
    messages::first_problem<ProblemOfGan,
                            messages::unless<IsOptimizer<OfGenerator>, messages::gan_argument<6>,
                                             messages::an_optimizer, messages::other_type<OfGenerator>>,
                            messages::unless<IsOptimizer<OfDiscriminator>, messages::gan_argument<7>,
                                             messages::an_optimizer, messages::other_type<OfDiscriminator>>>;

/// The optimizer, or Adam in place of what is none.
template <class Given, class Network>
using optimizer_or_adam = std::conditional_t<IsOptimizer<Given>, Given, Adam<Network>>;

/// An argument of Gan's constructor that is given in braces, for the constructors that report an error.
struct InBraces {
    std::uint64_t seed = 0;
    int largest_batch = 0;
    double lr = 0;
    Betas betas = {};
    double eps = 0, weight_decay = 0;
    Decays decays = Decays::all;
};

/// A call of a constructor that does not exist.
template <class ProblemOfGan, class... Given>
struct ProblemOfGanCall {
    using type = messages::ReportedElsewhere;
};
template <class... Given>
struct ProblemOfGanCall<messages::NoProblem, Given...>
    : ProblemOfCall<messages::the_gan, messages::seed_batch_and_options, messages::other_arguments,
                    Given...> {};

/// Throws std::invalid_argument if the batches of a step differ in their number of samples.
inline void check_gan_batches(int real, int noise) {
    if (real != noise)
        fail_with<std::invalid_argument>({"Gan: found ", real, " real images and ", noise,
                                          " noise vectors, expected the same number of both"});
}
/// Throws std::invalid_argument if there is no update of the discriminator for one of the generator.
inline void check_critic_steps(int critic_steps) {
    if (critic_steps < 1)
        fail_with<std::invalid_argument>(
            {"Gan: found critic_steps = ", critic_steps, ", expected at least 1"});
}

/// The batches of a step. If there is a mistake in the networks, nothing more of a step is checked or
/// compiled.
template <class Problem, class TheGan, class Images, class Noise, class Labels>
struct ProblemOfGanStep {
    using type = messages::ReportedElsewhere;
};
template <class TheGan, class Images, class Noise, class Labels>
    requires(
        is_trainable<typename TheGan::Generator::net>&& is_trainable<typename TheGan::Discriminator::net>)
struct ProblemOfGanStep<messages::NoProblem, TheGan, Images, Noise, Labels> {
    using Backend = typename TheGan::Generator::backend;
    using T = typename TheGan::Generator::scalar;
    using type = messages::first_problem<
        typename ProblemOfBatch<messages::discriminator_on_training_data, typename TheGan::image_shape,
                                Backend, T, Images>::type,
        typename ProblemOfBatch<messages::generator_on_noise, typename TheGan::noise_shape, Backend, T,
                                Noise>::type,
        typename ProblemOfLabels<typename TheGan::label_shape, Backend, T, Labels>::type>;
};

} // namespace ctgan::inline CTGAN_ABI::detail
