#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/layers/pass.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/messages/several.hpp>
#include <ctgan/network/arguments.hpp>
#include <ctgan/network/randomness.hpp>
#include <ctgan/network/several.hpp>
#include <ctgan/network/workspace.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

/// The passes of a network with several inputs or outputs, with an argument for each. Network and Frozen take
/// them over from here. For other networks there is only the report of an argument too many.
namespace ctgan::inline CTGAN_ABI::detail {

/// The argument for one input or output: any batch or view of one that fits. A forward pass in training mode
/// `keeps` its address.
template <class Place, class Shape, class Backend, class Scalar, bool keeps = false>
struct BatchArgument {
    using Value = typename Shape::template value<Scalar>;
    const Value* data = nullptr;
    int count = 0;

    template <class Given>
        requires(!std::is_same_v<std::remove_cvref_t<Given>, BatchArgument>)
    BatchArgument(Given&& given) {
        using Problem = messages::first_problem<
            typename ProblemOfBatch<Place, Shape, Backend, Value, std::remove_cvref_t<Given>>::type,
            messages::unless<!keeps || is_view<std::remove_cvref_t<Given>> ||
                                 std::is_lvalue_reference_v<Given>,
                             Place, messages::batch_that_lives_until_backward, messages::temporary_batch>>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(given);
            data = view.data;
            count = view.count;
        }
    }
};

/// Throws std::invalid_argument if batches differ in their number of samples; returns it.
template <int Count>
int same_count(const char* pass, const char* what, const Array<int, Count>& counts) {
    for (int k = 1; k < Count; ++k)
        if (counts[k] != counts[0])
            fail_with<std::invalid_argument>({pass, ": found ", counts[k], " samples for ", what, " ", k,
                                              ", expected ", counts[0], ", as many as for ", what, " 0"});
    return counts[0];
}

/// A call with other arguments than batches, a workspace and possibly a Randomness.
template <class Place, class Net, class... Given>
using problem_of_batches = std::conditional_t<
    Net::valid,
    messages::Mismatch<
        Place, messages::takes<messages::batches_and_workspace<PartsOf<typename Net::input_shape>::count>>,
        messages::but_is_given<messages::other_arguments_than<Given...>>>,
    messages::ReportedElsewhere>;

/// Whether a call with a third argument has more batches than a network with one input takes.
template <class Net, class Third>
inline constexpr bool are_too_many_batches =
    PartsOf<typename Net::input_shape>::count == 1 && !std::is_convertible_v<Third, Randomness>;

/// Nothing can be passed as this.
struct NoArgument {
    NoArgument() = delete;
};
/// A network with one input and one output takes nothing over.
class PassesOfOne {
  protected:
    void forward(NoArgument) const;
    void forward_training(NoArgument) const;
    void backward(NoArgument) const;
    void backward_to_input(NoArgument) const;
    void backward_for_update(NoArgument) const;
};

/// forward() of `TheNetwork`, a Network or a Frozen, whose workspace is of the kind `wanted`.
template <class TheNetwork, class Net, class Backend, class T, WorkspaceKind wanted,
          class Indices = std::make_integer_sequence<int, PartsOf<typename Net::input_shape>::count>>
class ForwardOfSeveral;

template <class TheNetwork, class Net, class Backend, class T, WorkspaceKind wanted>
class ForwardOfSeveral<TheNetwork, Net, Backend, T, wanted, std::integer_sequence<int, 0>>
    : public PassesOfOne {};

template <class TheNetwork, class Net, class Backend, class T, WorkspaceKind wanted, int... Ks>
class ForwardOfSeveral<TheNetwork, Net, Backend, T, wanted, std::integer_sequence<int, Ks...>> {
    using Parts = PartsOf<typename Net::input_shape>;
    template <class Place, int K, bool keeps = false>
    using Argument = BatchArgument<messages::input_of_network<Place, K>, typename Parts::template shape<K>,
                                   Backend, T, keeps>;
    using Place = messages::forward_of_network;
    using Views =
        typename PartsOf<typename Net::output_shape>::template Views<const T, typename Backend::memory_space>;

  public:
    /// The output in evaluation mode, as Network::forward(), for a batch for each input: `generator.forward(
    /// noise, labels, workspace)`. Throws std::invalid_argument also if the batches differ in their number of
    /// samples.
    template <class GivenWorkspace>
    Views forward(Argument<Place, Ks>... inputs, GivenWorkspace& workspace) const {
        using Problem = or_problem_of_drawing<
            typename ProblemOfGivenWorkspace<Place, TheNetwork, wanted, GivenWorkspace>::type, Place,
            TheNetwork, Mode::evaluation>;
        CTGAN_REQUIRE (Problem) {
            return network().evaluate(batches("forward", inputs...), workspace, {});
        } else
            return {};
    }
    /// The same for a network that draws random numbers in evaluation mode, too.
    template <class GivenWorkspace>
    Views forward(Argument<Place, Ks>... inputs, GivenWorkspace& workspace, Randomness randomness) const {
        using Problem = typename ProblemOfGivenWorkspace<Place, TheNetwork, wanted, GivenWorkspace>::type;
        CTGAN_REQUIRE (Problem) {
            return network().evaluate(batches("forward", inputs...), workspace, randomness);
        } else
            return {};
    }

  protected:
    static Batches<Parts::count> batches(const char* pass, const auto&... inputs) {
        return {{inputs.data...}, same_count<Parts::count>(pass, "input", {inputs.count...})};
    }

  private:
    const TheNetwork& network() const { return static_cast<const TheNetwork&>(*this); }
};

/// forward_training() of a Network.
template <class TheNetwork, class Net, class Backend, class T,
          class Indices = std::make_integer_sequence<int, PartsOf<typename Net::input_shape>::count>>
class ForwardTrainingOfSeveral;

template <class TheNetwork, class Net, class Backend, class T>
class ForwardTrainingOfSeveral<TheNetwork, Net, Backend, T, std::integer_sequence<int, 0>>
    : public PassesOfOne {};

template <class TheNetwork, class Net, class Backend, class T, int... Ks>
class ForwardTrainingOfSeveral<TheNetwork, Net, Backend, T, std::integer_sequence<int, Ks...>>
    : public ForwardOfSeveral<TheNetwork, Net, Backend, T, WorkspaceKind::inference> {
    using Parts = PartsOf<typename Net::input_shape>;
    using Place = messages::forward_training_of_network;
    template <int K>
    using Argument = BatchArgument<messages::input_of_network<Place, K>, typename Parts::template shape<K>,
                                   Backend, T, true>;
    template <class GivenWorkspace>
    using problem_of_workspace =
        typename ProblemOfGivenWorkspace<Place, TheNetwork, WorkspaceKind::inference, GivenWorkspace>::type;
    using Views =
        typename PartsOf<typename Net::output_shape>::template Views<const T, typename Backend::memory_space>;

  public:
    /// The output in training mode, as Network::forward_training(), for a batch for each input.
    template <class GivenWorkspace>
    Views forward_training(Argument<Ks>... inputs, GivenWorkspace& workspace) {
        using Problem =
            or_problem_of_drawing<problem_of_workspace<GivenWorkspace>, Place, TheNetwork, Mode::training>;
        CTGAN_REQUIRE (Problem) {
            return network().train(this->batches("forward_training", inputs...), workspace, {});
        } else
            return {};
    }
    /// The same for a network that draws random numbers.
    template <class GivenWorkspace>
    Views forward_training(Argument<Ks>... inputs, GivenWorkspace& workspace, Randomness randomness) {
        using Problem = problem_of_workspace<GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            return network().train(this->batches("forward_training", inputs...), workspace, randomness);
        } else
            return {};
    }

  private:
    TheNetwork& network() { return static_cast<TheNetwork&>(*this); }
};

/// Those and the backward passes of a Network.
template <class TheNetwork, class Net, class Backend, class T,
          class Indices = std::make_integer_sequence<int, PartsOf<typename Net::output_shape>::count>>
class PassesOfSeveral;

template <class TheNetwork, class Net, class Backend, class T>
class PassesOfSeveral<TheNetwork, Net, Backend, T, std::integer_sequence<int, 0>>
    : public ForwardTrainingOfSeveral<TheNetwork, Net, Backend, T> {
  protected:
    void backward(NoArgument) const;
    void backward_to_input(NoArgument) const;
    void backward_for_update(NoArgument) const;
};

template <class TheNetwork, class Net, class Backend, class T, int... Ks>
class PassesOfSeveral<TheNetwork, Net, Backend, T, std::integer_sequence<int, Ks...>>
    : public ForwardTrainingOfSeveral<TheNetwork, Net, Backend, T> {
    using Parts = PartsOf<typename Net::output_shape>;
    template <int K>
    using Argument = BatchArgument<messages::output_of_network<messages::output_gradient_of_network, K>,
                                   typename Parts::template shape<K>, Backend, T>;
    using ToInputs =
        typename PartsOf<typename Net::input_shape>::template Gradients<const T,
                                                                        typename Backend::memory_space>;
    template <class GivenWorkspace>
    using problem_of_workspace =
        std::conditional_t<is_trainable<Net>,
                           typename ProblemOfGivenWorkspace<messages::backward_in_network, TheNetwork,
                                                            WorkspaceKind::training, GivenWorkspace>::type,
                           messages::ReportedElsewhere>;
    template <class GivenWorkspace, class GivenGradients>
    using problem_of = messages::first_problem<
        problem_of_workspace<GivenWorkspace>,
        messages::unless<std::is_same_v<GivenGradients, Gradients<Net, Backend, T>>,
                         messages::backward_in_network, messages::gradients_of_the_network,
                         typename detail::GivenGradients<GivenGradients>::type>>;

  public:
    /// The gradients with respect to the parameters, as Network::backward(), given the gradient with respect
    /// to each output: of a sum of losses, that of the loss which reads this output.
    template <class GivenWorkspace, class GivenGradients>
    void backward(Argument<Ks>... output_gradients, GivenWorkspace& workspace, GivenGradients& gradients,
                  bool add = false) const {
        using Problem = problem_of<GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            network().template run_backward<WithRespectTo::parameters>(workspace, all(output_gradients...),
                                                                       gradients.data(), add);
        }
    }
    /// Only the gradients with respect to the inputs, as Network::backward_to_input().
    template <class GivenWorkspace>
    ToInputs backward_to_input(Argument<Ks>... output_gradients, GivenWorkspace& workspace) const {
        using Problem = problem_of_workspace<GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            return network().template run_backward<WithRespectTo::input>(workspace, all(output_gradients...),
                                                                         nullptr, false);
        } else
            return {};
    }
    /// The gradients with respect to the parameters, the inputs or both, as Network::backward().
    template <WithRespectTo wrt, class GivenWorkspace, class GivenGradients>
    ToInputs backward(Argument<Ks>... output_gradients, GivenWorkspace& workspace, GivenGradients* gradients,
                      bool add = false) const {
        using Problem = problem_of<GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            return network().template run_backward<wrt>(workspace, all(output_gradients...),
                                                        gradients ? gradients->data() : nullptr, add);
        } else
            return {};
    }
    /// The gradients with respect to the parameters, as Network::backward_for_update().
    template <class GivenWorkspace, class GivenGradients>
    [[nodiscard]] WeightGradientFactors<T> backward_for_update(Argument<Ks>... output_gradients,
                                                               GivenWorkspace& workspace,
                                                               GivenGradients& gradients) const {
        using Problem = problem_of<GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            return network().run_for_update(workspace, all(output_gradients...), gradients.data());
        } else
            return {};
    }

  private:
    static Batches<Parts::count> all(const auto&... gradients) {
        return {{gradients.data...}, same_count<Parts::count>("backward", "output", {gradients.count...})};
    }
    const TheNetwork& network() const { return static_cast<const TheNetwork&>(*this); }
};

/// What a Network and a Frozen take over.
template <class TheNetwork, class Net, class Backend, class T>
using PassesOf = std::conditional_t<PartsOf<typename Net::input_shape>::count == 1 &&
                                        PartsOf<typename Net::output_shape>::count == 1,
                                    PassesOfOne, PassesOfSeveral<TheNetwork, Net, Backend, T>>;
template <class TheFrozen, class Net, class Backend, class T>
using ForwardOf = std::conditional_t<PartsOf<typename Net::input_shape>::count == 1, PassesOfOne,
                                     ForwardOfSeveral<TheFrozen, Net, Backend, T, WorkspaceKind::frozen>>;

} // namespace ctgan::inline CTGAN_ABI::detail
