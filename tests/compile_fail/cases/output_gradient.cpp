// An output gradient whose shape is not that of the output.
// group: meet
// cause: A backward pass starts with the gradient with respect to the output, which has the shape of the output.
// fix: Make it a batch of Network::output_shape.
// expect: output gradient: the network takes [1, 28, 28] but is given [784]
// expect-clang: output_gradient_of_network, takes<Image<1, 28, 28>>, but_is_given<Flat<784>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Network<dcgan::Generator> generator(1);
    Network<dcgan::Generator>::TrainingWorkspace workspace(4);
    Network<dcgan::Generator>::Gradients gradients;
    Batch<Flat<100>> noise(4);
    generator.forward_training(noise, workspace);
#ifdef TWIN
    Batch<Image<1, 28, 28>> gradient(4);
#else
    Batch<Flat<784>> gradient(4);
#endif
    generator.backward(gradient, workspace, gradients);
}
