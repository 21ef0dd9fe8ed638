// One-hot rows for labels, which are one whole number for each sample.
// group: meet
// cause: A class is told by its number, not by a row with a one in it.
// cure: Make the labels a batch of Flat<1> of whole numbers.
// expect: CrossEntropyLoss: the target takes [1] but is given [10]
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
    double sum = 0;
    loss<CrossEntropyLoss, Cpu>(scores.view(), labels.view(), gradient.view(), &sum);
    return sum > 0 ? 1 : 0;
}
