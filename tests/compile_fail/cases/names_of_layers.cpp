// Fewer names than a network has layers with tensors.
// group: arguments
// cause: Each layer that has tensors needs a name for them in files, and this network has another number of such layers.
// fix: Leave the names out if they may be the positions of PyTorch's nn.Sequential; else give each layer one, BatchNorm2d included.
// expect: layer names: the network takes 3, one for each layer with tensors, but is given 2
// expect-clang: names_of_layers, takes<one_for_each<3
// expect-clang: but_is_given<number_of_names<2
#include <ctgan/dcgan.hpp>
#include <ctgan/io/weights.hpp>

using namespace ctgan;

using Discriminator =
    Sequential<Input<1, 28, 28>, Conv2d<1, 8, 3, 2>, BatchNorm2d<8>, ReLU, Flatten, Linear<8 * 13 * 13, 1>>;

int main() {
    const Network<Discriminator> discriminator(0);
#ifdef TWIN
    io::save_weights("discriminator.safetensors", discriminator, {"conv", "bn", "fc"});
#else
    io::save_weights("discriminator.safetensors", discriminator, {"conv", "fc"});
#endif
    return 0;
}
