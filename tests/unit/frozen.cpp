// Networks for inference alone, compared with Network::forward.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../with_threads.hpp"
#include "disturb_buffers.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ratio>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace ctgan;

namespace {

template <class TheNetwork>
TheNetwork trained_network() {
    TheNetwork network(1);
    disturb_buffers(network);
    return network;
}

/// The same random samples for each batch size.
template <class TheNetwork>
auto samples_of(int batch) {
    using T = typename TheNetwork::scalar;
    BatchOn<typename TheNetwork::input_shape, TestBackend, T> input(batch);
    TestBackend::fill_normal(input.data(), input.size(), T(1), {1, 2, 3});
    return input;
}

template <class TheNetwork, class Input>
auto values_of_output(const TheNetwork& network, const Input& input, int capacity) {
    typename TheNetwork::Workspace workspace(capacity);
    return transfer::values(network.forward(input, workspace));
}

/// The largest distance between the outputs of a network and of the same frozen, as a share of the largest
/// output.
template <class TheNetwork>
double distance_of_frozen(int batch) {
    const auto network = trained_network<TheNetwork>();
    const auto input = samples_of<TheNetwork>(batch);
    const auto expected = values_of_output(network, input, batch),
               found = values_of_output(Frozen(network), input, batch);
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(found[i] - expected[i])));
        largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
    }
    BOOST_TEST(largest > 0);
    return worst / largest;
}

/// Convolutions of both kinds with and without tiles, and channels that do not fill a register.
template <class T>
using Encoder = Network<Sequential<Input<3, 17, 17>, Conv2d<3, 24, 3, 1, 1>, BatchNorm2d<24>, LeakyReLU<>,
                                   Conv2d<24, 40, 4, 2, 1>, ReLU, BatchNorm2d<40>, Conv2d<40, 33, 3, 1, 1>,
                                   Flatten, Linear<33 * 8 * 8, 9>>,
                        TestBackend, T>;
template <class T>
using Decoder = Network<dcgan::GeneratorOf<16, 40, 24, 20>, TestBackend, T>;

/// Reflected padding, which is in the scratch memory before that of tiles, and geometries without tiles.
template <class T>
using Geometries = Network<
    Sequential<Input<20, 9, 10>,
               Conv2dWith<Conv2dOptions{
                   .in = 20, .out = 24, .kernel = 3, .padding = 1, .padding_mode = PaddingMode::reflect}>,
               ReLU, BatchNorm2d<24>,
               Conv2dWith<Conv2dOptions{.in = 24, .out = 24, .kernel = 3, .groups = 24}>,
               ConvTranspose2dWith<ConvTranspose2dOptions{
                   .in = 24, .out = 12, .kernel = {3, 4}, .stride = 2, .groups = 4, .bias = false}>>,
    TestBackend, T>;

// 3 samples are computed directly. Four and more are by tiles if these save half of the multiplications, 12
// and more if they save a third.
constexpr int batches[] = {1, 3, 4, 12, 18};

} // namespace

BOOST_AUTO_TEST_SUITE(frozen_networks)

BOOST_AUTO_TEST_CASE(outputs_are_those_of_the_network_up_to_rounding) {
    for (const int batch : batches) {
        BOOST_TEST_CONTEXT("batch " << batch) {
            BOOST_TEST(distance_of_frozen<Decoder<float>>(batch) < 5e-6);
            BOOST_TEST(distance_of_frozen<Encoder<float>>(batch) < 5e-6);
            BOOST_TEST(distance_of_frozen<Geometries<float>>(batch) < 5e-6);
            BOOST_TEST(distance_of_frozen<Decoder<double>>(batch) < 1e-14);
            BOOST_TEST(distance_of_frozen<Encoder<double>>(batch) < 1e-14);
            BOOST_TEST(distance_of_frozen<Geometries<double>>(batch) < 1e-14);
        }
    }
}

BOOST_AUTO_TEST_CASE(normalizations_subtract_multiply_and_add) {
    using Net = Network<Sequential<Input<3, 2, 2>, BatchNorm2d<3>>, TestBackend>;
    Net net(0);
    const std::vector<float> weight{2, 4, -8}, bias{1, 0, 3}, mean{0.5F, -1, 2};
    const float one = 1 - BatchNorm<3>::epsilon<float>; // the root of the sum with epsilon is 1
    transfer::put(weight, net.parameter<1, 0>());
    transfer::put(bias, net.parameter<1, 1>());
    transfer::put(mean, net.buffer<1, 0>());
    transfer::put(std::vector<float>(3, one), net.buffer<1, 1>());
    BatchOn<Image<3, 2, 2>, TestBackend> input(2);
    std::vector<float> x(24), expected;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
    for (std::size_t i = 0; i < x.size(); ++i)
        expected.push_back((x[i] - mean[i % 3]) * weight[i % 3] + bias[i % 3]);
    transfer::put(x, input.data());
    BOOST_TEST((values_of_output(Frozen(net), input, 2) == expected));
}

BOOST_AUTO_TEST_CASE(outputs_do_not_depend_on_the_number_of_threads_or_the_capacity) {
    const Frozen frozen(trained_network<Decoder<float>>());
    for (const int batch : batches) {
        const auto input = samples_of<Decoder<float>>(batch);
        std::vector<std::vector<float>> outputs;
        for (const int threads : {1, 2, 3}) {
            const WithThreads with(threads);
            outputs.push_back(values_of_output(frozen, input, batch + threads));
        }
        BOOST_TEST((outputs[1] == outputs[0]));
        BOOST_TEST((outputs[2] == outputs[0]));
    }
}

BOOST_AUTO_TEST_CASE(what_is_prepared_does_not_depend_on_the_number_of_threads) {
    const auto network = trained_network<Encoder<float>>();
    const auto input = samples_of<Encoder<float>>(12);
    std::vector<std::vector<float>> outputs;
    for (const int threads : {1, 3}) {
        const WithThreads with(threads);
        outputs.push_back(values_of_output(Frozen(network), input, 12));
    }
    BOOST_TEST((outputs[1] == outputs[0]));
}

BOOST_AUTO_TEST_CASE(later_changes_of_the_network_do_not_reach_a_frozen_one) {
    auto network = trained_network<Decoder<float>>();
    const auto input = samples_of<Decoder<float>>(12);
    const Frozen frozen(network);
    const auto before = values_of_output(frozen, input, 12);
    TestBackend::fill(network.parameters(), network.arena_size(), 0.25F);
    BOOST_TEST((values_of_output(frozen, input, 12) == before));
    BOOST_TEST((values_of_output(Frozen(network), input, 12) != before));
    const auto copy = frozen;
    BOOST_TEST((values_of_output(copy, input, 12) == before));
    Frozen moved(trained_network<Decoder<float>>());
    BOOST_TEST((values_of_output(moved, input, 12) == before));
    const Frozen other(Decoder<float>(7));
    moved = other;
    BOOST_TEST((values_of_output(moved, input, 12) == values_of_output(other, input, 12)));
}

BOOST_AUTO_TEST_CASE(a_network_that_is_frozen_for_small_batches_gives_the_same_and_takes_no_larger_ones) {
    const auto network = trained_network<Decoder<float>>();
    const Frozen frozen(network), for_three(network, 3), for_four(network, 4);
    for (const int batch : {1, 3})
        BOOST_TEST((values_of_output(for_three, samples_of<Decoder<float>>(batch), batch) ==
                    values_of_output(frozen, samples_of<Decoder<float>>(batch), batch)));
    const auto four = samples_of<Decoder<float>>(4);
    BOOST_TEST((values_of_output(for_four, four, 4) == values_of_output(frozen, four, 4)));
    BOOST_CHECK_THROW(values_of_output(for_three, four, 4), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(means_far_from_zero_cost_no_digits) {
    using Net = Network<Sequential<Input<1, 4, 4>, BatchNorm2d<1>>, TestBackend>;
    Net net(0);
    transfer::put(1000.F, net.buffer<1, 0>());
    transfer::put(0.01F, net.buffer<1, 1>());
    BatchOn<Image<1, 4, 4>, TestBackend> input(1);
    TestBackend::fill(input.data(), input.size(), 1000.0625F);
    const auto expected = values_of_output(net, input, 1);
    const auto found = values_of_output(Frozen(net), input, 1);
    BOOST_TEST(std::abs(found[0] - expected[0]) < 1e-6);
    BOOST_TEST(expected[0] > 0.6F);
}

BOOST_AUTO_TEST_CASE(a_network_that_draws_in_evaluation_mode_draws_the_same_when_frozen) {
    const auto check = [](auto scalar, double largest_distance) {
        using T = decltype(scalar);
        using Net = Network<Sequential<Input<32, 8, 8>, Dropout2d<std::ratio<1, 2>, DropoutMode::always>,
                                       Conv2d<32, 32, 3, 1, 1>>,
                            TestBackend, T>;
        const Net network(3);
        const Frozen frozen(network);
        const auto input = samples_of<Net>(12);
        typename Net::Workspace of_network(12);
        typename Frozen<Net>::Workspace of_frozen(12);
        const auto drawn = [&](const auto& of, auto& workspace, std::uint64_t pass) {
            return transfer::values(of.forward(input, workspace, {.seed = 1, .pass = pass}));
        };
        const auto expected = drawn(network, of_network, 5), found = drawn(frozen, of_frozen, 5);
        double worst = 0;
        for (std::size_t i = 0; i < expected.size(); ++i)
            worst = std::max(worst, std::abs(static_cast<double>(found[i] - expected[i])));
        BOOST_TEST(worst < largest_distance);
        BOOST_TEST((drawn(frozen, of_frozen, 6) != found));
    };
    check(0.F, 1e-5);
    check(0.0, 1e-14);
}

BOOST_AUTO_TEST_CASE(several_threads_share_one_frozen_network) {
    const Frozen frozen(trained_network<Decoder<float>>());
    const auto input = samples_of<Decoder<float>>(12);
    const auto expected = values_of_output(frozen, input, 12);
    std::vector<std::vector<float>> outputs(4);
    std::vector<std::thread> threads;
    for (auto& output : outputs)
        threads.emplace_back([&] {
            for (int pass = 0; pass < 5; ++pass) output = values_of_output(frozen, input, 12);
        });
    for (std::thread& thread : threads) thread.join();
    for (const auto& output : outputs) BOOST_TEST((output == expected));
}

BOOST_AUTO_TEST_CASE(batches_that_do_not_fit_are_refused) {
    const Frozen frozen(Decoder<float>(1));
    decltype(frozen)::Workspace workspace(2);
    auto input = samples_of<Decoder<float>>(3);
    BOOST_CHECK_THROW(frozen.forward(input, workspace), std::invalid_argument);
    BOOST_CHECK_THROW(frozen.forward(input.first(0), workspace), std::invalid_argument);
    BOOST_CHECK_NO_THROW(frozen.forward(input.first(2), workspace));
    BOOST_CHECK_THROW(Frozen(Decoder<float>(1), 0), std::invalid_argument);
    BOOST_TEST(decltype(frozen)::Workspace::bytes(2) ==
               Decoder<float>::workspace_bytes(2, WorkspaceKind::frozen));
}

namespace {

/// y = x * exp(scale), whose exponential a frozen network computes once.
struct Exponent {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return std::exp(x);
    }
};
struct Product {
    template <class T>
    CTGAN_HD T operator()(T a, T b) const {
        return a * b;
    }
};
template <int N>
struct ExponentialScale : LayerDefaults {
    static auto out(Flat<N>) -> Flat<N>;
    static constexpr std::array parameters{TensorSpec{"scale", Role::bias, N, 1, {N}}};
    template <class, class, class>
    static constexpr Index prepared = N;
    template <class, class, class, Algorithms>
    static constexpr MemorySize scratch{0, N};
    static constexpr LayerPatterns<ExponentialScale> patterns{.prepares = true};

    template <class Pass>
    static void prepare(const Pass& p) {
        Pass::Backend::map(p.prepared, p.template parameter<0>(), N, Exponent{});
    }
    template <class Pass>
    static void forward(const Pass& p) {
        using B = typename Pass::Backend;
        const auto multiply = [&](const auto* factors) {
            for (int s = 0; s < p.batch; ++s)
                B::zip(p.output + s * N, p.input + s * N, factors, N, Product{});
        };
        if constexpr (Pass::is_prepared)
            multiply(p.prepared);
        else {
            B::map(p.scratch, p.template parameter<0>(), N, Exponent{});
            multiply(p.scratch);
        }
    }
};

/// A layer derived from one of the library's that changes its weight, as an equalized one would.
struct Twice {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return 2 * x;
    }
};
template <class Base>
struct Doubled : Base {
    static constexpr Index size = tensor_offset(Base::parameters, Base::parameters.size());
    template <class Pass>
    static void forward(const Pass& p) {
        using T = typename Pass::Scalar;
        typename Pass::Backend::template Memory<T> doubled(size);
        Pass::Backend::map(doubled.data(), p.parameters, size, Twice{});
        Pass changed = p;
        changed.parameters = doubled.data();
        Base::forward(changed);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_layer_of_your_own_prepares_what_it_declares) {
    using Net =
        Network<Sequential<Linear<4, 6>, ExponentialScale<6>, ReLU, ExponentialScale<6>>, TestBackend>;
    const Net network(2);
    const auto input = samples_of<Net>(3);
    BOOST_TEST((values_of_output(Frozen(network), input, 3) == values_of_output(network, input, 3)));
}

BOOST_AUTO_TEST_CASE(a_layer_derived_from_one_that_prepares_computes_what_it_did_before) {
    using Net =
        Network<Sequential<Input<32, 8, 8>, Doubled<Conv2d<32, 32, 3, 1, 1>>, Doubled<BatchNorm2d<32>>>,
                TestBackend>;
    const Net network(2);
    for (const int batch : batches) {
        const auto input = samples_of<Net>(batch);
        BOOST_TEST(
            (values_of_output(Frozen(network), input, batch) == values_of_output(network, input, batch)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
