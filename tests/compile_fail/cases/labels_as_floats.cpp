// A batch of labels from numbers that are not integers.
// group: inputs
// cause: A label is the number of a class.
// fix: Give the labels as integers of any type.
// expect: labels: a batch takes integers, such as a std::vector<int>, but is given other values
// expect-clang: batch_of_labels, takes<integers>, but_is_given<other_values>
#include <ctgan/dcgan.hpp>

#include <vector>

using namespace ctgan;

#ifdef TWIN
using Number = int;
#else
using Number = float;
#endif

int main() {
    const std::vector<Number> numbers{3, 1, 4};
    const Batch<Classes<10>> labels(numbers);
    return labels.count() - 3;
}
