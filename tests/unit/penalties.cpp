// Penalties of a Gan's objective, where the right values are known.

#include <ctgan/ctgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../../examples/replay/no_objective.hpp"
#include "../backend.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;
using replay::NoObjective;

namespace {

constexpr int batch = 4, size = 5;

using Copy = Sequential<Linear<size, size>>;
using OneLayer = Sequential<Linear<size, 1, false>>;
using TwoLayers = Sequential<Linear<size, 6>, Tanh, Dropout<>, Linear<6, 1>>;

template <class Critic, class Objective>
struct StepOf {
    using TheGan = Gan<Copy, Critic, Objective, TestBackend, double, SGD>;
    TheGan gan{1, batch, {.lr = 0}, {.lr = 0}};

    /// The discriminator's gradients in a step.
    std::vector<double> gradients(std::uint64_t step) {
        BatchOn<Flat<size>, TestBackend, double> real(batch), noise(batch);
        TestBackend::fill_normal(real.data(), real.size(), 1., {1, 0, 1});
        TestBackend::fill_normal(noise.data(), noise.size(), 1., {1, 0, 2});
        gan.train_step(real, noise, step);
        return values(gan.discriminator_gradients.data(), gan.discriminator_gradients.size());
    }
    static std::vector<double> values(const double* data, Index n) {
        std::vector<double> result(static_cast<std::size_t>(n));
        TestBackend::to_host(result.data(), data, n);
        return result;
    }
};

template <class Critic, class... Penalties>
using Step = StepOf<Critic, WithPenalty<NoObjective, Penalties...>>;

bool any(const std::vector<double>& values) {
    for (const double value : values)
        if (value != 0) return true;
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(penalties)

BOOST_AUTO_TEST_CASE(of_a_linear_critic_have_a_closed_form) {
    // The slope is w at every image: 10 (|w| - 1)^2 and 20 (|w| - 1) w / |w|; 3 w^2 / 2 and 3 w.
    Step<OneLayer, GradientPenalty<>, R1<std::ratio<3>>> both;
    const auto gradients = both.gradients(0);
    const auto w = both.values(both.gan.discriminator.parameters(), size);
    double squares = 0;
    for (const double value : w) squares += value * value;
    const double norm = std::sqrt(squares);
    for (std::size_t i = 0; i < size; ++i)
        BOOST_TEST(gradients[i] == 20 * (norm - 1) * w[i] / norm + 3 * w[i],
                   boost::test_tools::tolerance(1e-13));
    BOOST_TEST(both.gan.last_penalty() == 10 * (norm - 1) * (norm - 1), boost::test_tools::tolerance(1e-13));
    BOOST_TEST(both.gan.last_penalty<1>() == 1.5 * squares, boost::test_tools::tolerance(1e-13));

    // The norm has no derivative at 0.
    const std::vector<double> zeros(size);
    TestBackend::from_host(both.gan.discriminator.parameters(), zeros.data(), size);
    BOOST_TEST(!any(both.gradients(1)));
    BOOST_TEST(both.gan.last_penalty() == 10);
}

/// An objective of one's own with a penalty, and the same with another one.
struct Derived : WithPenalty<NoObjective, R1<std::ratio<3>>> {};
struct Nested : WithPenalty<Derived, R1<std::ratio<4>>> {};

BOOST_AUTO_TEST_CASE(of_a_derived_objective_and_of_one_within_another_all_count) {
    StepOf<OneLayer, WithPenalty<NoObjective, R1<std::ratio<3>>, R1<std::ratio<4>>>> listed;
    StepOf<OneLayer, Derived> derived;
    StepOf<OneLayer, Nested> nested;
    const auto of_both = listed.gradients(0);
    BOOST_TEST(nested.gradients(0) == of_both, boost::test_tools::per_element());
    BOOST_TEST(nested.gan.last_penalty() == listed.gan.last_penalty());
    BOOST_TEST(nested.gan.last_penalty<1>() == listed.gan.last_penalty<1>());
    const auto of_one = derived.gradients(0);
    for (std::size_t i = 0; i < size; ++i)
        BOOST_TEST(of_one[i] == of_both[i] * 3 / 7, boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(at_generated_images_take_the_slope_there) {
    // Of the score v tanh(w x), |s|^2 / 2 = (v w (1 - tanh^2(w x)))^2 / 2. The generator makes 0.1 and 0.7 of
    // noise; the real images are elsewhere.
    using Curve = Sequential<Linear<1, 1, false>, Tanh, Linear<1, 1, false>>;
    using Scale = Sequential<Linear<1, 1, false>>;
    using Objective = WithPenalty<NoObjective, R2<std::ratio<3>>, R1<std::ratio<3>>>;
    Gan<Scale, Curve, Objective, TestBackend, double, SGD> gan(1, 2, {.lr = 0}, {.lr = 0});
    const double one = 1, w = 0.9, v = -2, noise_values[]{0.1, 0.7}, real_values[]{-0.4, 1.5};
    TestBackend::from_host(gan.generator.parameter<0, 0>(), &one, 1);
    TestBackend::from_host(gan.discriminator.parameter<0, 0>(), &w, 1);
    TestBackend::from_host(gan.discriminator.parameter<2, 0>(), &v, 1);
    BatchOn<Flat<1>, TestBackend, double> real(2), noise(2);
    TestBackend::from_host(real.data(), real_values, 2);
    TestBackend::from_host(noise.data(), noise_values, 2);
    gan.train_step(real, noise, 0);
    const auto expected = [&](const double(&at)[2]) {
        double sum = 0;
        for (const double x : at) sum += std::pow(v * w * (1 - std::pow(std::tanh(w * x), 2)), 2) / 2;
        return 3 * sum / 2;
    };
    BOOST_TEST(gan.last_penalty() == expected(noise_values), boost::test_tools::tolerance(1e-12));
    BOOST_TEST(gan.last_penalty<1>() == expected(real_values), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(double_with_their_weight_and_every_second_step_bit_for_bit) {
    Step<TwoLayers, GradientPenalty<std::ratio<3>>, R2<std::ratio<1>>> once;
    Step<TwoLayers, GradientPenalty<std::ratio<6>>, R2<std::ratio<2>>> twice;
    Step<TwoLayers, GradientPenalty<std::ratio<3>, 2>, R2<std::ratio<1>, 2>> lazy;
    const auto of_once = once.gradients(0), of_twice = twice.gradients(0), of_lazy = lazy.gradients(0);
    BOOST_TEST(any(of_once));
    for (std::size_t i = 0; i < of_once.size(); ++i) {
        BOOST_TEST(of_twice[i] == 2 * of_once[i]);
        BOOST_TEST(of_lazy[i] == 2 * of_once[i]);
    }
    BOOST_TEST(twice.gan.last_penalty() == 2 * once.gan.last_penalty());
    BOOST_TEST(lazy.gan.last_penalty() == once.gan.last_penalty()); // its value is not multiplied
    BOOST_TEST(any(once.gradients(1)));
    BOOST_TEST(!any(lazy.gradients(1)));
    BOOST_TEST(any(lazy.gradients(2)));
    BOOST_TEST(lazy.gan.discriminator.training_passes() == 3 * 3 + 2);
}

/// A linear critic of images and of what they are conditioned on, which `Condition` makes 3 values.
template <class Given, class Condition>
void check_conditional(const BatchOn<Given, TestBackend, typename Given::template value<double>>& given) {
    using Maker = Sequential<Inputs<Flat<size>, Given>, Concat<Select<0>, Condition>, Linear<size + 3, size>>;
    using Critic =
        Sequential<Inputs<Flat<size>, Given>, Concat<Select<0>, Condition>, Linear<size + 3, 1, false>>;
    using Objective = WithPenalty<NoObjective, R1<std::ratio<3>>, GradientPenalty<>>;
    Gan<Maker, Critic, Objective, TestBackend, double, SGD> gan(1, batch, {.lr = 0}, {.lr = 0});
    BatchOn<Flat<size>, TestBackend, double> real(batch), noise(batch);
    TestBackend::fill_normal(real.data(), real.size(), 1., {1, 0, 1});
    TestBackend::fill_normal(noise.data(), noise.size(), 1., {1, 0, 2});
    gan.train_step(real, given, noise, 0);

    // The slope is the weights of the image, and that of the condition does not count.
    const double* const weight = gan.discriminator.template parameter<Critic::depth - 1, 0>();
    const auto w = transfer::values(weight, size + 3);
    const auto gradients = transfer::values(
        gan.discriminator_gradients.data() + (weight - gan.discriminator.parameters()), size + 3);
    double squares = 0;
    for (std::size_t i = 0; i < size; ++i) squares += w[i] * w[i];
    const double norm = std::sqrt(squares);
    for (std::size_t i = 0; i < size; ++i)
        BOOST_TEST(gradients[i] == 3 * w[i] + 20 * (norm - 1) * w[i] / norm,
                   boost::test_tools::tolerance(1e-12));
    for (std::size_t i = size; i < size + 3; ++i) BOOST_TEST(gradients[i] == 0);
    BOOST_TEST(gan.last_penalty() == 1.5 * squares, boost::test_tools::tolerance(1e-12));
    BOOST_TEST(gan.template last_penalty<1>() == 10 * (norm - 1) * (norm - 1),
               boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(of_a_conditional_gan_are_about_its_images) {
    BatchOn<Classes<3>, TestBackend> labels(batch);
    const std::vector<std::int32_t> classes{2, 0, 2, 1};
    TestBackend::from_host(labels.data(), classes.data(), batch);
    check_conditional<Classes<3>, Sequential<Select<1>, Embedding<3, 3>>>(labels);
    BatchOn<Flat<3>, TestBackend, double> vectors(batch);
    TestBackend::fill_normal(vectors.data(), vectors.size(), 1., {1, 0, 3});
    check_conditional<Flat<3>, Select<1>>(vectors);
}

BOOST_AUTO_TEST_CASE(leave_the_error_of_a_bad_batch_size_as_it_is) {
    using WithoutPenalties = Gan<Copy, OneLayer, NoObjective, TestBackend, double, SGD>;
    using TheGan = Step<OneLayer, R1<>>::TheGan;
    const auto says = [](const std::invalid_argument& error) {
        return error.what() == std::string("workspace: found a capacity of -1, expected at least 1");
    };
    BOOST_CHECK_EXCEPTION(WithoutPenalties(1, -1, {}, {}), std::invalid_argument, says);
    BOOST_CHECK_EXCEPTION(TheGan(1, -1, {}, {}), std::invalid_argument, says);
}

BOOST_AUTO_TEST_CASE(draw_one_share_for_each_pair_of_images_in_each_step) {
    Step<OneLayer, GradientPenalty<>> step;
    step.gradients(0);
    const auto first = step.values(step.gan.real_shares(), batch);
    step.gradients(1);
    const auto second = step.values(step.gan.real_shares(), batch);
    step.gradients(0);
    BOOST_TEST(step.values(step.gan.real_shares(), batch) == first, boost::test_tools::per_element());
    for (std::size_t i = 0; i < batch; ++i) {
        BOOST_TEST((first[i] >= 0 && first[i] < 1));
        BOOST_TEST(first[i] != second[i]);
        BOOST_TEST(first[i] != first[(i + 1) % batch]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
