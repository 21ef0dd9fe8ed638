// Pooling, upsampling and PixelShuffle on whole numbers, whose sums are exact: forward and backward equal
// simple loops in PyTorch's order, bit for bit.

#include <ctgan/dcgan.hpp>

#include <boost/test/unit_test.hpp>

#include "integers.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace ctgan;

namespace {

constexpr int batch = 3;
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Output and input gradient of a layer, whose memory has been filled with NaN, both times `scale`.
template <class Layer, class Shape>
struct Passes {
    using TheNetwork = Network<Sequential<detail::InputLayer<Shape>, Layer>, TestBackend>;
    using Out = typename TheNetwork::output_shape;
    std::vector<float> output, input_gradient;

    Passes(const integers::Values& x, const integers::Values& dy, float scale = 1) {
        BatchOn<Shape, TestBackend> input(batch);
        BatchOn<Out, TestBackend> output_gradient(batch);
        integers::put<Shape>(x, input.data());
        integers::put<Out>(dy, output_gradient.data());
        TheNetwork network(0);
        typename TheNetwork::TrainingWorkspace workspace(batch);
        TestBackend::fill(workspace.template writable_position<2>(), output_gradient.size(), not_a_number);
        TestBackend::fill(workspace.gradients(), workspace.gradients_size(), not_a_number);
        output = transfer::values(network.forward_training(input, workspace));
        input_gradient = transfer::values(network.backward_to_input(output_gradient, workspace));
        for (float& value : output) value *= scale;
        for (float& value : input_gradient) value *= scale;
    }
};
template <class Layer, class Shape>
using OutputOf = typename Passes<Layer, Shape>::Out;

/// A layer that is linear and treats all channels alike: `pairs(f)` calls f(pixel of the input, pixel of the
/// output, weight) with whole weights, which are `scale` times those of the layer.
template <class Layer, class Shape, class Pairs>
void check_linear(int scale, const Pairs& pairs, double max_unreached = 0.5) {
    using Out = OutputOf<Layer, Shape>;
    constexpr int out_pixels = Out::size / Shape::channels;
    const integers::Values x = integers::draw(Index{batch} * Shape::size, 1),
                           dy = integers::draw(Index{batch} * Out::size, 2);
    integers::Values y(dy.size()), dx(x.size());
    for (int channel = 0; channel < batch * Shape::channels; ++channel)
        pairs([&](int from, int to, long weight) {
            const auto x_at = static_cast<std::size_t>(channel * Shape::pixels + from);
            const auto y_at = static_cast<std::size_t>(channel * out_pixels + to);
            y[y_at] += weight * x[x_at];
            dx[x_at] += weight * dy[y_at];
        });
    const Passes<Layer, Shape> found(x, dy, static_cast<float>(scale));
    integers::check_equal<Out>(found.output, y, "forward");
    integers::check_equal<Shape>(found.input_gradient, dx, "backward", max_unreached);
}

/// Calls visit(output pixel, row, column) for the pixels of each window.
template <class Shape, class Out, class Visit>
void in_windows(int kernel, int stride, int padding, const Visit& visit) {
    for (int r = 0; r < Out::height; ++r)
        for (int s = 0; s < Out::width; ++s)
            for (int i = r * stride - padding; i < r * stride - padding + kernel; ++i)
                for (int j = s * stride - padding; j < s * stride - padding + kernel; ++j)
                    if (i >= 0 && i < Shape::height && j >= 0 && j < Shape::width)
                        visit(r * Out::width + s, i, j);
}

template <int Kernel, int Stride, int Padding, class Shape>
void check_average(double max_unreached = 0.5) {
    using Layer = AvgPool2d<Kernel, Stride, Padding>;
    check_linear<Layer, Shape>(
        Kernel * Kernel,
        [](const auto& pair) {
            in_windows<Shape, OutputOf<Layer, Shape>>(
                Kernel, Stride, Padding, [&](int to, int i, int j) { pair(i * Shape::width + j, to, 1); });
        },
        max_unreached);
}

/// Of five values so many are equal that most windows have several largest ones.
template <int Kernel, int Stride, int Padding, class Shape>
void check_maximum(double max_unreached) {
    using Layer = MaxPool2d<Kernel, Stride, Padding>;
    using Out = OutputOf<Layer, Shape>;
    integers::Values x = integers::draw(Index{batch} * Shape::size, 3);
    for (long& value : x) value /= 2;
    const integers::Values dy = integers::draw(Index{batch} * Out::size, 4);
    integers::Values y(dy.size(), -100), dx(x.size());
    std::vector<std::size_t> where(y.size());
    for (int channel = 0; channel < batch * Shape::channels; ++channel)
        in_windows<Shape, Out>(Kernel, Stride, Padding, [&](int to, int i, int j) {
            const auto from = static_cast<std::size_t>((channel * Shape::height + i) * Shape::width + j);
            const auto y_at = static_cast<std::size_t>(channel * Out::pixels + to);
            if (x[from] <= y[y_at]) return;
            y[y_at] = x[from];
            where[y_at] = from;
        });
    for (std::size_t i = 0; i < dy.size(); ++i) dx[where[i]] += dy[i];
    const Passes<Layer, Shape> found(x, dy);
    integers::check_equal<Out>(found.output, y, "forward", 0.8);
    integers::check_equal<Shape>(found.input_gradient, dx, "backward", max_unreached);
}

/// Source and weight, times 2 Factor, of the two pixels between which pixel `to` of a line is.
template <class Visit>
void interpolate(int count, int factor, int to, const Visit& visit) {
    const double at = (std::max)(0.0, (to + 0.5) / factor - 0.5);
    const int below = static_cast<int>(at), above = (std::min)(below + 1, count - 1);
    const long upper = std::lround((at - below) * 2 * factor);
    visit(below, 2 * factor - upper);
    visit(above, upper);
}

template <int Factor, class Shape>
void check_bilinear() {
    check_linear<Upsample<Factor, Interpolation::bilinear>, Shape>(4 * Factor * Factor, [](const auto& pair) {
        for (int r = 0; r < Factor * Shape::height; ++r)
            for (int s = 0; s < Factor * Shape::width; ++s)
                interpolate(Shape::height, Factor, r, [&](int i, long of_row) {
                    interpolate(Shape::width, Factor, s, [&](int j, long of_column) {
                        pair(i * Shape::width + j, r * Factor * Shape::width + s, of_row * of_column);
                    });
                });
    });
}

template <int Factor, class Shape>
void check_shuffle() {
    using Layer = PixelShuffle<Factor>;
    using Out = OutputOf<Layer, Shape>;
    const integers::Values x = integers::draw(Index{batch} * Shape::size, 5),
                           dy = integers::draw(Index{batch} * Out::size, 6);
    integers::Values y(dy.size()), dx(x.size());
    std::size_t to = 0;
    for (int channel = 0; channel < batch * Out::channels; ++channel) // of the output, of all samples
        for (int r = 0; r < Out::height; ++r)
            for (int s = 0; s < Out::width; ++s, ++to) {
                const int place = r % Factor * Factor + s % Factor;
                const int of_input = channel * Factor * Factor + place;
                const auto from = static_cast<std::size_t>(
                    (of_input * Shape::height + r / Factor) * Shape::width + s / Factor);
                y[to] = x[from];
                dx[from] = dy[to];
            }
    const Passes<Layer, Shape> found(x, dy);
    integers::check_equal<Out>(found.output, y, "forward");
    integers::check_equal<Shape>(found.input_gradient, dx, "backward");
}

} // namespace

BOOST_AUTO_TEST_CASE(the_maximum_of_windows) {
    check_maximum<2, 2, 0, Image<5, 6, 4>>(0.85);
    check_maximum<3, 2, 1, Image<21, 7, 8>>(0.85); // windows overlap; blocks of 16, 4 and 1 channels
    check_maximum<2, 3, 0, Image<4, 8, 7>>(0.95);  // pixels without a window
    check_maximum<17, 1, 0, Image<2, 18, 17>>(1);  // places that need two bytes
}

BOOST_AUTO_TEST_CASE(nan_is_the_largest_value_and_minus_infinity_may_be) {
    using Net = Network<Sequential<Input<1, 2, 4>, MaxPool2d<2>>, TestBackend>;
    const float lowest = -std::numeric_limits<float>::infinity();
    BatchOn<Image<1, 2, 4>, TestBackend> input(1);
    transfer::put(std::vector<float>{1, not_a_number, lowest, lowest, not_a_number, 5, lowest, lowest},
                  input.data());
    BatchOn<Image<1, 1, 2>, TestBackend> dy(1);
    transfer::put(std::vector<float>{7, 9}, dy.data());
    Net network(0);
    Net::TrainingWorkspace workspace(1);
    const auto output = transfer::values(network.forward_training(input, workspace));
    BOOST_TEST(std::isnan(output[0]));
    BOOST_TEST(output[1] == lowest);
    // As in PyTorch, the gradient goes to the last NaN, and to the first of equal values.
    const std::vector<float> expected{0, 0, 9, 0, 7, 0, 0, 0};
    BOOST_TEST(transfer::values(network.backward_to_input(dy, workspace)) == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_mean_of_windows) {
    check_average<2, 2, 0, Image<5, 6, 4>>();
    check_average<4, 2, 1, Image<21, 7, 8>>();     // windows overlap
    check_average<2, 3, 0, Image<4, 9, 12>>(0.65); // pixels without a window
}

BOOST_AUTO_TEST_CASE(the_mean_of_an_image) {
    // Of 40 channels, a chunk has 16.
    using Shape = Image<40, 16, 32>;
    check_linear<GlobalAvgPool2d, Shape>(Shape::pixels, [](const auto& pair) {
        for (int from = 0; from < Shape::pixels; ++from) pair(from, 0, 1);
    });
}

BOOST_AUTO_TEST_CASE(repeated_pixels) {
    using Shape = Image<5, 4, 3>;
    check_linear<Upsample<3>, Shape>(1, [](const auto& pair) {
        for (int r = 0; r < 3 * Shape::height; ++r)
            for (int s = 0; s < 3 * Shape::width; ++s)
                pair(r / 3 * Shape::width + s / 3, r * 3 * Shape::width + s, 1);
    });
}

BOOST_AUTO_TEST_CASE(interpolated_pixels) {
    check_bilinear<2, Image<5, 4, 3>>();
    check_bilinear<4, Image<2, 3, 4>>();
    check_bilinear<2, Image<3, 1, 2>>(); // a line
    check_bilinear<1, Image<2, 3, 4>>();
}

BOOST_AUTO_TEST_CASE(pixels_of_channels) {
    check_shuffle<2, Image<20, 3, 4>>();
    check_shuffle<3, Image<9, 4, 2>>();
    check_shuffle<2, Image<4800, 1, 1>>(); // a chunk has not all channels of a pixel
}
