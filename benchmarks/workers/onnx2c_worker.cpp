// The published DCGAN's generator as the C function that onnx2c makes of onnx_graph.py's graph of one sample:
// a worker of benchmarks/run (worker.hpp), which compiles and links the two. onnx2c's code has one thread.

#include "../worker.hpp"
#include <cstdlib>
#include <random>

/// onnx2c's name for the graph. It declares float noise[1][100] and image[1][1][28][28].
extern "C" void entry(const float* noise, float* image);

int main() {
    std::vector<float> noise(100), image(784);
    std::mt19937 random(0);
    std::normal_distribution<float> normal;
    for (float& x : noise) x = normal(random);
    serve([&](int batch) {
        if (batch != 1) {
            std::fprintf(stderr, "onnx2c_worker: found batch %d, expected 1\n", batch);
            std::exit(2);
        }
        entry(noise.data(), image.data());
    });
}
