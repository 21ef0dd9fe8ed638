// Dropout's factors given by the program. Convolutions skip channels whose factor is zero: the results must
// equal those of a backend that skips nothing.

#include <boost/test/unit_test.hpp>

#include "patterns_support.hpp"
#include <cmath>

using namespace training;

namespace {

using Factor = float (*)(int sample, int channel);

/// Factors that a program may write into the workspace.
constexpr Factor odd_places = [](int sample, int channel) {
    if (sample == 1 || channel == 0 || channel == 15) return 0.0F;
    return (sample * 7 + channel * 5) % 3 == 0 ? 0.0F : 2.0F;
};
constexpr Factor odd_values = [](int sample, int channel) {
    constexpr float values[] = {0.0F, -1.5F, 1.0F / 3, 1e-3F, -0.0F, 40.0F, 1.0F};
    return values[(sample * 3 + channel) % 7];
};
constexpr Factor all_dropped = [](int, int) { return 0.0F; };
constexpr Factor all_kept = [](int, int) { return 1.0F; };
constexpr Factor one_kept = [](int sample, int channel) {
    return channel == (sample * 5) % 16 ? 2.0F : 0.0F;
};

/// Dropout in front of each of three convolutions and after two of them, with enough channels for tiles.
template <DropoutMode when>
using Net = Sequential<Input<16, 13, 13>, Dropout2d<std::ratio<1, 2>, when>,                // 1
                       Conv2d<16, 20, 3, 2>, LeakyReLU<>,                                   //
                       Dropout2d<std::ratio<1, 2>, when>,                                   // 4
                       ConvTranspose2d<20, 17, 4, 2, 1>, Dropout2d<std::ratio<1, 2>, when>, // 6
                       Conv2d<17, 3, 3, 2>>;

template <class Backend, DropoutMode when>
std::array<std::vector<float>, 3> pass(int batch, Mode mode, Factor factor) {
    using TheNetwork = Network<Net<when>, Backend>;
    TheNetwork network(3);
    BatchOn<typename TheNetwork::input_shape, Backend> input(batch);
    BatchOn<typename TheNetwork::output_shape, Backend> gradient(batch);
    Backend::fill_normal(input.data(), input.size(), 1.0F, {9, 0, 1});
    Backend::fill_normal(gradient.data(), gradient.size(), 1.0F, {9, 0, 2});
    typename TheNetwork::TrainingWorkspace workspace(batch);
    typename TheNetwork::Gradients gradients;
    const auto put = [&](float* to, int channels) {
        std::vector<float> factors;
        for (int sample = 0; sample < batch; ++sample)
            for (int c = 0; c < channels; ++c) factors.push_back(factor(sample, c));
        transfer::put(factors, to);
    };
    put(workspace.template saved<1>(), 16);
    put(workspace.template saved<4>(), 20);
    put(workspace.template saved<6>(), 17);
    const auto output = mode == Mode::training
                            ? network.forward_training(input, workspace, Randomness::given())
                            : network.forward(input, workspace, Randomness::given());
    const auto to_input = network.template backward<WithRespectTo::both>(gradient, workspace, &gradients);
    return {transfer::values(output), transfer::values(to_input), transfer::values(gradients)};
}

/// Checks that all results are equal bit for bit, except weight gradients with tiles (patterns_with_tiles.cpp
/// explains why).
template <DropoutMode when>
void check(int batch, Mode mode, Factor factor, const char* what) {
    const auto plain = pass<Plain, when>(batch, mode, factor),
               found = pass<TestBackend, when>(batch, mode, factor);
    BOOST_TEST((found[0] == plain[0]), what << ", batch " << batch << ": forward");
    BOOST_TEST((found[1] == plain[1]), what << ", batch " << batch << ": gradient with respect to the input");
    double square = 0, of_differences = 0;
    for (std::size_t i = 0; i < plain[2].size(); ++i) {
        square += double(plain[2][i]) * plain[2][i];
        of_differences += (double(found[2][i]) - plain[2][i]) * (double(found[2][i]) - plain[2][i]);
    }
    BOOST_TEST(square > 0);                     // at least the gradient of the last bias is not zero
    const double limit = batch < 12 ? 0 : 4e-6; // tiled_convolution.cpp explains the limit
    BOOST_TEST(std::sqrt(of_differences / square) <= limit,
               what << ", batch " << batch << ": gradients with respect to the parameters");
}

template <DropoutMode when>
void check_factors(Mode mode) {
    for (const int batch : {5, 16}) {
        check<when>(batch, mode, odd_places, "zeros in odd places");
        check<when>(batch, mode, odd_values, "odd values");
        check<when>(batch, mode, all_dropped, "all dropped");
        check<when>(batch, mode, all_kept, "all kept");
        check<when>(batch, mode, one_kept, "one channel kept");
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(given_factors_give_the_same_results_as_without_skipped_channels) {
    check_factors<DropoutMode::training_only>(Mode::training);
}

BOOST_AUTO_TEST_CASE(given_factors_are_used_in_evaluation_if_dropout_always_drops) {
    check_factors<DropoutMode::always>(Mode::evaluation);
    BOOST_TEST((pass<TestBackend, DropoutMode::always>(3, Mode::evaluation, one_kept)[0] !=
                pass<TestBackend, DropoutMode::always>(3, Mode::evaluation, all_kept)[0]));
}

BOOST_AUTO_TEST_CASE(factors_of_an_earlier_training_pass_have_no_effect_in_evaluation) {
    // They are still in the workspace, but evaluation must not use them.
    check_factors<DropoutMode::training_only>(Mode::evaluation);
    BOOST_TEST((pass<TestBackend, DropoutMode::training_only>(16, Mode::evaluation, all_dropped) ==
                pass<TestBackend, DropoutMode::training_only>(16, Mode::evaluation, all_kept)));
}
