#pragma once

#include <ctgan/core/shape.hpp>

#include "../../examples/replay/distance.hpp"
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

/// Recorded tensors in the simple format of raw_golden.py, because reading safetensors needs a JSON library.
namespace gpu_tests {

struct RawTensor {
    std::vector<std::uint64_t> shape;
    std::vector<double> values; ///< of any recorded type: double represents all of them exactly
};

class RawGolden {
  public:
    /// The file, in little-endian order: the number of tensors; for each the length of its name, the name,
    /// the rank, the shape, and the values as doubles. Counts have 8 bytes.
    explicit RawGolden(const std::string& path) : path_(path), file_(path, std::ios::binary) {
        for (std::uint64_t left = count(); left > 0; --left) {
            std::string name(count(), '\0');
            read(name.data(), name.size());
            RawTensor tensor;
            tensor.shape.resize(count());
            std::uint64_t size = 1;
            for (std::uint64_t& extent : tensor.shape) size *= extent = count();
            if (size > max_size) fail("a tensor of " + std::to_string(size) + " values");
            tensor.values.resize(size);
            read(reinterpret_cast<char*>(tensor.values.data()), size * sizeof(double));
            tensors_.emplace(std::move(name), std::move(tensor));
        }
        file_.close();
    }

    bool contains(const std::string& name) const { return tensors_.count(name) > 0; }
    const std::map<std::string, RawTensor>& tensors() const { return tensors_; }

    const RawTensor& tensor(const std::string& name) const {
        const auto found = tensors_.find(name);
        if (found == tensors_.end()) fail("no tensor " + name);
        return found->second;
    }
    /// The values of a tensor. Throws std::runtime_error if there are not `size` of them.
    template <class T>
    std::vector<T> values(const std::string& name, ctgan::Index size) const {
        const std::vector<double>& all = tensor(name).values;
        if (static_cast<ctgan::Index>(all.size()) != size)
            fail(name + " of " + std::to_string(all.size()) + " values instead of " + std::to_string(size));
        std::vector<T> converted;
        converted.reserve(all.size());
        for (const double value : all) converted.push_back(static_cast<T>(value));
        return converted;
    }

  private:
    static constexpr std::uint64_t max_size = std::uint64_t{1}
                                              << 28; ///< a larger size or count means a damaged file

    [[noreturn]] void fail(const std::string& found) const {
        throw std::runtime_error(path_ + ": found " + found);
    }
    void read(char* to, std::uint64_t bytes) {
        if (!file_.read(to, static_cast<std::streamsize>(bytes)))
            fail("the end of the file too early, or no such file");
    }
    std::uint64_t count() {
        std::uint64_t value = 0;
        read(reinterpret_cast<char*>(&value), sizeof value);
        if (value > max_size) fail("a count of " + std::to_string(value));
        return value;
    }

    std::string path_;
    std::ifstream file_;
    std::map<std::string, RawTensor> tensors_;
};

/// The distance of examples/replay; infinite if the sizes differ.
template <class A>
double distance(const std::vector<A>& a, const std::vector<double>& b) {
    return a.size() == b.size() ? replay::distance(std::span<const A>(a), std::span<const double>(b))
                                : HUGE_VAL;
}

} // namespace gpu_tests
