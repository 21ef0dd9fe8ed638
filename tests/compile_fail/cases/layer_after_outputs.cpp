// A layer behind the branches whose results are returned apart.
// group: inputs
// cause: Outputs ends a network: what its branches return is not put together.
// fix: Put the layer into a branch, or use Concat in place of Outputs.
// expect: layer 3: Linear takes [5] but is given [2] and [3]; Select<K> takes one of several inputs, and nothing follows Outputs
// expect-clang: layer<3, Linear<5, 1, true>>, takes<Flat<5>>, but_is_given<SeveralToSelect<Flat<2>, Flat<3>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using Net = Sequential<Linear<4, 8>, Concat<Linear<8, 2>, Linear<8, 3>>, Linear<5, 1>>;
#else
using Net = Sequential<Linear<4, 8>, Outputs<Linear<8, 2>, Linear<8, 3>>, Linear<5, 1>>;
#endif

int main() {
    Network<Net> network(0);
    return network.parameter_count > 0 ? 0 : 1;
}
