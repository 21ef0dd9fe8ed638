#pragma once

#include <ctgan/ranks/exchange.hpp>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstring>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <stdexcept>
#include <thread>
#include <vector>

/// Ranks that are threads of this process. Only one of them runs at a time, until it waits for a message,
/// because a backend's memory may belong to the process.
class RanksInThreads {
  public:
    /// When the messages of begin() arrive.
    enum class Begun {
        never,         ///< begin() is not called: by default exchanges do not overlap
        at_once,       ///< in begin(), which waits for them
        when_there,    ///< as soon as the other rank has sent them
        when_finished, ///< in finish(), as late as possible
    };
    explicit RanksInThreads(int ranks, Begun begun = Begun::never) : ranks_(ranks), begun_(begun) {}

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
    std::size_t most_open = 0; ///< how many exchanges a rank had begun and not finished at a time

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
            send(of_exchange, sent);
            receive(of_exchange, received);
        }
        bool overlaps() const override { return all_.begun_ != Begun::never; }
        void begin(int number, std::span<const ctgan::ranks::Message> sent,
                   std::span<const ctgan::ranks::Message> received) override {
            if (all_.begun_ == Begun::at_once) return Exchange::begin(number, sent, received);
            send(number, sent);
            if (!open_.try_emplace(number, received.begin(), received.end()).second)
                throw std::logic_error("a number of an exchange that is not finished");
            all_.most_open = std::max(all_.most_open, open_.size());
        }
        bool done(int number) override {
            if (all_.begun_ != Begun::when_there) return all_.begun_ == Begun::at_once;
            for (const auto& message : open_.at(number))
                if (all_.box(message.rank, rank_, number).empty()) return false;
            return true;
        }
        void finish(int number) override {
            if (all_.begun_ == Begun::at_once) return;
            receive(number, open_.at(number));
            open_.erase(number);
        }

      private:
        static constexpr int of_exchange = -1;

        void send(int number, std::span<const ctgan::ranks::Message> sent) {
            for (const auto& message : sent) {
                const auto* const from = static_cast<const std::byte*>(message.data);
                all_.box(rank_, message.rank, number).emplace_back(from, from + message.bytes);
                ++all_.messages;
                all_.bytes += message.bytes;
            }
            all_.arrived_.notify_all();
        }
        void receive(int number, std::span<const ctgan::ranks::Message> received) {
            for (const auto& message : received) {
                Box& box = all_.box(message.rank, rank_, number);
                all_.arrived_.wait(lock_, [&] { return !box.empty() || all_.failed_; });
                if (box.empty()) throw std::runtime_error("another rank failed");
                if (box.front().size() != message.bytes)
                    throw std::logic_error("a message of another size than expected");
                std::memcpy(message.data, box.front().data(), message.bytes);
                box.pop_front();
            }
        }

        RanksInThreads& all_;
        int rank_;
        std::map<int, std::vector<ctgan::ranks::Message>> open_; ///< to be received, by number
        std::unique_lock<std::mutex>& lock_;
    };

    Box& box(int from, int to, int number) { return boxes_[{from, to, number}]; }

    int ranks_;
    Begun begun_;
    bool failed_ = false;
    std::map<std::array<int, 3>, Box> boxes_; ///< by sender, receiver and number of the exchange
    std::mutex mutex_;
    std::condition_variable arrived_;
};
