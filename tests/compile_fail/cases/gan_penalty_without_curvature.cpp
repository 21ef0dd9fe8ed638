// A penalty on a discriminator with a layer of your own whose patterns say is_curved, without curvature().
// group: gan
// cause: A penalty needs the second derivative of a layer whose derivative changes with its input.
// fix: Declare curvature(), or `curvature(y)` in the function of an Activation. A piecewise linear layer is not curved.
// expect: Gan: the discriminator, layer 2: Twice declares is_curved in its patterns, but no curvature() for a CurvaturePass
// expect-clang: of_discriminator<layer<2, Twice>>, needs_curvature
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Double {
    CTGAN_HD float operator()(float x) const { return 2 * x; }
};
struct Twice : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    static constexpr bool reads_input = false;
#ifdef TWIN
    static constexpr LayerPatterns<Twice> patterns{.tangent = Tangent::backward};
#else
    static constexpr LayerPatterns<Twice> patterns{.tangent = Tangent::backward, .is_curved = true};
#endif
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, Double{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::map(p.input_gradient, p.output_gradient, Index{p.batch} * Pass::Input::size, Double{});
    }
};

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Twice, Linear<4, 1>>;

int main() {
    Gan<Generator, Discriminator, WithPenalty<NonSaturating, R1<>>> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
