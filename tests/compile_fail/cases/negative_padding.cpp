// A negative padding.
// group: arguments
// cause: Padding is added on every side and cannot shrink the image; a larger stride or kernel can.
// fix: Use a padding of at least 0.
// expect: layer 2: Conv2d has a padding of -1, expected at least 0
// expect-clang: argument<padding, found<-1>, at_least<0>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>,
#ifdef TWIN
                                 Conv2d<1, 8, 3, 2>,
#else
                                 Conv2d<1, 8, 1, 2, -1>,
#endif
                                 Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
