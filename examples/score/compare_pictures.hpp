#pragma once

#include <ctgan/backend/cpu.hpp>
#include <ctgan/gan/byte_images.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/picture.hpp>
#include <ctgan/io/png.hpp>
#include <ctgan/score/lenet.hpp>

#include <fmt/core.h>

#include "cache.hpp"
#include "feature_network.hpp"
#include "figures.hpp"
#include "options.hpp"
#include "real_set.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace scoring {

/// How many pictures of each set are compared.
template <class Picture>
Index count_of(const Options& options, const Shuffled<Picture>& real,
               const std::optional<Shuffled<Picture>>& samples) {
    Index most = real.count();
    auto file = real.file();
    if (samples && samples->count() < most) {
        most = samples->count();
        file = samples->file();
    }
    const Index count = options.count > 0 ? Index{options.count} : std::min(most, Index{default_count});
    if (count > most)
        throw ctgan::io::Error(file, ctgan::io::counted(static_cast<std::uint64_t>(most), "image"),
                               fmt::format("at least the {} of --count", count));
    const Index least = Index{options.k} + 1; // of a set, so that each has k neighbours
    if (real.count() < 2 * least)
        throw ctgan::io::Error(real.file(),
                               ctgan::io::counted(static_cast<std::uint64_t>(real.count()), "image"),
                               fmt::format("at least {}, so that each of a half of them has {} neighbours",
                                           2 * least, options.k));
    if (most < least)
        throw ctgan::io::Error(file, ctgan::io::counted(static_cast<std::uint64_t>(most), "image"),
                               fmt::format("at least {}, so that each has {} neighbours", least, options.k));
    if (count < least)
        throw std::invalid_argument(
            fmt::format("--count: found {}, expected at least {}, so that each picture has {} neighbours",
                        count, least, options.k));
    return count;
}

/// Writes a picture of the samples that are nearest to a real picture, each with that on its right.
template <class Picture>
void write_pairs(const std::filesystem::path& path, const std::vector<std::uint8_t>& samples,
                 const std::vector<std::uint8_t>& real, const score::Nearest& nearest) {
    std::vector<Index> order(nearest.index.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return nearest.distance[static_cast<std::size_t>(a)] < nearest.distance[static_cast<std::size_t>(b)];
    });
    order.resize(std::min<std::size_t>(order.size(), 32));
    std::vector<float> values;
    for (const Index sample : order)
        for (const std::uint8_t* from :
             {samples.data() + sample * Picture::size,
              real.data() + nearest.index[static_cast<std::size_t>(sample)] * Picture::size})
            std::transform(from, from + Picture::size, std::back_inserter(values), ctgan::normalized<float>);
    ctgan::io::write_png(path,
                         ctgan::io::enlarged(ctgan::io::tile(values, 2 * order.size(), Picture::channels,
                                                             Picture::height, Picture::width, 8),
                                             3));
}

/// Prints how far the nearest real pictures are, and how many are nearer than one of 100 real ones is.
inline void print_nearest(const char* whose, const Figures& figures, const Figures& floor) {
    const double usual = quantile(floor, 0.01);
    const auto nearer = std::lower_bound(figures.sorted.begin(), figures.sorted.end(), usual);
    fmt::print("nearest {} least {:.4g} median {:.4g}, {:.2f} % nearer than {:.4g}\n", whose,
               figures.sorted.front(), quantile(figures, 0.5),
               100.0 * static_cast<double>(nearer - figures.sorted.begin()) /
                   static_cast<double>(figures.sorted.size()),
               usual);
}

/// Compares and prints. `read` returns the Shuffled pictures of a path, `draw` the bytes of so many pictures
/// of the generator --weights. Throws io::Error, and std::invalid_argument if --count is too low.
template <class Picture>
void compare_pictures(const Options& options, const auto& read, const auto& draw) {
    FeatureNetwork<Picture> network(0);
    const std::string checksum = load(network, options.network);
    const Shuffled<Picture> real = read(options.real);
    std::optional<Shuffled<Picture>> samples;
    if (!options.samples.empty()) samples = read(options.samples);
    const Index count = count_of(options, real, samples);
    const auto generated = samples ? samples->part(0, count) : draw(count);

    const std::string data = real.checksum();
    const Cache cache(options.cache, {data, checksum, count, options.k, options.seed});
    std::optional<RealSet> known;
    if (!options.cache.empty()) known = cache.read();
    const bool was_known = known.has_value();
    if (!known) known = real_set(real, network, count, options.k, options.seed);
    if (!options.cache.empty() && !was_known) cache.write(*known);

    const auto figures = compare(known->statistics, score::extract(network, generated), options.seed);
    const auto& floor = known->floor;
    const Index half = known->floor_count;
    const auto tail = [&](const char* first, Index n) {
        return fmt::format("{} {} real {} k {} network {}", first, n, n, options.k, checksum);
    };
    fmt::print("{} {}\n{} {}\n", line_of(figures), tail("samples", count), line_of(floor),
               tail("real", half));
    if (half != count)
        fmt::print("the second line is of {} and {} pictures: compare it with --count {}\n", half, half,
                   half);
    if (std::min(count, half) <= score::lenet_features)
        fmt::print("{} pictures are too few: with no more than the {} features, fld says little\n",
                   std::min(count, half), score::lenet_features);
    fmt::print("kid: {} subsets of {}, deviation {:.3g}; of real {}, deviation {:.3g}\n", figures.subsets,
               figures.subset, figures.kid_deviation, floor.subset, floor.kid_deviation);
    fmt::print("classes samples{}\nclasses real{}\n", classes_of(figures), classes_of(floor));
    print_nearest("samples", figures, floor);
    print_nearest("real", floor, floor);
    fmt::print("real pictures: {}, CRC-32 {}{}\n", real.file().string(), data,
               options.cache.empty() ? ""
               : was_known           ? ", statistics from " + cache.file().string()
                                     : ", statistics written to " + cache.file().string());
    if (!options.pairs.empty())
        write_pairs<Picture>(options.pairs, generated, real.part(0, count), figures.nearest);
}

} // namespace scoring
