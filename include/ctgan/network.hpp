#pragma once

#include <ctgan/fail.hpp>
#include <ctgan/handed.hpp>
#include <ctgan/init.hpp>
#include <ctgan/patterns.hpp>
#include <ctgan/workspace.hpp>

#include <cstdint>

namespace ctgan {

/// Which random numbers a forward pass uses. Every pass that is to differ takes another number.
struct Randomness {
    std::uint64_t seed = 0;   ///< of all random numbers of a run
    std::uint64_t pass = 0;   ///< the number of this pass
    bool draw = true;         ///< false: the workspace's own are used again
    random::Clock clock = {}; ///< moves `pass` on without the host

    /// Uses what lies in the workspace already: masks from a file, or those of the pass before.
    static constexpr Randomness given() { return {0, 0, false}; }
};

/// Which gradients a backward pass computes. The others are not even compiled.
enum class To { parameters = 1, input = 2, both = 3 };

static_assert(Backend<diagnosis::MissingRoom>, "a verb is missing in the room that stands in for others");

/// The gradients of a network's parameters, one after the other in one arena, in the parameters' own layout.
template <class Net, class Backend, class T>
class Gradients {
    using Plan = detail::Plan<Net, Backend, T>;

  public:
    /// All zero.
    Gradients() : memory_(Plan::parameters[Net::depth]) {}
    /// All of them, in the backend's memory.
    T* data() { return memory_.data(); }
    /// The same, only to read.
    const T* data() const { return memory_.data(); }
    /// Numbers, with the gaps between tensors.
    Index size() const { return memory_.size(); }
    /// Tensor K of layer I.
    template <int I, int K>
    T* tensor() {
        return data() + Plan::parameters[I] + tensor_offset(Net::template layer<I>::parameters, K);
    }

  private:
    typename Backend::template Memory<T> memory_;
};

/// A network's parameters and running statistics in a room: `Network<Generator> generator{seed};`
template <class Net, class Backend = Cpu, class Scalar = float>
class Network : private diagnosis::CheckBackend<Backend> {
    using Room = diagnosis::room<Backend>;
    using Plan = detail::Plan<Net, Room, Scalar>;

  public:
    using net = Net;                                 ///< the Sequential
    using backend = Room;                            ///< whose memory it lies in
    using scalar = Scalar;                           ///< of all numbers
    using input_shape = typename Net::input_shape;   ///< of a sample that it takes
    using output_shape = typename Net::output_shape; ///< of a sample that it gives
    /// For forward() alone: two activations at a time.
    using Workspace = ctgan::Workspace<Net, Room, Scalar, Purpose::inference>;
    /// For all passes: what backward reads is kept.
    using TrainingWorkspace = ctgan::Workspace<Net, Room, Scalar, Purpose::training>;
    /// For backward().
    using Gradients = ctgan::Gradients<Net, Room, Scalar>;

    /// Learned numbers, as PyTorch's sum(p.numel() for p in parameters()).
    static constexpr Index parameter_count = [] {
        Index sum = 0;
        detail::for_each_index<Net::depth>([&](auto i) {
            for (const TensorSpec& tensor : Net::template layer<decltype(i)::value>::parameters)
                sum += tensor.size();
        });
        return sum;
    }();

    /// Floating-point operations of a forward pass per sample: two for each multiplication that is not with
    /// padding.
    static constexpr Index flops = [] {
        Index sum = 0;
        detail::for_each_index<Net::depth>([&](auto i) {
            constexpr int I = decltype(i)::value;
            sum += 2 * Net::template layer<I>::template multiplications<typename Net::template shape<I>>;
        });
        return sum;
    }();

    /// Bytes that a pass takes beyond the network itself.
    static constexpr std::size_t workspace_bytes(int batch, Purpose purpose = Purpose::inference) {
        return purpose == Purpose::training ? TrainingWorkspace::bytes(batch) : Workspace::bytes(batch);
    }

    /// Starts the parameters: as PyTorch does, or with init::Dcgan{}. Networks of one seed differ by `which`.
    template <class Init = init::PyTorch>
    explicit Network(std::uint64_t seed, Init = {}, std::uint64_t which = 0)
        : parameters_(Plan::parameters[Net::depth]), buffers_(Plan::buffers[Net::depth]) {
        std::uint32_t number = 0;
        for_each_tensor([&](int, const TensorSpec& tensor, Scalar* data, bool) {
            Init::template fill<Room>(tensor, data, {seed, which, random::initialization + number++});
        });
    }

    /// The output for a batch, in evaluation mode: running statistics, no gradients. Throws
    /// std::invalid_argument where the batch is empty or larger than the workspace's capacity. Several
    /// threads may call it at a time, each with a workspace of its own. The view is valid until
    /// the workspace's next pass.
    template <class Input, class GivenWorkspace>
    View<output_shape, const Scalar> forward(const Input& input, GivenWorkspace& workspace,
                                             Randomness randomness = {}) const {
        using Problem =
            detail::problem_of_forward<diagnosis::forward_of_network, Network, Input, GivenWorkspace>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>)
            return run_forward(as_view(input), workspace, Mode::evaluation, nullptr, randomness);
        else
            return {};
    }

    /// The output for a batch, in training mode: batch statistics, and the running ones move.
    template <class Input, class GivenWorkspace>
    View<output_shape, const Scalar> forward_training(const Input& input, GivenWorkspace& workspace,
                                                      Randomness randomness = {}) {
        using Problem = detail::problem_of_forward<diagnosis::forward_training_of_network, Network, Input,
                                                   GivenWorkspace>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>) {
            const auto output =
                run_forward(as_view(input), workspace, Mode::training, buffers_.data(), randomness);
            ++training_passes_; // one that failed is none
            return output;
        } else
            return {};
    }
    /// A const network is frozen: this only says so.
    template <class Input, class GivenWorkspace>
    View<output_shape, const Scalar> forward_training(const Input&, GivenWorkspace&, Randomness = {}) const {
        using Problem = typename detail::ProblemOfFrozen<Input>::type;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        return {};
    }

    /// The gradients of a number, given its gradient to the output of the workspace's last forward pass.
    /// Throws std::invalid_argument where the two differ in their number of samples.
    /// Parameter gradients go to `gradients`, or are added to it; the input's is returned, valid until the
    /// workspace's next pass.
    template <To to, class Gradient, class GivenWorkspace>
    View<input_shape, const Scalar> backward(const Gradient& gradient_batch, GivenWorkspace& workspace,
                                             Gradients* gradients, bool add = false) const {
        using Problem = detail::problem_of_backward_to_input<Network, Gradient, GivenWorkspace>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>) {
            const auto* gradient = run_backward<to, true>(as_view(gradient_batch), workspace, gradients, add);
            return {to == To::parameters ? nullptr : gradient, workspace.batch()};
        } else
            return {};
    }

    /// As backward() to the parameters, for an optimizer's step that follows at once: where the network
    /// begins with a Linear layer, its weight's gradient is left out of `gradients`, and what is returned
    /// goes to `optimizer.step(network, gradients, factors)`, which makes it where it is used.
    template <class Gradient, class GivenWorkspace, class GivenGradients>
    [[nodiscard]] WeightGradientFactors<Scalar> backward_for_update(const Gradient& output_gradient,
                                                                    GivenWorkspace& workspace,
                                                                    GivenGradients& gradients) const {
        using Problem = detail::problem_of_backward<Network, Gradient, GivenWorkspace, GivenGradients>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>) {
            const auto gradient =
                run_backward<To::parameters, false>(as_view(output_gradient), workspace, &gradients, false);
            return {workspace.batch(),
                    workspace.template position<(layer_left_to_update < 0 ? 0 : layer_left_to_update)>(),
                    gradient};
        } else
            return {};
    }
    /// The layer whose weight that call leaves out, or -1.
    static constexpr int layer_left_to_update = [] {
        int layer = -1;
        detail::for_each_index<Net::depth>([&](auto i) {
            if (detail::PatternsAt<Net, Room, Scalar, decltype(i)::value>::weight_gradient_is_product)
                layer = i;
        });
        return layer;
    }();

    /// The gradients to the parameters alone.
    template <class Gradient, class GivenWorkspace, class GivenGradients>
    void backward(const Gradient& output_gradient, GivenWorkspace& workspace, GivenGradients& gradients,
                  bool add = false) const {
        using Problem = detail::problem_of_backward<Network, Gradient, GivenWorkspace, GivenGradients>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>)
            run_backward<To::parameters, true>(as_view(output_gradient), workspace, &gradients, add);
    }

    /// The gradient to the input alone, through a frozen network.
    template <class Gradient, class GivenWorkspace>
    View<input_shape, const Scalar> backward_to_input(const Gradient& output_gradient,
                                                      GivenWorkspace& workspace) const {
        using Problem = detail::problem_of_backward_to_input<Network, Gradient, GivenWorkspace>;
        static_assert(nothing_is_wrong<diagnosis::Sentence<Problem>::text>, CTGAN_SENTENCE(Problem));
        if constexpr (std::is_same_v<Problem, diagnosis::Fits>)
            return {run_backward<To::input, true>(as_view(output_gradient), workspace, nullptr, false),
                    workspace.batch()};
        else
            return {};
    }

    /// Calls f(layer counted from 0, TensorSpec, data, is a buffer) for each tensor, layer by layer.
    template <class F>
    void for_each_tensor(F&& f) {
        visit(*this, f);
    }
    /// The same, only to read.
    template <class F>
    void for_each_tensor(F&& f) const {
        visit(*this, f);
    }

    /// All parameters, each tensor on a cache line of its own; the gaps stay zero.
    Scalar* parameters() { return parameters_.data(); }
    /// The same, only to read.
    const Scalar* parameters() const { return parameters_.data(); }
    /// Numbers at parameters(), with the gaps.
    Index arena_size() const { return parameters_.size(); }

    /// Tensor K of layer I, I counted from 0.
    template <int I, int K>
    Scalar* parameter() {
        return parameters_.data() + Plan::parameters[I] +
               tensor_offset(Net::template layer<I>::parameters, K);
    }
    /// Running statistic K of layer I.
    template <int I, int K>
    Scalar* buffer() {
        return buffers_.data() + Plan::buffers[I] + tensor_offset(Net::template layer<I>::buffers, K);
    }

    /// How many passes in training mode the network has seen: PyTorch's num_batches_tracked.
    std::int64_t training_passes() const { return training_passes_; }
    /// Lets it have seen so many: where weights are loaded.
    void set_training_passes(std::int64_t passes) { training_passes_ = passes; }

  private:
    template <Purpose purpose>
    View<output_shape, const Scalar> run_forward(View<input_shape, const Scalar> input,
                                                 ctgan::Workspace<Net, Room, Scalar, purpose>& workspace,
                                                 Mode mode, Scalar* updated_buffers,
                                                 Randomness randomness) const {
        workspace.begin(input, mode);
        detail::for_each_index<Net::depth>([&](auto i) {
            constexpr int I = decltype(i)::value;
            using L = typename Net::template layer<I>;
            using Here = PatternsAt<I>;
            if constexpr (!L::identity && !applied_in_front<I>)
                L::forward(
                    ForwardPass<L, typename Net::template shape<I>, Room, Scalar, decltype(Here::function())>{
                        input.count,
                        mode,
                        {randomness.seed, randomness.pass, random::layers + I, randomness.clock},
                        randomness.draw,
                        workspace.template position<I>(),
                        workspace.template writable_position<I + 1>(),
                        parameters_.data() + Plan::parameters[I],
                        buffers_.data() + Plan::buffers[I],
                        updated_buffers ? updated_buffers + Plan::buffers[I] : nullptr,
                        workspace.template saved<I>(),
                        workspace.scratch(),
                        factors_of<Here::dropout_in_front>(workspace),
                        mode == Mode::training ? Plan::template algorithms<purpose>
                                               : Algorithms::same_for_every_batch});
        });
        return workspace.output();
    }

    template <int I>
    using PatternsAt = detail::PatternsAt<Net, Room, Scalar, I>;

    /// Whether the layer in front has applied layer I's function already, or, on the way back, the layer
    /// behind its slope.
    template <int I>
    static constexpr bool applied_in_front = [] {
        if constexpr (I > 0) return PatternsAt<I - 1>::applies_next_function;
        return false;
    }();
    template <int I>
    static constexpr bool applied_behind = [] {
        if constexpr (I + 1 < Net::depth) return PatternsAt<I + 1>::applies_previous_slope;
        return false;
    }();

    /// The factors by which dropout I multiplied channels in the workspace's last forward pass, or null.
    template <int I, Purpose purpose>
    static const Scalar* factors_of(ctgan::Workspace<Net, Room, Scalar, purpose>& workspace) {
        if constexpr (I >= 0) {
            if (Net::template layer<I>::drops(workspace.mode())) return workspace.template saved<I>();
        }
        return nullptr;
    }

    template <To to, bool to_first_weight>
    const Scalar* run_backward(View<output_shape, const Scalar> output_gradient, TrainingWorkspace& workspace,
                               Gradients* gradients, bool add) const {
        if (workspace.batch() < 1)
            detail::fail(std::invalid_argument(
                "backward: found a workspace without a forward pass, expected one with"));
        if (output_gradient.count != workspace.batch())
            detail::fail(std::invalid_argument("backward: found a gradient of " +
                                               std::to_string(output_gradient.count) + " samples, expected " +
                                               std::to_string(workspace.batch()) +
                                               ", as many as the last forward pass had"));
        const Scalar* gradient = output_gradient.data;
        detail::for_each_index_reversed<Net::depth>([&](auto i) {
            gradient =
                backward_layer<decltype(i)::value, to, to_first_weight>(gradient, workspace, gradients, add);
        });
        return gradient;
    }

    /// One layer's backward pass; returns the gradient to its input.
    template <int I, To to, bool to_first_weight>
    const Scalar* backward_layer(const Scalar* gradient, TrainingWorkspace& workspace, Gradients* gradients,
                                 bool add) const {
        using L = typename Net::template layer<I>;
        constexpr bool to_input = to != To::parameters || Plan::parameters_before[I];
        constexpr bool to_parameters = to != To::input && L::parameters.size() > 0;
        constexpr bool to_weight = to_first_weight || !PatternsAt<I>::weight_gradient_is_product;
        using Here = PatternsAt<I>;
        if constexpr (L::identity || applied_behind<I> || !(to_input || to_parameters))
            return gradient;
        else {
            Scalar* const first = workspace.gradient_block(0);
            Scalar* const second = workspace.gradient_block(1);
            Scalar* next = gradient == first ? second : first;
            if (L::in_place && gradient == second) next = second;
            if (L::in_place && gradient == first) next = first;
            L::backward(BackwardPass<L, typename Net::template shape<I>, Room, Scalar, to_input,
                                     to_parameters, to_weight, decltype(Here::previous_function())>{
                workspace.batch(), workspace.mode(), add, workspace.template position<I>(),
                workspace.template position<I + 1>(), gradient, next,
                parameters_.data() + Plan::parameters[I],
                gradients ? gradients->data() + Plan::parameters[I] : nullptr, workspace.template saved<I>(),
                workspace.scratch(), factors_of<Here::dropout_in_front>(workspace),
                factors_of<Here::dropout_behind>(workspace),
                workspace.mode() == Mode::training ? Algorithms::best_for_this_batch
                                                   : Algorithms::same_for_every_batch});
            return to_input ? next : gradient;
        }
    }

    template <class Self, class F>
    static void visit(Self& self, F& f) {
        detail::for_each_index<Net::depth>([&](auto i) {
            constexpr int I = decltype(i)::value;
            using L = typename Net::template layer<I>;
            const auto visit_all = [&](const auto& tensors, auto* data, bool buffer) {
                for (std::size_t k = 0; k < tensors.size(); ++k)
                    f(I, tensors[k], data + tensor_offset(tensors, k), buffer);
            };
            visit_all(L::parameters, self.parameters_.data() + Plan::parameters[I], false);
            visit_all(L::buffers, self.buffers_.data() + Plan::buffers[I], true);
        });
    }

    typename Room::template Memory<Scalar> parameters_;
    typename Room::template Memory<Scalar> buffers_;
    std::int64_t training_passes_ = 0;
};

} // namespace ctgan
