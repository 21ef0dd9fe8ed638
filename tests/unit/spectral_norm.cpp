// SpectralNorm against its formulas, on weights in all layouts and of several blocks, and the wrapped layer.

#include <ctgan/ctgan.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using namespace ctgan;

namespace {

using Doubles = std::vector<double>;

Doubles drawn(Index n, std::uint32_t purpose) {
    Doubles values(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i)
        values[static_cast<std::size_t>(i)] = random::normal(random::Stream{3, 0, purpose}.bits(i));
    return values;
}

void check_equal(const Doubles& found, const Doubles& expected, const char* what) {
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    double largest = 0, size = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (!(std::abs(found[i] - expected[i]) <= largest)) largest = std::abs(found[i] - expected[i]);
        size = std::max(size, std::abs(expected[i]));
    }
    BOOST_TEST(largest <= 1e-12 * size, what << " is off by " << largest << " of " << size);
}

/// A tensor in PyTorch's order.
Doubles in_pytorch_order(const double* data, const TensorSpec& tensor) {
    const Doubles values = transfer::values(data, tensor.size());
    Doubles result(values.size());
    to_pytorch_order(result.data(), values.data(), tensor);
    return result;
}

/// A weight in PyTorch's order as the matrix [output][everything else].
struct Matrix {
    std::size_t outputs, others, taps;
    bool transposed; ///< [in][out][row][column]

    std::size_t at(std::size_t row, std::size_t column) const {
        return transposed ? (column / taps * outputs + row) * taps + column % taps : row * others + column;
    }
    Doubles times(const Doubles& w, const Doubles& v) const {
        Doubles result(outputs);
        for (std::size_t r = 0; r < outputs; ++r)
            for (std::size_t c = 0; c < others; ++c) result[r] += w[at(r, c)] * v[c];
        return result;
    }
    Doubles transposed_times(const Doubles& w, const Doubles& u) const {
        Doubles result(others);
        for (std::size_t r = 0; r < outputs; ++r)
            for (std::size_t c = 0; c < others; ++c) result[c] += w[at(r, c)] * u[r];
        return result;
    }
};
double dot(const Doubles& a, const Doubles& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}
Doubles unit(Doubles x) {
    const double norm = std::max(std::sqrt(dot(x, x)), 1e-12);
    for (double& value : x) value /= norm;
    return x;
}

/// Two training passes of a wrapped layer, and the second one's gradients, against the formulas and the layer
/// itself with the weight W / sigma.
template <class Layer, class Shape>
void check(std::size_t outputs, std::size_t taps, bool transposed) {
    using Wrapped = Network<Sequential<detail::InputLayer<Shape>, SpectralNorm<Layer>>, TestBackend, double>;
    using Plain = Network<Sequential<detail::InputLayer<Shape>, Layer>, TestBackend, double>;
    constexpr int batch = 2;
    constexpr const TensorSpec& weight = Layer::parameters[0];
    constexpr auto& buffers = SpectralNorm<Layer>::buffers;
    const Matrix matrix{outputs, static_cast<std::size_t>(weight.size()) / outputs, taps, transposed};
    BatchOn<Shape, TestBackend, double> input(batch);
    BatchOn<typename Plain::output_shape, TestBackend, double> dy(batch);
    transfer::put(drawn(input.size(), 1), input.data());
    transfer::put(drawn(dy.size(), 2), dy.data());

    Wrapped network(5);
    const Doubles w = in_pytorch_order(network.template parameter<1, 0>(), weight);
    Doubles u = in_pytorch_order(network.template buffer<1, 0>(), buffers[0]);
    Doubles v = in_pytorch_order(network.template buffer<1, 1>(), buffers[1]);
    check_equal(v, unit(matrix.transposed_times(w, u)), "v of a new network");
    typename Wrapped::TrainingWorkspace workspace(batch);
    typename Wrapped::Gradients gradients;
    const auto output = [&] {
        network.forward_training(input, workspace);
        return transfer::values(network.forward_training(input, workspace));
    }();
    for (int k = 0; k < 2; ++k) {
        u = unit(matrix.times(w, v));
        v = unit(matrix.transposed_times(w, u));
    }
    const double sigma = dot(u, matrix.times(w, v));
    check_equal(in_pytorch_order(network.template buffer<1, 0>(), buffers[0]), u, "u");
    check_equal(in_pytorch_order(network.template buffer<1, 1>(), buffers[1]), v, "v");

    Plain plain(0);
    TestBackend::copy(plain.parameters(), network.parameters(), plain.arena_size());
    Doubles normalized = w;
    for (double& value : normalized) value /= sigma;
    Doubles in_memory(normalized.size());
    from_pytorch_order(in_memory.data(), normalized.data(), weight);
    transfer::put(in_memory, plain.template parameter<1, 0>());
    typename Plain::TrainingWorkspace plain_workspace(batch);
    typename Plain::Gradients plain_gradients;
    check_equal(output, transfer::values(plain.forward_training(input, plain_workspace)), "output");
    check_equal(transfer::values(network.forward(input, workspace)), output, "output in evaluation mode");
    network.forward_training(input, workspace); // the next iteration, and back to the one before

    const auto to_input = plain.template backward<WithRespectTo::both>(dy, plain_workspace, &plain_gradients);
    const Doubles g = in_pytorch_order(plain_gradients.template tensor<1, 0>(), weight);
    const double product = dot(g, normalized);
    Doubles expected(w.size());
    for (std::size_t r = 0; r < matrix.outputs; ++r)
        for (std::size_t c = 0; c < matrix.others; ++c)
            expected[matrix.at(r, c)] = (g[matrix.at(r, c)] - product * u[r] * v[c]) / sigma;
    // The pass in evaluation mode has taken the workspace, so once more.
    Wrapped again(5);
    again.forward_training(input, workspace);
    again.forward_training(input, workspace);
    check_equal(transfer::values(again.template backward<WithRespectTo::both>(dy, workspace, &gradients)),
                transfer::values(to_input), "input gradient");
    check_equal(in_pytorch_order(gradients.template tensor<1, 0>(), weight), expected, "weight gradient");
    const Index bias = Layer::parameters[1].size();
    check_equal(transfer::values(gradients.template tensor<1, 1>(), bias),
                transfer::values(plain_gradients.template tensor<1, 1>(), bias), "bias gradient");
}

using Net = Sequential<Input<2, 6, 6>, SpectralNorm<Conv2d<2, 5, 3>>, LeakyReLU<>, Dropout2d<>,
                       SpectralNorm<Conv2d<5, 4, 3>>, Flatten, SpectralNorm<Linear<16, 3>>>;
using TheNetwork = Network<Net, TestBackend>;

} // namespace

BOOST_AUTO_TEST_CASE(spectral_norm_of_linear) {
    check<Linear<300, 70>, Flat<300>>(70, 1, false); // three blocks of outputs, the last of 6
    check<Linear<7, 3>, Flat<7>>(3, 1, false);
}

BOOST_AUTO_TEST_CASE(spectral_norm_of_convolutions) {
    check<Conv2d<37, 20, 3, 1, 1>, Image<37, 3, 4>>(20, 9, false);
    check<Conv2d<3, 33, 2>, Image<3, 3, 4>>(33, 4, false);
    check<ConvTranspose2d<6, 45, 3, 2, 1>, Image<6, 2, 2>>(45, 9, true);
    check<ConvTranspose2d<40, 5, 4, 2, 1>, Image<40, 3, 2>>(5, 16, true);
}

/// Each pass has its own u, v and sigma, also if another pass comes before its backward pass.
BOOST_AUTO_TEST_CASE(several_passes_before_their_backward_passes) {
    constexpr int batch = 3;
    BatchOn<Image<2, 6, 6>, TestBackend> real(batch), fake(batch);
    BatchOn<Flat<3>, TestBackend> dy(batch);
    TestBackend::fill_normal(real.data(), real.size(), 1.0F, {1, 2, 3});
    TestBackend::fill_normal(fake.data(), fake.size(), 1.0F, {1, 2, 4});
    TestBackend::fill_normal(dy.data(), dy.size(), 1.0F, {1, 2, 5});
    TheNetwork one(7), other(7);
    TheNetwork::TrainingWorkspace first(batch), second(batch);
    TheNetwork::Gradients of_one, of_other;
    one.forward_training(real, first, {.seed = 1, .pass = 0});
    one.backward(dy, first, of_one);
    one.forward_training(fake, first, {.seed = 1, .pass = 1});
    one.backward(dy, first, of_one, true);
    other.forward_training(real, first, {.seed = 1, .pass = 0});
    other.forward_training(fake, second, {.seed = 1, .pass = 1});
    other.backward(dy, first, of_other);
    other.backward(dy, second, of_other, true);
    BOOST_TEST((transfer::values(of_one) == transfer::values(of_other)));
}

BOOST_AUTO_TEST_CASE(a_frozen_network_has_the_normalized_weights) {
    constexpr int batch = 3;
    BatchOn<Image<2, 6, 6>, TestBackend> input(batch);
    TestBackend::fill_normal(input.data(), input.size(), 1.0F, {1, 2, 3});
    TheNetwork network(7, init::Dcgan{});
    TheNetwork::TrainingWorkspace training(batch);
    network.forward_training(input, training, {.seed = 1, .pass = 0});
    TheNetwork::Workspace workspace(batch);
    const Frozen frozen(network);
    decltype(frozen)::Workspace of_frozen(batch);
    const auto expected = transfer::values(network.forward(input, workspace));
    const auto found = transfer::values(frozen.forward(input, of_frozen));
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST(std::abs(found[i] - expected[i]) < 1e-5F * (1 + std::abs(expected[i])));
}
