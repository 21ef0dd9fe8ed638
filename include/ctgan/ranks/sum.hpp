#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>
#include <ctgan/ranks/sharding.hpp>
#include <ctgan/ranks/tree.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <vector>

// Sums over shards. Those of few values go to all ranks whole. Those of many are cut into parts, one for each
// rank: it adds up its part and sends the sums to the others.
namespace ctgan::inline CTGAN_ABI::ranks {

namespace detail {

/// y += x, n values.
template <class B, class T>
void add_values(T* y, const T* x, Index n) {
    B::zip(y, static_cast<const T*>(y), x, n, ctgan::detail::Sum{});
}
/// The same for two nodes of a tree. A struct, because each lambda is a type of its own, for which the tree's
/// code would be compiled again.
template <class B>
struct AddNodes {
    Index n;
    template <class T>
    void operator()(T* lower, const T* upper, ShardRange, ShardRange) const {
        add_values<B>(lower, upper, n);
    }
};

/// With more values than this, two messages of parts to each rank are faster than one of all values.
inline constexpr Index few_values = 8192;

/// The tree of sums of n values, as far as this rank has them.
template <class B, class T, class Partial>
TreeOfShards<B, T> tree_of_sums(Sharding<B>& sharding, T* result, Index n, const Partial& partial,
                                int memory = 0) {
    TreeOfShards<B, T> tree(sharding, result, n, memory);
    tree.compute(partial, AddNodes<B>{n});
    return tree;
}

/// The sum of a tree's nodes on several ranks, in parts. What others send is on its way while this rank
/// computes something else.
template <class B, class T>
class SumInParts {
    using Tree = TreeOfShards<B, T>;
    using Part = typename Tree::Part;

  public:
    /// Begins the sum of these values. Stores those at `result`, where the tree's values begin. What
    /// arrives takes memory number `memory`.
    SumInParts(Sharding<B>& sharding, Tree& tree, T* result, Part values, int memory = 0)
        : sharding_(sharding), tree_(tree), result_(result), values_(values) {
        std::vector<Message> sent, received;
        nodes_ = tree.gather(
            sent, received, [&](int rank) { return part_of(rank); }, memory);
        sharding.begin_exchange(of_nodes_, sent, received);
        advance();
    }

    /// Sends the sums if everything for them has arrived.
    void advance() {
        if (sums_are_sent_)
            sharding_.done(of_sums_); // messages may travel only while MPI is called
        else if (sharding_.done(of_nodes_))
            send_sums();
    }
    /// Waits until everything for this rank's part has arrived, and sends the sums.
    void send_sums() {
        if (sums_are_sent_) return;
        sums_are_sent_ = true;
        sharding_.finish(of_nodes_);
        const int self = sharding_.rank();
        const Part own = part_of(self);
        tree_.merge_all(nodes_, AddNodes<B>{own.size()});
        B::copy(result_ + own.begin, static_cast<const T*>(nodes_[0].values), own.size());
        std::vector<Message> sent, received;
        for (int rank = 0; rank < sharding_.ranks(); ++rank)
            if (rank != self) {
                const Part other = part_of(rank);
                Tree::add_message(sent, rank, result_ + own.begin, own.size());
                Tree::add_message(received, rank, result_ + other.begin, other.size());
            }
        sharding_.begin_exchange(of_sums_, sent, received);
    }
    /// Waits for the sums of the others.
    void finish() {
        send_sums();
        sharding_.finish(of_sums_);
    }

  private:
    Part part_of(int rank) const { return {begin_of_part(rank), begin_of_part(rank + 1)}; }
    Index begin_of_part(int rank) const {
        constexpr Index values_per_line = 16;
        const int ranks = sharding_.ranks();
        return rank == ranks
                   ? values_.end
                   : values_.begin + values_.size() * rank / ranks / values_per_line * values_per_line;
    }

    Sharding<B>& sharding_;
    Tree& tree_;
    T* result_;
    Part values_;
    std::vector<typename Tree::Node> nodes_;
    // Reserved here: ranks begin the second exchange at different times.
    const int of_nodes_ = sharding_.new_number(), of_sums_ = sharding_.new_number();
    bool sums_are_sent_ = false;
};

} // namespace detail

/// The sums of what partial(shard, to) computes for each shard, n values, added up along the tree.
template <class B, class T, class Partial>
void sum_shards(Sharding<B>& sharding, T* result, Index n, const Partial& partial) {
    if (sharding.ranks() > 1 && n > detail::few_values) {
        auto tree = detail::tree_of_sums(sharding, result, n, partial);
        detail::SumInParts<B, T>(sharding, tree, result, {0, n}).finish();
    } else
        merge_shards(sharding, result, n, partial, detail::AddNodes<B>{n});
}

/// The same, and calls use(begin, end) for values of the result that are complete: once for all of them or,
/// if there are many and messages overlap with computation, in segments, while others are still on their way.
template <class B, class T, class Partial, class Use>
void sum_shards_in_segments(Sharding<B>& sharding, T* result, Index n, const Partial& partial,
                            const Use& use) {
    constexpr Index segment = Index{1} << 18; // 1 MB of floats: many messages cost time, too
    if (sharding.ranks() == 1 || !sharding.overlaps() || n <= detail::few_values) {
        sum_shards(sharding, result, n, partial);
        return use(Index{0}, n);
    }
    const Index segments = (n + segment - 1) / segment;
    const auto part = [&](Index k) {
        return typename detail::TreeOfShards<B, T>::Part{k * segment, (std::min)(n, (k + 1) * segment)};
    };
    auto tree = detail::tree_of_sums(sharding, result, n, partial);
    std::deque<detail::SumInParts<B, T>> sums;
    const auto at = [&](Index k) -> auto& { return sums[static_cast<std::size_t>(k)]; };
    // At any time the nodes of one segment and the sums of the one before are on their way.
    for (Index k = 0; k < segments + 2; ++k) {
        if (k < segments)
            sums.emplace_back(sharding, tree, result, part(k), 1 + sharding.late() + static_cast<int>(k % 2));
        if (k >= 1 && k - 1 < segments) at(k - 1).send_sums();
        if (k >= 2) {
            at(k - 2).finish();
            use(part(k - 2).begin, part(k - 2).end);
        }
    }
}

} // namespace ctgan::inline CTGAN_ABI::ranks
