#include <ctgan/io/checksum.hpp>
#include <ctgan/io/picture_file.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/io/resize.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace io = ctgan::io;

namespace {

const std::filesystem::path folder = std::filesystem::path(CTGAN_GOLDEN_DIR) / ".." / "io" / "pictures";

/// Whether the program can read the file.
bool can_read(const std::string& name) { return io::reads_jpeg() || name.ends_with(".png"); }

std::string checksum(const io::Picture& picture) {
    io::Checksum sum;
    sum.add(std::as_bytes(std::span(picture.pixels)));
    return sum.text();
}

/// What a line of expected.csv asks for.
io::Picture result(const io::Picture& picture, const std::string& operation) {
    std::array<char, 8> what{};
    unsigned height = 0, width = 0;
    if (std::sscanf(operation.c_str(), "%7s %ux%u", what.data(), &height, &width) != 3) return picture;
    return std::string_view(what.data()) == "crop" ? io::resized_and_cropped(picture, height, width)
                                                   : io::resized(picture, height, width);
}

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string error_of(std::string_view content, std::size_t most_pixels = io::most_pixels_by_default) {
    return test::message_of([&] { io::decode_picture(bytes_of(content), "x", 3, most_pixels); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(picture_files)

// Figures that Pillow and torchvision computed: pictures/recompute.py.
BOOST_AUTO_TEST_CASE(pictures_have_the_bytes_of_pillow) {
    std::ifstream lines(folder / "expected.csv");
    std::string name, mode, operation, expected;
    std::set<std::string> names;
    int compared = 0;
    while (std::getline(lines, name, ',') && std::getline(lines, mode, ',') &&
           std::getline(lines, operation, ',') && std::getline(lines, expected)) {
        if (!can_read(name)) continue;
        const auto picture = io::read_picture(folder / name, mode == "L" ? 1 : 3);
        BOOST_TEST(checksum(result(picture, operation)) == expected, name << ' ' << mode << ' ' << operation);
        names.insert(name);
        ++compared;
    }
    BOOST_TEST(names.size() == (io::reads_jpeg() ? 14U : 9U));
    BOOST_TEST(compared == static_cast<int>(names.size()) * 2 * 12);
}

BOOST_AUTO_TEST_CASE(sizes_of_zero_and_pictures_without_their_pixels_are_refused) {
    const io::Picture picture{1, 2, 2, {1, 2, 3, 4}};
    BOOST_CHECK_THROW(io::resized(picture, 0, 1), std::invalid_argument);
    BOOST_CHECK_THROW(io::resized_and_cropped(picture, 1, 0), std::invalid_argument);
    BOOST_CHECK_THROW(io::resized({1, 2, 2, {1, 2, 3}}, 1, 1), std::invalid_argument);
    BOOST_CHECK_THROW(io::resized_and_cropped({1, 0, 2, {}}, 1, 1), std::invalid_argument);
    BOOST_CHECK_THROW(io::decode_picture({}, "x", 2), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_long_picture_is_cropped_without_computing_all_of_it) {
    // 64 columns of it would have 64 million rows.
    const io::Picture line{1, 1'000'000, 1, std::vector<std::uint8_t>(1'000'000, 7)};
    const auto middle = io::resized_and_cropped(line, 64, 64);
    BOOST_TEST(middle.pixels.size() == 64U * 64U);
    BOOST_TEST(std::ranges::all_of(middle.pixels, [](std::uint8_t value) { return value == 7; }));
}

BOOST_AUTO_TEST_CASE(files_that_are_no_pictures_are_named) {
    const char* const wanted = io::reads_jpeg() ? "a PNG or JPEG picture" : "a PNG picture";
    const auto line = [&](const char* found) {
        return std::string("x: found ") + found + ", expected " + wanted;
    };
    BOOST_TEST(error_of("") == line("an empty file"));
    BOOST_TEST(error_of("GIF89a..........") == line("a GIF picture"));
    BOOST_TEST(error_of("hello world") == line("bytes that begin with 'hello wo'"));
    const test::TemporaryFolder temporary;
    BOOST_TEST(test::message_of([&] { io::read_picture(temporary.path(), 1); }) ==
               temporary.path().string() + ": found a directory, expected " + wanted);
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_file_is_refused) {
    for (const char* name : {"palette.png", "rgb.png", "baseline.jpg", "progressive.jpeg"}) {
        if (!can_read(name)) continue;
        const std::string whole = test::content(folder / name);
        BOOST_TEST(error_of(whole).empty());
        // A JPEG file whose last two bytes are missing has all of its picture, but does not say so.
        for (std::size_t size = 0; size < whole.size(); size += 1 + size / 60)
            BOOST_TEST(!error_of(whole.substr(0, size)).empty(), name << " of " << size << " bytes");
    }
}

BOOST_AUTO_TEST_CASE(damaged_jpeg_files_are_refused_if_a_code_is_invalid) {
    if (!io::reads_jpeg()) return;
    for (const char* name : {"baseline.jpg", "progressive.jpeg"}) {
        std::string bytes = test::content(folder / name);
        // 16 one-bits, which no code of the standard's tables has; each 0xff is followed by a 0 in the data.
        for (std::size_t i = bytes.size() - 42; i + 2 < bytes.size(); i += 2) {
            bytes[i] = '\xff';
            bytes[i + 1] = '\0';
        }
        BOOST_TEST(error_of(bytes).find(", expected a whole JPEG picture") != std::string::npos, name);
    }
}

BOOST_AUTO_TEST_CASE(damaged_png_files_are_refused_with_one_line) {
    std::string content = test::content(folder / "rgb.png");
    content[content.find("IDAT") + 40] ^= 0x10;
    BOOST_TEST(error_of(content).starts_with("x: found IDAT: "));
    BOOST_TEST(error_of(content).ends_with(", expected a whole PNG picture"));
}

BOOST_AUTO_TEST_CASE(too_many_pixels_are_found_before_memory_is_allocated) {
    BOOST_TEST(error_of(test::content(folder / "rgb.png"), 29 * 40 - 1) ==
               "x: found a picture of 40 x 29 pixels, expected 1 to 1159 pixels");
    BOOST_TEST(error_of(test::content(folder / "rgb.png"), 29 * 40).empty());
    // The header alone of a picture of 10^12 pixels, with its checksum.
    std::string huge = test::content(folder / "rgb.png");
    const std::string_view size("\x00\x0f\x42\x40\x00\x0f\x42\x40", 8);
    std::copy(size.begin(), size.end(), huge.begin() + 16);
    io::Checksum sum;
    sum.add(bytes_of(huge).subspan(12, 17));
    for (std::size_t i = 0; i < 4; ++i) huge[29 + i] = static_cast<char>(sum.value() >> (24 - 8 * i));
    BOOST_TEST(error_of(huge) ==
               "x: found a picture of 1000000 x 1000000 pixels, expected 1 to 89478485 pixels");
    if (!io::reads_jpeg()) return;
    std::string jpeg = test::content(folder / "baseline.jpg");
    const std::size_t frame = jpeg.find("\xff\xc0");
    for (std::size_t i = 5; i < 9; ++i) jpeg[frame + i] = '\xfd';
    BOOST_TEST(error_of(jpeg) == "x: found a picture of 65021 x 65021 pixels, expected 1 to 89478485 pixels");
}

BOOST_AUTO_TEST_CASE(any_number_of_pixels_can_be_allowed) {
    const auto read = io::read_picture(folder / "gray.png", 1, std::numeric_limits<std::size_t>::max());
    BOOST_TEST(!read.pixels.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_too_large_for_its_pixels_is_not_read) {
    const test::TemporaryFolder temporary;
    const auto path = temporary.put("large.png", "");
    std::filesystem::resize_file(path, (std::uintmax_t{1} << 20) + 81);
    BOOST_TEST(test::message_of([&] { io::read_picture(path, 1, 10); }) ==
               path.string() + ": found 1048657 bytes, expected at most 1048656 for a picture of 10 pixels");
}

BOOST_AUTO_TEST_CASE(transparency_is_dropped_and_not_blended) {
    // Unlike read_png(), which blends with black.
    const auto path = folder / "rgba.png";
    BOOST_TEST(checksum(io::read_picture(path, 3)) != checksum(io::read_png(path)));
}

BOOST_AUTO_TEST_SUITE_END()
