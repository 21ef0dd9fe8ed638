// A penalty on a discriminator with a layer of your own that does not say how it passes on a tangent.
// group: gan
// cause: A penalty needs the derivative of each layer's output along a direction of its input.
// fix: Declare it in the layer's patterns: Tangent::backward if the Jacobian is symmetric, as that of an elementwise function is, Tangent::forward if the layer is linear.
// expect: Gan: the discriminator, layer 2: Halve declares no Tangent in its patterns, which R1 needs
// expect-clang: of_discriminator<layer<2, Halve>>, has_no_tangent<R1<ratio<10, 1>, 1>, false>
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Half {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x / 2;
    }
};
struct Halve : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    static constexpr bool reads_input = false;
#ifdef TWIN
    static constexpr LayerPatterns<Halve> patterns{.tangent = Tangent::backward};
#endif
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, Half{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::map(p.input_gradient, p.output_gradient, Index{p.batch} * Pass::Input::size, Half{});
    }
};

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Halve, Linear<4, 1>>;

int main() {
    Gan<Generator, Discriminator, WithPenalty<NonSaturating, R1<>>> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
