#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/gan/conditional.hpp>
#include <ctgan/gan/objective.hpp>
#include <ctgan/gan/step_losses.hpp>
#include <ctgan/network/randomness.hpp>

/// How a Gan's step scores images: the sums of the objective's terms, and the gradients of their means.
namespace ctgan::inline CTGAN_ABI::detail {

// A term and its derivative as functions for a backend's operations.
template <class Term>
struct TermOfScore {
    template <class T>
    CTGAN_HD T operator()(T score) const {
        return Term::term(score);
    }
};
template <class Term, class T>
struct SlopeOfScore {
    T factor;
    CTGAN_HD T operator()(T score) const { return Term::slope(score) * factor; }
};
// The same of the difference of two scores. The derivative with respect to the generated image's has the
// opposite sign, that of `factor`.
template <class Term>
struct TermOfPair {
    template <class T>
    CTGAN_HD T operator()(T real, T generated) const {
        return Term::term(real - generated);
    }
};
template <class Term, class T>
struct SlopeOfPair {
    T factor;
    CTGAN_HD T operator()(T real, T generated) const { return Term::slope(real - generated) * factor; }
};

struct Opposite {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return -x;
    }
};

/// What both kinds of objectives keep.
template <class TheDiscriminator>
class SumsOfStep {
  protected:
    using Backend = typename TheDiscriminator::backend;
    using T = typename TheDiscriminator::scalar;
    using Shape = typename TheDiscriminator::output_shape;
    using Gradient = BatchOn<Shape, Backend, T>;

  public:
    /// The sums over so many images as losses, in the backend's memory.
    void finish(int count, bool with_generator) {
        const auto scores = static_cast<double>(Backend::whole(Index{Shape::size} * count));
        Backend::run_once(StepLossesFromSums{sums_.data(), scores, with_generator, losses_.data()});
    }
    const StepLosses* losses() const { return losses_.data(); }
    StepLosses last_losses() const {
        StepLosses losses{};
        Backend::to_host(&losses, losses_.data(), 1);
        return losses;
    }

  protected:
    explicit SumsOfStep(int largest_batch) : gradient_(largest_batch), sums_(3), losses_(1) {}

    static T share_of_score(Index n) { return T{1} / static_cast<T>(Backend::whole(n)); }
    double* sum(int part) { return sums_.data() + part; }
    Gradient gradient_; ///< with respect to the scores

  private:
    typename Backend::template Memory<double> sums_; ///< of real and generated images; for the generator
    typename Backend::template Memory<StepLosses> losses_;
};

/// An objective with a term for each score. The functions are called in this order; each pass of the
/// discriminator takes the random numbers that it is given.
template <class TheDiscriminator, class Objective>
class StepScores : public SumsOfStep<TheDiscriminator> {
    using Sums = SumsOfStep<TheDiscriminator>;
    using typename Sums::Backend, typename Sums::T;
    using Workspace = typename TheDiscriminator::TrainingWorkspace;
    using Gradients = typename TheDiscriminator::Gradients;

  public:
    static constexpr bool of_pairs = false;     ///< the terms are of pairs of scores
    static constexpr int generator_updates = 1; ///< passes of the discriminator for the generator's update

    explicit StepScores(int largest_batch) : Sums(largest_batch) {}

    /// The discriminator's scores of real images, and the gradients with respect to its parameters.
    template <class Images, class Labels>
    void judge_real(TheDiscriminator& discriminator, Images real, Labels labels, Randomness randomness,
                    Workspace& workspace, Gradients& gradients) {
        score<typename Objective::Real>(discriminator, real, labels, randomness, workspace, 0);
        discriminator.backward(this->gradient_.first(real.count), workspace, gradients);
    }
    /// The same of generated images, added to it.
    template <class Images, class Labels>
    void judge_generated(TheDiscriminator& discriminator, Images generated, Labels labels,
                         Randomness randomness, Workspace& workspace, Gradients& gradients) {
        score<typename Objective::Generated>(discriminator, generated, labels, randomness, workspace, 1);
        discriminator.backward(this->gradient_.first(generated.count), workspace, gradients, true);
    }
    /// The generated images once more: the gradient with respect to their scores, for the generator.
    /// `randomness_of_real` is for pairs.
    template <class Real, class Images, class Labels, class RandomnessOfReal>
    auto judge_for_generator(TheDiscriminator& discriminator, Real, Images generated, Labels labels,
                             const RandomnessOfReal&, Randomness randomness, Workspace& workspace) {
        score<typename Objective::Generator>(discriminator, generated, labels, randomness, workspace, 2);
        return this->gradient_.first(generated.count);
    }

  private:
    template <class Term, class Images, class Labels>
    void score(TheDiscriminator& discriminator, Images images, Labels labels, Randomness randomness,
               Workspace& workspace, int part) {
        const auto score = forward_in_gan(discriminator, images, labels, workspace, randomness);
        const Index n = score.size();
        Backend::sum(this->sum(part), score.data, n, TermOfScore<Term>{});
        Backend::map(this->gradient_.data(), score.data, n, SlopeOfScore<Term, T>{Sums::share_of_score(n)});
    }
};

/// An objective with a term for each pair of scores. Neither score has a gradient before both are known, so
/// the pass on the real images has a workspace of its own.
template <class TheDiscriminator, ObjectiveOfPairs Objective>
class StepScores<TheDiscriminator, Objective> : public SumsOfStep<TheDiscriminator> {
    using Sums = SumsOfStep<TheDiscriminator>;
    using typename Sums::Backend, typename Sums::T;
    using Workspace = typename TheDiscriminator::TrainingWorkspace;
    using Gradients = typename TheDiscriminator::Gradients;

  public:
    static constexpr bool of_pairs = true;      ///< the terms are of pairs of scores
    static constexpr int generator_updates = 2; ///< passes of the discriminator for the generator's update

    explicit StepScores(int largest_batch)
        : Sums(largest_batch), of_real(largest_batch), real_gradient_(largest_batch) {}

    /// The scores of real images alone.
    template <class Images, class Labels>
    void judge_real(TheDiscriminator& discriminator, Images real, Labels labels, Randomness randomness,
                    Workspace&, Gradients&) {
        forward_in_gan(discriminator, real, labels, of_real, randomness);
    }
    /// Those of generated images, and the gradients of both.
    template <class Images, class Labels>
    void judge_generated(TheDiscriminator& discriminator, Images generated, Labels labels,
                         Randomness randomness, Workspace& workspace, Gradients& gradients) {
        const int count = generated.count;
        const Index n = score<typename Objective::DiscriminatorOfPair>(discriminator, generated, labels,
                                                                       randomness, workspace, 0);
        Backend::map(real_gradient_.data(), static_cast<const T*>(this->gradient_.data()), n, Opposite{});
        discriminator.backward(real_gradient_.first(count), of_real, gradients);
        discriminator.backward(this->gradient_.first(count), workspace, gradients, true);
    }
    /// Both once more, for the generator.
    template <class Real, class Images, class Labels, class RandomnessOfReal>
    auto judge_for_generator(TheDiscriminator& discriminator, Real real, Images generated, Labels labels,
                             const RandomnessOfReal& randomness_of_real, Randomness randomness,
                             Workspace& workspace) {
        forward_in_gan(discriminator, real, labels, of_real, randomness_of_real());
        score<typename Objective::GeneratorOfPair>(discriminator, generated, labels, randomness, workspace,
                                                   2);
        return this->gradient_.first(generated.count);
    }

    Workspace of_real; ///< of the last pass on real images

  private:
    template <class Term, class Images, class Labels>
    Index score(TheDiscriminator& discriminator, Images images, Labels labels, Randomness randomness,
                Workspace& workspace, int part) {
        const auto score = forward_in_gan(discriminator, images, labels, workspace, randomness);
        const auto real = of_real.output();
        const Index n = score.size();
        Backend::sum(this->sum(part), real.data, score.data, n, TermOfPair<Term>{});
        Backend::zip(this->gradient_.data(), real.data, score.data, n,
                     SlopeOfPair<Term, T>{-Sums::share_of_score(n)});
        return n;
    }

    typename Sums::Gradient real_gradient_;
};

} // namespace ctgan::inline CTGAN_ABI::detail
