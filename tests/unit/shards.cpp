// How a batch is cut into shards, and the tree over their numbers.

#include <ctgan/ranks/shards.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace ctgan;
using ranks::ShardRange;
using ranks::Shards;

namespace {

/// The tree over a range of shards, straight from its definition: split where the largest power of two that
/// is smaller than the rest ends. Shards without samples are left out.
std::string tree(const Shards& shards, int first, int last) {
    if (shards.samples({first, last}) == 0) return "";
    if (last - first == 1) return std::to_string(first);
    int left = 1;
    while (2 * left < last - first) left *= 2;
    const std::string lower = tree(shards, first, first + left), upper = tree(shards, first + left, last);
    return lower.empty() || upper.empty() ? lower + upper : "(" + lower + "+" + upper + ")";
}

/// The same from the order in which one rank adds up.
std::string tree_of_order(const Shards& shards) {
    std::vector<std::string> sums;
    int shard = 0;
    for (const PartialSum& part : ranks::order_of_sum(shards)) {
        while (shards.begin(shard) != part.first || shards.begin(shard + 1) != part.last) ++shard;
        sums.push_back(std::to_string(shard++));
        for (int k = 0; k < part.merges; ++k) {
            const std::string upper = sums.back();
            sums.pop_back();
            sums.back() = "(" + sums.back() + "+" + upper + ")";
        }
    }
    return sums.size() == 1 ? sums[0] : "more than one sum";
}

} // namespace

BOOST_AUTO_TEST_SUITE(shards_suite)

BOOST_AUTO_TEST_CASE(every_sample_is_in_one_shard_and_every_shard_on_one_rank) {
    for (int count = 1; count <= 17; ++count)
        for (int batch = 1; batch <= 40; ++batch) {
            const Shards shards{count, 1, batch};
            BOOST_TEST(shards.begin(0) == 0);
            BOOST_TEST(shards.begin(count) == batch);
            for (int k = 0; k < count; ++k) {
                const int samples = shards.samples({k, k + 1});
                BOOST_TEST((samples == batch / count || samples == (batch + count - 1) / count));
            }
        }
    for (int count = 1; count <= 17; ++count)
        for (int ranks = 1; ranks <= count; ++ranks) {
            const Shards shards{count, ranks, 100};
            int next = 0;
            for (int rank = 0; rank < ranks; ++rank) {
                BOOST_TEST(shards.of_rank(rank).first == next);
                BOOST_TEST(shards.of_rank(rank).size() > 0);
                next = shards.of_rank(rank).last;
            }
            BOOST_TEST(next == count);
        }
}

BOOST_AUTO_TEST_CASE(a_rank_begins_with_the_fewest_nodes) {
    const auto nodes = [](int first, int last) { return Shards::nodes_of({first, last}); };
    BOOST_TEST((nodes(0, 8) == std::vector<ShardRange>{{0, 8}}));
    BOOST_TEST((nodes(0, 6) == std::vector<ShardRange>{{0, 4}, {4, 6}}));
    BOOST_TEST((nodes(1, 6) == std::vector<ShardRange>{{1, 2}, {2, 4}, {4, 6}}));
    BOOST_TEST((nodes(3, 5) == std::vector<ShardRange>{{3, 4}, {4, 5}}));
}

BOOST_AUTO_TEST_CASE(one_rank_adds_up_along_the_tree) {
    BOOST_TEST(tree({8, 1, 8}, 0, 8) == "(((0+1)+(2+3))+((4+5)+(6+7)))");
    BOOST_TEST(tree({7, 1, 7}, 0, 7) == "(((0+1)+(2+3))+((4+5)+6))");
    for (int count = 1; count <= 33; ++count)
        for (const int batch : {1, 2, 3, 5, 8, 13, 32, 33, 64}) {
            const Shards shards{count, 1, batch};
            BOOST_TEST(tree_of_order(shards) == tree(shards, 0, count));
        }
}

BOOST_AUTO_TEST_CASE(a_batch_may_be_too_small_for_all_ranks) {
    BOOST_TEST((Shards{8, 4, 4}.reach_all_ranks()));
    BOOST_TEST(!(Shards{8, 4, 3}.reach_all_ranks()));
    BOOST_TEST(!(Shards{8, 8, 7}.reach_all_ranks()));
}

BOOST_AUTO_TEST_SUITE_END()
