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

    const T* parameters;         ///< laid out as Plan::parameters
    const T* buffers;            ///< laid out as Plan::buffers
    const T* prepared = nullptr; ///< laid out as Plan::prepared, for a workspace of the kind frozen

    /// The forward pass. `updated_buffers` are the same buffers for writing, in training mode; otherwise
    /// null.
    template <WorkspaceKind kind>
    void forward(Workspace<kind>& workspace,
                 View<typename Net::input_shape, const T, typename Backend::memory_space> input, Mode mode,
                 T* updated_buffers, const Randomness& randomness) const {
        workspace.begin(input, mode);
        Backend::in_region([&] {
            for_each_index<Net::depth>([&](auto i) {
                constexpr int At = decltype(i)::value;
                using L = typename Net::template layer<At>;
                using Here = PatternsAt<At>;
                constexpr bool prepares = kind == WorkspaceKind::frozen && patterns_of<L>.prepares;
                if constexpr (!patterns_of<L>.is_identity && !applied_before<At>)
                    L::forward(ForwardPass<L, typename Net::template shape<At>, Backend, T,
                                           decltype(Here::function()), FactorsOf<Here::dropout_before>,
                                           PreparedIf<prepares>>{
                        .batch = input.count,
                        .mode = mode,
                        .stream = random::Stream{randomness.seed, randomness.pass, random::layers + At,
                                                 randomness.counter},
                        .draw = randomness.draw,
                        .input = workspace.template position<At>(),
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

    /// The backward pass; returns the gradient with respect to the network's input. Without `to_first_weight`
    /// the gradient with respect to the first weight is left to the optimizer if a pattern allows it.
    template <WithRespectTo wrt, bool to_first_weight>
    const T*
    backward(TrainingWorkspace& workspace,
             View<typename Net::output_shape, const T, typename Backend::memory_space> output_gradient,
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
                                workspace.gradient_block(0),
                                workspace.gradient_block(1),
                                workspace.scratch(),
                                parameter_gradients,
                                output_gradient.data};
            for_each_index_reversed<Net::depth>(
                [&](auto i) { backward_layer<decltype(i)::value, wrt, to_first_weight>(workspace, state); });
            return state.gradient;
        });
    }

  private:
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
        T *first, *second; ///< the blocks that gradients alternate between
        T* scratch;
        T* parameter_gradients; ///< or null
        const T* gradient;      ///< with respect to the output of the layer that is next

        /// Where the next layer's input gradient goes.
        T* next_gradient(bool in_place) const {
            if (gradient == first) return in_place ? first : second;
            return in_place && gradient == second ? second : first;
        }
        /// The gradients of the parameters from `offset` on, or null.
        T* gradients_from(Index offset) const {
            return parameter_gradients ? parameter_gradients + offset : nullptr;
        }
    };

    /// The backward pass of one layer: puts the gradient with respect to its input into `state`.
    template <int At, WithRespectTo wrt, bool to_first_weight>
    void backward_layer(TrainingWorkspace& workspace, BackwardState& state) const {
        using L = typename Net::template layer<At>;
        using Here = PatternsAt<At>;
        constexpr bool to_input = wrt != WithRespectTo::parameters || Plan::parameters_before[At];
        constexpr bool to_parameters = wrt != WithRespectTo::input && L::parameters.size() > 0;
        constexpr bool to_weight = to_first_weight || !Here::weight_gradient_is_product;
        if constexpr (!patterns_of<L>.is_identity && !applied_after<At> && (to_input || to_parameters)) {
            T* const next = state.next_gradient(patterns_of<L>.in_place);
            const BackwardPass<L, typename Net::template shape<At>, Backend, T, to_input, to_parameters,
                               to_weight, decltype(Here::previous_function()),
                               FactorsOf<Here::dropout_before>, FactorsOf<Here::dropout_after>>
                pass{.batch = state.batch,
                     .mode = state.mode,
                     .add = state.add,
                     .input = workspace.template position<At>(),
                     .output = workspace.template position<At + 1>(),
                     .output_gradient = state.gradient,
                     .input_gradient = next,
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
            if constexpr (to_input) state.gradient = next;
        }
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
