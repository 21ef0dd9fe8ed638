// A mistake in a nested Sequential: the layer number counts all layers.
// group: shapes
// cause: A nested Sequential stands for its layers, and one of them does not accept what the preceding layer outputs.
// fix: Correct the layer where the inner Sequential is defined.
// expect: layer 3: BatchNorm2d takes [16, H, W] but is given [8, 13, 13]
// expect-clang: layer<3, BatchNorm2d<16, ratio<1, 100000>, ratio<1, 10>, true>>, takes<ImageOf<16>>, but_is_given<Image<8, 13, 13>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Block = Sequential<Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                         BatchNorm2d<8>,
#else
                         BatchNorm2d<16>,
#endif
                         ReLU>;
using Discriminator = Sequential<Input<1, 28, 28>, Block, Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
