// A mistake inside the generator, to which what uses the generator adds no error of its own.
// group: shapes
// cause: The layer takes a different number of channels than the preceding layer outputs.
// fix: Make the first template argument the number of channels that the preceding layer outputs.
// expect: layer 4: ConvTranspose2d takes [32, H, W] but is given [64, 7, 7]
// expect-clang: layer<4, ConvTranspose2d<32, 1, 4, 4, 0, 0>>, takes<ImageOf<32>>
// expect-clang: but_is_given<Image<64, 7, 7>>
#include <ctgan/dcgan.hpp>
#include <ctgan/io/picture.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<100, 64 * 7 * 7>, ReLU, Reshape<64, 7, 7>,
#ifdef TWIN
                             ConvTranspose2d<64, 1, 4, 4>, Tanh>;
#else
                             ConvTranspose2d<32, 1, 4, 4>, Tanh>;
#endif

int main() {
    Gan<Generator, dcgan::Discriminator> gan(1, 4, dcgan::generator_options, dcgan::discriminator_options);
    Batch<Image<1, 28, 28>> real(4);
    Batch<Flat<100>> noise(4);
    gan.train_step(real, noise, 0);
    const View<Image<1, 28, 28>, const float> fake = gan.generator.forward(noise, gan.generator_workspace);
    using Shape = Network<Generator>::output_shape;
    const View<Shape, const float> again = fake;
    if (loss<MSELoss>(gan.generator_workspace.output(), fake, real) > Shape::height * again.count) return 1;
    return static_cast<int>(io::tile(gan.generator_workspace.output(), 2).pixels.size());
}
