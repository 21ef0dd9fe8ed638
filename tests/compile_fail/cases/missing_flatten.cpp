// Linear directly after a convolution.
// group: shapes
// cause: Linear takes flat samples, but a convolution gives images.
// fix: Put Flatten between them.
// expect: layer 4: Linear takes [1352] but is given [8, 13, 13]
// expect-clang: layer<4, Linear<1352, 1, true>>, takes<Flat<1352>>, but_is_given<Image<8, 13, 13>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>, LeakyReLU<>,
#ifdef TWIN
                                 Flatten,
#endif
                                 Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
