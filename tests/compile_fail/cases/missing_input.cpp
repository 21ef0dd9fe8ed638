// A network that starts with a convolution and does not state the size of its images.
// group: shapes
// cause: A convolution takes images of any size, so it does not determine the input shape.
// fix: Start with `Input<C, H, W>`.
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
    Gan<dcgan::Generator, Discriminator> gan(1, 4, dcgan::generator_options, dcgan::discriminator_options);
    Batch<Image<1, 28, 28>> real(4);
    Batch<Flat<100>> noise(4);
    const double loss = gan.train_step(real, noise, 0).generator;
    Network<Discriminator>::Workspace workspace(4);
    return loss > gan.discriminator.forward(real, workspace).count ? 0 : 1;
}
