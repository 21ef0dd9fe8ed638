// A conditional Gan: its loop takes the steps of a plain loop, and has the same bits with any number of
// threads and of ranks, and after it was resumed.

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/gan_state.hpp>
#include <ctgan/ranks/sharded.hpp>

#include <boost/test/unit_test.hpp>

#include "../io/support.hpp"
#include "ranks_in_threads.hpp"
#include "support.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>

using namespace training;

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t seed = 5;
constexpr std::uint32_t images = 11;
constexpr int batch = 4; // an epoch has batches of 4, 4 and 3

using Picture = Image<1, 6, 6>;
/// The generator's labels go through a layer, the discriminator's are a second channel of the picture,
/// and a projection of its features.
using Generator = Sequential<Inputs<Flat<5>, Classes<3>>,
                             Concat<Select<0>, Sequential<Select<1>, Embedding<3, 40>, Linear<40, 6>, ReLU>>,
                             Linear<11, 2 * 3 * 3>, BatchNorm1d<18>, ReLU, Reshape<2, 3, 3>,
                             ConvTranspose2d<2, 1, 2, 2>, Tanh>;
using Discriminator =
    Sequential<Inputs<Picture, Classes<3>>,
               Concat<Sequential<Concat<Sequential<Select<0>, DiffAugment>,
                                        Sequential<Select<1>, Embedding<3, 36>, Reshape<1, 6, 6>>>,
                                 Conv2d<2, 4, 3>, LeakyReLU<>, Dropout2d<>, Flatten>,
                      Sequential<Select<1>, Embedding<3, 64>>>,
               Projection<64>>;
template <class Backend, class Objective = LeastSquares>
using GanOn = Gan<Generator, Discriminator, Objective, Backend>;
using TheGan = GanOn<TestBackend>;
static_assert(TheGan::is_conditional && std::is_same_v<TheGan::label_shape, Classes<3>>);

constexpr std::array generator_names{"embedding"sv, "of_label"sv, "linear"sv, "norm"sv, "up"sv};
constexpr std::array discriminator_names{"embedding"sv, "conv"sv, "of_features"sv, "score"sv};
constexpr io::GanNames names{generator_names, discriminator_names};

std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint32_t end, std::uint32_t purpose) {
    const random::Stream stream{77, 0, purpose};
    std::vector<std::uint8_t> bytes(count);
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<std::uint8_t>(random::below(stream.bits(static_cast<Index>(i)), end));
    return bytes;
}
const auto pixels = random_bytes(images * std::size_t{Picture::size}, 256, 3);
const auto labels = random_bytes(images, 3, 4);

/// A Gan with its loop, at any step of training.
template <class AnyGan>
struct Run {
    using Loop = GanLoop<AnyGan>;
    AnyGan gan;
    Loop loop;
    std::vector<double> losses;

    explicit Run(const std::vector<std::uint8_t>& labels_of_images = labels)
        : gan(seed, batch, {.lr = 1e-2}, {.lr = 1e-2}),
          loop(gan, typename Loop::Images(pixels), typename Loop::Labels(labels_of_images), seed, batch) {}

    void train_to(int end) {
        for (int step = static_cast<int>(loop.steps()); step < end; ++step) {
            if (loop.left() == 0)
                loop.begin_epoch(io::shuffled(images, seed, static_cast<std::uint64_t>(step / 3)),
                                 step % 3 * batch);
            loop.step(static_cast<int>(std::min<Index>(batch, loop.left())));
        }
        for (const StepLosses& found : loop.take_losses())
            losses.insert(losses.end(), {found.discriminator, found.generator});
    }
    Record record() const {
        Record record{losses, {}};
        append_tensors(gan.generator, record.tensors);
        append_tensors(gan.discriminator, record.tensors);
        return record;
    }
};
constexpr int end = 5;

template <class AnyGan>
Record trained() {
    Run<AnyGan> run;
    run.train_to(end);
    return run.record();
}

} // namespace

BOOST_AUTO_TEST_SUITE(conditional_gan)

BOOST_AUTO_TEST_CASE(the_loop_takes_the_labels_of_its_images) {
    Run<TheGan> run;
    run.train_to(end);
    TheGan gan(seed, batch, {.lr = 1e-2}, {.lr = 1e-2});
    Record plain;
    const io::DataSet<Picture> data(pixels);
    for (int step = 0; step < end; ++step) {
        const auto order = io::shuffled(images, seed, static_cast<std::uint64_t>(step / 3));
        const auto first = order.begin() + step % 3 * batch;
        const std::vector<std::uint32_t> rows(first, std::min(first + batch, order.end()));
        std::vector<int> of_rows;
        for (const std::uint32_t row : rows) of_rows.push_back(labels[row]);
        const auto real = data.rows<TestBackend>(rows);
        const BatchOn<Classes<3>, TestBackend> of_real(of_rows);
        BatchOn<Flat<5>, TestBackend> noise(real.count());
        TestBackend::fill_normal(noise.data(), noise.size(), 1.F,
                                 {seed, static_cast<std::uint64_t>(step), 1});
        const auto found = gan.train_step(real, of_real, noise, static_cast<std::uint64_t>(step));
        plain.losses.insert(plain.losses.end(), {found.discriminator, found.generator});
    }
    append_tensors(gan.generator, plain.tensors);
    append_tensors(gan.discriminator, plain.tensors);
    BOOST_TEST((run.record() == plain));
    BOOST_TEST(plain.losses[0] != plain.losses[8]);

    // The labels matter.
    auto others = labels;
    std::rotate(others.begin(), others.begin() + 1, others.end());
    Run<TheGan> with_others(others);
    with_others.train_to(end);
    BOOST_TEST((with_others.record() != plain));
}

BOOST_AUTO_TEST_CASE(the_other_objectives_train_it) {
    const auto check = [](const Record& record) {
        for (const double loss : record.losses) BOOST_TEST(std::isfinite(loss));
        BOOST_TEST(record.losses[0] != record.losses[8]);
    };
    check(trained<GanOn<TestBackend, NonSaturating>>());
    check(trained<GanOn<TestBackend, Hinge>>());
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_does_not_show_in_the_bits) {
    if constexpr (std::is_same_v<TestBackend, Cpu>) {
        const int before = cpu::threads();
        cpu::set_threads(1);
        const Record one = trained<TheGan>();
        for (const int threads : {2, 3, 7}) {
            cpu::set_threads(threads);
            BOOST_TEST((trained<TheGan>() == one), "1 thread and " << threads);
        }
        cpu::set_threads(before);
    }
}

BOOST_AUTO_TEST_CASE(the_number_of_ranks_does_not_show_in_the_bits) {
    using Backend = Sharded<TestBackend>; // pairs stay on their rank
    const auto on = [](int ranks) {
        std::vector<Record> records(static_cast<std::size_t>(ranks));
        RanksInThreads(ranks).run([&](ranks::Exchange& exchange) {
            const ranks::Sharding<TestBackend> sharding(exchange, /*shards*/ 3);
            records[static_cast<std::size_t>(exchange.rank())] =
                trained<GanOn<Backend, RelativisticPairing>>();
        });
        for (const Record& record : records) BOOST_TEST((record == records[0]));
        return records[0];
    };
    const Record alone = on(1);
    for (const int ranks : {2, 3}) BOOST_TEST((on(ranks) == alone));
}

BOOST_AUTO_TEST_CASE(a_resumed_run_equals_the_uninterrupted_run) {
    const Record expected = trained<TheGan>();
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "checkpoint.safetensors";
    for (int cut = 0; cut <= end; ++cut) {
        Run<TheGan> first, second;
        first.train_to(cut);
        io::TensorsToWrite tensors;
        gather_gan(tensors, first.gan, names);
        io::write_checkpoint(path, tensors.list(), {});
        second.train_to(2); // a different state
        second.losses = first.losses;
        restore_gan(io::open_checkpoint(path), second.gan, names);
        second.loop.continue_after(static_cast<std::uint64_t>(cut));
        second.train_to(end);
        BOOST_TEST((second.record() == expected), "interrupted after step " << cut);
    }
}

BOOST_AUTO_TEST_CASE(a_step_needs_one_label_for_each_image) {
    TheGan gan(seed, batch, {.lr = 1e-2}, {.lr = 1e-2});
    const BatchOn<Picture, TestBackend> real(batch);
    const BatchOn<Flat<5>, TestBackend> noise(batch);
    const BatchOn<Classes<3>, TestBackend> few(batch - 1);
    const auto message_of = [](const auto& action) -> std::string {
        try {
            action();
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "nothing thrown";
    };
    BOOST_TEST(message_of([&] { gan.train_step(real, few, noise, 0); }) ==
               "Gan: found 3 labels, expected 4, one for each image");
    using Loop = GanLoop<TheGan>;
    BOOST_TEST(message_of([&] { Loop(gan, Loop::Images(pixels), Loop::Labels(2), seed, batch); }) ==
               "Gan: found 2 labels, expected 11, one for each image");
}

BOOST_AUTO_TEST_SUITE_END()
