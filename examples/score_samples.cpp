// How good generated pictures are: score_samples --real DIR (--samples FILE | --weights FILE) ... (see
// --help)

#include <ctgan/backend/cpu.hpp>
#include <ctgan/gan/byte_images.hpp>
#include <ctgan/io/cifar.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/picture_folder.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/score/lenet.hpp>

#include <fmt/core.h>

#include "program.hpp"
#include "score/cache.hpp"
#include "score/drawn.hpp"
#include "score/features.hpp"
#include "score/figures.hpp"
#include "score/kind.hpp"
#include "score/options.hpp"
#include "score/real_set.hpp"
#include "score/shuffled.hpp"
#include "train/host_networks.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

using namespace ctgan;

namespace {

using scoring::Shuffled;

/// How many pictures of each set are compared.
Index count_of(const scoring::Options& options, const Shuffled& real,
               const std::optional<Shuffled>& samples) {
    Index most = real.count();
    auto file = real.file();
    if (samples && samples->count() < most) {
        most = samples->count();
        file = samples->file();
    }
    const Index count =
        options.count > 0 ? Index{options.count} : std::min(most, Index{scoring::default_count});
    if (count > most)
        throw io::Error(file, io::counted(static_cast<std::uint64_t>(most), "image"),
                        fmt::format("at least the {} of --count", count));
    const Index least = Index{options.k} + 1; // of a set, so that each has k neighbours
    if (real.count() < 2 * least)
        throw io::Error(real.file(), io::counted(static_cast<std::uint64_t>(real.count()), "image"),
                        fmt::format("at least {}, so that each of a half of them has {} neighbours",
                                    2 * least, options.k));
    if (most < least)
        throw io::Error(file, io::counted(static_cast<std::uint64_t>(most), "image"),
                        fmt::format("at least {}, so that each has {} neighbours", least, options.k));
    if (count < least)
        throw std::invalid_argument(
            fmt::format("--count: found {}, expected at least {}, so that each picture has {} neighbours",
                        count, least, options.k));
    return count;
}

/// A picture of the samples that are nearest to a real picture, each with that on its right.
void write_pairs(const std::filesystem::path& path, const scoring::Kind& kind,
                 const std::vector<std::uint8_t>& samples, const std::vector<std::uint8_t>& real,
                 const score::Nearest& nearest) {
    const Index size = kind.channels * kind.height * kind.width;
    std::vector<Index> order(nearest.index.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return nearest.distance[static_cast<std::size_t>(a)] < nearest.distance[static_cast<std::size_t>(b)];
    });
    order.resize(std::min<std::size_t>(order.size(), 32));
    std::vector<float> values;
    for (const Index sample : order)
        for (const std::uint8_t* from :
             {samples.data() + sample * size,
              real.data() + nearest.index[static_cast<std::size_t>(sample)] * size})
            std::transform(from, from + size, std::back_inserter(values), normalized<float>);
    io::write_png(
        path,
        io::enlarged(io::tile(values, 2 * order.size(), static_cast<std::size_t>(kind.channels),
                              static_cast<std::size_t>(kind.height), static_cast<std::size_t>(kind.width), 8),
                     3));
}

/// How far the nearest real pictures are, and how many are nearer than one of 100 real ones is.
void print_nearest(const char* whose, const scoring::Figures& figures, const scoring::Figures& floor) {
    const double usual = scoring::quantile(floor, 0.01);
    const auto nearer = std::lower_bound(figures.sorted.begin(), figures.sorted.end(), usual);
    fmt::print("nearest {} least {:.4g} median {:.4g}, {:.2f} % nearer than {:.4g}\n", whose,
               figures.sorted.front(), scoring::quantile(figures, 0.5),
               100.0 * static_cast<double>(nearer - figures.sorted.begin()) /
                   static_cast<double>(figures.sorted.size()),
               usual);
}

/// Whether color pictures are compared. What a folder of pictures is compared with decides for it; if that is
/// one, too, the feature network.
bool is_color(const scoring::Options& options) {
    if (io::is_cifar(options.real)) return true;
    const auto has_pictures = [](const std::filesystem::path& path) {
        std::error_code ignored;
        return std::filesystem::is_directory(path, ignored) && io::has_pictures(path);
    };
    if (!has_pictures(options.real)) return false;
    if (options.samples.empty()) return train::networks_of(options.weights).kind.channels == 3;
    return io::is_cifar(options.samples) ||
           (has_pictures(options.samples) && scoring::sees_color(options.network));
}

/// The bytes of so many pictures of the generator --weights.
std::vector<std::uint8_t> drawn(const scoring::Options& options, const scoring::Kind& kind, Index count) {
    const auto networks = train::networks_of(options.weights);
    const auto& [channels, height, width, word] = networks.kind;
    if (static_cast<Index>(networks.kind.size()) != Index{kind.channels} * kind.height * kind.width)
        throw io::Error(
            options.weights, fmt::format("a generator of {} x {} x {}", channels, height, width),
            fmt::format("one of {} x {} x {}, as the real pictures", kind.channels, kind.height, kind.width));
    return networks.drawn(options.weights, scoring::noise_of(count, options.seed, networks.noise_size));
}

int run(const scoring::Options& options) {
    if (options.samples.empty() == options.weights.empty())
        throw std::invalid_argument(fmt::format("found {} of --samples and --weights, expected one",
                                                options.samples.empty() ? "none" : "both"));
    if (options.threads > 0) cpu::set_threads(options.threads);
    const scoring::Kind kind = is_color(options) ? scoring::colors(options) : scoring::digits(options);
    const Shuffled real = kind.read(options.real);
    std::optional<Shuffled> samples;
    if (!options.samples.empty()) samples = kind.read(options.samples);
    const Index count = count_of(options, real, samples);
    const auto generated = samples ? samples->part(0, count) : drawn(options, kind, count);

    const std::string data = real.checksum();
    const scoring::Cache cache(options.cache, {data, kind.network, count, options.k, options.seed});
    std::optional<scoring::RealSet> known;
    if (!options.cache.empty()) known = cache.read();
    const bool was_known = known.has_value();
    if (!known) known = scoring::real_set(real, kind.extract, count, options.k, options.seed);
    if (!options.cache.empty() && !was_known) cache.write(*known);

    const auto figures = scoring::compare(known->statistics, kind.extract(generated), options.seed);
    const auto& floor = known->floor;
    const Index half = known->floor_count;
    const auto tail = [&](const char* first, Index n) {
        return fmt::format("{} {} real {} k {} network {}", first, n, n, options.k, kind.network);
    };
    fmt::print("{} {}\n{} {}\n", scoring::line_of(figures), tail("samples", count), scoring::line_of(floor),
               tail("real", half));
    if (half != count)
        fmt::print("the second line is of {} and {} pictures: compare it with --count {}\n", half, half,
                   half);
    if (std::min(count, half) <= score::lenet_features)
        fmt::print("{} pictures are too few: with no more than the {} features, fld says little\n",
                   std::min(count, half), score::lenet_features);
    fmt::print("kid: {} subsets of {}, deviation {:.3g}; of real {}, deviation {:.3g}\n", figures.subsets,
               figures.subset, figures.kid_deviation, floor.subset, floor.kid_deviation);
    fmt::print("classes samples{}\nclasses real{}\n", scoring::classes_of(figures),
               scoring::classes_of(floor));
    print_nearest("samples", figures, floor);
    print_nearest("real", floor, floor);
    fmt::print("real pictures: {}, CRC-32 {}{}\n", real.file().string(), data,
               options.cache.empty() ? ""
               : was_known           ? ", statistics from " + cache.file().string()
                                     : ", statistics written to " + cache.file().string());
    if (!options.pairs.empty())
        write_pairs(options.pairs, kind, generated, real.part(0, count), figures.nearest);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    scoring::Options options;
    program::Arguments arguments{"Compares generated digits or color pictures with real ones",
                                 "score_samples"};
    arguments.let_the_last_count();
    arguments
        .option(
            "--real", options.real,
            "real pictures: an IDX file, or a folder with one; or a .bin file "
            "of CIFAR-10's binary version, or the folder with its files; or a folder of PNG or JPEG pictures")
        .required();
    arguments.option("--samples", options.samples,
                     "generated pictures: an IDX file, or one in the format of CIFAR-10's");
    arguments.option(
        "--weights", options.weights,
        "generator that draws them: generator.safetensors from train_dcgan or train_gan, or a checkpoint");
    arguments
        .option("--count", options.count, "pictures of each set (10000, or as many as the smaller set has)")
        .between(2, 1000000);
    arguments.option("--seed", options.seed, "seed of the noise and of which pictures are taken")
        .at_least(0)
        .show_default();
    arguments.option("--k", options.k, "neighbours for precision, recall, density and coverage")
        .between(1, 1000)
        .show_default();
    arguments.option("--threads", options.threads, "number of threads (all cores)").between(1, 1024);
    arguments.option("--network", options.network,
                     "weights of the feature network, from train_lenet (those shipped with ctgan)");
    arguments.option("--cache", options.cache,
                     "folder that keeps the statistics of real pictures, so that they are computed once");
    arguments.option("--pairs", options.pairs,
                     "PNG file for the samples that are nearest to a real picture, each with it");
    return arguments.run(argc, argv, [&] { return run(options); });
}
