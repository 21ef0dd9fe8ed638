// Training on several ranks: the same bits on any number of them.

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/ranks/agreement.hpp>
#include <ctgan/ranks/sharded.hpp>

#include <boost/test/unit_test.hpp>

#include "ranks_in_threads.hpp"
#include "support.hpp"
#include <cmath>
#include <stdexcept>
#include <string>

using namespace training;

namespace {

using ShardedBackend = Sharded<TestBackend>;
using Sharding = ranks::Sharding<TestBackend>;

/// Steps of a loop on batches of `batch` images, the last of which is smaller.
template <class TheGan>
Record steps(int batch) {
    constexpr std::uint32_t images = 31;
    TheGan gan(5, batch, {.lr = 1e-3}, {.lr = 1e-3});
    std::vector<std::uint8_t> pixels(images * static_cast<std::size_t>(TheGan::image_shape::size));
    const random::Stream stream{77, 0, 3};
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<std::uint8_t>(random::below(stream.bits(static_cast<Index>(i)), 256));
    GanLoop<TheGan> loop(gan, typename GanLoop<TheGan>::Images(pixels), 5, batch);
    loop.begin_epoch(io::shuffled(images, 5, 1));
    while (loop.left() > 0) loop.step(static_cast<int>(std::min<Index>(batch, loop.left())));
    Record record;
    for (const auto& losses : loop.take_losses()) {
        record.losses.push_back(losses.discriminator);
        record.losses.push_back(losses.generator);
    }
    append_tensors(gan.generator, record.tensors);
    append_tensors(gan.discriminator, record.tensors);
    return record;
}

template <class TheGan>
Record steps_on(int ranks, int shards, int batch) {
    std::vector<Record> records(static_cast<std::size_t>(ranks));
    RanksInThreads(ranks).run([&](ranks::Exchange& exchange) {
        const Sharding sharding(exchange, shards);
        records[static_cast<std::size_t>(exchange.rank())] = steps<TheGan>(batch);
    });
    for (const Record& record : records) BOOST_TEST((record == records[0]));
    return records[0];
}

using ShardedGan = SmallGanOn<ShardedBackend>;
using ShardedLogitsGan =
    Gan<dcgan::GeneratorOf<16, 12, 8, 6>, dcgan::DiscriminatorOf<6, 10>, BCEWithLogitsLoss, ShardedBackend>;

using ShardedPenaltyGan =
    Gan<Sequential<Linear<4, 16>, Tanh>, Sequential<Linear<16, 12>, Tanh, LayerNorm<12>, Linear<12, 1>>,
        WithPenalty<Wasserstein, GradientPenalty<>, R1<>>, ShardedBackend>;

double relative_distance(const std::vector<float>& a, const std::vector<float>& b) {
    double squares = 0, of_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        squares += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
        of_b += double{b[i]} * b[i];
    }
    return std::sqrt(squares / of_b);
}

/// The values of all ranks' shares, one after the other, of what work(share) fills.
template <class Fill>
std::vector<float> shares(int ranks, int shards, int batch, Index per_sample, const Fill& fill) {
    std::vector<float> all(static_cast<std::size_t>(batch * per_sample));
    RanksInThreads(ranks).run([&](ranks::Exchange& exchange) {
        const Sharding sharding(exchange, shards);
        const auto share = ShardedBackend::share_of(batch);
        typename TestBackend::template Memory<float> memory(share.count * per_sample);
        fill(memory.data(), memory.size());
        const auto values = transfer::values(memory);
        std::copy(values.begin(), values.end(), all.begin() + share.first * per_sample);
    });
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(ranks_suite)

BOOST_AUTO_TEST_CASE(the_number_of_ranks_does_not_show_in_the_bits) {
    // Batches of 14, 14 and 3, whose shards differ in size; the last one has fewer samples than shards.
    for (const int shards : {4, 7}) {
        const Record alone = steps_on<ShardedGan>(1, shards, 14);
        for (const int ranks : {2, 3, 4}) BOOST_TEST((steps_on<ShardedGan>(ranks, shards, 14) == alone));
    }
    const Record alone = steps_on<ShardedLogitsGan>(1, 8, 20);
    for (const int ranks : {2, 3, 5, 8}) BOOST_TEST((steps_on<ShardedLogitsGan>(ranks, 8, 20) == alone));
    const Record branches = steps_on<BranchingGanOn<ShardedBackend>>(1, 4, 14);
    for (const int ranks : {2, 3})
        BOOST_TEST((steps_on<BranchingGanOn<ShardedBackend>>(ranks, 4, 14) == branches));
    const Record normalized = steps_on<NormalizedGanOn<ShardedBackend>>(1, 4, 14);
    for (const int ranks : {2, 3})
        BOOST_TEST((steps_on<NormalizedGanOn<ShardedBackend>>(ranks, 4, 14) == normalized));
    const Record pooling = steps_on<PoolingGanOn<ShardedBackend>>(1, 4, 14);
    BOOST_TEST((steps_on<PoolingGanOn<ShardedBackend>>(3, 4, 14) == pooling));
    const Record geometries = steps_on<GeometriesGanOn<ShardedBackend>>(1, 4, 14);
    BOOST_TEST((steps_on<GeometriesGanOn<ShardedBackend>>(3, 4, 14) == geometries));
    const Record penalized = steps_on<ShardedPenaltyGan>(1, 4, 14);
    for (const int ranks : {2, 3}) BOOST_TEST((steps_on<ShardedPenaltyGan>(ranks, 4, 14) == penalized));
}

BOOST_AUTO_TEST_CASE(with_one_shard_the_bits_are_those_of_the_backend_itself) {
    const Record expected = steps<SmallGan>(14);
    BOOST_TEST((steps<ShardedGan>(14) == expected)); // without a Sharding, too
    BOOST_TEST((steps_on<ShardedGan>(1, 1, 14) == expected));
}

BOOST_AUTO_TEST_CASE(shards_only_round_differently) {
    const Record whole = steps<SmallGan>(14), sharded = steps_on<ShardedGan>(2, 4, 14);
    BOOST_TEST((sharded != whole));
    BOOST_TEST(relative_distance(sharded.tensors, whole.tensors) < 2e-4);
    for (std::size_t i = 0; i < whole.losses.size(); ++i)
        BOOST_TEST(std::abs(sharded.losses[i] - whole.losses[i]) < 1e-4);
}

BOOST_AUTO_TEST_CASE(random_numbers_are_those_of_the_whole_batch) {
    constexpr int batch = 11;
    constexpr Index per_sample = 3; // no multiple of the four words of a block
    const random::Stream stream{3, 1, 2};
    typename TestBackend::template Memory<float> memory(batch * per_sample);
    TestBackend::fill_normal(memory.data(), memory.size(), 2.0F, stream);
    const auto normal = transfer::values(memory);
    TestBackend::fill_mask(memory.data(), memory.size(), 0.5F, stream);
    const auto mask = transfer::values(memory);
    TestBackend::fill_uniform(memory.data(), memory.size(), 0.5F, stream);
    const auto uniform = transfer::values(memory);
    for (const int ranks : {1, 2, 3, 5}) {
        const auto on_ranks = [&](const auto& fill) { return shares(ranks, 5, batch, per_sample, fill); };
        BOOST_TEST(on_ranks([&](float* y, Index n) { ShardedBackend::fill_normal(y, n, 2.0F, stream); }) ==
                   normal);
        BOOST_TEST(on_ranks([&](float* y, Index n) { ShardedBackend::fill_mask(y, n, 0.5F, stream); }) ==
                   mask);
        BOOST_TEST(on_ranks([&](float* y, Index n) { ShardedBackend::fill_uniform(y, n, 0.5F, stream); }) ==
                   uniform);
    }
}

BOOST_AUTO_TEST_CASE(sums_over_a_batch_of_integers_are_exact) {
    // Sums of small integers do not round in any order.
    constexpr int batch = 9, in = 5, out = 7;
    std::vector<float> x(batch * in), dy(batch * out);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7 % 11) - 5;
    for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = static_cast<float>(i * 5 % 13) - 6;
    std::vector<float> weight(in * out, 2.0F), bias(out, 3.0F);
    for (int s = 0; s < batch; ++s)
        for (int o = 0; o < out; ++o) {
            bias[static_cast<std::size_t>(o)] += dy[static_cast<std::size_t>(s * out + o)];
            for (int i = 0; i < in; ++i)
                weight[static_cast<std::size_t>(i * out + o)] +=
                    x[static_cast<std::size_t>(s * in + i)] * dy[static_cast<std::size_t>(s * out + o)];
        }
    for (const int ranks : {1, 2, 3})
        RanksInThreads(ranks).run([&](ranks::Exchange& exchange) {
            const Sharding sharding(exchange, 4);
            const auto share = ShardedBackend::share_of(batch);
            typename TestBackend::template Memory<float> here_x(share.count * in), here_dy(share.count * out),
                w(in * out), b(out);
            typename TestBackend::template Memory<double> total(1);
            TestBackend::from_host(here_x.data(), x.data() + share.first * in, here_x.size());
            TestBackend::from_host(here_dy.data(), dy.data() + share.first * out, here_dy.size());
            TestBackend::fill(w.data(), w.size(), 2.0F);
            TestBackend::fill(b.data(), b.size(), 3.0F);
            ShardedBackend::template linear_weight_gradient<in, out>(w.data(), here_x.data(), here_dy.data(),
                                                                     share.count, true);
            ShardedBackend::template sum_rows<out>(b.data(), here_dy.data(), share.count, true);
            ShardedBackend::sum(total.data(), static_cast<const float*>(here_x.data()), here_x.size(),
                                IdentityFunction{});
            double expected = 0;
            for (const float value : x) expected += value;
            BOOST_TEST(transfer::values(w) == weight);
            BOOST_TEST(transfer::values(b) == bias);
            BOOST_TEST(transfer::value(total.data()) == expected);
            BOOST_TEST(ShardedBackend::whole(share.count * in) == batch * in);
        });
}

BOOST_AUTO_TEST_CASE(moments_survive_a_mean_that_is_large_compared_with_the_deviation) {
    constexpr int batch = 64, channels = 3;
    std::vector<float> x(batch * channels);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 4096.0F + static_cast<float>(i % 8) / 8;
    RanksInThreads(2).run([&](ranks::Exchange& exchange) {
        const Sharding sharding(exchange, 8);
        const auto share = ShardedBackend::share_of(batch);
        typename TestBackend::template Memory<float> values(share.count * channels), moments(4 * channels);
        TestBackend::from_host(values.data(), x.data() + share.first * channels, values.size());
        float* const m = moments.data();
        ShardedBackend::template batch_moments<channels>(m, m + channels, m + 2 * channels, m + 3 * channels,
                                                         values.data(), share.count, 0.1F);
        const auto found = transfer::values(moments);
        for (int c = 0; c < channels; ++c) {
            BOOST_TEST(std::abs(found[static_cast<std::size_t>(c)] - 4096.4375F) < 1e-3F);
            // The variance of 0, 1/8, ..., 7/8.
            BOOST_TEST(std::abs(found[static_cast<std::size_t>(channels + c)] - 0.08203125F) < 1e-4F);
        }
    });
}

BOOST_AUTO_TEST_CASE(statistics_of_a_rank_need_fewer_messages) {
    const auto messages = [](ranks::BatchStatistics statistics) {
        RanksInThreads two(2);
        std::vector<Record> records(2);
        two.run([&](ranks::Exchange& exchange) {
            const Sharding sharding(exchange, 2, statistics);
            records[static_cast<std::size_t>(exchange.rank())] = steps<ShardedGan>(16);
        });
        // The losses are those of the whole batch.
        BOOST_TEST(records[0].losses == records[1].losses);
        return std::pair(two.messages, records[0]);
    };
    const auto of_batch = messages(ranks::BatchStatistics::of_batch),
               of_rank = messages(ranks::BatchStatistics::of_rank);
    BOOST_TEST(of_rank.first < of_batch.first);
    BOOST_TEST((of_rank.second != of_batch.second));
}

BOOST_AUTO_TEST_CASE(losses_and_gradients_are_those_of_the_whole_batch) {
    constexpr int batch = 10;
    using Shape = Flat<4>;
    const auto loss_on = [](int ranks, auto which) {
        using Loss = decltype(which);
        std::vector<float> gradient(batch * Shape::size);
        double value = 0;
        RanksInThreads(ranks).run([&](ranks::Exchange& exchange) {
            const Sharding sharding(exchange, 4);
            const auto share = ShardedBackend::share_of(batch);
            BatchOn<Shape, ShardedBackend> prediction(share.count), slopes(share.count);
            ShardedBackend::fill_normal(prediction.data(), prediction.size(), 1.0F, {8, 1, 1});
            LossValue<ShardedBackend> result;
            if constexpr (std::is_same_v<Loss, CrossEntropyLoss>) {
                BatchOn<Flat<1>, ShardedBackend, std::int32_t> labels(share.count);
                std::vector<std::int32_t> classes(static_cast<std::size_t>(share.count));
                for (int i = 0; i < share.count; ++i)
                    classes[static_cast<std::size_t>(i)] = (share.first + i) % Shape::size;
                TestBackend::from_host(labels.data(), classes.data(), labels.size());
                loss<Loss>(prediction, labels, slopes, result);
            } else
                loss<Loss>(prediction, 1, slopes, result);
            value = result.item();
            const auto values = transfer::values(slopes);
            std::copy(values.begin(), values.end(), gradient.begin() + share.first * Shape::size);
        });
        return std::pair(value, gradient);
    };
    const auto same_on_all = [&](auto which) {
        const auto alone = loss_on(1, which);
        for (const int ranks : {2, 3, 4}) BOOST_TEST((loss_on(ranks, which) == alone));
    };
    same_on_all(MSELoss{});
    same_on_all(BCEWithLogitsLoss{});
    same_on_all(CrossEntropyLoss{});
}

BOOST_AUTO_TEST_CASE(bad_input) {
    const auto message_of = [](const auto& action) -> std::string {
        try {
            action();
        } catch (const std::exception& error) {
            return error.what();
        }
        return "nothing";
    };
    BOOST_TEST(message_of([] {
                   RanksInThreads(3).run(
                       [](ranks::Exchange& exchange) { const Sharding sharding(exchange, 2); });
               }) == "shards: found 2, expected at least 3, the number of ranks");
    BOOST_TEST(message_of([] {
                   RanksInThreads(3).run([](ranks::Exchange& exchange) {
                       ranks::require_same(
                           exchange, {{"seed", "4"}, {"batch-size", exchange.rank() == 2 ? "16" : "8"}});
                   });
               }) == "batch-size: found 16 on rank 2, expected 8 as on rank 0");
    // The backend of this loss is that of the memory, which knows nothing of the other ranks.
    BOOST_TEST(
        message_of([] {
            RanksInThreads(2).run([](ranks::Exchange& exchange) {
                const Sharding sharding(exchange, 2);
                const auto share = ShardedBackend::share_of(4);
                BatchOn<Flat<2>, ShardedBackend> prediction(share.count), slopes(share.count);
                loss<MSELoss>(prediction, 1, slopes);
            });
        }) ==
        "MSELoss: found a batch that is shared among ranks, expected a LossValue of the backend Sharded");
    BOOST_TEST(
        message_of([] {
            RanksInThreads(2).run([](ranks::Exchange& exchange) {
                const Sharding sharding(exchange, 2, ranks::BatchStatistics::of_rank);
                steps<ShardedGan>(14); // the last batch has 3 samples
            });
        }) == "BatchNorm: found 1 value per channel on a rank, expected at least 2 for statistics of a rank");
    BOOST_TEST(message_of([] {
                   ranks::Alone alone;
                   const Sharding sharding(alone, 2);
                   const auto share = ShardedBackend::share_of(4);
                   const auto another = ShardedBackend::share_of(4);
               }) == "share_of: found a batch of 4 samples that has not ended, expected none");
    BOOST_TEST(message_of([] {
                   ranks::Alone alone;
                   const Sharding sharding(alone, 2);
                   const auto share = ShardedBackend::share_of(0);
               }) == "share_of: found a batch of 0 samples, expected at least 1");
    RanksInThreads(3).run([](ranks::Exchange& exchange) {
        BOOST_TEST(ranks::largest_of_all(exchange, exchange.rank() == 1 ? 15 : 0) == 15);
        ranks::require_same(exchange, {{"seed", "4"}});
    });
}

BOOST_AUTO_TEST_CASE(ranks_share_a_batch_of_a_frozen_network) {
    using Net =
        Network<Sequential<Input<32, 8, 8>, Conv2d<32, 32, 3, 1, 1>, BatchNorm2d<32>>, ShardedBackend>;
    // Six samples go by tiles, three of them alone do not.
    const auto outputs = [](int ranks) {
        std::vector<float> all(static_cast<std::size_t>(6 * Net::output_shape::size));
        RanksInThreads(ranks).run([&](ranks::Exchange& exchange) {
            const Sharding sharding(exchange, 6);
            const Frozen frozen(Net(3));
            typename decltype(frozen)::Workspace workspace(6);
            const auto share = ShardedBackend::share_of(6);
            BatchOn<Net::input_shape, ShardedBackend> input(share.count);
            TestBackend::fill(input.data(), input.size(), 0.5F);
            const auto values = transfer::values(frozen.forward(input, workspace));
            std::copy(values.begin(), values.end(), all.begin() + share.first * Net::output_shape::size);
        });
        return all;
    };
    const auto alone = outputs(1);
    for (const int ranks : {2, 3}) BOOST_TEST((outputs(ranks) == alone));
    BOOST_CHECK_THROW(RanksInThreads(2).run([&](ranks::Exchange& exchange) {
        const Sharding sharding(exchange, 6);
        const Frozen frozen(Net(3), 3);
        typename decltype(frozen)::Workspace workspace(6);
        const auto share = ShardedBackend::share_of(6);
        BatchOn<Net::input_shape, ShardedBackend> input(share.count);
        frozen.forward(input, workspace);
    }),
                      std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
