// The published discriminator with a Linear layer for 7 x 7 pixels instead of 6 x 6.
// group: shapes
// cause: Without padding, 28 rows become 13 and then 6: the convolution skips the last of the 28 rows.
// fix: Use the number of inputs that the message shows, here `128 * 6 * 6`, which is 4608.
// expect: layer 10: Linear takes [6272] but is given [4608]
// expect-clang: layer<10, Linear<6272, 1, true>>, takes<Flat<6272>>, but_is_given<Flat<4608>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 64, 3, 2>, LeakyReLU<>, Dropout2d<>,
                                 Conv2d<64, 128, 3, 2>, LeakyReLU<>, Dropout2d<>, BatchNorm2d<128>, Flatten,
#ifdef TWIN
                                 Linear<128 * 6 * 6, 1>>;
#else
                                 Linear<128 * 7 * 7, 1>>;
#endif

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
