// A loss that is given a pointer for its value.
// group: training
// cause: The value is in the memory of the backend, so that the loss need not wait for it.
// fix: Pass a LossValue and call `item()` when you need the number. Without this argument loss() returns the number.
// expect: value: MSELoss takes a LossValue but is given double
// expect-clang: value_of<MSELoss>, takes<loss_value>, but_is_given<other_type<double
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4), labels(4), gradient(4);
#ifdef TWIN
    LossValue<> value;
    loss<MSELoss>(scores, labels, gradient, value);
    return value.item() > 0 ? 1 : 0;
#else
    double value = 0;
    loss<MSELoss>(scores, labels, gradient, &value);
    return value > 0 ? 1 : 0;
#endif
}
