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

/// Recorded tensors in the plain form that raw_golden.py writes: to read safetensors takes a JSON library.
namespace gpu_tests {

struct RawTensor {
    std::vector<std::uint64_t> shape;
    std::vector<double> values; ///< of whatever type: double holds all that is recorded
};

class RawGolden {
  public:
    /// Little-endian: the number of tensors; of each the name's length, the name, the rank, the shape, and
    /// the numbers as doubles. Counts have 8 bytes.
    explicit RawGolden(const std::string& path) : path_(path), file_(path, std::ios::binary) {
        for (std::uint64_t left = count(); left > 0; --left) {
            std::string name(count(), '\0');
            read(name.data(), name.size());
            RawTensor tensor;
            tensor.shape.resize(count());
            std::uint64_t size = 1;
            for (std::uint64_t& extent : tensor.shape) size *= extent = count();
            if (size > most) fail("a tensor of " + std::to_string(size) + " numbers");
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
    /// Its numbers. Throws where they are not `size`.
    template <class T>
    std::vector<T> values(const std::string& name, ctgan::Index size) const {
        const std::vector<double>& all = tensor(name).values;
        if (static_cast<ctgan::Index>(all.size()) != size)
            fail(name + " of " + std::to_string(all.size()) + " numbers instead of " + std::to_string(size));
        std::vector<T> converted;
        converted.reserve(all.size());
        for (const double value : all) converted.push_back(static_cast<T>(value));
        return converted;
    }

  private:
    static constexpr std::uint64_t most = std::uint64_t{1} << 28; ///< beyond that a file is broken

    [[noreturn]] void fail(const std::string& found) const {
        throw std::runtime_error(path_ + ": found " + found);
    }
    void read(char* to, std::uint64_t bytes) {
        if (!file_.read(to, static_cast<std::streamsize>(bytes))) fail("an end too early, or no such file");
    }
    std::uint64_t count() {
        std::uint64_t value = 0;
        read(reinterpret_cast<char*>(&value), sizeof value);
        if (value > most) fail("a count of " + std::to_string(value));
        return value;
    }

    std::string path_;
    std::ifstream file_;
    std::map<std::string, RawTensor> tensors_;
};

/// The programs' distance; infinite where there are not as many numbers.
template <class A>
double distance(const std::vector<A>& a, const std::vector<double>& b) {
    return a.size() == b.size() ? replay::distance(std::span<const A>(a), std::span<const double>(b))
                                : INFINITY;
}

} // namespace gpu_tests
