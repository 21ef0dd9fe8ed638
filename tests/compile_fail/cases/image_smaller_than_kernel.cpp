// An image that is smaller than the kernel.
// group: shapes
// cause: The preceding layers have reduced the image to less than the size of one kernel.
// fix: Use a smaller kernel, more padding, or smaller strides before it.
// expect: layer 4: Conv2d takes [8, H >= 5, W >= 5] but is given [8, 4, 4]
// expect-clang: layer<4, Conv2d<8, 8, 5, 1, 0>>, takes<ImageOfAtLeast<8, 5, 5>>, but_is_given<Image<8, 4, 4>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 4, 4>, Conv2d<8, 8, 4, 1>,
#ifdef TWIN
                                 Conv2d<8, 8, 4>, Flatten, Linear<8, 1>>;
#else
                                 Conv2d<8, 8, 5>, Flatten, Linear<8, 1>>;
#endif

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
