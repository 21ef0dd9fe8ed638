#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>

#include <boost/test/unit_test.hpp>
#include <zlib.h>

#include "support.hpp"
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using ctgan::io::Picture;
using ctgan::io::read_png;
using ctgan::io::tile;
using ctgan::io::write_png;

namespace {

/// A picture whose pixels take all values of a byte.
Picture pattern(std::size_t channels, std::size_t height, std::size_t width) {
    Picture picture{channels, height, width, {}};
    for (std::size_t i = 0; i < channels * height * width; ++i)
        picture.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    return picture;
}

std::string rows_of(const Picture& picture) {
    std::string text;
    for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
        if (i > 0 && i % (picture.width * picture.channels) == 0) text += '/';
        text += picture.pixels[i] == 0 ? '.' : static_cast<char>(picture.pixels[i]);
    }
    return text;
}

/// The value that is converted to the byte of that letter.
float letter(char byte) { return static_cast<float>(byte) / 127.5f - 1; }

} // namespace

BOOST_AUTO_TEST_SUITE(picture)

BOOST_AUTO_TEST_CASE(values_are_clamped_and_rounded_to_bytes) {
    constexpr float infinity = std::numeric_limits<float>::infinity(),
                    nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<std::pair<float, int>> cases{
        {-1, 0},
        {1, 255},
        {0, 128},
        {-1.5f, 0},
        {2, 255},
        {1e30f, 255},
        {-1e30f, 0},
        {infinity, 255},
        {-infinity, 0},
        {nan, 0},
        {-nan, 0},
        {-0.0f, 128},
        {1.0f / 255 - 1, 1},
        {0.49f / 127.5f - 1, 0},
        {0.51f / 127.5f - 1, 1},
        {254.0f / 127.5f - 1, 254},
    };
    for (const auto& [value, byte] : cases)
        BOOST_TEST(tile(std::vector{value}, 1, 1, 1, 1, 1, 0).pixels[0] == byte,
                   value << " was converted to " << int{tile(std::vector{value}, 1, 1, 1, 1, 1, 0).pixels[0]}
                         << ", not " << byte);
}

BOOST_AUTO_TEST_CASE(every_byte_converts_to_float_and_back_unchanged) {
    for (int byte = 0; byte < 256; ++byte) {
        const float value = (static_cast<float>(byte) / 255 - 0.5f) / 0.5f;
        BOOST_TEST(tile(std::vector{value}, 1, 1, 1, 1, 1, 0).pixels[0] == byte);
    }
}

BOOST_AUTO_TEST_CASE(images_are_placed_row_by_row_with_black_between_and_around) {
    std::vector<float> images; // five of 1 x 2: ab cd ef gh ij
    for (char byte = 'a'; byte <= 'j'; ++byte) images.push_back(letter(byte));
    const struct {
        std::size_t columns, padding, height, width;
        std::string rows;
    } cases[]{
        {3, 1, 5, 10, "........../.ab.cd.ef./........../.gh.ij..../.........."},
        {5, 0, 1, 10, "abcdefghij"},
        {99, 0, 1, 10, "abcdefghij"},
        {1, 0, 5, 2, "ab/cd/ef/gh/ij"},
        {4, 2, 8, 18,
         "................../................../..ab..cd..ef..gh../................../................../"
         "..ij............../................../.................."},
    };
    for (const auto& expected : cases) {
        const Picture result = tile(images, 5, 1, 1, 2, expected.columns, expected.padding);
        BOOST_TEST(result.height == expected.height);
        BOOST_TEST(result.width == expected.width);
        BOOST_TEST(rows_of(result) == expected.rows);
    }
    BOOST_TEST(tile(images, 5, 1, 1, 2, 4).pixels == tile(images, 5, 1, 1, 2, 4, 2).pixels,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(channels_of_a_pixel_stay_together) {
    std::vector<float> images; // two of 2 x 1 pixels of 3 channels
    for (char byte = 'a'; byte <= 'l'; ++byte) images.push_back(letter(byte));
    const Picture result = tile(images, 2, 3, 2, 1, 2, 1);
    BOOST_TEST(result.channels == 3u);
    BOOST_TEST(rows_of(result) == ".............../...abc...ghi.../...def...jkl.../...............");
}

BOOST_AUTO_TEST_CASE(a_batch_is_tiled_by_its_own_sizes) {
    std::vector<float> values;
    for (char byte = 'a'; byte < 'a' + 3 * 2 * 3; ++byte) values.push_back(letter(byte)); // three of 2 x 3
    const ctgan::View<ctgan::Image<1, 2, 3>, const float> batch{values.data(), 3};
    BOOST_TEST(rows_of(tile(batch, 2)) == rows_of(tile(values, 3, 1, 2, 3, 2)));
    BOOST_TEST(rows_of(tile(batch, 2, 1)) == rows_of(tile(values, 3, 1, 2, 3, 2, 1)));
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_refused) {
    const std::vector<float> four(4);
    const std::size_t huge = std::size_t{1} << 63;
    BOOST_CHECK_THROW(tile(four, 1, 2, 1, 2, 1), std::invalid_argument);
    BOOST_CHECK_THROW(tile(four, 1, 1, 2, 3, 1), std::invalid_argument);
    BOOST_CHECK_THROW(tile(four, 0, 1, 2, 2, 1), std::invalid_argument);
    BOOST_CHECK_THROW(tile(four, 1, 1, 2, 2, 0), std::invalid_argument);
    BOOST_CHECK_THROW(tile(four, 2, 1, huge, 2, 1), std::invalid_argument);
    BOOST_CHECK_THROW(encode_png(Picture{1, 2, 2, {1, 2, 3}}), std::invalid_argument);
    BOOST_CHECK_THROW(encode_png(Picture{2, 1, 1, {1, 2}}), std::invalid_argument);
    BOOST_CHECK_THROW(encode_png(Picture{1, 0, 0, {}}), std::invalid_argument);
    BOOST_CHECK_THROW(encode_png(Picture{1, huge, 2, {}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_png_contains_the_exact_picture) {
    const test::TemporaryFolder folder;
    for (const std::size_t channels : {1u, 3u})
        for (const auto& [height, width] : {std::pair{1u, 1u}, {16u, 16u}, {122u, 122u}, {3u, 1000u}}) {
            const Picture original = pattern(channels, height, width);
            const auto path = folder.path() / "picture.png";
            write_png(path, original);
            const Picture read = read_png(path);
            BOOST_TEST(read.channels == original.channels);
            BOOST_TEST(read.height == original.height);
            BOOST_TEST(read.width == original.width);
            BOOST_TEST(read.pixels == original.pixels, boost::test_tools::per_element());
        }
    BOOST_TEST(folder.entries() == 1u);
}

BOOST_AUTO_TEST_CASE(a_png_that_cannot_be_written_is_reported) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "missing" / "a.png";
    const std::string message = test::message_of([&] { write_png(path, pattern(1, 2, 2)); });
    BOOST_TEST(message.starts_with(
        path.string() + ": found No such file or directory (opening its folder), expected to write "));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_png_is_refused_with_a_line) {
    const test::TemporaryFolder folder;
    const auto message = [](const std::filesystem::path& path) {
        return test::message_of([&] { read_png(path); });
    };
    const auto missing = folder.path() / "missing.png";
    BOOST_TEST(message(missing) ==
               missing.string() + ": found No such file or directory, expected a PNG file");
    BOOST_TEST(message(folder.path()) == folder.path().string() + ": found a directory, expected a PNG file");
    const auto good = folder.path() / "good.png";
    write_png(good, pattern(1, 30, 30));
    const std::string whole = test::content(good);
    for (const std::size_t size : {0U, 7U, 8U, 30U, 100U}) {
        const auto cut = folder.put("cut.png", whole.substr(0, size));
        BOOST_TEST(message(cut).starts_with(cut.string() + ": found "), size);
        BOOST_TEST(message(cut).ends_with(", expected a PNG file"), size);
    }
    std::string damaged = whole;
    damaged[whole.size() / 2] = static_cast<char>(damaged[whole.size() / 2] ^ 1);
    BOOST_TEST(message(folder.put("damaged.png", damaged)).ends_with(", expected a PNG file"));
    // A header that announces a million rows and columns.
    const std::string header = "IHDR" + test::big_endian({1000000, 1000000}) + std::string("\x08\0\0\0\0", 5);
    const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(header.data()), 17);
    const auto large =
        folder.put("large.png", whole.substr(0, 8) + test::big_endian({13}) + header +
                                    test::big_endian({static_cast<std::uint32_t>(sum)}) + whole.substr(33));
    BOOST_TEST(message(large) == large.string() + ": found 1000000000000 pixels, expected at most 268435456");
}

BOOST_AUTO_TEST_CASE(enlarging_makes_each_pixel_a_square) {
    const Picture small{3, 1, 2, {1, 2, 3, 4, 5, 6}};
    const Picture large = ctgan::io::enlarged(small, 2);
    BOOST_TEST(large.height == 2U);
    BOOST_TEST(large.width == 4U);
    const std::vector<std::uint8_t> expected{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,
                                             1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6};
    BOOST_TEST(large.pixels == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
