// A layer of your own that draws random numbers without saying so.
// group: unphrased
// cause: A pass needs a Randomness if a layer draws random numbers. A layer that does not declare it has a `p.stream` of the type DrawsNothing.
// fix: Declare `draws(Mode)`: whether forward() draws in this mode.
// expect: DrawsNothing
// expect-clang: DrawsNothing
// expect-nvcc: DrawsNothing
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Product {
    template <class T>
    CTGAN_HD T operator()(T a, T b) const {
        return a * b;
    }
};

/// y = x * factor, with a random factor for each value.
struct Own : LayerDefaults {
    template <class In>
    static constexpr MemorySize saved{In::size, 0};
#ifdef TWIN
    static constexpr bool draws(Mode) { return true; }
#else
    // not declared
#endif
    template <int N>
    static auto out(Flat<N>) -> Flat<N>;
    template <class Pass>
    static void forward(const Pass& p) {
        if (p.draw)
            Pass::Backend::fill_uniform(p.saved, Index{p.batch} * Pass::Input::size, typename Pass::Scalar{1},
                                        p.stream);
        Pass::Backend::zip(p.output, p.input, static_cast<const typename Pass::Scalar*>(p.saved),
                           Index{p.batch} * Pass::Input::size, Product{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::zip(p.input_gradient, p.output_gradient,
                           static_cast<const typename Pass::Scalar*>(p.saved),
                           Index{p.batch} * Pass::Input::size, Product{});
    }
};

using Discriminator = Sequential<Input<1, 8, 8>, Flatten, Linear<64, 64>, Own, Linear<64, 1>>;

int main() {
    Network<Discriminator> discriminator(1);
    Network<Discriminator>::TrainingWorkspace workspace(4);
    Network<Discriminator>::Gradients gradients;
    Batch<Image<1, 8, 8>> images(4);
    Batch<Flat<1>> gradient(4);
    discriminator.forward_training(images, workspace, {.seed = 1, .pass = 0});
    discriminator.backward(gradient, workspace, gradients);
}
