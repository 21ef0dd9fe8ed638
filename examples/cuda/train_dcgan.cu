#include "fmt_for_nvcc.hpp"
// After fmt_for_nvcc.hpp.
#include "../train/run_on_ranks.hpp"
#include "../train/trainer.hpp"
#include "train_dcgan.hpp"

#if defined(CTGAN_WITH_MPI) && defined(CTGAN_WITH_NCCL)
#    include <ctgan/ranks/nccl.hpp>
#endif
#include <memory>

namespace train {

#ifdef CTGAN_WITH_MPI
/// How ranks exchange what is on their GPUs: by NCCL if the program has it, else by way of the hosts.
#    ifdef CTGAN_WITH_NCCL
static auto exchange_of(ctgan::ranks::Mpi& mpi) { return std::make_unique<ctgan::ranks::Nccl>(mpi); }
#    else
static auto exchange_of(ctgan::ranks::Mpi& mpi) { return &mpi; }
#    endif
#endif

int run_on_cuda(const Options& options) {
    ctgan::gpu::record_steps(options.graph);
    ctgan::gpu::allow_tf32(options.tf32);
    if (!runs_on_ranks(options)) return run<ctgan::Cuda>(options, ctgan::gpu::device_name());
    if (!ctgan::ranks::started_by_mpi()) return run_alone<ctgan::Cuda>(options, ctgan::gpu::device_name());
#ifdef CTGAN_WITH_MPI
    // A GPU for each rank of a machine, as long as there are any.
    const auto select_device = [](ctgan::ranks::Mpi& mpi) {
        int devices = 0;
        ctgan::gpu::check(cudaGetDeviceCount(&devices), "counting the devices");
        ctgan::gpu::check(cudaSetDevice(number_on_node(mpi) % devices), "selecting the rank's device");
        return exchange_of(mpi);
    };
    return run_by_mpi<ctgan::Cuda>(options, select_device, [] { return ctgan::gpu::device_name(); });
#else
    return run_by_mpi<ctgan::Cuda>(options);
#endif
}

} // namespace train
