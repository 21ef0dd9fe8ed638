// A forward pass in training mode on a const network.
// group: training
// cause: In training mode a forward pass updates running statistics, so it changes the network.
// fix: Use forward, or a network that is not const.
// expect: forward_training takes a Network that it may change but is given a const Network, which is frozen
// expect-clang: forward_training, takes<network_to_change>, but_is_given<const_network>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

int main() {
    const Network<Discriminator> discriminator(1);
    Network<Discriminator>::TrainingWorkspace workspace(4);
    Batch<Image<1, 8, 8>> images(4);
#ifdef TWIN
    const auto scores = discriminator.forward(images, workspace);
#else
    const auto scores = discriminator.forward_training(images, workspace);
#endif
    return scores.count == 4 ? 0 : 1;
}
