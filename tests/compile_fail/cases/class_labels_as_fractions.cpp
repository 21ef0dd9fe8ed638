// Class labels in float.
// group: meet
// cause: A class label is the index of a class, counted from 0.
// fix: Store the labels in an integer type, for example as bytes.
// expect: target: CrossEntropyLoss takes class labels, which are integers, but is given float values
// expect-clang: target_of<CrossEntropyLoss>, takes<class_labels>, but_is_given<values<float>>
#include <ctgan/ctgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<10>> scores(4), gradient(4);
#ifdef TWIN
    Batch<Flat<1>, int> labels(4);
#else
    Batch<Flat<1>> labels(4);
#endif
    return loss<CrossEntropyLoss>(scores, labels, gradient) > 0 ? 1 : 0;
}
