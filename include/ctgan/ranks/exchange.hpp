#pragma once

#include <ctgan/core/config.hpp>

#include <cstddef>
#include <span>

/// Training on several processes, the ranks, with the same results as on one.
namespace ctgan::inline CTGAN_ABI::ranks {

/// Bytes for another rank, or from it.
struct Message {
    int rank;          ///< the other rank
    void* data;        ///< read if the message is sent, written if it is received
    std::size_t bytes; ///< its size, which both ranks know
};

/// How ranks reach each other. It only moves bytes and never adds, so results do not depend on it.
class Exchange {
  public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    /// The number of this rank, from 0.
    virtual int rank() const = 0;
    /// How many ranks there are.
    virtual int count() const = 0;
    /// Sends and receives all of these, and returns when that is done. Every rank calls it with messages that
    /// match: those from one rank to another arrive in the order in which they are listed. Throws
    /// std::exception, which names the rank, if one does not answer.
    virtual void exchange(std::span<const Message> sent, std::span<const Message> received) = 0;
    /// Whether messages travel while ranks compute, between begin() and finish(). The same on all ranks.
    virtual bool overlaps() const { return false; }
    /// Begins to send and receive all of these. Until finish(number) returns, the memory of the messages is
    /// in use. `number`, from 0 to 32,000, is the same on all ranks, and no other begun exchange has it. Its
    /// messages are never taken for those of exchange() or of another number. This and the next two are
    /// called only if overlaps().
    ///
    /// After an exception of one of these, messages may still arrive: their memory must last as long as the
    /// process, and ranks cannot go on together.
    virtual void begin(int /*number*/, std::span<const Message> sent, std::span<const Message> received) {
        exchange(sent, received);
    }
    /// Whether the messages of that number have been sent and received. Does not wait.
    virtual bool done(int /*number*/) { return true; }
    /// Waits for the messages of that number. Throws as exchange() does.
    virtual void finish(int /*number*/) {}
    /// The lowest rank on this rank's machine.
    virtual int first_of_node() const { return rank(); }
    /// Whether messages are in a device's memory instead of the host's.
    virtual bool on_device() const { return false; }
};

/// A single rank.
class Alone : public Exchange {
  public:
    int rank() const override { return 0; }
    int count() const override { return 1; }
    void exchange(std::span<const Message>, std::span<const Message>) override {}
};

} // namespace ctgan::inline CTGAN_ABI::ranks
