#pragma once

#include <ctgan/backend/cuda.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

/// Measures how long the device takes for the work on its stream, and prints the results, one JSON object per
/// line.
namespace bench {

/// How much to measure.
struct Effort {
    int repeats = 7;      ///< of a measurement
    double seconds = 0.1; ///< approximate length of a repeat
    int recorded = 20;    ///< calls of an operation in a recording, to measure it without its launch
    static Effort smoke() { return {2, 0, 2}; }
};

/// What computes products: the backend's own tiles, or cuBLAS in float or in TF32.
struct Products {
    bool cublas, tf32;
    void choose() const {
        ctgan::gpu::use_cublas(cublas);
        ctgan::gpu::allow_tf32(tf32);
    }
};

/// The ways that were compiled in.
inline std::vector<Products> all_products() {
    if (!ctgan::gpu::has_cublas) return {{false, false}};
    return {{false, false}, {true, false}, {true, true}};
}

/// The seconds of f(), from an idle device until the device is idle again.
template <class F>
double seconds_of(const F& f) {
    ctgan::gpu::synchronize();
    const auto begin = std::chrono::steady_clock::now();
    f();
    ctgan::gpu::synchronize();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Median, minimum and maximum.
struct Spread {
    double median, least, most;
};

inline Spread spread(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values.front(), values.back()};
}

/// The number of calls that fill a repeat, from 1 to max_calls.
inline int calls_for(double seconds_of_one, const Effort& effort, int max_calls) {
    const double calls = seconds_of_one > 0 ? effort.seconds / seconds_of_one : 0;
    return calls < 1 ? 1 : calls > max_calls ? max_calls : static_cast<int>(calls);
}

/// The JSON object of one measurement. The destructor prints it.
class Line {
  public:
    explicit Line(const char* what) : text_("{\"what\": \"") { text_ += std::string(what) + "\""; }
    ~Line() {
        std::printf("%s}\n", text_.c_str());
        std::fflush(stdout);
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    Line& add(const char* name, const std::string& value) { return put(name, "\"" + value + "\""); }
    Line& add(const char* name, const char* value) { return add(name, std::string(value)); }
    Line& add(Products products) { return add("cublas", products.cublas).add("tf32", products.tf32); }
    Line& add(const char* name, bool value) { return put(name, value ? "true" : "false"); }
    Line& add(const char* name, int value) { return put(name, std::to_string(value)); }
    Line& add(const char* name, double value) {
        char number[32];
        std::snprintf(number, sizeof number, "%.6g", value);
        return put(name, number);
    }
    Line& add(const char* name, Spread value) {
        char object[128];
        std::snprintf(object, sizeof object, "{\"median\": %.6g, \"least\": %.6g, \"most\": %.6g}",
                      value.median, value.least, value.most);
        return put(name, object);
    }

  private:
    Line& put(const char* name, const std::string& json) {
        text_ += ", \"" + std::string(name) + "\": " + json;
        return *this;
    }
    std::string text_;
};

} // namespace bench
