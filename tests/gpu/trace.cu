// Repeats recorded training runs of PyTorch on the GPU, in float and double: gpu_trace FILE.raw...

#include "trace.hpp"
#include <algorithm>

namespace {

// In double only the order of sums differs. In float the limit is 1e-6 for the first images, and for the
// losses five times the distance of PyTorch's own float32 from its float64. These distances are those of 50
// steps of the small networks and 20 of the full ones; a file from record_trace.py contains its own, which
// may widen the limits. A final state in float may differ by whole steps of Adam.
constexpr gpu_tests::TraceLimits in_double{{1e-9, 1e-9, 1e-9}, 1e-8};
constexpr gpu_tests::TraceLimits small_in_float{{1e-6, 5 * 1.7e-5, 5 * 5.2e-5}, 1};
constexpr gpu_tests::TraceLimits full_in_float{{1e-6, 5 * 2.8e-4, 5 * 7.2e-4}, 1};

gpu_tests::TraceLimits in_float(const gpu_tests::RawGolden& golden) {
    gpu_tests::TraceLimits limits =
        golden.tensor("noise").shape.back() == 100 ? full_in_float : small_in_float;
    const auto widen = [&](double& limit, const std::string& what) {
        if (!golden.contains("float32." + what)) return;
        limit = std::max(limit, 5 * gpu_tests::distance(golden.tensor("float32." + what).values,
                                                        golden.tensor("expect." + what).values));
    };
    widen(limits.first_fake, "first_fake");
    widen(limits.discriminator_loss, "d_loss");
    widen(limits.generator_loss, "g_loss");
    return limits;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: gpu_trace FILE.raw...\n");
        return 2;
    }
    return expect::run([&] {
        for (int i = 1; i < argc; ++i) {
            const gpu_tests::RawGolden golden(argv[i]);
            const std::string name = std::string(argv[i]).substr(std::string(argv[i]).find_last_of('/') + 1);
            for (const bool cublas : {false, true}) {
                if (cublas && !ctgan::gpu::has_cublas) continue;
                ctgan::gpu::use_cublas(cublas);
                const std::string by = cublas ? " by cuBLAS:" : ":";
                gpu_tests::check_trace<double>(golden, in_double, name + " double" + by);
                gpu_tests::check_trace<float>(golden, in_float(golden), name + " float" + by);
            }
        }
    });
}
