// Operations of the CUDA backend for which layers.cu and kernels.cu have no test: statistics of awkward
// batches, all optimizers, several host threads.

#include <ctgan/dcgan.hpp>

#include "host_threads.hpp"
#include "statistics.hpp"
#include "updates.hpp"

int main() {
    return expect::run([] {
        gpu_tests::check_statistics();
        gpu_tests::check_updates();
        gpu_tests::check_host_threads();
    });
}
