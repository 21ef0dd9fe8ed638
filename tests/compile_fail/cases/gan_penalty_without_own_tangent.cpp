// A penalty on a discriminator with a layer of your own whose patterns say Tangent::own, without tangent().
// group: gan
// cause: Tangent::own promises that the layer itself computes the derivative of its output along a direction.
// fix: Declare tangent(), which writes it to `output_tangent`, or another Tangent, if its row of the table in layers.md fits.
// expect: Gan: the discriminator, layer 2: Twice declares Tangent::own in its patterns, but no tangent() for a TangentPass
// expect-clang: of_discriminator<layer<2, Twice>>, needs_tangent
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
    static constexpr LayerPatterns<Twice> patterns{.tangent = Tangent::own};
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
