// A layer of your own whose backward() reads the input although the layer denies it.
// group: unphrased
// cause: With `reads_input = false` the next layer may overwrite the input, so `p.input` has the type InputIsNotKept, with which nothing can be done.
// fix: Leave the declaration out: by default the input is kept.
// expect: InputIsNotKept
// expect-clang: InputIsNotKept
// expect-nvcc: InputIsNotKept
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Square {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return x * x;
    }
};
struct GradientOfSquare {
    template <class T>
    CTGAN_HD T operator()(T x, T dy) const {
        return 2 * x * dy;
    }
};

/// y = x * x.
struct Own : LayerDefaults {
#ifdef TWIN
    static constexpr bool reads_input = true; // the default
#else
    static constexpr bool reads_input = false;
#endif
    template <int N>
    static auto out(Flat<N>) -> Flat<N>;
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, Square{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::zip(p.input_gradient, p.input, p.output_gradient, Index{p.batch} * Pass::Input::size,
                           GradientOfSquare{});
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
