// A forward pass of a frozen network with a workspace of the network that it is a copy of.
// group: meet
// cause: The algorithms of a frozen network need other memory.
// fix: Use the Workspace of the frozen network.
// expect: forward: the network takes the Workspace of a Frozen network but is given the workspace of a Network that is not Frozen
// expect-clang: takes<workspace_of_frozen>, but_is_given<workspace_not_of_frozen>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
    const Frozen frozen(Network<Generator>(0));
#ifdef TWIN
    decltype(frozen)::Workspace workspace(4);
#else
    Network<Generator>::Workspace workspace(4);
#endif
    Batch<Flat<8>> noise(4);
    return frozen.forward(noise, workspace).count == 4 ? 0 : 1;
}
