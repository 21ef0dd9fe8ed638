// A statement of the size in the middle of a network that is not the size there.
// group: shapes
// cause: Input in the middle is a statement, and it is not true here.
// cure: State the shape that arrives, which the sentence tells, or leave it out.
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
    const auto scores = discriminator.forward(images.view(), workspace);
    return scores.count == 4 ? 0 : 1;
}
