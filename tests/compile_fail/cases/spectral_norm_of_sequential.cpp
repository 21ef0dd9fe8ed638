// Spectral normalization of several layers at once.
// group: own
// cause: SpectralNorm normalizes one weight, that of the layer that it wraps.
// fix: Wrap each layer of the Sequential that has a weight.
// expect: layer 2: SpectralNorm takes a layer with a weight, such as Linear or Conv2d, but is given Sequential: wrap its layers instead
// expect-clang: SpectralNorm<Sequential<Conv2d<1, 32, 4, 2, 1>, ReLU>>>, takes_a_layer_with_weight<Sequential<Conv2d<1, 32, 4, 2, 1>, ReLU>, true>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 28, 28>,
#ifdef TWIN
                          SpectralNorm<Conv2d<1, 32, 4, 2, 1>>, ReLU,
#else
                          SpectralNorm<Sequential<Conv2d<1, 32, 4, 2, 1>, ReLU>>,
#endif
                          Flatten, Linear<32 * 14 * 14, 1>>;

int main() {
    const Network<Critic> critic(0);
    Network<Critic>::Workspace workspace(1);
    Batch<Image<1, 28, 28>> image(1);
    return critic.forward(image, workspace).count;
}
