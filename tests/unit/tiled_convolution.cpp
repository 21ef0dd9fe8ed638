// Compares tiled convolutions with direct ones, which the exact_* tests check, in all three directions.

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/convolution.hpp>
#include <ctgan/backend/cpu/memory.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/layers/activations.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace ctgan;

namespace {

template <class G, class T>
Index scratch_of_direct(int batch) {
    constexpr MemorySize size = cpu::Direct<G, T>::template scratch<Algorithms::fastest>;
    return size.at(batch);
}

template <class T>
using Values = std::vector<T>;

/// Random values from -1 to 1 that float represents exactly.
template <class T>
Values<T> draw(Index size, std::uint32_t purpose) {
    Values<T> values(static_cast<std::size_t>(size));
    const random::Stream stream{21, 0, purpose};
    for (Index i = 0; i < size; ++i)
        values[static_cast<std::size_t>(i)] = static_cast<T>(2 * random::uniform(stream.bits(i)) - 1);
    return values;
}

/// Dropout's factors for each channel of each sample: half of the channels are dropped, in the second sample
/// all, in the third none.
template <class T>
Values<T> factors_of(int batch, int channels) {
    Values<T> factors(static_cast<std::size_t>(batch) * static_cast<std::size_t>(channels));
    const random::Stream stream{21, 0, 9};
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const auto sample = i / static_cast<std::size_t>(channels);
        const bool kept = random::uniform(stream.bits(static_cast<Index>(i))) >= 0.5;
        factors[i] = sample == 1 ? T{0} : sample == 2 || kept ? T{2} : T{0};
    }
    return factors;
}

/// Multiplies images by dropout's factors.
template <class T>
void scale(Values<T>& images, const Values<T>& factors, int pixels, int channels) {
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto per_sample = static_cast<std::size_t>(pixels) * static_cast<std::size_t>(channels);
        images[i] *= factors[i / per_sample * static_cast<std::size_t>(channels) +
                             i % static_cast<std::size_t>(channels)];
    }
}

/// Scratch memory that detects reads before the first write (by NaN) and writes beyond the end.
template <class T>
class Scratch {
  public:
    explicit Scratch(Index size) : size_(size), memory_(size + guard) {
        std::fill_n(memory_.data(), size + guard, std::numeric_limits<T>::quiet_NaN());
        std::fill_n(memory_.data() + size, guard, T{7});
    }
    T* data() { return memory_.data(); }
    bool intact() const {
        return std::count(memory_.data() + size_, memory_.data() + size_ + guard, T{7}) == guard;
    }

  private:
    static constexpr Index guard = 256;
    Index size_;
    cpu::Memory<T> memory_;
};

/// Images, weight and biases of a geometry.
template <class G, class T>
struct Case {
    static constexpr int big_pixels = G::big_height * G::big_width,
                         small_pixels = G::small_height * G::small_width;
    int batch;
    Values<T> big = draw<T>(Index{batch} * big_pixels * G::big_channels, 1),
              small = draw<T>(Index{batch} * small_pixels * G::small_channels, 2),
              weight = draw<T>(G::weights, 3), big_bias = draw<T>(G::big_channels, 4),
              small_bias = draw<T>(G::small_channels, 5), old_gradient = draw<T>(G::weights, 6),
              big_factors = factors_of<T>(batch, G::big_channels),
              small_factors = factors_of<T>(batch, G::small_channels);

    struct Results {
        Values<T> to_small, to_big, to_weight, added_to_weight;
        bool operator==(const Results&) const = default;
    };

    void drop() {
        scale(big, big_factors, big_pixels, G::big_channels);
        scale(small, small_factors, small_pixels, G::small_channels);
    }

    /// `Algorithm` is TiledConvolution or Direct. If `with_factors` is true, the convolutions get the factors
    /// of their input.
    template <class Algorithm>
    Results run(Index scratch_size, bool with_factors) const {
        const T never_written = std::numeric_limits<T>::quiet_NaN();
        Results r{Values<T>(small.size(), never_written), Values<T>(big.size(), never_written),
                  Values<T>(weight.size(), never_written), old_gradient};
        Scratch<T> scratch(scratch_size);
        Algorithm::to_small(
            operands(r.to_small, big, small_bias, scratch, with_factors ? &big_factors : nullptr),
            IdentityFunction{});
        Algorithm::to_big(
            operands(r.to_big, small, big_bias, scratch, with_factors ? &small_factors : nullptr),
            IdentityFunction{});
        to_weight<Algorithm>(r.to_weight, false, scratch);
        to_weight<Algorithm>(r.added_to_weight, true, scratch);
        BOOST_TEST(scratch.intact());
        return r;
    }

    /// The operands of a convolution to one of the two images; `factors` of its input, or null.
    ConvolutionOperands<T, const T*> operands(Values<T>& output, const Values<T>& input,
                                              const Values<T>& bias, Scratch<T>& scratch,
                                              const Values<T>* factors) const {
        return {.output = output.data(),
                .input = input.data(),
                .weight = weight.data(),
                .bias = bias.data(),
                .scratch = scratch.data(),
                .batch = batch,
                .input_factors = factors ? factors->data() : nullptr};
    }

  private:
    template <class Algorithm>
    void to_weight(Values<T>& to, bool add, Scratch<T>& scratch) const {
        Algorithm::to_weight(ConvolutionGradientOperands<T>{.weight_gradient = to.data(),
                                                            .add = add,
                                                            .big_image = big.data(),
                                                            .small_image = small.data(),
                                                            .scratch = scratch.data(),
                                                            .batch = batch});
    }
};

template <class T>
double relative_error(const Values<T>& found, const Values<double>& expected) {
    double square = 0, of_errors = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        square += expected[i] * expected[i];
        of_errors += (found[i] - expected[i]) * (found[i] - expected[i]);
    }
    BOOST_TEST(square > 0);
    return std::sqrt(of_errors / square); // NaN if a value was never written
}

template <class Results, class Expected>
void check_close(const Results& found, const Expected& expected, double limit, const char* what) {
    const double errors[] = {relative_error(found.to_small, expected.to_small),
                             relative_error(found.to_big, expected.to_big),
                             relative_error(found.to_weight, expected.to_weight),
                             relative_error(found.added_to_weight, expected.added_to_weight)};
    BOOST_TEST_MESSAGE(what << ": relative errors " << errors[0] << " to small, " << errors[1] << " to big, "
                            << errors[2] << " to weight, " << errors[3] << " added");
    for (const double error : errors)
        BOOST_TEST(error <= limit, what << ": " << error << " is above " << limit);
}

/// In double the two algorithms differ only by the rounding of sums of up to 2304 products, or of a batch's
/// pixels: a random walk of steps of 1e-16, which the coefficients of the form enlarge a few times.
constexpr double max_in_double = 1e-13;
/// In float a step is 6e-8, and the error of a direct convolution of the reference is about 2e-7. Tiles lose
/// one more digit in exchange for fewer multiplications, but not two: the points of the forms are at
/// most 1.5. (The limit for weight gradients in tests/golden is 5e-6.)
constexpr double max_in_float = 4e-6;

template <class G>
void check(std::initializer_list<int> batches) {
    using Tiled = cpu::TiledConvolution<G, double>;
    using Direct = cpu::Direct<G, double>;
    for (const int batch : batches) {
        Case<G, double> inputs{batch};
        check_close(inputs.template run<Tiled>(Tiled::scratch_size, false),
                    inputs.template run<Direct>(scratch_of_direct<G, double>(inputs.batch), false),
                    max_in_double, "double");
        inputs.drop();
        const auto expected = inputs.template run<Direct>(scratch_of_direct<G, double>(inputs.batch), false);
        const auto without_factors = inputs.template run<Tiled>(Tiled::scratch_size, false);
        check_close(without_factors, expected, max_in_double, "double, dropped channels");
        // Skipping the zeros must give the same sums in the same order.
        BOOST_TEST((inputs.template run<Tiled>(Tiled::scratch_size, true) == without_factors));
        BOOST_TEST(
            (inputs.template run<Direct>(scratch_of_direct<G, double>(inputs.batch), true) == expected));
    }
}

template <class G>
void check_float(int batch) {
    using Tiled = cpu::TiledConvolution<G, float>;
    const Case<G, float> inputs{batch};
    const Case<G, double> exact{batch};
    check_close(inputs.template run<Tiled>(Tiled::scratch_size, false),
                exact.template run<cpu::Direct<G, double>>(scratch_of_direct<G, double>(exact.batch), false),
                max_in_float, "float");
}

/// Channels, height and width of the big image and of the small one; kernel, stride, padding.
using Decon1 = ConvolutionGeometry<128, 7, 7, 256, 7, 7, 3, 1, 1>;
using Decon2 = ConvolutionGeometry<64, 14, 14, 128, 7, 7, 4, 2, 1>;
using Conv2 = ConvolutionGeometry<64, 13, 13, 128, 6, 6, 3, 2, 0>;

} // namespace

BOOST_AUTO_TEST_CASE(tiled_convolutions_of_the_reference) {
    check<Decon1>({12});
    check<Decon2>({17});
    check<Conv2>({16});
}

BOOST_AUTO_TEST_CASE(tiled_convolutions_of_the_reference_in_float) {
    check_float<Decon1>(16);
    check_float<Decon2>(16);
    check_float<Conv2>(16);
}

BOOST_AUTO_TEST_CASE(tiled_convolutions_of_odd_channels_and_images) {
    check<ConvolutionGeometry<17, 5, 5, 33, 5, 5, 3, 1, 1>>({12, 16, 17, 33});
    check<ConvolutionGeometry<20, 7, 4, 17, 3, 2, 4, 2, 1>>({16, 33});
}

BOOST_AUTO_TEST_CASE(tiled_convolutions_of_other_kernels_and_strides) {
    check<ConvolutionGeometry<17, 7, 4, 20, 7, 4, 5, 1, 2>>({13});
    check<ConvolutionGeometry<20, 7, 5, 17, 4, 3, 5, 2, 2>>({17});
}

BOOST_AUTO_TEST_CASE(tiled_convolutions_with_output_padding) {
    // The big image is one larger than the small image requires: (n - 1) stride - 2 padding + kernel + 1.
    check<ConvolutionGeometry<20, 10, 8, 17, 5, 4, 3, 2, 1>>({12, 33});
    check<ConvolutionGeometry<17, 13, 10, 20, 4, 3, 4, 3, 1>>({16});
}

BOOST_AUTO_TEST_CASE(pixels_of_tiled_convolutions_that_no_tap_reaches_are_the_bias) {
    // A kernel of two with a stride of three skips every third row and column.
    using G = ConvolutionGeometry<17, 9, 7, 20, 3, 2, 2, 3, 0>;
    check<G>({16});
    using Tiled = cpu::TiledConvolution<G, float>;
    const Case<G, float> inputs{16};
    const auto found = inputs.run<Tiled>(Tiled::scratch_size, false).to_big;
    std::size_t unreached = 0, wrong = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::size_t pixel = i / G::big_channels % (G::big_height * G::big_width);
        const std::size_t row = pixel / G::big_width, column = pixel % G::big_width;
        const bool reached = row % 3 < 2 && column % 3 < 2 && column < 5;
        unreached += reached ? 0 : 1;
        wrong += (found[i] == inputs.big_bias[i % G::big_channels]) == reached ? 1 : 0;
    }
    BOOST_TEST(unreached > 0U);
    BOOST_TEST(wrong == 0U, wrong << " of " << found.size() << " values");
}

BOOST_AUTO_TEST_CASE(a_function_is_applied_once_to_each_output_of_a_tiled_convolution) {
    using G = ConvolutionGeometry<17, 7, 5, 20, 3, 2, 4, 2, 1>;
    using Tiled = cpu::TiledConvolution<G, float>;
    struct Twice {
        float operator()(float x) const { return 2 * x; } // applied twice it would give 4 x
    };
    const Case<G, float> inputs{17};
    auto plain = inputs.run<Tiled>(Tiled::scratch_size, false);
    Scratch<float> scratch(Tiled::scratch_size);
    Values<float> small(plain.to_small.size()), big(plain.to_big.size());
    Tiled::to_small(inputs.operands(small, inputs.big, inputs.small_bias, scratch, nullptr), Twice{});
    Tiled::to_big(inputs.operands(big, inputs.small, inputs.big_bias, scratch, nullptr), Twice{});
    for (float& x : plain.to_small) x *= 2;
    for (float& x : plain.to_big) x *= 2;
    BOOST_TEST((small == plain.to_small));
    BOOST_TEST((big == plain.to_big));
}

BOOST_AUTO_TEST_CASE(tiles_are_used_for_batches_and_channels_for_which_they_pay) {
    using Choice = cpu::ConvolutionChoice<Decon1, float>;
    static_assert(Choice::tiles_pay && cpu::ConvolutionChoice<Decon2, float>::tiles_pay &&
                  cpu::ConvolutionChoice<Conv2, float>::tiles_pay);
    static_assert(!Choice::by_tiles(Choice::min_batch_for_tiles - 1, Algorithms::fastest) &&
                  Choice::by_tiles(Choice::min_batch_for_tiles, Algorithms::fastest) &&
                  !Choice::by_tiles(Choice::min_batch_for_tiles, Algorithms::batch_invariant));
    // The reference's first and last layers have images of one channel.
    using Decon3 = ConvolutionGeometry<1, 28, 28, 64, 14, 14, 4, 2, 1>;
    static_assert(cpu::Pack<float>::size == 1 || !cpu::ConvolutionChoice<Decon3, float>::tiles_pay);
    BOOST_TEST(true);
}
