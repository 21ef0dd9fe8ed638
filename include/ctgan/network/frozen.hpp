#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/arguments.hpp>
#include <ctgan/network/is_network.hpp>
#include <ctgan/network/network.hpp>

#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

/// A network for inference alone, which computes once what would be the same in each pass: normalizations
/// become one multiplication and one addition, and the weights of convolutions are stored as the fastest
/// algorithm reads them. For example,
///
///     const Frozen frozen(generator);
///     decltype(frozen)::Workspace workspace(64);
///     const auto images = frozen.forward(noise, workspace);
///
/// It is like torch.jit.freeze: a copy, which later changes of the network do not reach. Outputs are those of
/// Network::forward up to rounding: the algorithms depend on how many samples a batch has, but not on the
/// number of threads. Several threads may use one const Frozen, each with a workspace of its own.
template <class TheNetwork>
class Frozen {
    using ProblemOfNetwork = messages::unless<detail::is_network<TheNetwork>, messages::frozen,
                                              messages::a_network, messages::other_type<TheNetwork>>;
    // Something harmless in place of what is not a Network.
    using Network = std::conditional_t<detail::is_network<TheNetwork>, TheNetwork,
                                       ctgan::Network<Sequential<Linear<1, 1>>>>;
    using Backend = typename Network::backend;
    using T = typename Network::scalar;

  public:
    using net = typename Network::net;                   ///< the Sequential
    using backend = Backend;                             ///< the backend whose memory holds it
    using scalar = T;                                    ///< float or double
    using input_shape = typename Network::input_shape;   ///< shape of an input sample
    using output_shape = typename Network::output_shape; ///< shape of an output sample
    /// The workspace of forward(): holds two activations at a time.
    using Workspace = ctgan::Workspace<net, Backend, T, WorkspaceKind::frozen>;
    /// What forward() returns: a view of its workspace.
    using OutputView = typename Network::OutputView;

    /// Copies the network, or takes it over if it is moved here. Throws std::bad_alloc if there is not enough
    /// memory.
    explicit Frozen(Network network) : network_(std::move(network)), prepared_(Plan::prepared[net::depth]) {
        Backend::in_region(
            [&] { detail::for_each_index<net::depth>([&](auto i) { prepare<decltype(i)::value>(); }); });
    }
    /// Only a Network can be frozen. This constructor only reports the error.
    template <class Given>
        requires(!detail::is_network<Given>)
    explicit Frozen(const Given&) : Frozen(Network(0)) {}

    /// The output for a batch in evaluation mode. The view is valid until the workspace's next pass. Throws
    /// std::invalid_argument if the batch is empty or larger than the workspace's capacity.
    template <class Input, class GivenWorkspace>
    OutputView forward(const Input& input, GivenWorkspace& workspace) const {
        using Problem = detail::or_problem_of_drawing<
            detail::problem_of_forward<messages::forward_of_network, Frozen, Input, GivenWorkspace,
                                       WorkspaceKind::frozen>,
            messages::forward_of_network, Frozen, Mode::evaluation>;
        CTGAN_REQUIRE (Problem) {
            return evaluate(input, workspace, {});
        } else
            return {};
    }
    /// The same for a network that draws random numbers in evaluation mode, too: give each pass another
    /// `randomness`.
    template <class Input, class GivenWorkspace>
    OutputView forward(const Input& input, GivenWorkspace& workspace, Randomness randomness) const {
        using Problem = detail::problem_of_forward<messages::forward_of_network, Frozen, Input,
                                                   GivenWorkspace, WorkspaceKind::frozen>;
        CTGAN_REQUIRE (Problem) {
            return evaluate(input, workspace, randomness);
        } else
            return {};
    }
    /// A pass needs a workspace. This overload only reports the error.
    template <class Input>
    OutputView forward(const Input&) const {
        using Problem =
            detail::problem_of_call<messages::forward_of_network, messages::workspace, messages::none, Input>;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }

  private:
    using Plan = detail::Plan<net, Backend, T>;

    template <int At>
    void prepare() {
        using Layer = typename net::template layer<At>;
        if constexpr (Plan::prepared[At] < Plan::prepared[At + 1])
            Layer::prepare(PreparePass<Layer, typename net::template shape<At>, Backend, T>{
                .parameters = network_.parameters() + Plan::parameters[At],
                .buffers = network_.buffers() + Plan::buffers[At],
                .prepared = prepared_.data() + Plan::prepared[At]});
    }

    template <class Input, class GivenWorkspace>
    OutputView evaluate(const Input& input, GivenWorkspace& workspace, const Randomness& randomness) const {
        const detail::Walk<net, Backend, T> walk{network_.parameters(), network_.buffers(), prepared_.data()};
        walk.forward(workspace, as_view(input), Mode::evaluation, nullptr, randomness);
        return workspace.output();
    }

    Network network_;
    typename Backend::template Memory<T> prepared_; ///< laid out as Plan::prepared

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<ProblemOfNetwork>::text>,
                  CTGAN_MESSAGE(ProblemOfNetwork));
};

/// `Frozen frozen(network)` deduces the type of the network.
template <class Given>
explicit Frozen(const Given&) -> Frozen<Given>;

} // namespace ctgan::inline CTGAN_ABI
