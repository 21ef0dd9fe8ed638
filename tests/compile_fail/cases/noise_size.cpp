// Noise of another size than the generator takes.
// group: meet
// cause: The shape of the noise is not the input shape of the generator.
// fix: Make it a batch of the noise_shape of the Gan.
// expect: noise: the generator takes [100] but is given [64]
// expect-clang: generator_on_noise, takes<Flat<100>>, but_is_given<Flat<64>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Gan<dcgan::Generator, dcgan::Discriminator> gan(1, 4, dcgan::generator_options,
                                                    dcgan::discriminator_options);
    Batch<Image<1, 28, 28>> real(4);
#ifdef TWIN
    Batch<Flat<100>> noise(4);
#else
    Batch<Flat<64>> noise(4);
#endif
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
