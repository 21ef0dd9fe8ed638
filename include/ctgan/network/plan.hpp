#pragma once

#include <ctgan/network/sequential.hpp>

#include <algorithm>
#include <array>

namespace ctgan {

/// What a workspace is for. For inference it keeps two activations at a time, for training all that backward
/// reads.
enum class WorkspaceKind { inference, training };

namespace detail {

/// Where everything that belongs to a network is in memory, computed at compile time. Offsets within the
/// arenas of parameters and buffers are constants; those within a workspace are constants times the batch.
/// Position I of a network is before layer I (counted from 0), position `depth` after the last layer.
template <class Net, class Backend, class T>
struct Plan {
    static constexpr int depth = Net::depth;

    template <class F>
    static constexpr auto table(F f) {
        PerPosition<decltype(f(std::integral_constant<int, 0>{})), depth + 1> result{};
        for_each_index<depth>([&](auto i) { result[i] = f(i); });
        return result;
    }

    // Parameters and buffers: entry I is where layer I's part begins, entry `depth` the size of the arena.
    template <std::size_t N>
    static constexpr Index arena_size(const std::array<TensorSpec, N>& tensors) {
        return tensor_offset(tensors, N);
    }
    static constexpr auto running_sum(PerPosition<Index, depth + 1> entries) {
        Index sum = 0;
        for (Index& entry : entries) {
            const Index size = entry;
            entry = sum;
            sum += size;
        }
        return entries;
    }
    static constexpr PerPosition<Index, depth + 1> parameters = running_sum(table(
        [](auto i) -> Index { return arena_size(Net::template layer<decltype(i)::value>::parameters); }));
    static constexpr PerPosition<Index, depth + 1> buffers = running_sum(
        table([](auto i) -> Index { return arena_size(Net::template layer<decltype(i)::value>::buffers); }));

    /// The first layer that computes something: not Input.
    static constexpr int find_first_to_run() {
        int first = depth;
        for_each_index<depth>([&](auto i) {
            if (first == depth && !patterns_of<typename Net::template layer<decltype(i)::value>>.is_identity)
                first = i;
        });
        return first;
    }
    static constexpr int first_to_run = find_first_to_run();

    /// Whether a layer before position I has parameters: their gradients need the gradient at position I.
    static constexpr PerPosition<bool, depth + 1> parameters_before = [] {
        PerPosition<bool, depth + 1> result{};
        for (int i = 1; i <= depth; ++i) result[i] = parameters[i] > 0;
        return result;
    }();

    /// The size of the activation at a position.
    static constexpr auto sizes = [] {
        PerPosition<Index, depth + 1> result{};
        for_each_index<depth>([&](auto i) {
            if constexpr (i == 0)
                result[0] = aligned(Net::input_shape::size); // not in a block, but has a gradient
            result[i + 1] = aligned(Net::template shape<decltype(i)::value + 1>::size);
        });
        return result;
    }();
    static constexpr Index largest = *std::max_element(sizes.begin(), sizes.end());

    /// The block of the workspace that holds the activation at a position; -1 is the user's input.
    struct Blocks {
        PerPosition<int, depth + 1> at{};
        int count = 0;
    };

    template <WorkspaceKind kind>
    static constexpr Blocks find_blocks() {
        Blocks result;
        result.at[0] = -1;
        bool overwritable = false; // whether nothing reads what is here anymore
        for_each_index<depth>([&](auto i) {
            using L = typename Net::template layer<decltype(i)::value>;
            const int here = result.at[i];
            int& next = result.at[i + 1];
            if (patterns_of<L>.is_identity) {
                next = here;
                overwritable = overwritable && !L::reads_input;
                return;
            }
            constexpr bool training = kind == WorkspaceKind::training;
            if (L::in_place && here >= 0 && (!training || (overwritable && !L::reads_input)))
                next = here;
            else
                next = training ? result.count++ : (here == 0 ? 1 : 0);
            overwritable = !L::reads_output;
        });
        if (kind == WorkspaceKind::inference) result.count = depth == 0 ? 0 : 2;
        return result;
    }
    template <WorkspaceKind kind>
    static constexpr Blocks blocks = find_blocks<kind>();

    /// Offsets within a workspace.
    struct Workspace {
        PerPosition<int, depth + 1> block{};               ///< of the activation at a position
        PerPosition<MemorySize, depth + 2> block_offset{}; ///< of a block
        PerPosition<MemorySize, depth + 1> saved{};        ///< of what layer I saves
        MemorySize gradients[2];                           ///< of two blocks that gradients alternate between
        MemorySize scratch;
        MemorySize total;
    };

    /// A workspace for training also has the memory that the fastest algorithms need.
    template <WorkspaceKind kind>
    static constexpr Algorithms algorithms =
        kind == WorkspaceKind::training ? Algorithms::fastest : Algorithms::batch_invariant;

    template <WorkspaceKind kind>
    static constexpr Workspace workspace() {
        Workspace result;
        MemorySize end;
        const auto place = [&](MemorySize size) {
            const MemorySize begin = end;
            end.per_sample += aligned(size.per_sample);
            end.fixed += aligned(size.fixed);
            return begin;
        };
        const Blocks& b = blocks<kind>;
        result.block = b.at;
        PerPosition<Index, depth + 2> block_sizes{};
        for (int i = 1; i <= depth; ++i)
            if (const int k = b.at[i]; k >= 0) block_sizes[k] = std::max(block_sizes[k], sizes[i]);
        for (int k = 0; k < b.count; ++k) result.block_offset[k] = place({block_sizes[k], 0});
        MemorySize scratch;
        for_each_index<depth>([&](auto i) {
            constexpr int I = decltype(i)::value;
            using L = typename Net::template layer<I>;
            using In = typename Net::template shape<I>;
            result.saved[i] = place(L::template saved<In>);
            constexpr MemorySize needed = L::template scratch<In, Backend, T, algorithms<kind>>;
            scratch.per_sample = std::max(scratch.per_sample, needed.per_sample);
            scratch.fixed = std::max(scratch.fixed, needed.fixed);
        });
        if (kind == WorkspaceKind::training)
            for (MemorySize& gradient : result.gradients) gradient = place({largest, 0});
        result.scratch = place(scratch);
        result.total = end;
        return result;
    }
};

} // namespace detail
} // namespace ctgan
