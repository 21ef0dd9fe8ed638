// A backward pass with a workspace for inference.
// group: training
// cause: A Workspace keeps only activations that are still to be read; a TrainingWorkspace keeps all that the backward pass reads.
// fix: Use a TrainingWorkspace.
// expect: backward: the network takes its TrainingWorkspace but is given its Workspace, which does not keep what backward reads
// expect-clang: takes<training_workspace>, but_is_given<workspace_for_inference>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Generator> generator(1);
#ifdef TWIN
    Network<Generator>::TrainingWorkspace workspace(4);
#else
    Network<Generator>::Workspace workspace(4);
#endif
    Network<Generator>::Gradients gradients;
    Batch<Flat<8>> noise(4);
    Batch<Image<1, 8, 8>> gradient(4);
    generator.forward_training(noise, workspace);
    generator.backward(gradient, workspace, gradients);
}
