// A transposed convolution with the wrong number of input channels.
// group: shapes
// cause: The layer takes a different number of channels than the preceding layer outputs.
// fix: Make the first template argument the number of channels that the preceding layer outputs.
// expect: layer 3: ConvTranspose2d takes [64, H, W] but is given [128, 7, 7]
// expect-clang: layer<3, ConvTranspose2d<64, 32, 4, 2, 1, 0>>, takes<ImageOf<64>>
// expect-clang: but_is_given<Image<128, 7, 7>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 128 * 7 * 7>, Reshape<128, 7, 7>,
#ifdef TWIN
                             ConvTranspose2d<128, 32, 4, 2, 1>, ReLU,
#else
                             ConvTranspose2d<64, 32, 4, 2, 1>, ReLU,
#endif
                             ConvTranspose2d<32, 1, 4, 2, 1>, Tanh>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
    Batch<Generator::input_shape> noise(4);
    const auto images = generator.forward(noise, workspace);
    return images.count == 4 ? 0 : 1;
}
