#include <ctgan/backend/cpu.hpp>
#include <ctgan/io/data_set.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/picture_folder.hpp>
#include <ctgan/io/png.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace io = ctgan::io;
using ctgan::Image;

namespace {

constexpr io::PictureShape gray{1, 4, 4};

/// The bytes of a PNG file of one color.
std::string png(std::uint8_t value, std::size_t height = 4, std::size_t width = 4, std::size_t channels = 1) {
    const auto bytes = io::encode_png(
        {channels, height, width, std::vector<std::uint8_t>(channels * height * width, value)});
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The first byte of each picture, which here says which one it is.
std::vector<int> firsts(const io::PictureFolder& folder, std::size_t size = 16) {
    std::vector<int> result;
    for (std::size_t i = 0; i < folder.pixels.size(); i += size) result.push_back(folder.pixels[i]);
    return result;
}

std::string error_of(const std::filesystem::path& path, const io::FolderOptions& options = {}) {
    return test::message_of([&] { io::read_picture_folder(path, gray, options); });
}

const char* const cache_name = ".ctgan-1x4x4.pictures";

/// A folder with three pictures in it.
struct ThreePictures {
    ThreePictures() {
        folder.put("a.png", png(1));
        folder.put("b.png", png(2));
        folder.put("c.png", png(3));
    }
    io::PictureFolder read(const io::FolderOptions& options = {}) const {
        return io::read_picture_folder(folder.path(), gray, options);
    }
    std::filesystem::path cache() const { return folder.path() / cache_name; }

    test::TemporaryFolder folder;
};

} // namespace

BOOST_AUTO_TEST_SUITE(picture_folders)

BOOST_AUTO_TEST_CASE(pictures_of_a_folder_are_sorted_by_name_and_of_one_class) {
    const test::TemporaryFolder folder;
    folder.put("b.PNG", png(2));
    folder.put("B.png", png(1, 9, 7, 3));
    folder.put("\xc3\xa4.png", png(4));
    folder.put("c.x.png", png(3));
    folder.put("notes.txt", "not a picture");
    folder.put(".hidden.png", "left out");
    folder.put("empty/notes.txt", "no class, because no folder has pictures");
    const auto read = io::read_picture_folder<Image<1, 4, 4>>(folder.path());
    BOOST_TEST(firsts(read) == (std::vector{1, 2, 3, 4}), boost::test_tools::per_element());
    BOOST_TEST(read.labels == std::vector<std::uint32_t>(4, 0), boost::test_tools::per_element());
    BOOST_TEST(read.classes == std::vector<std::string>{""}, boost::test_tools::per_element());
    BOOST_TEST(!read.from_cache);
    BOOST_TEST(read.cache_problem == "");
}

BOOST_AUTO_TEST_CASE(subfolders_are_classes_in_the_order_of_image_folder) {
    const test::TemporaryFolder folder;
    folder.put("dog/2.png", png(30));
    folder.put("cat/x/1.png", png(12));
    folder.put("cat/x-y/1.png", png(11)); // "x-y" < "x/...", but folders are sorted by their own names
    folder.put("cat/x/deep/1.png", png(13));
    folder.put("cat/9.png", png(10));
    folder.put("Zebra/1.png", png(1));
    folder.put(".git/1.png", png(99));
    const auto read = io::read_picture_folder(folder.path(), gray);
    // sorted(os.walk("cat")) in Python: cat, cat/x, cat/x-y, cat/x/deep.
    BOOST_TEST(firsts(read) == (std::vector{1, 10, 12, 11, 13, 30}), boost::test_tools::per_element());
    BOOST_TEST(read.labels == (std::vector<std::uint32_t>{0, 1, 1, 1, 1, 2}),
               boost::test_tools::per_element());
    BOOST_TEST(read.classes == (std::vector<std::string>{"Zebra", "cat", "dog"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(links_are_followed_but_not_in_circles) {
    const test::TemporaryFolder folder;
    folder.put("a/1.png", png(5));
    std::filesystem::create_directory_symlink(folder.path() / "a", folder.path() / "b");
    std::filesystem::create_directory_symlink(folder.path(), folder.path() / "a" / "up");
    std::filesystem::create_directory_symlink("..", folder.path() / "a" / "round");
    const auto read = io::read_picture_folder(folder.path(), gray);
    BOOST_TEST(firsts(read) == (std::vector{5, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_links_to_few_folders_end) {
    const test::TemporaryFolder folder;
    folder.put("0/1.png", png(5));
    for (int i = 1; i < 40; ++i) { // 2^39 ways
        const auto path = folder.path() / "0" / std::to_string(i);
        std::filesystem::create_directory(path);
        for (const char* name : {"x", "y"})
            std::filesystem::create_directory_symlink("../" + std::to_string(i + 1), path / name);
    }
    BOOST_TEST(io::has_pictures(folder.path()));
    BOOST_TEST(firsts(io::read_picture_folder(folder.path(), gray)) == std::vector{5},
               boost::test_tools::per_element());
    std::filesystem::remove(folder.path() / "0" / "1.png");
    BOOST_TEST(!io::has_pictures(folder.path()));
}

BOOST_AUTO_TEST_CASE(folders_without_pictures_are_refused) {
    const test::TemporaryFolder folder;
    const std::string name = folder.path().string();
    const char* const wanted = ", expected files that end with .png, .jpg or .jpeg, or folders of them";
    BOOST_TEST(error_of(folder.path()) == name + ": found no files" + wanted);
    folder.put("x.txt", "");
    folder.put("y/z.txt", "");
    BOOST_TEST(error_of(folder.path()) == name + ": found 2 files, no picture (the first: x.txt)" + wanted);
    folder.put("z/1.png", png(1));
    BOOST_TEST(error_of(folder.path()) ==
               name + "/y: found no picture, expected at least one in each folder, a class");
    folder.put("y/1.png", png(1));
    folder.put("1.png", png(1));
    BOOST_TEST(error_of(folder.path()) ==
               name + ": found 1 picture beside 2 folders (1.png), expected all pictures "
                      "in folders, each of which is a class, or all in this one");
    BOOST_TEST(error_of(folder.path() / "gone") ==
               name + "/gone: found No such file or directory, expected a folder that can be read");
    BOOST_CHECK_THROW(io::read_picture_folder(folder.path(), {2, 4, 4}), std::invalid_argument);
    BOOST_CHECK_THROW(io::read_picture_folder(folder.path(), {1, 0, 4}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(the_first_broken_picture_is_named_or_all_are_skipped) {
    ThreePictures three;
    const std::string line = (three.folder.path() / "b.png").string() +
                             ": found the end of the file, expected a whole PNG picture";
    three.folder.put("b.png", png(2).substr(0, 40));
    three.folder.put("d.bmp", "BM");
    BOOST_TEST(error_of(three.folder.path()) == line);
    BOOST_TEST(!std::filesystem::exists(three.cache()));
    const io::FolderOptions skip{.skip_broken = true};
    for (const bool cached : {false, true}) {
        const auto read = three.read(skip);
        BOOST_TEST(read.from_cache == cached);
        BOOST_TEST(firsts(read) == (std::vector{1, 3}), boost::test_tools::per_element());
        BOOST_TEST(read.labels.size() == 2U);
        BOOST_REQUIRE(read.skipped.size() == 2U);
        BOOST_TEST(read.skipped[0] == line);
        BOOST_TEST(read.skipped[1].find("d.bmp: found bytes that begin with 'BM', expected a PNG ") !=
                   std::string::npos);
    }
    BOOST_TEST(error_of(three.folder.path()) == line); // also with the cache
    for (const char* name : {"a.png", "c.png"}) three.folder.put(name, "?");
    BOOST_TEST(
        error_of(three.folder.path(), skip).find(": found 4 pictures, all of them broken (the first: ") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_second_time_nothing_is_decoded) {
    const ThreePictures three;
    const auto first = three.read();
    const auto second = three.read();
    BOOST_TEST(!first.from_cache);
    BOOST_TEST(second.from_cache);
    BOOST_TEST(first.pixels == second.pixels, boost::test_tools::per_element());
    BOOST_TEST(!three.read({.most_pixels = 16}).from_cache); // another option
    BOOST_TEST(three.read({.most_pixels = 16}).from_cache);
    // Another shape has a cache of its own.
    BOOST_TEST(!io::read_picture_folder(three.folder.path(), {3, 4, 4}).from_cache);
    BOOST_TEST(three.read({.most_pixels = 16}).from_cache);
}

BOOST_AUTO_TEST_CASE(another_name_size_or_time_makes_the_cache_stale) {
    const ThreePictures three;
    const auto is_stale = [&] {
        const bool stale = !three.read().from_cache;
        BOOST_TEST(three.read().from_cache);
        return stale;
    };
    BOOST_TEST(is_stale()); // there was none
    const auto path = three.folder.path() / "b.png";
    const auto time = std::filesystem::last_write_time(path);
    std::filesystem::last_write_time(path, time + std::chrono::seconds(1));
    BOOST_TEST(is_stale());
    three.folder.put("b.png", png(2, 8, 8, 3));
    std::filesystem::last_write_time(path, time + std::chrono::seconds(1));
    BOOST_TEST(is_stale());
    std::filesystem::rename(path, three.folder.path() / "b2.png");
    BOOST_TEST(is_stale());
    three.folder.put("d.png", png(7));
    BOOST_TEST(is_stale());
    std::filesystem::remove(three.folder.path() / "d.png");
    BOOST_TEST(is_stale());
}

BOOST_AUTO_TEST_CASE(a_damaged_cache_is_made_anew) {
    const ThreePictures three;
    const auto expected = three.read().pixels;
    const std::string whole = test::content(three.cache());
    const auto with = [&](const std::string& content) {
        std::ofstream(three.cache(), std::ios::binary) << content;
        const auto read = three.read();
        BOOST_TEST(read.pixels == expected, boost::test_tools::per_element());
        return read.from_cache;
    };
    BOOST_TEST(with(whole));
    for (std::size_t at = 0; at < whole.size(); at += 11) {
        std::string damaged = whole;
        damaged[at] ^= 1;
        BOOST_TEST(!with(damaged), "byte " << at);
        BOOST_TEST(!with(whole.substr(0, at)), at << " bytes");
    }
    BOOST_TEST(!with(whole + '\0'));
}

BOOST_AUTO_TEST_CASE(nothing_but_a_cache_is_replaced_by_one) {
    const ThreePictures three;
    const test::TemporaryFolder elsewhere;
    elsewhere.put("thesis.txt", "years of work");
    const auto thesis = elsewhere.path() / "thesis.txt";
    std::filesystem::create_symlink(thesis, three.cache());
    const auto read = three.read();
    BOOST_TEST(read.pixels.size() == 48U);
    BOOST_TEST(read.cache_problem ==
               three.cache().string() +
                   ": found a symbolic link, expected a cache of pictures, or a name that is free");
    BOOST_TEST((io::DataSet<Image<1, 4, 4>>::read(three.folder.path()).cache_problem()) ==
               read.cache_problem);
    BOOST_TEST(error_of(three.folder.path(), {.cache = thesis}) ==
               thesis.string() +
                   ": found another file, expected a cache of pictures, or a name that is free");
    BOOST_TEST(test::content(thesis) == "years of work");
    BOOST_TEST(!error_of(three.folder.path(), {.cache = elsewhere.path() / "gone" / "cache"}).empty());
}

BOOST_AUTO_TEST_CASE(a_picture_that_could_not_be_opened_is_tried_again) {
    const ThreePictures three;
    std::filesystem::create_symlink("later", three.folder.path() / "d.png");
    const io::FolderOptions skip{.skip_broken = true};
    BOOST_TEST(three.read(skip).skipped.size() == 1U);
    BOOST_TEST(!std::filesystem::exists(three.cache()));
    three.folder.put("later", png(4));
    BOOST_TEST(firsts(three.read(skip)) == (std::vector{1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_killed_processes_left_of_a_cache_is_removed) {
    const ThreePictures three;
    const auto left = three.folder.put(".ctgan-99999999-0.tmp", "a part of a cache");
    three.read({.use_cache = false});
    BOOST_TEST(std::filesystem::exists(left));
    three.read();
    BOOST_TEST(!std::filesystem::exists(left));
}

BOOST_AUTO_TEST_CASE(the_cache_can_be_elsewhere_or_left_out) {
    const ThreePictures three;
    const test::TemporaryFolder other;
    const io::FolderOptions elsewhere{.cache = other.path() / "cache"};
    BOOST_TEST(!three.read(elsewhere).from_cache);
    BOOST_TEST(three.read(elsewhere).from_cache);
    BOOST_TEST(!three.read({.use_cache = false}).from_cache);
    BOOST_TEST(!std::filesystem::exists(three.cache()));
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_to_is_no_error) {
    const ThreePictures three;
    using std::filesystem::perms;
    std::filesystem::permissions(three.folder.path(), perms::all & ~perms::owner_write & ~perms::group_write &
                                                          ~perms::others_write);
    const test::AsOrdinaryUser ordinary;
    if (!ordinary.effective()) return;
    const auto read = three.read();
    BOOST_TEST(firsts(read) == (std::vector{1, 2, 3}), boost::test_tools::per_element());
    BOOST_TEST(read.cache_problem.find(": found Permission denied") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pictures_are_the_same_on_any_number_of_threads) {
    const test::TemporaryFolder folder;
    std::vector<int> expected;
    for (int i = 0; i < 40; ++i) {
        folder.put(std::to_string(100 + i) + ".png",
                   png(static_cast<std::uint8_t>(i), 4 + static_cast<std::size_t>(i) % 5));
        expected.push_back(i);
    }
    const int usual = ctgan::cpu::threads();
    for (const int threads : {1, 3}) {
        ctgan::cpu::set_threads(threads);
        BOOST_TEST(firsts(io::read_picture_folder(folder.path(), gray, {.use_cache = false})) == expected,
                   boost::test_tools::per_element());
    }
    ctgan::cpu::set_threads(usual);
}

BOOST_AUTO_TEST_CASE(a_data_set_is_read_from_a_folder_of_pictures) {
    const ThreePictures three;
    BOOST_TEST((io::DataSet<Image<1, 4, 4>>::read(three.folder.path()).count()) == 3U);
    const auto color = io::DataSet<Image<3, 8, 8>>::read(three.folder.path());
    BOOST_TEST(color.count() == 3U);
    BOOST_TEST(int{color.pixels().back()} == 3);
    three.folder.put("broken.png", "?");
    BOOST_TEST(
        (io::DataSet<Image<1, 4, 4>>::read(three.folder.path(), {.skip_broken = true}).skipped().size()) ==
        1U);
    const auto file = three.folder.path() / "a.png";
    BOOST_TEST(test::message_of([&] { io::DataSet<Image<3, 8, 8>>::read(file); }) ==
               file.string() + ": found a file, expected a folder of pictures");
    const auto gone = three.folder.path() / "gone";
    BOOST_TEST(test::message_of([&] { io::DataSet<Image<3, 8, 8>>::read(gone); }) ==
               gone.string() + ": found No such file or directory, expected a folder of pictures");
}

BOOST_AUTO_TEST_SUITE_END()
