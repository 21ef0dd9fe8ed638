// A penalty on the slope of a critic that has a batch normalization.
// group: gan
// cause: The slope is taken at each image by itself, but the score of an image behind a batch normalization depends on the whole batch.
// fix: Use SpectralNorm, LayerNorm, GroupNorm or InstanceNorm2d in the critic, or no normalization. The generator may keep its own.
// expect: Gan: the discriminator, layer 3: BatchNorm2d mixes the samples of a batch, but GradientPenalty is about the slope at each one by itself: use SpectralNorm, LayerNorm or no normalization
// expect-clang: of_discriminator<layer<3, BatchNorm2d<4, ratio<1, 100000>, ratio<1, 10>, true>>>, has_no_tangent<GradientPenalty<ratio<10, 1>, 1>, true>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, BatchNorm1d<64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Critic = Sequential<Input<1, 8, 8>, Conv2d<1, 4, 4, 2, 1>,
#ifdef TWIN
                          LayerNorm<4, 4, 4>,
#else
                          BatchNorm2d<4>,
#endif
                          LeakyReLU<>, Flatten, Linear<64, 1>>;

int main() {
    Gan<Generator, Critic, WithPenalty<Wasserstein, GradientPenalty<>>> gan(1, 4, {}, {});
    Batch<Image<1, 8, 8>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
