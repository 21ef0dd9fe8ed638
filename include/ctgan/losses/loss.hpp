#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/backend/batch.hpp>
#include <ctgan/core/batch_share.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/core/tensor.hpp>
#include <ctgan/messages/arguments.hpp>
#include <ctgan/messages/missing_backend.hpp>
#include <ctgan/messages/require.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

// The value of a loss and its gradient with respect to the prediction. One rule for both, and for all losses:
// the loss is `scale` times the mean of its terms. What the terms are, each loss says: one for each value of
// the batch (elementwise.hpp), or one for each sample (cross_entropy.hpp).
namespace ctgan::inline CTGAN_ABI {

/// Options of loss().
struct LossOptions {
    double scale = 1; ///< multiplies value and gradient, for example 1.0 / n in each of n micro-batches
};

/// The value of a loss in the memory of backend B, so that a training loop need not wait for it.
template <class B = Cpu>
class LossValue : private messages::CheckBackend<B> {
    using Backend = messages::backend_or_missing<B>;

  public:
    using memory_space = messages::memory_space_of<B>; ///< whose memory it is
    using backend = messages::backend_or_missing<B>;   ///< which computes it

    /// Zero.
    LossValue() : sum_(1) {}

    /// The value of the last loss that was written here; waits for it. Named as torch.Tensor.item().
    double item() const {
        double sum = 0;
        Backend::to_host(&sum, sum_.data(), 1);
        return sum * factor_;
    }

    // The remaining functions are for loss().

    /// Where the sum of the terms is written to.
    double* sum() { return sum_.data(); }
    /// Sets what the sum is multiplied by.
    void set_factor(double factor) { factor_ = factor; }

  private:
    typename Backend::template Memory<double> sum_;
    double factor_ = 1;
};

namespace detail {

/// Throws std::logic_error if backend B takes the samples of this process for a whole batch that is shared.
template <class Loss, class B>
void check_share() {
    if constexpr (std::is_base_of_v<WholeBatches, B> && !requires { typename B::Share; }) {
        if (batch_is_shared())
            fail_with<std::logic_error>({messages::name_of<Loss>(),
                                         ": found a batch that is shared among ranks, "
                                         "expected a LossValue of the backend Sharded"});
    }
}

/// Throws std::invalid_argument if a batch has another number of samples than the prediction.
template <class Loss>
void check_count(const char* what, int found, int expected) {
    if (found != expected)
        detail::fail_with<std::invalid_argument>({messages::name_of<Loss>(), ": found a ", what, " of ",
                                                  found, " samples, expected ", expected,
                                                  ", the prediction's"});
}

/// What loss() has to know of a loss: the type `problem<Prediction, Target, Gradient>`, all of them views or,
/// the target, a scalar; and `write`, which stores the gradient and the sum of the terms and returns how many
/// terms there are. cross_entropy.hpp has a specialization.
template <class Loss>
struct LossTerms;

/// The view that a function is given: of a batch or, unchanged, anything else.
template <class Given>
struct ViewOf {
    using type = std::remove_const_t<Given>;
};
template <class Given>
    requires requires(Given& given) { as_view(given); }
struct ViewOf<Given> {
    using type = decltype(as_view(std::declval<Given&>()));
};
template <class Given>
using view_of = typename ViewOf<Given>::type;

/// The prediction of a loss must be a batch or a view of one.
template <class Loss, class Prediction>
using problem_of_prediction = messages::unless<is_view<Prediction>, messages::prediction_of<Loss>,
                                               messages::batch_or_view, messages::other_type<Prediction>>;

/// A view that a loss is given besides the prediction must be in the same memory and have this shape.
template <class Place, class Shape, class Prediction, class Given>
struct ProblemOfView {
    using type = messages::Mismatch<Place, messages::takes<messages::batch_or_view>,
                                    messages::but_is_given<messages::other_type<Given>>>;
};
template <class Place, class Shape, class PredictionShape, class P, class PredictionSpace, class GivenShape,
          class T, class Space>
struct ProblemOfView<Place, Shape, View<PredictionShape, P, PredictionSpace>, View<GivenShape, T, Space>> {
    using type = messages::first_problem<
        messages::compare<Place, Shape, GivenShape>,
        messages::compare<Place, messages::memory_of<PredictionSpace>, messages::memory_of<Space>>>;
};
/// It must also have the same scalar type.
template <class Place, class Prediction, class Given>
struct ProblemOfValues : ProblemOfView<Place, typename Prediction::shape, Prediction, Given> {};
template <class Place, class PredictionShape, class P, class PredictionSpace, class GivenShape, class T,
          class Space>
struct ProblemOfValues<Place, View<PredictionShape, P, PredictionSpace>, View<GivenShape, T, Space>> {
    using type = messages::first_problem<
        typename ProblemOfView<Place, PredictionShape, View<PredictionShape, P, PredictionSpace>,
                               View<GivenShape, T, Space>>::type,
        messages::compare<Place, messages::values<std::remove_const_t<P>>,
                          messages::values<std::remove_const_t<T>>>>;
};

/// The gradient must also be for writing.
template <class Given>
inline constexpr bool is_read_only = false;
template <class Shape, class T, class Space>
inline constexpr bool is_read_only<View<Shape, const T, Space>> = true;
template <class Loss, class Prediction, class Given>
using problem_of_gradient =
    messages::first_problem<typename ProblemOfValues<messages::gradient_of<Loss>, Prediction, Given>::type,
                            messages::unless<!is_read_only<Given>, messages::gradient_of<Loss>,
                                             messages::view_to_write_to, messages::read_only_view>>;

/// The value must be a LossValue in the same memory.
template <class Loss, class Prediction, class Value>
struct ProblemOfValue {
    using type = messages::Mismatch<messages::value_of<Loss>, messages::takes<messages::loss_value>,
                                    messages::but_is_given<messages::other_type<Value>>>;
};
template <class Loss, class Shape, class P, class Space, class B>
struct ProblemOfValue<Loss, View<Shape, P, Space>, LossValue<B>> {
    using type = messages::compare<messages::value_of<Loss>, messages::memory_of<Space>,
                                   messages::memory_of<typename LossValue<B>::memory_space>>;
};
template <class Loss, class Prediction, class B>
struct ProblemOfValue<Loss, Prediction, const LossValue<B>> {
    using type = messages::Mismatch<messages::value_of<Loss>, messages::takes<messages::loss_value>,
                                    messages::but_is_given<messages::a_const_one>>;
};

/// A loss that is returned has no value to write to.
template <class Loss, class Prediction>
struct ProblemOfValue<Loss, Prediction, void> {
    using type = messages::NoProblem;
};

/// The memory of a view; Cpu's for anything else.
template <class Given>
struct SpaceOfView {
    using type = Cpu;
};
template <class Shape, class T, class Space>
struct SpaceOfView<View<Shape, T, Space>> {
    using type = Space;
};

/// All arguments of a loss.
template <class Loss, class Prediction, class Target, class Gradient, class Value>
struct ProblemOfLoss {
    using type = problem_of_prediction<Loss, Prediction>;
};
template <class Loss, class Shape, class P, class Space, class Target, class Gradient, class Value>
struct ProblemOfLoss<Loss, View<Shape, P, Space>, Target, Gradient, Value> {
    using Prediction = View<Shape, P, Space>;
    using type = messages::first_problem<typename LossTerms<Loss>::template problem<Prediction, Target>,
                                         problem_of_gradient<Loss, Prediction, Gradient>,
                                         typename ProblemOfValue<Loss, Prediction, Value>::type>;
};
template <class Loss, class Prediction, class Target, class Gradient, class Value>
using problem_of_loss =
    typename ProblemOfLoss<Loss, view_of<const Prediction>, view_of<const Target>,
                           view_of<std::remove_reference_t<Gradient>>, std::remove_reference_t<Value>>::type;

/// A batch as a view; anything else as it is.
template <class Given>
decltype(auto) view_or_value(Given& given) {
    if constexpr (requires { as_view(given); })
        return as_view(given);
    else
        return given;
}

} // namespace detail

/// The loss of a prediction, a batch or a view, against a target: a batch or view of the prediction's shape,
/// or one number for all values; PyTorch would broadcast another shape without an error. Writes the gradient
/// of the loss with respect to the prediction to `gradient`, and the loss to `value`. All are in the memory
/// of one backend; does not wait for it. Throws std::invalid_argument if they differ in their number of
/// samples.
template <class Loss, class Prediction, class Target, class Gradient, class Value>
    requires(!std::is_same_v<std::remove_cvref_t<Value>, LossOptions>)
void loss(const Prediction& prediction, const Target& target, Gradient&& gradient, Value&& value,
          LossOptions options = {}) {
    using Space = typename detail::SpaceOfView<detail::view_of<const Prediction>>::type;
    [[maybe_unused]] constexpr messages::CheckBackend<Space> check_backend{};
    using Problem = detail::problem_of_loss<Loss, Prediction, Target, Gradient, Value>;
    CTGAN_REQUIRE (Problem) {
        using B = typename std::remove_cvref_t<Value>::backend;
        detail::check_share<Loss, B>();
        const Index terms =
            detail::LossTerms<Loss>::template write<B>(as_view(prediction), detail::view_or_value(target),
                                                       as_view(gradient), value.sum(), options.scale);
        value.set_factor(options.scale / static_cast<double>(terms));
    }
}

/// The same; returns the loss, for which it waits.
template <class Loss, class Prediction, class Target, class Gradient>
double loss(const Prediction& prediction, const Target& target, Gradient&& gradient,
            LossOptions options = {}) {
    using Space = typename detail::SpaceOfView<detail::view_of<const Prediction>>::type;
    [[maybe_unused]] constexpr messages::CheckBackend<Space> check_backend{};
    using Problem = detail::problem_of_loss<Loss, Prediction, Target, Gradient, void>;
    CTGAN_REQUIRE (Problem) {
        double sum = 0;
        if constexpr (std::is_same_v<Space, Cpu>) {
            detail::check_share<Loss, Space>();
            const Index terms = detail::LossTerms<Loss>::template write<Space>(
                as_view(prediction), detail::view_or_value(target), as_view(gradient), &sum, options.scale);
            return sum * (options.scale / static_cast<double>(terms));
        } else {
            LossValue<Space> value;
            loss<Loss>(prediction, target, gradient, value, options);
            return value.item();
        }
    } else
        return 0;
}

} // namespace ctgan::inline CTGAN_ABI
