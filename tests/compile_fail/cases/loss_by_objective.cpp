// The objective of a Gan as a loss.
// group: training
// cause: An objective has a term for each kind of scores; a loss has one term and its derivative.
// fix: Name a loss, such as MSELoss.
// expect: the template argument of loss takes MSELoss, BCEWithLogitsLoss, CrossEntropyLoss or a struct with term(p, t) and slope(p, t), but is given Hinge
// expect-clang: Mismatch<argument_of_loss, takes<a_loss>, but_is_given<other_type<Hinge>>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

int main() {
    Batch<Flat<1>> scores(4), gradient(4);
#ifdef TWIN
    return loss<MSELoss>(scores, 1, gradient) > 0 ? 0 : 1;
#else
    return loss<Hinge>(scores, 1, gradient) > 0 ? 0 : 1;
#endif
}
