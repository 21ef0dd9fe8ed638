#include <ctgan/io/find_images.hpp>
#include <ctgan/io/find_labels.hpp>

#include <boost/test/unit_test.hpp>

#include "support.hpp"
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

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

constexpr const char* nothing_found = ": found no images in it, in raw or in MNIST/raw, FashionMNIST/raw, "
                                      "KMNIST/raw, QMNIST/raw or EMNIST/raw, "
                                      "expected ";

BOOST_AUTO_TEST_CASE(the_test_images_alone_can_be_requested) {
    const test::TemporaryFolder folder;
    folder.put("train-images-idx3-ubyte", "");
    BOOST_TEST(
        test::message_of([&] { find_images(folder.path(), {"t10k"}); }) ==
        folder.path().string() + nothing_found +
            "t10k-images-idx3-ubyte, t10k-images.idx3-ubyte, or the names of QMNIST or EMNIST, each with "
            "or without .gz");
    const auto path = folder.put("raw/t10k-images-idx3-ubyte.gz", "");
    BOOST_TEST(find_images(folder.path(), {"t10k"}) == path);
}

BOOST_AUTO_TEST_CASE(if_no_images_are_found_the_names_are_listed) {
    const test::TemporaryFolder folder;
    BOOST_TEST(test::message_of([&] { find_images(folder.path()); }) ==
               folder.path().string() + nothing_found +
                   "train-images-idx3-ubyte, train-images.idx3-ubyte, t10k-images-idx3-ubyte, "
                   "t10k-images.idx3-ubyte, or the names of QMNIST or EMNIST, each with or without .gz");
    BOOST_TEST(test::message_of([&] { find_images(folder.path() / "missing"); }) ==
               (folder.path() / "missing").string() +
                   ": found No such file or directory, expected a folder with MNIST images");
}

/// A root of torchvision's data sets with one of them: files as torchvision leaves them.
struct Root {
    const char *folder, *train, *train_labels, *test, *test_labels;
};
const std::vector<Root> roots{
    {"MNIST", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
     "t10k-labels-idx1-ubyte"},
    {"FashionMNIST", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
     "t10k-labels-idx1-ubyte"},
    {"KMNIST", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
     "t10k-labels-idx1-ubyte"},
    {"QMNIST", "qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int",
     "qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int"},
    {"EMNIST", "emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte",
     "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte"},
};

BOOST_AUTO_TEST_CASE(the_data_sets_of_torchvision_are_found) {
    for (const Root& root : roots) {
        BOOST_TEST_CONTEXT(root.folder) {
            const test::TemporaryFolder folder;
            const auto raw = std::string(root.folder) + "/raw/";
            for (const char* name : {root.train, root.train_labels, root.test, root.test_labels}) {
                folder.put(raw + name, "");
                folder.put(raw + name + ".gz", ""); // torchvision keeps the archives
            }
            const auto train = folder.path() / raw / root.train, test = folder.path() / raw / root.test;
            for (const char* given : {"", root.folder, raw.c_str()}) {
                BOOST_TEST(find_images(folder.path() / given) == train, given);
                BOOST_TEST(find_images(folder.path() / given, {"t10k"}) == test, given);
            }
            BOOST_TEST(find_labels(train) == folder.path() / raw / root.train_labels);
            BOOST_TEST(find_labels(test) == folder.path() / raw / root.test_labels);
            std::filesystem::remove(train);
            BOOST_TEST(find_images(folder.path()) == train.string() + ".gz");
        }
    }
}

BOOST_AUTO_TEST_CASE(if_several_data_sets_are_found_their_names_are_listed) {
    const test::TemporaryFolder folder;
    const std::string root = folder.path().string();
    const auto message = [&](const std::string& below = "") {
        return test::message_of([&] { find_images(root + below); });
    };
    const auto put = [&](const std::string& name) { return folder.put(name, "").string(); };
    const std::string mnist = put("MNIST/raw/t10k-images-idx3-ubyte");
    put("KMNIST/raw/train-images-idx3-ubyte");
    BOOST_TEST(message() ==
               root + ": found 2 data sets (MNIST, KMNIST), expected the path of one, such as " + mnist);
    put("FashionMNIST/raw/train-images-idx3-ubyte.gz");
    put("QMNIST/raw/qmnist-test-images-idx3-ubyte");
    const std::string letters = put("EMNIST/raw/emnist-letters-train-images-idx3-ubyte");
    BOOST_TEST(message() == root +
                                ": found 5 data sets (MNIST, FashionMNIST, KMNIST, QMNIST, EMNIST letters), "
                                "expected the path of one, such as " +
                                mnist);
    BOOST_TEST(find_images(root + "/EMNIST") == letters);
    const std::string by_class = put("EMNIST/raw/emnist-byclass-test-images-idx3-ubyte");
    for (const char* below : {"/EMNIST", "/EMNIST/raw"})
        BOOST_TEST(message(below) == root + below +
                                         ": found 2 data sets (EMNIST byclass, EMNIST letters), expected the "
                                         "path of one, such as " +
                                         by_class);
    for (const char* split : {"balanced", "bymerge", "digits", "mnist"})
        put("EMNIST/raw/emnist-" + std::string(split) + "-train-images-idx3-ubyte");
    BOOST_TEST(message("/EMNIST").starts_with(
        root + "/EMNIST: found 6 data sets (EMNIST balanced, EMNIST byclass, EMNIST bymerge, EMNIST digits, "
               "EMNIST letters, EMNIST mnist), expected the path of one, such as "));
    BOOST_TEST(find_images(root + "/KMNIST") == root + "/KMNIST/raw/train-images-idx3-ubyte");
    // Images in the folder itself are meant, whatever is below it.
    const std::string own = put("train-images-idx3-ubyte");
    BOOST_TEST(find_images(root) == own);
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
