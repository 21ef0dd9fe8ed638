#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/network/layer_facts.hpp>
#include <ctgan/network/placement.hpp>

#include <algorithm>
#include <utility>

namespace ctgan::inline CTGAN_ABI::detail {

/// Where the activations and gradients of a network's passes are, as offsets for a sample, and which of them
/// share their memory. It depends on the types of the layers alone.
template <class Net>
struct MemoryPlan {
    static constexpr int depth = Net::depth;
    static constexpr auto& facts = LayersOf<Net, std::make_integer_sequence<int, depth>>::facts;
    static constexpr auto& wiring = Net::graph::wiring;

    /// The values of a pass: a position has that of another one if layers that compute nothing are between.
    struct Values {
        PerPosition<int, depth + 1> at{};              ///< the first position with the same value
        PerPosition<int, depth + 1> readers{};         ///< how often layers that compute something read it
        PerPosition<bool, depth + 1> needs_gradient{}; ///< for the gradients of parameters before it
    };
    static constexpr Values values = [] {
        Values result;
        for (int i = 0; i < depth; ++i) {
            result.at[i + 1] = facts[i].is_identity ? result.at[wiring.operand(i)] : i + 1;
            if (facts[i].is_identity) continue;
            result.needs_gradient[i + 1] = facts[i].parameters > 0;
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k) {
                const int value = result.at[wiring.operands[k]];
                ++result.readers[value];
                if (result.needs_gradient[value]) result.needs_gradient[i + 1] = true;
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

    /// Where the activations are, as offsets for a sample; -1 is the user's input.
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
            result.at[i] = value == 0 ? -1 : memory.offset(value);
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
                result.at[i + 1] = result.at[operand];
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
        static constexpr Index users = -1;   ///< the output gradient
        static constexpr Index nothing = -2; ///< there is none
        PerPosition<Index, depth + 1> of_output{};
        PerPosition<Index, 2 * depth + 1> written{}, added{}, sum{};
        Index of_input = users;
        Index total = 0;
    };
    static constexpr Gradients gradients = [] {
        constexpr int none = -1;
        PerPosition<PlacedValue, 4 * depth + 2> of_memory{};
        PerPosition<int, 6 * depth + 1> reads{};
        Placement memory(of_memory.values, reads.values);
        PerPosition<int, depth + 1> complete{}; // the gradient with respect to a value, so far
        for (int& gradient : complete) gradient = none;
        complete[values.at[depth]] = 0;
        // The same numbers of values of `memory` that the result has as offsets.
        PerPosition<int, depth + 1> of_output{};
        PerPosition<int, 2 * depth + 1> written{}, added{}, sum{};
        for (int i = depth - 1; i >= 0; --i) {
            if (facts[i].is_identity) continue;
            of_output[i] = complete[i + 1];
            const bool in_place = facts[i].in_place && wiring.operand_count(i) == 1;
            for (int k = wiring.first[i]; k < wiring.first[i + 1]; ++k) {
                int& gradient = complete[values.at[wiring.operands[k]]];
                const Index size = sizes[values.at[wiring.operands[k]]];
                // The gradient with respect to a sum is that with respect to each operand.
                written[k] = facts[i].is_sum ? of_output[i] : memory.add(of_output[i], size, in_place);
                added[k] = gradient;
                gradient = written[k];
                if (added[k] == none) continue;
                memory.add_read(added[k]);
                memory.add_read(written[k]);
                gradient = sum[k] = memory.add(size, PlacedValue::one_of_two);
            }
        }
        const int of_input = (std::max)(complete[0], 0);
        memory.place(of_input);
        const auto offset = [&](int value) {
            return value == none ? Gradients::nothing : value == 0 ? Gradients::users : memory.offset(value);
        };
        Gradients result;
        for (int i = 0; i < depth; ++i) result.of_output[i] = offset(of_output[i]);
        for (int k = 0; k < wiring.first[depth]; ++k) {
            result.written[k] = offset(written[k]);
            result.added[k] = offset(added[k]);
            result.sum[k] = offset(sum[k]);
        }
        result.of_input = offset(of_input);
        result.total = memory.total();
        return result;
    }();
};

} // namespace ctgan::inline CTGAN_ABI::detail
