// A layer of your own that declares `prepared` but has no prepare(), in a network that is frozen.
// group: own
// cause: A frozen network calls prepare() of each layer whose `prepared` is above 0.
// fix: Write prepare(), which computes what forward() then reads, or leave `prepared` out.
// expect: layer 2: Same has no static prepare() that can be called, which a layer with `prepared` above 0 needs: template <class Pass> static void prepare(const Pass&);
// expect-clang: Invalid<layer<2, Same>, has_no<prepare, as_prepared_requires>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

/// y = x.
struct Same : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    template <class, class, class>
    static constexpr Index prepared = 1;
#ifdef TWIN
    template <class Pass>
    static void prepare(const Pass& p) {
        Pass::Backend::fill(p.prepared, 1, typename Pass::Scalar(2));
    }
#endif
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::copy(p.output, p.input, Index{p.batch} * Pass::Input::size);
    }
};

int main() {
    const Frozen frozen(Network<Sequential<Linear<8, 4>, Same>>(0));
    return sizeof frozen > 0 ? 0 : 1;
}
