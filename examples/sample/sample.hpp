#pragma once

#include <cstdint>
#include <filesystem>

namespace sample {

/// The flags of sample_dcgan.
struct Options {
    std::filesystem::path weights, out = "samples.png", tensors;
    int count = 16, columns = 4;
    bool allow_non_finite = false;
    std::uint64_t seed = 0;
};

/// Draw from the generator of one kind of networks. They throw io::Error, and std::invalid_argument if
/// pictures of this kind cannot be written to --out. Those of color are in a translation unit of their own.
void digits(const Options& options);
void reference(const Options& options);
void pictures32(const Options& options);
void pictures64(const Options& options);

} // namespace sample
