// The rule of an optimizer in place of its template.
// group: unphrased
// cause: The Gan makes the optimizers of its two networks from templates. A rule is a class without a network, `Adam<Network<Generator>>` has one already.
// fix: Name the template: `SGD` instead of `SGDRule` or `SGD<...>`.
// expect: expected a class template, got
// expect-clang: template argument for template template parameter must be a class template or type alias template
// expect-nvcc: is not a class template
#include <ctgan/dcgan.hpp>

using namespace ctgan;

using Generator = Sequential<Linear<8, 64>, ReLU, Reshape<1, 8, 8>, Tanh>;
using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 1>>;

#ifdef TWIN
using Both = Gan<Generator, Discriminator, LeastSquares, Cpu, float, SGD>;
#else
using Both = Gan<Generator, Discriminator, LeastSquares, Cpu, float, SGDRule>;
#endif

int main() { return Both::passes > 0 ? 0 : 1; }
