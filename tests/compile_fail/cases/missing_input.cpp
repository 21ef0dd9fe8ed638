// A network that begins with a convolution and does not say how large its images are.
// expect: layer 1: Conv2d takes [1, H, W] but is given nothing: begin the Sequential with Input<C, H, W> or Input<N>
// expect-clang: layer<1, Conv2d<1, 8, 3, 2, 0>>, takes<ImageOf<1>>, but_is_given<Nothing>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<
#ifdef TWIN
    Input<1, 28, 28>,
#endif
    Conv2d<1, 8, 3, 2>, LeakyReLU<>, Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 28, 28>> images(4);
    const auto verdicts = discriminator.forward(images.view(), workspace);
    return verdicts.count == 4 ? 0 : 1;
}
