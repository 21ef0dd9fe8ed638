// BatchNorm2d after Flatten.
// group: shapes
// cause: BatchNorm2d takes images, but Flatten gives flat samples.
// fix: Use BatchNorm2d before Flatten, or BatchNorm1d after it.
// expect: layer 4: BatchNorm2d takes [8, H, W] but is given [1352]
// expect-clang: layer<4, BatchNorm2d<8, ratio<1, 100000>, ratio<1, 10>, true>>, takes<ImageOf<8>>, but_is_given<Flat<1352>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 BatchNorm2d<8>, Flatten,
#else
                                 Flatten, BatchNorm2d<8>,
#endif
                                 Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
