// Reshape in place of Flatten.
// group: shapes
// cause: Reshape turns flat samples into images; Flatten turns images into flat samples.
// fix: Use Flatten.
// expect: layer 3: Reshape takes [1352] but is given [8, 13, 13]
// expect-clang: layer<3, Reshape<1352, 1, 1>>, takes<Flat<1352>>, but_is_given<Image<8, 13, 13>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 Flatten,
#else
                                 Reshape<8 * 13 * 13, 1, 1>,
#endif
                                 Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
