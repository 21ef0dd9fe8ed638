#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/layers/tangent_pass.hpp>
#include <ctgan/network/slope_plan.hpp>
#include <ctgan/network/workspace.hpp>

#include <type_traits>

namespace ctgan::inline CTGAN_ABI::detail {

/// Runs the layers of a network in the passes of Slopes (slopes.hpp), without the patterns of adjacent
/// layers. It owns nothing.
template <class Net, int Input, class Backend, class T>
struct SlopeWalk {
    using Plan = detail::Plan<Net, Backend, T>;
    using Memory = typename Plan::Memory;
    using Slopes = SlopePlan<Net, Input>;
    using TrainingWorkspace = ctgan::Workspace<Net, Backend, T, WorkspaceKind::training>;

    const T* parameters;          ///< laid out as Plan::parameters
    TrainingWorkspace& workspace; ///< of the forward pass
    T* arena;                     ///< laid out as SlopePlan::offsets
    int capacity;                 ///< of the arena

    /// What is at an offset for a sample.
    T* at(Index offset) const { return arena + offset * capacity; }

    /// The gradient of the sum of a sample's scores with respect to everything before them.
    void gradients() const {
        Backend::fill(at(offsets.score_gradient), Index{batch()} * Net::output_shape::size, T{1});
        for_each_index_reversed<Net::depth>([&](auto i) {
            constexpr int At = decltype(i)::value;
            using L = layer<At>;
            if constexpr (!runs<At>()) {
            } else if constexpr (joins_branches<L>)
                split<At>(offsets.gradients, offsets.output_gradient[At],
                          [](int operand) { return Slopes::has_slope(wiring.operands[operand]); });
            else {
                constexpr PartOfSum part = offsets.gradients[wiring.first[At]];
                backward<At, true, false>(at(offsets.output_gradient[At]), at(part.written), nullptr);
                add<At>(part);
            }
        });
    }

    /// The tangents, the gradients that they give with the gradients above, which are added to
    /// `parameter_gradients`, and the curvatures.
    void tangents(T* parameter_gradients) const {
        for_each_index<Net::depth>([&](auto i) {
            constexpr int At = decltype(i)::value;
            using L = layer<At>;
            if constexpr (!runs<At>()) {
            } else if constexpr (joins_branches<L>)
                join<At>();
            else {
                if constexpr (Slopes::uses_curvature(At)) {
                    CurvaturePass<L, given<At>, Backend, T> pass{tangent_pass<At>(),
                                                                 at(offsets.output_gradient[At]),
                                                                 at(offsets.curvatures[At].written)};
                    pass.output_tangent = nullptr;
                    L::curvature(pass);
                }
                if constexpr (L::parameters.size() > 0) tangent_gradient<At>(parameter_gradients);
                if constexpr (patterns_of<L>.tangent == Tangent::forward)
                    L::forward(
                        operands<At>().template linear<L, given<At>, Backend>(at(offsets.tangents[At + 1])));
                else if constexpr (patterns_of<L>.tangent == Tangent::backward)
                    backward<At, true, false>(tangent_at<At>(), at(offsets.tangents[At + 1]), nullptr);
                else
                    L::tangent(tangent_pass<At>());
            }
        });
    }

    /// The gradients that the curvatures give, which are added to `parameter_gradients`.
    void adjoints(T* parameter_gradients) const {
        for_each_index_reversed<Net::depth>([&](auto i) {
            constexpr int At = decltype(i)::value;
            using L = layer<At>;
            if constexpr (!patterns_of<L>.is_identity) {
                constexpr Index from = offsets.output_adjoint[At];
                if constexpr (offsets.curvatures[At].written != Slopes::nothing)
                    add<At>(offsets.curvatures[At]);
                if constexpr (from == Slopes::nothing) {
                } else if constexpr (joins_branches<L>)
                    split<At>(offsets.adjoints, from, [](int operand) {
                        return Memory::values.needs_gradient[Memory::values.at[wiring.operands[operand]]];
                    });
                else {
                    constexpr PartOfSum part = offsets.adjoints[wiring.first[At]];
                    constexpr bool to_input = part.written != Slopes::nothing;
                    constexpr bool to_parameters = L::parameters.size() > 0;
                    if constexpr (to_input || to_parameters)
                        backward<At, to_input, to_parameters>(at(from), at(to_input ? part.written : from),
                                                              parameter_gradients);
                    if constexpr (to_input) add<At>(part);
                }
            }
        });
    }

  private:
    static constexpr auto& wiring = Memory::wiring;
    static constexpr auto& offsets = Slopes::offsets;
    template <int At>
    using layer = typename Net::template layer<At>;
    template <int At>
    using given = typename Net::template given<At>;

    /// Whether layer At computes something that depends on the input.
    template <int At>
    static constexpr bool runs() {
        return !patterns_of<layer<At>>.is_identity && Slopes::has_slope(At + 1);
    }
    int batch() const { return workspace.batch(); }
    Algorithms algorithms() const {
        return workspace.mode() == Mode::training ? Algorithms::fastest : Algorithms::batch_invariant;
    }
    /// The tangent of what layer At is given.
    template <int At>
    const T* tangent_at() const {
        return at(offsets.tangents[wiring.operand(At)]);
    }

    template <int At, bool to_input, bool to_parameters>
    void backward(const T* output_gradient, T* input_gradient, T* parameter_gradients) const {
        using L = layer<At>;
        L::backward(BackwardPass<L, given<At>, Backend, T, to_input, to_parameters>{
            .batch = batch(),
            .mode = workspace.mode(),
            .add = true,
            .input = workspace.template position<wiring.operand(At)>(),
            .output = workspace.template position<At + 1>(),
            .output_gradient = output_gradient,
            .input_gradient = input_gradient,
            .parameters = parameters + Plan::parameters[At],
            .parameter_gradients = to_parameters ? parameter_gradients + Plan::parameters[At] : nullptr,
            .saved = workspace.template saved<At>(),
            .scratch = workspace.scratch(),
            .input_factors = {},
            .output_factors = {},
            .algorithms = algorithms()});
    }
    template <int At>
    auto tangent_pass() const {
        return TangentPass<layer<At>, given<At>, Backend, T>{
            .batch = batch(),
            .mode = workspace.mode(),
            .input = workspace.template position<wiring.operand(At)>(),
            .output = workspace.template position<At + 1>(),
            .tangent = tangent_at<At>(),
            .output_tangent = at(offsets.tangents[At + 1]),
            .parameters = parameters + Plan::parameters[At],
            .saved = workspace.template saved<At>(),
            .scratch = workspace.scratch(),
            .algorithms = algorithms()};
    }
    template <int At>
    TangentOperands<T> operands() const {
        return {batch(),
                workspace.mode(),
                tangent_at<At>(),
                parameters + Plan::parameters[At],
                workspace.template saved<At>(),
                workspace.scratch(),
                algorithms()};
    }
    template <int At>
    void tangent_gradient(T* parameter_gradients) const {
        using L = layer<At>;
        const T* const kept = L::reads_input ? workspace.template position<wiring.operand(At)>() : nullptr;
        const auto pass = operands<At>().template gradient<L, given<At>, Backend>(
            kept, at(offsets.output_gradient[At]), parameter_gradients + Plan::parameters[At], true);
        L::tangent_gradient(pass);
    }

    /// Adds a part to what other layers have left for the same value, layer At's first operand.
    template <int At>
    void add(const PartOfSum& part) const {
        add_of_size(part, Net::template shape<wiring.operand(At)>::size);
    }
    void add_of_size(const PartOfSum& part, Index size) const {
        if (part.added != Slopes::nothing)
            Backend::zip(at(part.sum), at(part.added), static_cast<const T*>(at(part.written)),
                         Index{batch()} * size, Sum{});
    }

    /// The tangent of a sum or of channels put together. An operand that does not depend on the input has
    /// none, which is 0.
    template <int At>
    void join() const {
        using L = layer<At>;
        using Out = typename Net::template shape<At + 1>;
        T* const y = at(offsets.tangents[At + 1]);
        const Index values = Index{batch()} * Out::size;
        bool first = true;
        for_each_index<L::operands>([&](auto k) {
            constexpr int K = decltype(k)::value, position = wiring.operands[wiring.first[At] + K];
            if constexpr (Slopes::has_slope(position)) {
                const T* const x = at(offsets.tangents[position]);
                if constexpr (!is_sum<L>) {
                    if (first && !all_have_slopes<At>()) Backend::fill(y, values, T{0});
                    Backend::copy_columns(y + L::first(K), Out::channels, x, L::channels[K],
                                          Index{batch()} * Out::pixels, L::channels[K]);
                } else if (first)
                    Backend::copy(y, x, values);
                else
                    Backend::zip(y, static_cast<const T*>(y), x, values, Sum{});
                first = false;
            }
        });
    }
    template <int At>
    static constexpr bool all_have_slopes() {
        for (int k = wiring.first[At]; k < wiring.first[At + 1]; ++k)
            if (!Slopes::has_slope(wiring.operands[k])) return false;
        return true;
    }

    /// The other way: what is at `from`, for the operands that are wanted.
    template <int At, class Parts, class IsWanted>
    void split(const Parts& parts, Index from, IsWanted is_wanted) const {
        using L = layer<At>;
        using Out = typename Net::template shape<At + 1>;
        for_each_index<L::operands>([&](auto k) {
            constexpr int K = decltype(k)::value, operand = wiring.first[At] + K;
            if (!is_wanted(operand)) return;
            const PartOfSum& part = parts[operand];
            if constexpr (!is_sum<L>)
                Backend::copy_columns(at(part.written), L::channels[K],
                                      static_cast<const T*>(at(from)) + L::first(K), Out::channels,
                                      Index{batch()} * Out::pixels, L::channels[K]);
            add_of_size(part, Net::template shape<wiring.operands[operand]>::size);
        });
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
