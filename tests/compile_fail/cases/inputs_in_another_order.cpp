// The labels where the noise belongs.
// group: inputs
// cause: forward takes a batch for each of the Inputs, in their order.
// fix: Exchange the two.
// expect: forward: the network at input 0 takes [100] but is given labels of 10 classes
// expect-clang: input_of_network<forward_of_network, 0>, takes<Flat<100>>, but_is_given<Classes<10>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator =
    Sequential<Inputs<Flat<100>, Classes<10>, Flat<3>>,
               Concat<Select<0>, Sequential<Select<1>, Embedding<10, 50>>, Select<2>>, Linear<153, 64>>;

int main() {
    const Network<Generator> network(0);
    Network<Generator>::Workspace workspace(4);
    const Batch<Flat<100>> noise(4);
    const Batch<Flat<3>> position(4);
    const Batch<Classes<10>> labels(4);
#ifdef TWIN
    return network.forward(noise, labels, position, workspace).count - 4;
#else
    return network.forward(labels, labels, position, workspace).count - 4;
#endif
}
