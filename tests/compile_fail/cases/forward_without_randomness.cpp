// A forward pass in evaluation mode through a dropout layer that is always active, without random numbers for
// it.
// group: meet
// cause: With `DropoutMode::always` the layer draws a mask in evaluation mode, too, as in the published code.
// fix: Pass a Randomness, or use Dropout2d without `DropoutMode::always`.
// expect: forward: the network takes a Randomness, such as {.seed = 1, .pass = step}, because layer 4: Dropout2d draws random numbers, but is given none
// expect-clang: forward_of_network, takes<randomness_because_of<layer<4, Dropout2d<
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 8, 8>, Conv2d<1, 4, 3>, LeakyReLU<>,
                                 Dropout2d<std::ratio<1, 2>, DropoutMode::always>, Flatten, Linear<144, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::Workspace workspace(4);
    Batch<Image<1, 8, 8>> images(4);
#ifdef TWIN
    const auto scores = discriminator.forward(images, workspace, {.seed = 1, .pass = 0});
#else
    const auto scores = discriminator.forward(images, workspace);
#endif
    return scores.count == 4 ? 0 : 1;
}
