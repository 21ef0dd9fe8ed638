// Targets whose scalar type is not that of the predictions.
// group: meet
// cause: A loss computes in one scalar type.
// fix: Use the same scalar type for predictions, targets and gradient.
// expect: target: MSELoss takes float values but is given double values
// expect-clang: target_of<MSELoss>, takes<values<float>>, but_is_given<values<double>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4), gradient(4);
#ifdef TWIN
    Batch<Flat<1>> labels(4);
#else
    Batch<Flat<1>, double> labels(4);
#endif
    return loss<MSELoss>(scores, labels, gradient) > 0 ? 1 : 0;
}
