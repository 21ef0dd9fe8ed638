// A network in float that is given a batch in double.
// group: meet
// cause: A network computes in one scalar type: float, unless `Network<Net, Backend, Scalar>` names another.
// fix: Use the same scalar type for the batch and the network.
// expect: forward: the network takes float values but is given double values
// expect-clang: forward_of_network, takes<values<float>>, but_is_given<values<double>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    Network<Generator> generator(1);
    Network<Generator>::Workspace workspace(4);
#ifdef TWIN
    Batch<Flat<8>> noise(4);
#else
    Batch<Flat<8>, double> noise(4);
#endif
    return generator.forward(noise, workspace).count == 4 ? 0 : 1;
}
