// Convolutions by tiles against direct ones, whose results the exact_* tests prove, in all three directions.

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

template <class T>
using Numbers = std::vector<T>;

/// From -1 to 1 in steps that float has, too.
template <class T>
Numbers<T> draw(Index size, std::uint32_t purpose) {
    Numbers<T> numbers(static_cast<std::size_t>(size));
    const random::Stream stream{21, 0, purpose};
    for (Index i = 0; i < size; ++i)
        numbers[static_cast<std::size_t>(i)] = static_cast<T>(2 * random::uniform(stream.bits(i)) - 1);
    return numbers;
}

/// Dropout's factors of each channel of each sample: half of the channels are dropped, of the second sample
/// all, of the third none.
template <class T>
Numbers<T> factors_of(int batch, int channels) {
    Numbers<T> factors(static_cast<std::size_t>(batch) * static_cast<std::size_t>(channels));
    const random::Stream stream{21, 0, 9};
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const auto sample = i / static_cast<std::size_t>(channels);
        const bool kept = random::uniform(stream.bits(static_cast<Index>(i))) >= 0.5;
        factors[i] = sample == 1 ? T{0} : sample == 2 || kept ? T{2} : T{0};
    }
    return factors;
}

/// What dropout makes of images.
template <class T>
void scale(Numbers<T>& images, const Numbers<T>& factors, int pixels, int channels) {
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto per_sample = static_cast<std::size_t>(pixels) * static_cast<std::size_t>(channels);
        images[i] *= factors[i / per_sample * static_cast<std::size_t>(channels) +
                             i % static_cast<std::size_t>(channels)];
    }
}

/// Working memory in which nothing may be read before it is written, nor anything be written behind the end.
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

/// Images, weight and biases of a geometry, and the three results.
template <class G, class T>
struct Case {
    static constexpr int big_pixels = G::big_height * G::big_width,
                         small_pixels = G::small_height * G::small_width;
    int batch;
    Numbers<T> big = draw<T>(Index{batch} * big_pixels * G::big_channels, 1),
               small = draw<T>(Index{batch} * small_pixels * G::small_channels, 2),
               weight = draw<T>(G::weights, 3), big_bias = draw<T>(G::big_channels, 4),
               small_bias = draw<T>(G::small_channels, 5), old_gradient = draw<T>(G::weights, 6),
               big_factors = factors_of<T>(batch, G::big_channels),
               small_factors = factors_of<T>(batch, G::small_channels);

    struct Results {
        Numbers<T> to_small, to_big, to_weight, added_to_weight;
        bool operator==(const Results&) const = default;
    };

    void drop() {
        scale(big, big_factors, big_pixels, G::big_channels);
        scale(small, small_factors, small_pixels, G::small_channels);
    }

    /// `Way` is TiledConvolution or Direct. With `with_factors`, convolutions are given the factors of their
    /// input.
    template <class Way>
    Results run(Index scratch_size, bool with_factors) const {
        const T never_written = std::numeric_limits<T>::quiet_NaN();
        Results r{Numbers<T>(small.size(), never_written), Numbers<T>(big.size(), never_written),
                  Numbers<T>(weight.size(), never_written), old_gradient};
        Scratch<T> scratch(scratch_size);
        Way::to_small(operands(r.to_small, big, small_bias, scratch, with_factors ? &big_factors : nullptr),
                      Identity{});
        Way::to_big(operands(r.to_big, small, big_bias, scratch, with_factors ? &small_factors : nullptr),
                    Identity{});
        to_weight<Way>(r.to_weight, false, scratch);
        to_weight<Way>(r.added_to_weight, true, scratch);
        BOOST_TEST(scratch.intact());
        return r;
    }

    /// To one of the two images; `factors` of the input or null.
    ConvolutionOperands<T> operands(Numbers<T>& output, const Numbers<T>& input, const Numbers<T>& bias,
                                    Scratch<T>& scratch, const Numbers<T>* factors) const {
        return {.output = output.data(),
                .input = input.data(),
                .weight = weight.data(),
                .bias = bias.data(),
                .scratch = scratch.data(),
                .batch = batch,
                .input_factors = factors ? factors->data() : nullptr};
    }

  private:
    template <class Way>
    void to_weight(Numbers<T>& to, bool add, Scratch<T>& scratch) const {
        Way::to_weight(ConvolutionGradientOperands<T>{.weight_gradient = to.data(),
                                                      .add = add,
                                                      .big = big.data(),
                                                      .small = small.data(),
                                                      .scratch = scratch.data(),
                                                      .batch = batch});
    }
};

template <class T>
double relative_error(const Numbers<T>& found, const Numbers<double>& expected) {
    double square = 0, of_errors = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        square += expected[i] * expected[i];
        of_errors += (found[i] - expected[i]) * (found[i] - expected[i]);
    }
    BOOST_TEST(square > 0);
    return std::sqrt(of_errors / square); // NaN where a number was never written
}

template <class Results, class Expected>
void check_close(const Results& found, const Expected& expected, double most, const char* what) {
    const double errors[] = {relative_error(found.to_small, expected.to_small),
                             relative_error(found.to_big, expected.to_big),
                             relative_error(found.to_weight, expected.to_weight),
                             relative_error(found.added_to_weight, expected.added_to_weight)};
    BOOST_TEST_MESSAGE(what << ": relative errors " << errors[0] << " to small, " << errors[1] << " to big, "
                            << errors[2] << " to weight, " << errors[3] << " added");
    for (const double error : errors)
        BOOST_TEST(error <= most, what << ": " << error << " is above " << most);
}

/// In double the two ways differ by the rounding of sums alone: of up to 2304 products, or of a batch's
/// pixels, in a random walk of steps of 1e-16, which the coefficients of the form make some times as long.
constexpr double max_in_double = 1e-13;
/// In float a step is 6e-8, and a direct convolution of the reference comes to some 2e-7. The forms'
/// points, 1.5 at the most, give up a digit for the fewer multiplications, not two (reliability table, "rel
/// L2" of weight gradients: 5e-6).
constexpr double max_in_float = 4e-6;

template <class G>
void check(std::initializer_list<int> batches) {
    using Tiled = cpu::TiledConvolution<G, double>;
    using Direct = cpu::Direct<G, double>;
    for (const int batch : batches) {
        Case<G, double> numbers{batch};
        check_close(numbers.template run<Tiled>(Tiled::scratch_size, false),
                    numbers.template run<Direct>(Direct::scratch_size, false), max_in_double, "double");
        numbers.drop();
        const auto expected = numbers.template run<Direct>(Direct::scratch_size, false);
        const auto without_factors = numbers.template run<Tiled>(Tiled::scratch_size, false);
        check_close(without_factors, expected, max_in_double, "double, dropped channels");
        // Zeros that are left out: the same sums in the same order.
        BOOST_TEST((numbers.template run<Tiled>(Tiled::scratch_size, true) == without_factors));
        BOOST_TEST((numbers.template run<Direct>(Direct::scratch_size, true) == expected));
    }
}

template <class G>
void check_float(int batch) {
    using Tiled = cpu::TiledConvolution<G, float>;
    const Case<G, float> numbers{batch};
    const Case<G, double> exact{batch};
    check_close(numbers.template run<Tiled>(Tiled::scratch_size, false),
                exact.template run<cpu::Direct<G, double>>(cpu::Direct<G, double>::scratch_size, false),
                max_in_float, "float");
}

/// Big image: channels, height, width; small image likewise; kernel, stride, padding.
using Decon1 = ConvolutionGeometry<128, 7, 7, 256, 7, 7, 3, 1, 1>;
using Decon2 = ConvolutionGeometry<64, 14, 14, 128, 7, 7, 4, 2, 1>;
using Conv2 = ConvolutionGeometry<64, 13, 13, 128, 6, 6, 3, 2, 0>;

} // namespace

BOOST_AUTO_TEST_CASE(the_reference_s_convolutions_by_tiles) {
    check<Decon1>({12});
    check<Decon2>({17});
    check<Conv2>({16});
}

BOOST_AUTO_TEST_CASE(the_reference_s_convolutions_by_tiles_in_float) {
    check_float<Decon1>(16);
    check_float<Decon2>(16);
    check_float<Conv2>(16);
}

BOOST_AUTO_TEST_CASE(odd_channels_and_images_by_tiles) {
    check<ConvolutionGeometry<17, 5, 5, 33, 5, 5, 3, 1, 1>>({12, 16, 17, 33});
    check<ConvolutionGeometry<20, 7, 4, 17, 3, 2, 4, 2, 1>>({16, 33});
}

BOOST_AUTO_TEST_CASE(other_kernels_and_strides_by_tiles) {
    check<ConvolutionGeometry<17, 7, 4, 20, 7, 4, 5, 1, 2>>({13});
    check<ConvolutionGeometry<20, 7, 5, 17, 4, 3, 5, 2, 2>>({17});
}

BOOST_AUTO_TEST_CASE(output_padding_by_tiles) {
    // The big image is larger than the small one's pixels ask for: (n - 1) stride - 2 padding + kernel + 1.
    check<ConvolutionGeometry<20, 10, 8, 17, 5, 4, 3, 2, 1>>({12, 33});
    check<ConvolutionGeometry<17, 13, 10, 20, 4, 3, 4, 3, 1>>({16});
}

BOOST_AUTO_TEST_CASE(pixels_that_no_tap_reaches_are_the_bias) {
    // Of each three rows and columns a kernel of two leaves one out.
    using G = ConvolutionGeometry<17, 9, 7, 20, 3, 2, 2, 3, 0>;
    check<G>({16});
    using Tiled = cpu::TiledConvolution<G, float>;
    const Case<G, float> numbers{16};
    const auto found = numbers.run<Tiled>(Tiled::scratch_size, false).to_big;
    std::size_t unreached = 0, wrong = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const std::size_t pixel = i / G::big_channels % (G::big_height * G::big_width);
        const std::size_t row = pixel / G::big_width, column = pixel % G::big_width;
        const bool reached = row % 3 < 2 && column % 3 < 2 && column < 5;
        unreached += reached ? 0 : 1;
        wrong += (found[i] == numbers.big_bias[i % G::big_channels]) == reached ? 1 : 0;
    }
    BOOST_TEST(unreached > 0U);
    BOOST_TEST(wrong == 0U, wrong << " of " << found.size() << " numbers");
}

BOOST_AUTO_TEST_CASE(a_function_is_applied_once_to_each_number_of_a_tiled_convolution) {
    using G = ConvolutionGeometry<17, 7, 5, 20, 3, 2, 4, 2, 1>;
    using Tiled = cpu::TiledConvolution<G, float>;
    struct Twice {
        float operator()(float x) const { return 2 * x; } // twice would be four times
    };
    const Case<G, float> numbers{17};
    auto plain = numbers.run<Tiled>(Tiled::scratch_size, false);
    Scratch<float> scratch(Tiled::scratch_size);
    Numbers<float> small(plain.to_small.size()), big(plain.to_big.size());
    Tiled::to_small(numbers.operands(small, numbers.big, numbers.small_bias, scratch, nullptr), Twice{});
    Tiled::to_big(numbers.operands(big, numbers.small, numbers.big_bias, scratch, nullptr), Twice{});
    for (float& x : plain.to_small) x *= 2;
    for (float& x : plain.to_big) x *= 2;
    BOOST_TEST((small == plain.to_small));
    BOOST_TEST((big == plain.to_big));
}

BOOST_AUTO_TEST_CASE(tiles_are_taken_for_batches_and_channels_that_they_pay_for) {
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
