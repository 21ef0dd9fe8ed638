#pragma once

#include <ctgan/backend/cuda/device.hpp>
#include <ctgan/core/config.hpp>

#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

namespace ctgan::inline CTGAN_ABI::gpu {

namespace detail {

inline std::atomic<bool>& steps_are_recorded() {
    static std::atomic<bool> recorded = true;
    return recorded;
}

/// Counts changes of settings that are fixed in a recorded step. Steps recorded before a change are recorded
/// again.
inline std::atomic<int>& settings_changed() {
    static std::atomic<int> times = 0;
    return times;
}

} // namespace detail

/// Whether steps are recorded and played back; on by default. If not, each step launches its kernels one by
/// one and waits for each. This is slow, but an error then names the kernel that caused it.
inline void record_steps(bool recorded) {
    const std::scoped_lock lock(detail::mutex()); // not while a thread records
    detail::steps_are_recorded() = recorded;
    detail::waits_for_each_launch() = !recorded;
}

#if CTGAN_ON_GPU

/// Runs an action as a CUDA graph: the work that it puts on the stream is recorded once and then launched as
/// a whole. The action must do the same work each time, on the same memory.
class Recording {
  public:
    Recording() = default;
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
    /// Takes over the other's graph, if it has one.
    Recording(Recording&& other) noexcept
        : warm_(std::exchange(other.warm_, false)),
          settings_(other.settings_),
          graph_(std::exchange(other.graph_, nullptr)) {}
    /// Swaps the two.
    Recording& operator=(Recording&& other) noexcept {
        std::swap(warm_, other.warm_);
        std::swap(settings_, other.settings_);
        std::swap(graph_, other.graph_);
        return *this;
    }
    ~Recording() { forget(); }

    /// Runs the action. Returns true if it was called, false if it was played back. The first run calls it
    /// directly, which loads its kernels and allocates the memory that it needs; the second run records it.
    template <class Action>
    bool run(const Action& action) {
        // Read once, before the action: a change during it counts as a change after it.
        if (const int now = detail::settings_changed(); settings_ != now) {
            forget();
            settings_ = now;
        }
        if (warm_) {
            // While another thread records its step, a launch would become part of that recording.
            const detail::Access access;
            if (detail::steps_are_recorded()) {
                const bool to_record = !graph_;
                if (to_record) record(action);
                check(cudaGraphLaunch(graph_, stream()), "launching a recorded step");
                return to_record;
            }
        }
        action();
        warm_ = true;
        return true;
    }

  private:
    template <class Action>
    void record(const Action& action) {
        check(cudaStreamBeginCapture(stream(), cudaStreamCaptureModeThreadLocal), "recording a step");
        cudaGraph_t graph = nullptr;
        try {
            action();
        } catch (...) {
            cudaStreamEndCapture(stream(), &graph);
            if (graph) cudaGraphDestroy(graph);
            cudaGetLastError(); // clears the error, which the next launch would otherwise report
            throw;
        }
        check(cudaStreamEndCapture(stream(), &graph), "recording a step");
        const cudaError_t status = cudaGraphInstantiate(&graph_, graph, 0);
        cudaGraphDestroy(graph);
        check(status, "making a recorded step ready");
    }

    void forget() noexcept {
        warm_ = false;
        if (!graph_) return;
        try {
            const detail::Access access;
            cudaGraphExecDestroy(graph_);
        } catch (const std::exception&) { // as for memory
        }
        graph_ = nullptr;
    }

    bool warm_ = false; ///< whether the action has run under these settings
    int settings_ = 0;  ///< settings_changed() at the last run
    cudaGraphExec_t graph_ = nullptr;
};

#else

/// Runs the action again each time: on the host's threads, recording would save nothing.
class Recording {
  public:
    /// True: the action was called, not played back.
    template <class Action>
    bool run(const Action& action) {
        action();
        return true;
    }
};

#endif

} // namespace ctgan::inline CTGAN_ABI::gpu
