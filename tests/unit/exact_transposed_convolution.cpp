#include <ctgan/layers/reshape.hpp>

#include "exact_convolutions.hpp"
#include <algorithm>
#include <cstring>
#include <type_traits>

using namespace ctgan;

namespace {

template <int In, int Out, int Kernel, int Stride, int Padding, int OutputPadding, int H, int W>
void check() {
    for (const int batch : {1, 3, 7})
        check_transposed_convolution<In, Out, Kernel, Stride, Padding, OutputPadding, H, W>(batch);
}

} // namespace

BOOST_AUTO_TEST_CASE(transposed_convolution_is_exact_on_whole_numbers) {
    check<8, 4, 3, 1, 1, 0, 5, 5>();
    check<5, 3, 4, 2, 1, 0, 7, 7>();
    check<6, 5, 4, 1, 0, 0, 1, 1>();
}

BOOST_AUTO_TEST_CASE(transposed_convolution_to_one_channel_is_exact_on_whole_numbers) {
    check<17, 1, 4, 2, 1, 0, 14, 14>();
}

BOOST_AUTO_TEST_CASE(transposed_convolution_of_odd_channels_is_exact_on_whole_numbers) {
    check<1, 33, 3, 2, 1, 1, 4, 3>();
    check<33, 17, 3, 1, 1, 0, 5, 5>();
}

BOOST_AUTO_TEST_CASE(transposed_convolution_with_a_stride_of_three_is_exact_on_whole_numbers) {
    check<3, 2, 5, 3, 2, 0, 4, 4>();
    check<2, 3, 2, 3, 0, 2, 3, 4>(); // and pixels that are only the bias
}

BOOST_AUTO_TEST_CASE(transposed_convolution_with_a_kernel_of_one_pixel_is_exact_on_whole_numbers) {
    check<3, 17, 1, 1, 0, 0, 5, 5>();
}

BOOST_AUTO_TEST_CASE(transposed_convolution_equals_the_input_gradient_of_a_convolution_bit_for_bit) {
    // The output padding is the row and column that the convolution's stride skips.
    using Big = Image<3, 9, 11>;
    using Small = Image<17, 4, 5>;
    using Convolution = Network<Sequential<Input<3, 9, 11>, Conv2d<3, 17, 4, 2, 1>>, TestBackend>;
    using Transposed = Network<Sequential<Input<17, 4, 5>, ConvTranspose2d<17, 3, 4, 2, 1, 1>>, TestBackend>;
    static_assert(std::is_same_v<Convolution::output_shape, Small>);
    static_assert(std::is_same_v<Transposed::output_shape, Big>);
    constexpr int batch = 3;
    Convolution convolution(1);
    Transposed transposed(2);
    const auto weight = integers::draw(17 * 3 * 16, 1);
    integers::put_tensor(weight, convolution.parameter<1, 0>());
    integers::put_tensor(weight, transposed.parameter<1, 0>());
    TestBackend::fill(transposed.parameter<1, 1>(), 3, 0.0F);
    BatchOn<Big, TestBackend> image(batch);
    BatchOn<Small, TestBackend> small(batch);
    integers::put<Small>(integers::draw(small.size(), 2), small.data());

    Convolution::TrainingWorkspace convolution_workspace(batch);
    Transposed::TrainingWorkspace transposed_workspace(batch);
    convolution.forward_training(image, convolution_workspace);
    const auto gradient = transfer::values(convolution.backward_to_input(small, convolution_workspace));
    const auto output = transfer::values(transposed.forward_training(small, transposed_workspace));
    BOOST_TEST(std::count(output.begin(), output.end(), 0.0F) <
               static_cast<std::ptrdiff_t>(output.size() / 4));
    BOOST_REQUIRE(output.size() == gradient.size());
    BOOST_TEST(std::memcmp(output.data(), gradient.data(), sizeof(float) * output.size()) == 0);
}
