// One score against ten labels, which PyTorch would broadcast.
// group: meet
// cause: A loss compares each value of the prediction with one value of the target and does not broadcast.
// fix: Make the targets a batch of the output shape of the network.
// expect: target: MSELoss takes [1] but is given [10]
// expect-clang: target_of<MSELoss>, takes<Flat<1>>, but_is_given<Flat<10>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4), gradient(4);
#ifdef TWIN
    Batch<Flat<1>> labels(4);
#else
    Batch<Flat<10>> labels(4);
#endif
    return loss<MSELoss>(scores, labels, gradient) > 0 ? 1 : 0;
}
