#pragma once

#include <ctgan/core/config.hpp>

#include <atomic>
#include <exception>

namespace ctgan::inline CTGAN_ABI::cpu {

#if CTGAN_EXCEPTIONS

/// Brings an exception of a chunk to the caller of the loop: a function of a user may throw on any thread,
/// where nobody could catch it. Of several exceptions the first one counts.
class FirstException {
  public:
    /// Runs action(); keeps what it throws.
    template <class Action>
    void guard(const Action& action) noexcept {
        try {
            action();
        } catch (...) {
            if (!taken_.exchange(true)) exception_ = std::current_exception();
        }
    }
    /// Throws what an action has thrown. All actions must have ended.
    void rethrow() {
        if (exception_) std::rethrow_exception(exception_);
    }

  private:
    std::atomic<bool> taken_{false};
    std::exception_ptr exception_;
};

#else

/// Nothing can be thrown.
class FirstException {
  public:
    template <class Action>
    void guard(const Action& action) noexcept {
        action();
    }
    void rethrow() {}
};

#endif

} // namespace ctgan::inline CTGAN_ABI::cpu
