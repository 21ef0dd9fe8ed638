#pragma once

#include <ctgan/ranks/exchange.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

/// Ranks that are threads of this process. Only one of them runs at a time, until it waits for a message,
/// because a backend's memory may belong to the process.
class RanksInThreads {
  public:
    explicit RanksInThreads(int ranks) : ranks_(ranks), boxes_(index(ranks, 0)) {}

    /// Calls work(exchange) on each rank. Throws what the lowest rank that fails throws.
    void run(const std::function<void(ctgan::ranks::Exchange&)>& work) {
        std::vector<std::thread> threads;
        std::vector<std::exception_ptr> errors(static_cast<std::size_t>(ranks_));
        for (int rank = 0; rank < ranks_; ++rank)
            threads.emplace_back([&, rank] {
                std::unique_lock lock(mutex_);
                Rank exchange(*this, rank, lock);
                try {
                    work(exchange);
                } catch (...) {
                    errors[static_cast<std::size_t>(rank)] = std::current_exception();
                    failed_ = true; // the others must not wait for it
                    arrived_.notify_all();
                }
            });
        for (std::thread& thread : threads) thread.join();
        for (const std::exception_ptr& error : errors)
            if (error) std::rethrow_exception(error);
    }

    /// How many messages were sent, and how many bytes.
    std::size_t messages = 0, bytes = 0;

  private:
    using Box = std::deque<std::vector<std::byte>>; ///< messages from one rank to another

    class Rank : public ctgan::ranks::Exchange {
      public:
        Rank(RanksInThreads& all, int rank, std::unique_lock<std::mutex>& lock)
            : all_(all), rank_(rank), lock_(lock) {}
        int rank() const override { return rank_; }
        int count() const override { return all_.ranks_; }
        void exchange(std::span<const ctgan::ranks::Message> sent,
                      std::span<const ctgan::ranks::Message> received) override {
            for (const auto& message : sent) {
                const auto* const from = static_cast<const std::byte*>(message.data);
                all_.box(rank_, message.rank).emplace_back(from, from + message.bytes);
                ++all_.messages;
                all_.bytes += message.bytes;
            }
            all_.arrived_.notify_all();
            for (const auto& message : received) {
                Box& box = all_.box(message.rank, rank_);
                all_.arrived_.wait(lock_, [&] { return !box.empty() || all_.failed_; });
                if (box.empty()) throw std::runtime_error("another rank failed");
                if (box.front().size() != message.bytes)
                    throw std::logic_error("a message of another size than expected");
                std::memcpy(message.data, box.front().data(), message.bytes);
                box.pop_front();
            }
        }

      private:
        RanksInThreads& all_;
        int rank_;
        std::unique_lock<std::mutex>& lock_;
    };

    std::size_t index(int from, int to) const { return static_cast<std::size_t>(from * ranks_ + to); }
    Box& box(int from, int to) { return boxes_[index(from, to)]; }

    int ranks_;
    bool failed_ = false;
    std::vector<Box> boxes_;
    std::mutex mutex_;
    std::condition_variable arrived_;
};
