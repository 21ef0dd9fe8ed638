#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_images.hpp>
#include <ctgan/io/find_labels.hpp>

#include "labelled.hpp"
#include "recipe.hpp"
#include "train.hpp"
#include <cstdint>
#include <filesystem>
#include <utility>

namespace lenet {

namespace {

using Digit = ctgan::Image<1, 28, 28>;

Labelled<Digit> read(const std::filesystem::path& file, auto wanted) {
    auto images = ctgan::io::DataSet<Digit>::read(file);
    auto labels = ctgan::io::read_idx_labels(ctgan::io::find_labels(file), {.count = images.count()});
    return {file, std::move(images), std::move(labels), wanted};
}

/// The digits of a folder's training and test sets or, if it has the test set only, four fifths and the other
/// fifth of it.
TrainingAndTest<Digit> read_both(const std::filesystem::path& folder) {
    const auto file = ctgan::io::find_images(folder), test_file = ctgan::io::find_images(folder, {"t10k"});
    const bool apart = file != test_file;
    return {read(file, [=](std::uint32_t i) { return apart || i % 5 != 0; }),
            read(test_file, [=](std::uint32_t i) { return apart || i % 5 == 0; })};
}

} // namespace

void train_on_digits(const Options& options) {
    train_and_test(read_both(options.data), /*mirror*/ false, options);
}

} // namespace lenet
