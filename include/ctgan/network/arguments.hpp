#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/messages/arguments.hpp>
#include <ctgan/network/gradients.hpp>
#include <ctgan/network/workspace.hpp>

#include <type_traits>
#include <utility>

/// Whether the arguments of a function belong to its network. Everything here is types: each alias is
/// NoProblem or a mistake of messages/mismatch.hpp.
namespace ctgan::inline CTGAN_ABI::detail {

/// Checks an argument of `Place`, which takes a batch or a view: samples of `Shape`, values of type `Scalar`,
/// in the memory of `Backend`.
template <class Place, class Shape, class Backend, class Scalar, class Given>
struct ProblemOfBatch {
    using type = messages::Mismatch<Place, messages::takes<messages::batch_or_view>,
                                    messages::but_is_given<messages::other_type<Given>>>;
};
template <class Place, class Shape, class Backend, class Scalar, class GivenShape, class T, class Space>
struct ProblemOfBatch<Place, Shape, Backend, Scalar, View<GivenShape, T, Space>> {
    using type = messages::first_problem<
        messages::compare<Place, Shape, GivenShape>,
        messages::compare<Place, messages::values<Scalar>, messages::values<std::remove_const_t<T>>>,
        messages::compare<Place, messages::memory_of<typename Backend::memory_space>,
                          messages::memory_of<Space>>>;
};
template <class Place, class Shape, class Backend, class Scalar, class GivenShape, class B, class T>
struct ProblemOfBatch<Place, Shape, Backend, Scalar, BatchOn<GivenShape, B, T>>
    : ProblemOfBatch<Place, Shape, Backend, Scalar,
                     View<GivenShape, T, typename BatchOn<GivenShape, B, T>::memory_space>> {};
/// A class derived from a batch counts as that batch.
template <class Shape, class B, class T>
auto batch_within(const BatchOn<Shape, B, T>&) -> BatchOn<Shape, B, T>;
template <class Place, class Shape, class Backend, class Scalar, class Given>
    requires requires(const Given& given) { batch_within(given); }
struct ProblemOfBatch<Place, Shape, Backend, Scalar, Given>
    : ProblemOfBatch<Place, Shape, Backend, Scalar, decltype(batch_within(std::declval<const Given&>()))> {};

/// Checks an argument of `Place`, which takes a workspace of the network. One for training serves inference,
/// too.
template <class Place, class Network, WorkspaceKind wanted, class Given>
struct ProblemOfGivenWorkspace {
    using type = messages::Mismatch<
        Place, messages::takes<messages::workspace_of_the_network>,
        messages::but_is_given<std::conditional_t<std::is_const_v<Given>, messages::const_workspace,
                                                  messages::other_type<Given>>>>;
};
template <class Place, class Network, WorkspaceKind wanted, class Net, class Backend, class T,
          WorkspaceKind kind>
struct ProblemOfGivenWorkspace<Place, Network, wanted, Workspace<Net, Backend, T, kind>> {
    template <WorkspaceKind k, class Inference, class Training, class OfFrozen>
    using at_kind = std::conditional_t<k == WorkspaceKind::inference, Inference,
                                       std::conditional_t<k == WorkspaceKind::training, Training, OfFrozen>>;
    static constexpr bool fits =
        kind == wanted || (kind == WorkspaceKind::training && wanted == WorkspaceKind::inference);
    using type = messages::first_problem<
        messages::unless<std::is_same_v<Workspace<Net, Backend, T, wanted>,
                                        Workspace<typename Network::net, typename Network::backend,
                                                  typename Network::scalar, wanted>>,
                         Place, messages::workspace_of_the_network, messages::workspace_of_another_network>,
        messages::unless<
            fits, Place,
            at_kind<wanted, messages::workspace_or_training_workspace, messages::training_workspace,
                    messages::workspace_of_frozen>,
            std::conditional_t<wanted == WorkspaceKind::frozen, messages::workspace_not_of_frozen,
                               at_kind<kind, messages::workspace_for_inference, messages::training_workspace,
                                       messages::workspace_of_frozen>>>>;
};

/// How a message names an argument in place of a network's Gradients.
template <class Given>
struct GivenGradients {
    using type = messages::other_type<Given>;
};
template <class Shape, class T, class Space>
struct GivenGradients<View<Shape, T, Space>> {
    using type = messages::gradient_to_a_batch;
};
template <class Net, class Backend, class T>
struct GivenGradients<Gradients<Net, Backend, T>> {
    using type = messages::gradients_of_another_network;
};
template <class Place, class Network, class Given>
using problem_of_gradients =
    messages::unless<std::is_same_v<Given, typename Network::Gradients>, Place,
                     messages::gradients_of_the_network, typename GivenGradients<Given>::type>;

/// The arguments of a forward pass. A mistake in the network itself is reported by another assertion.
template <class Place, class Network, class Input, class Workspace,
          WorkspaceKind wanted = WorkspaceKind::inference>
using problem_of_forward = std::conditional_t<
    Network::net::valid,
    messages::first_problem<
        typename ProblemOfBatch<Place, typename Network::input_shape, typename Network::backend,
                                typename Network::scalar, Input>::type,
        typename ProblemOfGivenWorkspace<Place, Network, wanted, Workspace>::type>,
    messages::ReportedElsewhere>;

/// A forward pass in training mode keeps the address of its input for the backward pass. `Input` is the type
/// of a forwarding reference: no reference if the argument is a temporary.
template <class Network, class Input, class Workspace>
using problem_of_forward_training = messages::first_problem<
    problem_of_forward<messages::forward_training_of_network, Network, std::remove_cvref_t<Input>, Workspace>,
    messages::unless<is_view<Input> || std::is_lvalue_reference_v<Input>,
                     messages::forward_training_of_network, messages::batch_that_lives_until_backward,
                     messages::temporary_batch>>;

/// The first layer that draws random numbers in this mode, counted from 0; -1 if none does.
template <class Net, Mode mode, int... Is>
constexpr int find_layer_that_draws(std::integer_sequence<int, Is...>) {
    const bool draws[] = {Net::template layer<Is>::draws(mode)..., true};
    int first = 0;
    while (!draws[first]) ++first;
    return first < Net::depth ? first : -1;
}
template <class Net, Mode mode>
inline constexpr int
    first_to_draw = find_layer_that_draws<Net, mode>(std::make_integer_sequence<int, Net::depth>{});

/// A forward pass without a Randomness, which a network that draws random numbers needs.
template <class Place, class Net, int layer>
struct ProblemOfDrawing {
    using type = messages::Mismatch<
        Place, messages::takes<messages::randomness_because_of<typename Net::template place<layer>>>,
        messages::but_is_given<messages::none>>;
};
template <class Place, class Net>
struct ProblemOfDrawing<Place, Net, -1> {
    using type = messages::NoProblem;
};
template <class Problem, class Place, class Network, Mode mode>
using or_problem_of_drawing =
    messages::first_problem<Problem,
                            typename ProblemOfDrawing<Place, typename Network::net,
                                                      first_to_draw<typename Network::net, mode>>::type>;

/// A call without an argument that it needs. `Call` makes the mistake depend on the call, so that it is
/// reported only where there is one.
template <class Place, class Takes, class Given, class... Call>
struct ProblemOfCall {
    using type = messages::Mismatch<Place, messages::takes<Takes>, messages::but_is_given<Given>>;
};
template <class Place, class Takes, class Given, class... Call>
using problem_of_call = typename ProblemOfCall<Place, Takes, Given, Call...>::type;

/// A forward pass in training mode on a const network.
template <class Input>
struct ProblemOfFrozen {
    using type = messages::Mismatch<messages::forward_training, messages::takes<messages::network_to_change>,
                                    messages::but_is_given<messages::const_network>>;
};

/// The arguments of a backward pass to the network's input.
template <class Network, class Gradient, class Workspace>
using problem_of_backward_to_input = std::conditional_t<
    Network::net::valid && is_trainable<typename Network::net>,
    messages::first_problem<
        typename ProblemOfBatch<messages::output_gradient_of_network, typename Network::output_shape,
                                typename Network::backend, typename Network::scalar, Gradient>::type,
        typename ProblemOfGivenWorkspace<messages::backward_in_network, Network, WorkspaceKind::training,
                                         Workspace>::type>,
    messages::ReportedElsewhere>;

/// The arguments of a backward pass to the network's parameters.
template <class Network, class Gradient, class Workspace, class Gradients>
using problem_of_backward =
    messages::first_problem<problem_of_backward_to_input<Network, Gradient, Workspace>,
                            problem_of_gradients<messages::backward_in_network, Network, Gradients>>;

} // namespace ctgan::inline CTGAN_ABI::detail
