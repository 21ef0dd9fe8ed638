#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/losses/loss.hpp>

#include <cmath>
#include <concepts>

// Losses with one term for each value of a batch. Each states the term and its derivative.
namespace ctgan::inline CTGAN_ABI {

/// Mean squared error: the mean of (p - t)^2. Equals torch.nn.MSELoss(); with targets 0 and 1 it is the loss
/// of LSGAN.
struct MSELoss {
    /// The term of one value: (p - t)^2.
    template <class T>
    CTGAN_HD static T term(T p, T t) {
        return (p - t) * (p - t);
    }
    /// Its derivative with respect to p: 2 (p - t).
    template <class T>
    CTGAN_HD static T slope(T p, T t) {
        return T{2} * (p - t);
    }
};

/// Binary cross entropy of sigmoid(p): the mean of max(p, 0) - p t + log(1 + exp(-|p|)), which does not
/// overflow for any p. Equals torch.nn.BCEWithLogitsLoss().
struct BCEWithLogitsLoss {
    /// The term of one value: max(p, 0) - p t + log(1 + exp(-|p|)).
    template <class T>
    CTGAN_HD static T term(T p, T t) {
        return (p > T{0} ? p : T{0}) - p * t + std::log1p(std::exp(-std::abs(p)));
    }
    /// Its derivative with respect to p: sigmoid(p) - t.
    template <class T>
    CTGAN_HD static T slope(T p, T t) {
        const T e = std::exp(-std::abs(p));
        return (p > T{0} ? T{1} / (T{1} + e) : e / (T{1} + e)) - t;
    }
};

namespace detail {

// The term of a loss and its derivative (`slope`) as functions for a backend's operations: against one target
// for all values, or against a target for each value.
template <class Loss, class T>
struct TermAgainst {
    T target;
    CTGAN_HD T operator()(T prediction) const { return Loss::term(prediction, target); }
};
template <class Loss, class T>
struct SlopeAgainst {
    T target, factor;
    CTGAN_HD T operator()(T prediction) const { return Loss::slope(prediction, target) * factor; }
};
template <class Loss, class T>
struct Term {
    CTGAN_HD T operator()(T prediction, T target) const { return Loss::term(prediction, target); }
};
template <class Loss, class T>
struct Slope {
    T factor;
    CTGAN_HD T operator()(T prediction, T target) const { return Loss::slope(prediction, target) * factor; }
};

/// A target is one number, or a batch like the prediction.
template <class Loss, class Prediction, class Target>
struct ProblemOfTarget : ProblemOfValues<messages::target_of<Loss>, Prediction, Target> {};
template <class Loss, class Prediction, class Target>
    requires std::is_arithmetic_v<Target>
struct ProblemOfTarget<Loss, Prediction, Target> {
    using type = messages::NoProblem;
};

template <class T>
concept ElementwiseLoss = requires(float p, float t) {
    { T::term(p, t) } -> std::same_as<float>;
    { T::slope(p, t) } -> std::same_as<float>;
};

/// An ElementwiseLoss.
template <class Loss>
struct LossTerms {
    template <class Prediction, class Target>
    using problem =
        messages::first_problem<messages::unless<ElementwiseLoss<Loss>, messages::argument_of_loss,
                                                 messages::a_loss, messages::other_type<Loss>>,
                                typename ProblemOfTarget<Loss, Prediction, Target>::type>;

    template <class B, class Shape, class P, class Space, class Target, class Gradient>
    static Index write(View<Shape, P, Space> prediction, const Target& target, Gradient gradient, double* sum,
                       double scale) {
        using T = std::remove_const_t<P>;
        check_count<Loss>("gradient", gradient.count, prediction.count);
        const Index n = prediction.size();
        const T factor = static_cast<T>(scale) / static_cast<T>(B::whole(n));
        const T* p = prediction.data;
        if constexpr (std::is_arithmetic_v<Target>) {
            B::sum(sum, p, n, TermAgainst<Loss, T>{static_cast<T>(target)});
            B::map(gradient.data, p, n, SlopeAgainst<Loss, T>{static_cast<T>(target), factor});
        } else {
            check_count<Loss>("target", target.count, prediction.count);
            const T* t = target.data;
            B::sum(sum, p, t, n, Term<Loss, T>{});
            B::zip(gradient.data, p, t, n, Slope<Loss, T>{factor});
        }
        return B::whole(n);
    }
};

} // namespace detail

} // namespace ctgan::inline CTGAN_ABI
