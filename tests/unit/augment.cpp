// The augmentations of a discriminator's images: exact results for integers, what they draw, and when.

#include <ctgan/layers/augment.hpp>
#include <ctgan/layers/input.hpp>
#include <ctgan/network/network.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

using namespace ctgan;

namespace {

using Values = std::vector<double>;

/// One layer on images, forward and back.
template <class Layer, int C, int H, int W>
struct Layered {
    using Shape = Image<C, H, W>;
    using TheNetwork = Network<Sequential<Input<C, H, W>, Layer>, TestBackend, double>;
    TheNetwork network{0};
    int batch;
    BatchOn<Shape, TestBackend, double> input, gradient;
    typename TheNetwork::TrainingWorkspace workspace;

    explicit Layered(int batch_size) : batch(batch_size), input(batch), gradient(batch), workspace(batch) {
        transfer::put(integers(0), input.data());
        transfer::put(integers(1), gradient.data());
    }
    /// Integers from -50 to 50.
    Values integers(std::uint32_t purpose) const {
        Values values(static_cast<std::size_t>(input.size()));
        const random::Stream stream{3, 0, purpose};
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = random::below(stream.bits(static_cast<Index>(i)), 101) - 50.0;
        return values;
    }
    Values forward(Randomness randomness, Mode mode = Mode::training) {
        return transfer::values(mode == Mode::training
                                    ? network.forward_training(input, workspace, randomness)
                                    : network.forward(input, workspace));
    }
    Values backward() { return transfer::values(network.backward_to_input(gradient, workspace)); }
    Values draws(int of_sample) { return transfer::values(workspace.template saved<1>(), batch * of_sample); }
    /// Gives the first sample two numbers, in the middle of what means these integers below n.
    void give(int first, int n_of_first, int second, int n_of_second) {
        transfer::put(Values{(first + 0.5) / n_of_first - 0.5, (second + 0.5) / n_of_second - 0.5},
                      workspace.template saved<1>());
    }
};

double inner_product(const Values& a, const Values& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// <T x, y> = <x, Tᵀ y> for random draws, exactly, because all sums are of integers.
template <class Layer>
void backward_is_the_transposed_map() {
    Layered<Layer, 2, 7, 6> layered(40);
    const Values y = layered.forward({1, 2});
    BOOST_TEST((y != layered.integers(0)));
    BOOST_TEST(inner_product(y, layered.integers(1)) ==
               inner_product(layered.integers(0), layered.backward()));
}

template <class Layer, int Draws>
void draws_depend_on_seed_pass_and_sample() {
    Layered<Layer, 2, 6, 6> few(3), many(5);
    many.forward({1, 2});
    const Values of_many = many.draws(Draws);
    few.forward({1, 2});
    BOOST_TEST((few.draws(Draws) == Values(of_many.begin(), of_many.begin() + 3 * Draws)));
    few.forward({1, 3});
    BOOST_TEST((few.draws(Draws) != Values(of_many.begin(), of_many.begin() + 3 * Draws)));
    const Values output = many.forward({2, 2});
    BOOST_TEST((many.draws(Draws) != of_many));
    BOOST_TEST((many.forward(Randomness::given()) == output));
    // In evaluation mode nothing happens.
    BOOST_TEST((many.forward({}, Mode::evaluation) == many.integers(0)));
    BOOST_TEST((many.backward() == many.integers(1)));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_translation_moves_by_whole_pixels_and_fills_with_zeros) {
    constexpr int height = 7, width = 10, down_most = 2, right_most = 3; // 0.25 of each, rounded
    Layered<AugmentTranslation<std::ratio<1, 4>>, 2, height, width> layered(1);
    const Values x = layered.integers(0);
    for (int down = -down_most; down <= down_most; ++down)
        for (int right = -right_most; right <= right_most; ++right) {
            layered.give(down + down_most, 2 * down_most + 1, right + right_most, 2 * right_most + 1);
            const Values y = layered.forward(Randomness::given());
            for (int i = 0; i < height; ++i)
                for (int j = 0; j < width; ++j)
                    for (int c = 0; c < 2; ++c) {
                        const int from_i = i + down, from_j = j + right;
                        const bool inside = from_i >= 0 && from_i < height && from_j >= 0 && from_j < width;
                        const double expected =
                            inside ? x[static_cast<std::size_t>((from_i * width + from_j) * 2 + c)] : 0;
                        BOOST_TEST_REQUIRE(y[static_cast<std::size_t>((i * width + j) * 2 + c)] == expected);
                    }
        }
}

BOOST_AUTO_TEST_CASE(a_cutout_sets_a_rectangle_to_zero) {
    constexpr int height = 6, width = 9, cut_height = 3, cut_width = 5; // half of each, rounded
    Layered<AugmentCutout<>, 2, height, width> layered(1);
    const Values x = layered.integers(0);
    for (int middle_i = 0; middle_i < height; ++middle_i)
        for (int middle_j = 0; middle_j < width; ++middle_j) {
            layered.give(middle_i, height, middle_j, width);
            const Values y = layered.forward(Randomness::given());
            for (int i = 0; i < height; ++i)
                for (int j = 0; j < width; ++j) {
                    const bool cut =
                        std::abs(i - middle_i) <= cut_height / 2 && std::abs(j - middle_j) <= cut_width / 2;
                    const auto at = static_cast<std::size_t>((i * width + j) * 2);
                    BOOST_TEST_REQUIRE(y[at] == (cut ? 0 : x[at]));
                    BOOST_TEST_REQUIRE(y[at + 1] == (cut ? 0 : x[at + 1]));
                }
        }
    // An even rectangle has one place more, and its middle is a corner between pixels.
    Layered<AugmentCutout<>, 1, 4, 4> even(1);
    BOOST_TEST((even.integers(0)[0] != 0 && even.integers(0)[15] != 0));
    even.give(4, 5, 0, 5); // only the pixel in the last row and the first column
    Values expected = even.integers(0);
    expected[12] = 0;
    BOOST_TEST((even.forward(Randomness::given()) == expected));
}

BOOST_AUTO_TEST_CASE(all_shifts_are_equally_likely) {
    constexpr int batch = 5000;
    Layered<AugmentTranslation<std::ratio<1, 4>>, 1, 4, 4> layered(batch);
    transfer::put(Values(std::size_t{batch} * 16, 1), layered.input.data());
    const Values y = layered.forward({1, 2});
    std::array<int, 9> counts{};
    for (std::size_t s = 0; s < batch; ++s) {
        const auto at = [&](std::size_t i, std::size_t j) { return y[s * 16 + i * 4 + j] != 0; };
        // Only a border can be empty.
        const int down = at(0, 1) && at(0, 2) ? (at(3, 1) ? 1 : 0) : 2,
                  right = at(1, 0) ? (at(1, 3) ? 1 : 0) : 2;
        ++counts[static_cast<std::size_t>(down * 3 + right)];
    }
    for (const int count : counts) BOOST_TEST(std::abs(count - batch / 9.) < 5 * std::sqrt(batch * 8. / 81));
}

BOOST_AUTO_TEST_CASE(colors_change_as_described) {
    // Equal values are all moved by the brightness, whatever the other numbers.
    Layered<AugmentColor, 3, 5, 60> equal(8); // more than one part of a sample's sum
    transfer::put(Values(static_cast<std::size_t>(equal.input.size()), 3), equal.input.data());
    const Values y = equal.forward({1, 2});
    const Values u = equal.draws(3);
    for (std::size_t i = 0; i < y.size(); ++i)
        BOOST_TEST(y[i] == 3 + u[i / 900 * 3], boost::test_tools::tolerance(1e-12));
    // A grey image: contrast alone, which keeps the mean.
    Layered<AugmentColor, 1, 2, 1> grey(8);
    const Values x = grey.integers(0), z = grey.forward({1, 2}), v = grey.draws(3);
    for (std::size_t s = 0; s < 8; ++s) {
        BOOST_TEST(z[2 * s + 1] - z[2 * s] == (x[2 * s + 1] - x[2 * s]) * (1 + v[3 * s + 2]),
                   boost::test_tools::tolerance(1e-12));
        BOOST_TEST(z[2 * s + 1] + z[2 * s] == x[2 * s + 1] + x[2 * s] + 2 * v[3 * s],
                   boost::test_tools::tolerance(1e-12));
    }
    // One pixel: saturation alone.
    Layered<AugmentColor, 2, 1, 1> pixel(1);
    transfer::put(Values{2, 6}, pixel.input.data());
    transfer::put(Values{0.25, 0.25, 0}, pixel.workspace.saved<1>());
    BOOST_TEST((pixel.forward(Randomness::given()) == Values{4.25 - 3, 4.25 + 3}));
}

BOOST_AUTO_TEST_CASE(backward_is_the_transposed_map_exactly) {
    backward_is_the_transposed_map<AugmentTranslation<std::ratio<1, 3>>>();
    backward_is_the_transposed_map<AugmentCutout<>>();
}

BOOST_AUTO_TEST_CASE(what_is_drawn_depends_on_seed_pass_and_sample_alone) {
    draws_depend_on_seed_pass_and_sample<AugmentColor, 3>();
    draws_depend_on_seed_pass_and_sample<AugmentTranslation<>, 2>();
    draws_depend_on_seed_pass_and_sample<AugmentCutout<>, 2>();
}
