// Compares training passes with tiles, which only the CPU backend has, with passes without tiles.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <vector>

using namespace ctgan;

namespace {

/// The CPU backend without tiles.
struct NoTiles : Cpu {
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void convolution(ConvolutionOperands<T, Factors> operands, F f = {}) {
        operands.algorithms = Algorithms::batch_invariant;
        Cpu::convolution<G>(operands, f);
    }
    template <class G, class T, class Factors = NoFactors, class F = IdentityFunction>
    static void transposed_convolution(ConvolutionOperands<T, Factors> operands, F f = {}) {
        operands.algorithms = Algorithms::batch_invariant;
        Cpu::transposed_convolution<G>(operands, f);
    }
    template <class G, class T, class Factors = NoFactors>
    static void convolution_weight_gradient(ConvolutionGradientOperands<T, Factors> operands) {
        operands.algorithms = Algorithms::batch_invariant;
        Cpu::convolution_weight_gradient<G>(operands);
    }
};

using Values = std::vector<double>;

/// The output of a pass in training mode, and its gradients with respect to the input and the parameters.
template <class Net, class Backend>
std::array<Values, 3> pass(int batch) {
    using TheNetwork = Network<Net, Backend, double>;
    TheNetwork network(3);
    BatchOn<typename TheNetwork::input_shape, Backend, double> input(batch);
    BatchOn<typename TheNetwork::output_shape, Backend, double> gradient(batch);
    Backend::fill_normal(input.data(), input.size(), 1.0, {9, 0, 1});
    Backend::fill_normal(gradient.data(), gradient.size(), 1.0, {9, 0, 2});
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    const auto output = network.forward_training(input, workspace, {9, 0});
    Values outputs(output.data, output.data + output.size());
    const auto to_input = network.template backward<WithRespectTo::both>(gradient, workspace, &gradients);
    return {outputs, Values(to_input.data, to_input.data + to_input.size()),
            Values(gradients.data(), gradients.data() + gradients.size())};
}

double relative_difference(const Values& found, const Values& expected) {
    double square = 0, of_errors = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        square += expected[i] * expected[i];
        of_errors += (found[i] - expected[i]) * (found[i] - expected[i]);
    }
    return std::sqrt(of_errors / square); // NaN if all values are zero
}

template <class Net>
void check_without_tiles(std::initializer_list<int> batches) {
    // Of any geometry: the minimum batch is the same for all.
    using Choice = cpu::ConvolutionChoice<ConvolutionGeometry<20, 5, 5, 20, 5, 5, 3, 1, 1>, double>;
    for (const int batch : batches) {
        const auto found = pass<Net, Cpu>(batch), expected = pass<Net, NoTiles>(batch);
        for (std::size_t part = 0; part < found.size(); ++part) {
            const double error = relative_difference(found[part], expected[part]);
            BOOST_TEST_MESSAGE("batch " << batch << ", part " << part << ": relative difference " << error);
            // The error of a few layers with tiles in double (tiled_convolution.cpp); normalizations do not
            // increase it.
            BOOST_TEST(error <= 1e-12, "batch " << batch << ", part " << part << ": off by " << error);
            // Below the minimum batch there are no tiles, and nothing differs. With tiles every part must
            // differ, otherwise the test would compare nothing.
            BOOST_TEST((found[part] == expected[part]) == (batch < Choice::min_batch_for_tiles),
                       "batch " << batch << ", part " << part);
        }
    }
}

/// Activations without a kink: next to one a rounding error would change the slope.
using Smooth =
    Sequential<Linear<9, 17 * 5 * 3>, Tanh, BatchNorm1d<17 * 5 * 3>, Reshape<17, 5, 3>,
               ConvTranspose2d<17, 20, 4, 2, 1>, Tanh, BatchNorm2d<20>, Conv2d<20, 18, 3, 1, 1>, Tanh,
               Dropout2d<>, Conv2d<18, 20, 3, 2>, Sigmoid, Dropout2d<>, Flatten, Linear<20 * 4 * 2, 5>>;

} // namespace

BOOST_AUTO_TEST_CASE(a_training_pass_with_tiles_equals_one_without) {
    check_without_tiles<Smooth>({11, 12, 16, 33});
}
