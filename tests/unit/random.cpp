#include <ctgan/core/random.hpp>

#include <boost/test/unit_test.hpp>

#include "../backend.hpp"
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

using namespace ctgan;

namespace {

void check_block(random::Block found, std::array<std::uint32_t, 4> expected) {
    BOOST_TEST(found.words == expected, boost::test_tools::per_element());
}

struct Quantile {
    std::uint32_t bits;
    double value;
};

/// Python's statistics.NormalDist().inv_cdf((bits + 0.5) / 2**32).
constexpr Quantile quantiles[] = {
    {0x00000000, -6.337957754553789},      {0x00000001, -6.166429517819749},
    {0x00000002, -6.0851045457830315},     {0x00000003, -6.0309670191182505},
    {0x000000ff, -5.295061351886094},      {0x00001000, -4.762976412696973},
    {0x00012345, -4.140054930152171},      {0x00100000, -3.4871039765916896},
    {0x01000000, -2.6600674585799715},     {0x13333332, -1.4395314720898171},
    {0x13333333, -1.4395314704450153},     {0x13333334, -1.4395314688002132},
    {0x30000000, -0.887146558586361},      {0x55555555, -0.4307272991887327},
    {0x7fffffff, -2.9180993729166234e-10}, {0x80000000, 2.9180993729166234e-10},
    {0x80000001, 8.754298118749871e-10},   {0x9abcdef0, 0.2648680410085975},
    {0xecccccca, 1.4395314671554111},      {0xeccccccc, 1.4395314704450153},
    {0xf0000000, 1.5341205452991358},      {0xff000000, 2.6600674786549474},
    {0xfffffff0, 5.78577796547104},        {0xfffffffe, 6.166429517819749},
    {0xffffffff, 6.337957754553789},
};

} // namespace

BOOST_AUTO_TEST_CASE(philox_gives_the_known_answers_of_random123) {
    check_block(random::philox({{0, 0, 0, 0}}, 0, 0), {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    constexpr std::uint32_t all = 0xffffffff;
    check_block(random::philox({{all, all, all, all}}, all, all),
                {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    check_block(random::philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0),
                {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

BOOST_AUTO_TEST_CASE(streams_that_differ_in_one_field_have_nothing_in_common) {
    const random::Stream streams[] = {{7, 3, 2},
                                      {8, 3, 2},
                                      {7 + (std::uint64_t{1} << 32), 3, 2},
                                      {7, 4, 2},
                                      {7, 3 + (std::uint64_t{1} << 32), 2},
                                      {7, 3, 5}};
    for (const auto& a : streams)
        for (const auto& b : streams) {
            int equal = 0;
            for (int i = 0; i < 64; ++i) equal += a.bits(i) == b.bits(i) ? 1 : 0;
            BOOST_TEST(equal == (&a == &b ? 64 : 0));
        }
}

BOOST_AUTO_TEST_CASE(uniform_numbers_are_in_zero_to_one_and_exact_in_float) {
    static_assert(random::uniform(0) == 0);
    static_assert(random::uniform(0xffffffff) == 1 - 0x1p-24);
    static_assert(random::uniform(0x80000000) == 0.5);
    const random::Stream stream{1, 2, 3};
    double sum = 0;
    for (int i = 0; i < 10000; ++i) {
        const double u = random::uniform(stream.bits(i));
        BOOST_REQUIRE(static_cast<double>(static_cast<float>(u)) == u);
        sum += u;
    }
    BOOST_TEST(std::abs(sum / 10000 - 0.5) < 4 / std::sqrt(12.0 * 10000));
}

BOOST_AUTO_TEST_CASE(below_gives_every_number_but_never_its_bound) {
    static_assert(random::below(0, 10) == 0);
    static_assert(random::below(0xffffffff, 10) == 9);
    static_assert(random::below(0xffffffff, 1) == 0);
    static_assert(random::below(0xffffffff, 0xffffffff) == 0xfffffffe);
    const random::Stream stream{4, 5, 6};
    std::array<int, 10> counts{};
    for (int i = 0; i < 10000; ++i) ++counts.at(random::below(stream.bits(i), 10));
    for (const int count : counts) BOOST_TEST(std::abs(count - 1000) < 5 * std::sqrt(900.0));
}

BOOST_AUTO_TEST_CASE(normal_numbers_equal_python_s_quantiles) {
    for (const auto& [bits, value] : quantiles)
        BOOST_TEST(random::normal(bits) == value, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(normal_numbers_are_symmetric_and_increase) {
    double before = -7;
    for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 0x00fffff1) {
        const double value = random::normal(static_cast<std::uint32_t>(bits));
        BOOST_TEST(value > before);
        BOOST_TEST(random::normal(~static_cast<std::uint32_t>(bits)) == -value);
        before = value;
    }
}

BOOST_AUTO_TEST_CASE(normal_numbers_have_the_moments_of_a_normal_distribution) {
    const random::Stream stream{11, 0, 0};
    constexpr int n = 200000;
    double sums[4] = {};
    for (int i = 0; i < n; ++i) {
        const double x = random::normal(stream.bits(i));
        sums[0] += x;
        sums[1] += x * x;
        sums[2] += x * x * x;
        sums[3] += x * x * x * x;
    }
    // Four standard errors: the variances of x, x^2, x^3 and x^4 are 1, 2, 15 and 96.
    BOOST_TEST(std::abs(sums[0] / n) < 4 * std::sqrt(1.0 / n));
    BOOST_TEST(std::abs(sums[1] / n - 1) < 4 * std::sqrt(2.0 / n));
    BOOST_TEST(std::abs(sums[2] / n) < 4 * std::sqrt(15.0 / n));
    BOOST_TEST(std::abs(sums[3] / n - 3) < 4 * std::sqrt(96.0 / n));
}

/// The values were recorded with one compiler; every other compiler must give the same bits.
BOOST_AUTO_TEST_CASE(the_first_draws_have_the_same_bits_with_every_compiler) {
    constexpr double expected[] = {
        0x1.90cfbe9a41892p-5,  0x1.ac3a0f5f28785p-5,  -0x1.262e0734f592cp-2, -0x1.eb24ba83216dap-1,
        -0x1.7992668423063p-1, 0x1.344effac97f99p+0,  0x1.e72576528f98dp-1,  0x1.76d6fc9ef7098p-1,
        -0x1.32083b803bd48p+0, -0x1.573787b50620ap-3, -0x1.566d4124ccc73p-3, 0x1.65636e5570714p-2,
        -0x1.376d2ae06e5ebp+1, -0x1.d7e445c5834e5p+0, -0x1.ca3055a0871f3p-2, -0x1.d84d8b18807e5p-1,
        0x1.4b54e4830c421p-1,  -0x1.3731f0d4c6e9bp-3, 0x1.488d5e597e388p-1,  0x1.89a6c95ab8ad3p-3,
        0x1.9e04da9e475cbp+0,  -0x1.bd6073c72b5f8p-1, -0x1.a533bd8c14148p-1, 0x1.57db367ca21e7p-1,
        -0x1.e7f552904d193p-2, 0x1.3ccbaf518499ep+0,  -0x1.58d24afd9f5ebp-1, -0x1.158999de346dbp+1,
        -0x1.29dee38ff5cd8p-2, 0x1.01339f1f9eefdp+0,  -0x1.7fa1ffbe4451bp-4, -0x1.2390e6c1d20c1p-1,
    };
    const random::Stream stream{42, 7, 1000};
    for (Index i = 0; const double value : expected) BOOST_TEST(random::normal(stream.bits(i++)) == value);
}

BOOST_AUTO_TEST_CASE(the_backend_s_fills_depend_only_on_stream_and_index) {
    constexpr Index n = 10001; // several chunks, the last one short, and not a multiple of Philox's four
    const random::Stream stream{3, 1, 4};
    TestBackend::Memory<float> memory(3 * n);
    float* const segments[] = {memory.data(), memory.data() + n, memory.data() + 2 * n};
    TestBackend::fill_uniform(segments[0], n, 0.25F, stream);
    TestBackend::fill_normal(segments[1], n, 0.5F, stream);
    TestBackend::fill_mask(segments[2], n, 0.25F, stream);
    const auto uniform = transfer::values(segments[0], n), normal = transfer::values(segments[1], n),
               mask = transfer::values(segments[2], n);
    for (Index i = 0; i < n; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const double u = random::uniform(stream.bits(i));
        BOOST_REQUIRE(uniform[at] == 0.25F * static_cast<float>(2 * u - 1));
        BOOST_REQUIRE(normal[at] == 0.5F * static_cast<float>(random::normal(stream.bits(i))));
        BOOST_REQUIRE(mask[at] == (u >= 0.25 ? 1 / 0.75F : 0.0F));
    }
}

BOOST_AUTO_TEST_CASE(a_step_counter_in_the_backend_s_memory_advances_a_stream) {
    TestBackend::Memory<std::uint64_t> count(1);
    TestBackend::Memory<float> by_counter(100), by_pass(100);
    for (const std::uint64_t steps : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 33}) {
        transfer::put(steps, count.data());
        TestBackend::fill_normal(by_counter.data(), 100, 1.0F, {3, 1, 4, {count.data(), 5}});
        TestBackend::fill_normal(by_pass.data(), 100, 1.0F, {3, 1 + 5 * steps, 4});
        BOOST_TEST((transfer::values(by_counter) == transfer::values(by_pass)));
    }
}
