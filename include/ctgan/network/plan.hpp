#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/network/sequential.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

/// What a workspace is for. For inference it keeps two activations at a time, for training all that backward
/// reads. One for a Frozen network is for inference with prepared weights.
enum class WorkspaceKind { inference, training, frozen };

namespace detail {

/// What the plan has to know of a layer. All layers are read at once, so that the rest is loops over values:
/// a loop over types would cost the compiler something for every layer.
struct LayerFacts {
    std::size_t tensors; ///< how many the layer has
    Index parameters;    ///< the size of the layer's part of the arena of parameters
    Index buffers;       ///< the same, of buffers
    Index output;        ///< the size of the layer's output for a sample
    MemorySize saved;
    bool is_identity, in_place, reads_input, reads_output; ///< as in LayerPatterns and LayerDefaults
    Index multiplications;
};

/// A tensor of a network.
struct TensorAt {
    int layer;        ///< counted from 0
    TensorSpec spec;  ///< name, shape and so on
    Index offset = 0; ///< in the arena of parameters or buffers
    bool is_buffer = false;
};

/// The algorithms of a layer in a pass that allows `allowed`: a layer reads prepared weights only if it
/// `prepares` them.
constexpr Algorithms algorithms_of_layer(bool prepares, Algorithms allowed) {
    return allowed == Algorithms::prepared && !prepares ? Algorithms::batch_invariant : allowed;
}

/// The size of a layer's part of an arena.
template <std::size_t N>
constexpr Index arena_size(const std::array<TensorSpec, N>& tensors) {
    return tensor_offset(tensors, N);
}

/// Facts and tensors of the layers of a network.
template <class Net, class Indices>
struct LayersOf;
template <class Net, int... Is>
struct LayersOf<Net, std::integer_sequence<int, Is...>> {
    template <int At>
    using layer = typename Net::template layer<At>;

    static constexpr PerPosition<LayerFacts, sizeof...(Is) + 1> facts{
        {{layer<Is>::parameters.size() + layer<Is>::buffers.size(), arena_size(layer<Is>::parameters),
          arena_size(layer<Is>::buffers), aligned(Net::template shape<Is + 1>::size),
          layer<Is>::template saved<typename Net::template shape<Is>>, patterns_of<layer<Is>>.is_identity,
          patterns_of<layer<Is>>.in_place, layer<Is>::reads_input, layer<Is>::reads_output,
          layer<Is>::template multiplications<typename Net::template shape<Is>>}...,
         {}}};

    static constexpr std::size_t tensor_count = [] {
        std::size_t count = 0;
        for (const LayerFacts& layer : facts) count += layer.tensors;
        return count;
    }();

    /// In the order of the layers, parameters before buffers.
    static constexpr std::array<TensorAt, tensor_count> tensors = [] {
        std::array<TensorAt, tensor_count> all{};
        std::size_t next = 0;
        Index parameters = 0, buffers = 0;
        const auto add = [&](int layer, const TensorSpec* first, std::size_t count, Index& offset,
                             bool is_buffer) {
            for (std::size_t k = 0; k < count; ++k) {
                all[next++] = {layer, first[k], offset, is_buffer};
                offset += aligned(first[k].size());
            }
        };
        const int done[] = {
            0, (add(Is, layer<Is>::parameters.data(), layer<Is>::parameters.size(), parameters, false),
                add(Is, layer<Is>::buffers.data(), layer<Is>::buffers.size(), buffers, true), 0)...};
        static_cast<void>(done);
        return all;
    }();

    /// Where the part of each layer begins in an arena of what the layers prepare; the last entry is the size
    /// of the arena.
    template <class Backend, class T>
    static constexpr PerPosition<Index, sizeof...(Is) + 1> prepared_offsets() {
        PerPosition<Index, sizeof...(Is) + 1> offsets{};
        Index end = 0;
        const Index sizes[] = {
            (patterns_of<layer<Is>>.prepares
                 ? aligned(layer<Is>::template prepared<typename Net::template shape<Is>, Backend, T>)
                 : 0)...,
            0};
        for (int i = 0; i < static_cast<int>(sizeof...(Is)); ++i) {
            offsets[i] = end;
            end += sizes[i];
        }
        offsets[sizeof...(Is)] = end;
        return offsets;
    }

    /// The largest scratch memory of a layer.
    template <class Backend, class T, Algorithms algorithms>
    static constexpr MemorySize scratch() {
        MemorySize largest;
        for (const MemorySize& needed :
             {MemorySize{}, layer<Is>::template scratch<typename Net::template shape<Is>, Backend, T,
                                                        algorithms_of_layer(patterns_of<layer<Is>>.prepares,
                                                                            algorithms)>...})
            largest = largest.with(needed);
        return largest;
    }
};

/// Where everything that belongs to a network is in memory, computed at compile time. Offsets within the
/// arenas of parameters and buffers are constants; those within a workspace are constants times the batch.
/// Position I of a network is before layer I (counted from 0), position `depth` after the last layer.
template <class Net, class Backend, class T>
struct Plan {
    static constexpr int depth = Net::depth;
    using Layers = LayersOf<Net, std::make_integer_sequence<int, depth>>;
    static constexpr auto& facts = Layers::facts;

    // Parameters and buffers: entry I is where layer I's part begins, entry `depth` the size of the arena.
    static constexpr PerPosition<Index, depth + 1> running_sum(Index LayerFacts::*size) {
        PerPosition<Index, depth + 1> result{};
        for (int i = 0; i < depth; ++i) result[i + 1] = result[i] + facts[i].*size;
        return result;
    }
    static constexpr PerPosition<Index, depth + 1> parameters = running_sum(&LayerFacts::parameters);
    static constexpr PerPosition<Index, depth + 1> buffers = running_sum(&LayerFacts::buffers);
    /// The same for what the layers of a Frozen network prepare.
    static constexpr PerPosition<Index, depth + 1> prepared = Layers::template prepared_offsets<Backend, T>();

    /// The first layer that computes something: not Input.
    static constexpr int first_to_run = [] {
        int first = 0;
        while (first < depth && facts[first].is_identity) ++first;
        return first;
    }();

    /// The number of learned values, without the gaps of the arena.
    static constexpr Index parameter_count = [] {
        Index sum = 0;
        for (const auto& tensor : Layers::tensors)
            if (!tensor.is_buffer) sum += tensor.spec.size();
        return sum;
    }();
    /// Of a forward pass, per sample.
    static constexpr Index multiplications = [] {
        Index sum = 0;
        for (int i = 0; i < depth; ++i) sum += facts[i].multiplications;
        return sum;
    }();

    /// Whether a layer before position I has parameters: their gradients need the gradient at position I.
    static constexpr PerPosition<bool, depth + 1> parameters_before = [] {
        PerPosition<bool, depth + 1> result{};
        for (int i = 1; i <= depth; ++i) result[i] = parameters[i] > 0;
        return result;
    }();

    /// The size of the activation at a position.
    static constexpr PerPosition<Index, depth + 1> sizes = [] {
        PerPosition<Index, depth + 1> result{};
        result[0] = aligned(Net::input_shape::size); // not in a block, but has a gradient
        for (int i = 0; i < depth; ++i) result[i + 1] = facts[i].output;
        return result;
    }();
    static constexpr Index largest = *std::max_element(sizes.begin(), sizes.end());

    /// The block of the workspace that holds the activation at a position; -1 is the user's input.
    struct Blocks {
        PerPosition<int, depth + 1> at{};
        int count = 0;
    };

    static constexpr Blocks find_blocks(bool training) {
        Blocks result;
        result.at[0] = -1;
        bool overwritable = false; // whether nothing reads what is here anymore
        for (int i = 0; i < depth; ++i) {
            const LayerFacts& layer = facts[i];
            const int here = result.at[i];
            int& next = result.at[i + 1];
            if (layer.is_identity) {
                next = here;
                overwritable = overwritable && !layer.reads_input;
                continue;
            }
            if (layer.in_place && here >= 0 && (!training || (overwritable && !layer.reads_input)))
                next = here;
            else
                next = training ? result.count++ : (here == 0 ? 1 : 0);
            overwritable = !layer.reads_output;
        }
        if (!training) result.count = depth == 0 ? 0 : 2;
        return result;
    }
    template <WorkspaceKind kind>
    static constexpr Blocks blocks = find_blocks(kind == WorkspaceKind::training);

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
    static constexpr Algorithms algorithms = kind == WorkspaceKind::training ? Algorithms::fastest
                                             : kind == WorkspaceKind::frozen ? Algorithms::prepared
                                                                             : Algorithms::batch_invariant;

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
            if (const int k = b.at[i]; k >= 0) block_sizes[k] = (std::max)(block_sizes[k], sizes[i]);
        for (int k = 0; k < b.count; ++k) result.block_offset[k] = place({block_sizes[k], 0});
        for (int i = 0; i < depth; ++i) result.saved[i] = place(facts[i].saved);
        if (kind == WorkspaceKind::training)
            for (MemorySize& gradient : result.gradients) gradient = place({largest, 0});
        result.scratch = place(Layers::template scratch<Backend, T, algorithms<kind>>());
        result.total = end;
        return result;
    }
};

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
