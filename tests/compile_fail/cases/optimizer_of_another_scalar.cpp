// An optimizer of a network in float for a network in double.
// group: training
// cause: The state of an optimizer has the scalar type of its network.
// fix: Make the optimizer for the type of the network, for example with `decltype(network)`.
// expect: Adam takes float values but is given double values
// expect-clang: optimizer<AdamRule>, takes<values<float>>, but_is_given<values<double>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator, Cpu, double> exact(1);
#ifdef TWIN
    Adam<Network<Discriminator, Cpu, double>> optimizer(exact);
#else
    Adam<Network<Discriminator>> optimizer(exact);
#endif
    return optimizer.steps() == 0 ? 0 : 1;
}
