#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/tangent_pass.hpp>
#include <ctgan/messages/penalty_errors.hpp>
#include <ctgan/network/memory_plan.hpp>
#include <ctgan/network/placement.hpp>
#include <ctgan/network/several.hpp>

#include <utility>

/// Where the values of a second-order pass are in memory.
namespace ctgan::inline CTGAN_ABI::detail {

/// What is missing in a layer for Slopes.
enum class MissingForSlopes { nothing, a_tangent, one_sample, tangent, tangent_gradient, curvature };
template <class Layer, class In>
constexpr MissingForSlopes missing_for_slopes() {
    constexpr LayerPatterns<Layer> patterns = patterns_of<Layer>;
    if constexpr (!joins_branches<Layer> && !patterns.is_identity) {
        if constexpr (patterns.tangent == Tangent::none)
            return MissingForSlopes::a_tangent;
        else if constexpr (patterns.tangent == Tangent::mixes_samples)
            return MissingForSlopes::one_sample;
        else if constexpr (patterns.tangent == Tangent::own && !HasTangent<Layer, In>)
            return MissingForSlopes::tangent;
        else if constexpr (Layer::parameters.size() > 0 && !HasTangentGradient<Layer, In>)
            return MissingForSlopes::tangent_gradient;
        else if constexpr (patterns.is_curved && !HasCurvature<Layer, In>)
            return MissingForSlopes::curvature;
    }
    return MissingForSlopes::nothing;
}

/// What the plan has to know of a layer.
struct LayerSlope {
    MissingForSlopes missing;
    bool is_curved;        ///< as in LayerPatterns
    bool joins;            ///< it joins branches
    bool tangent_in_place; ///< the output's tangent may overwrite the input's
    bool adjoint_in_place; ///< the adjoint of curvature() may overwrite the output's gradient
};
/// Sizes in a plan are rounded up, so equal ones do not say that samples have the same places.
template <class Layer, class In>
constexpr bool is_curved_and_keeps_size() {
    if constexpr (patterns_of<Layer>.is_curved)
        return output_of<Layer, In>::size == In::size;
    else
        return false;
}
template <class Layer, class In>
inline constexpr LayerSlope slope_of_layer{
    missing_for_slopes<Layer, In>(), patterns_of<Layer>.is_curved, joins_branches<Layer>,
    patterns_of<Layer>.tangent == Tangent::backward&& patterns_of<Layer>.in_place,
    is_curved_and_keeps_size<Layer, In>()};

/// The number of the network's input that is no labels; -1 if there are several.
template <class Net>
inline constexpr int only_input = [] {
    using Inputs = PartsOf<typename Net::input_shape>;
    int found = -1, count = 0;
    for (int k = 0; k < Inputs::count; ++k)
        if (!Inputs::are_labels[k]) {
            found = k;
            ++count;
        }
    return count == 1 ? found : -1;
}();

/// What a layer adds to the gradient with respect to a value: it writes its part at `written`. If others have
/// left theirs at `added`, the sum goes to `sum`.
struct PartOfSum {
    Index written = 0, added = 0, sum = 0;
};

/// The offsets for a sample of all that the passes of Slopes (slopes.hpp) keep: gradients g with respect to
/// the network's values, which the tangents t need in the other order, and the adjoints u. One Placement has
/// the steps of all passes, so what is read for the last time leaves its memory to what comes later. `Input`
/// is the number of the input to which the slope is.
template <class Net, int Input>
struct SlopePlan {
    using Memory = MemoryPlan<Net>;
    static constexpr int depth = Net::depth;
    static constexpr auto& facts = Memory::facts;
    static constexpr auto& wiring = Memory::wiring;
    static constexpr auto& values = Memory::values;
    static constexpr auto& sizes = Memory::sizes;
    static constexpr Index nothing = Memory::Gradients::nothing;

    static constexpr PerPosition<LayerSlope, depth + 1> layers =
        []<int... Is>(std::integer_sequence<int, Is...>) {
        return PerPosition<LayerSlope, depth + 1>{
            {slope_of_layer<typename Net::template layer<Is>, typename Net::template given<Is>>..., {}}};
    }
    (std::make_integer_sequence<int, depth>{});

    /// Whether the number is that of an input that is no labels.
    static constexpr bool has_input = [] {
        if constexpr (Input < 0 || Input >= Memory::Inputs::count)
            return false;
        else
            return !Memory::Inputs::are_labels[Input];
    }();
    /// The position of that input; a harmless one in place of a mistake.
    static constexpr int entry = values.inputs[has_input ? Input : 0];
    /// The values that depend on that input.
    static constexpr PerPosition<bool, depth + 1> depends = [] {
        PerPosition<bool, depth + 1> result{};
        result[entry] = true;
        for (int i = 0; i < depth; ++i)
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k)
                if (!facts[i].is_identity && result[values.at[wiring.operands[k]]]) result[i + 1] = true;
        return result;
    }();
    /// The first layer between that input and the output that lacks something; -1 if there is none.
    static constexpr int first_without = [] {
        for (int i = 0; i < depth; ++i)
            if (depends[values.at[i + 1]] && layers[i].missing != MissingForSlopes::nothing) return i;
        return -1;
    }();

    /// Whether the curvature of a layer makes a difference: a parameter before it moves what it is given.
    static constexpr bool uses_curvature(int i) {
        return layers[i].is_curved && has_slope(i + 1) && values.needs_gradient[values.at[wiring.operand(i)]];
    }
    /// Whether a position depends on the input.
    static constexpr bool has_slope(int position) { return depends[values.at[position]]; }

    struct Offsets {
        Index score_gradient = nothing, slope = nothing, direction = nothing, output_tangent = nothing;
        PerPosition<Index, depth + 1> output_gradient{};   ///< g of layer i's output
        PerPosition<PartOfSum, 2 * depth + 1> gradients{}; ///< by operands
        PerPosition<Index, depth + 1> tangents{};          ///< t by positions
        PerPosition<Index, depth + 1> output_adjoint{};    ///< u of layer i's output
        PerPosition<PartOfSum, depth + 1> curvatures{};    ///< of layer i's input
        PerPosition<PartOfSum, 2 * depth + 1> adjoints{};  ///< by operands
        Index total = 0;
    };
    static constexpr Offsets offsets = [] {
        constexpr int none = -1;
        PerPosition<PlacedValue, 14 * depth + 12> of_memory{};
        PerPosition<int, 42 * depth + 24> reads{};
        Placement memory(of_memory.values, reads.values);
        struct Part {
            int written, added, sum;
        };
        PerPosition<int, depth + 1> gradient{}, tangent{}, adjoint{}, output_gradient{}, output_adjoint{};
        PerPosition<Part, 2 * depth + 1> gradients{}, adjoints{};
        PerPosition<Part, depth + 1> curvatures{};
        for (auto* list : {&gradient, &tangent, &adjoint, &output_gradient, &output_adjoint})
            for (int& value : *list) value = none;
        for (auto* list : {&gradients, &adjoints})
            for (Part& part : *list) part = {none, none, none};
        for (Part& part : curvatures) part = {none, none, none};
        // Adds a part to what a value has so far.
        const auto add = [&](Part& part, int& so_far, int written, Index size) {
            part = {written, so_far, none};
            so_far = written;
            if (part.added == none) return;
            memory.add_read(part.added);
            memory.add_read(written);
            so_far = part.sum = memory.add(size, PlacedValue::one_of_two);
        };

        // The gradients, backward from that of the scores.
        const int scores = memory.add(sizes[depth], PlacedValue::never);
        gradient[values.at[depth]] = scores;
        for (int i = depth - 1; i >= 0; --i) {
            if (facts[i].is_identity || !has_slope(i + 1)) continue;
            output_gradient[i] = gradient[i + 1];
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k) {
                const int value = values.at[wiring.operands[k]];
                if (!depends[value]) continue;
                const bool in_place = facts[i].in_place && !layers[i].joins;
                const int written = facts[i].is_sum ? output_gradient[i]
                                                    : memory.add(output_gradient[i], sizes[value], in_place);
                add(gradients[k], gradient[value], written, sizes[value]);
            }
        }
        // The tangents, forward from the direction.
        const int slope = gradient[entry] == none ? scores : gradient[entry];
        tangent[entry] = memory.add(slope, sizes[entry], true);
        const int direction = tangent[entry];
        for (int i = 0; i < depth; ++i) {
            if (facts[i].is_identity || !has_slope(i + 1)) continue;
            const int value = values.at[wiring.operand(i)];
            if (uses_curvature(i)) {
                memory.add_read(tangent[value]);
                curvatures[i].written =
                    memory.add(output_gradient[i], sizes[value], layers[i].adjoint_in_place);
            }
            if (facts[i].parameters > 0) memory.add_read(output_gradient[i]);
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k)
                if (has_slope(wiring.operands[k])) memory.add_read(tangent[values.at[wiring.operands[k]]]);
            tangent[i + 1] =
                memory.add(sizes[i + 1], layers[i].tangent_in_place ? tangent[value] : PlacedValue::never);
        }
        // The adjoints, backward from the last curvature.
        for (int i = depth - 1; i >= 0; --i) {
            if (facts[i].is_identity) continue;
            output_adjoint[i] = adjoint[i + 1];
            if (curvatures[i].written != none) {
                const int value = values.at[wiring.operand(i)];
                add(curvatures[i], adjoint[value], curvatures[i].written, sizes[value]);
            }
            if (output_adjoint[i] == none) continue;
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k) {
                const int value = values.at[wiring.operands[k]];
                if (!values.needs_gradient[value]) continue;
                const bool in_place = facts[i].in_place && !layers[i].joins;
                const int written = facts[i].is_sum ? output_adjoint[i]
                                                    : memory.add(output_adjoint[i], sizes[value], in_place);
                add(adjoints[k], adjoint[value], written, sizes[value]);
            }
            if (facts[i].parameters > 0) { // for a layer without an adjoint of its input
                memory.add_read(output_adjoint[i]);
                memory.add(Index{0}, PlacedValue::never);
            }
        }
        memory.place(tangent[values.at[depth]]);

        const auto offset = [&](int value) { return value == none ? nothing : memory.offset(value); };
        const auto part = [&](const Part& numbers) {
            return PartOfSum{offset(numbers.written), offset(numbers.added), offset(numbers.sum)};
        };
        Offsets result;
        result.score_gradient = offset(scores);
        result.slope = offset(slope);
        result.direction = offset(direction);
        result.output_tangent = offset(tangent[values.at[depth]]);
        for (int i = 0; i <= depth; ++i) {
            result.output_gradient[i] = offset(output_gradient[i]);
            result.tangents[i] = offset(tangent[values.at[i]]);
            result.output_adjoint[i] = offset(output_adjoint[i]);
            result.curvatures[i] = part(curvatures[i]);
        }
        for (int k = 0; k < wiring.first[depth]; ++k) {
            result.gradients[k] = part(gradients[k]);
            result.adjoints[k] = part(adjoints[k]);
        }
        result.total = memory.total();
        return result;
    }();
};

/// What is wrong with the slope of a network, for the messages of `Of`: Slopes or a penalty.
template <class Net, int Input, class Of, template <class> class Where>
constexpr auto problem_of_slopes() {
    using Plan = SlopePlan<Net, Input>;
    if constexpr (!Plan::has_input)
        return messages::input_of_slopes{};
    else if constexpr (constexpr int at = Plan::first_without; at < 0)
        return messages::NoProblem{};
    else {
        using Place = Where<typename Net::template place<at>>;
        constexpr MissingForSlopes missing = Plan::layers[at].missing;
        if constexpr (missing == MissingForSlopes::tangent)
            return messages::Invalid<Place, messages::needs_tangent>{};
        else if constexpr (missing == MissingForSlopes::tangent_gradient)
            return messages::Invalid<Place, messages::needs_tangent_gradient>{};
        else if constexpr (missing == MissingForSlopes::curvature)
            return messages::Invalid<Place, messages::needs_curvature>{};
        else
            return messages::Invalid<Place,
                                     messages::has_no_tangent<Of, missing == MissingForSlopes::one_sample>>{};
    }
}

} // namespace ctgan::inline CTGAN_ABI::detail
