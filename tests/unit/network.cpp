#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "disturb_buffers.hpp"
#include <cstring>
#include <stdexcept>
#include <type_traits>
#include <vector>

using namespace ctgan;

namespace {

using Small = dcgan::GeneratorOf<16, 12, 8, 6>;
using SmallGenerator = Network<Small, TestBackend>;
using SmallDiscriminator = Network<dcgan::DiscriminatorOf<6, 10>, TestBackend>;

template <class TheNetwork>
std::vector<float> output_of_samples(const TheNetwork& network,
                                     const BatchOn<typename TheNetwork::input_shape, TestBackend>& all,
                                     int first, int count) {
    typename TheNetwork::Workspace workspace(count);
    return transfer::values(network.forward(samples(all, first, count), workspace));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_reference_s_shapes_and_sizes_are_known_at_compile_time) {
    using Generator = Network<dcgan::Generator, TestBackend>;
    using Discriminator = Network<dcgan::Discriminator, TestBackend>;
    static_assert(std::is_same_v<Generator::input_shape, Flat<100>>);
    static_assert(std::is_same_v<Generator::output_shape, Image<1, 28, 28>>);
    static_assert(std::is_same_v<dcgan::Generator::shape<7>, Image<128, 7, 7>>);
    static_assert(std::is_same_v<Discriminator::input_shape, Image<1, 28, 28>>);
    static_assert(std::is_same_v<dcgan::Discriminator::shape<4>, Image<64, 13, 13>>);
    static_assert(std::is_same_v<Discriminator::output_shape, Flat<1>>);
    static_assert(Generator::parameter_count == 1719617);
    static_assert(Discriminator::parameter_count == 79361);
    // conv1: 9 taps, 13 x 13 pixels, 64 channels; conv2: 9 taps, 6 x 6 pixels, 64 to 128 channels; fc. All
    // taps are inside the images.
    static_assert(Discriminator::flops == 2 * (9 * 169 * 64 + 9 * 36 * 64 * 128 + 4608));
    // With padding 1 a kernel of 3 is outside by one row at both ends: 3 * 7 - 2 of the 21 pairs of rows are
    // inside, and as many pairs of columns.
    static_assert(Network<Sequential<Input<2, 7, 7>, ConvTranspose2d<2, 3, 3, 1, 1>>>::flops ==
                  2 * 2 * 3 * 19 * 19);
    static_assert(Generator::workspace_bytes(4) > 0);
    static_assert(Generator::workspace_bytes(4) < Generator::workspace_bytes(4, WorkspaceKind::training));
    // Two activations at a time: the two largest have 12544 and 64 * 14 * 14 = 12544 elements.
    static_assert(Generator::workspace_bytes(64) - Generator::workspace_bytes(63) >=
                  2 * 12544 * sizeof(float));
    static_assert(Generator::workspace_bytes(64) - Generator::workspace_bytes(63) <
                  3 * 12544 * sizeof(float));
    BOOST_TEST(Generator::Workspace::bytes(3) == Generator::workspace_bytes(3));
}

BOOST_AUTO_TEST_CASE(the_parameter_count_is_the_sum_over_the_tensors) {
    const SmallGenerator network(0);
    Index parameters = 0, tensors = 0;
    network.for_each_tensor([&](int, const TensorSpec& tensor, const float*, bool buffer) {
        if (!buffer) parameters += tensor.size();
        ++tensors;
    });
    BOOST_TEST(parameters == SmallGenerator::parameter_count);
    BOOST_TEST(tensors == 4 * 2 + 3 * 4);
}

BOOST_AUTO_TEST_CASE(a_sample_s_output_does_not_depend_on_its_batch_bit_for_bit) {
    constexpr int n = 17;
    SmallGenerator generator(1);
    disturb_buffers(generator);
    BatchOn<Flat<16>, TestBackend> noise(n);
    TestBackend::fill_normal(noise.data(), noise.size(), 1.0F, {1, 2, 3});
    const auto together = output_of_samples(generator, noise, 0, n);
    constexpr std::size_t pixels = 28 * 28;
    for (const int group : {1, 2, 3, 4, 5, 7, 16})
        for (int first = 0; first + group <= n; first += group) {
            const auto apart = output_of_samples(generator, noise, first, group);
            BOOST_TEST(std::memcmp(apart.data(), together.data() + pixels * static_cast<std::size_t>(first),
                                   sizeof(float) * apart.size()) == 0,
                       "samples " << first << " to " << first + group - 1
                                  << " differ from those in a batch of 17");
        }
    BOOST_TEST(std::memcmp(together.data(), together.data() + pixels, pixels * sizeof(float)) != 0);
}

BOOST_AUTO_TEST_CASE(inference_and_training_workspaces_give_the_same_output) {
    SmallGenerator generator(1);
    disturb_buffers(generator);
    BatchOn<Flat<16>, TestBackend> noise(3);
    TestBackend::fill_normal(noise.data(), noise.size(), 1.0F, {1, 2, 3});
    const auto expected = output_of_samples(generator, noise, 0, 3);
    SmallGenerator::TrainingWorkspace workspace(5); // a larger capacity than the batch
    const auto output = generator.forward(noise, workspace);
    BOOST_TEST(output.count == 3);
    BOOST_TEST((transfer::values(output) == expected));
}

BOOST_AUTO_TEST_CASE(batches_that_do_not_fit_are_refused) {
    SmallDiscriminator discriminator(1);
    SmallDiscriminator::Workspace workspace(2);
    BatchOn<Image<1, 28, 28>, TestBackend> images(3);
    BOOST_CHECK_THROW(discriminator.forward(images, workspace, {.seed = 1}), std::invalid_argument);
    BOOST_CHECK_THROW(discriminator.forward(images.first(0), workspace, {.seed = 1}), std::invalid_argument);
    BOOST_CHECK_NO_THROW(discriminator.forward(images.first(2), workspace, {.seed = 1}));
    BOOST_CHECK_THROW(SmallDiscriminator::Workspace(0), std::invalid_argument);
    BOOST_CHECK_THROW((BatchOn<Flat<3>, TestBackend>(-1)), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(batches_that_do_not_match_the_pass_are_refused) {
    SmallDiscriminator discriminator(1);
    SmallDiscriminator::TrainingWorkspace workspace(4);
    SmallDiscriminator::Gradients gradients;
    BatchOn<Image<1, 28, 28>, TestBackend> images(4);
    BatchOn<Flat<1>, TestBackend> four(4), three(3);
    const auto score = discriminator.forward_training(images, workspace, {.seed = 1});
    BOOST_CHECK_THROW(discriminator.backward(three, workspace, gradients), std::invalid_argument);
    BOOST_CHECK_THROW(loss<MSELoss>(score, 1.F, three), std::invalid_argument);
    BOOST_CHECK_THROW(loss<MSELoss>(score, three, four), std::invalid_argument);
    BOOST_CHECK_THROW(loss<MSELoss>(score, four, three), std::invalid_argument);
    BOOST_CHECK_NO_THROW(discriminator.backward(four, workspace, gradients));
    BOOST_CHECK_THROW(four.first(5), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(no_two_uses_of_a_seed_draw_the_same_numbers) {
    // Linear's weight, noise with the same seed, and a second network with it: a regression test, since these
    // streams were once the same.
    using Net = Network<Sequential<Linear<16, 4>>, TestBackend>;
    Net one(7), other(7, init::PyTorch{}, 1);
    BatchOn<Flat<64>, TestBackend> noise(1);
    TestBackend::fill_uniform(noise.data(), 64, 0.25F, {7, 0, 0}); // 1/sqrt(16) is the weight's bound
    const auto weight = transfer::values(one.parameter<0, 0>(), 64);
    BOOST_TEST((weight != transfer::values(noise)));
    BOOST_TEST((weight != transfer::values(other.parameter<0, 0>(), 64)));
}

BOOST_AUTO_TEST_CASE(a_pass_that_fails_is_not_counted) {
    Network<Sequential<Linear<2, 3>, BatchNorm1d<3>>, TestBackend> network(0);
    decltype(network)::TrainingWorkspace workspace(2);
    BatchOn<Flat<2>, TestBackend> batch(2);
    BOOST_CHECK_THROW(network.forward_training(batch.first(1), workspace), std::invalid_argument);
    BOOST_TEST(network.training_passes() == 0);
    network.forward_training(batch, workspace);
    BOOST_TEST(network.training_passes() == 1);
}

BOOST_AUTO_TEST_CASE(backward_without_a_forward_pass_is_refused) {
    const Network<Sequential<Linear<2, 3>>, TestBackend> network(0);
    decltype(network)::TrainingWorkspace workspace(2);
    decltype(network)::Gradients gradients;
    BatchOn<Flat<3>, TestBackend> nothing(0);
    BOOST_CHECK_THROW(network.backward(nothing, workspace, gradients), std::invalid_argument);
}
