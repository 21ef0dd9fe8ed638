#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/network/gradients.hpp>
#include <ctgan/network/patterns.hpp>
#include <ctgan/network/randomness.hpp>
#include <ctgan/network/workspace.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

namespace ctgan::inline CTGAN_ABI::detail {

/// Runs the layers of a network one after the other, with the patterns of adjacent layers (patterns.hpp).
/// It owns nothing: parameters and running statistics are Network's, activations a workspace's.
template <class Net, class Backend, class T>
struct Walk {
    using Plan = detail::Plan<Net, Backend, T>;
    template <WorkspaceKind kind>
    using Workspace = ctgan::Workspace<Net, Backend, T, kind>;
    using TrainingWorkspace = Workspace<WorkspaceKind::training>;
    using Memory = typename Plan::Memory;

    const T* parameters;         ///< laid out as Plan::parameters
    const T* buffers;            ///< laid out as Plan::buffers
    const T* prepared = nullptr; ///< laid out as Plan::prepared, for a workspace of the kind frozen

    /// The forward pass. `updated_buffers` are the same buffers for writing, in training mode; otherwise
    /// null.
    template <WorkspaceKind kind>
    void forward(Workspace<kind>& workspace, const Batches<Memory::Inputs::count>& input, Mode mode,
                 T* updated_buffers, const Randomness& randomness) const {
        workspace.begin(input, mode);
        Backend::in_region([&] {
            for_each_index<Net::depth>([&](auto i) {
                constexpr int At = decltype(i)::value;
                using L = typename Net::template layer<At>;
                using Here = PatternsAt<At>;
                constexpr bool prepares = kind == WorkspaceKind::frozen && patterns_of<L>.prepares;
                if constexpr (joins_branches<L>)
                    join<At>(workspace);
                else if constexpr (!patterns_of<L>.is_identity && !applied_before<At>)
                    L::forward(ForwardPass<L, typename Net::template given<At>, Backend, T,
                                           decltype(Here::function()), FactorsOf<Here::dropout_before>,
                                           PreparedIf<prepares>>{
                        .batch = input.count,
                        .mode = mode,
                        .stream = random::Stream{randomness.seed, randomness.pass, random::layers + At,
                                                 randomness.counter},
                        .draw = randomness.draw,
                        .input = workspace.template position<wiring.operand(At)>(),
                        .output = workspace.template writable_position<At + 1>(),
                        .parameters = parameters + Plan::parameters[At],
                        .buffers = buffers + Plan::buffers[At],
                        .prepared = prepared_from<prepares>(Plan::prepared[At]),
                        .updated_buffers = updated_buffers ? updated_buffers + Plan::buffers[At] : nullptr,
                        .saved = workspace.template saved<At>(),
                        .scratch = workspace.scratch(),
                        .input_factors = factors_of<Here::dropout_before>(workspace),
                        .algorithms = algorithms_for<kind>(mode, patterns_of<L>.prepares)});
            });
        });
    }

    /// The backward pass; returns the gradients with respect to the network's inputs. Without
    /// `to_first_weight` the gradient with respect to the first weight is left to the optimizer if a pattern
    /// allows it; the only gradient that is returned is then the one for it.
    template <WithRespectTo wrt, bool to_first_weight>
    Batches<Memory::Inputs::count> backward(TrainingWorkspace& workspace,
                                            const Batches<Memory::Outputs::count>& output_gradient,
                                            T* parameter_gradients, bool add) const {
        if (workspace.batch() < 1)
            fail_with<std::invalid_argument>(
                {"backward: found a workspace without a forward pass, expected one with"});
        if (output_gradient.count != workspace.batch())
            fail_with<std::invalid_argument>({"backward: found a gradient of ", output_gradient.count,
                                              " samples, expected ", workspace.batch(),
                                              ", as many as the last forward pass had"});
        workspace.begin_backward();
        return Backend::in_region([&] {
            BackwardState state{workspace.batch(),
                                workspace.mode(),
                                add,
                                workspace.mode() == Mode::training ? Algorithms::fastest
                                                                   : Algorithms::batch_invariant,
                                workspace.capacity(),
                                workspace.gradients(),
                                workspace.scratch(),
                                parameter_gradients,
                                output_gradient};
            for_each_index_reversed<Net::depth>(
                [&](auto i) { backward_layer<decltype(i)::value, wrt, to_first_weight>(workspace, state); });
            Batches<Memory::Inputs::count> result{{}, state.batch};
            for (int k = 0; k < Memory::Inputs::count; ++k)
                result.data[k] = state.gradient(Memory::gradients.of_input[k]);
            if (!to_first_weight && Plan::first_to_run < Net::depth)
                result.data[0] = state.gradient(Memory::gradients.of_output[Plan::first_to_run]);
            return result;
        });
    }

  private:
    static constexpr auto& wiring = Memory::wiring;

    template <int At>
    using PatternsAt = detail::PatternsAt<Net, Backend, T, At>;

    /// Whether layer At's function is applied by the preceding layer or, in the backward pass, its derivative
    /// by the following layer.
    template <int At>
    static constexpr bool applied_before = [] {
        if constexpr (At > 0) return PatternsAt<At - 1>::applies_next_function;
        return false;
    }();
    template <int At>
    static constexpr bool applied_after = [] {
        if constexpr (At + 1 < Net::depth) return PatternsAt<At + 1>::applies_previous_slope;
        return false;
    }();

    /// In evaluation mode a training workspace allows no more than one for inference.
    template <WorkspaceKind kind>
    static constexpr Algorithms algorithms_for(Mode mode, bool prepares) {
        return kind == WorkspaceKind::training && mode == Mode::evaluation
                   ? Algorithms::batch_invariant
                   : algorithms_of_layer(prepares, Plan::template algorithms<kind>);
    }

    template <bool prepares>
    using PreparedIf = std::conditional_t<prepares, const T*, NotPrepared>;
    /// What the layer whose part begins at `offset` has prepared.
    template <bool prepares>
    PreparedIf<prepares> prepared_from(Index offset) const {
        if constexpr (prepares)
            return prepared + offset;
        else
            return {};
    }

    /// const T*, or NoFactors for dropout -1, which is none.
    template <int At>
    using FactorsOf = std::conditional_t<(At >= 0), const T*, NoFactors>;
    /// The factors by which dropout At multiplied channels in the workspace's last forward pass, or null.
    template <int At, WorkspaceKind kind>
    static FactorsOf<At> factors_of(Workspace<kind>& workspace) {
        if constexpr (At >= 0) {
            if (Net::template layer<At>::draws(workspace.mode())) return workspace.template saved<At>();
        }
        return {};
    }

    /// What the layers of a backward pass share. Looked up once, not in code for each layer.
    struct BackwardState {
        int batch;
        Mode mode;
        bool add;
        Algorithms algorithms;
        int capacity;
        T* gradients; ///< the memory of all but the output gradient
        T* scratch;
        T* parameter_gradients; ///< or null
        const Batches<Memory::Outputs::count>& output_gradients;

        /// The gradient at an offset of MemoryPlan::gradients, for writing.
        T* writable(Index offset) const { return gradients + offset * capacity; }
        /// The same, for reading; it may be the user's.
        const T* gradient(Index offset) const {
            return offset < 0 ? static_cast<const T*>(output_gradients.data[-1 - offset]) : writable(offset);
        }
        /// The gradients of the parameters from `offset` on, or null.
        T* gradients_from(Index offset) const {
            return parameter_gradients ? parameter_gradients + offset : nullptr;
        }
    };

    /// The end of branches: y = the first operand + the second one and so on, or the channels of all of them.
    /// Outputs stay where they are.
    template <int At, WorkspaceKind kind>
    void join(Workspace<kind>& workspace) const {
        using L = typename Net::template layer<At>;
        using Out = typename Net::template shape<At + 1>;
        const int batch = workspace.batch();
        T* const y = workspace.template writable_position<At + 1>();
        for_each_index<L::operands>([&](auto k) {
            constexpr int K = decltype(k)::value, first = wiring.first[At];
            const T* const x = workspace.template position<wiring.operands[first + K]>();
            if constexpr (!is_sum<L> && !are_outputs(At))
                Backend::copy_columns(y + L::first(K), Out::channels, x, L::channels[K],
                                      Index{batch} * Out::pixels, L::channels[K]);
            else if constexpr (is_sum<L> && K > 0)
                Backend::zip(y, K == 1 ? workspace.template position<wiring.operands[first]>() : y, x,
                             Index{batch} * Out::size, Sum{});
        });
    }

    /// The backward pass of the end of branches: the gradients with respect to all operands.
    template <int At, WithRespectTo wrt>
    void backward_of_join(const BackwardState& state) const {
        using L = typename Net::template layer<At>;
        using Out = typename Net::template shape<At + 1>;
        for_each_index<L::operands>([&](auto k) {
            constexpr int K = decltype(k)::value, operand = wiring.first[At] + K;
            if constexpr (is_wanted(operand, wrt)) {
                if constexpr (!is_sum<L> && !are_outputs(At))
                    Backend::copy_columns(state.writable(Memory::gradients.written[operand]), L::channels[K],
                                          state.gradient(Memory::gradients.of_output[At]) + L::first(K),
                                          Out::channels, Index{state.batch} * Out::pixels, L::channels[K]);
                if constexpr (Memory::gradients.added[operand] != Memory::Gradients::nothing)
                    add_gradients<operand>(state);
            }
        });
    }

    /// Whether the gradient with respect to an operand of a layer is wanted.
    static constexpr bool is_wanted(int operand, WithRespectTo wrt) {
        const int value = Memory::values.at[wiring.operands[operand]];
        return (wrt != WithRespectTo::parameters && Memory::values.leads_to_input[value]) ||
               (wrt != WithRespectTo::input && Memory::values.needs_gradient[value]);
    }
    /// Whether a layer joins several outputs of the network.
    static constexpr bool are_outputs(int layer) {
        return Memory::Outputs::count > 1 && layer == Net::depth - 1;
    }

    /// Adds the gradient with respect to an operand to that of other layers that read the same position.
    template <int operand>
    static void add_gradients(const BackwardState& state) {
        constexpr Index written = Memory::gradients.written[operand],
                        added = Memory::gradients.added[operand];
        using Shape = typename Net::template shape<wiring.operands[operand]>;
        Backend::zip(state.writable(Memory::gradients.sum[operand]), state.gradient(added),
                     state.gradient(written), Index{state.batch} * Shape::size, Sum{});
    }

    /// The backward pass of one layer.
    template <int At, WithRespectTo wrt, bool to_first_weight>
    void backward_layer(TrainingWorkspace& workspace, const BackwardState& state) const {
        using L = typename Net::template layer<At>;
        using Here = PatternsAt<At>;
        if constexpr (joins_branches<L>) {
            backward_of_join<At, wrt>(state);
        } else {
            constexpr int operand = wiring.first[At];
            constexpr bool to_input = is_wanted(operand, wrt);
            constexpr bool to_parameters = wrt != WithRespectTo::input && L::parameters.size() > 0;
            constexpr bool to_weight = to_first_weight || !Here::weight_gradient_is_product;
            if constexpr (!patterns_of<L>.is_identity && !applied_after<At> && (to_input || to_parameters)) {
                const BackwardPass<L, typename Net::template given<At>, Backend, T, to_input, to_parameters,
                                   to_weight, decltype(Here::previous_function()),
                                   FactorsOf<Here::dropout_before>, FactorsOf<Here::dropout_after>>
                    pass{.batch = state.batch,
                         .mode = state.mode,
                         .add = state.add,
                         .input = workspace.template position<wiring.operand(At)>(),
                         .output = workspace.template position<At + 1>(),
                         .output_gradient = state.gradient(Memory::gradients.of_output[At]),
                         .input_gradient = state.writable(Memory::gradients.written[operand]),
                         .parameters = parameters + Plan::parameters[At],
                         .parameter_gradients = state.gradients_from(Plan::parameters[At]),
                         .saved = workspace.template saved<At>(),
                         .scratch = state.scratch,
                         .input_factors = factors_of<Here::dropout_before>(workspace),
                         .output_factors = factors_of<Here::dropout_after>(workspace),
                         .algorithms = state.algorithms};
                if constexpr (patterns_of<L>.leaves_gradients && to_parameters) {
                    [[maybe_unused]] const auto late = Backend::late_gradients();
                    L::backward(pass);
                } else
                    L::backward(pass);
            }
            // Another layer may have computed the gradient.
            if constexpr (!patterns_of<L>.is_identity && to_input &&
                          Memory::gradients.added[operand] != Memory::Gradients::nothing)
                add_gradients<operand>(state);
        }
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
