#include <ctgan/io/find_images.hpp>
#include <ctgan/io/find_labels.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <filesystem>
#include <string>
#include <utility>

using ctgan::io::find_images;
using ctgan::io::find_labels;

BOOST_AUTO_TEST_SUITE(finding_images)

BOOST_AUTO_TEST_CASE(images_are_found_under_all_usual_names) {
    for (const char* place :
         {"train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images.idx3-ubyte",
          "raw/train-images-idx3-ubyte", "MNIST/raw/train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz",
          "raw/t10k-images.idx3-ubyte.gz"}) {
        const test::TemporaryFolder folder;
        const auto path = folder.put(place, "");
        BOOST_TEST(find_images(folder.path()) == path);
        BOOST_TEST(find_images(path) == path);
    }
}

BOOST_AUTO_TEST_CASE(training_images_are_preferred_to_test_images_and_folders_are_ignored) {
    const test::TemporaryFolder folder;
    folder.put("t10k-images-idx3-ubyte", "");
    folder.put("train-images-idx3-ubyte/train-images-idx3-ubyte", "");
    const auto path = folder.put("MNIST/raw/train-images-idx3-ubyte", "");
    BOOST_TEST(find_images(folder.path()) == path);
}

BOOST_AUTO_TEST_CASE(the_test_images_alone_can_be_requested) {
    const test::TemporaryFolder folder;
    folder.put("train-images-idx3-ubyte", "");
    BOOST_TEST(test::message_of([&] { find_images(folder.path(), {"t10k"}); }) ==
               folder.path().string() +
                   ": found no images in it, in raw or in MNIST/raw, expected t10k-images-idx3-ubyte, "
                   "t10k-images.idx3-ubyte, each with or without .gz");
    const auto path = folder.put("raw/t10k-images-idx3-ubyte.gz", "");
    BOOST_TEST(find_images(folder.path(), {"t10k"}) == path);
}

BOOST_AUTO_TEST_CASE(if_no_images_are_found_the_names_are_listed) {
    const test::TemporaryFolder folder;
    BOOST_TEST(
        test::message_of([&] { find_images(folder.path()); }) ==
        folder.path().string() +
            ": found no images in it, in raw or in MNIST/raw, expected train-images-idx3-ubyte, "
            "train-images.idx3-ubyte, t10k-images-idx3-ubyte, t10k-images.idx3-ubyte, each with or without "
            ".gz");
    BOOST_TEST(test::message_of([&] { find_images(folder.path() / "missing"); }) ==
               (folder.path() / "missing").string() +
                   ": found No such file or directory, expected a folder with MNIST images");
}

BOOST_AUTO_TEST_CASE(a_folder_without_search_permission_is_reported) {
    const test::TemporaryFolder folder;
    folder.put("closed/train-images-idx3-ubyte", "");
    const auto closed = folder.path() / "closed";
    std::filesystem::permissions(closed, std::filesystem::perms::none);
    std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
    std::string message;
    {
        const test::AsOrdinaryUser user;
        if (user.effective()) message = test::message_of([&] { find_images(closed); });
    }
    std::filesystem::permissions(closed, std::filesystem::perms{0755});
    if (message.empty())
        BOOST_TEST_MESSAGE("skipped: cannot become an ordinary user");
    else
        BOOST_TEST(message == (closed / "train-images-idx3-ubyte").string() +
                                  ": found Permission denied, expected an IDX file of images");
}

BOOST_AUTO_TEST_CASE(labels_are_found_next_to_their_images) {
    for (const auto& [images, labels] :
         {std::pair{"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"},
          std::pair{"train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"},
          std::pair{"raw/train-images.idx3-ubyte.gz", "raw/train-labels.idx1-ubyte"}}) {
        const test::TemporaryFolder folder;
        const auto path = folder.put(labels, "");
        BOOST_TEST(find_labels(folder.put(images, "")) == path);
    }
}

BOOST_AUTO_TEST_CASE(if_no_labels_are_found_their_name_is_reported) {
    const test::TemporaryFolder folder;
    const auto images = folder.put("train-images-idx3-ubyte.gz", "");
    BOOST_TEST(test::message_of([&] { find_labels(images); }) ==
               images.string() +
                   ": found no labels beside it, expected train-labels-idx1-ubyte, with or without .gz");
    const auto digits = folder.put("digits.gz", "");
    BOOST_TEST(test::message_of([&] { find_labels(digits); }) ==
               digits.string() +
                   ": found a name without 'images', expected one that tells the name of its labels");
}

BOOST_AUTO_TEST_SUITE_END()
