#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/messages/mismatch.hpp>
#include <ctgan/messages/missing_backend.hpp>
#include <ctgan/messages/require.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

// The value of a loss and its gradient with respect to the prediction.
namespace ctgan {

namespace detail {

/// Throws std::invalid_argument if a batch has another number of samples than the prediction.
template <class Loss>
void check_count(const char* what, int found, int expected) {
    if (found != expected)
        detail::fail(std::invalid_argument(std::string(messages::name_of<Loss>()) + ": found a " + what +
                                           " of " + std::to_string(found) + " samples, expected " +
                                           std::to_string(expected) + ", the prediction's"));
}

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

/// A view that a loss is given besides the prediction must have the same shape and scalar type.
template <class Place, class Shape, class P, class GivenShape, class T>
using problem_of_view =
    messages::first_problem<messages::compare<Place, Shape, GivenShape>,
                            messages::compare<Place, messages::values<std::remove_const_t<P>>,
                                              messages::values<std::remove_const_t<T>>>>;
/// The view of the gradient must also be for writing.
template <class Loss, class Shape, class P, class GivenShape, class T>
using problem_of_gradient =
    messages::first_problem<problem_of_view<messages::gradient_of<Loss>, Shape, P, GivenShape, T>,
                            messages::unless<!std::is_const_v<T>, messages::gradient_of<Loss>,
                                             messages::view_to_write_to, messages::read_only_view>>;

} // namespace detail

/// The loss of a prediction against one target for all values: the *sum* of the terms goes to `*sum`, the
/// gradient of their *mean* to `gradient`, both in the memory of backend B. Divide the sum by
/// prediction.size() to get the mean. Throws std::invalid_argument if prediction and gradient differ in their
/// number of samples.
template <class Loss, class B, class Shape, class GradientShape, class P, class T>
void loss(View<Shape, P> prediction, std::type_identity_t<std::remove_const_t<T>> target,
          View<GradientShape, T> gradient, double* sum) {
    using Backend = messages::backend_or_missing<B>;
    [[maybe_unused]] constexpr messages::CheckBackend<B> check_backend{};
    using Problem = detail::problem_of_gradient<Loss, Shape, P, GradientShape, T>;
    CTGAN_REQUIRE (Problem) {
        detail::check_count<Loss>("gradient", gradient.count, prediction.count);
        const Index n = prediction.size();
        const T* p = prediction.data;
        Backend::sum(sum, p, n, detail::TermAgainst<Loss, T>{target});
        Backend::map(gradient.data, p, n, detail::SlopeAgainst<Loss, T>{target, T{1} / static_cast<T>(n)});
    }
}

/// The same against a batch of targets of the prediction's shape; PyTorch would broadcast another shape
/// without an error. Also throws if the target has another number of samples.
template <class Loss, class B, class Shape, class TargetShape, class GradientShape, class P, class Q, class T>
void loss(View<Shape, P> prediction, View<TargetShape, Q> target, View<GradientShape, T> gradient,
          double* sum) {
    using Backend = messages::backend_or_missing<B>;
    [[maybe_unused]] constexpr messages::CheckBackend<B> check_backend{};
    using Problem =
        messages::first_problem<detail::problem_of_view<messages::target_of<Loss>, Shape, P, TargetShape, Q>,
                                detail::problem_of_gradient<Loss, Shape, P, GradientShape, T>>;
    CTGAN_REQUIRE (Problem) {
        detail::check_count<Loss>("target", target.count, prediction.count);
        detail::check_count<Loss>("gradient", gradient.count, prediction.count);
        const Index n = prediction.size();
        const T* p = prediction.data;
        const T* t = target.data;
        Backend::sum(sum, p, t, n, detail::Term<Loss, T>{});
        Backend::zip(gradient.data, p, t, n, detail::Slope<Loss, T>{T{1} / static_cast<T>(n)});
    }
}

} // namespace ctgan
