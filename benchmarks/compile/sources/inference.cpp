// The inference of Sequential<LAYERS>; LAYERS is a macro of the command line.

#include <ctgan/dcgan.hpp>

using namespace ctgan;
using Net = Sequential<LAYERS>;
using Trained = Network<Net>;

View<Net::output_shape, const float> infer(const Trained& network, View<Net::input_shape, const float> input,
                                           Trained::Workspace& workspace) {
    return network.forward(input, workspace);
}
