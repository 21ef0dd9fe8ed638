// A label where a layer takes values.
// group: inputs
// cause: A label is the number of a class. Only Embedding takes it, and returns values that are learned for each class.
// fix: Put an Embedding behind the Select.
// expect: layer 2, branch 2, layer 2: Linear takes [10] but is given labels of 10 classes
// expect-clang: Linear<10, 50, true>, 2, 2, 2>, takes<Flat<10>>, but_is_given<Classes<10>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

#ifdef TWIN
using OfLabel = Embedding<10, 50>;
#else
using OfLabel = Linear<10, 50>;
#endif
using Generator = Sequential<Inputs<Flat<100>, Classes<10>>,
                             Concat<Select<0>, Sequential<Select<1>, OfLabel>>, Linear<150, 64>>;

int main() {
    Network<Generator> network(0);
    return network.parameter_count > 0 ? 0 : 1;
}
