#pragma once

#include <ctgan/dcgan.hpp>

#include "timing.hpp"
#include <cstdint>
#include <string>

/// The backend's verbs for the reference's layers, one at a time.
namespace bench {

using ctgan::Cuda;
using ctgan::Index;
using Memory = Cuda::Memory<float>;

/// Memory of random numbers.
inline Memory numbers(Index size, std::uint32_t purpose) {
    Memory memory(size);
    Cuda::fill_uniform(memory.data(), size, 1.F, {0, 0, purpose});
    return memory;
}

/// Several calls of a verb as one recording, so that the time is the device's and not that of launching.
template <class Verb>
class Several {
  public:
    Several(const Verb& verb, int calls) : verb_(verb), calls_(calls) {}
    void run() {
        recording_.run([this] {
            for (int i = 0; i < calls_; ++i) verb_();
        });
    }

  private:
    const Verb& verb_;
    int calls_;
    Cuda::Recording recording_;
};

template <class Verb>
void bench_operation(const char* layer, const char* direction, int batch, Products products,
                     Index multiplications, const Effort& effort, const Verb& verb) {
    products.choose();
    ctgan::cuda::record_steps(true);
    Several<Verb> several(verb, effort.recorded);
    for (int i = 0; i < 3; ++i) several.run(); // loads, records, plays back
    const int plays = calls_for(seconds_of([&] { several.run(); }), effort, 1000);
    std::vector<double> us;
    for (int i = 0; i < effort.repeats; ++i) {
        const double seconds = seconds_of([&] {
            for (int k = 0; k < plays; ++k) several.run();
        });
        us.push_back(seconds * 1e6 / (plays * effort.recorded));
    }
    const Spread time = spread(us);
    Line("layer")
        .add("layer", layer)
        .add("direction", direction)
        .add("batch", batch)
        .add(products)
        .add("us", time)
        .add("gflops", 2e-3 * static_cast<double>(multiplications) * batch / time.median);
}

/// A convolution in its three directions; `big` is Conv2d's input, or ConvTranspose2d's output.
template <class G>
void bench_convolution(const char* layer, int batch, Products products, const Effort& effort) {
    constexpr auto algorithms = ctgan::Algorithms::fastest;
    Memory big = numbers(Index{batch} * G::big_channels * G::big_height * G::big_width, 0);
    Memory small = numbers(Index{batch} * G::small_channels * G::small_height * G::small_width, 1);
    Memory weight = numbers(G::weights, 2);
    Memory bias = numbers(std::max(G::big_channels, G::small_channels), 3);
    Memory gradient(G::weights);
    Memory scratch(Cuda::convolution_scratch<float, G, algorithms>.at(batch));
    const auto bench = [&](const char* direction, const auto& operation) {
        bench_operation(layer, direction, batch, products, G::multiplications(), effort, operation);
    };
    const auto operands = [&](Memory& output, Memory& input) {
        return ctgan::ConvolutionOperands<float>{.output = output.data(),
                                                 .input = input.data(),
                                                 .weight = weight.data(),
                                                 .bias = bias.data(),
                                                 .scratch = scratch.data(),
                                                 .batch = batch,
                                                 .algorithms = algorithms};
    };
    bench("to_small", [&] { Cuda::convolution<G>(operands(small, big)); });
    bench("to_big", [&] { Cuda::transposed_convolution<G>(operands(big, small)); });
    bench("to_weight", [&] {
        Cuda::convolution_weight_gradient<G>(
            ctgan::ConvolutionGradientOperands<float>{.weight_gradient = gradient.data(),
                                                      .big = big.data(),
                                                      .small = small.data(),
                                                      .scratch = scratch.data(),
                                                      .batch = batch,
                                                      .algorithms = algorithms});
    });
}

/// A Linear layer forward and, as the step has it, its gradient in the optimizer's update.
template <int In, int Out>
void bench_linear(const char* layer, int batch, Products products, const Effort& effort) {
    Memory x = numbers(Index{batch} * In, 0), y = numbers(Index{batch} * Out, 1);
    Memory weight = numbers(Index{In} * Out, 2), bias = numbers(Out, 3);
    Memory m(Index{In} * Out), v(Index{In} * Out);
    const auto bench = [&](const char* direction, const auto& operation) {
        bench_operation(layer, direction, batch, products, Index{In} * Out, effort, operation);
    };
    bench("forward", [&] {
        Cuda::linear<In, Out>(y.data(), x.data(), weight.data(), bias.data(), batch, ctgan::Identity{});
    });
    Cuda::Memory<std::int64_t> bad_step(1);
    const ctgan::detail::AdamUpdate<float> adam{0.1F,  0.999F, 0.001F,          1e-4F, 1.F,
                                                1e-8F, 1,      bad_step.data(), false};
    bench("update", [&] {
        Cuda::linear_update<In, Out>(ctgan::ParameterBlock<float, 2>{weight.data(), {m.data(), v.data()}},
                                     x.data(), y.data(), batch, adam);
    });
}

/// Those of the reference that multiply, but for the discriminator's last, which is nearly nothing.
inline void bench_layers(int batch, Products products, const Effort& effort) {
    using namespace ctgan;
    bench_linear<100, 256 * 7 * 7>("linear1", batch, products, effort);
    bench_convolution<ConvTranspose2d<256, 128, 3, 1, 1>::Geometry<Image<256, 7, 7>>>("decon1", batch,
                                                                                      products, effort);
    bench_convolution<ConvTranspose2d<128, 64, 4, 2, 1>::Geometry<Image<128, 7, 7>>>("decon2", batch,
                                                                                     products, effort);
    bench_convolution<ConvTranspose2d<64, 1, 4, 2, 1>::Geometry<Image<64, 14, 14>>>("decon3", batch, products,
                                                                                    effort);
    bench_convolution<Conv2d<1, 64, 3, 2>::Geometry<Image<1, 28, 28>>>("conv1", batch, products, effort);
    bench_convolution<Conv2d<64, 128, 3, 2>::Geometry<Image<64, 13, 13>>>("conv2", batch, products, effort);
}

} // namespace bench
