// A layer of your own: its formulas are written once and run in every room that this file knows. It is first
// checked against difference quotients, then a network with it learns a curve. Compiled as C++ the file
// knows the CPU; compiled by nvcc, the same text, CUDA as well.

#include <ctgan/ctgan.hpp>
#include <ctgan/testing/check_gradient.hpp>

#include <cmath>
#include <cstdio>

using namespace ctgan;

/// What is done to each number. CTGAN_HD lets a GPU's kernel call it, too; a lambda could not be handed to
/// one.
struct SineOf {
    template <class T>
    CTGAN_HD T operator()(T x) const {
        return std::sin(x);
    }
};
struct SlopeOfSine {
    template <class T>
    CTGAN_HD T operator()(T x, T dy) const {
        return dy * std::cos(x);
    }
};

/// y = sin(x), of any shape. Pass::Backend is the room, and map and zip are two of its verbs (backend.hpp).
struct Sine : LayerDefaults {
    template <class Shape>
    static auto out(Shape) -> Shape;

    template <class Pass>
    static void forward(const Pass& p) {
        Pass::Backend::map(p.output, p.input, Index{p.batch} * Pass::Input::size, SineOf{});
    }
    template <class Pass>
    static void backward(const Pass& p) {
        if constexpr (Pass::to_input)
            Pass::Backend::zip(p.input_gradient, p.input, p.output_gradient,
                               Index{p.batch} * Pass::Input::size, SlopeOfSine{});
    }
};

/// Points from -1 to 1, and a curve over them.
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
bool learns(const char* room) {
    const auto report = testing::check_gradient<Sine, Image<2, 3, 3>, Backend>(4);
    std::printf("%s: %s\n", room, report.text().c_str());

    using Wavy = Network<Sequential<Linear<1, 32>, Sine, Linear<32, 32>, Sine, Linear<32, 1>>, Backend>;
    Wavy network(/*seed*/ 1);
    Adam<Wavy> optimizer(network, {.lr = 3e-3});
    typename Wavy::TrainingWorkspace workspace(points);
    typename Wavy::Gradients gradients;
    BatchOn<Flat<1>, Backend> x(points), target(points), gradient(points);
    typename Backend::template Memory<double> sum(1);
    Backend::tabulate(x.data(), points, Position{});
    Backend::tabulate(target.data(), points, Curve{});

    double first = 0, last = 0;
    for (int step = 0; step <= 1000; ++step) {
        const auto y = network.forward_training(x, workspace);
        loss<MSELoss, Backend>(y, as_view(target), gradient.view(), sum.data());
        network.backward(gradient, workspace, gradients);
        optimizer.step(network, gradients);
        if (step % 250 != 0) continue; // only who looks at numbers waits for them
        Backend::to_host(&last, sum.data(), 1);
        if (step == 0) first = last;
        std::printf("%s: step %4d, loss %.4f\n", room, step, last / points);
    }
    return report.holds() && last < first / 10;
}

int main() {
    bool good = learns<Cpu>("CPU");
#if CTGAN_HAS_CUDA
    if (ctgan::cuda::available()) // in full: the toolkit has a namespace cuda, too
        good = learns<Cuda>("CUDA") && good;
#endif
    return good ? 0 : 1;
}
