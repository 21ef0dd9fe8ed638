#pragma once

#include <ctgan/dcgan.hpp>

#include "timing.hpp"
#include <cstdint>
#include <string>

/// Measures the backend's operations for the layers of the published DCGAN, one at a time.
namespace bench {

using ctgan::Cuda;
using ctgan::Index;
using Memory = Cuda::Memory<float>;

/// Random values, uniform in [-1, 1).
inline Memory random_values(Index size, std::uint32_t purpose) {
    Memory memory(size);
    Cuda::fill_uniform(memory.data(), size, 1.F, {0, 0, purpose});
    return memory;
}

/// Several calls of an operation as one recording, to measure the time on the device without that of
/// launching.
template <class Operation>
class Several {
  public:
    Several(const Operation& operation, int calls) : operation_(operation), calls_(calls) {}
    void run() {
        recording_.run([this] {
            for (int i = 0; i < calls_; ++i) operation_();
        });
    }

  private:
    const Operation& operation_;
    int calls_;
    Cuda::Recording recording_;
};

/// Measures an operation and prints the result.
template <class Operation>
void bench_operation(const char* layer, const char* direction, int batch, Products products,
                     Index multiplications, const Effort& effort, const Operation& operation) {
    products.choose();
    ctgan::gpu::record_steps(true);
    Several<Operation> several(operation, effort.recorded);
    for (int i = 0; i < 3; ++i) several.run(); // loads the kernels, records, plays back
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

/// A convolution in its three directions. `big` is the input of Conv2d and the output of ConvTranspose2d.
template <class G>
void bench_convolution(const char* layer, int batch, Products products, const Effort& effort) {
    constexpr auto algorithms = ctgan::Algorithms::fastest;
    Memory big = random_values(Index{batch} * G::big_channels * G::big_height * G::big_width, 0);
    Memory small = random_values(Index{batch} * G::small_channels * G::small_height * G::small_width, 1);
    Memory weight = random_values(G::weights, 2);
    Memory bias = random_values(std::max(G::big_channels, G::small_channels), 3);
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
                                                      .big_image = big.data(),
                                                      .small_image = small.data(),
                                                      .scratch = scratch.data(),
                                                      .batch = batch,
                                                      .algorithms = algorithms});
    });
}

/// A Linear layer: forward, and the optimizer's update, in which a training step computes the weight
/// gradient.
template <int In, int Out>
void bench_linear(const char* layer, int batch, Products products, const Effort& effort) {
    Memory x = random_values(Index{batch} * In, 0), y = random_values(Index{batch} * Out, 1);
    Memory weight = random_values(Index{In} * Out, 2), bias = random_values(Out, 3);
    Memory m(Index{In} * Out), v(Index{In} * Out);
    const auto bench = [&](const char* direction, const auto& operation) {
        bench_operation(layer, direction, batch, products, Index{In} * Out, effort, operation);
    };
    bench("forward", [&] {
        Cuda::linear<In, Out>(y.data(), x.data(), weight.data(), bias.data(), batch,
                              ctgan::IdentityFunction{});
    });
    Cuda::Memory<std::int64_t> bad_step(1);
    const ctgan::detail::RuleStep<ctgan::AdamRule, float> adam{.update = {.one_minus_beta1 = 0.1F,
                                                                          .beta2 = 0.999F,
                                                                          .one_minus_beta2 = 0.001F,
                                                                          .step_size = 1e-4F,
                                                                          .root_correction = 1.F,
                                                                          .eps = 1e-8F,
                                                                          .weight_decay = 0},
                                                               .step = 1,
                                                               .bad_step = bad_step.data(),
                                                               .frozen = false};
    bench("update", [&] {
        Cuda::linear_update<In, Out>(ctgan::ParameterBlock<float, 2>{weight.data(), {m.data(), v.data()}},
                                     x.data(), y.data(), batch, adam);
    });
}

/// All layers that multiply, except the discriminator's last, which takes almost no time.
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
