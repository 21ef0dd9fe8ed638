// Labels kept as float, as targets of other losses are.
// expect: ctgan: CrossEntropyLoss takes labels, a whole number for each sample
// expect-clang: ctgan: CrossEntropyLoss takes labels, a whole number for each sample
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
