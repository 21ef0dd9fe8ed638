#pragma once

#include <ctgan/backend/cuda.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/ranks/agreement.hpp>
#include <ctgan/ranks/exchange.hpp>

#include <cstring>
#include <nccl.h>
#include <span>
#include <stdexcept>
#include <string>

// Needs NCCL: link libnccl. For files that nvcc compiles.
namespace ctgan::inline CTGAN_ABI::ranks {

/// Ranks that each have a GPU, which exchange messages without the host: for Sharding<Cuda>. Only NCCL's
/// messages are used, never its sums, whose order depends on the number of GPUs and how they are connected.
class Nccl : public Exchange {
  public:
    /// `by_host` is how the ranks reach each other otherwise, such as Mpi. Each rank has selected its device
    /// (cudaSetDevice) before. Throws std::runtime_error if NCCL cannot start.
    explicit Nccl(Exchange& by_host) : by_host_(by_host) {
        ncclUniqueId id{};
        if (rank() == 0) check(ncclGetUniqueId(&id), "ncclGetUniqueId");
        const std::string of_rank_0 = texts_of_all(by_host, std::string(id.internal, sizeof id.internal))[0];
        std::memcpy(id.internal, of_rank_0.data(), sizeof id.internal);
        check(ncclCommInitRank(&communicator_, count(), id, rank()), "ncclCommInitRank");
    }
    ~Nccl() override { ncclCommAbort(communicator_); }

    int rank() const override { return by_host_.rank(); }
    int count() const override { return by_host_.count(); }
    int first_of_node() const override { return by_host_.first_of_node(); }
    bool on_device() const override { return true; }

    /// As all operations of the backend, does not wait: what follows on its stream finds the messages there.
    void exchange(std::span<const Message> sent, std::span<const Message> received) override {
        const gpu::detail::Access access;
        check(ncclGroupStart(), "ncclGroupStart");
        for (const Message& message : sent)
            check(
                ncclSend(message.data, message.bytes, ncclUint8, message.rank, communicator_, gpu::stream()),
                "ncclSend");
        for (const Message& message : received)
            check(
                ncclRecv(message.data, message.bytes, ncclUint8, message.rank, communicator_, gpu::stream()),
                "ncclRecv");
        check(ncclGroupEnd(), "ncclGroupEnd");
    }

  private:
    static void check(ncclResult_t result, const char* call) {
        if (result != ncclSuccess)
            throw std::runtime_error(std::string(call) + ": found " + ncclGetErrorString(result) +
                                     ", expected success");
    }

    Exchange& by_host_;
    ncclComm_t communicator_{};
};

} // namespace ctgan::inline CTGAN_ABI::ranks
