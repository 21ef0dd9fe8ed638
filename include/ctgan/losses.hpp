#pragma once

#include <ctgan/backend.hpp>
#include <ctgan/config.hpp>
#include <ctgan/diagnosis.hpp>
#include <ctgan/fail.hpp>
#include <ctgan/tensor.hpp>

#include <cmath>
#include <stdexcept>
#include <string>
#include <type_traits>

// Losses: a mean over all numbers of a batch, and its gradient to the prediction.
namespace ctgan {

namespace detail {

/// Throws std::invalid_argument where a batch beside the prediction has another number of samples.
template <class Loss>
void check_count(const char* what, int found, int expected) {
    if (found != expected)
        detail::fail(std::invalid_argument(std::string(diagnosis::name_of<Loss>()) + ": found a " + what +
                                           " of " + std::to_string(found) + " samples, expected " +
                                           std::to_string(expected) + ", the prediction's"));
}

/// A loss's term with the target fixed.
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

/// What a loss is handed beside the prediction: a view of the same shape and numbers.
template <class Place, class Shape, class P, class GivenShape, class T>
using problem_of_view = diagnosis::first<diagnosis::compare<Place, Shape, GivenShape>,
                                         diagnosis::compare<Place, diagnosis::numbers<std::remove_const_t<P>>,
                                                            diagnosis::numbers<std::remove_const_t<T>>>>;
/// And where it writes its gradient.
template <class Loss, class Shape, class P, class GivenShape, class T>
using problem_of_gradient =
    diagnosis::first<problem_of_view<diagnosis::gradient_of<Loss>, Shape, P, GivenShape, T>,
                     diagnosis::unless<!std::is_const_v<T>, diagnosis::gradient_of<Loss>,
                                       diagnosis::view_to_write_to, diagnosis::view_of_const_numbers>>;

} // namespace detail

/// Mean squared error, mean of (p - t)^2. The same as torch.nn.MSELoss; with targets 0 and 1 the loss of
/// LSGAN.
struct MSELoss {
    /// A number's term: (p - t)^2.
    template <class T>
    CTGAN_HD static T term(T p, T t) {
        return (p - t) * (p - t);
    }
    /// Its derivative to p: 2 (p - t).
    template <class T>
    CTGAN_HD static T slope(T p, T t) {
        return T{2} * (p - t);
    }
};

/// Binary cross entropy of sigmoid(p), mean of max(p, 0) - p t + log(1 + exp(-|p|)), which overflows for no
/// p. The same as torch.nn.BCEWithLogitsLoss.
struct BCEWithLogitsLoss {
    /// A number's term.
    template <class T>
    CTGAN_HD static T term(T p, T t) {
        return (p > T{0} ? p : T{0}) - p * t + std::log1p(std::exp(-std::abs(p)));
    }
    /// Its derivative to p: sigmoid(p) - t.
    template <class T>
    CTGAN_HD static T slope(T p, T t) {
        const T e = std::exp(-std::abs(p));
        return (p > T{0} ? T{1} / (T{1} + e) : e / (T{1} + e)) - t;
    }
};

/// Gradient of the mean loss against one target for all, and the *sum* of the terms to `*sum` in the room's
/// memory: a mean is made of it where it is shown. Throws std::invalid_argument where prediction and gradient
/// differ in their number of samples.
template <class Loss, class Backend, class Shape, class GradientShape, class P, class T>
void loss(View<Shape, P> prediction, std::type_identity_t<std::remove_const_t<T>> target,
          View<GradientShape, T> gradient, double* sum) {
    using Room = diagnosis::room<Backend>;
    [[maybe_unused]] constexpr diagnosis::CheckBackend<Backend> check_backend{};
    using Problem = detail::problem_of_gradient<Loss, Shape, P, GradientShape, T>;
    static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
    if constexpr (std::is_same_v<Problem, diagnosis::Fits>) {
        detail::check_count<Loss>("gradient", gradient.count, prediction.count);
        const Index n = prediction.size();
        const T* p = prediction.data;
        Room::sum(detail::TermAgainst<Loss, T>{target}, p, n, sum);
        Room::map(detail::SlopeAgainst<Loss, T>{target, T{1} / static_cast<T>(n)}, p, gradient.data, n);
    }
}

/// The same against a batch of targets, of the prediction's shape: PyTorch would broadcast another shape and
/// go on. Throws where the target differs in its number of samples, too.
template <class Loss, class Backend, class Shape, class TargetShape, class GradientShape, class P, class Q,
          class T>
void loss(View<Shape, P> prediction, View<TargetShape, Q> target, View<GradientShape, T> gradient,
          double* sum) {
    using Room = diagnosis::room<Backend>;
    [[maybe_unused]] constexpr diagnosis::CheckBackend<Backend> check_backend{};
    using Problem =
        diagnosis::first<detail::problem_of_view<diagnosis::target_of<Loss>, Shape, P, TargetShape, Q>,
                         detail::problem_of_gradient<Loss, Shape, P, GradientShape, T>>;
    static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
    if constexpr (std::is_same_v<Problem, diagnosis::Fits>) {
        detail::check_count<Loss>("target", target.count, prediction.count);
        detail::check_count<Loss>("gradient", gradient.count, prediction.count);
        const Index n = prediction.size();
        const T* p = prediction.data;
        const T* t = target.data;
        Room::sum(detail::Term<Loss, T>{}, p, t, n, sum);
        Room::zip(detail::Slope<Loss, T>{T{1} / static_cast<T>(n)}, p, t, gradient.data, n);
    }
}

} // namespace ctgan
