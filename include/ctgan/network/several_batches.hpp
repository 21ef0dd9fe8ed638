#pragma once

#include <ctgan/backend/labels.hpp>
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
/// them over from here as from a base. How many there are is read from the entries of the Sequential, and
/// everything else of it is looked up in bodies of functions: clang leaves out a base while it reports a
/// mistake in a network.
namespace ctgan::inline CTGAN_ABI::detail {

template <class Entry>
inline constexpr int inputs_of = 1;
template <class... Shapes>
inline constexpr int inputs_of<Inputs<Shapes...>> = static_cast<int>(sizeof...(Shapes));
template <class First, class... Rest>
inline constexpr int inputs_of<Sequential<First, Rest...>> = inputs_of<First>;

template <class Entry>
inline constexpr int outputs_of = 1;
template <class... Branches>
inline constexpr int outputs_of<Outputs<Branches...>> = static_cast<int>(sizeof...(Branches));
template <class First, class... Rest>
inline constexpr int outputs_of<Sequential<First, Rest...>> =
    outputs_of<type_at<int{sizeof...(Rest)}, TypeList<First, Rest...>>>;

/// The argument for one input or output: any batch or view of one that fits.
struct BatchArgument {
    const void* data = nullptr;
    int count = 0;
};
template <class Shape>
inline constexpr bool is_batch_of_labels = false;
template <int N>
inline constexpr bool is_batch_of_labels<Classes<N>> = true;

/// A forward pass in training mode `keeps` the address of a batch. Debug builds check labels again, which may
/// be a view of anything.
template <class Place, class TheNetwork, int K, bool keeps>
struct InputArgument : BatchArgument {
    template <class Given>
        requires(!std::is_same_v<std::remove_cvref_t<Given>, InputArgument>)
    InputArgument(Given&& given) { // NOLINT(bugprone-forwarding-reference-overload)
        using Shape = typename PartsOf<typename TheNetwork::input_shape>::template shape<K>;
        using Problem = messages::first_problem<
            typename ProblemOfBatch<messages::input_of_network<Place, K>, Shape, typename TheNetwork::backend,
                                    typename Shape::template value<typename TheNetwork::scalar>,
                                    std::remove_cvref_t<Given>>::type,
            messages::unless<!keeps || is_view<std::remove_cvref_t<Given>> ||
                                 std::is_lvalue_reference_v<Given>,
                             Place, messages::batch_that_lives_until_backward, messages::temporary_batch>>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(given);
            data = view.data;
            count = view.count;
            if constexpr (CTGAN_CHECKS != 0 && is_batch_of_labels<Shape> &&
                          std::is_same_v<typename TheNetwork::backend::memory_space, Cpu>)
                for (int i = 0; i < count; ++i)
                    check_label(view.data[i], static_cast<std::size_t>(i), Shape::count);
        }
    }
};
template <class TheNetwork, int K>
struct OutputArgument : BatchArgument {
    template <class Given>
        requires(!std::is_same_v<std::remove_cvref_t<Given>, OutputArgument>)
    OutputArgument(Given&& given) { // NOLINT(bugprone-forwarding-reference-overload)
        using Shape = typename PartsOf<typename TheNetwork::output_shape>::template shape<K>;
        using Problem =
            typename ProblemOfBatch<messages::output_of_network<messages::output_gradient_of_network, K>,
                                    Shape, typename TheNetwork::backend, typename TheNetwork::scalar,
                                    std::remove_cvref_t<Given>>::type;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(given);
            data = view.data;
            count = view.count;
        }
    }
};

/// The batches of all inputs or outputs. Throws std::invalid_argument if they differ in their number of
/// samples.
template <int Count>
Batches<Count> all_batches(const char* pass, const char* what, const Array<BatchArgument, Count>& arguments) {
    Batches<Count> all{{}, arguments[0].count};
    for (int k = 0; k < Count; ++k) {
        all.data[k] = arguments[k].data;
        if (arguments[k].count != all.count)
            fail_with<std::invalid_argument>({pass, ": found ", arguments[k].count, " samples for ", what,
                                              " ", k, ", expected ", all.count, ", as many as for ", what,
                                              " 0"});
    }
    return all;
}

/// A call with other arguments than batches, a workspace and possibly a Randomness.
template <class Place, class Net, class... Given>
using problem_of_batches = std::conditional_t<
    Net::valid,
    messages::Mismatch<
        Place, messages::takes<messages::batches_and_workspace<PartsOf<typename Net::input_shape>::count>>,
        messages::but_is_given<messages::other_arguments_than<Given...>>>,
    messages::ReportedElsewhere>;

/// The workspace, and the Gradients, of a pass whose batches have been checked.
template <class Place, class TheNetwork, WorkspaceKind wanted, class Given>
using problem_of_workspace = std::conditional_t<
    TheNetwork::net::valid && (wanted != WorkspaceKind::training || is_trainable<typename TheNetwork::net>),
    typename ProblemOfGivenWorkspace<Place, TheNetwork, wanted, Given>::type, messages::ReportedElsewhere>;
template <class TheNetwork, class GivenWorkspace, class GivenGradients>
using problem_of_both = messages::first_problem<
    problem_of_workspace<messages::backward_in_network, TheNetwork, WorkspaceKind::training, GivenWorkspace>,
    problem_of_gradients<messages::backward_in_network, TheNetwork, GivenGradients>>;

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
template <class TheNetwork, WorkspaceKind wanted, class Indices>
class ForwardOfSeveral : public PassesOfOne {}; // which has one input, but several outputs

template <class TheNetwork, WorkspaceKind wanted, int K, int L, int... Ks>
class ForwardOfSeveral<TheNetwork, wanted, std::integer_sequence<int, K, L, Ks...>> {
    using Place = messages::forward_of_network;
    template <int At>
    using Argument = InputArgument<Place, TheNetwork, At, false>;

  public:
    /// The output in evaluation mode, as Network::forward(), for a batch for each input: `generator.forward(
    /// noise, labels, workspace)`. Throws std::invalid_argument also if the batches differ in their number of
    /// samples.
    template <class GivenWorkspace>
    auto forward(Argument<K> first, Argument<L> second, Argument<Ks>... more,
                 GivenWorkspace& workspace) const {
        using Problem = or_problem_of_drawing<problem_of_workspace<Place, TheNetwork, wanted, GivenWorkspace>,
                                              Place, TheNetwork, Mode::evaluation>;
        CTGAN_REQUIRE (Problem) {
            return network().evaluate(
                all_batches<2 + sizeof...(Ks)>("forward", "input", {first, second, more...}), workspace, {});
        } else
            return typename TheNetwork::OutputView{};
    }
    /// The same for a network that draws random numbers in evaluation mode, too.
    template <class GivenWorkspace>
    auto forward(Argument<K> first, Argument<L> second, Argument<Ks>... more, GivenWorkspace& workspace,
                 Randomness randomness) const {
        using Problem = problem_of_workspace<Place, TheNetwork, wanted, GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            return network().evaluate(
                all_batches<2 + sizeof...(Ks)>("forward", "input", {first, second, more...}), workspace,
                randomness);
        } else
            return typename TheNetwork::OutputView{};
    }

  private:
    const TheNetwork& network() const { return static_cast<const TheNetwork&>(*this); }
};

/// Those of a Network and forward_training().
template <class TheNetwork, class Indices>
class ForwardTrainingOfSeveral : public PassesOfOne {};

template <class TheNetwork, int K, int L, int... Ks>
class ForwardTrainingOfSeveral<TheNetwork, std::integer_sequence<int, K, L, Ks...>>
    : public ForwardOfSeveral<TheNetwork, WorkspaceKind::inference, std::integer_sequence<int, K, L, Ks...>> {
    using Place = messages::forward_training_of_network;
    template <int At>
    using Argument = InputArgument<Place, TheNetwork, At, true>;

  public:
    /// The output in training mode, as Network::forward_training(), for a batch for each input.
    template <class GivenWorkspace>
    auto forward_training(Argument<K> first, Argument<L> second, Argument<Ks>... more,
                          GivenWorkspace& workspace) {
        using Problem = or_problem_of_drawing<
            problem_of_workspace<Place, TheNetwork, WorkspaceKind::inference, GivenWorkspace>, Place,
            TheNetwork, Mode::training>;
        CTGAN_REQUIRE (Problem) {
            return network().train(
                all_batches<2 + sizeof...(Ks)>("forward_training", "input", {first, second, more...}),
                workspace, {});
        } else
            return typename TheNetwork::OutputView{};
    }
    /// The same for a network that draws random numbers.
    template <class GivenWorkspace>
    auto forward_training(Argument<K> first, Argument<L> second, Argument<Ks>... more,
                          GivenWorkspace& workspace, Randomness randomness) {
        using Problem = problem_of_workspace<Place, TheNetwork, WorkspaceKind::inference, GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            return network().train(
                all_batches<2 + sizeof...(Ks)>("forward_training", "input", {first, second, more...}),
                workspace, randomness);
        } else
            return typename TheNetwork::OutputView{};
    }

  private:
    TheNetwork& network() { return static_cast<TheNetwork&>(*this); }
};

/// Those and the backward passes of a Network.
template <class TheNetwork, class InputIndices, class OutputIndices>
class PassesOfSeveral : public ForwardTrainingOfSeveral<TheNetwork, InputIndices> { // with one output
  protected:
    void backward(NoArgument) const;
    void backward_to_input(NoArgument) const;
    void backward_for_update(NoArgument) const;
};

template <class TheNetwork, class InputIndices, int K, int L, int... Ks>
class PassesOfSeveral<TheNetwork, InputIndices, std::integer_sequence<int, K, L, Ks...>>
    : public ForwardTrainingOfSeveral<TheNetwork, InputIndices> {
    template <int At>
    using Argument = OutputArgument<TheNetwork, At>;

  public:
    /// The gradients with respect to the parameters, as Network::backward(), given the gradient with respect
    /// to each output: of a sum of losses, that of the loss which reads this output.
    template <class GivenWorkspace, class GivenGradients>
    void backward(Argument<K> first, Argument<L> second, Argument<Ks>... more, GivenWorkspace& workspace,
                  GivenGradients& gradients, bool add = false) const {
        using Problem = problem_of_both<TheNetwork, GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            network().template run_backward<WithRespectTo::parameters>(
                workspace, all({first, second, more...}), gradients.data(), add);
        }
    }
    /// Only the gradients with respect to the inputs, as Network::backward_to_input().
    template <class GivenWorkspace>
    auto backward_to_input(Argument<K> first, Argument<L> second, Argument<Ks>... more,
                           GivenWorkspace& workspace) const {
        using Problem = problem_of_workspace<messages::backward_in_network, TheNetwork,
                                             WorkspaceKind::training, GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            return network().template run_backward<WithRespectTo::input>(
                workspace, all({first, second, more...}), nullptr, false);
        } else
            return typename TheNetwork::InputView{};
    }
    /// The gradients with respect to the parameters, the inputs or both, as Network::backward().
    template <WithRespectTo wrt, class GivenWorkspace, class GivenGradients>
    auto backward(Argument<K> first, Argument<L> second, Argument<Ks>... more, GivenWorkspace& workspace,
                  GivenGradients* gradients, bool add = false) const {
        using Problem = problem_of_both<TheNetwork, GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            return network().template run_backward<wrt>(workspace, all({first, second, more...}),
                                                        gradients ? gradients->data() : nullptr, add);
        } else
            return typename TheNetwork::InputView{};
    }
    /// The gradients with respect to the parameters, as Network::backward_for_update().
    template <class GivenWorkspace, class GivenGradients>
    [[nodiscard]] auto backward_for_update(Argument<K> first, Argument<L> second, Argument<Ks>... more,
                                           GivenWorkspace& workspace, GivenGradients& gradients) const {
        using Problem = problem_of_both<TheNetwork, GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            return network().run_for_update(workspace, all({first, second, more...}), gradients.data());
        } else
            return WeightGradientFactors<typename TheNetwork::scalar>{};
    }

  private:
    static Batches<2 + sizeof...(Ks)> all(const Array<BatchArgument, 2 + sizeof...(Ks)>& gradients) {
        return all_batches<2 + sizeof...(Ks)>("backward", "output", gradients);
    }
    const TheNetwork& network() const { return static_cast<const TheNetwork&>(*this); }
};

/// What a Network and a Frozen take over.
template <class TheNetwork, class Description>
using PassesOf =
    std::conditional_t<inputs_of<Description> == 1 && outputs_of<Description> == 1, PassesOfOne,
                       PassesOfSeveral<TheNetwork, std::make_integer_sequence<int, inputs_of<Description>>,
                                       std::make_integer_sequence<int, outputs_of<Description>>>>;
template <class TheFrozen, class Description>
using ForwardOf =
    std::conditional_t<inputs_of<Description> == 1, PassesOfOne,
                       ForwardOfSeveral<TheFrozen, WorkspaceKind::frozen,
                                        std::make_integer_sequence<int, inputs_of<Description>>>>;

} // namespace ctgan::inline CTGAN_ABI::detail
