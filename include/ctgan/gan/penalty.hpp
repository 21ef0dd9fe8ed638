#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/gan/conditional.hpp>
#include <ctgan/gan/gan_arguments.hpp>
#include <ctgan/gan/objective.hpp>
#include <ctgan/gan/penalty_terms.hpp>
#include <ctgan/messages/arguments.hpp>
#include <ctgan/messages/penalty_errors.hpp>
#include <ctgan/network/randomness.hpp>
#include <ctgan/network/slopes.hpp>

#include <concepts>
#include <cstdint>
#include <ratio>
#include <type_traits>

/// Penalties on the slope of a discriminator.
namespace ctgan::inline CTGAN_ABI {

/// The images at which a penalty takes the slope.
enum class PenaltyAt {
    real,      ///< the real images of the step
    generated, ///< the generated ones
    between    ///< a times the real image plus (1 - a) times the generated one, with a uniform in [0, 1) for
               ///< each pair
};

/// Weight times the mean of |s|^2 / 2 over the real images, where s is the gradient of an image's score with
/// respect to that image and |s| the norm of all its values (Mescheder et al. 2018). `Weight` is a std::ratio
/// or a Value above 0. It is computed in every `Every`-th step, with `Every` times the weight.
///
/// A penalty has these members, in a user's program too: `Weight`, `every`, `at`; `term(norm)`, what it adds
/// for one image, and its derivative, `slope(norm)`.
template <class WeightOf = std::ratio<10>, int Every = 1>
struct R1 {
    using Weight = WeightOf;                         ///< of the penalty in the discriminator's loss
    static constexpr int every = Every;              ///< steps from one to the next that computes it
    static constexpr PenaltyAt at = PenaltyAt::real; ///< its images
    /// norm^2 / 2.
    CTGAN_HD static double term(double norm) { return norm * norm / 2; }
    /// Its derivative.
    CTGAN_HD static double slope(double norm) { return norm; }
};

/// The same over the generated images.
template <class WeightOf = std::ratio<10>, int Every = 1>
struct R2 : R1<WeightOf, Every> {
    static constexpr PenaltyAt at = PenaltyAt::generated; ///< its images
};

/// Weight times the mean of (|s| - 1)^2 over images between real and generated ones (WGAN-GP; Gulrajani et
/// al. 2017), with s as in R1. Where |s| is below 1e-12, the gradient of |s| is taken to be 0.
template <class WeightOf = std::ratio<10>, int Every = 1>
struct GradientPenalty {
    using Weight = WeightOf;                            ///< of the penalty in the critic's loss
    static constexpr int every = Every;                 ///< steps from one to the next that computes it
    static constexpr PenaltyAt at = PenaltyAt::between; ///< its images
    /// (norm - 1)^2.
    CTGAN_HD static double term(double norm) { return (norm - 1) * (norm - 1); }
    /// Its derivative.
    CTGAN_HD static double slope(double norm) { return 2 * (norm - 1); }
};

namespace detail {

/// What a Gan adds to its step for the penalties of its objective: nothing.
class NoPenalties {
  public:
    /// Penalties of a step, as bits: penalty k of the list is bit k.
    using Which = std::uint32_t;
    static constexpr bool has_penalties = false; ///< whether the objective has any
    /// Those that step number `step` computes.
    static constexpr Which penalties_of_step(std::uint64_t) { return 0; }
    /// The passes of the discriminator in training mode that they take.
    static constexpr int passes_of_penalties(Which) { return 0; }

  protected:
    explicit NoPenalties(int) {}
};

template <class TheDiscriminator, class List>
class StepPenalties;
template <class TheDiscriminator, class First, class... Rest>
class StepPenalties<TheDiscriminator, PenaltyList<First, Rest...>> {
    using Backend = typename TheDiscriminator::backend;
    using T = typename TheDiscriminator::scalar;
    using Image = typename Slopes<TheDiscriminator, 0>::input_shape;
    static constexpr int in_list = static_cast<int>(sizeof...(Rest)) + 1;
    static constexpr int everies[sizeof...(Rest) + 1] = {First::every, Rest::every...};
    static constexpr PenaltyAt places[sizeof...(Rest) + 1] = {First::at, Rest::at...};

  public:
    /// Penalties of a step, as bits: penalty k of the list is bit k.
    using Which = std::uint32_t;
    static constexpr bool has_penalties = true; ///< whether the objective has any
    /// Those that step number `step` computes.
    static constexpr Which penalties_of_step(std::uint64_t step) {
        Which which = 0;
        for (int k = 0; k < in_list; ++k)
            if (step % static_cast<std::uint64_t>(everies[k]) == 0) which |= Which{1} << k;
        return which;
    }
    /// The passes of the discriminator in training mode that they take.
    static constexpr int passes_of_penalties(Which which) {
        return has_penalty_at(PenaltyAt::between, which) ? 1 : 0;
    }
    /// The value of penalty K of the list, with its weight, in the last step that computed it; waits for it.
    template <int K = 0>
    double last_penalty() const {
        using Problem = std::conditional_t<(K >= 0 && K < in_list), messages::NoProblem,
                                           messages::penalty_number<K, in_list>>;
        static_assert(nothing_is_wrong<messages::Message<Problem>::text>, CTGAN_MESSAGE(Problem));
        double value = 0;
        Backend::to_host(&value, values_.data() + K, 1);
        return value;
    }
    /// For each pair of images, the share of the real one in the image between them. A step draws them anew
    /// unless its Randomness is given().
    T* real_shares() { return shares_.data(); }

  protected:
    explicit StepPenalties(int largest_batch)
        : slopes_(largest_batch),
          squares_(Index{largest_batch} * parts),
          terms_(largest_batch),
          factors_(largest_batch),
          shares_(largest_batch),
          between_(has_penalty_at(PenaltyAt::between, ~Which{0}) ? largest_batch : 1),
          values_(in_list) {}

    static constexpr bool has_penalty_at(PenaltyAt at, Which which) {
        for (int k = 0; k < in_list; ++k)
            if (places[k] == at && (which >> k & 1) != 0) return true;
        return false;
    }
    /// Adds the gradients of penalties at the real images, those of the discriminator's last pass.
    template <class Workspace, class Gradients>
    void penalize_real(const TheDiscriminator& discriminator, Workspace& workspace, Gradients& gradients,
                       Which which) {
        penalize<PenaltyAt::real>(discriminator, workspace, gradients, which);
    }
    /// The same at the generated images. Then, if a penalty needs it, a pass on images between both, and
    /// those penalties. `draw()` gives the random numbers of the pass.
    template <class Workspace, class Gradients, class Real, class Generated, class Labels, class Draw>
    void penalize_generated(TheDiscriminator& discriminator, Workspace& workspace, Gradients& gradients,
                            Real real, Generated generated, Labels labels, const Draw& draw, Which which) {
        penalize<PenaltyAt::generated>(discriminator, workspace, gradients, which);
        if constexpr (has_penalty_at(PenaltyAt::between, ~Which{0})) {
            if (!has_penalty_at(PenaltyAt::between, which)) return;
            const Randomness randomness = draw();
            forward_in_gan(discriminator, images_between(real, generated, randomness), labels, workspace,
                           randomness);
            penalize<PenaltyAt::between>(discriminator, workspace, gradients, which);
        }
    }

  private:
    static constexpr int parts = SquaresOfSample<T, Image::size>::parts;

    template <PenaltyAt at, class Workspace, class Gradients>
    void penalize(const TheDiscriminator& discriminator, Workspace& workspace, Gradients& gradients,
                  Which which) {
        int k = 0;
        const int done[] = {(add<First, at>(discriminator, workspace, gradients, which, k++), 0),
                            (add<Rest, at>(discriminator, workspace, gradients, which, k++), 0)...};
        static_cast<void>(done);
    }
    template <class Real, class Generated>
    View<Image, const T, typename Backend::memory_space>
    images_between(const Real& real, const Generated& generated, const Randomness& randomness) {
        const int batch = real.count;
        if (randomness.draw) {
            Backend::fill_uniform(shares_.data(), batch, T(0.5),
                                  {randomness.seed, randomness.pass, random::mixing, randomness.counter});
            Backend::map(shares_.data(), static_cast<const T*>(shares_.data()), batch, PlusHalf{});
        }
        const auto between = between_.first(batch);
        Backend::template for_each_pixel<Image::channels, Image::pixels>(
            batch, 2, MixImages<Image, T>{between.data, real.data, generated.data, shares_.data()});
        return between;
    }

    template <class Penalty, PenaltyAt at, class Workspace, class Gradients>
    void add(const TheDiscriminator& discriminator, Workspace& workspace, Gradients& gradients, Which which,
             int k) {
        if constexpr (Penalty::at == at) {
            if ((which >> k & 1) == 0) return;
            const auto slope = slopes_.compute(discriminator, workspace);
            const int batch = slope.count;
            const auto whole = static_cast<double>(Backend::whole(batch));
            constexpr double weight =
                static_cast<double>(Penalty::Weight::num) / static_cast<double>(Penalty::Weight::den);
            Backend::for_each(Index{batch} * parts,
                              SquaresOfSample<T, Image::size>{squares_.data(), slope.data});
            Backend::for_each(batch, TermOfNorm<Penalty, T>{terms_.data(), factors_.data(), squares_.data(),
                                                            parts, weight / whole, Penalty::every});
            Backend::sum(values_.data() + k, static_cast<const double*>(terms_.data()), batch,
                         IdentityFunction{});
            Backend::template for_each_pixel<Image::channels, Image::pixels>(
                batch, 1, ScaleSamples<Image, T>{slopes_.direction(), slope.data, factors_.data()});
            slopes_.add_gradients(discriminator, workspace, gradients);
        }
    }

    Slopes<TheDiscriminator, 0> slopes_;
    typename Backend::template Memory<double> squares_, terms_;
    typename Backend::template Memory<T> factors_, shares_;
    BatchOn<Image, Backend, T> between_;
    typename Backend::template Memory<double> values_;
};

template <class P>
concept Penalty = requires(double norm) {
    typename P::Weight;
    typename std::integral_constant<int, P::every>;
    typename std::integral_constant<PenaltyAt, P::at>;
    { P::term(norm) } -> std::convertible_to<double>;
    { P::slope(norm) } -> std::convertible_to<double>;
};
template <class Weight>
concept WeightOfPenalty = requires {
    typename std::integral_constant<std::intmax_t, Weight::num>;
    typename std::integral_constant<std::intmax_t, Weight::den>;
};

/// What is wrong with a penalty.
template <class P>
struct ProblemOfPenalty {
    using type = messages::Invalid<messages::penalty_of_gan<P>, messages::lacks_a_member>;
};
template <Penalty P>
struct ProblemOfPenalty<P> {
    using type =
        messages::Invalid<messages::penalty_of_gan<P>,
                          messages::argument<messages::weight, messages::other_type<typename P::Weight>,
                                             messages::a_number_for_a_weight>>;
};
template <Penalty P>
    requires WeightOfPenalty<typename P::Weight>
struct ProblemOfPenalty<P> {
    using OfNumbers =
        messages::first_problem<messages::require_number<messages::weight, typename P::Weight,
                                                         (P::Weight::num > 0), messages::positive>,
                                messages::require<messages::every, P::every, messages::at_least<1>>>;
    using type = std::conditional_t<std::is_same_v<OfNumbers, messages::NoProblem>, messages::NoProblem,
                                    messages::Invalid<messages::penalty_of_gan<P>, OfNumbers>>;
};

/// The penalties of a Gan, and what is wrong with them.
template <class GeneratorNet, class DiscriminatorNet, class List, class B, class T>
struct PenaltiesOfGan {
    using type = NoPenalties;
    using Problem = messages::NoProblem;
};
template <class GeneratorNet, class DiscriminatorNet, class First, class... Rest, class B, class T>
struct PenaltiesOfGan<GeneratorNet, DiscriminatorNet, PenaltyList<First, Rest...>, B, T> {
    using Kinds = GanKinds<GeneratorNet, DiscriminatorNet, B, T>;
    using Net = typename Kinds::Discriminator;

    static constexpr auto problem_of_layers() {
        if constexpr (Net::valid)
            return problem_of_slopes<Net, 0, First, messages::of_discriminator>();
        else
            return messages::ReportedElsewhere{};
    }
    using Problem =
        messages::first_problem<typename ProblemOfPenalty<First>::type,
                                typename ProblemOfPenalty<Rest>::type..., decltype(problem_of_layers())>;
    using Discriminator = Network<Net, typename Kinds::Backend, typename Kinds::Scalar>;
    using type = std::conditional_t<std::is_same_v<Problem, messages::NoProblem>,
                                    StepPenalties<Discriminator, PenaltyList<First, Rest...>>, NoPenalties>;
};
template <class GeneratorNet, class DiscriminatorNet, class Objective, class B, class T>
using penalties_of_gan =
    PenaltiesOfGan<GeneratorNet, DiscriminatorNet, typename PenaltiesOf<Objective>::type, B, T>;

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
