// BatchNorm1d on images.
// group: shapes
// cause: BatchNorm1d normalizes flat samples; BatchNorm2d normalizes the channels of images.
// fix: Use BatchNorm2d for images.
// expect: layer 3: BatchNorm1d takes [8] but is given [8, 13, 13]
// expect-clang: layer<3, BatchNorm1d<8, ratio<1, 100000>, ratio<1, 10>, true>>, takes<Flat<8>>, but_is_given<Image<8, 13, 13>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 BatchNorm2d<8>,
#else
                                 BatchNorm1d<8>,
#endif
                                 Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
