#pragma once

#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/ranks/exchange.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// Only the functions of C are used.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#if defined(__unix__) || defined(__APPLE__)
#    include <unistd.h>
#endif

// Needs MPI: link ctgan::mpi, or MPI's C library. Only MPI's messages are used, never its sums, whose order
// differs between implementations and numbers of ranks.
namespace ctgan::inline CTGAN_ABI::ranks {

/// The ranks of MPI's COMM_WORLD.
class Mpi : public Exchange {
  public:
    using Seconds = std::chrono::duration<double>; ///< a time in seconds

    /// Starts MPI, unless the program has, and then also ends it. `patience` is how long another rank may
    /// leave a message unanswered.
    explicit Mpi(Seconds patience) : patience_(patience) {
        int started = 0;
        MPI_Initialized(&started);
        owns_ = started == 0;
        if (owns_) {
            int provided = 0;
            MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
        }
        MPI_Comm_dup(MPI_COMM_WORLD, &world_); // so that no message of the program is taken for one of these
        MPI_Comm_rank(world_, &rank_);
        MPI_Comm_size(world_, &count_);
        MPI_Comm node{};
        MPI_Comm_split_type(world_, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node);
        first_of_node_ = rank_;
        MPI_Bcast(&first_of_node_, 1, MPI_INT, 0, node);
        MPI_Allreduce(&first_of_node_, &first_of_last_node_, 1, MPI_INT, MPI_MAX, world_);
        MPI_Comm_free(&node);
    }
    ~Mpi() override {
        MPI_Comm_free(&world_);
        if (owns_) MPI_Finalize();
    }

    int rank() const override { return rank_; }
    int count() const override { return count_; }
    int first_of_node() const override { return first_of_node_; }
    /// If there are several machines. On one, the ranks' own cores copy the messages.
    bool overlaps() const override { return first_of_last_node_ > 0; }

    /// How long another rank may leave a message unanswered from now on.
    void set_patience(Seconds patience) { patience_ = patience; }

    /// Which ranks report an error: each that finds it, or rank 0, if all of them find the same.
    enum class Report { by_each, by_rank_0 };
    /// Reports an error on standard error and ends all ranks with exit code 1. The others may have found the
    /// same error, so they first give rank 0 the time to report it and to end them.
    [[noreturn]] void end_all(const char* program, const char* error, Report report) {
        if (rank_ > 0) {
            std::signal(SIGTERM, SIG_DFL);
            std::this_thread::sleep_for(std::chrono::seconds(2));
        }
        if (rank_ == 0 || report == Report::by_each) {
            std::fflush(stdout);
            std::fprintf(stderr, "%s: rank %d: %s\n", program, rank_, error);
            std::fflush(stderr);
        }
#if defined(__unix__) || defined(__APPLE__)
        std::signal(SIGALRM, SIG_DFL); // in case MPI waits for an answer itself, if the network is gone
        alarm(2);
#endif
        MPI_Abort(world_, 1);
        std::abort();
    }

    void exchange(std::span<const Message> sent, std::span<const Message> received) override {
        at_once_.clear();
        post(at_once_, tag_of_exchange, largest_piece, sent, received);
        wait(at_once_);
    }
    void begin(int number, std::span<const Message> sent, std::span<const Message> received) override {
        Requests& requests = begun_[number];
        if (!requests.requests.empty())
            ctgan::detail::fail(std::logic_error("begin: found number " + std::to_string(number) +
                                                 " of an exchange that is not finished, expected another"));
        post(requests, tag_of_exchange + 1 + number, eager_piece, sent, received);
    }
    bool done(int number) override { return all_done(begun_[number]); }
    void finish(int number) override {
        wait(begun_[number]);
        begun_.erase(number);
    }

  private:
    static constexpr int tag_of_exchange = 0;
    static constexpr std::size_t largest_piece = std::size_t{1} << 30; // MPI counts with int
    /// Over a network, MPI sends a larger message only after the receiver has answered, and then only while
    /// both call MPI: not while they compute. (64 KiB is the limit of Open MPI and of MPICH over TCP.)
    static constexpr std::size_t eager_piece = 60'000;

    /// Messages that are on their way.
    struct Requests {
        std::vector<MPI_Request> requests;
        std::vector<int> others; ///< the ranks of the requests

        void clear() {
            requests.clear();
            others.clear();
        }
        MPI_Request* next(int other) {
            others.push_back(other);
            requests.push_back(MPI_REQUEST_NULL);
            return &requests.back();
        }
    };

    template <class Use>
    static void in_pieces(const Message& message, std::size_t piece, const Use& use) {
        for (std::size_t begin = 0; begin < message.bytes; begin += piece)
            use(static_cast<std::byte*>(message.data) + begin,
                static_cast<int>((std::min)(piece, message.bytes - begin)));
    }
    void post(Requests& requests, int tag, std::size_t piece, std::span<const Message> sent,
              std::span<const Message> received) {
        for (const Message& message : received)
            in_pieces(message, piece, [&](void* data, int bytes) {
                MPI_Irecv(data, bytes, MPI_BYTE, message.rank, tag, world_, requests.next(message.rank));
            });
        for (const Message& message : sent)
            in_pieces(message, piece, [&](void* data, int bytes) {
                MPI_Isend(data, bytes, MPI_BYTE, message.rank, tag, world_, requests.next(message.rank));
            });
    }

    static bool all_done(Requests& of) {
        int done = 0;
        MPI_Testall(static_cast<int>(of.requests.size()), of.requests.data(), &done, MPI_STATUSES_IGNORE);
        return done != 0;
    }

    /// Waits for all requests. Not by MPI_Waitall, which has no end if a rank hangs.
    void wait(Requests& of) {
        constexpr int tests_at_once = 256;
        for (int k = 0; k < tests_at_once; ++k)
            if (all_done(of)) return;
        const auto start = std::chrono::steady_clock::now();
        while (!all_done(of)) {
            std::this_thread::yield(); // there may be more ranks than cores
            if (std::chrono::steady_clock::now() - start > patience_) give_up(of);
        }
    }
    [[noreturn]] void give_up(const Requests& of) const {
        std::size_t open = 0;
        for (; open + 1 < of.requests.size(); ++open) {
            MPI_Request request = of.requests[open];
            int done = 0;
            if (request != MPI_REQUEST_NULL) MPI_Request_get_status(request, &done, MPI_STATUS_IGNORE);
            if (request != MPI_REQUEST_NULL && done == 0) break;
        }
        const auto tenths = static_cast<long>(patience_.count() * 10);
        ctgan::detail::fail(std::runtime_error("found no answer of rank " + std::to_string(of.others[open]) +
                                               " for " + std::to_string(tenths / 10) + "." +
                                               std::to_string(tenths % 10) + " s, expected one"));
    }

    Seconds patience_;
    MPI_Comm world_{};
    int rank_ = 0, count_ = 1, first_of_node_ = 0, first_of_last_node_ = 0;
    bool owns_ = false;
    Requests at_once_;              ///< of exchange()
    std::map<int, Requests> begun_; ///< of begin(), by number
};

} // namespace ctgan::inline CTGAN_ABI::ranks
