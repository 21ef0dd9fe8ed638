// The gradients of a network with several inputs and outputs against central differences.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 4;

/// An Embedding between a Select and a Reshape, in a branch of Concat and, behind a convolution, in the body
/// of a Residual's neighbor; the picture is read twice.
using Net =
    Sequential<Inputs<Image<2, 4, 4>, Classes<3>>,
               Add<Sequential<Select<0>, Conv2d<2, 3, 3, 1, 1>, Tanh>,
                   Sequential<Select<1>, Embedding<3, 48>, Reshape<3, 4, 4>, Tanh, Conv2d<3, 3, 1>>,
                   Sequential<Concat<Select<0>, Sequential<Select<1>, Embedding<3, 16>, Reshape<1, 4, 4>>>>>,
               BatchNorm2d<3>, Residual<Sequential<Tanh, Conv2d<3, 3, 3, 1, 1>>>, Flatten,
               Outputs<Linear<48, 1>, Sequential<Linear<48, 3>, Tanh>>>;
using TheNetwork = Network<Net, TestBackend, double>;

struct Check {
    TheNetwork network{3};
    TheNetwork::TrainingWorkspace workspace{batch};
    TheNetwork::Gradients gradients;
    BatchOn<Image<2, 4, 4>, TestBackend, double> x{batch};
    BatchOn<Classes<3>, TestBackend> labels{std::vector{2, 0, 2, 1}};
    BatchOn<Flat<1>, TestBackend, double> to_score{batch};
    BatchOn<Flat<3>, TestBackend, double> to_logits{batch};

    Check() {
        TestBackend::fill_normal(x.data(), x.size(), 1.0, {1});
        TestBackend::fill_normal(to_score.data(), to_score.size(), 1.0, {2});
        TestBackend::fill_normal(to_logits.data(), to_logits.size(), 1.0, {3});
    }

    /// The sum of all outputs, each times what backward is given as its gradient.
    double value() {
        const auto [score, logits] = network.forward_training(x, labels, workspace);
        double sum = 0;
        const auto add = [&](const auto& output, const auto& gradient) {
            const auto values = transfer::values(output), factors = transfer::values(gradient);
            for (std::size_t i = 0; i < values.size(); ++i) sum += values[i] * factors[i];
        };
        add(score, to_score);
        add(logits, to_logits);
        return sum;
    }
    /// The largest error of a gradient, relative to the largest derivative.
    double error(const std::vector<double>& gradient, double* at) {
        constexpr double epsilon = 1e-5;
        double largest = 0, error = 0;
        const auto before = transfer::values<double>(at, static_cast<Index>(gradient.size()));
        for (std::size_t i = 0; i < gradient.size(); ++i) {
            const auto value_at = [&](double moved) {
                TestBackend::from_host(at + i, &moved, 1);
                return value();
            };
            const double slope =
                (value_at(before[i] + epsilon) - value_at(before[i] - epsilon)) / (2 * epsilon);
            value_at(before[i]);
            largest = std::max(largest, std::abs(slope));
            error = std::max(error, std::abs(slope - gradient[i]));
        }
        BOOST_TEST(largest > 1e-2);
        return error / largest;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(several_inputs_and_outputs) {
    Check check;
    check.value();
    const auto to_inputs = check.network.backward<WithRespectTo::both>(check.to_score, check.to_logits,
                                                                       check.workspace, &check.gradients);
    const auto of_input = transfer::values(std::get<0>(to_inputs));
    const auto of_parameters = transfer::values(check.gradients.data(), check.gradients.size());
    BOOST_TEST(check.error(of_input, check.x.data()) < 1e-7);
    check.network.for_each_tensor([&](int layer, const TensorSpec& tensor, double* data, bool buffer) {
        // Before the normalization, the mean of a channel makes no difference.
        if (buffer || std::string(tensor.name) == "bias") return;
        const auto begin = of_parameters.begin() + (data - check.network.parameters());
        const double error = check.error({begin, begin + tensor.size()}, data);
        BOOST_TEST(error < 1e-7, "layer " << layer << ", " << tensor.name << ": " << error);
    });
}
