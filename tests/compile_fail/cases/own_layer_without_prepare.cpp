// A layer of your own with the pattern `prepares` but without prepare(), in a network that is frozen.
// group: own
// cause: A frozen network calls prepare() of each layer with this pattern.
// fix: Write prepare(), which computes what forward() then reads, or leave the pattern out.
// expect: layer 2: Same has no static prepare() that can be called, which a layer with the pattern `prepares` needs: template <class Pass> static void prepare(const Pass&);
// expect-clang: Invalid<layer<2, Same>, has_no<prepare, as_prepared_requires>>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

/// y = x.
struct Same : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    template <class, class, class>
    static constexpr Index prepared = 1;
    static constexpr LayerPatterns<Same> patterns{.prepares = true};
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
