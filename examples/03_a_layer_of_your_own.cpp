// A layer of your own, y = sin(x): you write its two formulas once, and they run on every backend. The
// program compares the layer's gradient with finite differences, then trains a network with the layer to
// fit a curve and prints the loss, which falls by a factor of 10 or more. A C++ compiler compiles this file
// for the CPU, nvcc for the CPU and CUDA.
//
// Usage: 03_a_layer_of_your_own

#include <ctgan/dcgan.hpp>
#include <ctgan/testing/check_gradient.hpp>

#include <cmath>
#include <cstdio>

using namespace ctgan;

/// The function and its gradient, for one value. CTGAN_HD is `__host__ __device__` for nvcc and nothing for
/// other compilers, so GPU kernels can call them, too. (Lambdas would need nvcc's --extended-lambda.)
struct SineOf {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return std::sin(x);
    }
};
struct GradientOfSine {
    template <class T>
    CTGAN_HD T operator()(T x, T dy) const {
        return dy * std::cos(x);
    }
};

/// y = sin(x), for any shape. `map` and `zip` are two of the backend's operations (backend/backend.hpp). They
/// are given the number of values in the whole batch, an Index, which is a signed 64-bit integer. Sine has no
/// parameters, so backward is called only if the gradient with respect to the input is wanted.
struct Sine : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, SineOf{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        Pass::Backend::zip(p.input_gradient, p.input, p.output_gradient, Index{p.batch} * Pass::Input::size,
                           GradientOfSine{});
    }
};

/// The training data: points between -1 and 1, and the value of a curve at each.
constexpr int points = 64;
struct Position {
    CTGAN_HD float operator()(Index i) const { return (static_cast<float>(i) + 0.5F) / (points / 2) - 1; }
};
struct Curve {
    CTGAN_HD float operator()(Index i) const {
        const float x = Position{}(i);
        return x * std::cos(9 * x);
    }
};

template <class Backend>
bool learns(const char* backend) {
    const auto report = testing::check_gradient<Sine, Image<2, 3, 3>, Backend>(4);
    std::printf("%s: the gradient is %s, largest relative error %.1e\n", backend,
                report.holds() ? "right" : "wrong", report.largest_error());

    using Wavy = Network<Sequential<Linear<1, 32>, Sine, Linear<32, 32>, Sine, Linear<32, 1>>, Backend>;
    Wavy network(/*seed*/ 1);
    Adam<Wavy> optimizer(network, {.lr = 3e-3});
    typename Wavy::TrainingWorkspace workspace(points);
    typename Wavy::Gradients gradients;
    BatchOn<Flat<1>, Backend> x(points), target(points), gradient(points);
    LossValue<Backend> value;
    Backend::tabulate(x.data(), points, Position{});
    Backend::tabulate(target.data(), points, Curve{});

    double first = 0, last = 0;
    for (int step = 0; step <= 1000; ++step) {
        const auto y = network.forward_training(x, workspace);
        loss<MSELoss>(y, target, gradient, value);
        network.backward(gradient, workspace, gradients);
        optimizer.step(network, gradients);
        if (step % 250 != 0) continue;
        last = value.item(); // waits for the GPU, so do it rarely
        if (step == 0) first = last;
        std::printf("%s: step %4d, loss %.4f\n", backend, step, last);
    }
    return report.holds() && last < first / 10;
}

int main() {
    bool good = learns<Cpu>("CPU");
#if CTGAN_HAS_CUDA
    if (gpu::available()) good = learns<Cuda>("CUDA") && good;
#endif
    return good ? 0 : 1;
}
