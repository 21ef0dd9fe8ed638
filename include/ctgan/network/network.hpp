#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/messages/missing_backend.hpp>
#include <ctgan/messages/require.hpp>
#include <ctgan/network/arguments.hpp>
#include <ctgan/network/description.hpp>
#include <ctgan/network/gradients.hpp>
#include <ctgan/network/init.hpp>
#include <ctgan/network/network_tensors.hpp>
#include <ctgan/network/randomness.hpp>
#include <ctgan/network/several_batches.hpp>
#include <ctgan/network/walk.hpp>
#include <ctgan/network/workspace.hpp>

#include <cstdint>

namespace ctgan::inline CTGAN_ABI {

static_assert(Backend<messages::MissingBackend>, "MissingBackend lacks an operation of the concept Backend");

/// A network: the parameters and running statistics of the Sequential `Description`, in the memory of backend
/// B, and the passes through it. For example, `Network<Generator> generator{seed};`. It is like a
/// torch.nn.Module, but the activations of a pass are in a workspace that the caller provides.
template <class Description, class B = Cpu, class Scalar = float>
class Network : public detail::PassesOf<Network<Description, B, Scalar>, Description>,
                public detail::NetworkTensors<detail::description_or_harmless<Description>,
                                              messages::backend_or_missing<B>, Scalar> {
    static_assert(sizeof(messages::CheckBackend<B>) > 0); // NOLINT(bugprone-sizeof-expression)
    using Described = detail::description_or_harmless<Description>;
    using Report = typename Described::input_shape; // what is wrong, before clang reads the next line
    using Net = detail::after_report<Described, typename Described::MissingInput>;
    using Backend = messages::backend_or_missing<B>;
    using Plan = detail::Plan<Net, Backend, Scalar>;
    using Walk = detail::Walk<Net, Backend, Scalar>;
    using Several = detail::PassesOf<Network, Description>;

  public:
    using Several::backward, Several::backward_for_update, Several::backward_to_input;
    using Several::forward, Several::forward_training;

    using net = Net;                                 ///< the Sequential
    using backend = Backend;                         ///< the backend whose memory holds it
    using scalar = Scalar;                           ///< float or double: parameters, activations, gradients
    using input_shape = typename Net::input_shape;   ///< shape of an input sample
    using output_shape = typename Net::output_shape; ///< shape of an output sample
    /// A workspace for forward() alone: holds the activations that are still to be read.
    using Workspace = ctgan::Workspace<Net, Backend, Scalar, WorkspaceKind::inference>;
    /// A workspace for all passes: keeps what backward() reads.
    using TrainingWorkspace = ctgan::Workspace<Net, Backend, Scalar, WorkspaceKind::training>;
    /// The gradients with respect to the parameters, which backward() computes and an optimizer reads.
    using Gradients = ctgan::Gradients<Net, Backend, Scalar>;
    /// What a forward pass returns: a view of its workspace; of several outputs a tuple of views.
    using OutputView =
        typename Plan::Memory::Outputs::template Views<const Scalar, typename Backend::memory_space>;
    /// What a backward pass to the input returns: the same, with NoGradient for labels.
    using InputView =
        typename Plan::Memory::Inputs::template Gradients<const Scalar, typename Backend::memory_space>;

    /// The number of learned values, as PyTorch's sum(p.numel() for p in parameters()).
    static constexpr Index parameter_count = Plan::parameter_count;

    /// Floating-point operations of a forward pass per sample: two for each multiplication; padded zeros
    /// are not counted.
    static constexpr Index flops = 2 * Plan::multiplications;

    /// The size in bytes of a workspace for `batch` samples, the memory that a pass needs besides the
    /// network.
    static constexpr std::size_t workspace_bytes(int batch, WorkspaceKind kind = WorkspaceKind::inference) {
        using OfFrozen = ctgan::Workspace<Net, Backend, Scalar, WorkspaceKind::frozen>;
        return kind == WorkspaceKind::training ? TrainingWorkspace::bytes(batch)
               : kind == WorkspaceKind::frozen ? OfFrozen::bytes(batch)
                                               : Workspace::bytes(batch);
    }

    /// Initializes the parameters, as PyTorch does or with init::Dcgan{}. `which` distinguishes networks that
    /// share a seed.
    template <class Init = init::PyTorch>
        requires(detail::IsInitialization<Init, Backend, Scalar>)
    explicit Network(std::uint64_t seed, Init = {}, std::uint64_t which = 0) {
        std::uint32_t number = 0;
        this->for_each_tensor([&](int, const TensorSpec& tensor, Scalar* data, bool) {
            Init::template fill<Backend>(data, tensor, {seed, which, random::initialization + number++});
        });
        if constexpr (Plan::Layers::initializes_buffers)
            detail::initialize_buffers<Plan, Net, Backend>(this->parameters(), this->buffers(), seed, which);
    }

    // Without a seed, or with something else than an initialization after it: these only report the error.
    template <class Call = void>
    Network() : Network(0) {
        using Problem =
            detail::problem_of_call<messages::the_network, messages::seed_of_network, messages::none, Call>;
        CTGAN_REQUIRE (Problem) {
        }
    }
    template <class Call = void>
    explicit Network(messages::Anything, messages::Anything = {}, messages::Anything = {}) : Network(0) {
        using Problem = detail::problem_of_call<messages::the_network, messages::seed_and_initialization,
                                                messages::other_arguments, Call>;
        CTGAN_REQUIRE (Problem) {
        }
    }

    /// The output for a batch in evaluation mode, for which normalizations use their running statistics. The
    /// view is valid until the workspace's next forward pass. Several threads may call forward() at the same
    /// time, each with a workspace of its own. Throws std::invalid_argument if the batch is empty or larger
    /// than the workspace's capacity.
    template <class Input, class GivenWorkspace>
    OutputView forward(const Input& input, GivenWorkspace& workspace) const {
        using Problem = detail::or_problem_of_drawing<
            detail::problem_of_forward<messages::forward_of_network, Network, Input, GivenWorkspace>,
            messages::forward_of_network, Network, Mode::evaluation>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(input);
            return evaluate({{view.data}, view.count}, workspace, {});
        } else
            return {};
    }
    /// The same for a network that draws random numbers in evaluation mode, too, as with Dropout2d<P,
    /// DropoutMode::always>: give each pass another `randomness`.
    template <class Input, class GivenWorkspace>
    OutputView forward(const Input& input, GivenWorkspace& workspace, Randomness randomness) const {
        using Problem =
            detail::problem_of_forward<messages::forward_of_network, Network, Input, GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(input);
            return evaluate({{view.data}, view.count}, workspace, randomness);
        } else
            return {};
    }

    /// The output for a batch in training mode: normalizations use the batch's statistics and update their
    /// running statistics. `input` may be a temporary View, but the memory that it views must stay alive and
    /// unchanged until the backward pass is done.
    ///
    /// Throws as forward() does, and std::invalid_argument if a BatchNorm gets one value per channel. The
    /// layers before it have then updated their running statistics already.
    template <class Input, class GivenWorkspace>
    OutputView forward_training(Input&& input, GivenWorkspace& workspace) {
        using Problem =
            detail::or_problem_of_drawing<detail::problem_of_forward_training<Network, Input, GivenWorkspace>,
                                          messages::forward_training_of_network, Network, Mode::training>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(input);
            return train({{view.data}, view.count}, workspace, {});
        } else
            return {};
    }
    /// The same for a network that draws random numbers, for dropout. Give each pass another `randomness`,
    /// such as {.seed = 1, .pass = step}: passes with the same one drop the same channels.
    template <class Input, class GivenWorkspace>
    OutputView forward_training(Input&& input, GivenWorkspace& workspace, Randomness randomness) {
        using Problem = detail::problem_of_forward_training<Network, Input, GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(input);
            return train({{view.data}, view.count}, workspace, randomness);
        } else
            return {};
    }
    /// There is one input. These overloads only report the error.
    template <class First, class Second, class Third, class... More>
        requires(detail::are_too_many_batches<Net, Third>)
    OutputView forward(const First&, const Second&, const Third&, const More&...)
    const {
        using Problem = detail::problem_of_batches<messages::forward_of_network, Net, First, Second, Third>;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }
    template <class First, class Second, class Third, class... More>
        requires(detail::are_too_many_batches<Net, Third>)
    OutputView forward_training(const First&, const Second&, const Third&, const More&...) {
        using Problem =
            detail::problem_of_batches<messages::forward_training_of_network, Net, First, Second, Third>;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }
    /// A pass needs a workspace. These overloads only report the error.
    template <class Input>
    OutputView forward(const Input&) const {
        using Problem =
            detail::problem_of_call<messages::forward_of_network, messages::workspace, messages::none, Input>;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }
    template <class Input>
    OutputView forward_training(const Input&) const {
        using Problem = detail::problem_of_call<messages::forward_training_of_network, messages::workspace,
                                                messages::none, Input>;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }
    /// A const network is frozen. This overload only reports the error.
    template <class Input, class GivenWorkspace>
    OutputView forward_training(const Input&, GivenWorkspace&, Randomness = {}) const {
        using Problem = typename detail::ProblemOfFrozen<Input>::type;
        CTGAN_REQUIRE (Problem) {
        }
        return {};
    }

    /// The gradients with respect to the parameters, given the gradient with respect to the output of the
    /// workspace's last forward pass. They overwrite `gradients` or, with `add`, are added to it. Throws
    /// std::invalid_argument if there was no such pass or if it had another number of samples.
    template <class Gradient, class GivenWorkspace, class GivenGradients>
    void backward(const Gradient& output_gradient, GivenWorkspace& workspace, GivenGradients& gradients,
                  bool add = false) const {
        using Problem = detail::problem_of_backward<Network, Gradient, GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(output_gradient);
            walk().template backward<WithRespectTo::parameters, true>(workspace, {{view.data}, view.count},
                                                                      gradients.data(), add);
        }
    }

    /// Only the gradient with respect to the input, as through a frozen network. The view is valid until the
    /// workspace's next backward pass. Throws as backward() does.
    template <class Gradient, class GivenWorkspace>
    InputView backward_to_input(const Gradient& output_gradient, GivenWorkspace& workspace) const {
        using Problem = detail::problem_of_backward_to_input<Network, Gradient, GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(output_gradient);
            return run_backward<WithRespectTo::input>(workspace, {{view.data}, view.count}, nullptr, false);
        } else
            return {};
    }

    /// The gradients with respect to the parameters, the input or both. `gradients` may be null only if `wrt`
    /// is WithRespectTo::input. Returns the gradient with respect to the input; its data is null if `wrt` is
    /// WithRespectTo::parameters. Throws as the first backward() does.
    template <WithRespectTo wrt, class Gradient, class GivenWorkspace>
    InputView backward(const Gradient& output_gradient, GivenWorkspace& workspace, Gradients* gradients,
                       bool add = false) const {
        using Problem = detail::problem_of_backward_to_input<Network, Gradient, GivenWorkspace>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(output_gradient);
            return run_backward<wrt>(workspace, {{view.data}, view.count},
                                     gradients ? gradients->data() : nullptr, add);
        } else
            return {};
    }

    /// The gradients with respect to the parameters, as by backward(), for an optimizer's step that follows
    /// at once. If the network begins with a Linear layer, the gradient with respect to its weight is left
    /// out of `gradients`; `optimizer.step(network, gradients, factors)` computes it from the returned
    /// factors.
    template <class Gradient, class GivenWorkspace, class GivenGradients>
    [[nodiscard]] WeightGradientFactors<Scalar> backward_for_update(const Gradient& output_gradient,
                                                                    GivenWorkspace& workspace,
                                                                    GivenGradients& gradients) const {
        using Problem = detail::problem_of_backward<Network, Gradient, GivenWorkspace, GivenGradients>;
        CTGAN_REQUIRE (Problem) {
            const auto view = as_view(output_gradient);
            return run_for_update(workspace, {{view.data}, view.count}, gradients.data());
        } else
            return {};
    }
    /// For optimizers: the layer whose weight gradient backward_for_update() leaves out, counted from 0, or
    /// -1 if it leaves out none.
    static constexpr int deferred_layer = [] {
        int layer = -1;
        if constexpr (Plan::first_to_run < Net::depth)
            if (detail::PatternsAt<Net, Backend, Scalar, Plan::first_to_run>::weight_gradient_is_product)
                layer = Plan::first_to_run;
        return layer;
    }();

  private:
    template <class, class, class>
    friend class detail::PassesOfSeveral;
    template <class, WorkspaceKind, class>
    friend class detail::ForwardOfSeveral;
    template <class, class>
    friend class detail::ForwardTrainingOfSeveral;
    using Inputs = detail::Batches<Plan::Memory::Inputs::count>;
    using ToOutputs = detail::Batches<Plan::Memory::Outputs::count>;

    template <class GivenWorkspace>
    OutputView evaluate(const Inputs& inputs, GivenWorkspace& workspace, const Randomness& randomness) const {
        walk().forward(workspace, inputs, Mode::evaluation, nullptr, randomness);
        return workspace.output();
    }
    template <class GivenWorkspace>
    OutputView train(const Inputs& inputs, GivenWorkspace& workspace, const Randomness& randomness) {
        walk().forward(workspace, inputs, Mode::training, this->buffers(), randomness);
        ++this->training_passes_; // not reached by a pass that failed
        return workspace.output();
    }
    template <WithRespectTo wrt>
    InputView run_backward(TrainingWorkspace& workspace, const ToOutputs& output_gradients,
                           Scalar* parameter_gradients, bool add) const {
        const auto gradients =
            walk().template backward<wrt, true>(workspace, output_gradients, parameter_gradients, add);
        return workspace.input_gradient(wrt == WithRespectTo::parameters ? Inputs{} : gradients);
    }
    WeightGradientFactors<Scalar> run_for_update(TrainingWorkspace& workspace,
                                                 const ToOutputs& output_gradients,
                                                 Scalar* parameter_gradients) const {
        const auto gradients = walk().template backward<WithRespectTo::parameters, false>(
            workspace, output_gradients, parameter_gradients, false);
        if constexpr (deferred_layer < 0)
            return {workspace.batch(), nullptr, nullptr};
        else
            return {workspace.batch(), workspace.template position<deferred_layer>(),
                    static_cast<const Scalar*>(gradients.data[0])};
    }

    Walk walk() const { return {this->parameters(), this->buffers()}; }

    // Last, because clang stops reading a class at an assertion that fails.
    using ProblemOfNet = typename detail::ProblemOfNetwork<Description>::type;
    static_assert(nothing_is_wrong<messages::Message<ProblemOfNet>::text>, CTGAN_MESSAGE(ProblemOfNet));
};

} // namespace ctgan::inline CTGAN_ABI
