// A const LossValue to write a loss to.
// group: training
// cause: The loss is written to the LossValue.
// fix: Declare it without const.
// expect: value: MSELoss takes a LossValue but is given a const one, which cannot be written to
// expect-clang: but_is_given<a_const_one>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4), gradient(4);
#ifdef TWIN
    LossValue<> value;
#else
    const LossValue<> value;
#endif
    loss<MSELoss>(scores, 1, gradient, value);
    return value.item() > 0 ? 0 : 1;
}
