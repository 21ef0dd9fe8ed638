// A loss that is given a pointer.
// group: training
// cause: A pointer does not tell the shape of a sample, nor how many there are, nor whose memory it points to.
// fix: Pass the batch itself, or a view: `View<Shape, float>{pointer, samples}`.
// expect: target: MSELoss takes a Batch or a View of one but is given float
// expect-clang: target_of<MSELoss>, takes<batch_or_view>, but_is_given<other_type<float
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4), labels(4), gradient(4);
#ifdef TWIN
    return loss<MSELoss>(scores, labels, gradient) > 0 ? 1 : 0;
#else
    return loss<MSELoss>(scores, labels.data(), gradient) > 0 ? 1 : 0;
#endif
}
