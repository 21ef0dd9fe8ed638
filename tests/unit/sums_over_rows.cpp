// Sums over many rows of few channels, which many threads compute in segments: the same bits as those of one
// thread for each block of channels.

#include <ctgan/backend/cpu.hpp>
#include <ctgan/core/memory_size.hpp>

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace ctgan;

namespace {

constexpr int channels = 2 * 32 + 5;

template <class T>
struct Sums {
    std::vector<T> mean, variance, running_mean, running_variance, dy, dy_normalized, weight, bias, rows;
    bool operator==(const Sums&) const = default;
};

template <class T>
std::vector<T> normal(Index size, std::uint64_t seed) {
    std::vector<T> values(static_cast<std::size_t>(size));
    Cpu::fill_normal(values.data(), size, T{1}, {.seed = seed});
    return values;
}

template <class T>
Sums<T> sums_over(Index rows, T* scratch) {
    const auto x = normal<T>(rows * channels, 1), dy = normal<T>(rows * channels, 2);
    const auto old = normal<T>(channels, 3);
    Sums<T> s{old, old, old, old, old, old, old, old, old};
    Cpu::batch_moments<channels>(s.mean.data(), s.variance.data(), s.running_mean.data(),
                                 s.running_variance.data(), x.data(), rows, T(0.1), scratch);
    Cpu::batch_norm_gradient_sums<channels>(
        NormGradientSums<T>{.dy = s.dy.data(), .dy_normalized = s.dy_normalized.data()},
        NormGradientSums<T>{.dy = s.bias.data(), .dy_normalized = s.weight.data()}, x.data(), dy.data(),
        Moments<T>{.mean = s.mean.data(), .variance = s.variance.data(), .epsilon = T(1e-5)}, rows, true,
        scratch);
    Cpu::sum_rows<channels>(s.rows.data(), dy.data(), rows, true, scratch);
    return s;
}

template <class T, int pixels>
void check(int batch) {
    const Index size = Cpu::row_sums_scratch<channels, pixels>.at(batch), rows = Index{batch} * pixels;
    constexpr T untouched = T{7};
    std::vector<T> scratch(static_cast<std::size_t>(size) + 1, untouched);
    BOOST_TEST((sums_over<T>(rows, scratch.data()) == sums_over<T>(rows, nullptr)));
    BOOST_TEST(scratch.back() == untouched);
    // It was used.
    BOOST_TEST(scratch.front() != untouched);
}

} // namespace

BOOST_AUTO_TEST_CASE(sums_of_segments_have_the_same_bits) {
    for (const int batch : {147, 150, 500}) { // 1029 rows: a segment of 5 rows at the end
        check<float, 7>(batch);
        check<double, 7>(batch);
    }
    check<float, 1>(1030); // as in BatchNorm1d
    check<double, 1>(1024);
}
