// `using namespace ctgan` next to the toolkit's namespaces: no name of the library hides or repeats one of
// `::cuda`, `::thrust` and `::cub`. Compiled by nvcc, and by g++ with Thrust on the host's threads.
#include <ctgan/dcgan.hpp>

#include <cuda/std/array>
#include <cuda/std/cstdint>
#include <thrust/host_vector.h>
#include <thrust/transform.h>

using namespace ctgan;

namespace {

struct Doubled {
    CTGAN_HD cuda::std::int32_t operator()(cuda::std::int32_t x) const { return 2 * x; }
};

} // namespace

int main() {
    const cuda::std::array<cuda::std::int32_t, 2> qualified{1, 2};
    const ::cuda::std::array<::cuda::std::int32_t, 2> global = qualified;
    thrust::host_vector<cuda::std::int32_t> values(global.begin(), global.end());
    thrust::transform(values.begin(), values.end(), values.begin(), Doubled{});
    const bool device = gpu::available();
    gpu::record_steps(device);
    return values[1] == 4 && gpu::work().launches == 0 ? 0 : 1;
}
