// Runs of a Gan with each rule and objective in a GanLoop with critic steps and clipped gradients: the same
// bits without a loop, with other numbers of threads, and after an interruption.

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/optim/clip_grad_norm.hpp>
#include <ctgan/optim/rmsprop.hpp>
#include <ctgan/optim/schedule.hpp>
#include <ctgan/optim/sgd.hpp>

#include <boost/test/unit_test.hpp>

#include "../io/support.hpp"
#include "../with_threads.hpp"
#include "open_gan.hpp"
#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace training;

namespace {

using namespace std::string_view_literals;

constexpr std::array generator_names{"linear"sv, "norm"sv, "up"sv};
constexpr std::array discriminator_names{"conv"sv, "norm"sv, "score"sv};
constexpr io::GanNames names{generator_names, discriminator_names};

constexpr std::uint32_t images = 11;
constexpr int steps_of_epoch = 3;

std::vector<std::uint8_t> random_images() {
    const random::Stream stream{77, 0, 3};
    std::vector<std::uint8_t> bytes(images * std::size_t{16});
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(random::below(stream.bits(static_cast<Index>(i)), 256));
    return bytes;
}

constexpr auto clip = [](auto&, auto& gradients) { clip_grad_norm(gradients, 0.1); };

/// A Gan in a loop, with critic steps and a hook.
template <class TheGan>
struct Run {
    TheGan gan;
    GanLoop<TheGan> loop;
    std::vector<StepLosses> losses;

    Run(const typename TheGan::GeneratorOptimizer::Options& generator,
        const typename TheGan::DiscriminatorOptimizer::Options& discriminator, int critic_steps)
        : gan(seed, batch, generator, discriminator),
          loop(gan, typename GanLoop<TheGan>::Images(random_images()), seed, batch) {
        gan.critic_steps = critic_steps;
    }

    /// Takes steps until `end` steps are done. The last batch of an epoch has 3 images, the others 4.
    void train_to(std::uint64_t end) {
        for (std::uint64_t step = loop.steps(); step < end; ++step) {
            if (loop.left() == 0)
                loop.begin_epoch(io::shuffled(images, seed, step / steps_of_epoch),
                                 static_cast<Index>(step % steps_of_epoch * batch));
            gan.generator_optimizer.set_lr(LinearLR{.lr = 1e-2, .steps = 6}(step));
            loop.step(static_cast<int>(std::min<Index>(batch, loop.left())), clip);
        }
        for (const StepLosses& found : loop.take_losses()) losses.push_back(found);
    }
    /// The same without a GanLoop: the host makes each batch.
    void train_by_hand_to(std::uint64_t end) {
        const auto bytes = random_images();
        for (std::uint64_t step = 0; step < end; ++step) {
            const auto order = io::shuffled(images, seed, step / steps_of_epoch);
            const std::uint64_t first = step % steps_of_epoch * batch;
            const int count = static_cast<int>(std::min<std::uint64_t>(batch, images - first));
            std::vector<float> values;
            for (std::uint64_t k = first; k < first + static_cast<std::uint64_t>(count); ++k)
                for (std::size_t pixel = 0; pixel < 16; ++pixel)
                    values.push_back(normalized<float>(bytes[order[k] * std::size_t{16} + pixel]));
            BatchOn<Image<1, 4, 4>, TestBackend> real(count);
            BatchOn<Flat<3>, TestBackend> noise(count);
            transfer::put(values, real.data());
            TestBackend::fill_normal(noise.data(), noise.size(), 1.0F,
                                     {seed, step, GanLoop<TheGan>::noise_purpose});
            gan.generator_optimizer.set_lr(LinearLR{.lr = 1e-2, .steps = 6}(step));
            losses.push_back(gan.train_step(real, noise, step, clip));
        }
    }

    void save(const std::filesystem::path& path) const {
        io::TensorsToWrite tensors;
        gather_gan(tensors, gan, names);
        io::write_checkpoint(path, tensors.list(), {});
    }
    void restore(const std::filesystem::path& path, std::uint64_t steps) {
        restore_gan(io::open_checkpoint(path), gan, names);
        loop.continue_after(steps);
    }

    /// State and losses. A resumed run does not know the generator's loss before it updates the generator.
    Record record() const {
        Record all = record_of(gan);
        for (std::size_t step = 0; step < losses.size(); ++step) {
            all.losses.push_back(losses[step].discriminator);
            if (gan.updates_generator(step)) all.losses.push_back(losses[step].generator);
        }
        return all;
    }
};

/// Compares uninterrupted runs with runs that were interrupted after any step, with other numbers of threads,
/// and without a loop.
template <class TheGan>
void check_runs(const typename TheGan::GeneratorOptimizer::Options& generator,
                const typename TheGan::DiscriminatorOptimizer::Options& discriminator, int critic_steps) {
    constexpr std::uint64_t end = 8;
    const auto fresh = [&] { return Run<TheGan>(generator, discriminator, critic_steps); };
    Run<TheGan> whole = fresh();
    whole.train_to(end);
    const Record expected = whole.record();
    BOOST_TEST((record_of(fresh().gan) != record_of(whole.gan)));

    Run<TheGan> by_hand = fresh();
    by_hand.train_by_hand_to(end);
    BOOST_TEST((by_hand.record() == expected));
    BOOST_TEST_REQUIRE(by_hand.losses.size() == whole.losses.size());
    for (std::size_t step = 0; step < end; ++step)
        BOOST_TEST(by_hand.losses[step].generator == whole.losses[step].generator);

    for (const int threads : {1, 2}) {
        const WithThreads scope(threads);
        Run<TheGan> other = fresh();
        other.train_to(end);
        BOOST_TEST((other.record() == expected), threads << " threads");
    }

    const test::TemporaryFolder folder;
    const auto path = folder.path() / "checkpoint.safetensors";
    for (std::uint64_t cut = 0; cut <= end; ++cut) {
        Run<TheGan> first = fresh();
        first.train_to(cut);
        first.save(path);
        Run<TheGan> second = fresh();
        second.train_to(5); // a different state, which restore() must replace
        second.losses = first.losses;
        second.restore(path, cut);
        second.train_to(end);
        BOOST_TEST((second.record() == expected), "interrupted after step " << cut);
    }
}

template <class Objective, template <class> class GeneratorOptimizer,
          template <class> class DiscriminatorOptimizer>
using GanOf = Gan<GeneratorNet, DiscriminatorNet, Objective, TestBackend, float, GeneratorOptimizer,
                  DiscriminatorOptimizer>;

} // namespace

BOOST_AUTO_TEST_SUITE(open_gan_runs)

BOOST_AUTO_TEST_CASE(a_hinge_gan_with_adamw_and_rmsprop_resumes_with_the_same_bits) {
    check_runs<GanOf<Hinge, AdamW, RMSprop>>(
        {.lr = 1e-2, .betas = {0, 0.9}, .weight_decay = 0.1},
        {.lr = 1e-3, .weight_decay = 0.01, .momentum = 0.5, .centered = true, .decays = Decays::weights}, 3);
}

BOOST_AUTO_TEST_CASE(a_wasserstein_gan_with_sgd_and_adam_resumes_with_the_same_bits) {
    check_runs<GanOf<Wasserstein, SGD, Adam>>({.lr = 1e-2, .momentum = 0.9, .nesterov = true},
                                              {.lr = 1e-3, .betas = {0.5, 0.9}}, 2);
}

BOOST_AUTO_TEST_CASE(a_cross_entropy_gan_with_rmsprop_and_sgd_resumes_with_the_same_bits) {
    check_runs<GanOf<BCEWithLogitsLoss, RMSprop, SGD>>({.lr = 1e-3}, {.lr = 1e-2, .momentum = 0.5}, 1);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_other_optimizers_is_refused) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c";
    const Run<GanOf<Hinge, AdamW, RMSprop>> run({}, {}, 1);
    run.save(path);
    Run<GanOf<Hinge, SGD, RMSprop>> other({}, {}, 1);
    const std::string message = test::message_of([&] { other.restore(path, 0); });
    BOOST_TEST(
        message.find("'generator_optimizer.exp_avg.linear.bias', expected only tensors that SGD keeps") !=
            message.npos,
        message);
    // What SGD keeps, RMSprop keeps, too, and more.
    Run<GanOf<Hinge, AdamW, SGD>> less({}, {}, 1);
    const std::string more = test::message_of([&] { less.restore(path, 0); });
    BOOST_TEST(more.find("'discriminator_optimizer.grad_avg.") != more.npos, more);
}

BOOST_AUTO_TEST_SUITE_END()
