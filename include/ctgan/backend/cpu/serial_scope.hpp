#pragma once

#include <ctgan/core/config.hpp>

namespace ctgan::inline CTGAN_ABI::cpu {

/// While an object of this class lives, the thread that made it computes alone: nothing that it calls uses
/// another thread, waits for one, or starts one. For audio threads, and for servers with threads of their
/// own. Results are the same bits. Objects may be nested; each is destroyed by the thread that made it.
class SerialScope {
  public:
    SerialScope() { ++depth(); }
    SerialScope(const SerialScope&) = delete;
    SerialScope& operator=(const SerialScope&) = delete;
    ~SerialScope() { --depth(); }

    /// Whether the calling thread is in such a scope.
    static bool active() { return depth() > 0; }

  private:
    static int& depth() {
#if CTGAN_THREADS
        static thread_local int scopes = 0;
#else
        static int scopes = 0;
#endif
        return scopes;
    }
};

} // namespace ctgan::inline CTGAN_ABI::cpu
