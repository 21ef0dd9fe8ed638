// The slope of a network, and the gradients of a function of it: against backward_to_input(), against
// differences, and by identities that hold for each batch.

#include <ctgan/ctgan.hpp>
#include <ctgan/network/slopes.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 3;

/// Normal numbers of a stream.
std::vector<double> normal_numbers(Index n, std::uint32_t purpose) {
    std::vector<double> values(static_cast<std::size_t>(n));
    const random::Stream stream{7, 0, purpose};
    for (Index i = 0; i < n; ++i) values[static_cast<std::size_t>(i)] = random::normal(stream.bits(i));
    return values;
}
double inner_product(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}
template <class GivenView>
std::vector<double> values_of(const GivenView& view) {
    std::vector<double> values(static_cast<std::size_t>(view.size()));
    TestBackend::to_host(values.data(), view.data, view.size());
    return values;
}

/// A network in double with its slopes, and a batch. Passes are in evaluation mode, in which SpectralNorm
/// holds u and v; dropouts that are always active drop the same each time.
template <class Net, class... Labels>
struct Slope {
    using TheNetwork = Network<Net, TestBackend, double>;
    using Image = typename Slopes<TheNetwork, 0>::input_shape;

    TheNetwork network{3};
    BatchOn<Image, TestBackend, double> input{batch};
    typename TheNetwork::TrainingWorkspace workspace{batch + 1};
    typename TheNetwork::Gradients gradients;
    Slopes<TheNetwork, 0> slopes{batch + 2};
    std::vector<double> direction = normal_numbers(input.size(), 1); // t

    Slope() {
        const auto values = normal_numbers(input.size(), 0);
        TestBackend::from_host(input.data(), values.data(), input.size());
    }
    std::vector<double> parameters() const {
        std::vector<double> values(static_cast<std::size_t>(network.arena_size()));
        TestBackend::to_host(values.data(), network.parameters(), network.arena_size());
        return values;
    }
    auto forward(const Labels&... labels) {
        return network.forward(input, labels..., workspace, Randomness{.seed = 1, .pass = 2});
    }
    /// s at the batch.
    std::vector<double> slope(const Labels&... labels) {
        forward(labels...);
        return values_of(slopes.compute(network, workspace));
    }
    /// <s, t>, with other parameters.
    double at(const std::vector<double>& parameters, const Labels&... labels) {
        TestBackend::from_host(network.parameters(), parameters.data(), network.arena_size());
        return inner_product(slope(labels...), direction);
    }
    /// The gradients of <s, t>.
    std::vector<double> exact(const Labels&... labels) {
        slope(labels...);
        TestBackend::from_host(slopes.direction(), direction.data(), input.size());
        TestBackend::fill(gradients.data(), gradients.size(), 0.);
        slopes.add_gradients(network, workspace, gradients);
        std::vector<double> values(static_cast<std::size_t>(gradients.size()));
        TestBackend::to_host(values.data(), gradients.data(), gradients.size());
        return values;
    }

    /// All checks.
    void check(const Labels&... labels) {
        // s is what backward_to_input() returns for a gradient of ones, though that uses its patterns.
        const auto s = slope(labels...);
        BatchOn<typename TheNetwork::output_shape, TestBackend, double> ones(batch);
        TestBackend::fill(ones.data(), ones.size(), 1.);
        const auto to_inputs = network.backward_to_input(ones, workspace);
        const auto to_input = values_of(detail::first_gradient(to_inputs));
        double off = 0;
        for (std::size_t i = 0; i < s.size(); ++i) off += std::pow(s[i] - to_input[i], 2);
        BOOST_TEST(std::sqrt(off) <= 1e-13 * std::sqrt(inner_product(to_input, to_input)));

        // The derivative along t is that of the scores, and that of <s, t> is the one of the gradients.
        const auto start = parameters();
        const double value = at(start, labels...);
        const auto gradient = exact(labels...);
        double sum = 0;
        for (const double tangent : values_of(slopes.output_tangent(workspace))) sum += tangent;
        BOOST_TEST(sum == value, boost::test_tools::tolerance(1e-10));
        for (const std::uint32_t purpose : {10U, 11U}) {
            constexpr double step = 1e-5;
            // Only along parameters: the gaps of the arena stay zero.
            const auto numbers = normal_numbers(network.arena_size(), purpose);
            std::vector<double> along(numbers.size());
            network.for_each_tensor([&](int, const TensorSpec& tensor, const double* data, bool buffer) {
                const auto first = static_cast<std::size_t>(data - network.parameters());
                if (!buffer)
                    for (std::size_t i = first; i < first + static_cast<std::size_t>(tensor.size()); ++i)
                        along[i] = numbers[i];
            });
            auto before = start, after = start;
            for (std::size_t i = 0; i < along.size(); ++i) {
                before[i] -= step * along[i];
                after[i] += step * along[i];
            }
            const double difference = (at(after, labels...) - at(before, labels...)) / (2 * step);
            BOOST_TEST(inner_product(gradient, along) == difference, boost::test_tools::tolerance(1e-6));
        }
    }
};

using Always = std::ratio<1, 2>;
using Dropped = Dropout<Always, DropoutMode::always>;
using DroppedChannels = Dropout2d<Always, DropoutMode::always>;

using Curved = Sequential<Linear<6, 8>, Tanh, Linear<8, 8>, SiLU, Linear<8, 8>, GELU<>, Linear<8, 8>,
                          GELU<Approximate::tanh>, Linear<8, 8>, Mish, Linear<8, 8>, ELU<>, Linear<8, 8>,
                          Softplus<>, Linear<8, 8>, Sigmoid, Linear<8, 8>, Softmax, Linear<8, 2>>;
using Normalized = Sequential<Linear<6, 8>, PReLU<8>, Dropped, Tanh, SpectralNorm<Linear<8, 12>>,
                              LayerNormOf<Flat<12>, std::ratio<1, 100>, false>, ReLU, Linear<12, 12, false>,
                              LayerNorm<12>, GroupNorm<2, 12>, SpectralNorm<Linear<12, 1, false>>>;
using OfImages = Sequential<Input<2, 6, 6>, Conv2d<2, 4, 3, 1, 1>, LayerNorm<4, 6, 6>, LeakyReLU<>,
                            MaxPool2d<3, 1, 1>, Conv2d<4, 4, 3, 1, 1>, GroupNorm<2, 4>, DroppedChannels,
                            InstanceNorm2d<4>, SiLU, PReLU<1>, Flatten, Linear<144, 1>>;
using Branching = Sequential<Input<2, 6, 6>, Residual<Sequential<Tanh, Conv2d<2, 2, 3, 1, 1>>>,
                             Concat<Conv2d<2, 3, 1>, Sequential<ELU<>, Conv2d<2, 4, 3, 1, 1>>, Identity>,
                             Add<Conv2d<9, 4, 1>, Sequential<Tanh, Conv2d<9, 4, 1>, Residual<Tanh>>>,
                             Upsample<2, Interpolation::bilinear>, AvgPool2d<2>, ConvTranspose2d<4, 4, 2, 2>,
                             PixelShuffle<2>, Softplus<>, GlobalAvgPool2d, Linear<1, 1>>;
using Reflected =
    Sequential<Linear<8, 16>, Tanh, Reshape<4, 2, 2>, Upsample<2>,
               SpectralNorm<Conv2dWith<Conv2dOptions{.in = 4,
                                                     .out = 4,
                                                     .kernel = {3, 2},
                                                     .padding = 1,
                                                     .groups = 2,
                                                     .padding_mode = PaddingMode::reflect}>>,
               Tanh, SpectralNorm<ConvTranspose2d<4, 2, 2, 2>>, Sigmoid, GlobalAvgPool2d, Linear<2, 1>>;
using Conditional = Sequential<
    Inputs<Flat<6>, Classes<3>>,
    Concat<Sequential<Select<0>, Linear<6, 4>>, Sequential<Select<1>, Embedding<3, 4>, Linear<4, 4>>>, Tanh,
    Add<Linear<8, 8>, Sequential<Linear<8, 8>, Tanh>>, Narrow<1, 6>, Projection<3>>;
// What does not depend on the image may mix samples.
using OnVector = Sequential<
    Inputs<Flat<6>, Flat<3>>,
    Concat<Sequential<Select<0>, Linear<6, 4>>, Sequential<Select<1>, Linear<3, 4>, BatchNorm1d<4>, ELU<>>>,
    Tanh, Linear<8, 1>>;

} // namespace

BOOST_AUTO_TEST_SUITE(slopes)

BOOST_AUTO_TEST_CASE(of_curved_activations) {
    Slope<Curved> slope;
    auto parameters = slope.parameters();
    for (double& value : parameters) value *= 2; // so that each activation's curvature counts
    TestBackend::from_host(slope.network.parameters(), parameters.data(), slope.network.arena_size());
    slope.check();
}
BOOST_AUTO_TEST_CASE(of_normalizations_and_dropout) { Slope<Normalized>().check(); }
BOOST_AUTO_TEST_CASE(of_layers_of_images) { Slope<OfImages>().check(); }
BOOST_AUTO_TEST_CASE(of_branches) { Slope<Branching>().check(); }
BOOST_AUTO_TEST_CASE(of_groups_and_reflected_padding) { Slope<Reflected>().check(); }

BOOST_AUTO_TEST_CASE(of_a_conditional_network_are_those_to_the_images) {
    using Labels = BatchOn<Classes<3>, TestBackend>;
    Labels labels(batch);
    const std::vector<std::int32_t> values{2, 0, 2};
    TestBackend::from_host(labels.data(), values.data(), batch);
    Slope<Conditional, Labels>().check(labels);
}

BOOST_AUTO_TEST_CASE(of_a_network_with_several_inputs_are_those_to_the_named_one) {
    using Vectors = BatchOn<Flat<3>, TestBackend, double>;
    Vectors vectors(batch);
    const auto values = normal_numbers(vectors.size(), 4);
    TestBackend::from_host(vectors.data(), values.data(), vectors.size());
    Slope<OnVector, Vectors>().check(vectors);
}

BOOST_AUTO_TEST_CASE(of_a_homogeneous_network_give_its_scores) {
    // Euler: without bias and piecewise linear, <s, x> is the score.
    Slope<Sequential<Linear<6, 7, false>, LeakyReLU<std::ratio<1, 5>>, Linear<7, 1, false>>> slope;
    const auto s = slope.slope(), x = values_of(as_view(slope.input)), score = values_of(slope.forward());
    for (std::size_t k = 0; k < score.size(); ++k) {
        double sum = 0;
        for (std::size_t i = 6 * k; i < 6 * (k + 1); ++i) sum += s[i] * x[i];
        BOOST_TEST(sum == score[k], boost::test_tools::tolerance(1e-13));
    }
    // Twice t gives twice each gradient, bit for bit.
    const auto once = slope.exact();
    for (double& t : slope.direction) t *= 2;
    const auto twice = slope.exact();
    for (std::size_t i = 0; i < once.size(); ++i) BOOST_TEST(twice[i] == 2 * once[i]);
    BOOST_TEST(inner_product(once, once) > 0);
}

BOOST_AUTO_TEST_CASE(do_not_take_a_pass_that_there_was_not_or_that_is_too_large) {
    using TheNetwork = Network<Sequential<Linear<2, 1>>, TestBackend>;
    TheNetwork network(1);
    TheNetwork::TrainingWorkspace workspace(4);
    Slopes<TheNetwork> slopes(3);
    const auto expects = [](const char* text) {
        return [text](const std::invalid_argument& error) { return std::string(error.what()) == text; };
    };
    BOOST_CHECK_EXCEPTION(slopes.compute(network, workspace), std::invalid_argument,
                          expects("slopes: found a forward pass of 0 samples, expected 1 to 3"));
    const BatchOn<Flat<2>, TestBackend> input(4);
    network.forward(input, workspace);
    BOOST_CHECK_EXCEPTION(slopes.compute(network, workspace), std::invalid_argument,
                          expects("slopes: found a forward pass of 4 samples, expected 1 to 3"));
}

BOOST_AUTO_TEST_SUITE_END()
