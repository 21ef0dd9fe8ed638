// A GAN in which everything is another choice than the reference's: hinge loss, AdamW and RMSprop, three
// updates of the critic for each of the generator's, clipped gradients, an average of the generator.

#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/gan_state.hpp>

#include <boost/test/unit_test.hpp>

#include "../io/support.hpp"
#include "checks_of_runs.hpp"
#include "support.hpp"
#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>

using namespace training;

namespace {

using namespace std::string_view_literals;

constexpr int batch = 6;
constexpr double max_norm = 0.5;

using HingeGan = Gan<
    Sequential<Linear<5, 36>, BatchNorm1d<36>, ReLU, Reshape<4, 3, 3>, ConvTranspose2d<4, 2, 2, 2>,
               BatchNorm2d<2>, ReLU, ConvTranspose2d<2, 1, 2, 2>, Tanh>,
    Sequential<Input<1, 12, 12>, Conv2d<1, 4, 4, 2, 1>, LeakyReLU<>, Dropout2d<>, Flatten, Linear<144, 1>>,
    Hinge, TestBackend, float, AdamW, RMSprop>;
constexpr std::array generator_names{"0"sv, "1"sv, "4"sv, "5"sv, "7"sv};
constexpr std::array critic_names{"0"sv, "4"sv};
constexpr io::GanNames names{generator_names, critic_names};

struct Run {
    HingeGan gan{1,
                 batch,
                 {.lr = 1e-2, .betas = {0, 0.9}, .decays = Decays::weights},
                 {.lr = 1e-3, .alpha = 0.9, .weight_decay = 1e-3, .momentum = 0.5}};
    Averaged<HingeGan::Generator> average{gan.generator, 0.8};

    Run() { gan.critic_steps = 3; }

    void step(std::uint64_t number, const StepData<HingeGan>& data) {
        gan.generator_optimizer.set_lr(LinearLR{.lr = 1e-2, .steps = 15}(number));
        gan.train_step(data.real, data.noise, number,
                       [](auto&, auto& gradients) { clip_grad_norm(gradients, max_norm); });
        if (gan.updates_generator(number)) average.update(gan.generator);
    }
    /// Takes steps begin, ..., end - 1.
    void train(std::uint64_t begin, std::uint64_t end) {
        for (std::uint64_t number = begin; number < end; ++number) step(number, {batch, number});
    }

    /// The bytes of a checkpoint.
    std::string save(const std::filesystem::path& path) const {
        io::TensorsToWrite tensors;
        io::gather_gan(tensors, gan, names);
        io::gather_weights(tensors, average.network(), generator_names, "average.");
        io::write_checkpoint(path, tensors.list(), {});
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void restore(const std::filesystem::path& path) {
        const auto file = io::open_checkpoint(path);
        io::restore_gan(file, gan, names);
        io::load_weights(file, average.network(), generator_names, "average.");
    }
};

std::vector<float> weights_of(const HingeGan::Generator& network) {
    std::vector<float> weights;
    append_tensors(network, weights);
    return weights;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hinge_gan)

BOOST_AUTO_TEST_CASE(a_resumed_run_writes_the_bytes_of_an_uninterrupted_one) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "checkpoint.safetensors";
    Run whole;
    whole.train(0, 20);
    const std::string expected = whole.save(path);
    BOOST_TEST((weights_of(whole.average.network()) != weights_of(whole.gan.generator)));
    for (const std::uint64_t cut : {0U, 9U, 10U, 11U, 20U}) {
        Run first;
        first.train(0, cut);
        first.save(path);
        Run second;
        second.train(0, 5); // another state, which restore() must replace
        second.restore(path);
        second.train(cut, 20);
        BOOST_TEST((second.save(path) == expected), "resumed after " << cut << " steps");
    }
}

BOOST_AUTO_TEST_CASE(the_generator_is_updated_in_every_third_step) {
    Run run;
    for (std::uint64_t number = 0; number < 9; ++number) {
        const auto before = weights_of(run.gan.generator);
        const auto steps = run.gan.generator_optimizer.steps();
        run.train(number, number + 1);
        BOOST_TEST(run.gan.generator_optimizer.steps() - steps == (number % 3 == 2 ? 1 : 0));
        // Its running statistics move in every step.
        BOOST_TEST((before != weights_of(run.gan.generator)));
        BOOST_TEST(run.gan.discriminator_optimizer.steps() == static_cast<std::int64_t>(number) + 1);
    }
}

BOOST_AUTO_TEST_CASE(the_hook_gets_whole_gradients_and_its_changes_count) {
    Run run;
    std::vector<double> before, after;
    const auto clip = [&](auto&, auto& gradients) {
        before.push_back(grad_norm(gradients));
        clip_grad_norm(gradients, max_norm);
        after.push_back(grad_norm(gradients));
    };
    for (std::uint64_t number = 0; number < 3; ++number) {
        const StepData<HingeGan> data(batch, number);
        run.gan.train_step(data.real, data.noise, number, clip);
    }
    BOOST_TEST_REQUIRE(after.size() == 4U); // the critic's three updates, and the generator's
    for (std::size_t k = 0; k < after.size(); ++k)
        BOOST_TEST(after[k] == std::min(before[k], max_norm), boost::test_tools::tolerance(1e-5));
    BOOST_TEST(*std::max_element(before.begin(), before.end()) > max_norm);
    // The gradient of the first Linear layer's weight, which a step without a hook leaves to the optimizer.
    const auto first = transfer::values(run.gan.generator_gradients.tensor<0, 0>(), 5 * 36);
    BOOST_TEST(std::any_of(first.begin(), first.end(), [](float g) { return g != 0; }));
}

BOOST_AUTO_TEST_CASE(one_thread_and_two_write_the_same_bytes) {
    training::one_thread_and_two_write_the_same_bytes<Run, TestBackend>(12);
}

BOOST_AUTO_TEST_CASE(steps_allocate_no_memory, *boost::unit_test::precondition(can_count)) {
    steps_allocate_nothing<Run, TestBackend>(8, batch);
}

BOOST_AUTO_TEST_SUITE_END()
