// A forward pass of a Sequential, which only describes a network.
// group: meet
// cause: A Sequential has no parameters: it is a type.
// fix: Make a Network of it.
// expect: Sequential is only a description of a network: make a Network of it, such as Network<Name> network(0)
// expect-clang: Invalid<the_sequential, is_only_a_description<
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;

int main() {
    [[maybe_unused]] Network<Generator>::Workspace workspace(4);
    Batch<Flat<8>> noise(4);
#ifdef TWIN
    Network<Generator> generator(0);
    const auto images = generator.forward(noise, workspace);
#else
    Generator generator;
    const auto images = generator.forward(noise);
#endif
    return images.count - 4;
}
