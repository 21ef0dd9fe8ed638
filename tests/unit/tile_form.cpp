// Checks the properties of the bilinear forms of tiled convolutions, on random values.

#include <ctgan/backend/convolution_geometry.hpp>
#include <ctgan/backend/cpu/tile_form.hpp>
#include <ctgan/backend/cpu/tiled_convolution.hpp>
#include <ctgan/core/random.hpp>
#include <ctgan/core/type_list.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace ctgan;

namespace {

/// The number of different rows of a matrix.
template <int Rows, int Columns>
constexpr int distinct(const cpu::Coefficients<Rows, Columns>& m) {
    return cpu::distinct_rows(m).count;
}

template <int Rows, int Columns>
double row_times(const cpu::Coefficients<Rows, Columns>& m, int row, const double* x) {
    double sum = 0;
    for (int c = 0; c < Columns; ++c) sum += m.at[row][c] * x[c];
    return sum;
}

void draw(double* values, int count, std::uint64_t pass, std::uint32_t purpose) {
    const random::Stream stream{11, pass, purpose};
    for (int i = 0; i < count; ++i) values[i] = 2 * random::uniform(stream.bits(i)) - 1;
}

/// Checks that the sum over all pairs equals the sum over all products of the form, for the same values.
template <int Kernel, int Stride, int Tile>
void check_identity() {
    using Form = cpu::TileForm<Kernel, Stride, Tile>;
    static_assert(Form::big_extent == (Tile - 1) * Stride + Kernel);
    static_assert(Form::products <= Kernel * Tile, "a form with more products than pairs would be useless");
    constexpr auto& m = Form::matrices;
    double largest_error = 0, largest_sum = 0;
    for (std::uint64_t pass = 0; pass < 20; ++pass) {
        double small[Tile], weight[Kernel], big[Form::big_extent];
        draw(small, Tile, pass, 1);
        draw(weight, Kernel, pass, 2);
        draw(big, Form::big_extent, pass, 3);
        double pairs = 0, products = 0;
        for (int i = 0; i < Tile; ++i)
            for (int k = 0; k < Kernel; ++k) pairs += small[i] * weight[k] * big[i * Stride + k];
        for (int p = 0; p < Form::products; ++p)
            products += row_times(m.small_image, p, small) * row_times(m.weight, p, weight) *
                        row_times(m.big_image, p, big);
        largest_error = std::fmax(largest_error, std::fabs(pairs - products));
        largest_sum = std::fmax(largest_sum, std::fabs(pairs));
    }
    // At most 4e-14: up to 30 terms of size 1 with coefficients up to about 10, each rounded by 1.1e-16.
    BOOST_TEST(largest_error <= 1e-13, "kernel " << Kernel << ", stride " << Stride << ", tile " << Tile
                                                 << ": off by " << largest_error);
    BOOST_TEST(largest_sum > 0.01); // otherwise the test would compare zeros
}

/// Checks each tile for which a form exists. Returns the number of forms.
template <int Kernel, int Stride>
int check_tiles() {
    int forms = 0;
    ctgan::detail::for_each_index<cpu::detail::max_multiplications>([&](auto index) {
        constexpr int tile = decltype(index)::value + 1;
        if constexpr (cpu::TileForm<Kernel, Stride, tile>::exists) {
            check_identity<Kernel, Stride, tile>();
            ++forms;
        }
    });
    return forms;
}

template <int Kernel>
void check_strides() {
    // With n taps in a phase, tiles may have 1 to 7 - n elements; with a single tap up to 6.
    BOOST_TEST((check_tiles<Kernel, 1>()) == 7 - Kernel);
    BOOST_TEST((check_tiles<Kernel, 2>()) == 7 - (Kernel + 1) / 2);
    BOOST_TEST((check_tiles<Kernel, 3>()) == 7 - (Kernel + 2) / 3);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_form_s_products_add_up_to_the_convolution) {
    check_strides<1>();
    check_strides<2>();
    check_strides<3>();
    check_strides<4>();
    check_strides<5>();
}

BOOST_AUTO_TEST_CASE(a_phase_of_n_taps_takes_n_plus_tile_minus_one_products) {
    static_assert(cpu::TileForm<3, 1, 2>::products == 4);
    static_assert(cpu::TileForm<3, 1, 4>::products == 6);
    static_assert(cpu::TileForm<4, 2, 2>::products == 3 + 3);
    static_assert(cpu::TileForm<3, 2, 3>::products == 4 + 3,
                  "two taps in one phase, a single one in the other");
    static_assert(cpu::TileForm<1, 3, 6>::products == 6, "each element is a separate product");
    static_assert(cpu::TileForm<2, 3, 2>::products == 2 + 2,
                  "a kernel below the stride has a phase for each tap");
    static_assert(!cpu::TileForm<3, 1, 5>::exists);
    static_assert(!cpu::TileForm<5, 1, 3>::exists);
    BOOST_TEST(true);
}

namespace {

// The reference's three convolutions of many channels: decon1, decon2, conv2.
using Decon1 = ConvolutionGeometry<128, 7, 7, 256, 7, 7, 3, 1, 1>;
using Decon2 = ConvolutionGeometry<64, 14, 14, 128, 7, 7, 4, 2, 1>;
using Conv2 = ConvolutionGeometry<64, 13, 13, 128, 6, 6, 3, 2, 0>;
template <class G>
using TiledForm = typename cpu::TiledConvolution<G, float>::Form;

} // namespace

BOOST_AUTO_TEST_CASE(the_reference_s_geometries_take_6_and_10_and_7_products) {
    static_assert(cpu::best_tile<Decon1>() == 4 && TiledForm<Decon1>::products == 6);
    static_assert(cpu::best_tile<Decon2>() == 4 && TiledForm<Decon2>::products == 10);
    static_assert(cpu::best_tile<Conv2>() == 3 && TiledForm<Conv2>::products == 7);
    BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(rows_that_phases_share_are_counted_once) {
    // The small image does not depend on the phase, so both phases of a stride of 2 evaluate it at the same
    // points.
    static_assert(distinct(TiledForm<Decon2>::matrices.small_image) == 5);
    static_assert(distinct(TiledForm<Decon2>::matrices.big_image) == 10);
    static_assert(distinct(TiledForm<Decon2>::matrices.weight) == 10);
    // The weight's row for a single tap is that tap in all of its products.
    static_assert(distinct(TiledForm<Conv2>::matrices.weight) == 4 + 1);
    static_assert(distinct(TiledForm<Conv2>::matrices.big_image) == 7);
    // Four points and the tile's three elements; at two of the points, 0 and infinity, the value is the
    // tile's first and last element.
    static_assert(distinct(TiledForm<Conv2>::matrices.small_image) == 4 + 3 - 2);
    static_assert(distinct(TiledForm<Decon1>::matrices.small_image) == 6);

    constexpr cpu::Coefficients<4, 2> m{{{1, 2}, {1, 3}, {1, 2}, {1, 3}}};
    constexpr auto d = cpu::distinct_rows(m);
    static_assert(d.count == 2 && d.of[0] == 0 && d.of[1] == 1 && d.of[2] == 0 && d.of[3] == 1);
    static_assert(d.first[0] == 0 && d.first[1] == 1);
    BOOST_TEST(true);
}
