// Benchmark of the published DCGAN on the GPU: gpu_bench [--smoke | --full] PART... Prints one JSON object
// per line. PART is device, step, plain (the step launched kernel by kernel), layers or epoch; the default is
// all.
// --smoke: small and short, to see that it works. --full: measures all 20 epochs instead of one.

#include "layers.hpp"
#include "steps.hpp"
#include <exception>

namespace {

struct Options {
    bool smoke = false, full = false;
    std::vector<std::string> parts;

    bool has(const char* part) const {
        return parts.empty() || std::find(parts.begin(), parts.end(), part) != parts.end();
    }
};

/// Returns false if an argument is unknown.
bool parse(int argc, char** argv, Options& options) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--smoke")
            options.smoke = true;
        else if (word == "--full")
            options.full = true;
        else if (word == "device" || word == "step" || word == "plain" || word == "layers" || word == "epoch")
            options.parts.push_back(word);
        else
            return false;
    }
    return true;
}

void bench_all(const Options& options) {
    const bench::Effort effort = options.smoke ? bench::Effort::smoke() : bench::Effort{};
    const std::vector<int> batches = options.smoke ? std::vector{4} : std::vector{4, 64, 512, 4096};
    if (options.has("device")) bench::Line("device").add("name", ctgan::gpu::device_name());
    const bench::RandomImages images(options.smoke ? 8 : 60000);
    for (const bench::Products products : bench::all_products()) {
        for (const int batch : batches) {
            if (options.has("step")) bench::bench_step(images, batch, products, true, effort);
            if (options.has("plain") && !products.cublas)
                bench::bench_step(images, batch, products, false, effort);
        }
        if (options.has("epoch")) bench::bench_epoch(images, products, options.full);
        if (options.has("layers"))
            for (const int batch : options.smoke ? std::vector{4} : std::vector{4, 512})
                bench::bench_layers(batch, products, options.smoke ? effort : bench::Effort{3, 0.05});
    }
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    if (!parse(argc, argv, options)) {
        std::fprintf(stderr,
                     "usage: gpu_bench [--smoke | --full] [device | step | plain | layers | epoch]...\n");
        return 2;
    }
    if (!ctgan::gpu::available()) {
        std::fprintf(stderr, "gpu_bench: found no CUDA device, expected one\n");
        return 77; // CTest and Meson report the test as skipped
    }
    try {
        bench_all(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "gpu_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
