// A loss that is given a read-only view for its gradient.
// group: training
// cause: A loss writes its gradient through the view.
// fix: Pass a batch that is not const.
// expect: gradient: MSELoss takes a View to write to but is given a read-only View
// expect-clang: gradient_of<MSELoss>, takes<view_to_write_to>, but_is_given<read_only_view>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4), labels(4), gradient(4);
    const Batch<Flat<1>>& read_only = gradient;
#ifdef TWIN
    loss<MSELoss>(scores, labels, gradient);
#else
    loss<MSELoss>(scores, labels, read_only);
#endif
    return read_only.count() - 4;
}
