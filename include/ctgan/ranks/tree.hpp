#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/ranks/sharding.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

namespace ctgan::inline CTGAN_ABI::ranks {

namespace detail {

/// Values that shards have in common, n for each node of the tree, on their way to the root. Every rank first
/// merges its own shards as far as the tree allows, then sends what it has; merging goes on where all of it
/// has arrived. So each value is computed by the same operations, on whichever rank.
template <class B, class T>
class TreeOfShards {
    using Memory = typename Sharding<B>::Use;

  public:
    /// A node, and who has its values.
    struct Node {
        ShardRange shards;
        T* values;    ///< null if the shards have no samples, or if the values have not arrived
        int rank = 0; ///< which has them at first
    };
    /// Consecutive values.
    struct Part {
        Index begin, end;
        Index size() const { return end - begin; }
    };

    /// For n values, in memory number `memory` (Sharding::memory).
    TreeOfShards(Sharding<B>& sharding, T* result, Index n, int memory = 0)
        : sharding_(sharding), result_(result), n_(n) {
        // The fewest nodes of a range are at most two of each size, and one is not merged yet.
        const int slots =
            2 * static_cast<int>(std::bit_width(static_cast<unsigned>(sharding.local().size()))) + 1;
        T* const nodes = sharding.template memory<T>(Memory::nodes, slots * step(), memory);
        for (int k = slots - 1; k >= 0; --k) free_.push_back(nodes + k * step());
        if (sharding.ranks() == 1) free_.push_back(result); // the first to be taken: where the root will be
    }

    /// partial(shard, to) for each of this rank's shards, merged.
    template <class Partial, class Merge>
    void compute(const Partial& partial, const Merge& merge) {
        const ShardRange local = sharding_.local();
        for (int shard = local.first; shard < local.last; ++shard) {
            T* values = nullptr;
            if (sharding_.shards().samples({shard, shard + 1}) > 0) {
                values = free_.back();
                free_.pop_back();
                partial(shard, values);
            }
            nodes_.push_back({{shard, shard + 1}, values});
            merge_siblings(nodes_, merge);
        }
    }

    /// The result, if this rank has computed all shards.
    template <class Merge>
    void finish(const Merge& merge) {
        merge_all(nodes_, merge);
        B::copy(result_, static_cast<const T*>(nodes_[0].values), n_);
    }

    /// The result, on each rank from the nodes of all ranks.
    template <class Merge>
    void finish_on_each_rank(const Merge& merge) {
        std::vector<Message> sent, received;
        std::vector<Node> all = gather(sent, received, [&](int) { return Part{0, n_}; });
        sharding_.exchange(sent, received);
        merge_all(all, merge);
        B::copy(result_, static_cast<const T*>(all[0].values), n_);
    }

    /// Lists a message, unless it is empty.
    static void add_message(std::vector<Message>& messages, int rank, T* values, Index n) {
        if (n > 0) messages.push_back({rank, values, static_cast<std::size_t>(n) * sizeof(T)});
    }

    /// Lists the messages for each other rank, the part of the values that it is to have, and from there the
    /// part of this one. Returns all nodes, with the values of this rank's part; those that arrive are in
    /// memory number `memory`.
    template <class PartOf>
    std::vector<Node> gather(std::vector<Message>& sent, std::vector<Message>& received,
                             const PartOf& part_of, int memory = 0) {
        const Part own = part_of(sharding_.rank());
        std::vector<Node> all;
        const auto arrives = [&](const Node& node) {
            return !node.values && sharding_.shards().samples(node.shards) > 0;
        };
        for (int rank = 0; rank < sharding_.ranks(); ++rank)
            if (rank == sharding_.rank())
                for (const Node& node : nodes_)
                    all.push_back({node.shards, node.values ? node.values + own.begin : nullptr});
            else {
                for (const Node& node : nodes_)
                    if (node.values)
                        add_message(sent, rank, node.values + part_of(rank).begin, part_of(rank).size());
                for (const ShardRange& shards : Shards::nodes_of(sharding_.shards().of_rank(rank)))
                    all.push_back({shards, nullptr, rank});
            }
        const auto arriving = std::count_if(all.begin(), all.end(), arrives);
        T* to = sharding_.template memory<T>(Memory::received, arriving * aligned(own.size()), memory);
        for (Node& node : all)
            if (arrives(node)) {
                node.values = to;
                add_message(received, node.rank, to, own.size());
                to += aligned(own.size());
            }
        return all;
    }

    /// Merges all nodes, given in their order: siblings first, then from the last one back.
    template <class Merge>
    void merge_all(std::vector<Node>& all, const Merge& merge) {
        std::vector<Node> merged;
        for (const Node& node : all) {
            merged.push_back(node);
            merge_siblings(merged, merge);
        }
        while (merged.size() > 1) merge_last_two(merged, merge);
        all = merged;
    }

  private:
    Index step() const { return aligned(n_); }
    /// Merges the last two nodes as long as they are siblings.
    template <class Merge>
    void merge_siblings(std::vector<Node>& nodes, const Merge& merge) {
        while (nodes.size() > 1 && are_siblings(nodes[nodes.size() - 2].shards, nodes.back().shards))
            merge_last_two(nodes, merge);
    }
    template <class Merge>
    void merge_last_two(std::vector<Node>& nodes, const Merge& merge) {
        const Node upper = nodes.back();
        nodes.pop_back();
        Node& lower = nodes.back();
        if (lower.values && upper.values) {
            merge(lower.values, static_cast<const T*>(upper.values), lower.shards, upper.shards);
            free_.push_back(upper.values);
        } else if (upper.values)
            lower.values = upper.values;
        lower.shards.last = upper.shards.last;
    }

    Sharding<B>& sharding_;
    T* result_;
    Index n_;
    std::vector<T*> free_;
    std::vector<Node> nodes_;
};

} // namespace detail

/// What partial(shard, to) computes for each shard, n values, merged along the tree: merge(lower, upper,
/// shards of lower, shards of upper) changes the values of lower. `result` is the same on all ranks.
template <class B, class T, class Partial, class Merge>
void merge_shards(Sharding<B>& sharding, T* result, Index n, const Partial& partial, const Merge& merge) {
    detail::TreeOfShards<B, T> tree(sharding, result, n);
    tree.compute(partial, merge);
    if (sharding.ranks() == 1)
        tree.finish(merge);
    else
        tree.finish_on_each_rank(merge);
}

} // namespace ctgan::inline CTGAN_ABI::ranks
