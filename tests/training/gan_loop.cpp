// GanLoop, whose images, noise and losses are in the backend's memory, takes the same steps as a plain loop.

#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/io/data_set.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <stdexcept>

using namespace training;

namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr std::uint64_t seed = 5;

Bytes random_images(std::uint32_t count, Index size) {
    const random::Stream stream{77, 0, 3};
    Bytes bytes(count * static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(random::below(stream.bits(static_cast<Index>(i)), 256));
    return bytes;
}

/// The results of a loop.
struct Outcome {
    Record record;
    std::int64_t generator_passes, discriminator_passes;
    bool operator==(const Outcome&) const = default;
};

template <class TheGan>
Outcome outcome(const TheGan& gan, std::vector<double> losses) {
    Outcome result{
        {std::move(losses), {}}, gan.generator.training_passes(), gan.discriminator.training_passes()};
    append_tensors(gan.generator, result.record.tensors);
    append_tensors(gan.discriminator, result.record.tensors);
    return result;
}

/// A plain loop: the host makes every batch and reads every loss immediately.
template <class TheGan>
Outcome plain_loop(const Bytes& bytes, std::uint32_t images, int batch_size, int epochs) {
    constexpr Index size = TheGan::image_shape::size;
    TheGan gan(seed, batch_size, {.lr = 1e-3}, {.lr = 1e-3});
    std::vector<double> losses;
    std::uint64_t step = 0;
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        const auto order = io::shuffled(images, seed, static_cast<std::uint64_t>(epoch));
        for (std::uint32_t first = 0; first < images; first += static_cast<std::uint32_t>(batch_size)) {
            const int count = std::min(batch_size, static_cast<int>(images - first));
            std::vector<float> values;
            for (int i = 0; i < count; ++i)
                for (Index pixel = 0; pixel < size; ++pixel)
                    values.push_back(normalized<float>(bytes[static_cast<std::size_t>(
                        order[first + static_cast<std::uint32_t>(i)] * size + pixel)]));
            BatchOn<typename TheGan::image_shape, TestBackend> real(count);
            BatchOn<typename TheGan::noise_shape, TestBackend> noise(count);
            transfer::put(values, real.data());
            TestBackend::fill_normal(noise.data(), noise.size(), 1.0F, {seed, step, 1});
            const StepLosses found = gan.train_step(real, noise, step++);
            losses.insert(losses.end(), {found.discriminator, found.generator});
        }
    }
    return outcome(gan, std::move(losses));
}

/// The same with GanLoop. Takes its losses after every `steps_per_take` steps and at the end.
template <class TheGan>
Outcome gan_loop(const Bytes& bytes, std::uint32_t images, int batch_size, int epochs, int steps_per_take) {
    TheGan gan(seed, batch_size, {.lr = 1e-3}, {.lr = 1e-3});
    GanLoop<TheGan> loop(gan, typename GanLoop<TheGan>::Images(bytes), seed, batch_size);
    std::vector<double> losses;
    const auto take = [&] {
        for (const StepLosses& found : loop.take_losses())
            losses.insert(losses.end(), {found.discriminator, found.generator});
    };
    for (int epoch = 1; epoch <= epochs; ++epoch) {
        loop.begin_epoch(io::shuffled(images, seed, static_cast<std::uint64_t>(epoch)));
        while (loop.left() > 0) {
            loop.step(static_cast<int>(std::min<Index>(batch_size, loop.left())));
            if (loop.pending_losses() == steps_per_take) take();
        }
    }
    take();
    return outcome(gan, std::move(losses));
}

/// Small enough for thousands of steps.
using TinyGan = Gan<Sequential<Linear<2, 4>, Reshape<1, 2, 2>>,
                    Sequential<Input<1, 2, 2>, Flatten, Linear<4, 1>>, LeastSquares, TestBackend>;

} // namespace

BOOST_AUTO_TEST_CASE(the_loop_equals_a_plain_loop_bit_for_bit) {
    // Two epochs of 4, 4 and 3 images.
    const Bytes bytes = random_images(11, SmallGan::image_shape::size);
    const Outcome plain = plain_loop<SmallGan>(bytes, 11, 4, 2);
    BOOST_TEST(plain.record.losses.size() == 2U * 6);
    BOOST_TEST(plain.record.losses[0] != plain.record.losses[10]);
    BOOST_TEST(plain.discriminator_passes == 3 * 6);
    for (const int steps_per_take : {1, 4, 100}) {
        const Outcome found = gan_loop<SmallGan>(bytes, 11, 4, 2, steps_per_take);
        BOOST_TEST(found.record.losses == plain.record.losses, boost::test_tools::per_element());
        BOOST_TEST((found == plain));
    }
}

BOOST_AUTO_TEST_CASE(losses_stay_in_order_when_their_history_wraps_around) {
    constexpr int max_losses = GanLoop<TinyGan>::max_pending_losses;
    const Bytes bytes = random_images(16, 4);
    const int epochs = 3 * max_losses / 8; // of 8 steps each
    const Outcome plain = plain_loop<TinyGan>(bytes, 16, 2, epochs);
    BOOST_TEST(plain.record.losses.size() > 2U * 2 * max_losses);
    BOOST_TEST((gan_loop<TinyGan>(bytes, 16, 2, epochs, max_losses) == plain));
    BOOST_TEST((gan_loop<TinyGan>(bytes, 16, 2, epochs, max_losses - 1000) == plain));
}

BOOST_AUTO_TEST_CASE(invalid_uses_of_a_loop_are_refused) {
    using Loop = GanLoop<TinyGan>;
    const Bytes bytes = random_images(5, 4);
    TinyGan gan(seed, 2, {}, {});
    BOOST_CHECK_THROW(Loop::Images(std::span(bytes).first(19)), std::invalid_argument);
    Loop loop(gan, Loop::Images(bytes), seed, 2);
    BOOST_CHECK_THROW(loop.step(1), std::invalid_argument); // no epoch has begun
    BOOST_CHECK_THROW(loop.begin_epoch(std::vector<std::uint32_t>{0, 5}), std::invalid_argument);
    BOOST_CHECK_THROW(loop.begin_epoch(std::vector<std::uint32_t>(6)), std::invalid_argument);
    loop.begin_epoch(std::vector<std::uint32_t>{4, 0, 2});
    BOOST_CHECK_THROW(loop.step(3), std::invalid_argument); // the batch's capacity is 2
    BOOST_CHECK_THROW(loop.step(0), std::invalid_argument);
    loop.step(2);
    BOOST_CHECK_THROW(loop.step(2), std::invalid_argument); // 1 is left
    BOOST_TEST(loop.steps() == 1U);
    while (loop.pending_losses() < Loop::max_pending_losses) {
        loop.begin_epoch(std::vector<std::uint32_t>{4, 0, 2, 1});
        loop.step(2);
    }
    BOOST_CHECK_THROW(loop.step(2), std::logic_error); // its losses would overwrite earlier ones
    BOOST_TEST(loop.take_losses().size() == std::size_t{Loop::max_pending_losses});
    BOOST_CHECK_NO_THROW(loop.step(2));
}
