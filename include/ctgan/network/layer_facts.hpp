#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/type_list.hpp>
#include <ctgan/layers/branches.hpp>
#include <ctgan/layers/layer.hpp>

#include <array>
#include <cstddef>
#include <utility>

/// What the layers of a network declare, as values.
namespace ctgan::inline CTGAN_ABI::detail {

/// What the plan has to know of a layer. All layers are read at once, so that the rest is loops over values:
/// a loop over types would cost the compiler something for every layer.
struct LayerFacts {
    std::size_t tensors; ///< how many the layer has
    Index parameters;    ///< the size of the layer's part of the arena of parameters
    Index buffers;       ///< the same, of buffers
    Index output;        ///< the size of the layer's output for a sample
    MemorySize saved;
    bool is_identity, in_place, reads_input, reads_output; ///< as in LayerPatterns and LayerDefaults
    bool is_sum; ///< of branches: the output may overwrite one of the first two operands
    int selects; ///< as in LayerPatterns
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
          layer<Is>::template saved<typename Net::template given<Is>>, patterns_of<layer<Is>>.is_identity,
          patterns_of<layer<Is>>.in_place, layer<Is>::reads_input, layer<Is>::reads_output, is_sum<layer<Is>>,
          patterns_of<layer<Is>>.selects,
          layer<Is>::template multiplications<typename Net::template given<Is>>}...,
         {}}};

    /// Whether a layer has an initialize_buffers().
    static constexpr bool initializes_buffers = (false || ... || layer<Is>::initializes_buffers);

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
                 ? aligned(layer<Is>::template prepared<typename Net::template given<Is>, Backend, T>)
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
             {MemorySize{}, layer<Is>::template scratch<typename Net::template given<Is>, Backend, T,
                                                        algorithms_of_layer(patterns_of<layer<Is>>.prepares,
                                                                            algorithms)>...})
            largest = largest.with(needed);
        return largest;
    }
};

} // namespace ctgan::inline CTGAN_ABI::detail
