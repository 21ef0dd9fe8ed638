// Compares tiled products with the same products computed element by element: the CUDA backend's only
// handwritten kernel with its twin on Thrust, for all kinds of products, in float and double. Without a GPU
// the tiles' blocks run on the host.

#include <ctgan/gan/gan_loop.hpp>

#include "backend.hpp"
#include "expect.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace ctgan;
namespace implementation = ctgan::gpu::detail;

/// Whole numbers, for which sums of products are exact in every order, or normal ones.
template <class T>
Cuda::Memory<T> numbers(Index size, std::uint32_t purpose, bool whole) {
    std::vector<T> values(static_cast<std::size_t>(size));
    const random::Stream stream{3, 0, purpose};
    for (Index i = 0; i < size; ++i) {
        const std::uint32_t bits = stream.bits(i);
        values[static_cast<std::size_t>(i)] =
            whole ? static_cast<T>(static_cast<int>(random::below(bits, 9)) - 4)
                  : static_cast<T>(random::normal(bits));
    }
    return gpu_tests::on_device(values);
}

/// The largest difference, relative to the root mean square of the expected values.
template <class T>
double largest_difference(const std::vector<T>& found, const std::vector<T>& expected) {
    double largest = 0, squares = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double difference = std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i]));
        if (!(difference <= largest)) largest = difference; // NaN, too
        squares += static_cast<double>(expected[i]) * static_cast<double>(expected[i]);
    }
    return squares > 0 ? largest / std::sqrt(squares / static_cast<double>(found.size())) : HUGE_VAL;
}

/// `problem(whole, result)` returns a product of whole or normal numbers that writes `size` results to
/// `result`.
template <class T, class MakeProblem>
void compare(const std::string& name, Index size, const MakeProblem& problem) {
    double whole_off = 0, normal_off = 0;
    for (const bool whole : {true, false}) {
        const Cuda::Memory<T> before = numbers<T>(size, 9, true); // to be overwritten, or added to
        Cuda::Memory<T> expected = before;
        const auto twin = problem(whole, expected.data());
        implementation::multiply_naively(twin);
        const std::vector<T> naive = gpu_tests::on_host(expected.data(), size);
        const auto check = [&](const auto& multiply) {
            Cuda::Memory<T> found = before;
            multiply(problem(whole, found.data()));
            double& off = whole ? whole_off : normal_off;
            off = std::fmax(off, largest_difference(gpu_tests::on_host(found.data(), size), naive));
        };
        // The depth split as for all rows, as for one row (the most splits), and not split.
        for (const int planned : {twin.max_rows(), 1, 1 << 20})
            check([&](const auto& product) { implementation::multiply_by_tiles(product, planned); });
        // The widest tile, which only larger batches than these would use.
        if (twin.max_depth() <= implementation::max_products_per_sum)
            check([&](const auto& product) {
                using Large = implementation::LargeTile<std::remove_cvref_t<decltype(product)>>;
                implementation::multiply_by<Large>(product, 1, 0, product.max_rows(),
                                                   static_cast<T*>(nullptr));
            });
    }
    expect::within(whole_off, 0, name + ", whole numbers: off by");
    expect::within(normal_off, sizeof(T) > 4 ? 1e-13 : 1e-5, name + ", normal numbers: off by");
}

template <class T>
std::string label(const std::string& name, int batch) {
    return name + " of " + std::to_string(batch) + (sizeof(T) > 4 ? " in double, " : " in float, ");
}

template <class G, class T>
void check_convolution(const std::string& name, int batch) {
    constexpr Index big_size = Index{G::big_height} * G::big_width * G::big_channels;
    constexpr int small_pixels = G::small_height * G::small_width;
    constexpr Index small_size = Index{small_pixels} * G::small_channels;
    struct Inputs {
        Cuda::Memory<T> big, small, w, bias;
        Inputs(int count, bool whole)
            : big(numbers<T>(count * big_size, 1, whole)),
              small(numbers<T>(count * small_size, 2, whole)),
              w(numbers<T>(G::weights, 3, whole)),
              bias(numbers<T>(G::big_channels + G::small_channels, 4, whole)) {}
    };
    Inputs inputs[] = {Inputs(batch, false), Inputs(batch, true)};
    const std::string of = label<T>(name, batch);
    using Leaky = functions::LeakyRectify<std::ratio<1, 4>>; // exact on whole numbers
    compare<T>(of + "to small", batch * small_size, [&](bool whole, T* to) {
        Inputs& in = inputs[whole];
        return implementation::BigToSmall<G, T, Leaky>{
            in.big.data(), in.w.data(), in.bias.data(), to, {}, batch * small_pixels};
    });
    compare<T>(of + "to big", batch * big_size, [&](bool whole, T* to) {
        Inputs& in = inputs[whole];
        return implementation::SmallToBig<G, T, IdentityFunction>{
            in.small.data(), in.w.data(), in.bias.data(), to, {}, batch};
    });
    for (const bool add : {false, true})
        compare<T>(of + (add ? "added to weight" : "to weight"), G::weights, [&](bool whole, T* to) {
            Inputs& in = inputs[whole];
            return implementation::ToConvolutionWeight<G, T>{in.big.data(), in.small.data(), to, add,
                                                             batch * small_pixels};
        });
}

/// Compares a convolution by unfolding (im2col) and cuBLAS, or its twin, with the tiled one, through the
/// backend's operations.
template <class G>
void check_unfolding(const std::string& name, int batch) {
    constexpr Algorithms algorithms = Algorithms::fastest;
    constexpr Index big_size = Index{G::big_height} * G::big_width * G::big_channels;
    constexpr Index small_size = Index{G::small_height} * G::small_width * G::small_channels;
    static_assert(!ctgan::gpu::has_cublas || ctgan::gpu::ByUnfolding<G, float>::pays);
    if (!ctgan::gpu::has_cublas) return;
    Cuda::Memory<float> big = numbers<float>(batch * big_size, 1, true);
    Cuda::Memory<float> small = numbers<float>(batch * small_size, 2, true);
    Cuda::Memory<float> w = numbers<float>(G::weights, 3, true);
    Cuda::Memory<float> bias = numbers<float>(G::big_channels + G::small_channels, 4, true);
    Cuda::Memory<float> scratch(Cuda::convolution_scratch<float, G, algorithms>.at(batch));
    std::vector<float> results[2];
    for (const bool unfolded : {false, true}) {
        ctgan::gpu::use_cublas(unfolded);
        Cuda::Memory<float> to_big = big, to_small = small, to_weight = w;
        const auto operands = [&](Cuda::Memory<float>& output, Cuda::Memory<float>& input) {
            return ConvolutionOperands<float>{.output = output.data(),
                                              .input = input.data(),
                                              .weight = w.data(),
                                              .bias = bias.data(),
                                              .scratch = scratch.data(),
                                              .batch = batch,
                                              .algorithms = algorithms};
        };
        Cuda::convolution<G>(operands(to_small, big), functions::Rectify{});
        Cuda::transposed_convolution<G>(operands(to_big, small), functions::Rectify{});
        Cuda::convolution_weight_gradient<G>(
            ConvolutionGradientOperands<float>{.weight_gradient = to_weight.data(),
                                               .add = true,
                                               .big_image = big.data(),
                                               .small_image = small.data(),
                                               .scratch = scratch.data(),
                                               .batch = batch,
                                               .algorithms = algorithms});
        for (const auto* memory : {&to_small, &to_big, &to_weight}) {
            const auto values = gpu_tests::on_host(memory->data(), memory->size());
            results[unfolded].insert(results[unfolded].end(), values.begin(), values.end());
        }
    }
    ctgan::gpu::use_cublas(false);
    expect::within(largest_difference(results[1], results[0]), 0,
                   name + " by unfolding, all directions, whole numbers: off by");
}

template <int In, int Out, class T>
void check_linear(int batch) {
    struct Inputs {
        Cuda::Memory<T> x, dy, w, b;
        Inputs(int count, bool whole)
            : x(numbers<T>(Index{count} * In, 1, whole)),
              dy(numbers<T>(Index{count} * Out, 2, whole)),
              w(numbers<T>(Index{In} * Out, 3, whole)),
              b(numbers<T>(Out, 4, whole)) {}
    };
    Inputs inputs[] = {Inputs(batch, false), Inputs(batch, true)};
    const std::string of = label<T>("Linear<" + std::to_string(In) + ", " + std::to_string(Out) + ">", batch);
    compare<T>(of + "forward", Index{batch} * Out, [&](bool whole, T* to) {
        Inputs& in = inputs[whole];
        return implementation::LinearForward<In, Out, T, IdentityFunction>{
            in.x.data(), in.w.data(), in.b.data(), to, {}, batch};
    });
    compare<T>(of + "to input", Index{batch} * In, [&](bool whole, T* to) {
        Inputs& in = inputs[whole];
        return implementation::LinearToInput<In, Out, T>{in.dy.data(), in.w.data(), to, batch};
    });
    compare<T>(of + "added to weight", Index{In} * Out, [&](bool whole, T* to) {
        Inputs& in = inputs[whole];
        return implementation::LinearToWeight<In, Out, T, implementation::StoreOrAddAt<T>>{
            in.x.data(), in.dy.data(), {to, true}, batch};
    });
}

/// Sizes and offsets of types that are passed between host and device: both compilers must agree on them.
struct Layout {
    Index values[18];
};
CTGAN_HD inline Layout layout() {
    using Step = ctgan::detail::RuleStep<AdamRule, float>;
    using State = ctgan::detail::OptimizerState<AdamRule, float>;
    using Next = ctgan::detail::NextStep<AdamRule, float>;
    using Product = implementation::TiledProduct<
        implementation::SmallToBig<ConvolutionGeometry<3, 9, 9, 5, 4, 4, 3, 2, 0>, float, functions::Rectify>,
        implementation::Tile<64, 64, 4, 4>>;
    return {{sizeof(random::Stream), offsetof(random::Stream, counter), sizeof(random::StepCounter),
             sizeof(State), offsetof(State, decayed), sizeof(Next), offsetof(Next, state), sizeof(StepLosses),
             sizeof(Product), offsetof(Product, splits), offsetof(Product, partial),
             sizeof(implementation::UpdateAt<Step, float, 2>), sizeof(ctgan::detail::FinishStep),
             offsetof(ctgan::detail::FinishStep, images), sizeof(GatheredImages<Image<1, 28, 28>, float>),
             sizeof(implementation::Generate<float, implementation::ToMask<float>>),
             sizeof(implementation::NormInputGradient<8, float, SlopeOf<functions::Rectify>>),
             sizeof(implementation::ScaleChannels<8, 4, float, SlopeOf<IdentityFunction>>)}};
}
struct NoteLayout {
    Layout* to;
    CTGAN_HD void operator()() const { *to = layout(); }
};
void check_layout() {
    Cuda::Memory<Layout> memory(1);
    Cuda::run_once(NoteLayout{memory.data()});
    const Layout device = gpu_tests::on_host(memory.data(), 1)[0], host = layout();
    Index differing = 0;
    for (int i = 0; i < 18; ++i) differing += device.values[i] != host.values[i] || host.values[i] == 0;
    expect::that(differing == 0, "host and device agree on the layout of the types passed between them");
}

template <class T>
void check_all() {
    // The reference's layers, for which the wide tiles are made; then edge cases: strides with a remainder, a
    // kernel smaller than its stride, a single pixel, fewer channels than a tile has.
    check_convolution<ConvolutionGeometry<128, 7, 7, 256, 7, 7, 3, 1, 1>, T>("decon1", 3);
    check_convolution<ConvolutionGeometry<64, 14, 14, 128, 7, 7, 4, 2, 1>, T>("decon2", 3);
    check_convolution<ConvolutionGeometry<1, 28, 28, 64, 14, 14, 4, 2, 1>, T>("decon3", 5);
    check_convolution<ConvolutionGeometry<1, 28, 28, 64, 13, 13, 3, 2, 0>, T>("conv1", 5);
    check_convolution<ConvolutionGeometry<64, 13, 13, 128, 6, 6, 3, 2, 0>, T>("conv2", 4);
    check_convolution<ConvolutionGeometry<3, 11, 8, 5, 4, 3, 3, 3, 1>, T>("stride 3", 2);
    check_convolution<ConvolutionGeometry<3, 9, 10, 33, 5, 5, 1, 2, 0>, T>("kernel 1, stride 2", 2);
    check_convolution<ConvolutionGeometry<5, 4, 4, 6, 1, 1, 4, 1, 0>, T>("one small pixel", 7);
    check_convolution<ConvolutionGeometry<40, 9, 11, 17, 5, 6, 5, 2, 2>, T>("kernel 5", 1);
    check_convolution<ConvolutionGeometry<4, 1, 2, 5, 1, 1, 1, 3, 0>, T>("an image smaller than the stride",
                                                                         3);
    check_convolution<ConvolutionGeometry<5, 12, 9, 17, 4, 7, 3, 2, 1, 2, 1, 0, 3, 2>, T>(
        "rows unlike columns, with gaps", 3);
    check_convolution<ConvolutionGeometry<6, 9, 9, 4, 2, 2, 2, 4, 2, 2, 4, 2, 6>, T>(
        "a dilation with a divisor of the stride", 2);
    check_linear<9, 5, T>(100'000); // long sums
    for (const int batch : {1, 4, 70}) {
        check_linear<100, 200, T>(batch);
        check_linear<37, 33, T>(batch);
        check_linear<500, 1, T>(batch);
    }
}

} // namespace

int main() {
    return expect::run([] {
        check_layout();
        check_all<float>();
        check_all<double>();
        check_unfolding<ConvolutionGeometry<128, 7, 7, 256, 7, 7, 3, 1, 1>>("decon1", 2);
        check_unfolding<ConvolutionGeometry<64, 14, 14, 128, 7, 7, 4, 2, 1>>("decon2", 2);
        check_unfolding<ConvolutionGeometry<64, 13, 13, 128, 6, 6, 3, 2, 0>>("conv2", 2);
        check_unfolding<ConvolutionGeometry<33, 11, 8, 32, 4, 3, 3, 3, 1>>("stride 3", 3);
        check_unfolding<ConvolutionGeometry<33, 12, 9, 32, 4, 7, 3, 2, 1, 2, 1, 0, 3, 2>>(
            "rows unlike columns, with gaps", 3);
    });
}
