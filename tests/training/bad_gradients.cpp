// A gradient that is infinite or NaN: the optimizer records the step, changes nothing anymore, and
// first_bad_tensor() names the tensor.

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

using namespace training;

namespace {

template <class T>
constexpr T infinity = std::numeric_limits<T>::infinity();
template <class T>
constexpr T not_a_number = std::numeric_limits<T>::quiet_NaN();
/// Finite, but its square is not.
template <class T>
constexpr T too_large = sizeof(T) == 4 ? T(1e20) : T(1e160);

/// Compares bytes, so that NaN equals itself.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// All moments of an optimizer, followed by the network's parameters.
template <class TheNetwork>
auto everything(const TheNetwork& network, const Adam<TheNetwork>& optimizer) {
    auto all = transfer::values(optimizer.state(0), 2 * network.arena_size());
    const auto parameters = transfer::values(network.parameters(), network.arena_size());
    all.insert(all.end(), parameters.begin(), parameters.end());
    return all;
}

/// Tensors whose sizes are not multiples of a register's lanes, and buffers, which have no gradient.
template <class T>
using OddNet = Network<Sequential<Linear<7, 37>, BatchNorm1d<37>, Tanh, Linear<37, 3>>, TestBackend, T>;

/// A step whose gradient is `bad` at one element of the arena, if index >= 0, and 0.5 everywhere else.
template <class T>
void step_with(T bad, Index index, OddNet<T>& network, Adam<OddNet<T>>& optimizer) {
    typename OddNet<T>::Gradients gradients;
    TestBackend::fill(gradients.data(), gradients.size(), T(0.5));
    if (index >= 0) transfer::put(bad, gradients.data() + index);
    optimizer.step(network, gradients);
}
template <class T>
void good_step(OddNet<T>& network, Adam<OddNet<T>>& optimizer) {
    step_with(T(0), -1, network, optimizer);
}

template <class T>
void check_one_bad_value(T bad) {
    const OddNet<T> start(3);
    start.for_each_tensor([&](int layer, const TensorSpec& tensor, const T* data, bool buffer) {
        if (buffer) return;
        for (const Index at : {Index{0}, tensor.size() - 1}) {
            OddNet<T> network = start;
            Adam<OddNet<T>> optimizer(network);
            for (int step = 0; step < 2; ++step) good_step(network, optimizer);
            BOOST_TEST(optimizer.first_bad_step() == 0);
            BOOST_TEST(first_bad_tensor(network, optimizer) == "");
            step_with(bad, data - start.parameters() + at, network, optimizer);
            const auto after_bad_step = everything(network, optimizer);
            for (int step = 0; step < 2; ++step) good_step(network, optimizer);
            BOOST_TEST_CONTEXT(bad << " at " << at << " of layer " << layer + 1 << "'s " << tensor.name) {
                BOOST_TEST(optimizer.first_bad_step() == 3);
                BOOST_TEST(optimizer.steps() == 3);
                BOOST_TEST(same_bits(everything(network, optimizer), after_bad_step));
                BOOST_TEST(first_bad_tensor(network, optimizer) ==
                           "layer " + std::to_string(layer + 1) + "." + tensor.name);
            }
        }
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(one_bad_value_in_any_tensor_stops_the_optimizer) {
    for (const float bad : {infinity<float>, -infinity<float>, not_a_number<float>, too_large<float>})
        check_one_bad_value(bad);
    for (const double bad : {-infinity<double>, not_a_number<double>, -too_large<double>})
        check_one_bad_value(bad);
}

BOOST_AUTO_TEST_CASE(large_and_tiny_gradients_are_accepted) {
    OddNet<float> network(3);
    Adam<OddNet<float>> optimizer(network);
    for (const float g : {1e18F, -1e18F, 1e-44F, 0.0F}) step_with(g, 5, network, optimizer);
    BOOST_TEST(optimizer.first_bad_step() == 0);
    BOOST_TEST(optimizer.steps() == 4);
}

BOOST_AUTO_TEST_CASE(values_beyond_the_end_are_not_read) {
    // From less than a register to several, followed by NaN that must not be read.
    constexpr Index size = 64;
    TestBackend::Memory<float> parameters(size), gradients(size), first(size), second(size);
    TestBackend::Memory<detail::OptimizerState<AdamRule, float>> state(1);
    detail::OptimizerState<AdamRule, float>* const adam = state.data();
    for (Index n = 1; n <= 33; ++n) {
        for (float* const values : {parameters.data(), gradients.data(), first.data(), second.data()}) {
            TestBackend::fill(values, size, not_a_number<float>);
            TestBackend::fill(values, n, 1.0F);
        }
        TestBackend::run_once(detail::NextStep<AdamRule, float>{{}, adam});
        TestBackend::update(ParameterBlock<float, 2>{parameters.data(), {first.data(), second.data()}},
                            gradients.data(), n,
                            InBackendMemory<detail::RuleStep<AdamRule, float>>{&adam->decayed});
        BOOST_TEST(transfer::value(state.data()).bad_step == 0, n << " values");
    }
}

BOOST_AUTO_TEST_CASE(a_bad_value_of_a_gradient_that_is_never_stored_is_detected) {
    using TheNetwork = Network<Sequential<Linear<7, 245>, Tanh, Linear<245, 3>>, TestBackend>;
    static_assert(TheNetwork::deferred_layer == 0);
    constexpr int batch = 3;
    for (const int output : {0, 40, 244}) { // 244 is the last of a block of 21
        TheNetwork network(3);
        Adam<TheNetwork> optimizer(network);
        TheNetwork::Gradients gradients;
        BatchOn<Flat<7>, TestBackend> input(batch);
        BatchOn<Flat<245>, TestBackend> output_gradient(batch);
        TestBackend::fill(input.data(), input.size(), 1.0F);
        TestBackend::fill(output_gradient.data(), output_gradient.size(), 1e-3F);
        const WeightGradientFactors<float> factors{batch, input.data(), output_gradient.data()};
        optimizer.step(network, gradients, factors);
        BOOST_TEST(optimizer.first_bad_step() == 0);
        transfer::put(1e12F, input.data() + 4);
        transfer::put(1e12F, output_gradient.data() + output);
        optimizer.step(network, gradients, factors);
        const auto after_bad_step = everything(network, optimizer);
        optimizer.step(network, gradients, factors);
        BOOST_TEST(optimizer.first_bad_step() == 2, "output " << output);
        BOOST_TEST(same_bits(everything(network, optimizer), after_bad_step));
        const std::vector<std::string_view> names{"first", "second"};
        BOOST_TEST(first_bad_tensor(network, optimizer, names) == "first.weight");
    }
}

BOOST_AUTO_TEST_CASE(an_overflow_in_a_loop_is_reported_many_steps_later) {
    constexpr int batch = 4, images = 40;
    SmallGan gan(5, batch, {.lr = 1e-3}, {.lr = 1e-3});
    const std::vector<std::uint8_t> pixels(std::size_t{images} * 784, 100);
    GanLoop<SmallGan> loop(gan, GanLoop<SmallGan>::Images(pixels), 5, batch);
    std::vector<std::uint32_t> order(images);
    for (std::uint32_t i = 0; i < images; ++i) order[i] = i;
    loop.begin_epoch(order);
    for (int step = 0; step < 3; ++step) loop.step(batch);
    BOOST_TEST(gan.discriminator_optimizer.first_bad_step() == 0);
    // A weight of the discriminator's batch norm so large that gradients overflow in it.
    TestBackend::fill(gan.discriminator.parameter<7, 0>(), 10, 1e35F);
    for (int step = 0; step < 6; ++step) loop.step(batch);
    BOOST_TEST(gan.discriminator_optimizer.first_bad_step() == 4);
    BOOST_TEST(gan.generator_optimizer.first_bad_step() == 4);
    BOOST_TEST(first_bad_tensor(gan.discriminator, gan.discriminator_optimizer, dcgan::discriminator_names) ==
               "conv1.weight");
    BOOST_TEST(first_bad_tensor(gan.generator, gan.generator_optimizer, dcgan::generator_names) ==
               "linear1.weight");
}

BOOST_AUTO_TEST_CASE(an_optimizer_continues_from_another_s_moments_and_steps) {
    OddNet<float> network(3);
    Adam<OddNet<float>> optimizer(network, {.lr = 0.01});
    for (int step = 0; step < 3; ++step) good_step(network, optimizer);

    OddNet<float> other = network;
    Adam<OddNet<float>> resumed(other, {.lr = 0.01});
    step_with(infinity<float>, 0, other, resumed);
    TestBackend::copy(other.parameters(), network.parameters(), network.arena_size());
    TestBackend::copy(resumed.state(0), optimizer.state(0), 2 * network.arena_size());
    resumed.set_steps(optimizer.steps());
    BOOST_TEST(resumed.first_bad_step() == 0);

    good_step(network, optimizer);
    good_step(other, resumed);
    BOOST_TEST(resumed.steps() == 4);
    BOOST_TEST(same_bits(everything(other, resumed), everything(network, optimizer)));
}
