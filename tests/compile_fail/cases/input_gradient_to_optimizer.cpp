// An optimizer step with the result of backward_to_input.
// group: training
// cause: backward_to_input returns the gradient with respect to a batch and does not compute gradients with respect to parameters.
// fix: Use backward, which fills Gradients.
// expect: SGD takes the Gradients of its network but is given the gradient with respect to a batch, which only passes through a frozen network
// expect-clang: takes<gradients_of_the_network>, but_is_given<gradient_to_a_batch>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::TrainingWorkspace workspace(4);
    Network<Generator>::Gradients gradients;
    SGD<Network<Generator>> optimizer(generator);
    Batch<Flat<8>> noise(4);
    Batch<Image<1, 8, 8>> gradient(4);
    generator.forward_training(noise, workspace);
#ifdef TWIN
    generator.backward(gradient, workspace, gradients);
    optimizer.step(generator, gradients);
#else
    optimizer.step(generator, generator.backward_to_input(gradient, workspace));
#endif
}
