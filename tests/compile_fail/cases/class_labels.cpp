// One-hot vectors as class labels.
// group: meet
// cause: CrossEntropyLoss takes the index of the class, not a one-hot vector.
// fix: Store the labels as a batch of `Flat<1>` with an integer type.
// expect: target: CrossEntropyLoss takes [1] but is given [10]
// expect-clang: target_of<CrossEntropyLoss>, takes<Flat<1>>, but_is_given<Flat<10>>
#include <ctgan/ctgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<10>> scores(4), gradient(4);
#ifdef TWIN
    Batch<Flat<1>, unsigned char> labels(4);
#else
    Batch<Flat<10>> labels(4);
#endif
    return loss<CrossEntropyLoss>(scores, labels, gradient) > 0 ? 1 : 0;
}
