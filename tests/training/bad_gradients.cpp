// A gradient that is infinite or NaN: the step is noted, nothing moves any more, and the tensor gets its
// name.

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

/// Equal as bytes: NaN is then equal to itself.
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// A network's parameters behind all moments of its optimizer.
template <class TheNetwork>
auto everything(const TheNetwork& network, const Adam<TheNetwork>& optimizer) {
    auto all = transfer::values(optimizer.moments(), 2 * network.arena_size());
    const auto parameters = transfer::values(network.parameters(), network.arena_size());
    all.insert(all.end(), parameters.begin(), parameters.end());
    return all;
}

/// Tensors whose sizes are no multiples of a register's lanes, and one without a gradient.
template <class T>
using OddNet = Network<Sequential<Linear<7, 37>, BatchNorm1d<37>, Tanh, Linear<37, 3>>, TestBackend, T>;

/// A step whose gradient is 0.5 but for `bad` at `place` of the arena.
template <class T>
void step_with(T bad, Index place, OddNet<T>& network, Adam<OddNet<T>>& optimizer) {
    typename OddNet<T>::Gradients gradients;
    TestBackend::fill(gradients.data(), gradients.size(), T(0.5));
    if (place >= 0) transfer::put(bad, gradients.data() + place);
    optimizer.step(network, gradients);
}
template <class T>
void good_step(OddNet<T>& network, Adam<OddNet<T>>& optimizer) {
    step_with(T(0), -1, network, optimizer);
}

template <class T>
void check_one_bad_number(T bad) {
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
            const auto after_it = everything(network, optimizer);
            for (int step = 0; step < 2; ++step) good_step(network, optimizer);
            BOOST_TEST_CONTEXT(bad << " at " << at << " of layer " << layer + 1 << "'s " << tensor.name) {
                BOOST_TEST(optimizer.first_bad_step() == 3);
                BOOST_TEST(optimizer.steps() == 3);
                BOOST_TEST(same_bits(everything(network, optimizer), after_it));
                BOOST_TEST(first_bad_tensor(network, optimizer) ==
                           "layer " + std::to_string(layer + 1) + "." + tensor.name);
            }
        }
    });
}

} // namespace

BOOST_AUTO_TEST_CASE(one_bad_number_in_any_tensor_ends_the_optimizer_s_steps) {
    for (const float bad : {infinity<float>, -infinity<float>, not_a_number<float>, too_large<float>})
        check_one_bad_number(bad);
    for (const double bad : {-infinity<double>, not_a_number<double>, -too_large<double>})
        check_one_bad_number(bad);
}

BOOST_AUTO_TEST_CASE(large_and_tiny_gradients_are_none_the_worse) {
    OddNet<float> network(3);
    Adam<OddNet<float>> optimizer(network);
    for (const float g : {1e18F, -1e18F, 1e-44F, 0.0F}) step_with(g, 5, network, optimizer);
    BOOST_TEST(optimizer.first_bad_step() == 0);
    BOOST_TEST(optimizer.steps() == 4);
}

BOOST_AUTO_TEST_CASE(numbers_behind_the_last_are_not_looked_at) {
    // As many as a register has and some more, and behind them what is no gradient.
    constexpr Index size = 64;
    TestBackend::Memory<float> parameters(size), gradients(size), first(size), second(size);
    TestBackend::Memory<detail::AdamState<float>> state(1);
    detail::AdamState<float>* const place = state.data();
    for (Index n = 1; n <= 33; ++n) {
        for (float* const numbers : {parameters.data(), gradients.data(), first.data(), second.data()}) {
            TestBackend::fill(numbers, size, not_a_number<float>);
            TestBackend::fill(numbers, n, 1.0F);
        }
        TestBackend::run_once(detail::NextAdamStep<float>{{}, place});
        TestBackend::update(ParameterBlock<float, 2>{parameters.data(), {first.data(), second.data()}},
                            gradients.data(), n, InBackendMemory<detail::AdamUpdate<float>>{&place->update});
        BOOST_TEST(transfer::value(state.data()).bad_step == 0, n << " numbers");
    }
}

BOOST_AUTO_TEST_CASE(a_bad_number_of_a_gradient_that_is_never_stored_is_seen) {
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
        const auto after_it = everything(network, optimizer);
        optimizer.step(network, gradients, factors);
        BOOST_TEST(optimizer.first_bad_step() == 2, "output " << output);
        BOOST_TEST(same_bits(everything(network, optimizer), after_it));
        const std::vector<std::string_view> names{"first", "second"};
        BOOST_TEST(first_bad_tensor(network, optimizer, names) == "first.weight");
    }
}

BOOST_AUTO_TEST_CASE(a_loop_s_step_that_overflows_is_found_many_steps_later) {
    constexpr int batch = 4, images = 40;
    SmallGan gan(5, batch, {.lr = 1e-3}, {.lr = 1e-3});
    const std::vector<std::uint8_t> pixels(std::size_t{images} * 784, 100);
    GanLoop<SmallGan> loop(gan, GanLoop<SmallGan>::Images(pixels), 5, batch);
    std::vector<std::uint32_t> order(images);
    for (std::uint32_t i = 0; i < images; ++i) order[i] = i;
    loop.begin_epoch(order);
    for (int step = 0; step < 3; ++step) loop.step(batch);
    BOOST_TEST(gan.discriminator_optimizer.first_bad_step() == 0);
    // The discriminator's normalization by a weight so large that gradients overflow on their way through it.
    TestBackend::fill(gan.discriminator.parameter<7, 0>(), 10, 1e35F);
    for (int step = 0; step < 6; ++step) loop.step(batch);
    BOOST_TEST(gan.discriminator_optimizer.first_bad_step() == 4);
    BOOST_TEST(gan.generator_optimizer.first_bad_step() == 4);
    BOOST_TEST(first_bad_tensor(gan.discriminator, gan.discriminator_optimizer, dcgan::discriminator_names) ==
               "conv1.weight");
    BOOST_TEST(first_bad_tensor(gan.generator, gan.generator_optimizer, dcgan::generator_names) ==
               "linear1.weight");
}

BOOST_AUTO_TEST_CASE(an_optimizer_goes_on_from_another_s_moments_and_steps) {
    OddNet<float> network(3);
    Adam<OddNet<float>> optimizer(network, {.lr = 0.01});
    for (int step = 0; step < 3; ++step) good_step(network, optimizer);

    OddNet<float> other = network;
    Adam<OddNet<float>> resumed(other, {.lr = 0.01});
    step_with(infinity<float>, 0, other, resumed);
    TestBackend::copy(other.parameters(), network.parameters(), network.arena_size());
    TestBackend::copy(resumed.moments(), optimizer.moments(), 2 * network.arena_size());
    resumed.set_steps(optimizer.steps());
    BOOST_TEST(resumed.first_bad_step() == 0);

    good_step(network, optimizer);
    good_step(other, resumed);
    BOOST_TEST(resumed.steps() == 4);
    BOOST_TEST(same_bits(everything(other, resumed), everything(network, optimizer)));
}
