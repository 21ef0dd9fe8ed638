// A network without layers.
// group: arguments
// cause: A network without layers has no shape.
// fix: Add at least one layer.
// expect: Sequential has no layer, expected at least one
// expect-clang: Invalid<the_sequential, has_no_layer>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<
#ifdef TWIN
    Input<1, 28, 28>, Flatten
#else

#endif
    >;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
