#pragma once

#include <ctgan/backend/cuda/device.hpp>

#include <utility>

namespace ctgan::cuda {

namespace detail {

inline bool& steps_are_recorded() {
    static bool recorded = true;
    return recorded;
}

} // namespace detail

/// Whether recordings are made and played back, as they are at first. If not, each step is launched kernel by
/// kernel, and each kernel is waited for: slow, but an error then names the kernel that made it.
inline void record_steps(bool recorded) {
    detail::steps_are_recorded() = recorded;
    detail::waits_for_each_launch() = !recorded;
}

#if CTGAN_ON_GPU

/// An action as a CUDA graph: what it puts on the stream is noted once and then launched as a whole. The
/// action has to be the same each time, with the same memory.
class Recording {
  public:
    Recording() = default;
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
    Recording(Recording&& other) noexcept
        : calls_(std::exchange(other.calls_, 0)), graph_(std::exchange(other.graph_, nullptr)) {}
    Recording& operator=(Recording&& other) noexcept {
        std::swap(calls_, other.calls_);
        std::swap(graph_, other.graph_);
        return *this;
    }
    ~Recording() {
        if (graph_) cudaGraphExecDestroy(graph_);
    }

    /// Whether the action was called; if not, it was played back. The first call runs it as it is, which
    /// loads its kernels and takes what memory it has to; the second records it.
    template <class Action>
    bool run(const Action& action) {
        if (!detail::steps_are_recorded() || calls_ == 0) {
            action();
            calls_ = 1;
            return true;
        }
        const bool to_record = !graph_;
        if (to_record) record(action);
        check(cudaGraphLaunch(graph_, stream()), "launching a recorded step");
        return to_record;
    }

  private:
    template <class Action>
    void record(const Action& action) {
        // Only calls of this thread may disturb the recording: another one may wait for something.
        check(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeThreadLocal), "recording a step");
        cudaGraph_t graph = nullptr;
        try {
            action();
        } catch (...) {
            cudaStreamEndCapture(stream(), &graph);
            if (graph) cudaGraphDestroy(graph);
            throw;
        }
        check(cudaStreamEndCapture(stream(), &graph), "recording a step");
        const cudaError_t status = cudaGraphInstantiate(&graph_, graph, 0);
        cudaGraphDestroy(graph);
        check(status, "making a recorded step ready");
    }

    int calls_ = 0;
    cudaGraphExec_t graph_ = nullptr;
};

#else

/// On the host's threads there is nothing to be gained by a recording.
class Recording {
  public:
    template <class Action>
    bool run(const Action& action) {
        action();
        return true;
    }
};

#endif

} // namespace ctgan::cuda
