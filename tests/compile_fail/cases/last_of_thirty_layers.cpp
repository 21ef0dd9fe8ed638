// A mistake in the last of thirty layers.
// group: shapes
// cause: The number of inputs is not the number of outputs of the preceding layer.
// fix: Make the first template argument the number of outputs of the preceding layer.
// expect: layer 30: Linear takes [63] but is given [64]
// expect-clang: layer<30, Linear<63, 1, true>>, takes<Flat<63>>, but_is_given<Flat<64>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator =
    Sequential<Input<1, 28, 28>, Flatten, Linear<28 * 28, 64>, Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>,
               Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>, Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>,
               Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>, Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>,
               Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>, Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>,
               Linear<64, 64>, BatchNorm1d<64>, LeakyReLU<>, Linear<64, 64>, Tanh,
#ifdef TWIN
               Linear<64, 1>>;
#else
               Linear<63, 1>>;
#endif

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Network<Discriminator>::input_shape> images(4);
    const auto scores = discriminator.forward(images, workspace);
    return scores.count == 4 ? 0 : 1;
}
