// A stride of 0.
// group: arguments
// cause: The stride is the fourth template argument.
// fix: Use a stride of at least 1.
// expect: layer 2: Conv2d has a stride of 0, expected at least 1
// expect-clang: argument<stride, found<0>, at_least<1>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>,
#ifdef TWIN
                                 Conv2d<1, 8, 3, 2>,
#else
                                 Conv2d<1, 8, 3, 0>,
#endif
                                 Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
