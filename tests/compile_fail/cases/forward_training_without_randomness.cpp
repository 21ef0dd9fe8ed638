// A forward pass in training mode through a dropout layer, without random numbers for it.
// group: training
// cause: The layer draws a mask, and the same Randomness in each step would draw the same mask in each step.
// fix: Pass a Randomness with the number of the step.
// expect: forward_training: the network takes a Randomness, such as {.seed = 1, .pass = step}, because layer 4: Dropout2d draws random numbers, but is given none
// expect-clang: forward_training_of_network, takes<randomness_because_of<layer<4, Dropout2d<
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator =
    Sequential<Input<1, 8, 8>, Conv2d<1, 4, 3>, LeakyReLU<>, Dropout2d<>, Flatten, Linear<144, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::TrainingWorkspace workspace(4);
    Batch<Image<1, 8, 8>> images(4);
    for (unsigned step = 0; step < 2; ++step)
#ifdef TWIN
        discriminator.forward_training(images, workspace, {.seed = 1, .pass = step});
#else
        discriminator.forward_training(images, workspace);
#endif
}
