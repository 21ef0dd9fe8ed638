#pragma once

#include <ctgan/optim/update.hpp>
#include <ctgan/workspace.hpp>

#include <type_traits>
#include <utility>

/// Whether what a function of a network is handed belongs to it. All of it is types; each alias is Fits or a
/// mistake of diagnosis.hpp.
namespace ctgan::detail {

/// Rooms that are derived from each other share their memory.
template <class A, class B>
inline constexpr bool same_memory =
    std::is_same_v<typename A::template Memory<float>, typename B::template Memory<float>>;

/// A batch or a view, at a place that takes a shape of a scalar in a room.
template <class Place, class Shape, class Room, class Scalar, class Given>
struct ProblemOfBatch {
    using type = diagnosis::Mismatch<Place, diagnosis::takes<diagnosis::batch_or_view>,
                                     diagnosis::but_is_given<diagnosis::other_type<Given>>>;
};
template <class Place, class Shape, class Room, class Scalar, class GivenShape, class T>
struct ProblemOfBatch<Place, Shape, Room, Scalar, View<GivenShape, T>> {
    using type = diagnosis::first<
        diagnosis::compare<Place, Shape, GivenShape>,
        diagnosis::compare<Place, diagnosis::numbers<Scalar>, diagnosis::numbers<std::remove_const_t<T>>>>;
};
template <class Place, class Shape, class Room, class Scalar, class GivenShape, class Backend, class T>
struct ProblemOfBatch<Place, Shape, Room, Scalar, BatchOn<GivenShape, Backend, T>> {
    using type =
        diagnosis::first<typename ProblemOfBatch<Place, Shape, Room, Scalar, View<GivenShape, T>>::type,
                         diagnosis::unless<same_memory<Room, diagnosis::room<Backend>>, Place,
                                           diagnosis::memory_of<Room>, diagnosis::memory_of<Backend>>>;
};
/// A class that is derived from a batch is that batch.
template <class Shape, class Backend, class T>
auto batch_within(const BatchOn<Shape, Backend, T>&) -> BatchOn<Shape, Backend, T>;
template <class Place, class Shape, class Room, class Scalar, class Given>
    requires requires(const Given& given) { batch_within(given); }
struct ProblemOfBatch<Place, Shape, Room, Scalar, Given>
    : ProblemOfBatch<Place, Shape, Room, Scalar, decltype(batch_within(std::declval<const Given&>()))> {};

/// A workspace, at a place that takes one for training or, if not so, any of the network's.
template <class Place, class Network, bool for_training, class Given>
struct ProblemOfGivenWorkspace {
    using type = diagnosis::Mismatch<
        Place, diagnosis::takes<diagnosis::workspace_of_the_network>,
        diagnosis::but_is_given<std::conditional_t<std::is_const_v<Given>, diagnosis::const_workspace,
                                                   diagnosis::other_type<Given>>>>;
};
template <class Place, class Network, bool for_training, class Net, class Room, class T, Purpose purpose>
struct ProblemOfGivenWorkspace<Place, Network, for_training, Workspace<Net, Room, T, purpose>> {
    using type = diagnosis::first<
        diagnosis::unless<
            std::is_same_v<Workspace<Net, Room, T, Purpose::training>, typename Network::TrainingWorkspace>,
            Place, diagnosis::workspace_of_the_network, diagnosis::workspace_of_another_network>,
        diagnosis::unless<purpose == Purpose::training || !for_training, Place, diagnosis::training_workspace,
                          diagnosis::workspace_for_inference>>;
};

/// A forward pass. A network in which a mistake was found before is not looked at again.
template <class Place, class Network, class Input, class Workspace>
using problem_of_forward = std::conditional_t<
    Network::net::sound,
    diagnosis::first<typename ProblemOfBatch<Place, typename Network::input_shape, typename Network::backend,
                                             typename Network::scalar, Input>::type,
                     typename ProblemOfGivenWorkspace<Place, Network, false, Workspace>::type>,
    diagnosis::Said>;

/// A forward pass in training mode of a const network.
template <class Input>
struct ProblemOfFrozen {
    using type =
        diagnosis::Mismatch<diagnosis::forward_training, diagnosis::takes<diagnosis::network_to_change>,
                            diagnosis::but_is_given<diagnosis::const_network>>;
};

/// A backward pass to the network's input.
template <class Network, class Gradient, class Workspace>
using problem_of_backward_to_input = std::conditional_t<
    Network::net::sound && is_trainable<typename Network::net>,
    diagnosis::first<
        typename ProblemOfBatch<diagnosis::backward_of_network, typename Network::output_shape,
                                typename Network::backend, typename Network::scalar, Gradient>::type,
        typename ProblemOfGivenWorkspace<diagnosis::backward_in_network, Network, true, Workspace>::type>,
    diagnosis::Said>;

/// One to its parameters, too.
template <class Network, class Gradient, class Workspace, class Gradients>
using problem_of_backward =
    diagnosis::first<problem_of_backward_to_input<Network, Gradient, Workspace>,
                     problem_of_gradients<diagnosis::backward_in_network, Network, Gradients>>;

} // namespace ctgan::detail
