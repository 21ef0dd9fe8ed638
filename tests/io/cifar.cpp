#include <ctgan/io/cifar.hpp>
#include <ctgan/io/data_set.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace io = ctgan::io;
using ctgan::Image;

namespace {

/// A picture of a file: its labels, then planes in which pixel i of channel c is i + c.
std::string picture(std::initializer_list<int> labels) {
    std::string bytes;
    for (const int label : labels) bytes += static_cast<char>(label);
    for (int c = 0; c < 3; ++c)
        for (int i = 0; i < 1024; ++i) bytes += static_cast<char>(i + c);
    return bytes;
}

/// The files of CIFAR-10 in a folder: file i, from 1, holds a picture of label i.
void put_cifar10(const test::TemporaryFolder& folder, const std::string& below) {
    for (int i = 1; i <= 5; ++i) folder.put(below + "data_batch_" + std::to_string(i) + ".bin", picture({i}));
    folder.put(below + "test_batch.bin", picture({9}));
}

std::string error_of(const std::filesystem::path& path) {
    return test::message_of([&] { io::read_cifar(path); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(cifar)

BOOST_AUTO_TEST_CASE(cifar_10_is_read_from_its_folder_and_from_the_one_above) {
    for (const char* below : {"", "cifar-10-batches-bin/"}) {
        const test::TemporaryFolder folder;
        put_cifar10(folder, below);
        BOOST_TEST(io::is_cifar(folder.path()));
        const auto images = io::read_cifar(folder.path());
        BOOST_TEST(images.classes == 10U);
        BOOST_TEST(images.labels == (std::vector<std::uint8_t>{1, 2, 3, 4, 5}),
                   boost::test_tools::per_element());
        BOOST_TEST(images.groups.empty());
        // Channels last.
        BOOST_REQUIRE(images.pixels.size() == 5U * 3072U);
        for (const std::size_t pixel : {0U, 1U, 700U, 1023U})
            for (std::size_t c = 0; c < 3; ++c)
                BOOST_TEST(int{images.pixels[3072 + 3 * pixel + c]} == static_cast<int>((pixel + c) & 255U));
        BOOST_TEST((io::DataSet<Image<3, 32, 32>>::read(folder.path()).count()) == 5U);
        BOOST_TEST(io::find_cifar(folder.path()).test == folder.path() / below / "test_batch.bin");
    }
}

BOOST_AUTO_TEST_CASE(cifar_100_has_two_labels) {
    const test::TemporaryFolder folder;
    folder.put("cifar-100-binary/train.bin", picture({19, 99}) + picture({0, 7}));
    folder.put("cifar-100-binary/test.bin", picture({1, 1}));
    BOOST_TEST(io::is_cifar(folder.path()));
    const auto images = io::read_cifar(folder.path());
    BOOST_TEST(images.classes == 100U);
    BOOST_TEST(images.labels == (std::vector<std::uint8_t>{99, 7}), boost::test_tools::per_element());
    BOOST_TEST(images.groups == (std::vector<std::uint8_t>{19, 0}), boost::test_tools::per_element());
    BOOST_TEST(int{images.pixels[3 * 5 + 1]} == 6);
    const auto path = folder.put("train.bin", picture({20, 0}));
    BOOST_TEST(error_of(path) == path.string() + ": offset 0: found label 20, expected a label from 0 to 19");
    folder.put("train.bin", picture({0, 0}) + picture({0, 100}));
    BOOST_TEST(error_of(path) ==
               path.string() + ": offset 3075: found label 100, expected a label from 0 to 99");
}

BOOST_AUTO_TEST_CASE(bad_files_are_refused_with_the_place) {
    const test::TemporaryFolder folder;
    const auto path = folder.put("x.bin", picture({3}) + picture({10}));
    BOOST_TEST(error_of(path) ==
               path.string() + ": offset 3073: found label 10, expected a label from 0 to 9");
    BOOST_TEST((io::read_cifar(path, io::CifarLabels::ignored).labels.size()) == 2U);
    const char* const wanted =
        ", expected 1 or more pictures of 3073 bytes, CIFAR-10's binary version, or of 3074, CIFAR-100's";
    folder.put("x.bin", "");
    BOOST_TEST(error_of(path) == path.string() + ": found 0 bytes" + wanted);
    folder.put("x.bin", picture({1}) + "..");
    BOOST_TEST(error_of(path) == path.string() + ": found 3075 bytes" + wanted);
    const auto other = folder.put("y.bin", picture({1, 1}));
    folder.put("x.bin", picture({1}));
    const std::vector both{path, other};
    BOOST_TEST(test::message_of([&] { io::read_cifar(both); }) ==
               other.string() +
                   ": found pictures of CIFAR-100, expected those of CIFAR-10, as in the file before");
}

BOOST_AUTO_TEST_CASE(folders_without_all_files_are_refused) {
    const test::TemporaryFolder folder;
    const std::string name = folder.path().string();
    BOOST_TEST(!io::is_cifar(folder.path()));
    BOOST_TEST(error_of(folder.path()).starts_with(name + ": found none of its files, expected CIFAR-10's "));
    std::filesystem::create_directory(folder.path() / "cifar-10-batches-py");
    BOOST_TEST(error_of(folder.path()) ==
               name + ": found the version for Python, cifar-10-batches-py, expected the "
                      "binary version, cifar-10-batches-bin or cifar-100-binary");
    put_cifar10(folder, "");
    std::filesystem::remove(folder.path() / "data_batch_4.bin");
    BOOST_TEST(io::is_cifar(folder.path()));
    BOOST_TEST(error_of(folder.path()) == name + "/data_batch_4.bin: found no such file, expected CIFAR-10's "
                                                 "data_batch_1.bin to 5 and test_batch.bin");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read) {
    const test::TemporaryFolder folder;
    std::vector<std::uint8_t> pixels(2 * 3072);
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    const auto path = folder.path() / "drawn.bin";
    io::write_cifar(path, pixels);
    BOOST_TEST(io::is_cifar(path));
    BOOST_TEST(io::read_cifar(path).pixels == pixels, boost::test_tools::per_element());
    BOOST_CHECK_THROW(io::write_cifar(path, {}), std::invalid_argument);
    BOOST_CHECK_THROW(io::write_cifar(path, std::vector<std::uint8_t>(3071)), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
