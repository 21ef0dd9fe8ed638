#pragma once

#include <ctgan/backend/cuda/device.hpp>

#include <utility>

namespace ctgan::cuda {

namespace detail {

inline bool& steps_are_recorded() {
    static bool recorded = true;
    return recorded;
}

/// Counts the changes of what a recorded step would not notice: a recording of before is made again.
inline int& settings_changed() {
    static int times = 0;
    return times;
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
    /// The other's graph, if it has one.
    Recording(Recording&& other) noexcept
        : warm_(std::exchange(other.warm_, false)),
          settings_(other.settings_),
          graph_(std::exchange(other.graph_, nullptr)) {}
    /// The two change places.
    Recording& operator=(Recording&& other) noexcept {
        std::swap(warm_, other.warm_);
        std::swap(settings_, other.settings_);
        std::swap(graph_, other.graph_);
        return *this;
    }
    ~Recording() { forget(); }

    /// Whether the action was called; if not, it was played back. The first call runs it as it is, which
    /// loads its kernels and takes what memory it has to; the second records it.
    template <class Action>
    bool run(const Action& action) {
        if (settings_ != detail::settings_changed()) {
            forget();
            settings_ = detail::settings_changed();
        }
        if (!detail::steps_are_recorded() || !warm_) {
            action();
            warm_ = true;
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
        // What another thread puts on the stream meanwhile would get into the recording.
        const detail::Lock lock(detail::mutex());
        check(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeThreadLocal), "recording a step");
        cudaGraph_t graph = nullptr;
        try {
            action();
        } catch (...) {
            cudaStreamEndCapture(stream(), &graph);
            if (graph) cudaGraphDestroy(graph);
            cudaGetLastError(); // or the next launch would be blamed
            throw;
        }
        check(cudaStreamEndCapture(stream(), &graph), "recording a step");
        const cudaError_t status = cudaGraphInstantiate(&graph_, graph, 0);
        cudaGraphDestroy(graph);
        check(status, "making a recorded step ready");
    }

    void forget() {
        if (graph_) cudaGraphExecDestroy(graph_);
        graph_ = nullptr;
        warm_ = false;
    }

    bool warm_ = false; ///< whether the action has run under these settings
    int settings_ = 0;
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
