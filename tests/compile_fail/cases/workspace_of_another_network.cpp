// A workspace of another network.
// group: meet
// cause: A workspace has memory for the activations of one network.
// fix: Create a workspace of this network.
// expect: forward: the network takes a workspace of its own type but is given a workspace of another network
// expect-clang: forward_of_network, takes<workspace_of_the_network>, but_is_given<workspace_of_another_network>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Generator> generator(1);
#ifdef TWIN
    Network<Generator>::Workspace workspace(4);
#else
    Network<Discriminator>::Workspace workspace(4);
#endif
    Batch<Flat<8>> noise(4);
    return generator.forward(noise, workspace).count == 4 ? 0 : 1;
}
