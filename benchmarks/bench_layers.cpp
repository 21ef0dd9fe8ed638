// Google Benchmark of Adam, of the published DCGAN's layers and of convolutions of other geometries, each
// direction by itself:
// bench_layers THREADS [flags of Google Benchmark]. Counters: flops, the useful operations per second (two
// for each multiplication inside the images), and bytes, the minimum memory traffic per second.

#include <ctgan/dcgan.hpp>

#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace ctgan;

namespace {

/// A network of one layer with everything that a pass needs.
template <class Net>
struct Bench {
    explicit Bench(int batch) : workspace(batch), input(batch), output_gradient(batch) {
        Cpu::fill_uniform(input.data(), input.size(), 1.F, {0, 0, 0});
        Cpu::fill_uniform(output_gradient.data(), output_gradient.size(), 1.F, {0, 0, 1});
        network.forward_training(input, workspace);
    }

    Network<Net> network{0};
    typename Network<Net>::TrainingWorkspace workspace;
    typename Network<Net>::Gradients gradients;
    Batch<typename Net::input_shape> input;
    Batch<typename Net::output_shape> output_gradient;
};

void count(benchmark::State& state, const char* what, Index per_pass) {
    state.counters[what] =
        benchmark::Counter(static_cast<double>(per_pass), benchmark::Counter::kIsIterationInvariantRate);
}

/// Counts a layer that multiplies by its multiplications, and any other layer by its memory traffic, which is
/// `arrays` arrays of the input's size.
template <class Net>
void count_pass(benchmark::State& state, int arrays) {
    const Index batch = state.range(0);
    if constexpr (Network<Net>::flops > 0)
        count(state, "flops", Network<Net>::flops * batch);
    else
        count(state, "bytes", arrays * Index{sizeof(float)} * Net::input_shape::size * batch);
}

template <class Net>
void forward(benchmark::State& state) {
    Bench<Net> bench(static_cast<int>(state.range(0)));
    for (auto _ : state) bench.network.forward_training(bench.input, bench.workspace);
    count_pass<Net>(state, 2);
}

template <class Net, WithRespectTo wrt>
void backward(benchmark::State& state) {
    Bench<Net> bench(static_cast<int>(state.range(0)));
    for (auto _ : state)
        bench.network.template backward<wrt>(bench.output_gradient, bench.workspace, &bench.gradients);
    count_pass<Net>(state, 3);
}

/// 28 bytes per parameter: reads the parameter, its gradient and its two moments, writes all but the
/// gradient.
template <class Net>
void adam(benchmark::State& state) {
    Network<Net> network(0);
    typename Network<Net>::Gradients gradients;
    Cpu::fill_uniform(gradients.data(), gradients.size(), 1.F, {0, 0, 0});
    Adam<Network<Net>> optimizer(network);
    for (auto _ : state) optimizer.step(network, gradients);
    count(state, "bytes", 28 * Network<Net>::parameter_count);
}

void add(const std::string& name, void (*f)(benchmark::State&)) {
    benchmark::RegisterBenchmark(name.c_str(), f)->Arg(4)->Arg(64)->UseRealTime();
}

/// A layer with a weight, in the directions that a training step needs.
template <class Net, bool with_input = true>
void add_weighted(const std::string& name) {
    add(name + "/forward", forward<Net>);
    if (with_input) add(name + "/to_input", backward<Net, WithRespectTo::input>);
    add(name + "/to_weight", backward<Net, WithRespectTo::parameters>);
}

template <class Net>
void add_norm(const std::string& name) {
    add(name + "/forward", forward<Net>);
    add(name + "/backward", backward<Net, WithRespectTo::both>);
}

} // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (argc != 2) {
        std::fprintf(stderr, "usage: bench_layers THREADS [--benchmark_...]\n");
        return 2;
    }
    cpu::set_threads(std::atoi(argv[1]));
    add_weighted<Sequential<Linear<100, 256 * 7 * 7>>, false>("linear1");
    add_weighted<Sequential<Input<256, 7, 7>, ConvTranspose2d<256, 128, 3, 1, 1>>>("decon1");
    add_weighted<Sequential<Input<128, 7, 7>, ConvTranspose2d<128, 64, 4, 2, 1>>>("decon2");
    add_weighted<Sequential<Input<64, 14, 14>, ConvTranspose2d<64, 1, 4, 2, 1>>>("decon3");
    add_weighted<Sequential<Input<1, 28, 28>, Conv2d<1, 64, 3, 2>>>("conv1");
    add_weighted<Sequential<Input<64, 13, 13>, Conv2d<64, 128, 3, 2>>>("conv2");
    add_weighted<Sequential<Input<64, 16, 16>, Conv2d<64, 64, 3, 1, 1>>>("square");
    add_weighted<
        Sequential<Input<64, 16, 16>,
                   Conv2dWith<Conv2dOptions{.in = 64, .out = 64, .kernel = 3, .padding = 2, .dilation = 2}>>>(
        "dilated");
    add_weighted<
        Sequential<Input<64, 16, 16>,
                   Conv2dWith<Conv2dOptions{.in = 64, .out = 64, .kernel = {3, 5}, .padding = {1, 2}}>>>(
        "rectangular");
    add_weighted<
        Sequential<Input<64, 16, 16>,
                   Conv2dWith<Conv2dOptions{.in = 64, .out = 64, .kernel = 3, .padding = 1, .groups = 16}>>>(
        "groups");
    add_weighted<
        Sequential<Input<64, 16, 16>,
                   Conv2dWith<Conv2dOptions{.in = 64, .out = 64, .kernel = 3, .padding = 1, .groups = 64}>>>(
        "depthwise");
    add_norm<Sequential<Input<256 * 7 * 7>, BatchNorm1d<256 * 7 * 7>>>("bn1");
    add_norm<Sequential<Input<128, 7, 7>, BatchNorm2d<128>>>("bn2");
    add_norm<Sequential<Input<64, 14, 14>, BatchNorm2d<64>>>("bn3");
    add_norm<Sequential<Input<128, 6, 6>, BatchNorm2d<128>>>("bn");
    benchmark::RegisterBenchmark("adam/generator", adam<dcgan::Generator>)->UseRealTime();
    benchmark::RegisterBenchmark("adam/discriminator", adam<dcgan::Discriminator>)->UseRealTime();
    benchmark::RunSpecifiedBenchmarks();
}
