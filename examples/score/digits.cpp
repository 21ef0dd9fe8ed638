#include <ctgan/io/data_set.hpp>
#include <ctgan/io/find_images.hpp>

#include "compare_pictures.hpp"
#include "drawn.hpp"
#include "options.hpp"
#include "real_set.hpp"
#include <filesystem>

namespace scoring {

void compare_digits(const Options& options) {
    const auto read = [&](const std::filesystem::path& path) {
        const auto file = ctgan::io::find_images(path);
        return Shuffled<Digit>(file, ctgan::io::DataSet<Digit>::read(file), options.seed);
    };
    compare_pictures<Digit>(options, read,
                            [&](Index count) { return drawn(options.weights, count, options.seed); });
}

} // namespace scoring
