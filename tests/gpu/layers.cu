// Compares every single layer with PyTorch's recorded results, in float and double: gpu_layers layers.raw

#include "layers.hpp"

namespace {

using namespace ctgan;
using gpu_tests::check_layer;

template <class T>
void check_all(const gpu_tests::RawGolden& file) {
    check_layer<T, Linear<5, 7>, Flat<5>>(file, "linear_5_7");
    check_layer<T, Linear<100, 33>, Flat<100>>(file, "linear_100_33");
    check_layer<T, Linear<40, 1>, Flat<40>>(file, "linear_40_1");
    check_layer<T, Conv2d<1, 4, 3, 2, 0>, Image<1, 28, 28>>(file, "conv2d_1_4_3_2_0_28x28");
    check_layer<T, Conv2d<4, 6, 3, 2, 0>, Image<4, 13, 13>>(file, "conv2d_4_6_3_2_0_13x13");
    check_layer<T, Conv2d<3, 5, 3, 1, 1>, Image<3, 7, 7>>(file, "conv2d_3_5_3_1_1_7x7");
    check_layer<T, Conv2d<2, 3, 5, 2, 2>, Image<2, 9, 11>>(file, "conv2d_2_3_5_2_2_9x11");
    check_layer<T, Conv2d<3, 2, 4, 2, 1>, Image<3, 8, 8>>(file, "conv2d_3_2_4_2_1_8x8");
    check_layer<T, Conv2d<2, 2, 1, 1, 0>, Image<2, 5, 5>>(file, "conv2d_2_2_1_1_0_5x5");
    check_layer<T, Conv2d<2, 3, 3, 3, 1>, Image<2, 10, 7>>(file, "conv2d_2_3_3_3_1_10x7");
    check_layer<T, ConvTranspose2d<8, 4, 3, 1, 1>, Image<8, 7, 7>>(file, "conv_transpose2d_8_4_3_1_1_7x7");
    check_layer<T, ConvTranspose2d<4, 3, 4, 2, 1>, Image<4, 7, 7>>(file, "conv_transpose2d_4_3_4_2_1_7x7");
    check_layer<T, ConvTranspose2d<3, 1, 4, 2, 1>, Image<3, 14, 14>>(file,
                                                                     "conv_transpose2d_3_1_4_2_1_14x14");
    check_layer<T, ConvTranspose2d<2, 3, 3, 2, 1>, Image<2, 5, 6>>(file, "conv_transpose2d_2_3_3_2_1_5x6");
    check_layer<T, ConvTranspose2d<3, 2, 5, 3, 2>, Image<3, 4, 4>>(file, "conv_transpose2d_3_2_5_3_2_4x4");
    check_layer<T, ConvTranspose2d<2, 2, 2, 2, 0>, Image<2, 6, 5>>(file, "conv_transpose2d_2_2_2_2_0_6x5");
    check_layer<T, ConvTranspose2d<6, 5, 4, 1, 0>, Image<6, 1, 1>>(file, "conv_transpose2d_6_5_4_1_0_1x1");
    check_layer<T, BatchNorm1d<9>, Flat<9>>(file, "batch_norm1d_train");
    check_layer<T, BatchNorm1d<9>, Flat<9>, Mode::evaluation>(file, "batch_norm1d_eval");
    check_layer<T, BatchNorm2d<3>, Image<3, 5, 6>>(file, "batch_norm2d_train");
    check_layer<T, BatchNorm2d<3>, Image<3, 5, 6>, Mode::evaluation>(file, "batch_norm2d_eval");
    check_layer<T, ReLU, Image<2, 4, 4>>(file, "relu");
    check_layer<T, LeakyReLU<>, Image<2, 4, 4>>(file, "leaky_relu_0.01");
    check_layer<T, LeakyReLU<std::ratio<1, 5>>, Image<2, 4, 4>>(file, "leaky_relu_0.2");
    check_layer<T, Tanh, Image<2, 4, 4>>(file, "tanh");
    check_layer<T, Sigmoid, Image<2, 4, 4>>(file, "sigmoid");
    gpu_tests::check_loss<T, MSELoss>(file, "mse");
    gpu_tests::check_loss<T, BCEWithLogitsLoss>(file, "bce_with_logits");
    gpu_tests::check_adam<T>(file);
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: gpu_layers layers.raw\n");
        return 2;
    }
    return expect::run([&] {
        const gpu_tests::RawGolden file(argv[1]);
        check_all<double>(file);
        check_all<float>(file);
    });
}
