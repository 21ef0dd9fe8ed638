// A Gan with an objective of pairs and penalties on the slope of its discriminator: threads, memory, resumed
// runs, the loop.

#include <ctgan/gan/gan_loop.hpp>
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
#include <numeric>
#include <ratio>
#include <string>

using namespace training;

namespace {

using namespace std::string_view_literals;

constexpr int batch = 18; // more than one chunk of a loop over samples

using CriticGan =
    Gan<Sequential<Linear<5, 36>, BatchNorm1d<36>, ReLU, Reshape<4, 3, 3>, ConvTranspose2d<4, 1, 4, 4>, Tanh>,
        Sequential<Input<1, 12, 12>, DiffAugment, Conv2d<1, 4, 4, 2, 1>, LeakyReLU<>, GroupNorm<4, 4>,
                   Dropout2d<>, SpectralNorm<Conv2d<4, 8, 3, 1, 1>>, Tanh, Flatten, Linear<288, 1>>,
        WithPenalty<RelativisticPairing, GradientPenalty<std::ratio<10>, 3>, R1<std::ratio<1, 2>, 2>>,
        TestBackend>;
constexpr std::array generator_names{"0"sv, "1"sv, "4"sv};
constexpr std::array critic_names{"0"sv, "2"sv, "4"sv, "7"sv};
constexpr io::GanNames names{generator_names, critic_names};

struct Run {
    CriticGan gan{1, batch, {.lr = 1e-3, .betas = {0, 0.9}}, {.lr = 1e-3, .betas = {0, 0.9}}};

    Run() { gan.critic_steps = 2; }
    void step(std::uint64_t number, const StepData<CriticGan>& data) {
        gan.train_step(data.real, data.noise, number);
    }
    /// Takes steps begin, ..., end - 1.
    void train(std::uint64_t begin, std::uint64_t end) {
        for (std::uint64_t number = begin; number < end; ++number) step(number, {batch, number});
    }
    /// The bytes of a checkpoint.
    std::string save(const std::filesystem::path& path) const {
        io::TensorsToWrite tensors;
        io::gather_gan(tensors, gan, names);
        io::write_checkpoint(path, tensors.list(), {});
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void restore(const std::filesystem::path& path) {
        io::restore_gan(io::open_checkpoint(path), gan, names);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(penalties)

BOOST_AUTO_TEST_CASE(a_resumed_run_writes_the_bytes_of_an_uninterrupted_one) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "checkpoint.safetensors";
    Run whole;
    whole.train(0, 12);
    const std::string expected = whole.save(path);
    for (const std::uint64_t cut : {0U, 5U, 6U, 7U}) {
        Run first;
        first.train(0, cut);
        first.save(path);
        Run second;
        second.train(0, 4); // another state, which restore() must replace
        second.restore(path);
        second.train(cut, 12);
        BOOST_TEST((second.save(path) == expected), "resumed after " << cut << " steps");
    }
}

BOOST_AUTO_TEST_CASE(the_loop_takes_the_same_steps) {
    constexpr std::size_t images = 4 * batch, pixels = 12 * 12;
    std::vector<std::uint8_t> bytes(images * pixels);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 % 251);
    std::vector<std::uint32_t> order(images);
    std::iota(order.begin(), order.end(), 0U);
    Run of_loop, by_hand;
    GanLoop<CriticGan> loop(of_loop.gan, GanLoop<CriticGan>::Images(bytes), 1, batch);
    std::uint64_t number = 0;
    for (int epoch = 0; epoch < 2; ++epoch) {
        loop.begin_epoch(order);
        for (std::size_t first = 0; first < images; first += batch, ++number) {
            loop.step(batch);
            BatchOn<Image<1, 12, 12>, TestBackend, float> real(batch);
            std::vector<float> values;
            for (std::size_t i = first * pixels; i < (first + batch) * pixels; ++i)
                values.push_back(normalized<float>(bytes[i]));
            TestBackend::from_host(real.data(), values.data(), real.size());
            BatchOn<Flat<5>, TestBackend, float> noise(batch);
            TestBackend::fill_normal(noise.data(), noise.size(), 1.F,
                                     {1, number, GanLoop<CriticGan>::noise_purpose});
            by_hand.gan.train_step(real, noise, number);
        }
    }
    const test::TemporaryFolder folder;
    BOOST_TEST((of_loop.save(folder.path() / "loop.safetensors") ==
                by_hand.save(folder.path() / "steps.safetensors")));
    // Eight steps of two passes, the generator's four of two, and the gradient penalty's in steps 0, 3 and 6.
    BOOST_TEST(of_loop.gan.discriminator.training_passes() == 8 * 2 + 4 * 2 + 3);
}

BOOST_AUTO_TEST_CASE(each_pass_of_a_step_draws_random_numbers_of_its_own) {
    Run run;
    const StepData<CriticGan> data(batch, 0);
    std::vector<std::uint64_t> drawn;
    const auto step = [&](std::uint64_t number) {
        run.gan.take_step(data.real, data.noise, [&](CriticGan::Pass pass) {
            drawn.push_back(run.gan.randomness_of_step(number, pass).pass);
            return run.gan.randomness_of_step(number, pass);
        });
    };
    step(7);
    BOOST_TEST(drawn.size() == 6U); // the discriminator's four, the gradient penalty's and the generator's
    step(8);
    std::sort(drawn.begin(), drawn.end());
    BOOST_TEST((std::adjacent_find(drawn.begin(), drawn.end()) == drawn.end()));
    // The last passes have kept what the updated discriminator says of both batches.
    BOOST_TEST(run.gan.workspace_of_real().output().count == batch);
    BOOST_TEST(run.gan.discriminator_workspace.output().count == batch);
}

BOOST_AUTO_TEST_CASE(one_thread_and_two_write_the_same_bytes) {
    training::one_thread_and_two_write_the_same_bytes<Run, TestBackend>(7);
}
BOOST_AUTO_TEST_CASE(steps_allocate_no_memory, *boost::unit_test::precondition(can_count)) {
    steps_allocate_nothing<Run, TestBackend>(7, batch);
}

BOOST_AUTO_TEST_SUITE_END()
