// A training step of Sequential<LAYERS>; LAYERS is a macro of the command line.

#include <ctgan/dcgan.hpp>

using namespace ctgan;
using Net = Sequential<LAYERS>;
using Trained = Network<Net>;

void step(Trained& network, Adam<Trained>& adam, Trained::TrainingWorkspace& workspace,
          Trained::Gradients& gradients, View<Net::input_shape, const float> input,
          View<Net::output_shape, const float> output_gradient) {
    network.forward_training(input, workspace);
    network.backward(output_gradient, workspace, gradients);
    adam.step(network, gradients);
}
