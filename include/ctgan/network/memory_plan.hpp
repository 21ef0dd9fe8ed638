#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/network/layer_facts.hpp>
#include <ctgan/network/placement.hpp>
#include <ctgan/network/several.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace ctgan::inline CTGAN_ABI::detail {

/// Where the activations and gradients of a network's passes are, as offsets for a sample, and which of them
/// share their memory. It depends on the types of the layers alone.
template <class Net>
struct MemoryPlan {
    static constexpr int depth = Net::depth;
    static constexpr auto& facts = LayersOf<Net, std::make_integer_sequence<int, depth>>::facts;
    static constexpr auto& wiring = Net::graph::wiring;
    using Inputs = PartsOf<typename Net::input_shape>;
    using Outputs = PartsOf<typename Net::output_shape>;

    /// The values of a pass: a position has that of another one if layers that compute nothing are between.
    struct Values {
        PerPosition<int, depth + 1> at{};              ///< the first position with the same value
        PerPosition<int, depth + 1> readers{};         ///< how often layers that compute something read it
        PerPosition<bool, depth + 1> needs_gradient{}; ///< for the gradients of parameters before it
        PerPosition<bool, depth + 1> leads_to_input{}; ///< its gradient is needed for that of an input
        PerPosition<bool, depth + 1> is_labels{};      ///< an input that has no gradient
        PerPosition<int, depth + 1> input{};           ///< if it is an input, which one
        Array<int, Inputs::count> inputs{};            ///< the first positions with the user's inputs
    };
    static constexpr Values values = [] {
        Values result;
        result.leads_to_input[0] = true;
        for (int i = 0; i < depth; ++i) {
            result.at[i + 1] = facts[i].is_identity ? result.at[wiring.operand(i)] : i + 1;
            if (const int selected = facts[i].selects; selected >= 0) {
                int& first = result.inputs[selected];
                if (first == 0) first = i + 1;
                result.at[i + 1] = first;
                result.input[i + 1] = selected;
                result.is_labels[i + 1] = Inputs::are_labels[selected];
                result.leads_to_input[i + 1] = !Inputs::are_labels[selected];
            }
            if (facts[i].is_identity) continue;
            result.needs_gradient[i + 1] = facts[i].parameters > 0;
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k) {
                const int value = result.at[wiring.operands[k]];
                ++result.readers[value];
                if (result.needs_gradient[value]) result.needs_gradient[i + 1] = true;
                if (result.leads_to_input[value]) result.leads_to_input[i + 1] = true;
            }
        }
        return result;
    }();

    /// The size of the activation at a position.
    static constexpr PerPosition<Index, depth + 1> sizes = [] {
        PerPosition<Index, depth + 1> result{};
        result[0] = aligned(Net::input_shape::size); // not in a workspace, but has a gradient
        for (int i = 0; i < depth; ++i) result[i + 1] = facts[i].output;
        return result;
    }();

    /// Where the activations are, as offsets for a sample; -1 is the user's input, -1 - k input k of several.
    struct Activations {
        PerPosition<Index, depth + 1> at{};
        Index total = 0;
    };

    /// For inference: memory is used again as soon as nothing reads what is there.
    static constexpr Activations for_inference = [] {
        PerPosition<PlacedValue, depth + 2> of_memory{};
        PerPosition<int, 2 * depth + 1> reads{};
        Placement memory(of_memory.values, reads.values);
        PerPosition<int, depth + 1> placed{}; // the value of `memory` at a position
        for (int i = 0; i < depth; ++i) {
            if (facts[i].is_identity) continue;
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k)
                memory.add_read(placed[values.at[wiring.operands[k]]]);
            placed[i + 1] = memory.add(sizes[i + 1], facts[i].in_place ? placed[values.at[wiring.operand(i)]]
                                                     : facts[i].is_sum ? PlacedValue::one_of_two
                                                                       : PlacedValue::never);
        }
        memory.place(placed[values.at[depth]]);
        Activations result;
        for (int i = 0; i <= depth; ++i) {
            const int value = placed[values.at[i]];
            result.at[i] = value == 0 ? -1 - values.input[values.at[i]] : memory.offset(value);
        }
        result.total = memory.total();
        return result;
    }();
    /// For training: a layer writes over what it reads only if no backward reads that, and no other layer.
    static constexpr Activations for_training = [] {
        Activations result;
        PerPosition<bool, depth + 1> overwritable{}; // whether no backward reads the value
        result.at[0] = -1;
        const auto fits = [&](int position, int i) {
            const int value = values.at[position];
            return result.at[value] >= 0 && overwritable[value] && values.readers[value] == 1 &&
                   sizes[value] == sizes[i + 1] && !facts[i].reads_input;
        };
        for (int i = 0; i < depth; ++i) {
            const int operand = wiring.operand(i);
            if (facts[i].is_identity) {
                result.at[i + 1] = facts[i].selects < 0 ? result.at[operand] : -1 - facts[i].selects;
                continue;
            }
            overwritable[i + 1] = !facts[i].reads_output;
            if ((facts[i].in_place || facts[i].is_sum) && fits(operand, i))
                result.at[i + 1] = result.at[operand];
            else if (facts[i].is_sum && fits(wiring.operands[wiring.first[i] + 1], i))
                result.at[i + 1] = result.at[wiring.operands[wiring.first[i] + 1]];
            else {
                result.at[i + 1] = result.total;
                result.total += sizes[i + 1];
            }
        }
        return result;
    }();

    /// Whether the input and the output of layer i share their memory, in every workspace.
    static constexpr bool shares_memory(int i) {
        return for_training.at[i] == for_training.at[i + 1] && for_inference.at[i] == for_inference.at[i + 1];
    }
    /// Whether layer i reads what layer i - 1 returns: it does not begin a branch or join branches.
    static constexpr bool follows(int i) { return wiring.operand(i) == i && wiring.operand_count(i) == 1; }
    /// Whether it does, and nothing else reads that.
    static constexpr bool alone_follows(int i) { return follows(i) && values.readers[values.at[i]] == 1; }

    /// Where the gradients of a backward pass are, as offsets for a sample. Layer I reads the gradient with
    /// respect to its output at `of_output[I]`. For operand k of the list of all operands it writes the
    /// gradient with respect to that position to `written[k]`. If another layer has left one for the same
    /// position at `added[k]`, the sum of both goes to `sum[k]`.
    struct Gradients {
        /// The output gradient; -1 - k is that of output k of several.
        static constexpr Index users = -1;
        static constexpr Index nothing = (std::numeric_limits<Index>::min)(); ///< there is none
        PerPosition<Index, depth + 1> of_output{};
        PerPosition<Index, 2 * depth + 1> written{}, added{}, sum{};
        Array<Index, Inputs::count> of_input{};
        Index total = 0;
    };
    static constexpr Gradients gradients = [] {
        constexpr int none = -1;
        PerPosition<PlacedValue, 4 * depth + 3> of_memory{};
        PerPosition<int, 6 * depth + Inputs::count + 1> reads{};
        Placement memory(of_memory.values, reads.values);
        PerPosition<int, depth + 1> complete{}; // the gradient with respect to a value, so far
        for (int& gradient : complete) gradient = none;
        // The gradients with respect to several outputs are values 1, 2 and so on, of no size.
        constexpr int apart = Outputs::count > 1 ? Outputs::count : 0;
        if (apart == 0) complete[values.at[depth]] = 0;
        // The same numbers of values of `memory` that the result has as offsets.
        PerPosition<int, depth + 1> of_output{};
        PerPosition<int, 2 * depth + 1> written{}, added{}, sum{};
        for (int i = depth - 1; i >= 0; --i) {
            if (facts[i].is_identity) continue;
            of_output[i] = complete[i + 1];
            const bool in_place = facts[i].in_place && wiring.operand_count(i) == 1;
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k) {
                const int value = values.at[wiring.operands[k]];
                int& gradient = complete[value];
                if (apart > 0 && i == depth - 1)
                    written[k] = memory.add(Index{0}, PlacedValue::never);
                else if (values.is_labels[value]) { // which have no gradient
                    written[k] = memory.add(of_output[i], 0, false);
                    added[k] = none;
                    continue;
                } else
                    // The gradient with respect to a sum is that with respect to each operand.
                    written[k] =
                        facts[i].is_sum ? of_output[i] : memory.add(of_output[i], sizes[value], in_place);
                const Index size = sizes[value];
                added[k] = gradient;
                gradient = written[k];
                if (added[k] == none) continue;
                memory.add_read(added[k]);
                memory.add_read(written[k]);
                gradient = sum[k] = memory.add(size, PlacedValue::one_of_two);
            }
        }
        Array<int, Inputs::count> of_input{};
        for (int k = 0; k < Inputs::count; ++k) of_input[k] = (std::max)(complete[values.inputs[k]], 0);
        int last = of_input[0];
        if (Inputs::count > 1) { // all of them are still needed
            for (const int gradient : of_input) memory.add_read(gradient);
            last = memory.add(Index{0}, PlacedValue::never);
        }
        memory.place(last);
        const auto offset = [&](int value) {
            return value == none    ? Gradients::nothing
                   : value == 0     ? Gradients::users
                   : value <= apart ? -Index{value}
                                    : memory.offset(value);
        };
        Gradients result;
        for (int i = 0; i < depth; ++i) result.of_output[i] = offset(of_output[i]);
        for (int k = 0; k < wiring.first[depth]; ++k) {
            result.written[k] = offset(written[k]);
            result.added[k] = offset(added[k]);
            result.sum[k] = offset(sum[k]);
        }
        for (int k = 0; k < Inputs::count; ++k) result.of_input[k] = offset(of_input[k]);
        result.total = memory.total();
        return result;
    }();
};

} // namespace ctgan::inline CTGAN_ABI::detail
