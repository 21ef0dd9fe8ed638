// Recorded training runs of PyTorch taken again on the GPU, in float and double: gpu_trace FILE.raw...

#include "trace.hpp"

namespace {

// In double only the order of sums differs. In float the first images are within 1e-6, the losses no further
// away than five times PyTorch's own float32 is from its float64; that is measured for 50 steps of the small
// networks and 20 of the full ones, and a shorter run drifts less. A state in float drifts by steps of Adam.
constexpr gpu_tests::TraceLimits in_double{1e-9, 1e-9, 1e-9, 1e-8};
constexpr gpu_tests::TraceLimits small_in_float{1e-6, 5 * 1.7e-5, 5 * 5.2e-5, 1};
constexpr gpu_tests::TraceLimits full_in_float{1e-6, 5 * 2.8e-4, 5 * 7.2e-4, 1};

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: gpu_trace FILE.raw...\n");
        return 2;
    }
    return expect::run([&] {
        ctgan::cuda::allow_tf32(false);
        for (int i = 1; i < argc; ++i) {
            const gpu_tests::RawGolden golden(argv[i]);
            const std::string name = std::string(argv[i]).substr(std::string(argv[i]).find_last_of('/') + 1);
            const bool full = golden.tensor("noise").shape.back() == 100;
            gpu_tests::check_trace<double>(golden, in_double, name + " double:");
            gpu_tests::check_trace<float>(golden, full ? full_in_float : small_in_float, name + " float:");
        }
    });
}
