#pragma once

#include <ctgan/core/batch_share.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <vector>

namespace ctgan::inline CTGAN_ABI::ranks {

/// Consecutive shards.
struct ShardRange {
    int first; ///< the first one
    int last;  ///< one past the last one

    /// How many.
    int size() const { return last - first; }
    /// Whether they are the same shards.
    bool operator==(const ShardRange&) const = default;
};

/// Whether two adjacent ranges are the children of one node of the binary tree over shard numbers:
/// ((0, 1), (2, 3)), ((4, 5), (6, 7)) and so on, whatever the number of shards.
inline bool are_siblings(ShardRange lower, ShardRange upper) {
    return lower.last == upper.first && lower.size() == upper.size() && lower.first % (2 * lower.size()) == 0;
}

/// How a batch is cut into shards, and which rank computes which: a rank has consecutive shards, and so
/// consecutive samples. Shards differ by one sample at most; if there are more shards than samples, some are
/// empty.
struct Shards {
    int count; ///< of shards
    int ranks; ///< how many ranks share them
    int batch; ///< samples

    /// The first sample of a shard.
    int begin(int shard) const { return static_cast<int>(Index{batch} * shard / count); }
    /// How many samples a range of shards has.
    int samples(ShardRange range) const { return begin(range.last) - begin(range.first); }
    /// The shards of a rank.
    ShardRange of_rank(int rank) const {
        return {static_cast<int>(Index{count} * rank / ranks),
                static_cast<int>(Index{count} * (rank + 1) / ranks)};
    }
    /// Whether each rank has a sample.
    bool reach_all_ranks() const {
        for (int rank = 0; rank < ranks; ++rank)
            if (samples(of_rank(rank)) == 0) return false;
        return true;
    }
    /// The fewest nodes of the tree that a range consists of.
    static std::vector<ShardRange> nodes_of(ShardRange range) {
        std::vector<ShardRange> nodes;
        for (int shard = range.first; shard < range.last; ++shard) {
            nodes.push_back({shard, shard + 1});
            while (nodes.size() > 1 && are_siblings(nodes[nodes.size() - 2], nodes.back())) {
                nodes[nodes.size() - 2].last = nodes.back().last;
                nodes.pop_back();
            }
        }
        return nodes;
    }
};

/// How one rank adds up a sum over all samples along the tree.
inline std::vector<PartialSum> order_of_sum(const Shards& shards) {
    std::vector<PartialSum> order;
    std::vector<ShardRange> nodes; // of which those without samples are no terms
    const auto merge = [&] {
        const ShardRange upper = nodes.back();
        nodes.pop_back();
        if (shards.samples(nodes.back()) > 0 && shards.samples(upper) > 0) ++order.back().merges;
        nodes.back().last = upper.last;
    };
    for (int shard = 0; shard < shards.count; ++shard) {
        if (shards.samples({shard, shard + 1}) > 0)
            order.push_back({shards.begin(shard), shards.begin(shard + 1), 0});
        nodes.push_back({shard, shard + 1});
        while (nodes.size() > 1 && are_siblings(nodes[nodes.size() - 2], nodes.back())) merge();
    }
    while (nodes.size() > 1) merge();
    return order;
}

} // namespace ctgan::inline CTGAN_ABI::ranks
