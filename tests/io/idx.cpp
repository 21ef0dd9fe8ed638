#include <ctgan/io/idx.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <chrono>
#include <random>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <vector>

using ctgan::io::ExpectedLabels;
using ctgan::io::read_idx_images;
using ctgan::io::read_idx_labels;
using test::big_endian;
using test::gzipped;

namespace {

constexpr std::uint32_t images_magic = 0x803, labels_magic = 0x801;

/// Pixels whose pattern does not repeat with the size of an image.
std::string pixels(std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i * 7 % 251);
    return bytes;
}

/// A valid file of `count` images of 28 x 28.
std::string images(std::uint32_t count) {
    return big_endian({images_magic, count, 28, 28}) + pixels(std::size_t{784} * count);
}

std::string labels(std::string_view values) {
    return big_endian({labels_magic, static_cast<std::uint32_t>(values.size())}).append(values);
}

std::string with_byte(std::string bytes, std::size_t at, int value) {
    bytes[at] = static_cast<char>(value);
    return bytes;
}

/// The peak memory of the process, in kilobytes.
long peak_memory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

struct BadFile {
    std::string name, content, message; ///< message: what follows the path
};

} // namespace

BOOST_AUTO_TEST_SUITE(idx)

BOOST_AUTO_TEST_CASE(valid_images_are_read_plain_and_compressed_whatever_the_name) {
    const test::TemporaryFolder folder;
    for (const auto& path :
         {folder.put("a", images(5)), folder.put("b.gz", gzipped(images(5))),
          folder.put("plain.gz", images(5)), folder.put("compressed.idx", gzipped(images(5)))}) {
        const auto read = read_idx_images(path, {28, 28});
        BOOST_TEST(read.count == 5u);
        BOOST_TEST(read.rows == 28u);
        BOOST_TEST(read.columns == 28u);
        BOOST_TEST(std::string(read.pixels.begin(), read.pixels.end()) == pixels(5 * 784));
    }
}

BOOST_AUTO_TEST_CASE(a_file_larger_than_every_buffer_is_read_whole) {
    const test::TemporaryFolder folder;
    const std::string all = images(2000);
    for (const auto& path : {folder.put("plain", all), folder.put("compressed", gzipped(all))}) {
        const auto read = read_idx_images(path, {28, 28});
        BOOST_TEST((std::string_view(all).substr(16) ==
                    std::string_view(reinterpret_cast<const char*>(read.pixels.data()), read.pixels.size())));
    }
}

BOOST_AUTO_TEST_CASE(valid_labels_are_read) {
    const test::TemporaryFolder folder;
    const std::string values{"\0\1\2\x9", 4};
    const std::vector<std::uint8_t> expected{0, 1, 2, 9};
    for (const auto& path : {folder.put("a", labels(values)), folder.put("a.gz", gzipped(labels(values)))})
        BOOST_TEST(read_idx_labels(path) == expected, boost::test_tools::per_element());
}

/// EMNIST's files hold columns where others hold rows.
BOOST_AUTO_TEST_CASE(images_of_emnist_are_upright) {
    const test::TemporaryFolder folder;
    std::string upright, transposed;
    const auto value = [](int image, int y, int x) {
        return static_cast<char>((image * 31 + y * 7 + x * 3) % 251);
    };
    for (int image = 0; image < 3; ++image)
        for (int y = 0; y < 28; ++y)
            for (int x = 0; x < 28; ++x) {
                upright += value(image, y, x);
                transposed += value(image, x, y);
            }
    const std::string header = big_endian({images_magic, 3, 28, 28});
    const auto read = [&](const std::string& name, const std::string& content) {
        const auto images = read_idx_images(folder.put(name, content), {28, 28});
        return std::string(images.pixels.begin(), images.pixels.end());
    };
    for (const std::string split : {"balanced", "byclass", "bymerge", "digits", "letters", "mnist"})
        for (const std::string set : {"train", "test"}) {
            const std::string name = "emnist-" + split + "-" + set + "-images-idx3-ubyte";
            BOOST_TEST((read(name, header + transposed) == upright), name);
            BOOST_TEST((read(name + ".gz", gzipped(header + transposed)) == upright), name);
        }
    for (const char* name : {"train-images-idx3-ubyte", "qmnist-train-images-idx3-ubyte", "emnist.gz"})
        BOOST_TEST((read(name, header + upright) == upright), name);
    // Not EMNIST's: its images are square.
    const auto path =
        folder.put("emnist-images", big_endian({images_magic, 1, 2, 3}) + std::string("\1\2\3\4\5\6"));
    BOOST_TEST((read_idx_images(path, {2, 3}).pixels == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}));
}

/// QMNIST's files of labels: 8 numbers for each image, of which the first is the class.
BOOST_AUTO_TEST_CASE(labels_of_qmnist_are_read) {
    const test::TemporaryFolder folder;
    const auto row = [](std::uint32_t label) {
        return big_endian({label, 1, 2229, 16, 4, 0xffffffff, 0, 1377224});
    };
    const auto header = [](std::uint32_t count, std::uint32_t columns) {
        return big_endian({0xc02, count, columns});
    };
    const std::string good = header(3, 8) + row(5) + row(0) + row(9);
    const std::vector<std::uint8_t> expected{5, 0, 9};
    for (const auto& path : {folder.put("a", good), folder.put("a.gz", gzipped(good))})
        BOOST_TEST(read_idx_labels(path, {.count = 3}) == expected, boost::test_tools::per_element());
    const std::vector<BadFile> cases{
        {"count", good, "offset 4: found 3 labels, expected 2, one for each image"},
        {"no header", good.substr(0, 11), "found 11 bytes, expected a 12-byte IDX header"},
        {"7 columns", header(2, 7) + std::string(56, '\1'),
         "offset 8: found 7 numbers for each image, expected 8, as in QMNIST"},
        {"label 10", header(2, 8) + row(9) + row(10), "offset 44: found label 10, expected 0 to 9"},
        {"a label of 32 bits", header(2, 8) + row(256) + row(1),
         "offset 12: found label 256, expected 0 to 9"},
        {"cut", header(2, 8) + row(1) + row(1).substr(0, 31),
         "offset 75: found the end of the file, expected 76 bytes (2 labels)"},
        {"trailing", header(2, 8) + row(1) + row(1) + "x",
         "offset 76: found 1 more byte, expected the end of the file"},
    };
    for (const auto& [name, content, message] : cases) {
        const auto path = folder.put(name, content);
        BOOST_TEST(test::message_of([&] { read_idx_labels(path, {.count = 2}); }) ==
                   path.string() + ": " + message);
    }
    const auto path = folder.put("qmnist-test-labels-idx2-int", good);
    BOOST_TEST(test::message_of([&] {
                   read_idx_images(path, {28, 28});
               }) == path.string() +
                         ": offset 0: found 0x00000c02, an IDX file of labels, expected 0x00000803 "
                         "(images): likely the file 'qmnist-test-images-idx3-ubyte'");
    BOOST_TEST(test::message_of([&] {
                   read_idx_labels(folder.put("wide", header(1, 8) + row(300)), {.classes = 1000});
               }).ends_with("wide: offset 12: found label 300, expected 0 to 255"));
}

BOOST_AUTO_TEST_CASE(bad_images_are_refused_with_what_was_found_and_expected) {
    const std::string good = images(3), compressed = gzipped(good);
    const std::size_t size = good.size(), gz = compressed.size();
    const std::string halves = gzipped(good.substr(0, 1000)) + gzipped(good.substr(1000));
    const std::size_t first = gzipped(good.substr(0, 1000)).size();
    const std::string zeros(512, '\0');
    const std::string more_inflated = "found more inflated data, expected the end of the inflated data";
    const auto at = [](std::size_t offset) { return "offset " + std::to_string(offset) + ": "; };
    const std::string short_header = ", expected a 16-byte IDX header";
    const std::string cut_gzip =
        "found the end of the file, expected the rest of the gzip data, which ends in an "
        "8-byte trailer";
    const std::string intact = ", expected gzip data that passes its own checks";
    const std::uint32_t most = 0xffffffff;
    const std::vector<BadFile> cases{
        {"empty", "", "found 0 bytes" + short_header},
        {"1 byte", good.substr(0, 1), "found 1 byte" + short_header},
        {"3 bytes", good.substr(0, 3), "found 3 bytes" + short_header},
        {"4 bytes", good.substr(0, 4), "found 4 bytes" + short_header},
        {"15 bytes", good.substr(0, 15), "found 15 bytes" + short_header},
        {"t10k-labels-idx1-ubyte.gz", gzipped(labels("\1\2\3")),
         "offset 0: found 0x00000801, an IDX file of labels, expected 0x00000803 (images): likely the file "
         "'t10k-images-idx3-ubyte.gz'"},
        {"train-labels.idx1-ubyte", labels("\1\2\3"),
         "offset 0: found 0x00000801, an IDX file of labels, expected 0x00000803 (images): likely the file "
         "'train-images.idx3-ubyte'"},
        {"labels of another name: digits", labels("\1\2\3"),
         "offset 0: found 0x00000801, an IDX file of labels, expected 0x00000803 (images): likely the file "
         "'images of another name: digits'"},
        {"numbers", labels("\1\2\3"),
         "offset 0: found 0x00000801, an IDX file of labels, expected 0x00000803 (images)"},
        {"byte-swapped", big_endian({0x03080000}) + good.substr(4),
         "offset 0: found the byte-swapped magic 0x03080000, expected 0x00000803 (images), since IDX numbers "
         "are "
         "big-endian"},
        {"png", "\x89PNG\r\n\x1a\n12345678",
         "offset 0: found 0x89504e47, a PNG picture, expected 0x00000803 (images)"},
        {"html", "<!DOCTYPE html><html>404",
         "offset 0: found 0x3c21444f, an HTML page, expected 0x00000803 (images)"},
        {"garbage", "0123456789abcdefg", "offset 0: found 0x30313233, expected 0x00000803 (images)"},
        {"float", with_byte(good, 2, 0x0d),
         "offset 2: found element type 13 (float), expected 8 (unsigned byte)"},
        {"signed byte", with_byte(good, 2, 0x09),
         "offset 2: found element type 9 (signed byte), expected 8 (unsigned byte)"},
        {"16-bit integer", with_byte(good, 2, 0x0b),
         "offset 2: found element type 11 (16-bit integer), expected 8 (unsigned byte)"},
        {"32-bit integer", with_byte(good, 2, 0x0c),
         "offset 2: found element type 12 (32-bit integer), expected 8 (unsigned byte)"},
        {"double", with_byte(good, 2, 0x0e),
         "offset 2: found element type 14 (double), expected 8 (unsigned byte)"},
        {"unknown type", with_byte(good, 2, 0x42),
         "offset 2: found element type 66 (unknown), expected 8 (unsigned byte)"},
        {"0 dimensions", with_byte(good, 3, 0),
         "offset 3: found 0 dimensions, expected 3 (images, rows, columns)"},
        {"2 dimensions", with_byte(good, 3, 2),
         "offset 3: found 2 dimensions, expected 3 (images, rows, columns)"},
        {"4 dimensions", with_byte(good, 3, 4),
         "offset 3: found 4 dimensions, expected 3 (images, rows, columns)"},
        {"255 dimensions", with_byte(good, 3, 255),
         "offset 3: found 255 dimensions, expected 3 (images, rows, columns)"},
        {"no images", big_endian({images_magic, 0, 28, 28}), "offset 4: found 0 images, expected at least 1"},
        {"0 rows", big_endian({images_magic, 3, 0, 28}),
         "offset 8: found images of 0 x 28 pixels, expected 28 x 28"},
        {"27 columns", big_endian({images_magic, 3, 28, 27}),
         "offset 8: found images of 28 x 27 pixels, expected 28 x 28"},
        {"32 x 32", big_endian({images_magic, 3, 32, 32}),
         "offset 8: found images of 32 x 32 pixels, expected 28 x 28"},
        {"2^31 rows", big_endian({images_magic, 3, 0x80000000, 28}),
         "offset 8: found images of 2147483648 x 28 pixels, expected 28 x 28"},
        {"65536 cubed", big_endian({images_magic, 65536, 65536, 65536}),
         "offset 8: found images of 65536 x 65536 pixels, expected 28 x 28"},
        {"2^32-1 cubed", big_endian({images_magic, most, most, most}),
         "offset 8: found images of 4294967295 x 4294967295 pixels, expected 28 x 28"},
        {"2^32-1 images", big_endian({images_magic, most, 28, 28}) + pixels(784),
         at(800) + "found the end of the file, expected 3367254359296 bytes (4294967295 images of 28 x 28)"},
        {"one image less than said", big_endian({images_magic, 4, 28, 28}) + good.substr(16),
         at(size) + "found the end of the file, expected 3152 bytes (4 images of 28 x 28)"},
        {"one image less, compressed", gzipped(big_endian({images_magic, 4, 28, 28}) + good.substr(16)),
         at(size) + "found the end of the inflated data, expected 3152 bytes (4 images of 28 x 28)"},
        {"trailing byte", good + "x", at(size) + "found 1 more byte, expected the end of the file"},
        {"trailing byte, compressed", gzipped(good + "x"),
         at(size) + "found more inflated data, expected the end of the inflated data"},
        {"gzip cut in half", compressed.substr(0, gz / 2), at(gz / 2) + cut_gzip},
        {"gzip without trailer", compressed.substr(0, gz - 8), at(gz - 8) + cut_gzip},
        {"gzip 3 bytes short", compressed.substr(0, gz - 3), at(gz - 3) + cut_gzip},
        {"gzip with wrong CRC", with_byte(compressed, gz - 8, compressed[gz - 8] ^ 1),
         at(gz - 4) + "found damaged gzip data (incorrect data check)" + intact},
        {"gzip with wrong length", with_byte(compressed, gz - 4, compressed[gz - 4] ^ 1),
         at(gz) + "found damaged gzip data (incorrect length check)" + intact},
        {"garbage after gzip", compressed + "garbage",
         at(gz) + "found 7 bytes after the gzip data, expected the end of the file or another gzip member"},
        {"a byte after gzip", compressed + "\x8b",
         at(gz) + "found 1 byte after the gzip data, expected the end of the file or another gzip member"},
        {"garbage after the second member", halves + "garbage",
         at(halves.size()) +
             "found 7 bytes after the gzip data, expected the end of the file or another gzip member"},
        {"garbage after zeros", compressed + zeros + "garbage",
         at(gz + 512) +
             "found 7 bytes after the zeros that follow the gzip data, expected the end of the file"},
        {"a member after zeros", compressed + zeros + gzipped(""),
         at(gz + 512) +
             "found 20 bytes after the zeros that follow the gzip data, expected the end of the file"},
        {"more content in a second member", compressed + gzipped("more"), at(size) + more_inflated},
        {"the same member again", compressed + compressed, at(size) + more_inflated},
        {"half of the content in two members", gzipped(good.substr(0, 99)) + gzipped(good.substr(99, 1)),
         at(100) + "found the end of the inflated data, expected 2368 bytes (3 images of 28 x 28)"},
        {"a second member's first byte", compressed + "\x1f", at(gz + 1) + cut_gzip},
        {"a second member's magic", compressed + "\x1f\x8b", at(gz + 2) + cut_gzip},
        {"a second member without trailer", halves.substr(0, halves.size() - 8),
         at(halves.size() - 8) + cut_gzip},
        {"wrong CRC in the first member", with_byte(halves, first - 8, halves[first - 8] ^ 1),
         at(first - 4) + "found damaged gzip data (incorrect data check)" + intact},
        {"wrong CRC in the second member",
         with_byte(halves, halves.size() - 8, halves[halves.size() - 8] ^ 1),
         at(halves.size() - 4) + "found damaged gzip data (incorrect data check)" + intact},
        {"wrong length in the first member", with_byte(halves, first - 4, halves[first - 4] ^ 1),
         at(first) + "found damaged gzip data (incorrect length check)" + intact},
        {"an unknown method in the second member", with_byte(halves, first + 2, 7),
         at(first + 4) + "found damaged gzip data (unknown compression method)" + intact},
        {"empty.gz", gzipped(""), "found 0 bytes of inflated data" + short_header},
        {"lone 0x1f", "\x1f", "found 1 byte" + short_header},
        {"only the gzip magic", "\x1f\x8b", at(2) + cut_gzip},
        {"bomb of lengths", gzipped(big_endian({images_magic, 1000000000, 28, 28}) + pixels(784)),
         "found a header that promises 1000000000 images of 28 x 28 in " +
             std::to_string(gzipped(big_endian({images_magic, 1000000000, 28, 28}) + pixels(784)).size()) +
             " compressed bytes, expected at most 1032 bytes for each compressed one"},
    };
    const test::TemporaryFolder folder;
    for (const auto& [name, content, expected] : cases) {
        BOOST_TEST_CONTEXT(name) {
            const auto path = folder.put(name, content);
            BOOST_TEST(test::message_of([&] {
                           read_idx_images(path, {28, 28});
                       }) == path.string() + ": " + expected);
        }
    }
}

/// As pigz and tools for logs write them, and as `cat a.gz b.gz` gives.
BOOST_AUTO_TEST_CASE(the_members_of_gzip_data_are_read_one_after_the_other) {
    const test::TemporaryFolder folder;
    const std::string all = images(100);
    const auto pieces = [&](std::initializer_list<std::size_t> ends) {
        std::string result;
        std::size_t begin = 0;
        for (const std::size_t end : ends) {
            result += gzipped(std::string_view(all).substr(begin, end - begin));
            begin = end;
        }
        return result + gzipped(std::string_view(all).substr(begin));
    };
    std::string bytes;
    for (const char byte : all) bytes += gzipped(std::string_view(&byte, 1));
    const std::vector<std::pair<std::string, std::string>> files{
        {"two", pieces({40000})},
        {"inside the header", pieces({3, 7, 16})},
        {"empty ones", pieces({0, 0, 5000, 5000, all.size()})},
        {"a member for each byte", bytes},
        {"a zero", gzipped(all) + std::string(1, '\0')},
        {"zeros", gzipped(all) + std::string(512, '\0')},
        {"zeros larger than every buffer", pieces({9}) + std::string(200000, '\0')},
    };
    for (const auto& [name, content] : files) {
        BOOST_TEST_CONTEXT(name) {
            std::vector<std::uint8_t> read;
            BOOST_TEST(test::message_of([&, data = std::string_view(content)] {
                           read = read_idx_images(folder.put("members.gz", data), {28, 28}).pixels;
                       }) == "");
            BOOST_TEST((std::string(read.begin(), read.end()) == pixels(100 * 784)));
        }
    }
    const std::vector<std::uint8_t> expected{1, 2};
    BOOST_TEST(read_idx_labels(folder.put("labels", gzipped(labels("\1\2").substr(0, 9)) + gzipped("\2"))) ==
                   expected,
               boost::test_tools::per_element());
}

/// The first two bytes of a member may be the last one of a buffer and the first one of the next.
BOOST_AUTO_TEST_CASE(a_member_may_begin_at_any_place_of_the_buffer) {
    const test::TemporaryFolder folder;
    constexpr std::size_t buffer = 65536;
    std::mt19937 random;
    std::string noise = big_endian({images_magic, 100, 28, 28});
    while (noise.size() < 16 + 78400) noise += static_cast<char>(random() & 0xff);
    int found = 0;
    for (std::size_t n = buffer - 60; n < buffer; ++n) {
        const std::string first = gzipped(noise.substr(0, n));
        if (first.size() + 2 < buffer || first.size() > buffer + 1) continue;
        ++found;
        const auto path = folder.put("f", first + gzipped(noise.substr(n)));
        std::vector<std::uint8_t> read;
        BOOST_TEST(test::message_of([&] { read = read_idx_images(path, {28, 28}).pixels; }) == "");
        BOOST_TEST((std::string(read.begin(), read.end()) == noise.substr(16)), first.size());
    }
    BOOST_TEST(found == 4);
}

BOOST_AUTO_TEST_CASE(gzip_data_that_is_cut_anywhere_is_refused) {
    const test::TemporaryFolder folder;
    const std::string good = images(2);
    const std::string members = gzipped(good.substr(0, 700)) + gzipped("") + gzipped(good.substr(700));
    for (std::size_t n = 0; n < members.size(); ++n) {
        const auto path = folder.put("cut.gz", members.substr(0, n));
        BOOST_TEST(test::message_of([&] {
                       read_idx_images(path, {28, 28});
                   }).starts_with(path.string() + ": "),
                   n << " bytes");
    }
}

BOOST_AUTO_TEST_CASE(damage_at_any_byte_of_compressed_images_is_refused_or_harmless) {
    const test::TemporaryFolder folder;
    const std::string all = images(2);
    for (const std::string& good : {gzipped(all), gzipped(all.substr(0, 700)) + gzipped(all.substr(700))})
        for (std::size_t i = 0; i < good.size(); ++i) {
            const auto path = folder.put("damaged.gz", with_byte(good, i, good[i] ^ 0x10));
            std::vector<std::uint8_t> read;
            const std::string message = test::message_of([&] {
                read = read_idx_images(path, {28, 28}).pixels;
            });
            // Damage to the header's time stamp and some flags is harmless: the pixels must be the same.
            BOOST_TEST((!message.empty() || std::string(read.begin(), read.end()) == pixels(2 * 784)),
                       "byte " << i);
            BOOST_TEST((message.empty() || message.starts_with(path.string() + ": ")), message);
        }
}

BOOST_AUTO_TEST_CASE(sizes_whose_product_overflows_64_bits_are_refused) {
    const test::TemporaryFolder folder;
    const std::uint32_t most = 0xffffffff;
    const auto path = folder.put("huge", big_endian({images_magic, most, most, most}));
    BOOST_TEST(test::message_of([&] {
                   read_idx_images(path, {most, most});
               }) == path.string() +
                         ": offset 4: found 4294967295 images of 4294967295 x 4294967295, more bytes than 64 "
                         "bits can count, expected a size that fits");
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_match_are_refused_without_allocating_memory) {
    const test::TemporaryFolder folder;
    // A header of 10 images followed by 64 MB of zeros; and a header of 784 MB followed by 65 MB, of which
    // enough does not compress, so that the file's size does not rule out the 784 MB.
    const std::string zeros(std::size_t{64} << 20, '\0');
    std::mt19937 random;
    std::string noise;
    for (int i = 0; i < 1 << 20; ++i) noise += static_cast<char>(random() & 0xff);
    const auto bomb = folder.put("bomb", gzipped(big_endian({images_magic, 10, 28, 28}) + zeros));
    const auto hollow =
        folder.put("hollow", gzipped(big_endian({images_magic, 1000000, 28, 28}) + noise + zeros));
    const auto members = folder.put("members", gzipped(big_endian({images_magic, 1000000, 28, 28}) + noise) +
                                                   gzipped(zeros.substr(1 << 20)));
    const long before = peak_memory();
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(test::message_of([&] {
                   read_idx_images(bomb, {28, 28});
               }) == bomb.string() +
                         ": offset 7856: found more inflated data, expected the end of the inflated data");
    BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500)));
    BOOST_TEST(test::message_of([&] {
                   read_idx_images(hollow, {28, 28});
               }) == hollow.string() +
                         ": offset 68157456: found the end of the inflated data, expected 784000016 bytes "
                         "(1000000 images of 28 x 28)");
    BOOST_TEST(test::message_of([&] {
                   read_idx_images(members, {28, 28});
               }) == members.string() +
                         ": offset 67108880: found the end of the inflated data, expected 784000016 bytes "
                         "(1000000 images of 28 x 28)");
    BOOST_TEST(peak_memory() - before < 64 * 1024);
}

BOOST_AUTO_TEST_CASE(files_that_are_not_regular_are_refused_before_reading) {
    const test::TemporaryFolder folder;
    const auto missing = folder.path() / "missing", fifo = folder.path() / "fifo";
    BOOST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const std::vector<std::pair<std::filesystem::path, std::string>> cases{
        {missing, "No such file or directory"}, {folder.path(), "a directory"},        {fifo, "a FIFO"},
        {"/dev/zero", "a character device"},    {"/dev/random", "a character device"},
    };
    for (const auto& [path, found] : cases) {
        BOOST_TEST(test::message_of([file = path] {
                       read_idx_images(file, {28, 28});
                   }) == path.string() + ": found " + found + ", expected an IDX file of images");
        BOOST_TEST(test::message_of([file = path] { read_idx_labels(file); }) ==
                   path.string() + ": found " + found + ", expected an IDX file of labels");
    }
}

BOOST_AUTO_TEST_CASE(an_unreadable_file_is_refused) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("secret", images(1));
    std::filesystem::permissions(path, std::filesystem::perms::none);
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    const test::AsOrdinaryUser user;
    if (!user.effective()) {
        BOOST_TEST_MESSAGE("skipped: cannot become an ordinary user");
        return;
    }
    BOOST_TEST(test::message_of([&] {
                   read_idx_images(path, {28, 28});
               }) == path.string() + ": found Permission denied, expected an IDX file of images");
}

BOOST_AUTO_TEST_CASE(bad_labels_are_refused) {
    const test::TemporaryFolder folder;
    struct Case {
        BadFile file;
        ExpectedLabels expected;
    };
    const std::vector<Case> cases{
        {{"images-of-what", images(1),
          "offset 0: found 0x00000803, an IDX file of images, expected 0x00000801 (labels): likely the file "
          "'labels-of-what'"},
         {}},
        {{"7 bytes", labels("").substr(0, 7), "found 7 bytes, expected an 8-byte IDX header"}, {}},
        {{"none", labels(""), "offset 4: found 0 labels, expected at least 1"}, {}},
        {{"2 dimensions", with_byte(labels("\1"), 3, 2), "offset 3: found 2 dimensions, expected 1 (labels)"},
         {}},
        {{"too few", labels("\1\2"), "offset 4: found 2 labels, expected 3, one for each image"},
         {.count = 3}},
        {{"label 10", labels("\1\xa"), "offset 9: found label 10, expected 0 to 9"}, {}},
        {{"label 255", labels("\xff"), "offset 8: found label 255, expected 0 to 9"}, {}},
        {{"cut", labels("\1\2\3").substr(0, 10),
          "offset 10: found the end of the file, expected 11 bytes (3 labels)"},
         {}},
        {{"trailing", labels("\1\2\3") + "xy", "offset 11: found 2 more bytes, expected the end of the file"},
         {}},
    };
    for (const auto& [file, expected] : cases) {
        BOOST_TEST_CONTEXT(file.name) {
            const auto path = folder.put(file.name, file.content);
            BOOST_TEST(test::message_of([&, expectation = expected] {
                           read_idx_labels(path, expectation);
                       }) == path.string() + ": " + file.message);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "written.idx";
    ctgan::io::Images written{3, 2, 5, std::vector<std::uint8_t>(30)};
    for (std::size_t i = 0; i < 30; ++i) written.pixels[i] = static_cast<std::uint8_t>(255 - i * 7);
    ctgan::io::write_idx_images(path, written);
    const auto read = read_idx_images(path, {2, 5});
    BOOST_TEST(read.count == 3U);
    BOOST_TEST(read.pixels == written.pixels);
    written.pixels.pop_back();
    BOOST_TEST(test::message_of([&] { ctgan::io::write_idx_images(path, written); }) ==
               "write_idx_images: found 29 pixels, expected 3 x 2 x 5");
    written.count = 0;
    BOOST_TEST(test::message_of([&] { ctgan::io::write_idx_images(path, written); }) ==
               "write_idx_images: found 0 images of 2 x 5, expected 1 to 4294967295 of each");
    BOOST_TEST(read_idx_images(path, {2, 5}).pixels == read.pixels); // nothing was lost
}

BOOST_AUTO_TEST_CASE(the_path_stays_on_one_line) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("two\nlines \x1b[31m", "");
    BOOST_TEST(test::message_of([&] {
                   read_idx_images(path, {28, 28});
               }) == folder.path().string() +
                         "/two\\x0alines \\x1b[31m: found 0 bytes, expected a 16-byte IDX header");
}

BOOST_AUTO_TEST_SUITE_END()
