// A convolution with the wrong number of input channels.
// group: shapes
// cause: The layer takes a different number of channels than the preceding layer outputs.
// fix: Make the first template argument the number of channels that the preceding layer outputs.
// expect: layer 4: Conv2d takes [32, H, W] but is given [64, 13, 13]
// expect-clang: layer<4, Conv2d<32, 128, 3, 2, 0>>, takes<ImageOf<32>>, but_is_given<Image<64, 13, 13>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 64, 3, 2>, LeakyReLU<>,
#ifdef TWIN
                                 Conv2d<64, 128, 3, 2>, LeakyReLU<>,
#else
                                 Conv2d<32, 128, 3, 2>, LeakyReLU<>,
#endif
                                 Flatten, Linear<128 * 6 * 6, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
