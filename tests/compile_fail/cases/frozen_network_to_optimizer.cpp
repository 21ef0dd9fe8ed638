// An optimizer step on a frozen network, that is, a const one.
// group: training
// cause: A const network is frozen: it can be evaluated, and gradients pass through it to its input, but its parameters cannot change.
// fix: Pass the network itself instead of a const reference to it.
// expect: Adam takes a Network that it may change but is given a const Network, which is frozen
// expect-clang: optimizer<AdamRule>
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
    [[maybe_unused]] const auto& frozen = generator;
#ifdef TWIN
    optimizer.step(generator, gradients);
#else
    optimizer.step(frozen, gradients);
#endif
}
