#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/data_set.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace io = ctgan::io;
using ctgan::Batch;
using ctgan::Flat;
using ctgan::Image;

namespace {

using Gray = Image<1, 2, 3>;
using Color = Image<3, 2, 2>;

/// `count` images; byte k of image i is 20 i + k.
std::vector<std::uint8_t> bytes(int count, int size) {
    std::vector<std::uint8_t> result;
    for (int i = 0; i < count; ++i)
        for (int k = 0; k < size; ++k) result.push_back(static_cast<std::uint8_t>(20 * i + k));
    return result;
}

/// As torchvision's ToTensor and Normalize(0.5, 0.5) compute it.
float value(int byte) { return (static_cast<float>(byte) / 255.F - 0.5F) / 0.5F; }

std::string out_of_range(const auto& action) {
    try {
        action();
    } catch (const std::out_of_range& error) {
        return error.what();
    }
    return {};
}
std::string invalid(const auto& action) {
    try {
        action();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(data_set)

BOOST_AUTO_TEST_CASE(rows_become_a_batch) {
    const io::DataSet<Gray> data(bytes(5, Gray::size));
    const Batch<Gray> batch = data.rows(1, 3);
    BOOST_TEST(batch.count() == 3);
    for (int i = 0; i < 3; ++i)
        for (int y = 0; y < 2; ++y)
            for (int x = 0; x < 3; ++x) BOOST_TEST(batch(i, 0, y, x) == value(20 * (i + 1) + 3 * y + x));
    const std::vector<std::uint32_t> chosen{4, 0, 4};
    const Batch<Gray> some = data.rows(chosen);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(some(i, 0, 1, 2) == value(20 * static_cast<int>(chosen[static_cast<std::size_t>(i)]) + 5));
    BOOST_TEST(data.rows(0, 0).count() == 0);
    BOOST_TEST(data.rows(5, 0).count() == 0);
    const ctgan::BatchOn<Gray, ctgan::Cpu, double> doubles = data.rows<ctgan::Cpu, double>(0, 5);
    BOOST_TEST(doubles(4, 0, 0, 0) == (80 / 255.0 - 0.5) / 0.5);
}

BOOST_AUTO_TEST_CASE(rows_are_written_to_batches_and_to_parts_of_them) {
    const io::DataSet<Gray> data(bytes(5, Gray::size));
    Batch<Gray> batch(2);
    const std::vector<std::uint32_t> order{3, 1, 0, 2, 4};
    data.write_to(batch, std::span(order).first(2));
    BOOST_TEST(batch(0, 0, 0, 0) == value(60));
    BOOST_TEST(batch(1, 0, 0, 0) == value(20));
    data.write_to(batch.first(1), std::span(order).last(1));
    BOOST_TEST(batch(0, 0, 1, 2) == value(85));
    BOOST_TEST(batch(1, 0, 0, 0) == value(20));
    data.write_to(batch, 2);
    BOOST_TEST(batch(1, 0, 0, 1) == value(61));
    Batch<Flat<6>> flat(5); // a gray image is a row of values as well
    data.write_to(flat, 0);
    BOOST_TEST(flat(4, 5) == value(85));
}

BOOST_AUTO_TEST_CASE(colors_of_a_pixel_are_its_channels) {
    const io::DataSet<Color> data(bytes(2, Color::size));
    const auto batch = data.rows(0, 2);
    for (int c = 0; c < 3; ++c)
        for (int y = 0; y < 2; ++y)
            for (int x = 0; x < 2; ++x) BOOST_TEST(batch(1, c, y, x) == value(20 + (y * 2 + x) * 3 + c));
}

BOOST_AUTO_TEST_CASE(rows_beyond_the_data_set_are_found_and_the_batch_stays) {
    const io::DataSet<Gray> data(bytes(5, Gray::size));
    Batch<Gray> batch(2);
    data.write_to(batch, 0);
    const auto rows = [&](std::vector<std::uint32_t> numbers) {
        const std::string message = out_of_range([&] { data.write_to(batch, numbers); });
        BOOST_TEST(out_of_range([&] { data.rows(numbers); }) == message);
        return message;
    };
    BOOST_TEST(rows({0, 5}) == "data set: found row 5, expected 0 to 4");
    BOOST_TEST(rows({4294967295U, 0}) == "data set: found row 4294967295, expected 0 to 4");
    const auto range = [&](ctgan::Index first) {
        const std::string message = out_of_range([&] { data.write_to(batch, first); });
        BOOST_TEST(out_of_range([&] { data.rows(first, 2); }) == message);
        return message;
    };
    BOOST_TEST(range(4) == "data set: found 2 rows from 4 on, expected 0 to 4");
    BOOST_TEST(range(6) == "data set: found 2 rows from 6 on, expected 0 to 4");
    BOOST_TEST(range(-1) == "data set: found 2 rows from -1 on, expected 0 to 4");
    BOOST_TEST(range(9223372036854775807) ==
               "data set: found 2 rows from 9223372036854775807 on, expected 0 to 4");
    BOOST_TEST(out_of_range([&] { data.rows(0, 2147483647); }) ==
               "data set: found 2147483647 rows from 0 on, expected 0 to 4");
    BOOST_TEST(invalid([&] { data.rows(0, -1); }) == "data set: found a count of -1, expected at least 0");
    BOOST_TEST(out_of_range([] { io::DataSet<Gray>({}).rows(0, 1); }) ==
               "data set: found 1 row from 0 on, expected none, as the data set is empty");
    for (int i = 0; i < 2; ++i) BOOST_TEST(batch(i, 0, 0, 0) == value(20 * i));
}

BOOST_AUTO_TEST_CASE(another_number_of_rows_than_samples_is_refused) {
    const io::DataSet<Gray> data(bytes(5, Gray::size));
    Batch<Gray> batch(2);
    const std::vector<std::uint32_t> three{0, 1, 2}, one{0};
    BOOST_TEST(invalid([&] { data.write_to(batch, three); }) ==
               "data set: found 3 rows for a batch of 2, expected as many");
    BOOST_TEST(invalid([&] { data.write_to(batch, one); }) ==
               "data set: found 1 row for a batch of 2, expected as many");
    BOOST_TEST(batch(0, 0, 0, 0) == 0);
}

BOOST_AUTO_TEST_CASE(bytes_and_pictures_of_another_size_are_refused) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{5}, std::size_t{7}})
        BOOST_TEST(invalid([&] { io::DataSet<Gray>(std::vector<std::uint8_t>(size)); }) ==
                   "data set: found " + io::counted(size, "byte") + ", expected at most 4294967295 times 6");
    BOOST_TEST(io::DataSet<Gray>({}).count() == 0U);

    std::vector<io::Picture> pictures(3, {3, 2, 2, bytes(1, 12)});
    pictures[2].pixels[0] = 255;
    BOOST_TEST(io::DataSet<Color>::of(pictures).rows(2, 1)(0, 0, 0, 0) == 1);
    pictures[1] = {1, 3, 4, bytes(1, 12)};
    BOOST_TEST(invalid([&] { io::DataSet<Color>::of(pictures); }) ==
               "data set: found picture 1 of 1 x 3 x 4 with 12 bytes, expected 3 x 2 x 2");
    pictures[1] = {3, 2, 2, bytes(1, 11)};
    BOOST_TEST(invalid([&] { io::DataSet<Color>::of(pictures); }) ==
               "data set: found picture 1 of 3 x 2 x 2 with 11 bytes, expected 3 x 2 x 2");
}

BOOST_AUTO_TEST_CASE(rows_of_a_file_are_its_images) {
    const test::TemporaryFolder folder;
    std::string file = test::big_endian({0x803, 2, 2, 3});
    for (const std::uint8_t byte : bytes(2, 6)) file += static_cast<char>(byte);
    folder.put("FashionMNIST/raw/train-images-idx3-ubyte", file);
    const auto data = io::DataSet<Gray>::read(folder.path());
    BOOST_TEST(data.rows(1, 1)(0, 0, 1, 2) == value(25));
}

BOOST_AUTO_TEST_CASE(every_epoch_has_another_order_of_all_images) {
    const auto order = io::shuffled(1000, 7, 1);
    BOOST_TEST(order == io::shuffled(1000, 7, 1), boost::test_tools::per_element());
    BOOST_TEST((order != io::shuffled(1000, 7, 2)));
    BOOST_TEST((order != io::shuffled(1000, 8, 1)));
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::uint32_t> all(1000);
    std::iota(all.begin(), all.end(), 0U);
    BOOST_TEST(sorted == all, boost::test_tools::per_element());
}

/// What the comment on shuffled() says of the bias: each of i candidates is the result of 2^32 / i of all
/// 2^32 inputs, rounded down or up.
BOOST_AUTO_TEST_CASE(the_bias_of_an_exchange_is_as_documented) {
    constexpr std::uint64_t inputs = std::uint64_t{1} << 32;
    for (const std::uint32_t n : {1U, 2U, 3U, 7U, 1000U, 60000U, 65536U, 1000000U}) {
        const auto below_k = [&](std::uint64_t k) {
            return (k * inputs + n - 1) / n;
        }; // inputs that give less
        double largest = 0;
        for (std::uint32_t k = 0; k < n; ++k) {
            const std::uint64_t first = below_k(k), end = below_k(k + std::uint64_t{1});
            if (ctgan::random::below(static_cast<std::uint32_t>(first), n) != k ||
                ctgan::random::below(static_cast<std::uint32_t>(end - 1), n) != k)
                BOOST_TEST(false, k << " of " << n);
            if (end - first != inputs / n && end - first != inputs / n + 1)
                BOOST_TEST(false, k << " of " << n);
            const double probability = static_cast<double>(end - first) / static_cast<double>(inputs);
            largest = std::max(largest, std::abs(probability * n - 1));
        }
        BOOST_TEST(largest < static_cast<double>(n) / static_cast<double>(inputs));
        if (n == 60000) BOOST_TEST(largest < 1.4e-5);
        if (n == 1000000) BOOST_TEST(largest < 2.4e-4);
    }
}

BOOST_AUTO_TEST_SUITE_END()
