// A frozen network made of another one than its type names.
// group: meet
// cause: Frozen is a copy of a network, so it has the type of that network.
// fix: Give it that network, or let the compiler deduce the type, as in `Frozen frozen(generator)`.
// expect: Frozen takes the network that its type names but is given another network
// expect-clang: Mismatch<frozen, takes<network_of_its_type>, but_is_given<another_network>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
#ifdef TWIN
    const Network<Generator> network(0);
#else
    const Network<Discriminator> network(0);
#endif
    const Frozen<Network<Generator>> frozen(network);
    return sizeof frozen > 0 ? 0 : 1;
}
