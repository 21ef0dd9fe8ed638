// In evaluation mode the other samples of a batch must not change a sample's result.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cstring>
#include <vector>

using namespace ctgan;

namespace {

/// A network whose running statistics come from two training passes.
template <class TheNetwork>
TheNetwork trained() {
    constexpr int batch = 16;
    TheNetwork network(3);
    BatchOn<typename TheNetwork::input_shape, TestBackend> input(batch);
    typename TheNetwork::TrainingWorkspace workspace(batch);
    for (std::uint64_t pass = 0; pass < 2; ++pass) {
        TestBackend::fill_normal(input.data(), input.size(), 1.0F, {8, pass, 1});
        network.forward_training(input, workspace, {8, pass});
    }
    return network;
}

/// Checks that each sample's output is equal bit for bit in batches of all sizes.
template <class Net>
void check_batch_sizes(std::initializer_list<int> batches) {
    using TheNetwork = Network<Net, TestBackend>;
    using OutShape = typename TheNetwork::output_shape;
    constexpr int largest = 64;
    const TheNetwork network = trained<TheNetwork>();
    BatchOn<typename TheNetwork::input_shape, TestBackend> input(largest);
    TestBackend::fill_normal(input.data(), input.size(), 1.0F, {9, 0, 1});
    typename TheNetwork::Workspace together(largest);
    const auto expected = transfer::values(network.forward(input, together));
    BOOST_TEST(
        std::memcmp(expected.data(), expected.data() + OutShape::size, sizeof(float) * OutShape::size) != 0);
    for (const int batch : batches) {
        typename TheNetwork::Workspace workspace(batch);
        int different = 0;
        for (int first = 0; first + batch <= largest; first += batch) {
            const auto output = transfer::values(network.forward(samples(input, first, batch), workspace));
            different += std::memcmp(output.data(), expected.data() + Index{first} * OutShape::size,
                                     sizeof(float) * OutShape::size * static_cast<std::size_t>(batch)) != 0;
        }
        BOOST_TEST(different == 0, different << " batches of " << batch << " differ from the batch of 64");
    }
}

/// A network with channels that do not fill registers, images of odd sizes, and enough of both that a batch
/// of 16 could use tiles.
using Odd = Sequential<Linear<9, 17 * 5 * 3>, LeakyReLU<>, BatchNorm1d<17 * 5 * 3>, Reshape<17, 5, 3>,
                       ConvTranspose2d<17, 20, 4, 2, 1>, ReLU, BatchNorm2d<20>, Conv2d<20, 18, 3, 1, 1>, Tanh,
                       Conv2d<18, 3, 3, 2>, Flatten, Linear<3 * 4 * 2, 5>, Sigmoid>;

/// Geometries with and without kernels of their own.
using Geometries = Sequential<
    Input<20, 9, 7>,
    Conv2dWith<Conv2dOptions{
        .in = 20, .out = 18, .kernel = 3, .padding = 1, .padding_mode = PaddingMode::reflect}>,
    ReLU,
    Conv2dWith<Conv2dOptions{.in = 18, .out = 18, .kernel = 3, .padding = 2, .dilation = 2, .groups = 18}>,
    ConvTranspose2dWith<ConvTranspose2dOptions{
        .in = 18, .out = 12, .kernel = {3, 2}, .stride = {2, 1}, .groups = 6, .bias = false}>,
    Tanh, Flatten, Linear<12 * 19 * 8, 5, false>>;

} // namespace

BOOST_AUTO_TEST_CASE(a_generated_image_does_not_depend_on_the_other_samples_of_its_batch) {
    check_batch_sizes<dcgan::Generator>({1, 3, 16, 64});
}

BOOST_AUTO_TEST_CASE(an_odd_network_s_output_does_not_depend_on_the_other_samples_of_its_batch) {
    check_batch_sizes<Odd>({1, 3, 16, 64});
}

BOOST_AUTO_TEST_CASE(outputs_of_every_geometry_do_not_depend_on_the_other_samples_of_their_batch) {
    check_batch_sizes<Geometries>({1, 3, 16, 64});
}

BOOST_AUTO_TEST_CASE(a_gradient_in_evaluation_mode_does_not_depend_on_the_other_samples_of_its_batch) {
    using Net = Sequential<Input<20, 7, 7>, Conv2d<20, 24, 3, 1, 1>, Tanh, ConvTranspose2d<24, 20, 4, 2, 1>>;
    using TheNetwork = Network<Net, TestBackend>;
    const TheNetwork network(3);
    const auto gradient_of_first = [&](int batch) {
        BatchOn<TheNetwork::input_shape, TestBackend> input(batch);
        BatchOn<TheNetwork::output_shape, TestBackend> gradient(batch);
        TestBackend::fill_normal(input.data(), input.size(), 1.0F, {9, 0, 1});
        TestBackend::fill_normal(gradient.data(), gradient.size(), 1.0F, {9, 0, 2});
        TheNetwork::TrainingWorkspace workspace(batch);
        network.forward(input, workspace);
        return transfer::values(network.backward_to_input(gradient, workspace).data,
                                TheNetwork::input_shape::size);
    };
    const auto alone = gradient_of_first(1);
    BOOST_TEST(std::count(alone.begin(), alone.end(), 0.0F) == 0);
    BOOST_TEST((gradient_of_first(16) == alone));
}
