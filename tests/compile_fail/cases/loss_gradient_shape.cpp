// A gradient whose shape is not that of the prediction.
// group: meet
// cause: The gradient has one value for each value of the prediction.
// fix: Make it a batch of the output shape of the network.
// expect: gradient: MSELoss takes [1] but is given [10]
// expect-clang: gradient_of<MSELoss>, takes<Flat<1>>, but_is_given<Flat<10>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4);
#ifdef TWIN
    Batch<Flat<1>> gradient(4);
#else
    Batch<Flat<10>> gradient(4);
#endif
    return loss<MSELoss>(scores, 1, gradient) > 0 ? 1 : 0;
}
