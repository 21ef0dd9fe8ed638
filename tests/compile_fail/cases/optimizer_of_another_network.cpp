// An optimizer step on a network that the optimizer was not made for.
// group: training
// cause: The moments of an optimizer have the layout of one network.
// fix: Create an optimizer for each network.
// expect: Adam takes the network that it was made for but is given another network
// expect-clang: takes<network_it_was_made_for>, but_is_given<another_network>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::TrainingWorkspace workspace(4);
    Network<Generator>::Gradients gradients;
    Adam<Network<Generator>> optimizer(generator);
    Batch<Flat<8>> noise(4);
    Batch<Image<1, 8, 8>> gradient(4);
    generator.forward_training(noise, workspace);
    generator.backward(gradient, workspace, gradients);
    Network<Discriminator> discriminator(2);
#ifdef TWIN
    optimizer.step(generator, gradients);
#else
    optimizer.step(discriminator, gradients);
#endif
    return discriminator.arena_size() > 0 ? 0 : 1;
}
