// Labels kept as float, as targets of other losses are.
// group: meet
// cause: A label is the number of a class, from 0 on.
// cure: Keep the labels in a type of whole numbers, bytes for instance.
// expect: CrossEntropyLoss: the target takes class labels, which are integers, but is given float numbers
// expect-clang: target_of<CrossEntropyLoss>, takes<class_labels>, but_is_given<numbers<float>>
#include <ctgan/ctgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<10>> scores(4), gradient(4);
#ifdef TWIN
    Batch<Flat<1>, int> labels(4);
#else
    Batch<Flat<1>> labels(4);
#endif
    double sum = 0;
    loss<CrossEntropyLoss, Cpu>(scores.view(), labels.view(), gradient.view(), &sum);
    return sum > 0 ? 1 : 0;
}
