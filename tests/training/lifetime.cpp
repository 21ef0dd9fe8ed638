// What CTGAN_CHECKS finds: values that are used after they have been overwritten, and indices out of range.
// Only this file of the suite is compiled with it.
#undef CTGAN_CHECKS
#define CTGAN_CHECKS 1
#undef CTGAN_SEPARATE_COMPILATION // the kernels that are compiled once are without checks

#include <ctgan/ctgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ctgan;

namespace {

using Discriminator =
    Sequential<Input<1, 8, 8>, Conv2d<1, 16, 3, 2>, LeakyReLU<>, Dropout2d<>, Flatten, Linear<16 * 3 * 3, 1>>;
using Generator = Sequential<Linear<3, 4 * 4 * 4>, ReLU, BatchNorm1d<4 * 4 * 4>, Reshape<4, 4, 4>,
                             ConvTranspose2d<4, 1, 4, 2, 1>, Tanh>;

/// The message of the exception, or "nothing".
template <class Exception, class Action>
std::string message_of(const Action& action) {
    try {
        action();
    } catch (const Exception& error) {
        return error.what();
    }
    return "nothing";
}

constexpr const char* changed_input =
    "backward: found an input that has changed since the forward pass, expected it unchanged";
constexpr const char* stale_view = "view: found values that a later pass of the same workspace has "
                                   "overwritten, expected those of the last pass";

/// Half of a pass: the backward pass is still to come.
template <class Net, class B, class T>
struct AfterForward {
    static constexpr int batch = 3;
    Network<Net, B, T> network{1};
    typename Network<Net, B, T>::TrainingWorkspace workspace{batch};
    typename Network<Net, B, T>::Gradients gradients;
    BatchOn<typename Net::input_shape, B, T> input{batch};
    BatchOn<typename Net::output_shape, B, T> output_gradient{batch};

    AfterForward() {
        B::fill_normal(input.data(), input.size(), T{1}, {.seed = 1});
        B::fill(output_gradient.data(), output_gradient.size(), T{1});
        forward();
    }
    auto forward() { return network.forward_training(input, workspace, {.seed = 2}); }
    void backward() { network.backward(output_gradient, workspace, gradients); }
    auto backward_to_input() { return network.backward_to_input(output_gradient, workspace); }
};

template <class T>
void check_each_value_of_the_input() {
    AfterForward<Discriminator, Cpu, T> pass;
    const auto found = [&] { return message_of<std::logic_error>([&] { pass.backward(); }); };
    for (Index i = 0; i < pass.input.size(); ++i) {
        T& value = pass.input.data()[i];
        const T before = std::exchange(value, std::nextafter(value, T{2}));
        BOOST_REQUIRE_EQUAL(found(), changed_input);
        value = before;
        BOOST_REQUIRE_EQUAL(found(), "nothing");
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(lifetime)

BOOST_AUTO_TEST_CASE(one_value_of_the_input_that_changes_before_the_backward_pass_is_found) {
    check_each_value_of_the_input<float>();
    check_each_value_of_the_input<double>();
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_refilled_before_the_backward_pass_is_found) {
    AfterForward<Discriminator, Cpu, float> pass;
    Cpu::fill_normal(pass.input.data(), pass.input.size(), 1.F, {.seed = 3}); // the next batch is read ahead
    const std::vector<std::function<void()>> backward_passes{
        [&] { pass.backward(); }, [&] { pass.backward_to_input(); },
        [&] {
            pass.network.backward<WithRespectTo::both>(pass.output_gradient, pass.workspace, &pass.gradients);
        },
        [&] {
            static_cast<void>(
                pass.network.backward_for_update(pass.output_gradient, pass.workspace, pass.gradients));
        }};
    for (const auto& backward : backward_passes)
        BOOST_TEST(message_of<std::logic_error>(backward) == changed_input);
    pass.forward(); // on the new values
    for (const auto& backward : backward_passes)
        BOOST_TEST(message_of<std::logic_error>(backward) == "nothing");
}

BOOST_AUTO_TEST_CASE(an_output_that_is_the_next_network_s_input_and_is_overwritten_is_found) {
    AfterForward<Generator, Cpu, float> generator;
    AfterForward<Discriminator, Cpu, float> discriminator;
    const auto fake = generator.forward();
    discriminator.network.forward_training(fake, discriminator.workspace, {.seed = 4});
    BOOST_TEST(message_of<std::logic_error>([&] { discriminator.backward(); }) == "nothing");
    Cpu::fill(generator.input.data(), generator.input.size(), 1.F);
    generator.forward(); // overwrites `fake`
    BOOST_TEST(message_of<std::logic_error>([&] { discriminator.backward(); }) == changed_input);
}

BOOST_AUTO_TEST_CASE(a_view_of_an_output_that_a_later_pass_overwrote_is_found) {
    AfterForward<Discriminator, TestBackend, float> pass;
    auto& network = pass.network;
    auto& workspace = pass.workspace;
    auto& gradients = pass.gradients;
    auto& input = pass.input;
    auto& output_gradient = pass.output_gradient;
    const auto output = pass.forward();
    using ToOne = Network<Sequential<Linear<1, 1>>, TestBackend>;
    ToOne next(1);
    ToOne::TrainingWorkspace next_workspace(pass.batch);
    LossValue<TestBackend> value;
    const std::vector<std::function<void()>> uses{
        [&] { loss<MSELoss>(output, 1, output_gradient); },
        [&] { loss<MSELoss>(output_gradient, output, output_gradient); },
        [&] { loss<MSELoss>(output, 1, output_gradient, value); },
        [&] { next.forward(output, next_workspace); },
        [&] { next.forward_training(output, next_workspace); },
        [&] { network.backward(output, workspace, gradients); }, // as a gradient
        [&] { network.backward_to_input(output, workspace); }};
    for (const auto& use : uses) BOOST_TEST(message_of<std::logic_error>(use) == "nothing");
    pass.backward(); // overwrites no output
    for (const auto& use : uses) BOOST_TEST(message_of<std::logic_error>(use) == "nothing");
    const auto later = network.forward(input, workspace);
    for (const auto& use : uses) BOOST_TEST(message_of<std::logic_error>(use) == stale_view);
    const auto use_later = [&] { loss<MSELoss>(later, 1, output_gradient); };
    BOOST_TEST(message_of<std::logic_error>(use_later) == "nothing");
    const auto of_workspace = [&] { loss<MSELoss>(workspace.output(), 1, output_gradient); };
    pass.forward();
    BOOST_TEST(message_of<std::logic_error>(of_workspace) == "nothing");
    // A copy counts for itself, a moved workspace is still the same.
    const auto of_last = workspace.output();
    const auto use_last = [&] { loss<MSELoss>(of_last, 1, output_gradient); };
    auto copy = workspace;
    network.forward(input, copy);
    BOOST_TEST(message_of<std::logic_error>(use_last) == "nothing");
    auto moved = std::move(workspace);
    BOOST_TEST(message_of<std::logic_error>(use_last) == "nothing");
    network.forward(input, moved);
    BOOST_TEST(message_of<std::logic_error>(use_last) == stale_view);
}

BOOST_AUTO_TEST_CASE(a_view_of_a_gradient_that_a_later_backward_pass_overwrote_is_found) {
    AfterForward<Discriminator, TestBackend, float> discriminator;
    AfterForward<Generator, TestBackend, float> generator;
    const auto to_image = discriminator.backward_to_input();
    const auto use = [&] { generator.network.backward(to_image, generator.workspace, generator.gradients); };
    BOOST_TEST(message_of<std::logic_error>(use) == "nothing");
    discriminator.forward(); // overwrites no gradient
    BOOST_TEST(message_of<std::logic_error>(use) == "nothing");
    discriminator.backward();
    BOOST_TEST(message_of<std::logic_error>(use) == stale_view);
}

BOOST_AUTO_TEST_CASE(indices_out_of_range_are_found) {
    Batch<Image<2, 3, 4>> images(5);
    const auto& read_only = images;
    const auto at = [&](int i, int c, int y, int x) {
        const auto found = message_of<std::out_of_range>([&] { images(i, c, y, x) = 1; });
        BOOST_TEST(found == message_of<std::out_of_range>([&] { read_only(i, c, y, x); }));
        return found;
    };
    BOOST_TEST(at(0, 0, 0, 0) == "nothing");
    BOOST_TEST(at(4, 1, 2, 3) == "nothing");
    for (const int bad : {-1, 5})
        BOOST_TEST(at(bad, 0, 0, 0) ==
                   "batch: found the index " + std::to_string(bad) + " of a sample, expected 0 to 4");
    for (const int bad : {-1, 2})
        BOOST_TEST(at(0, bad, 0, 0) ==
                   "batch: found the index " + std::to_string(bad) + " of a channel, expected 0 to 1");
    for (const int bad : {-1, 3})
        BOOST_TEST(at(0, 0, bad, 0) ==
                   "batch: found the index " + std::to_string(bad) + " of a row, expected 0 to 2");
    for (const int bad : {-1, 4})
        BOOST_TEST(at(0, 0, 0, bad) ==
                   "batch: found the index " + std::to_string(bad) + " of a column, expected 0 to 3");

    Batch<Flat<3>> numbers(2);
    const auto& read_only_numbers = numbers;
    const auto value = [&](int i, int k) {
        const auto found = message_of<std::out_of_range>([&] { numbers(i, k) = 1; });
        BOOST_TEST(found == message_of<std::out_of_range>([&] { read_only_numbers(i, k); }));
        return found;
    };
    BOOST_TEST(value(0, 0) == "nothing");
    BOOST_TEST(value(1, 2) == "nothing");
    BOOST_TEST(value(2, 0) == "batch: found the index 2 of a sample, expected 0 to 1");
    BOOST_TEST(value(0, 3) == "batch: found the index 3 of a value, expected 0 to 2");
    BOOST_TEST(value(0, -1) == "batch: found the index -1 of a value, expected 0 to 2");

    BatchOn<Flat<3>, TestBackend> anywhere(2);
    BOOST_TEST(message_of<std::out_of_range>([&] { anywhere.sample(1); }) == "nothing");
    BOOST_TEST(message_of<std::out_of_range>([&] { anywhere.sample(2); }) ==
               "batch: found the index 2 of a sample, expected 0 to 1");
}

BOOST_AUTO_TEST_CASE(correct_loops_raise_nothing) {
    constexpr int batch = 4, images = 11;
    using TheGan = Gan<Generator, Discriminator, NonSaturating, TestBackend>;
    TheGan gan(1, batch, {}, {});
    gan.critic_steps = 2;
    BatchOn<TheGan::image_shape, TestBackend> real(batch);
    BatchOn<TheGan::noise_shape, TestBackend> noise(batch);
    const auto read_gradients = [](auto&, auto& gradients) { transfer::values(gradients); };
    for (std::uint64_t step = 0; step < 4; ++step) {
        TestBackend::fill_uniform(real.data(), real.size(), 1.F, {1, step, 1});
        TestBackend::fill_normal(noise.data(), noise.size(), 1.F, {1, step, 2});
        BOOST_CHECK_NO_THROW(gan.train_step(real, noise, step));
        BOOST_CHECK_NO_THROW(gan.train_step(real.first(3), noise.first(3), step, read_gradients));
    }

    GanLoop<TheGan> loop(gan, GanLoop<TheGan>::Images(std::vector<std::uint8_t>(images * 64, 100)), 1, batch);
    std::vector<std::uint32_t> order(images);
    for (int epoch = 0; epoch < 2; ++epoch) {
        loop.begin_epoch(order);
        while (loop.left() > 0)
            BOOST_CHECK_NO_THROW(loop.step(static_cast<int>(std::min<Index>(batch, loop.left()))));
    }
    BOOST_TEST(loop.take_losses().size() == 6U);

    // Written out, with a batch that is refilled after each backward pass.
    AfterForward<Discriminator, TestBackend, float> pass;
    for (std::uint64_t step = 0; step < 3; ++step)
        BOOST_CHECK_NO_THROW({
            TestBackend::fill_normal(pass.input.data(), pass.input.size(), 1.F, {2, step, 1});
            const auto score = pass.forward();
            loss<BCEWithLogitsLoss>(score, 1, pass.output_gradient);
            pass.backward();
            pass.backward_to_input();
        });
}

BOOST_AUTO_TEST_SUITE_END()
