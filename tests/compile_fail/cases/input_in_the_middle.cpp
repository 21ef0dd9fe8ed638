// An Input in the middle of a network that states the wrong shape.
// group: shapes
// cause: An Input in the middle of a network states the shape there, and the actual shape is another one.
// fix: State the actual shape, which the message shows, or remove the Input.
// expect: layer 3: Input takes [8, 14, 14] but is given [8, 13, 13]
// expect-clang: layer<3, Input<8, 14, 14>>, takes<Image<8, 14, 14>>, but_is_given<Image<8, 13, 13>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>,
#ifdef TWIN
                                 Input<8, 13, 13>,
#else
                                 Input<8, 14, 14>,
#endif
                                 Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
