// A layer of your own whose backward() reads the output without saying so.
// group: unphrased
// cause: A network keeps the output of a layer for the backward pass only if the layer declares that it reads it. Otherwise `p.output` has the type OutputIsNotKept, with which nothing can be done.
// fix: Declare `reads_output`, and `reads_input = false` if backward() does not read the input.
// expect: OutputIsNotKept
// expect-clang: OutputIsNotKept
// expect-nvcc: OutputIsNotKept
#include <ctgan/dcgan.hpp>

using namespace ctgan;

struct Exponential {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return std::exp(x);
    }
};
struct Product {
    template <class T>
    CTGAN_HD T operator()(T y, T dy) const {
        return y * dy;
    }
};

/// y = exp(x).
struct Own : LayerDefaults {
#ifdef TWIN
    static constexpr bool reads_output = true;
#else
    // not declared
#endif
    template <int N>
    static auto out(Flat<N>) -> Flat<N>;
    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, Exponential{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::zip(p.input_gradient, p.output, p.output_gradient, Index{p.batch} * Pass::Input::size,
                           Product{});
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
