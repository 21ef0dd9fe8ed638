#include <ctgan/io/data_set.hpp>

#include "../cifar.hpp"
#include "labelled.hpp"
#include "recipe.hpp"
#include "train.hpp"
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace lenet {

namespace {

Labelled<cifar::Picture> read(const std::filesystem::path& from,
                              const std::vector<std::filesystem::path>& files) {
    auto pictures = cifar::read(files, cifar::Labels::checked);
    return {from, std::move(pictures.images), std::move(pictures.labels), [](std::uint32_t) { return true; }};
}

} // namespace

void train_on_colors(const Options& options) {
    const auto files = cifar::find(options.data);
    train_and_test<cifar::Picture>({read(options.data, files.training), read(files.test, {files.test})},
                                   /*mirror*/ true, options);
}

} // namespace lenet
