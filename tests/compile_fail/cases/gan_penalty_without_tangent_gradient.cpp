// A penalty on a discriminator with a layer of your own that has a weight and a Tangent, but no
// tangent_gradient().
// group: gan
// cause: A penalty also moves the layer's parameters, and backward() computes other gradients than the penalty needs.
// fix: Declare tangent_gradient(), which adds the gradient of the weight for `input` and `output_gradient`, and leaves out that of a bias.
// expect: Gan: the discriminator, layer 2: Scale declares parameters and a Tangent, but no tangent_gradient() for a TangentGradientPass
// expect-clang: of_discriminator<layer<2, Scale>>, needs_tangent_gradient
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Times {
    const float* weight;
    CTGAN_HD float operator()(float x) const { return *weight * x; }
};
struct Scale : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;
    static constexpr std::array parameters{TensorSpec{"weight", Role::weight, 1, 1, {1}}};
    static constexpr LayerPatterns<Scale> patterns{.tangent = Tangent::forward};

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size,
                           Times{p.template parameter<0>()});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        if constexpr (Pass::to_parameters) to_weight(p);
        if constexpr (Pass::to_input)
            Pass::Backend::map(p.input_gradient, p.output_gradient, Index{p.batch} * Pass::Input::size,
                               Times{p.template parameter<0>()});
    }
#ifdef TWIN
    template <class Pass>
    static void tangent_gradient(const Pass& p) {
        to_weight(p);
    }
#endif

  private:
    template <class Pass>
    static void to_weight(const Pass& p) {
        float sum = p.add ? *p.template gradient<0>() : 0;
        for (Index i = 0; i < Index{p.batch} * Pass::Input::size; ++i)
            sum += p.input[i] * p.output_gradient[i];
        *p.template gradient<0>() = sum;
    }
};

using Generator = Sequential<Linear<8, 16>, Tanh>;
using Discriminator = Sequential<Linear<16, 4>, Scale, Linear<4, 1>>;

int main() {
    Gan<Generator, Discriminator, WithPenalty<NonSaturating, R1<>>> gan(1, 4, {}, {});
    Batch<Flat<16>> real(4);
    Batch<Flat<8>> noise(4);
    return gan.train_step(real, noise, 0).generator > 0 ? 0 : 1;
}
