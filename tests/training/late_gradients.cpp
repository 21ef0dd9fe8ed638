// Gradients whose sums over ranks go on while the backward pass continues: when they are complete.

#include <ctgan/ranks/sharded.hpp>

#include <boost/test/unit_test.hpp>

#include "ranks_in_threads.hpp"
#include "support.hpp"
#include <type_traits>
#include <utility>

using namespace training;

namespace {

using ShardedBackend = Sharded<TestBackend>;
using Begun = RanksInThreads::Begun;
constexpr int shards = 5, batch = 11;

/// Weights large enough for sums in parts: those of both kinds of convolutions, and that of the first Linear
/// layer, which is summed in two segments.
using LargeGan =
    Gan<dcgan::GeneratorOf<128, 44, 32, 17>, dcgan::DiscriminatorOf<32, 33>, LeastSquares, ShardedBackend>;

/// What work(record) leaves on each rank. It must be the same on all of them. If messages arrive as late as
/// possible, so many exchanges must have been open at a time: those of the large weights of a backward pass,
/// but for that of a first Linear layer unless a hook needs it; one outside of such a pass.
template <class Work>
std::vector<float> on_ranks(int ranks, Begun begun, std::size_t most_open, const Work& work) {
    std::vector<std::vector<float>> records(static_cast<std::size_t>(ranks));
    RanksInThreads in_threads(ranks, begun);
    in_threads.run([&](ranks::Exchange& exchange) {
        const ranks::Sharding<TestBackend> sharding(exchange, shards);
        work(records[static_cast<std::size_t>(exchange.rank())]);
    });
    // What goes by way of a device's host waits.
    const std::size_t expected = std::is_base_of_v<Cpu, TestBackend> ? most_open : 0;
    if (begun == Begun::when_finished) BOOST_TEST(in_threads.most_open == expected);
    for (const auto& record : records) BOOST_TEST((record == records[0]));
    return records[0];
}
template <class Work>
void expect_the_same_on_any_number_of_ranks(std::size_t most_open, const Work& work) {
    const auto alone = on_ranks(1, Begun::never, most_open, work);
    for (const int ranks : {2, 3, 4})
        for (const Begun begun : {Begun::never, Begun::at_once, Begun::when_there, Begun::when_finished})
            BOOST_TEST((on_ranks(ranks, begun, most_open, work) == alone),
                       "other bits on " << ranks << " ranks, kind " << static_cast<int>(begun));
}

void append(std::vector<float>& to, const float* values, Index n) {
    const auto here = transfer::values(values, n);
    to.insert(to.end(), here.begin(), here.end());
}

/// Calls work(share) in three batches, the last of which is smaller.
template <class Work>
void in_batches(const Work& work) {
    for (const int samples : {batch, batch, batch - 3}) {
        const auto share = ShardedBackend::share_of(samples);
        work(share.count);
    }
}

/// A layer that reads the gradient of its weight in its backward pass.
struct Halved : Conv2d<24, 48, 3> {
    template <class Pass>
    static void backward(const Pass& p) {
        Conv2d<24, 48, 3>::backward(p);
        if constexpr (Pass::to_parameters) {
            float* const gradient = p.template gradient<0>();
            Pass::Backend::map(gradient, gradient, parameters[0].size(), Half{});
        }
    }
    struct Half {
        CTGAN_HD float operator()(float x) const { return x / 2; }
    };
};

} // namespace

BOOST_AUTO_TEST_SUITE(late_gradients)

BOOST_AUTO_TEST_CASE(steps_have_the_same_bits_whenever_messages_arrive) {
    expect_the_same_on_any_number_of_ranks(2, [](std::vector<float>& record) {
        LargeGan gan(5, batch, {.lr = 1e-3}, {.lr = 1e-3});
        std::uint64_t step = 0;
        in_batches([&](int count) {
            const StepData<LargeGan> data(count, step);
            const auto losses = gan.train_step(data.real, data.noise, step++);
            record.push_back(static_cast<float>(losses.discriminator));
            record.push_back(static_cast<float>(losses.generator));
        });
        append_tensors(gan.generator, record);
        append_tensors(gan.discriminator, record);
    });
}

BOOST_AUTO_TEST_CASE(a_hook_reads_complete_gradients) {
    expect_the_same_on_any_number_of_ranks(3, [](std::vector<float>& record) {
        LargeGan gan(5, batch, {.lr = 1e-3}, {.lr = 1e-3});
        std::uint64_t step = 0;
        in_batches([&](int count) {
            const StepData<LargeGan> data(count, step);
            gan.train_step(data.real, data.noise, step++, [&](auto&, auto& gradients) {
                append(record, gradients.data(), gradients.size());
            });
        });
    });
}

BOOST_AUTO_TEST_CASE(backward_returns_complete_gradients) {
    // The first layer computes with the gradient of its weight, too.
    using Net = Network<
        Sequential<Input<24, 8, 8>, SpectralNorm<Conv2d<24, 48, 3>>, Tanh, Conv2d<48, 24, 3>, Tanh, Halved>,
        ShardedBackend>;
    expect_the_same_on_any_number_of_ranks(2, [](std::vector<float>& record) {
        Net network(3);
        typename Net::TrainingWorkspace workspace(batch);
        typename Net::Gradients gradients;
        bool add = false;
        in_batches([&](int count) {
            BatchOn<Net::input_shape, ShardedBackend> input(count);
            BatchOn<Net::output_shape, ShardedBackend> slopes(count);
            ShardedBackend::fill_normal(input.data(), input.size(), 1.0F, {8, 1, 1});
            ShardedBackend::fill_normal(slopes.data(), slopes.size(), 1.0F, {8, 1, 2});
            network.forward_training(input, workspace);
            network.backward(slopes, workspace, gradients, std::exchange(add, true));
            append(record, gradients.data(), gradients.size());
        });
    });
}

BOOST_AUTO_TEST_CASE(only_a_layer_that_says_so_leaves_its_gradients) {
    static_assert(ctgan::detail::patterns_of<Conv2d<24, 48, 3>>.leaves_gradients);
    static_assert(!ctgan::detail::patterns_of<Halved>.leaves_gradients);
    // Outside of a region and of late_gradients() an operation returns a complete sum.
    expect_the_same_on_any_number_of_ranks(1, [](std::vector<float>& record) {
        constexpr int in = 100, out = 96;
        in_batches([&](int count) {
            typename TestBackend::template Memory<float> x(Index{count} * in), dy(Index{count} * out),
                dw(in * out);
            ShardedBackend::fill_normal(x.data(), x.size(), 1.0F, {8, 1, 1});
            ShardedBackend::fill_normal(dy.data(), dy.size(), 1.0F, {8, 1, 2});
            ShardedBackend::template linear_weight_gradient<in, out>(dw.data(), x.data(), dy.data(), count,
                                                                     false);
            append(record, dw.data(), dw.size());
        });
    });
}

BOOST_AUTO_TEST_SUITE_END()
