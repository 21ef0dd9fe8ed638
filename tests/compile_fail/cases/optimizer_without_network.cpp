// An optimizer that is not given a network.
// group: training
// cause: An optimizer has values for each parameter of one network, and updates no other network.
// fix: Pass the network to the constructor as well as to each step.
// expect: SGD takes the network whose parameters it updates, such as in `optimizer(network, {.lr = 1e-3})`, but is given only options
// expect-clang: optimizer<SGDRule>, takes<network_and_options>, but_is_given<only_options>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
#ifdef TWIN
    SGD<Network<Discriminator>> optimizer(discriminator, {.lr = 1e-3, .momentum = 0.9});
#else
    SGD<Network<Discriminator>> optimizer({.lr = 1e-3, .momentum = 0.9});
#endif
    return optimizer.steps() == 0 ? 0 : 1;
}
