// A network with two inputs, one of which nothing reads.
// group: inputs
// cause: Inputs states the shapes of all inputs, and Select passes on one of them.
// fix: Select the other one, too, or leave it out of Inputs.
// expect: layer 1: Inputs has an input 1 that nothing reads, expected a Select<1> after it
// expect-clang: Inputs<Flat<100>, Classes<10>>>, has_unused_input<1>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Generator = Sequential<Inputs<Flat<100>, Classes<10>>,
                             Add<Select<0>, Sequential<Select<1>, Embedding<10, 100>>>, Linear<100, 64>>;
#else
using Generator = Sequential<Inputs<Flat<100>, Classes<10>>, Select<0>, Linear<100, 64>>;
#endif

int main() {
    Network<Generator> network(0);
    return network.parameter_count > 0 ? 0 : 1;
}
