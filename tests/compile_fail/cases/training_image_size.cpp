// Training images of another size than the networks take.
// group: meet
// cause: The shape of the training images is not the input shape of the discriminator.
// fix: Resize the images, or change the networks to their size.
// expect: training data: the discriminator takes [1, 28, 28] but is given [1, 32, 32]
// expect-clang: discriminator_on_training_data, takes<Image<1, 28, 28>>, but_is_given<Image<1, 32, 32>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Gan<dcgan::Generator, dcgan::Discriminator> gan(1, 4, dcgan::generator_options,
                                                    dcgan::discriminator_options);
#ifdef TWIN
    Batch<Image<1, 28, 28>> real(4);
#else
    Batch<Image<1, 32, 32>> real(4);
#endif
    Batch<Flat<100>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
