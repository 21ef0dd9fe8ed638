#pragma once

#include <ctgan/backend/batch.hpp>
#include <ctgan/network/gradients.hpp>
#include <ctgan/network/workspace.hpp>

#include <type_traits>
#include <utility>

/// Whether the arguments of a function belong to its network. Everything here is types: each alias is
/// NoProblem or a mistake of messages/mismatch.hpp.
namespace ctgan::detail {

/// Backends that are derived from each other share their memory.
template <class A, class B>
inline constexpr bool same_memory =
    std::is_same_v<typename A::template Memory<float>, typename B::template Memory<float>>;

/// Checks an argument of `Place`, which takes a batch or a view: samples of `Shape`, values of type `Scalar`,
/// in the memory of `Backend`.
template <class Place, class Shape, class Backend, class Scalar, class Given>
struct ProblemOfBatch {
    using type = messages::Mismatch<Place, messages::takes<messages::batch_or_view>,
                                    messages::but_is_given<messages::other_type<Given>>>;
};
template <class Place, class Shape, class Backend, class Scalar, class GivenShape, class T>
struct ProblemOfBatch<Place, Shape, Backend, Scalar, View<GivenShape, T>> {
    using type = messages::first_problem<
        messages::compare<Place, Shape, GivenShape>,
        messages::compare<Place, messages::values<Scalar>, messages::values<std::remove_const_t<T>>>>;
};
template <class Place, class Shape, class Backend, class Scalar, class GivenShape, class B, class T>
struct ProblemOfBatch<Place, Shape, Backend, Scalar, BatchOn<GivenShape, B, T>> {
    using type = messages::first_problem<
        typename ProblemOfBatch<Place, Shape, Backend, Scalar, View<GivenShape, T>>::type,
        messages::unless<same_memory<Backend, messages::backend_or_missing<B>>, Place,
                         messages::memory_of<Backend>, messages::memory_of<B>>>;
};
/// A class derived from a batch counts as that batch.
template <class Shape, class B, class T>
auto batch_within(const BatchOn<Shape, B, T>&) -> BatchOn<Shape, B, T>;
template <class Place, class Shape, class Backend, class Scalar, class Given>
    requires requires(const Given& given) { batch_within(given); }
struct ProblemOfBatch<Place, Shape, Backend, Scalar, Given>
    : ProblemOfBatch<Place, Shape, Backend, Scalar, decltype(batch_within(std::declval<const Given&>()))> {};

/// Checks an argument of `Place`, which takes a workspace of the network: one for training or, unless
/// `for_training`, of any kind.
template <class Place, class Network, bool for_training, class Given>
struct ProblemOfGivenWorkspace {
    using type = messages::Mismatch<
        Place, messages::takes<messages::workspace_of_the_network>,
        messages::but_is_given<std::conditional_t<std::is_const_v<Given>, messages::const_workspace,
                                                  messages::other_type<Given>>>>;
};
template <class Place, class Network, bool for_training, class Net, class Backend, class T,
          WorkspaceKind kind>
struct ProblemOfGivenWorkspace<Place, Network, for_training, Workspace<Net, Backend, T, kind>> {
    using type = messages::first_problem<
        messages::unless<std::is_same_v<Workspace<Net, Backend, T, WorkspaceKind::training>,
                                        typename Network::TrainingWorkspace>,
                         Place, messages::workspace_of_the_network, messages::workspace_of_another_network>,
        messages::unless<kind == WorkspaceKind::training || !for_training, Place,
                         messages::training_workspace, messages::workspace_for_inference>>;
};

/// How a message names an argument in place of a network's Gradients.
template <class Given>
struct GivenGradients {
    using type = messages::other_type<Given>;
};
template <class Shape, class T>
struct GivenGradients<View<Shape, T>> {
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
template <class Place, class Network, class Input, class Workspace>
using problem_of_forward = std::conditional_t<
    Network::net::valid,
    messages::first_problem<
        typename ProblemOfBatch<Place, typename Network::input_shape, typename Network::backend,
                                typename Network::scalar, Input>::type,
        typename ProblemOfGivenWorkspace<Place, Network, false, Workspace>::type>,
    messages::ReportedElsewhere>;

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
        typename ProblemOfGivenWorkspace<messages::backward_in_network, Network, true, Workspace>::type>,
    messages::ReportedElsewhere>;

/// The arguments of a backward pass to the network's parameters.
template <class Network, class Gradient, class Workspace, class Gradients>
using problem_of_backward =
    messages::first_problem<problem_of_backward_to_input<Network, Gradient, Workspace>,
                            problem_of_gradients<messages::backward_in_network, Network, Gradients>>;

} // namespace ctgan::detail
