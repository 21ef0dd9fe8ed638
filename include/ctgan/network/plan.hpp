#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/network/layer_facts.hpp>
#include <ctgan/network/memory_plan.hpp>
#include <ctgan/network/sequential.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace ctgan::inline CTGAN_ABI {

/// What a workspace is for. For inference it keeps what is still to be read, for training all that backward
/// reads. One for a Frozen network is for inference with prepared weights.
enum class WorkspaceKind { inference, training, frozen };

namespace detail {

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

    using Memory = MemoryPlan<Net>;
    template <WorkspaceKind kind>
    static constexpr const auto& activations() {
        if constexpr (kind == WorkspaceKind::training)
            return Memory::for_training;
        else
            return Memory::for_inference;
    }

    /// Offsets within a workspace.
    struct Workspace {
        MemorySize activations, gradients;          ///< where these begin
        PerPosition<MemorySize, depth + 1> saved{}; ///< of what layer I saves
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
        result.activations = place({activations<kind>().total, 0});
        for (int i = 0; i < depth; ++i) result.saved[i] = place(facts[i].saved);
        if (kind == WorkspaceKind::training) result.gradients = place({Memory::gradients.total, 0});
        result.scratch = place(Layers::template scratch<Backend, T, algorithms<kind>>());
        result.total = end;
        return result;
    }
};

} // namespace detail
} // namespace ctgan::inline CTGAN_ABI
