// A run that is interrupted, saved, and resumed in another Gan equals an uninterrupted run, bit for bit.

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/gan_state.hpp>

#include <boost/test/unit_test.hpp>

#include "../io/support.hpp"
#include "support.hpp"
#include <array>
#include <bit>

using namespace training;

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t seed = 5;
constexpr std::uint32_t images = 11;
constexpr int batch = 4, steps_of_epoch = 3;

/// Networks with all kinds of layers that have parameters or statistics.
using TheGan =
    Gan<Sequential<Linear<3, 8>, ReLU, BatchNorm1d<8>, Reshape<2, 2, 2>, ConvTranspose2d<2, 1, 2, 2>, Tanh>,
        Sequential<Input<1, 4, 4>, SpectralNorm<Conv2d<1, 3, 3>>, LeakyReLU<>, Dropout2d<>, BatchNorm2d<3>,
                   Flatten, Linear<12, 1>>,
        LeastSquares, TestBackend>;
constexpr std::array generator_names{"linear"sv, "norm"sv, "up"sv};
constexpr std::array discriminator_names{"conv"sv, "norm"sv, "score"sv};
constexpr io::GanNames names{generator_names, discriminator_names};

std::vector<std::uint8_t> random_images() {
    const random::Stream stream{77, 0, 3};
    std::vector<std::uint8_t> bytes(images * std::size_t{TheGan::image_shape::size});
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(random::below(stream.bits(static_cast<Index>(i)), 256));
    return bytes;
}

/// A Gan with its loop, at any step of training.
struct Run {
    TheGan gan;
    GanLoop<TheGan> loop;
    std::vector<double> losses;

    Run()
        : gan(seed, batch, {.lr = 1e-2}, {.lr = 1e-2}),
          loop(gan, GanLoop<TheGan>::Images(random_images()), seed, batch) {}

    /// Takes steps until `end` steps are done.
    void train_to(int end) {
        for (int step = static_cast<int>(loop.steps()); step < end; ++step) {
            if (loop.left() == 0) {
                const int epoch = step / steps_of_epoch, taken = step % steps_of_epoch * batch;
                loop.begin_epoch(io::shuffled(images, seed, static_cast<std::uint64_t>(epoch)), taken);
            }
            loop.step(static_cast<int>(std::min<Index>(batch, loop.left())));
        }
        for (const StepLosses& found : loop.take_losses())
            losses.insert(losses.end(), {found.discriminator, found.generator});
    }

    void save(const std::filesystem::path& path) const {
        io::TensorsToWrite tensors;
        gather_gan(tensors, gan, names);
        io::write_checkpoint(path, tensors.list(), {});
    }
    void restore(const std::filesystem::path& path, int steps) {
        restore_gan(io::open_checkpoint(path), gan, names);
        loop.continue_after(static_cast<std::uint64_t>(steps));
    }

    /// All state that training may change.
    Record record() const {
        Record record{losses, {}};
        append_tensors(gan.generator, record.tensors);
        append_tensors(gan.discriminator, record.tensors);
        const auto append = [&](const auto& optimizer, Index size) {
            const auto moments = transfer::values(optimizer.state(0), 2 * size);
            record.tensors.insert(record.tensors.end(), moments.begin(), moments.end());
            record.losses.push_back(static_cast<double>(optimizer.steps()));
        };
        append(gan.generator_optimizer, gan.generator.arena_size());
        append(gan.discriminator_optimizer, gan.discriminator.arena_size());
        record.losses.push_back(static_cast<double>(gan.generator.training_passes()));
        record.losses.push_back(static_cast<double>(gan.discriminator.training_passes()));
        return record;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(resume)

BOOST_AUTO_TEST_CASE(a_run_resumed_after_any_step_equals_the_uninterrupted_run) {
    constexpr int end = 8;
    Run whole;
    whole.train_to(end);
    const Record expected = whole.record();
    BOOST_TEST(expected.losses[0] != expected.losses[2]);
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "checkpoint.safetensors";
    for (int cut = 0; cut <= end; ++cut) {
        Run first;
        first.train_to(cut);
        first.save(path);
        Run second;
        second.train_to(5); // a different state, which restore() must replace
        second.losses = first.losses;
        second.restore(path, cut);
        second.train_to(end);
        BOOST_TEST((second.record() == expected), "interrupted after step " << cut);
    }
}

BOOST_AUTO_TEST_CASE(a_checkpoint_has_each_tensor_under_pytorch_s_name) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c";
    Run run;
    run.train_to(2);
    run.save(path);
    const auto file = io::open_checkpoint(path);
    BOOST_TEST(file.value<std::int64_t>("generator_optimizer.step") == 2);
    BOOST_TEST(file.value<std::int64_t>("discriminator.norm.num_batches_tracked") == 6);
    BOOST_TEST(
        (file.tensor("discriminator_optimizer.exp_avg_sq.conv.parametrizations.weight.original").shape ==
         std::vector<std::uint64_t>{3, 1, 3, 3}));
    // For each network 8 tensors and a count and for one of them u and v, for each optimizer 2 x 6 moments
    // and a count, and the checksum.
    BOOST_TEST(file.tensors().size() == 2U * (8 + 1) + 2 + 2 * (2 * 6 + 1) + 1);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_network_names_the_tensor) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "c";
    Run run;
    run.train_to(1);
    const auto refused = [&](const std::string& name, auto&& change) {
        io::TensorsToWrite all;
        gather_gan(all, run.gan, names);
        std::vector<io::TensorToWrite> list(all.list().begin(), all.list().end());
        const auto at =
            std::find_if(list.begin(), list.end(), [&](const auto& tensor) { return tensor.name == name; });
        BOOST_REQUIRE((at != list.end()));
        change(list, at);
        io::write_checkpoint(path, list, {});
        Run other;
        const std::string message = test::message_of([&] { other.restore(path, 1); });
        BOOST_TEST(message.find("'" + name + "'") != message.npos, message);
    };
    const std::vector<float> one{std::bit_cast<float>(0x7fc00000)};
    for (const std::string& name :
         {std::string("generator.up.weight"), std::string("discriminator_optimizer.step"),
          std::string("generator_optimizer.exp_avg_sq.linear.bias")}) {
        refused(name, [](auto& list, auto at) { list.erase(at); });
        refused(name, [&](auto&, auto at) {
            *at = {at->name, io::Dtype::F32, {1, 1, 1}, std::as_bytes(std::span(one))};
        });
    }
    const std::vector<float> bad(1, one[0]);
    refused("generator_optimizer.exp_avg.up.bias", [&](auto&, auto at) {
        *at = {at->name, io::Dtype::F32, {1}, std::as_bytes(std::span(bad))};
    });
}

BOOST_AUTO_TEST_SUITE_END()
