// A forward pass of a network with the workspace of the same network frozen.
// group: meet
// cause: The algorithms of a frozen network need other memory.
// fix: Use a Workspace of the network.
// expect: forward: the network takes its Workspace or its TrainingWorkspace but is given the Workspace of a Frozen network
// expect-clang: takes<workspace_or_training_workspace>, but_is_given<workspace_of_frozen>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
    const Network<Generator> generator(0);
#ifdef TWIN
    Network<Generator>::Workspace workspace(4);
#else
    Frozen<Network<Generator>>::Workspace workspace(4);
#endif
    Batch<Flat<8>> noise(4);
    return generator.forward(noise, workspace).count == 4 ? 0 : 1;
}
