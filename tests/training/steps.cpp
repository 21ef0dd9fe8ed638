#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <utility>

using namespace training;

namespace {

/// The published training loop, written out with every gradient that PyTorch computes, also the
/// discriminator's gradients in the generator's update, which the loop discards.
Record train_by_hand(int steps, int batch) {
    using Generator = SmallGan::Generator;
    using Discriminator = SmallGan::Discriminator;
    Generator generator(5);
    Discriminator discriminator(5, init::PyTorch{}, 1);
    Adam<Generator> generator_optimizer(generator, {.lr = 1e-3});
    Adam<Discriminator> discriminator_optimizer(discriminator, {.lr = 1e-3});
    Generator::TrainingWorkspace generator_workspace(batch);
    // A separate workspace for each of the discriminator's passes, so that no pass can depend on another.
    Discriminator::TrainingWorkspace on_real(batch), on_fake(batch), for_generator(batch);
    Generator::Gradients generator_gradients;
    Discriminator::Gradients discriminator_gradients, discarded;
    BatchOn<Flat<1>, TestBackend> score_gradient(batch);
    Record record;
    for (int step = 0; step < steps; ++step) {
        const StepData<SmallGan> data(batch, static_cast<std::uint64_t>(step));
        const auto randomness_of = [&](std::uint64_t pass) {
            return Randomness{5, static_cast<std::uint64_t>(step) * SmallGan::passes + pass, true};
        };
        const auto score_of_real =
            discriminator.forward_training(data.real, on_real, randomness_of(SmallGan::on_real));
        const double loss_of_real = loss<MSELoss>(score_of_real, 1, score_gradient);
        discriminator.backward<WithRespectTo::both>(score_gradient, on_real, &discriminator_gradients);
        const auto fake =
            generator.forward_training(data.noise, generator_workspace, randomness_of(SmallGan::generating));
        const auto score_of_fake =
            discriminator.forward_training(fake, on_fake, randomness_of(SmallGan::on_generated));
        const double loss_of_fake = loss<MSELoss>(score_of_fake, 0, score_gradient);
        discriminator.backward<WithRespectTo::both>(score_gradient, on_fake, &discriminator_gradients, true);
        discriminator_optimizer.step(discriminator, discriminator_gradients);

        const auto score_for_generator =
            discriminator.forward_training(fake, for_generator, randomness_of(SmallGan::for_generator));
        const double generator_loss = loss<MSELoss>(score_for_generator, 1, score_gradient);
        const auto to_image =
            discriminator.backward<WithRespectTo::both>(score_gradient, for_generator, &discarded);
        generator.backward<WithRespectTo::both>(to_image, generator_workspace, &generator_gradients);
        generator_optimizer.step(generator, generator_gradients);
        record.losses.push_back(loss_of_real + loss_of_fake);
        record.losses.push_back(generator_loss);
    }
    append_tensors(generator, record.tensors);
    append_tensors(discriminator, record.tensors);
    return record;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_step_equals_the_published_loop_bit_for_bit) {
    const Record gan = train<SmallGan>(6, 4, 4), by_hand = train_by_hand(6, 4);
    BOOST_TEST(gan.losses == by_hand.losses, boost::test_tools::per_element());
    BOOST_TEST((gan.tensors == by_hand.tensors));
}

BOOST_AUTO_TEST_CASE(a_batch_below_the_capacity_gives_the_same_bits_as_one_of_full_capacity) {
    BOOST_TEST((train<SmallGan>(4, 3, 3) == train<SmallGan>(4, 3, 8)));
}

BOOST_AUTO_TEST_CASE(a_short_last_batch_gives_the_same_bits_with_any_capacity) {
    // The same first step with a full batch, then one with a short batch: in a Gan with exactly this
    // capacity, and in one with a larger capacity.
    const auto run = [](int capacity) {
        SmallGan gan(5, capacity, {.lr = 1e-3}, {.lr = 1e-3});
        Record record;
        for (const auto& [batch, step] : {std::pair{8, 0}, std::pair{3, 1}}) {
            const StepData<SmallGan> data(batch, static_cast<std::uint64_t>(step));
            const auto losses = gan.train_step(data.real, data.noise, static_cast<std::uint64_t>(step));
            record.losses.push_back(losses.discriminator);
        }
        append_tensors(gan.generator, record.tensors);
        append_tensors(gan.discriminator, record.tensors);
        return record;
    };
    BOOST_TEST((run(8) == run(11)));
}

BOOST_AUTO_TEST_CASE(a_step_moves_every_parameter_tensor_of_both_networks) {
    SmallGan gan(5, 4, {.lr = 1e-3}, {.lr = 1e-3});
    const auto generator_before = gan.generator;
    const auto discriminator_before = gan.discriminator;
    const StepData<SmallGan> data(4, 0);
    gan.train_step(data.real, data.noise, 0);
    const auto check = [](const auto& before, const auto& after) {
        std::vector<const float*> old;
        before.for_each_tensor(
            [&](int, const TensorSpec&, const float* values, bool) { old.push_back(values); });
        std::size_t k = 0;
        after.for_each_tensor([&](int layer, const TensorSpec& tensor, const float* values, bool) {
            const float* const was = old[k++];
            BOOST_TEST((transfer::values(values, tensor.size()) != transfer::values(was, tensor.size())),
                       "layer " << layer << ": " << tensor.name << " did not change");
        });
    };
    check(generator_before, gan.generator);
    check(discriminator_before, gan.discriminator);
}
