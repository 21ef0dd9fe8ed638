// Spectral normalization of a layer that has no weight.
// group: own
// cause: SpectralNorm divides the weight of the layer that it wraps by the weight's largest singular value.
// fix: Wrap the Linear layer or the convolution.
// expect: layer 3: SpectralNorm takes a layer with a weight, such as Linear or Conv2d, but is given ReLU
// expect-clang: SpectralNorm<ReLU>>, takes_a_layer_with_weight<ReLU, false>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Critic = Sequential<Input<1, 28, 28>,
#ifdef TWIN
                          SpectralNorm<Conv2d<1, 32, 4, 2, 1>>, ReLU,
#else
                          Conv2d<1, 32, 4, 2, 1>, SpectralNorm<ReLU>,
#endif
                          Flatten, Linear<32 * 14 * 14, 1>>;

int main() {
    const Network<Critic> critic(0);
    Network<Critic>::Workspace workspace(1);
    Batch<Image<1, 28, 28>> image(1);
    return critic.forward(image, workspace).count;
}
