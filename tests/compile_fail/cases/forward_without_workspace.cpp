// A forward pass without a workspace.
// group: meet
// cause: A Network owns its parameters only; the activations of a pass are in a workspace, which is allocated once.
// fix: Create a Workspace for the largest batch, or a TrainingWorkspace if there is a backward pass, and pass it.
// expect: forward: the network takes a workspace but is given none
// expect-clang: forward_of_network, takes<workspace>, but_is_given<none>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
    Network<Generator> generator(0);
    Batch<Flat<8>> noise(4);
#ifdef TWIN
    Network<Generator>::Workspace workspace(4);
    const auto images = generator.forward(noise, workspace);
#else
    const auto images = generator.forward(noise);
#endif
    return images.count - 4;
}
