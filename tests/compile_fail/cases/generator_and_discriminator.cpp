// A generator of color images and a discriminator of gray images.
// group: meet
// cause: The output shape of the generator is not the input shape of the discriminator.
// fix: Give both the same channels, height and width.
// expect: Gan: the discriminator takes [1, 28, 28] but is given [3, 28, 28]
// expect-clang: discriminator_in_gan, takes<Image<1, 28, 28>>, but_is_given<Image<3, 28, 28>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 64 * 7 * 7>, ReLU, Reshape<64, 7, 7>,
#ifdef TWIN
                             ConvTranspose2d<64, 1, 4, 4>, Tanh>;
#else
                             ConvTranspose2d<64, 3, 4, 4>, Tanh>;
#endif

int main() {
    Gan<Generator, dcgan::Discriminator> gan(1, 4, dcgan::generator_options, dcgan::discriminator_options);
    Batch<Image<1, 28, 28>> real(4);
    Batch<Flat<100>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
