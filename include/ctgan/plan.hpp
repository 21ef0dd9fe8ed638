#pragma once

#include <ctgan/sequential.hpp>

#include <algorithm>
#include <array>

namespace ctgan {

/// What a workspace is for: inference keeps two activations at a time, training all that backward reads.
enum class Purpose { inference, training };

namespace detail {

/// Where everything lies that belongs to a network: computed while compiling. Offsets within the parameter
/// and buffer arenas are constants; those within a workspace are constants times the batch.
template <class Net, class Backend, class T>
struct Plan {
    static constexpr int depth = Net::depth;

    template <class F>
    static constexpr auto table(F f) {
        PerPosition<decltype(f(std::integral_constant<int, 0>{})), depth + 1> result{};
        for_each_index<depth>([&](auto i) { result[i] = f(i); });
        return result;
    }

    // Parameters and buffers: entry I is where layer I's part begins, entry `depth` the arena's size.
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

    /// The first layer that is not only another name for its input.
    static constexpr int find_first_to_run() {
        int first = depth;
        for_each_index_reversed<depth>([&](auto i) {
            if (!Net::template layer<decltype(i)::value>::identity) first = i;
        });
        return first;
    }
    static constexpr int first_to_run = find_first_to_run();

    /// Whether a layer in front of position I has parameters: then their gradient needs the one to position
    /// I.
    static constexpr PerPosition<bool, depth + 1> parameters_before = [] {
        PerPosition<bool, depth + 1> result{};
        for (int i = 1; i <= depth; ++i) result[i] = parameters[i] > 0;
        return result;
    }();

    // Activations: position I in front of layer I, position `depth` behind the last.
    static constexpr auto sizes = [] {
        PerPosition<Index, depth + 1> result{};
        for_each_index<depth>([&](auto i) {
            if constexpr (i == 0) result[0] = aligned(Net::input_shape::size); // no block, but a gradient
            result[i + 1] = aligned(Net::template shape<decltype(i)::value + 1>::size);
        });
        return result;
    }();
    static constexpr Index largest = *std::max_element(sizes.begin(), sizes.end());

    /// The block of the workspace in which the activation at a position lies; -1 is the user's input.
    struct Blocks {
        PerPosition<int, depth + 1> at{};
        int count = 0;
    };

    template <Purpose purpose>
    static constexpr Blocks find_blocks() {
        Blocks result;
        result.at[0] = -1;
        bool overwritable = false; // whether nothing will read any more what lies here
        for_each_index<depth>([&](auto i) {
            using L = typename Net::template layer<decltype(i)::value>;
            const int here = result.at[i];
            int& next = result.at[i + 1];
            if (L::identity) {
                next = here;
                overwritable = overwritable && !L::reads_input;
                return;
            }
            constexpr bool training = purpose == Purpose::training;
            if (L::in_place && here >= 0 && (!training || (overwritable && !L::reads_input)))
                next = here;
            else
                next = training ? result.count++ : (here == 0 ? 1 : 0);
            overwritable = !L::reads_output;
        });
        if (purpose == Purpose::inference) result.count = depth == 0 ? 0 : 2;
        return result;
    }
    template <Purpose purpose>
    static constexpr Blocks blocks = find_blocks<purpose>();

    /// Offsets within a workspace.
    struct Workspace {
        PerPosition<int, depth + 1> block{};           ///< of the activation at a position
        PerPosition<Extent, depth + 2> block_offset{}; ///< of a block
        PerPosition<Extent, depth + 1> saved{};        ///< of what layer I saves
        Extent gradients[2]; ///< of two blocks between which gradients go to and fro
        Extent scratch;
        Extent total;
    };

    /// A workspace for training holds what the algorithms for large batches need, too.
    template <Purpose purpose>
    static constexpr Algorithms algorithms =
        purpose == Purpose::training ? Algorithms::best_for_this_batch : Algorithms::same_for_every_batch;

    template <Purpose purpose>
    static constexpr Workspace workspace() {
        Workspace result;
        Extent end;
        const auto place = [&](Extent size) {
            const Extent begin = end;
            end.per_sample += aligned(size.per_sample);
            end.fixed += aligned(size.fixed);
            return begin;
        };
        const Blocks& b = blocks<purpose>;
        result.block = b.at;
        PerPosition<Index, depth + 2> block_sizes{};
        for (int i = 1; i <= depth; ++i)
            if (const int k = b.at[i]; k >= 0) block_sizes[k] = std::max(block_sizes[k], sizes[i]);
        for (int k = 0; k < b.count; ++k) result.block_offset[k] = place({block_sizes[k], 0});
        Extent scratch;
        for_each_index<depth>([&](auto i) {
            constexpr int I = decltype(i)::value;
            using L = typename Net::template layer<I>;
            using In = typename Net::template shape<I>;
            result.saved[i] = place(L::template saved<In>);
            constexpr Extent needed = L::template scratch<In, Backend, T, algorithms<purpose>>;
            scratch.per_sample = std::max(scratch.per_sample, needed.per_sample);
            scratch.fixed = std::max(scratch.fixed, needed.fixed);
        });
        if (purpose == Purpose::training)
            for (Extent& gradient : result.gradients) gradient = place({largest, 0});
        result.scratch = place(scratch);
        result.total = end;
        return result;
    }
};

} // namespace detail
} // namespace ctgan
