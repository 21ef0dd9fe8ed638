#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/shape.hpp>

#include <atomic>
#include <exception>

namespace ctgan::inline CTGAN_ABI::cpu {

/// The body of a parallel loop without its type. One loop can then run any body, which is compiled once and
/// called, so all threads and all ways to run a chunk round alike.
class ChunkBody {
  public:
    template <class Body>
    explicit ChunkBody(const Body& body)
        : call_([](const void* b, Index chunk) { (*static_cast<const Body*>(b))(chunk); }), body_(&body) {}
    void operator()(Index chunk) const { call_(body_, chunk); }

  private:
    void (*call_)(const void* body, Index chunk);
    const void* body_;
};

#if CTGAN_EXCEPTIONS

/// Brings an exception of a chunk to the caller of the loop: a function of a user may throw on any thread,
/// where nobody could catch it. Of several exceptions the first one counts.
class FirstException {
  public:
    /// Runs a chunk; keeps what it throws.
    void guard(const ChunkBody& body, Index chunk) noexcept {
        try {
            body(chunk);
        } catch (...) {
            if (!taken_.exchange(true)) exception_ = std::current_exception();
        }
    }
    /// Throws what a chunk has thrown. All chunks must have ended.
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
    void guard(const ChunkBody& body, Index chunk) noexcept { body(chunk); }
    void rethrow() {}
};

#endif

} // namespace ctgan::inline CTGAN_ABI::cpu
