#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/losses/elementwise.hpp>

#include <concepts>
#include <ratio>

// What the networks of a Gan minimize.
namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// A loss against the same target for every score.
template <class Loss, int Target>
struct AgainstTarget {
    template <class T>
    CTGAN_HD static T term(T score) {
        return Loss::term(score, T{Target});
    }
    template <class T>
    CTGAN_HD static T slope(T score) {
        return Loss::slope(score, T{Target});
    }
};

/// Sign times the score.
template <int Sign>
struct Score {
    template <class T>
    CTGAN_HD static T term(T score) {
        return T{Sign} * score;
    }
    template <class T>
    CTGAN_HD static T slope(T) {
        return T{Sign};
    }
};

/// max(0, 1 + sign times the score). If the score is NaN, so is the term.
template <int Sign>
struct Margin {
    template <class T>
    CTGAN_HD static T term(T score) {
        const T margin = T{1} + T{Sign} * score;
        return margin <= T{0} ? T{0} : margin;
    }
    template <class T>
    CTGAN_HD static T slope(T score) {
        return T{1} + T{Sign} * score <= T{0} ? T{0} : T{Sign};
    }
};

} // namespace detail

/// A loss against labels: 1 for the scores of real images and, in the generator's update, of generated ones;
/// 0 for those of generated images in the discriminator's update.
///
/// An objective has three types, each with the term of one score, `term(score)`, and its derivative,
/// `slope(score)`. The discriminator minimizes the mean of Real over the scores of real images plus the mean
/// of Generated over those of generated ones, the generator the mean of Generator over the latter.
template <class Loss>
struct WithLabels {
    using Real = detail::AgainstTarget<Loss, 1>;      ///< of real images, for the discriminator
    using Generated = detail::AgainstTarget<Loss, 0>; ///< of generated images, for the discriminator
    using Generator = detail::AgainstTarget<Loss, 1>; ///< of generated images, for the generator
};

/// The same with one-sided label smoothing (Salimans et al. 2016): the discriminator's label for real images
/// is `RealLabel`, a std::ratio or a Value, in place of 1.
template <class Loss, class RealLabel = std::ratio<9, 10>>
struct WithSmoothLabels : WithLabels<Loss> {
    /// Of real images, for the discriminator.
    struct Real {
        /// The loss against the label.
        template <class T>
        CTGAN_HD static T term(T score) {
            return Loss::term(score, label<T>);
        }
        /// Its derivative.
        template <class T>
        CTGAN_HD static T slope(T score) {
            return Loss::slope(score, label<T>);
        }

      private:
        template <class T>
        static constexpr T label = static_cast<T>(RealLabel::num) / static_cast<T>(RealLabel::den);
    };
};

/// Least squares (LSGAN; Mao et al. 2017): MSELoss against the labels 1 and 0.
struct LeastSquares : WithLabels<MSELoss> {};

/// The original objective in its non-saturating form (Goodfellow et al. 2014): BCEWithLogitsLoss against the
/// labels 1 and 0. The score is a logit.
struct NonSaturating : WithLabels<BCEWithLogitsLoss> {};

/// The hinge loss (Lim, Ye 2017): max(0, 1 - s) for real images, max(0, 1 + s) for generated ones, -s for the
/// generator.
struct Hinge {
    using Real = detail::Margin<-1>;     ///< of real images, for the discriminator
    using Generated = detail::Margin<1>; ///< of generated images, for the discriminator
    using Generator = detail::Score<-1>; ///< of generated images, for the generator
};

/// The Wasserstein distance's dual (WGAN; Arjovsky et al. 2017): -s for real images, s for generated ones, -s
/// for the generator. It needs a critic whose slope is bounded.
struct Wasserstein {
    using Real = detail::Score<-1>;      ///< of real images, for the critic
    using Generated = detail::Score<1>;  ///< of generated images, for the critic
    using Generator = detail::Score<-1>; ///< of generated images, for the generator
};

/// The relativistic objective of pairs (RpGAN; Jolicoeur-Martineau 2018): image i of the real batch and
/// image i of the generated one are a pair with scores r and f. The discriminator minimizes the mean of
/// log(1 + exp(f - r)), the generator that of log(1 + exp(r - f)). With R1 and R2 it is the objective of
/// R3GAN (Huang et al. 2024):
///
///     WithPenalty<RelativisticPairing, R1<>, R2<>>
///
/// An objective of pairs has two types, each with the term of a pair, `term(r - f)`, and its derivative,
/// `slope(r - f)`; a type that has the three of an objective of scores, too, is one of pairs. The generator's
/// update needs the scores of the real images, too, which is one more forward pass of the discriminator, in a
/// workspace of its own.
struct RelativisticPairing {
    using DiscriminatorOfPair = detail::AgainstTarget<BCEWithLogitsLoss, 1>; ///< for the discriminator
    using GeneratorOfPair = detail::AgainstTarget<BCEWithLogitsLoss, 0>;     ///< for the generator
};

namespace detail {

template <class Term>
concept ScoreTerm = requires(float score) {
    { Term::term(score) } -> std::same_as<float>;
    { Term::slope(score) } -> std::same_as<float>;
};
template <class T>
concept ObjectiveOfScores = requires {
    typename T::Real;
    typename T::Generated;
    typename T::Generator;
}
&&ScoreTerm<typename T::Real>&& ScoreTerm<typename T::Generated>&& ScoreTerm<typename T::Generator>;
template <class T>
concept ObjectiveOfPairs = requires {
    typename T::DiscriminatorOfPair;
    typename T::GeneratorOfPair;
}
&&ScoreTerm<typename T::DiscriminatorOfPair>&& ScoreTerm<typename T::GeneratorOfPair>;
template <class T>
concept Objective = ObjectiveOfScores<T> || ObjectiveOfPairs<T>;

/// The objective that the third argument of Gan names: a loss stands for WithLabels<Loss>.
template <class T>
struct ObjectiveOf {
    using type = LeastSquares; // in place of a mistake
};
template <Objective T>
struct ObjectiveOf<T> {
    using type = T;
};
template <ElementwiseLoss T>
struct ObjectiveOf<T> {
    using type = WithLabels<T>;
};

template <class... Penalties>
struct PenaltyList {};
/// The penalties of an objective: its member, which a class derived from it has, too.
template <class T>
struct PenaltiesOf {
    using type = PenaltyList<>;
};
template <class T>
    requires requires { typename T::Penalties; }
struct PenaltiesOf<T> {
    using type = typename T::Penalties;
};
template <class List, class... More>
struct AppendPenalties;
template <class... Penalties, class... More>
struct AppendPenalties<PenaltyList<Penalties...>, More...> {
    using type = PenaltyList<Penalties..., More...>;
};

} // namespace detail

/// An objective, or a loss that stands for one, whose discriminator also minimizes penalties:
///
///     Gan<Generator, Critic, WithPenalty<Wasserstein, GradientPenalty<>>>
///     Gan<Generator, Discriminator, WithPenalty<NonSaturating, R1<Value<0.5>, 16>, R2<Value<0.5>, 16>>>
///
/// Each layer of the discriminator must treat a sample by itself: SpectralNorm, LayerNorm, GroupNorm and
/// InstanceNorm2d do, BatchNorm does not. The gradients are exact (network/slopes.hpp).
///
/// A struct that is derived from it has its penalties. If `Of` has penalties itself, they come first.
template <class Of, class... Given>
struct WithPenalty : detail::ObjectiveOf<Of>::type {
    using Penalized = Of; ///< the objective without these penalties
    /// All penalties.
    using Penalties =
        typename detail::AppendPenalties<typename detail::PenaltiesOf<Of>::type, Given...>::type;
};

namespace detail {

template <class T>
concept ObjectiveOrLoss = Objective<T> || ElementwiseLoss<T>;
/// T or, if it adds penalties to something that is no objective, that.
template <class T>
struct WithoutPenalty {
    using type = T;
};
template <class T>
    requires(!ObjectiveOrLoss<typename WithoutPenalty<typename T::Penalized>::type>)
struct WithoutPenalty<T> : WithoutPenalty<typename T::Penalized> {};

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI
