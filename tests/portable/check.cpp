// Checks for every target: sums of whole numbers are exact, tiled convolutions equal direct ones, training
// runs. Prints the losses of some steps, which run.sh compares between targets.

#include <ctgan/dcgan.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <vector>

using namespace ctgan;

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
    if (holds) return;
    std::printf("FAILED %s\n", what);
    ++failures;
}

/// Whole numbers from -4 to 4.
template <class T>
std::vector<T> whole(Index size, std::uint32_t purpose) {
    std::vector<T> numbers(static_cast<std::size_t>(size));
    const random::Stream stream{5, 0, purpose};
    for (Index i = 0; i < size; ++i)
        numbers[static_cast<std::size_t>(i)] = static_cast<T>(random::below(stream.bits(i), 9)) - T{4};
    return numbers;
}

/// Calls f(index in the big image, index in the small image, index of the weight) for all products of the
/// geometry, by its definition.
template <class G, class F>
void for_each_pair(Index batch, const F& f) {
    for (Index n = 0; n < batch; ++n)
        for (Index y = 0; y < G::small_height; ++y)
            for (Index x = 0; x < G::small_width; ++x)
                for (Index tap = 0; tap < G::taps; ++tap) {
                    const Index by = y * G::stride_height - G::padding_height + tap / G::kernel_width;
                    const Index bx = x * G::stride_width - G::padding_width + tap % G::kernel_width;
                    if (by < 0 || by >= G::big_height || bx < 0 || bx >= G::big_width) continue;
                    for (Index s = 0; s < G::small_channels; ++s)
                        for (Index b = 0; b < G::big_channels; ++b)
                            f(static_cast<std::size_t>(
                                  ((n * G::big_height + by) * G::big_width + bx) * G::big_channels + b),
                              static_cast<std::size_t>(
                                  ((n * G::small_height + y) * G::small_width + x) * G::small_channels + s),
                              static_cast<std::size_t>((tap * G::small_channels + s) * G::big_channels + b));
                }
}

/// Images and weights of a geometry, and the results of its three directions, computed by simple loops.
template <class G, class T>
struct Example {
    int batch;
    std::vector<T> big, small, weight, to_small, to_big, to_weight;

    Example(int n, std::vector<T> (*draw)(Index, std::uint32_t))
        : batch(n),
          big(draw(Index{n} * G::big_height * G::big_width * G::big_channels, 1)),
          small(draw(Index{n} * G::small_height * G::small_width * G::small_channels, 2)),
          weight(draw(G::weights, 3)),
          to_small(small.size()),
          to_big(big.size()),
          to_weight(weight.size()) {
        for_each_pair<G>(n, [&](std::size_t b, std::size_t s, std::size_t w) {
            to_small[s] += big[b] * weight[w];
            to_big[b] += small[s] * weight[w];
            to_weight[w] += big[b] * small[s];
        });
    }
};

template <class T>
double relative_difference(const std::vector<T>& found, const std::vector<T>& expected) {
    double square = 0, of_differences = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double e = expected[i], d = found[i] - expected[i];
        square += e * e;
        of_differences += d * d;
    }
    return std::sqrt(of_differences / square);
}

template <class G>
void check_exact() {
    const Example<G, float> x(3, whole<float>);
    std::vector<float> to_small(x.small.size()), to_big(x.big.size()), to_weight(x.weight.size());
    BatchOn<Flat<1>, Cpu> scratch(
        static_cast<int>(Cpu::convolution_scratch<float, G, Algorithms::batch_invariant>.at(3)) + 1);
    const auto operands = [&](std::vector<float>& output, const std::vector<float>& input) {
        return ConvolutionOperands<float>{.output = output.data(),
                                          .input = input.data(),
                                          .weight = x.weight.data(),
                                          .scratch = scratch.data(),
                                          .batch = 3};
    };
    Cpu::convolution<G>(operands(to_small, x.big));
    Cpu::transposed_convolution<G>(operands(to_big, x.small));
    Cpu::convolution_weight_gradient<G>(
        ConvolutionGradientOperands<float>{.weight_gradient = to_weight.data(),
                                           .big_image = x.big.data(),
                                           .small_image = x.small.data(),
                                           .scratch = scratch.data(),
                                           .batch = 3});
    expect(to_small == x.to_small, "whole numbers to small");
    expect(to_big == x.to_big, "whole numbers to big");
    expect(to_weight == x.to_weight, "whole numbers to weight");
}

template <int In, int Out>
void check_exact_linear() {
    constexpr int batch = 5;
    const auto x = whole<float>(batch * In, 1), dy = whole<float>(batch * Out, 2),
               w = whole<float>(In * Out, 3), b = whole<float>(Out, 4);
    std::vector<float> y(dy.size()), dx(x.size()), dw(w.size()), expected_y(dy.size()), expected_dx(x.size()),
        expected_dw(w.size());
    constexpr TensorSpec order = Linear<In, Out>::parameters[0];
    for (Index n = 0; n < batch; ++n)
        for (Index o = 0; o < Out; ++o) {
            const auto at_y = static_cast<std::size_t>(n * Out + o);
            expected_y[at_y] += b[static_cast<std::size_t>(o)];
            for (Index i = 0; i < In; ++i) {
                const auto at_x = static_cast<std::size_t>(n * In + i),
                           at_w = static_cast<std::size_t>(order.memory_index(o * In + i));
                expected_y[at_y] += x[at_x] * w[at_w];
                expected_dx[at_x] += dy[at_y] * w[at_w];
                expected_dw[at_w] += dy[at_y] * x[at_x];
            }
        }
    Cpu::linear<In, Out>(y.data(), x.data(), w.data(), b.data(), batch);
    Cpu::linear_input_gradient<In, Out>(dx.data(), dy.data(), w.data(), batch);
    Cpu::linear_weight_gradient<In, Out>(dw.data(), x.data(), dy.data(), batch, false);
    expect(y == expected_y, "whole numbers through linear");
    expect(dx == expected_dx, "whole numbers to linear's input");
    expect(dw == expected_dw, "whole numbers to linear's weight");
}

/// Checks packs in which one lane may not be finite.
template <class T>
void check_finite() {
    using Limits = std::numeric_limits<T>;
    using Pack = cpu::Pack<T>;
    for (const T value : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), -Limits::quiet_NaN(),
                          Limits::max(), Limits::lowest(), Limits::denorm_min()})
        for (int lane = 0; lane < Pack::size; ++lane) {
            T lanes[Pack::size] = {};
            lanes[lane] = value;
            expect(is_finite(Pack::load(lanes)) == std::isfinite(value), "finite lanes");
            expect(is_finite(value) == std::isfinite(value), "a finite value");
        }
}

/// Random numbers have the same bits on every system: `recorded` is of g++ 12 on x86-64.
void check_random_numbers() {
    constexpr std::uint64_t recorded = 0xfd4f8417ce7d5860;
    std::uint64_t hash = 0;
    const random::Stream stream{42, 7, 1000};
    for (Index i = 0; i < 1000; ++i)
        hash = hash * 0x100000001b3 ^ std::bit_cast<std::uint64_t>(random::normal(stream.bits(i)));
    expect(hash == recorded, "the bits of normal numbers");
}

#if CTGAN_OWN_FMA && !defined(__MINGW32__) // where std::fma is right
/// Compares the library's with std::fma where the sum almost cancels, and where it does not.
void check_fused_multiply_add() {
    const random::Stream stream{.seed = 12};
    bool same = true;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const double x = random::normal(stream.bits(3 * i)), y = random::normal(stream.bits(3 * i + 1)),
                     z = random::normal(stream.bits(3 * i + 2));
        same = same && ctgan::detail::fused_multiply_add(x, y, z) == std::fma(x, y, z);
        same = same && ctgan::detail::fused_multiply_add(x, y, -x * y) == std::fma(x, y, -x * y);
        same = same && ctgan::detail::fused_multiply_add(x, y, z * 0x1p-60) == std::fma(x, y, z * 0x1p-60);
    }
    expect(same, "x * y + z, rounded once");
}
#else
void check_fused_multiply_add() {}
#endif

std::vector<double> uniform(Index size, std::uint32_t purpose) {
    std::vector<double> numbers(static_cast<std::size_t>(size));
    Cpu::fill_uniform(numbers.data(), size, 1.0, {6, 0, purpose});
    return numbers;
}

template <class G>
void check_tiles() {
    using Tiled = cpu::TiledConvolution<G, double>;
    const Example<G, double> x(17, uniform);
    std::vector<double> to_small(x.small.size()), to_big(x.big.size()), to_weight(x.weight.size());
    BatchOn<Flat<1>, Cpu, double> scratch(static_cast<int>(Tiled::scratch_size));
    const auto operands = [&](std::vector<double>& output, const std::vector<double>& input) {
        return ConvolutionOperands<double>{.output = output.data(),
                                           .input = input.data(),
                                           .weight = x.weight.data(),
                                           .scratch = scratch.data(),
                                           .batch = 17};
    };
    Tiled::to_small(operands(to_small, x.big), IdentityFunction{});
    Tiled::to_big(operands(to_big, x.small), IdentityFunction{});
    Tiled::to_weight(ConvolutionGradientOperands<double>{.weight_gradient = to_weight.data(),
                                                         .big_image = x.big.data(),
                                                         .small_image = x.small.data(),
                                                         .scratch = scratch.data(),
                                                         .batch = 17});
    // tests/unit/tiled_convolution.cpp explains the limit.
    expect(relative_difference(to_small, x.to_small) <= 1e-13, "tiles to small");
    expect(relative_difference(to_big, x.to_big) <= 1e-13, "tiles to big");
    expect(relative_difference(to_weight, x.to_weight) <= 1e-13, "tiles to weight");
}

template <class TheGan>
void train(int steps, int batch) {
    TheGan gan(5, batch, {.lr = 1e-4}, {.lr = 1e-4});
    BatchOn<typename TheGan::image_shape, Cpu> real(batch);
    BatchOn<typename TheGan::noise_shape, Cpu> noise(batch);
    for (int step = 0; step < steps; ++step) {
        const auto number = static_cast<std::uint64_t>(step);
        Cpu::fill_uniform(real.data(), real.size(), 1.0F, {77, number, 1});
        Cpu::fill_normal(noise.data(), noise.size(), 1.0F, {77, number, 2});
        const auto losses = gan.train_step(real, noise, number);
        std::printf("loss %.9g\nloss %.9g\n", losses.discriminator, losses.generator);
    }
}

} // namespace

int main() {
    check_fused_multiply_add();
    check_finite<float>();
    check_finite<double>();
    check_random_numbers();
    check_exact<ConvolutionGeometry<17, 7, 5, 33, 3, 2, 4, 2, 1>>();
    check_exact<ConvolutionGeometry<1, 7, 4, 17, 3, 1, 3, 2, 0>>();
    check_exact_linear<33, 77>();
    check_exact_linear<70, 1>();
    check_tiles<ConvolutionGeometry<17, 7, 7, 20, 7, 7, 3, 1, 1>>();
    check_tiles<ConvolutionGeometry<20, 9, 10, 17, 4, 5, 4, 2, 1>>();
    using TheGan = Gan<dcgan::GeneratorOf<9, 20, 17, 16>, dcgan::DiscriminatorOf<16, 20>>;
    // One step only: a normalization over a batch of three is almost singular, and rounding errors grow a
    // hundredfold in a step.
    train<TheGan>(1, 3);
    train<TheGan>(5, 16); // by tiles
    std::printf("lanes %d\n", cpu::Pack<float>::size);
    return failures == 0 ? 0 : 1;
}
