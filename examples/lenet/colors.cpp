#include <ctgan/io/cifar.hpp>
#include <ctgan/io/data_set.hpp>

#include "labelled.hpp"
#include "recipe.hpp"
#include "train.hpp"
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace lenet {

namespace {

using Picture = ctgan::Image<3, 32, 32>;

Labelled<Picture> read(const std::filesystem::path& from, const std::vector<std::filesystem::path>& files) {
    auto pictures = ctgan::io::read_cifar(files);
    if (pictures.classes != 10)
        throw ctgan::io::Error(files.front(), "CIFAR-100", "the 10 classes of CIFAR-10");
    return {from, ctgan::io::DataSet<Picture>(std::move(pictures.pixels)), std::move(pictures.labels),
            [](std::uint32_t) { return true; }};
}

} // namespace

void train_on_colors(const Options& options) {
    const auto files = ctgan::io::find_cifar(options.data);
    train_and_test<Picture>({read(options.data, files.training), read(files.test, {files.test})},
                            /*mirror*/ true, options);
}

} // namespace lenet
