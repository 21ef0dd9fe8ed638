// A Gan with other objectives and optimizers than the reference's, with a hook and with several updates of
// the discriminator for each of the generator's.

#include "open_gan.hpp"

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

using namespace training;

namespace {

template <class Exception, class Call>
std::string message_of(const Call& call) {
    try {
        call();
    } catch (const Exception& error) {
        return error.what();
    }
    return "nothing was thrown";
}

} // namespace

BOOST_AUTO_TEST_SUITE(open_gan)

// ---- Refusals

BOOST_AUTO_TEST_CASE(different_numbers_of_images_and_noise_vectors_are_refused) {
    HingeGan gan(seed, batch, {}, {});
    const Record before = record_of(gan);
    const StepData<HingeGan> four(4, 0), three(3, 0);
    BOOST_TEST(message_of<std::invalid_argument>([&] { gan.train_step(four.real, three.noise, 0); }) ==
               "Gan: found 4 real images and 3 noise vectors, expected the same number of both");
    BOOST_TEST(message_of<std::invalid_argument>([&] { gan.train_step(three.real, four.noise, 0); }) ==
               "Gan: found 3 real images and 4 noise vectors, expected the same number of both");
    BOOST_TEST((record_of(gan) == before));
}

BOOST_AUTO_TEST_CASE(a_number_of_critic_steps_below_one_is_refused) {
    HingeGan gan(seed, batch, {}, {});
    const StepData<HingeGan> data(batch, 0);
    const std::vector<std::uint8_t> pixels(std::size_t{batch} * 16, 100);
    GanLoop<HingeGan> loop(gan, GanLoop<HingeGan>::Images(pixels), seed, batch);
    loop.begin_epoch(std::vector<std::uint32_t>{0, 1, 2, 3});
    for (const int steps : {0, -1}) {
        gan.critic_steps = steps;
        const std::string expected =
            "Gan: found critic_steps = " + std::to_string(steps) + ", expected at least 1";
        BOOST_TEST(message_of<std::invalid_argument>([&] { gan.train_step(data.real, data.noise, 0); }) ==
                   expected);
        BOOST_TEST(message_of<std::invalid_argument>([&] { loop.step(batch); }) == expected);
    }
    BOOST_TEST(loop.left() == batch);
    BOOST_TEST(gan.discriminator_optimizer.steps() == 0);
}

namespace {

/// One bad pixel in step 2.
template <class Objective>
void check_bad_image(float bad) {
    using TheGan = Gan<GeneratorNet, DiscriminatorNet, Objective, TestBackend, float, AdamW, RMSprop>;
    TheGan gan(seed, batch, {.lr = 1e-3}, {.lr = 1e-3});
    for (std::uint64_t step = 0; step < 2; ++step) {
        const StepData<TheGan> data(batch, step);
        gan.train_step(data.real, data.noise, step);
    }
    StepData<TheGan> data(batch, 2);
    transfer::put(bad, data.real.data() + 21);
    const std::string expected =
        "train_step 2: found a gradient of the discriminator's layer 2.weight that is "
        "infinite or NaN, expected finite ones";
    BOOST_TEST(message_of<std::runtime_error>([&] { gan.train_step(data.real, data.noise, 2); }) == expected);
    // Later steps, even with good images, change no parameter and say so.
    const auto discriminator = parameters(gan.discriminator), generator = parameters(gan.generator);
    const StepData<TheGan> good(batch, 3);
    BOOST_CHECK_THROW(gan.train_step(good.real, good.noise, 3), std::runtime_error);
    BOOST_TEST(std::equal(discriminator.begin(), discriminator.end(), parameters(gan.discriminator).begin(),
                          [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
    BOOST_TEST(std::equal(generator.begin(), generator.end(), parameters(gan.generator).begin(),
                          [](float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }));
    BOOST_TEST(gan.discriminator_optimizer.first_bad_step() == 3);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_image_that_is_not_finite_is_reported_by_train_step) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        check_bad_image<LeastSquares>(bad);
        check_bad_image<Hinge>(bad);
        check_bad_image<Wasserstein>(bad);
        check_bad_image<NonSaturating>(bad);
    }
}

BOOST_AUTO_TEST_CASE(a_generator_s_gradient_that_is_not_finite_is_reported_by_train_step) {
    HingeGan gan(seed, batch, {}, {});
    const StepData<HingeGan> data(batch, 0);
    const auto spoil = []<class Network, class Gradients>(Network&, Gradients& gradients) {
        if constexpr (std::is_same_v<Network, HingeGan::Generator>)
            transfer::put(std::numeric_limits<float>::infinity(), gradients.template tensor<4, 1>());
    };
    BOOST_TEST(message_of<std::runtime_error>([&] { gan.train_step(data.real, data.noise, 0, spoil); }) ==
               "train_step 0: found a gradient of the generator's layer 5.bias that is infinite or NaN, "
               "expected finite ones");
}

// ---- Several updates of the discriminator for each of the generator's

BOOST_AUTO_TEST_CASE(the_generator_is_updated_in_every_third_step) {
    HingeGan gan(seed, batch, {.lr = 1e-3}, {.lr = 1e-3});
    gan.critic_steps = 3;
    double loss_of_generator = 0; // before its first update
    for (std::uint64_t step = 0; step < 9; ++step) {
        const bool updates = step % 3 == 2;
        BOOST_TEST(gan.updates_generator(step) == updates);
        const auto generator = parameters(gan.generator), discriminator = parameters(gan.discriminator);
        const auto passes = gan.discriminator.training_passes();
        int hooks = 0;
        const StepData<HingeGan> data(updates ? batch : batch - 1, step);
        const StepLosses losses = gan.train_step(data.real, data.noise, step, [&](auto&, auto&) { ++hooks; });
        BOOST_TEST((parameters(gan.generator) != generator) == updates);
        BOOST_TEST((parameters(gan.discriminator) != discriminator));
        BOOST_TEST(hooks == (updates ? 2 : 1));
        BOOST_TEST(gan.discriminator.training_passes() - passes == (updates ? 3 : 2));
        BOOST_TEST(gan.generator.training_passes() == static_cast<std::int64_t>(step) + 1);
        BOOST_TEST(losses.discriminator > 0);
        if (updates) {
            BOOST_TEST(losses.generator != loss_of_generator);
            loss_of_generator = losses.generator;
        }
        BOOST_TEST(losses.generator == loss_of_generator);
        BOOST_TEST(gan.last_losses().generator == losses.generator);
    }
    BOOST_TEST(gan.generator_optimizer.steps() == 3);
    BOOST_TEST(gan.discriminator_optimizer.steps() == 9);
}

BOOST_AUTO_TEST_CASE(steps_without_the_generator_are_take_step_s) {
    HingeGan gan(seed, batch, {.lr = 1e-3}, {.lr = 1e-3}), other(seed, batch, {.lr = 1e-3}, {.lr = 1e-3});
    gan.critic_steps = 2;
    for (std::uint64_t step = 0; step < 4; ++step) {
        const StepData<HingeGan> data(batch, step);
        const StepLosses losses = gan.train_step(data.real, data.noise, step, nothing);
        other.take_step(
            data.real, data.noise, [&](HingeGan::Pass pass) { return other.randomness_of_step(step, pass); },
            nothing, step % 2 == 1);
        BOOST_TEST(other.last_losses().discriminator == losses.discriminator);
        BOOST_TEST(other.last_losses().generator == losses.generator);
    }
    BOOST_TEST((record_of(gan) == record_of(other)));
}

// ---- The hook

BOOST_AUTO_TEST_CASE(the_hook_gets_the_whole_gradients_of_both_networks) {
    HingeGan gan(seed, batch, {.lr = 1e-3}, {.lr = 1e-3});
    for (std::uint64_t step = 0; step < 2; ++step) {
        const StepData<HingeGan> data(batch, step);
        // By hand, on copies of the networks.
        auto generator = gan.generator;
        auto discriminator = gan.discriminator;
        HingeGan::Generator::TrainingWorkspace generator_workspace(batch);
        HingeGan::Discriminator::TrainingWorkspace on_real(batch), on_generated(batch), for_generator(batch);
        HingeGan::Generator::Gradients generator_gradients;
        HingeGan::Discriminator::Gradients discriminator_gradients;
        BatchOn<Flat<1>, TestBackend> score_gradient(batch);
        const auto randomness = [&](HingeGan::Pass pass) { return gan.randomness_of_step(step, pass); };
        double loss_of_discriminator = 0;
        // The derivatives of the means of max(0, 1 - s) and max(0, 1 + s).
        const auto hinge = [&](const std::vector<float>& scores, float sign) {
            std::vector<float> slopes;
            for (const float s : scores) {
                slopes.push_back(1 + sign * s > 0 ? sign / batch : 0);
                loss_of_discriminator += static_cast<double>(std::max(0.0F, 1 + sign * s)) / batch;
            }
            transfer::put(slopes, score_gradient.data());
        };
        hinge(transfer::values(
                  discriminator.forward_training(data.real, on_real, randomness(HingeGan::on_real))),
              -1);
        discriminator.backward(score_gradient, on_real, discriminator_gradients);
        const auto fake =
            generator.forward_training(data.noise, generator_workspace, randomness(HingeGan::generating));
        hinge(transfer::values(
                  discriminator.forward_training(fake, on_generated, randomness(HingeGan::on_generated))),
              1);
        discriminator.backward(score_gradient, on_generated, discriminator_gradients, true);

        int calls = 0;
        const auto compare = [&]<class Network, class Gradients>(Network& network, Gradients& gradients) {
            if constexpr (std::is_same_v<Network, HingeGan::Discriminator>) {
                BOOST_TEST(calls == 0);
                BOOST_TEST(&network == &gan.discriminator);
                BOOST_TEST(&gradients == &gan.discriminator_gradients);
                BOOST_TEST((values_of(gradients) == values_of(discriminator_gradients)));
                BOOST_TEST((parameters(network) == parameters(discriminator))); // not yet updated
            } else {
                BOOST_TEST(calls == 1);
                BOOST_TEST(&network == &gan.generator);
                BOOST_TEST(&gradients == &gan.generator_gradients);
                // The generator's gradients come from the updated discriminator.
                auto updated = gan.discriminator;
                updated.forward_training(fake, for_generator, randomness(HingeGan::for_generator));
                TestBackend::fill(score_gradient.data(), batch, -1.0F / batch);
                const auto to_image = updated.backward_to_input(score_gradient, for_generator);
                generator.backward(to_image, generator_workspace, generator_gradients);
                BOOST_TEST((values_of(gradients) == values_of(generator_gradients)));
                BOOST_TEST((parameters(network) == parameters(generator)));
                // The first weight's, too.
                const auto first = transfer::values(gradients.template tensor<0, 0>(), 3 * 40);
                BOOST_TEST(std::count(first.begin(), first.end(), 0.0F) < 60);
            }
            ++calls;
        };
        const StepLosses losses = gan.train_step(data.real, data.noise, step, compare);
        BOOST_TEST(calls == 2);
        BOOST_TEST(losses.discriminator == loss_of_discriminator, boost::test_tools::tolerance(1e-6));
    }
}

BOOST_AUTO_TEST_CASE(a_hook_that_does_nothing_changes_a_step_by_rounding_only) {
    HingeGan with(seed, batch, {.lr = 1e-3}, {.lr = 1e-3}), without(seed, batch, {.lr = 1e-3}, {.lr = 1e-3});
    const StepData<HingeGan> data(batch, 0);
    with.train_step(data.real, data.noise, 0, nothing);
    without.train_step(data.real, data.noise, 0);
    BOOST_TEST((parameters(with.discriminator) == parameters(without.discriminator)));
    const auto a = parameters(with.generator), b = parameters(without.generator);
    for (std::size_t i = 0; i < a.size(); ++i) BOOST_TEST_REQUIRE(std::abs(a[i] - b[i]) <= 1e-6F);
}

BOOST_AUTO_TEST_CASE(what_a_hook_does_to_gradients_has_effect) {
    // Plain gradient descent: the length of the step is the norm of the gradient.
    using PlainGan = Gan<GeneratorNet, DiscriminatorNet, Wasserstein, TestBackend, float, SGD>;
    const StepData<PlainGan> data(batch, 0);
    const auto lengths = [&](auto&& hook) {
        PlainGan gan(seed, batch, {.lr = 1}, {.lr = 1});
        const auto generator = parameters(gan.generator), discriminator = parameters(gan.discriminator);
        gan.train_step(data.real, data.noise, 0, hook);
        const auto length = [](const std::vector<float>& a, const std::vector<float>& b) {
            double squares = 0;
            for (std::size_t i = 0; i < a.size(); ++i)
                squares += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
            return std::sqrt(squares);
        };
        return std::array{length(parameters(gan.generator), generator),
                          length(parameters(gan.discriminator), discriminator)};
    };
    const auto free = lengths(nothing);
    const auto clipped = lengths([](auto&, auto& gradients) { clip_grad_norm(gradients, 0.01); });
    for (const double length : free) BOOST_TEST(length > 0.02);
    for (const double length : clipped) BOOST_TEST(length == 0.01, boost::test_tools::tolerance(1e-4));
    const auto erased =
        lengths([](auto&, auto& gradients) { TestBackend::fill(gradients.data(), gradients.size(), 0.0F); });
    for (const double length : erased) BOOST_TEST(length == 0);
}

BOOST_AUTO_TEST_SUITE_END()
