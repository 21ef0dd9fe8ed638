// A Concat of images of different height and width.
// group: branches
// cause: Concat puts the channels of each pixel together, so all branches must return the same number of pixels.
// fix: Give the branches the same strides, or scale one of them up.
// expect: layer 2: Concat takes branches that return images of one height and width, or flat samples, but is given [1, 28, 28] by branch 1 and [16, 14, 14] by branch 2
// expect-clang: Concat>, takes<branches_of_one_size>, but_is_given<shapes_of_branches<1, Image<1, 28, 28>, 2, Image<16, 14, 14>>>
// expect-nvcc: but_is_given<shapes_of_branches<1, Image<1, 28, 28>, 2, Image<16, 14, 14>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Lower = Sequential<Conv2d<1, 16, 4, 2, 1>, LeakyReLU<>
#ifdef TWIN
                         ,
                         ConvTranspose2d<16, 16, 4, 2, 1>
#endif
                         >;
using UNet = Sequential<Input<1, 28, 28>, Concat<Identity, Lower>, Conv2d<17, 1, 1>>;

int main() {
    Network<UNet> network(0);
    return network.parameter_count > 0 ? 0 : 1;
}
