#include <ctgan/io/animation.hpp>
#include <ctgan/io/png.hpp>

#include <boost/test/unit_test.hpp>
#ifdef CTGAN_WITH_GIF
#    include <gif_lib.h>
#endif
#include <zlib.h>

#include "support.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace ctgan::io;

namespace {

/// Frames that all differ, in which each byte occurs.
std::vector<Picture> frames(std::size_t count, std::size_t channels, std::size_t height, std::size_t width) {
    std::vector<Picture> all;
    for (std::size_t number = 0; number < count; ++number) {
        Picture picture{channels, height, width, {}};
        for (std::size_t i = 0; i < channels * height * width; ++i)
            picture.pixels.push_back(static_cast<std::uint8_t>(i * 37 + number * 101 + i / 255));
        all.push_back(std::move(picture));
    }
    return all;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at, std::size_t size = 4) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}

struct Chunk {
    std::string type, data;
};

/// The chunks of a PNG file, whose checksums must be right.
std::vector<Chunk> chunks_of(std::string_view file) {
    BOOST_REQUIRE(file.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    std::vector<Chunk> chunks;
    for (std::size_t at = 8; at < file.size();) {
        const std::size_t length = number_at(file, at);
        BOOST_REQUIRE(at + 12 + length <= file.size());
        chunks.push_back({std::string(file.substr(at + 4, 4)), std::string(file.substr(at + 8, length))});
        const auto sum =
            ::crc32(0, reinterpret_cast<const Bytef*>(file.data() + at + 4), static_cast<uInt>(length + 4));
        BOOST_TEST(sum == number_at(file, at + 8 + length));
        at += 12 + length;
    }
    return chunks;
}

std::string chunk(const std::string& type, const std::string& data) {
    const std::string body = type + data;
    const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
    return test::big_endian({static_cast<std::uint32_t>(data.size())}) + body +
           test::big_endian({static_cast<std::uint32_t>(sum)});
}

/// What a program for animations sees: each frame as libpng reads it, and its time in milliseconds.
struct Seen {
    std::vector<Picture> frames;
    std::vector<int> times;
    int repeats = -1; ///< 0: for ever
};

Seen read_apng(const std::filesystem::path& path, const test::TemporaryFolder& folder) {
    Seen seen;
    std::string header;
    std::uint32_t sequence = 0, announced = 0;
    for (const Chunk& part : chunks_of(test::content(path))) {
        if (part.type == "IHDR") header = chunk(part.type, part.data);
        if (part.type == "acTL") {
            announced = number_at(part.data, 0);
            seen.repeats = static_cast<int>(number_at(part.data, 4));
        }
        if (part.type == "fcTL") {
            BOOST_TEST(part.data.size() == 26U);
            BOOST_TEST(number_at(part.data, 0) == sequence++);
            BOOST_TEST(part.data.substr(4, 8) == header.substr(8, 8)); // as large as the whole
            BOOST_TEST(part.data.substr(12, 8) == std::string(8, '\0'));
            seen.times.push_back(
                static_cast<int>(1000 * number_at(part.data, 20, 2) / number_at(part.data, 22, 2)));
            BOOST_TEST(part.data.substr(24) == std::string(2, '\0'));
        }
        if (part.type == "IDAT") BOOST_TEST(seen.frames.empty());
        if (part.type == "fdAT") BOOST_TEST(number_at(part.data, 0) == sequence++);
        if (part.type == "IDAT" || part.type == "fdAT") {
            const std::string data = part.type == "IDAT" ? part.data : part.data.substr(4);
            const auto single = folder.put("single.png", "\x89PNG\r\n\x1a\n" + header + chunk("IDAT", data) +
                                                             chunk("IEND", ""));
            seen.frames.push_back(read_png(single));
        }
    }
    BOOST_TEST(announced == seen.frames.size());
    return seen;
}

#ifdef CTGAN_WITH_GIF
Seen read_gif(const std::filesystem::path& path) {
    int code = 0;
    GifFileType* const file = ::DGifOpenFileName(path.c_str(), &code);
    BOOST_REQUIRE(file);
    BOOST_REQUIRE(::DGifSlurp(file) == GIF_OK);
    BOOST_TEST(test::content(path).substr(0, 6) == "GIF89a");
    Seen seen;
    for (int i = 0; i < file->ImageCount; ++i) {
        const SavedImage& image = file->SavedImages[i];
        GraphicsControlBlock control{};
        BOOST_REQUIRE(::DGifSavedExtensionToGCB(file, i, &control) == GIF_OK);
        seen.times.push_back(10 * control.DelayTime);
        BOOST_TEST(control.TransparentColor == NO_TRANSPARENT_COLOR);
        // Before the first frame: how often it is repeated.
        for (int e = 0; i == 0 && e + 1 < image.ExtensionBlockCount; ++e) {
            const ExtensionBlock &name = image.ExtensionBlocks[e], &data = image.ExtensionBlocks[e + 1];
            if (name.Function == APPLICATION_EXT_FUNC_CODE && name.ByteCount == 11 &&
                std::memcmp(name.Bytes, "NETSCAPE2.0", 11) == 0 && data.ByteCount == 3 && data.Bytes[0] == 1)
                seen.repeats = data.Bytes[1] + 256 * data.Bytes[2];
        }
        BOOST_TEST(image.ImageDesc.ColorMap == nullptr);
        Picture picture{
            1, static_cast<std::size_t>(file->SHeight), static_cast<std::size_t>(file->SWidth), {}};
        BOOST_TEST(image.ImageDesc.Width == file->SWidth);
        BOOST_TEST(image.ImageDesc.Height == file->SHeight);
        for (std::size_t p = 0; p < picture.height * picture.width; ++p) {
            const GifColorType color = file->SColorMap->Colors[image.RasterBits[p]];
            BOOST_REQUIRE((color.Red == color.Green && color.Green == color.Blue));
            picture.pixels.push_back(color.Red);
        }
        seen.frames.push_back(std::move(picture));
    }
    ::DGifCloseFile(file, &code);
    return seen;
}
#endif

void check(const Seen& seen, const std::vector<Picture>& expected, const FrameTimes& times) {
    BOOST_TEST(seen.repeats == 0);
    BOOST_REQUIRE(seen.frames.size() == expected.size());
    BOOST_REQUIRE(seen.times.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        BOOST_TEST(seen.frames[i].channels == expected[i].channels);
        BOOST_TEST(seen.frames[i].width == expected[i].width);
        BOOST_TEST(seen.frames[i].pixels == expected[i].pixels, boost::test_tools::per_element());
        BOOST_TEST(seen.times[i] == (i + 1 < expected.size() ? times.each : times.last));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(animation)

BOOST_AUTO_TEST_CASE(an_animated_png_has_the_exact_frames_and_times) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "film.png";
    for (const std::size_t channels : {1U, 3U})
        for (const auto& [count, height, width] :
             {std::array{1U, 1U, 1U}, std::array{3U, 16U, 33U}, std::array{12U, 40U, 7U}}) {
            const auto original = frames(count, channels, height, width);
            for (const FrameTimes& times : {FrameTimes{}, FrameTimes{10, 655350}}) {
                write_animation(path, original, times);
                check(read_apng(path, folder), original, times);
                // A program that does not know the format shows the first frame.
                BOOST_TEST(read_png(path).pixels == original[0].pixels, boost::test_tools::per_element());
            }
        }
}

BOOST_AUTO_TEST_CASE(a_gif_has_the_exact_shades_and_times) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "film.gif";
#ifdef CTGAN_WITH_GIF
    BOOST_TEST(writes_gif());
    for (const auto& [count, height, width] :
         {std::array{1U, 1U, 1U}, std::array{3U, 16U, 33U}, std::array{12U, 40U, 7U}}) {
        const auto original = frames(count, 1, height, width);
        for (const FrameTimes& times : {FrameTimes{}, FrameTimes{10, 655350}}) {
            write_animation(path, original, times);
            check(read_gif(path), original, times);
        }
    }
    BOOST_TEST(folder.entries() == 1U);
    BOOST_TEST(test::message_of([&] {
                   write_animation(path, frames(2, 3, 4, 4));
               }).starts_with("write_animation: found a GIF of 4 x 4 pixels of 3 channels, expected 1"));
    BOOST_TEST(test::message_of([&] {
                   write_animation(path, frames(1, 1, 1, 65536));
               }).starts_with("write_animation: found a GIF of 1 x 65536 pixels"));
#else
    BOOST_TEST(!writes_gif());
    BOOST_TEST(test::message_of([&] { write_animation(path, frames(2, 1, 4, 4)); }) ==
               path.string() + ": found a program that was built without giflib, expected one with it, or a "
                               "name that ends with '.png'");
#endif
}

BOOST_AUTO_TEST_CASE(what_cannot_be_an_animation_is_refused_and_writes_nothing) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "film.png";
    const auto message = [&](const std::filesystem::path& name, std::vector<Picture> all,
                             FrameTimes times = {}) {
        return test::message_of([&] { write_animation(name, all, times); });
    };
    for (const char* name : {"film.mp4", "film", "film.PNG", "film.png.txt"})
        BOOST_TEST(message(folder.path() / name, frames(2, 1, 4, 4))
                       .starts_with((folder.path() / name).string() + ": found a name that ends with "));
    BOOST_TEST(message(path, {}) == "write_animation: found no frames, expected at least one");
    auto wrong = frames(3, 1, 4, 4);
    wrong[2] = frames(1, 1, 4, 5)[0];
    BOOST_TEST(message(path, wrong) ==
               "write_animation: found frame 3 of 4 x 5 x 1, expected 4 x 4 x 1 as the first one");
    wrong[2] = frames(1, 3, 4, 4)[0];
    BOOST_TEST(message(path, wrong) ==
               "write_animation: found frame 3 of 4 x 4 x 3, expected 4 x 4 x 1 as the first one");
    wrong[2] = wrong[0];
    wrong[1].pixels.pop_back();
    BOOST_TEST(message(path, wrong) == "write_animation: found frame 2 with 15 bytes, expected 16");
    BOOST_TEST(message(path, {Picture{2, 1, 1, {1, 2}}}).starts_with("write_animation: found frames of"));
    BOOST_TEST(message(path, {Picture{1, 0, 0, {}}}).starts_with("write_animation: found frames of"));
    for (const FrameTimes& times : {FrameTimes{9, 100}, FrameTimes{100, 655351}, FrameTimes{-1, 100}})
        BOOST_TEST(
            message(path, frames(2, 1, 4, 4), times).ends_with(" milliseconds, expected 10 to 655350"));
    BOOST_TEST(message(folder.path() / "missing" / "film.png", frames(2, 1, 4, 4))
                   .starts_with((folder.path() / "missing" / "film.png").string() +
                                ": found No such file or directory"));
    BOOST_TEST(folder.entries() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
