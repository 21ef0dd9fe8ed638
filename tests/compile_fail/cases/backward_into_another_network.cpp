// A backward pass that writes to the gradients of another network.
// group: training
// cause: Gradients have the layout of one network.
// fix: Use Gradients of this network.
// expect: backward: the network takes the Gradients of its network but is given the Gradients of another network
// expect-clang: backward_in_network, takes<gradients_of_the_network>, but_is_given<gradients_of_another_network>
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
    [[maybe_unused]] Network<Discriminator>::Gradients others;
#ifdef TWIN
    generator.backward(gradient, workspace, gradients);
#else
    generator.backward(gradient, workspace, others);
#endif
}
