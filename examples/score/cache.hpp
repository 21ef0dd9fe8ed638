#pragma once

#include <ctgan/io/error.hpp>
#include <ctgan/io/folder.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_checksum.hpp>
#include <ctgan/io/tensors_to_write.hpp>
#include <ctgan/score/lenet.hpp>

#include <fmt/core.h>

#include "real_set.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace scoring {

/// What the statistics of real pictures depend on.
struct CacheKey {
    std::string data, network; ///< checksums
    Index count;
    int k;
    std::uint64_t seed;

    /// The entry of the metadata and, with another extension, the name of the file.
    std::string text() const {
        return fmt::format("real-{}-network-{}-count-{}-k-{}-seed-{}", data, network, count, k, seed);
    }
};

/// A folder with statistics of real pictures. Each file is named after what it depends on, says so inside and
/// has a checksum: a file that does not fit is refused, never used.
class Cache {
    static constexpr const char* format = "ctgan real statistics 1";

  public:
    Cache(const std::filesystem::path& folder, CacheKey key)
        : key_(std::move(key)), file_(folder / (key_.text() + ".safetensors")) {}

    const std::filesystem::path& file() const { return file_; }

    /// The statistics in the folder, or nothing if it has none for this key. Throws io::Error if the file is
    /// damaged or holds something else.
    std::optional<RealSet> read() const {
        std::error_code ignored;
        if (!std::filesystem::exists(file_, ignored)) return std::nullopt;
        const auto in = ctgan::io::SafetensorsFile::open(file_);
        require(in, "format", format);
        require(in, "key", key_.text());
        if (!in.metadata().contains(ctgan::io::tensors_checksum_key))
            throw ctgan::io::Error(file_, "no checksum in __metadata__",
                                   "statistics that score_samples wrote");
        ctgan::io::require_checksum(in);
        RealSet set;
        set.floor_count = in.value<std::int64_t>("floor_count");
        if (set.floor_count < 1 || set.floor_count > key_.count)
            throw ctgan::io::Error(file_, fmt::format("floor_count {}", set.floor_count),
                                   fmt::format("1 to {}", key_.count));
        Statistics& s = set.statistics;
        const auto n = static_cast<std::size_t>(key_.count);
        constexpr std::size_t width = ctgan::score::lenet_features, classes = 10;
        const auto mean = values<double>(in, "mean", width);
        s.features = {key_.count, static_cast<int>(width), values<double>(in, "features", n * width)};
        s.moments = {key_.count, s.features.width, mean, values<double>(in, "r", width * width)};
        s.radii = {key_.k, values<double>(in, "squared_radii", n)};
        s.histogram = values<std::int64_t>(in, "histogram", classes);
        Figures& f = set.floor;
        f.histogram = values<std::int64_t>(in, "floor_histogram", classes);
        f.sorted = values<double>(in, "floor_distances", static_cast<std::size_t>(set.floor_count));
        f.subset = in.value<std::int64_t>("floor_subset");
        const auto numbers = values<double>(in, "floor_figures", 8);
        std::size_t next = 0;
        for (double* to : {&f.fld, &f.kid, &f.kid_deviation, &f.precision, &f.recall, &f.density, &f.coverage,
                           &f.classifier})
            *to = numbers[next++];
        const auto chi_square = in.values<double>("floor_chi_square");
        if (!chi_square.empty()) f.chi_square = chi_square[0];
        return set;
    }

    /// Writes the statistics, all or nothing. Throws io::Error.
    void write(const RealSet& set) const {
        ctgan::io::make_folder(file_.parent_path());
        ctgan::io::TensorsToWrite out;
        const auto vector = [&](const char* name, auto values) {
            const std::vector<std::uint64_t> shape{values.size()}; // before they are moved
            out.add(name, shape, std::move(values));
        };
        const Statistics& s = set.statistics;
        out.add("floor_count", std::int64_t{set.floor_count});
        // A network computes them in float, so nothing is lost.
        vector("features", std::vector<float>(s.features.values.begin(), s.features.values.end()));
        vector("mean", s.moments.mean);
        vector("r", s.moments.r);
        vector("squared_radii", s.radii.squared);
        vector("histogram", std::vector<std::int64_t>(s.histogram.begin(), s.histogram.end()));
        const Figures& f = set.floor;
        vector("floor_histogram", std::vector<std::int64_t>(f.histogram.begin(), f.histogram.end()));
        vector("floor_distances", f.sorted);
        out.add("floor_subset", std::int64_t{f.subset});
        vector("floor_figures", std::vector<double>{f.fld, f.kid, f.kid_deviation, f.precision, f.recall,
                                                    f.density, f.coverage, f.classifier});
        vector("floor_chi_square", f.chi_square ? std::vector<double>{*f.chi_square} : std::vector<double>());
        ctgan::io::write_with_checksum(file_, out.list(), {{"format", format}, {"key", key_.text()}});
    }

  private:
    void require(const ctgan::io::SafetensorsFile& in, const char* entry, const std::string& expected) const {
        const auto found = in.metadata().find(entry);
        if (found == in.metadata().end())
            throw ctgan::io::Error(file_, fmt::format("no '{}' in __metadata__", entry),
                                   "statistics that score_samples wrote");
        if (found->second != expected)
            throw ctgan::io::Error(file_, "statistics of " + ctgan::io::in_quotes(found->second),
                                   "'" + expected + "'; remove the file to have it made again");
    }
    template <class T>
    std::vector<T> values(const ctgan::io::SafetensorsFile& in, const char* name, std::size_t count) const {
        auto found = in.values<T>(name);
        if (found.size() != count)
            throw ctgan::io::Error(file_, ctgan::io::counted(found.size(), "value") + " in tensor " + name,
                                   std::to_string(count));
        return found;
    }

    CacheKey key_;
    std::filesystem::path file_;
};

} // namespace scoring
