// What the number of samples in a batch may change, and what not.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

using namespace ctgan;

namespace {

/// A network in evaluation mode whose running statistics are those of some training.
template <class TheNetwork>
TheNetwork trained() {
    constexpr int batch = 16;
    TheNetwork network(3);
    BatchOn<typename TheNetwork::input_shape, Cpu> input(batch);
    typename TheNetwork::TrainingWorkspace workspace(batch);
    for (std::uint64_t pass = 0; pass < 2; ++pass) {
        Cpu::fill_normal(input.data(), input.size(), 1.0F, {8, pass, 1});
        network.forward_training(input.view(), workspace, {8, pass});
    }
    return network;
}

/// Each sample's output is the same to the last bit, whatever else is in its batch.
template <class Net>
void check_alone(std::initializer_list<int> batches) {
    using TheNetwork = Network<Net>;
    using InShape = typename TheNetwork::input_shape;
    using OutShape = typename TheNetwork::output_shape;
    constexpr int samples = 64;
    const TheNetwork network = trained<TheNetwork>();
    BatchOn<InShape, Cpu> input(samples);
    Cpu::fill_normal(input.data(), input.size(), 1.0F, {9, 0, 1});
    typename TheNetwork::Workspace together(samples);
    const auto expected = network.forward(input.view(), together);
    BOOST_TEST(std::memcmp(expected.data, expected.data + OutShape::size, sizeof(float) * OutShape::size) !=
               0);
    for (const int batch : batches) {
        typename TheNetwork::Workspace workspace(batch);
        int different = 0;
        for (int first = 0; first + batch <= samples; first += batch) {
            const View<InShape, const float> part{input.data() + Index{first} * InShape::size, batch};
            const auto output = network.forward(part, workspace);
            different += std::memcmp(output.data, expected.data + Index{first} * OutShape::size,
                                     sizeof(float) * OutShape::size * static_cast<std::size_t>(batch)) != 0;
        }
        BOOST_TEST(different == 0,
                   different << " batches of " << batch << " differ from what they are among 64");
    }
}

/// Channels that fill no register, images of odd sizes, and enough of both that a batch of 16 would go by
/// tiles.
using Odd = Sequential<Linear<9, 17 * 5 * 3>, LeakyReLU<>, BatchNorm1d<17 * 5 * 3>, Reshape<17, 5, 3>,
                       ConvTranspose2d<17, 20, 4, 2, 1>, ReLU, BatchNorm2d<20>, Conv2d<20, 18, 3, 1, 1>, Tanh,
                       Conv2d<18, 3, 3, 2>, Flatten, Linear<3 * 4 * 2, 5>, Sigmoid>;

} // namespace

BOOST_AUTO_TEST_CASE(a_digit_does_not_depend_on_the_others_of_its_batch) {
    check_alone<dcgan::Generator>({1, 3, 16, 64});
}

BOOST_AUTO_TEST_CASE(an_odd_network_s_output_does_not_depend_on_the_others_of_its_batch) {
    check_alone<Odd>({1, 3, 16, 64});
}

namespace {

/// The room without tiles.
struct NoTiles : Cpu {
    template <class G, class T, class F = Identity>
    static void convolution(int batch, const T* big, const T* w, const T* bias, T* small, T* scratch,
                            Algorithms = Algorithms::same_for_every_batch, const T* factors = nullptr,
                            F f = {}) {
        Cpu::convolution<G>(batch, big, w, bias, small, scratch, Algorithms::same_for_every_batch, factors,
                            f);
    }
    template <class G, class T, class F = Identity>
    static void transposed_convolution(int batch, const T* small, const T* w, const T* bias, T* big,
                                       T* scratch, Algorithms = Algorithms::same_for_every_batch,
                                       const T* factors = nullptr, F f = {}) {
        Cpu::transposed_convolution<G>(batch, small, w, bias, big, scratch, Algorithms::same_for_every_batch,
                                       factors, f);
    }
    template <class G, class T>
    static void convolution_weight_gradient(int batch, const T* big, const T* small, T* dw, bool add,
                                            T* scratch, Algorithms = Algorithms::same_for_every_batch,
                                            const T* factors = nullptr) {
        Cpu::convolution_weight_gradient<G>(batch, big, small, dw, add, scratch,
                                            Algorithms::same_for_every_batch, factors);
    }
};

using Numbers = std::vector<double>;

/// Output, gradient to the input and gradient to the parameters of a pass in training mode.
template <class Net, class Room>
std::array<Numbers, 3> pass(int batch) {
    using TheNetwork = Network<Net, Room, double>;
    TheNetwork network(3);
    BatchOn<typename TheNetwork::input_shape, Room, double> input(batch);
    BatchOn<typename TheNetwork::output_shape, Room, double> gradient(batch);
    Room::fill_normal(input.data(), input.size(), 1.0, {9, 0, 1});
    Room::fill_normal(gradient.data(), gradient.size(), 1.0, {9, 0, 2});
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    const auto output = network.forward_training(input.view(), workspace, {9, 0});
    Numbers outputs(output.data, output.data + output.size());
    const auto to_input = network.template backward<To::both>(gradient.view(), workspace, &gradients);
    return {outputs, Numbers(to_input.data, to_input.data + to_input.size()),
            Numbers(gradients.data(), gradients.data() + gradients.size())};
}

double relative_difference(const Numbers& found, const Numbers& expected) {
    double square = 0, of_errors = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        square += expected[i] * expected[i];
        of_errors += (found[i] - expected[i]) * (found[i] - expected[i]);
    }
    return std::sqrt(of_errors / square); // NaN where all is zero, too
}

template <class Net>
void check_without_tiles(std::initializer_list<int> batches) {
    // Any geometry's: the least batch is the same for all.
    using Choice = cpu::ConvolutionChoice<ConvolutionGeometry<20, 5, 5, 20, 5, 5, 3, 1, 1>, double>;
    for (const int batch : batches) {
        const auto found = pass<Net, Cpu>(batch), expected = pass<Net, NoTiles>(batch);
        for (std::size_t part = 0; part < found.size(); ++part) {
            const double error = relative_difference(found[part], expected[part]);
            BOOST_TEST_MESSAGE("batch " << batch << ", part " << part << ": relative difference " << error);
            // A few layers, each as far off as tiles are in double (tiled_convolution.cpp), through
            // normalizations, which do not make it more.
            BOOST_TEST(error <= 1e-12, "batch " << batch << ", part " << part << ": off by " << error);
            // Below the least batch there are no tiles, and nothing differs. A part that could not differ
            // would say nothing.
            BOOST_TEST((found[part] == expected[part]) == (batch < Choice::least_batch_for_tiles),
                       "batch " << batch << ", part " << part);
        }
    }
}

/// An activation has no kink, or a rounding error next to it would be a different slope.
using Smooth =
    Sequential<Linear<9, 17 * 5 * 3>, Tanh, BatchNorm1d<17 * 5 * 3>, Reshape<17, 5, 3>,
               ConvTranspose2d<17, 20, 4, 2, 1>, Tanh, BatchNorm2d<20>, Conv2d<20, 18, 3, 1, 1>, Tanh,
               Dropout2d<>, Conv2d<18, 20, 3, 2>, Sigmoid, Dropout2d<>, Flatten, Linear<20 * 4 * 2, 5>>;

} // namespace

BOOST_AUTO_TEST_CASE(a_training_pass_by_tiles_is_the_one_without_them) {
    check_without_tiles<Smooth>({11, 12, 16, 33});
}

BOOST_AUTO_TEST_CASE(a_gradient_in_evaluation_mode_does_not_depend_on_batch_mates) {
    using Net = Sequential<Input<20, 7, 7>, Conv2d<20, 24, 3, 1, 1>, Tanh, ConvTranspose2d<24, 20, 4, 2, 1>>;
    using TheNetwork = Network<Net>;
    const TheNetwork network(3);
    const auto gradient_of_first = [&](int batch) {
        Batch<TheNetwork::input_shape> input(batch);
        Batch<TheNetwork::output_shape> gradient(batch);
        Cpu::fill_normal(input.data(), input.size(), 1.0F, {9, 0, 1});
        Cpu::fill_normal(gradient.data(), gradient.size(), 1.0F, {9, 0, 2});
        TheNetwork::TrainingWorkspace workspace(batch);
        network.forward(input, workspace);
        const float* const first = network.backward_to_input(gradient, workspace).data;
        return std::vector<float>(first, first + TheNetwork::input_shape::size);
    };
    const auto alone = gradient_of_first(1);
    BOOST_TEST(std::count(alone.begin(), alone.end(), 0.0F) == 0);
    BOOST_TEST((gradient_of_first(16) == alone));
}
