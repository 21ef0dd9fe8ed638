#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/layers/linear.hpp>
#include <ctgan/network/arguments.hpp>
#include <ctgan/network/is_network.hpp>
#include <ctgan/network/network.hpp>

#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

namespace detail {

/// Whether prepare() can be called, if the layer has the pattern. Checked with float and without a backend.
template <class Layer, class In>
concept PreparesAsDeclared = !patterns_of<Layer>.prepares ||
                             requires(const PreparePass<Layer, In, messages::MissingBackend, float>& pass) {
    Layer::prepare(pass);
};

/// The first layer with the pattern `prepares` but without prepare(), counted from 0; the depth if there is
/// none.
template <class Net, int... Is>
constexpr int find_layer_without_prepare(std::integer_sequence<int, Is...>) {
    const bool prepares[] = {
        PreparesAsDeclared<typename Net::template layer<Is>, typename Net::template given<Is>>..., false};
    int first = 0;
    while (prepares[first]) ++first;
    return first;
}
template <class Net>
inline constexpr int
    first_without_prepare = find_layer_without_prepare<Net>(std::make_integer_sequence<int, Net::depth>{});

/// A network that cannot be frozen.
template <class Given>
struct ProblemOfFreezing {
    using type = messages::Mismatch<messages::frozen, messages::takes<messages::a_network>,
                                    messages::but_is_given<messages::other_type<Given>>>;
};
template <class Net, class B, class T>
struct ProblemOfFreezing<Network<Net, B, T>> {
    using type = messages::NoProblem;
};
template <class Net, class B, class T>
    requires(Net::valid&& first_without_prepare<Net> < Net::depth)
struct ProblemOfFreezing<Network<Net, B, T>> {
    static constexpr int first = first_without_prepare<Net>;
    using type = messages::Invalid<typename Net::template place<first>,
                                   messages::has_no<messages::prepare, messages::as_prepared_requires>>;
};

template <class TheFrozen, class Given>
struct ForwardOfFrozen {
    using type = PassesOfOne;
};
template <class TheFrozen, class Net, class B, class T>
struct ForwardOfFrozen<TheFrozen, Network<Net, B, T>> {
    using type = ForwardOf<TheFrozen, Net>;
};

} // namespace detail

/// A network for inference alone, which computes once what would be the same in each pass: the factors of
/// normalizations, and the weights of convolutions as the fastest algorithm reads them. For example,
///
///     const Frozen frozen(generator);
///     decltype(frozen)::Workspace workspace(64);
///     const auto images = frozen.forward(noise, workspace);
///
/// It is like torch.jit.freeze: a copy, which later changes of the network do not reach. Outputs are those of
/// Network::forward up to rounding: the algorithms depend on how many samples a batch has, but not on the
/// number of threads. Several threads may use one const Frozen, each with a workspace of its own.
template <class TheNetwork>
class Frozen : public detail::ForwardOfFrozen<Frozen<TheNetwork>, TheNetwork>::type {
    using ProblemOfNetwork = typename detail::ProblemOfFreezing<TheNetwork>::type;
    static constexpr bool valid = std::is_same_v<ProblemOfNetwork, messages::NoProblem>;
    // Something harmless in place of what is not a Network.
    using Network = std::conditional_t<valid, TheNetwork, ctgan::Network<Sequential<Linear<1, 1>>>>;
    using Several = typename detail::ForwardOfFrozen<Frozen, TheNetwork>::type;
    using Backend = typename Network::backend;
    using T = typename Network::scalar;

  public:
    using net = typename Network::net;                   ///< the Sequential
    using backend = Backend;                             ///< the backend whose memory holds it
    using scalar = T;                                    ///< float or double
    using input_shape = typename Network::input_shape;   ///< shape of an input sample
    using output_shape = typename Network::output_shape; ///< shape of an output sample
    /// The workspace of forward(): holds the activations that are still to be read.
    using Workspace = ctgan::Workspace<net, Backend, T, WorkspaceKind::frozen>;
    /// What forward() returns: a view of its workspace.
    using OutputView = typename Network::OutputView;
    using Several::forward;

    /// Copies the network, or takes it over if it is moved here. `largest_batch` is the size of the largest
    /// batch of a pass: with a small one less is prepared. Throws std::invalid_argument if it is below 1, and
    /// std::bad_alloc if there is not enough memory.
    explicit Frozen(Network network, int largest_batch = (std::numeric_limits<int>::max)())
        : network_(std::move(network)),
          largest_batch_(check(largest_batch)),
          prepared_(Plan::prepared[net::depth]) {
        Backend::in_region(
            [&] { detail::for_each_index<net::depth>([&](auto i) { prepare<decltype(i)::value>(); }); });
    }
    /// For everything else than this network: only reports the error.
    template <class Given>
        requires(!std::is_same_v<Given, Network>)
    explicit Frozen(const Given&, int = 1) : Frozen(Network(0)) {
        using Problem =
            messages::unless<!valid, messages::frozen, messages::network_of_its_type,
                             std::conditional_t<detail::is_network<Given>, messages::another_network,
                                                messages::other_type<Given>>>;
        CTGAN_REQUIRE (Problem) {
        }
    }

    /// The output for a batch in evaluation mode. The view is valid until the workspace's next pass. Throws
    /// std::invalid_argument if the batch is empty, or larger than the workspace's capacity or the largest
    /// batch of the constructor.
    template <class Input, class GivenWorkspace>
    OutputView forward(const Input& input, GivenWorkspace& workspace) const {
        using Problem = detail::or_problem_of_drawing<
            detail::problem_of_forward<messages::forward_of_network, Frozen, Input, GivenWorkspace,
                                       WorkspaceKind::frozen>,
            messages::forward_of_network, Frozen, Mode::evaluation>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(input);
            return evaluate({{view.data}, view.count}, workspace, {});
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
            const auto view = as_view(input);
            return evaluate({{view.data}, view.count}, workspace, randomness);
        } else
            return {};
    }
    /// One batch for each input. This overload only reports the error.
    template <class First, class Second, class Third, class... More>
        requires(detail::are_too_many_batches<net, Third>)
    OutputView forward(const First&, const Second&, const Third&, const More&...)
    const {
        using Problem = detail::problem_of_batches<messages::forward_of_network, net, First, Second, Third>;
        CTGAN_REQUIRE (Problem) {
        }
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
            Layer::prepare(PreparePass<Layer, typename net::template given<At>, Backend, T>{
                .batch = largest_batch_,
                .parameters = network_.parameters() + Plan::parameters[At],
                .buffers = network_.buffers() + Plan::buffers[At],
                .prepared = prepared_.data() + Plan::prepared[At]});
    }

    template <class, WorkspaceKind, class>
    friend class detail::ForwardOfSeveral;
    using Inputs = detail::Batches<Plan::Memory::Inputs::count>;

    template <class GivenWorkspace>
    OutputView evaluate(const Inputs& inputs, GivenWorkspace& workspace, const Randomness& randomness) const {
        // Of a batch that several processes share, all samples count.
        if (Backend::whole(inputs.count) > largest_batch_)
            detail::fail_with<std::invalid_argument>({"forward: found a batch of ",
                                                      Backend::whole(inputs.count), ", expected at most ",
                                                      largest_batch_, ", for which the network was frozen"});
        const detail::Walk<net, Backend, T> walk{network_.parameters(), network_.buffers(), prepared_.data()};
        walk.forward(workspace, inputs, Mode::evaluation, nullptr, randomness);
        return workspace.output();
    }

    static int check(int largest_batch) {
        if (largest_batch < 1)
            detail::fail_with<std::invalid_argument>(
                {"Frozen: found ", largest_batch, " as the largest batch, expected at least 1"});
        return largest_batch;
    }

    Network network_;
    int largest_batch_;
    typename Backend::template Memory<T> prepared_; ///< laid out as Plan::prepared

    // Last, because clang stops reading a class at an assertion that fails.
    static_assert(nothing_is_wrong<messages::Message<ProblemOfNetwork>::text>,
                  CTGAN_MESSAGE(ProblemOfNetwork));
};

/// `Frozen frozen(network)` deduces the type of the network.
template <class Given>
explicit Frozen(const Given&, int = 1) -> Frozen<Given>;

} // namespace ctgan::inline CTGAN_ABI
