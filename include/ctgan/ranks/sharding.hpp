#pragma once

#include <ctgan/backend/backend.hpp>
#include <ctgan/core/config.hpp>
#include <ctgan/core/fail.hpp>
#include <ctgan/ranks/exchange.hpp>
#include <ctgan/ranks/shards.hpp>

#include <bit>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace ctgan::inline CTGAN_ABI::ranks {

/// Over which samples batch normalization computes mean and variance.
enum class BatchStatistics {
    of_batch, ///< the whole batch, on all ranks: results do not depend on the number of ranks
    of_rank   ///< those of the rank: fewer messages, but other results, as with PyTorch's DDP
};

/// Cuts batches into shards and shares them among ranks. While an object of this class lives, the backend
/// `Sharded<B>` uses it on the thread that made it.
template <class B>
class Sharding {
  public:
    /// `shards` belongs to the settings of a training as its batch size does: results depend on it, but not
    /// on the number of ranks. `exchange` must outlive the object. Throws std::invalid_argument if there are
    /// fewer shards than ranks.
    explicit Sharding(Exchange& exchange, int shards, BatchStatistics statistics = BatchStatistics::of_batch)
        : exchange_(exchange),
          count_(check(shards, exchange.count())),
          statistics_(statistics),
          before_(current()) {
        current() = this;
    }
    Sharding(const Sharding&) = delete;
    Sharding& operator=(const Sharding&) = delete;
    ~Sharding() { current() = before_; }

    /// The one that `Sharded<B>` uses on this thread, or null.
    static Sharding*& current() {
#if CTGAN_THREADS
        static thread_local Sharding* latest = nullptr;
#else
        static Sharding* latest = nullptr;
#endif
        return latest;
    }
    /// The same, or null if it makes no difference: between batches, and with a single shard.
    static Sharding* in_batch() {
        Sharding* const sharding = current();
        return sharding && sharding->shards_.batch > 0 && sharding->count_ > 1 ? sharding : nullptr;
    }

    /// How ranks reach each other.
    Exchange& exchange() { return exchange_; }
    /// Over which samples batch normalization computes its statistics.
    BatchStatistics statistics() const { return statistics_; }

    /// Begins a batch. If it is so small that a rank would have no sample, each rank computes all of it.
    /// Throws std::logic_error if a batch is current, std::invalid_argument if `batch` is below 1.
    void begin(int batch) {
        if (shards_.batch > 0)
            ctgan::detail::fail_with<std::logic_error>(
                {"share_of: found a batch of ", shards_.batch, " samples that has not ended, expected none"});
        if (batch < 1)
            ctgan::detail::fail_with<std::invalid_argument>(
                {"share_of: found a batch of ", batch, " samples, expected at least 1"});
        shards_ = {count_, exchange_.count(), batch};
        if (!shards_.reach_all_ranks()) shards_.ranks = 1;
        ctgan::detail::batch_is_shared() = shards_.ranks > 1;
        order_ = shards_.ranks == 1 ? order_of_sum(shards_) : std::vector<PartialSum>();
    }
    /// Ends the batch. Sums that an exception left open are given up.
    void end() {
        give_up_late();
        shards_.batch = 0;
        ctgan::detail::batch_is_shared() = false;
    }

    /// The current batch.
    const Shards& shards() const { return shards_; }
    /// How many ranks share the current batch.
    int ranks() const { return shards_.ranks; }
    /// Which of them this one is.
    int rank() const { return ranks() > 1 ? exchange_.rank() : 0; }
    /// The shards that it computes.
    ShardRange local() const { return shards_.of_rank(rank()); }
    /// How many samples they have.
    int local_samples() const { return shards_.samples(local()); }
    /// How this rank adds up a sum over all samples, if it has all of them.
    std::span<const PartialSum> order() const { return order_; }
    /// How many sums there are at most at a time that are not merged yet.
    int depth() const { return static_cast<int>(std::bit_width(static_cast<unsigned>(count_))) + 1; }
    /// Where a shard begins in an array of n values for the samples of this rank.
    Index begin_of(int shard, Index n) const {
        return n / local_samples() * (shards_.begin(shard) - shards_.begin(local().first));
    }

    /// A sum of a backward pass that goes on while other operations run (ranks/late_sum.hpp).
    class Late {
      public:
        Late() = default;
        Late(const Late&) = delete;
        Late& operator=(const Late&) = delete;
        virtual ~Late() = default;
        /// Does what can be done without waiting.
        virtual void advance() = 0;
        /// Waits until each rank has what it adds up, and sends the sums.
        virtual void send_sums() = 0;
        /// Waits for the sums of the others, and stores the result.
        virtual void finish() = 0;
    };
    /// While an object of this class lives, operations of the thread may leave their sums open until
    /// finish_late().
    class MayBeLate {
      public:
        /// From now on.
        /// `sharding` may be null.
        explicit MayBeLate(Sharding* sharding) : sharding_(sharding) {
            if (sharding_) sharding_->may_be_late_ = true;
        }
        MayBeLate(const MayBeLate&) = delete;
        MayBeLate& operator=(const MayBeLate&) = delete;
        ~MayBeLate() {
            if (sharding_) sharding_->may_be_late_ = false;
        }

      private:
        Sharding* sharding_;
    };
    /// Whether a sum may be left open.
    bool may_be_late() const { return may_be_late_ && ranks() > 1 && overlaps(); }
    /// Leaves a sum open.
    void add_late(std::unique_ptr<Late> sum) { late_.push_back(std::move(sum)); }
    /// How many sums are open.
    int late() const { return static_cast<int>(late_.size()); }
    /// Goes on with the open sums, without waiting.
    void advance_late() {
        for (const auto& sum : late_) sum->advance();
    }
    /// Forgets the open sums, whose messages may still arrive. After that the ranks cannot go on together.
    void give_up_late() { late_.clear(); }
    /// Gives up what an exception has left open when it leaves a region. Otherwise nothing is.
    struct EndOfRegion {
        ~EndOfRegion() {
            if (Sharding* const sharding = in_batch()) sharding->give_up_late();
        }
    };
    /// Completes the open sums, in the order in which they were begun.
    void finish_late() {
        for (const auto& sum : late_) sum->send_sums();
        for (const auto& sum : late_) sum->finish();
        late_.clear();
    }

    /// Messages in B's memory.
    void exchange(std::span<const Message> sent, std::span<const Message> received) {
        advance_late();
        if (in_reach())
            exchange_.exchange(sent, received);
        else
            exchange_by_host(sent, received);
    }
    /// A number for begin_exchange().
    int new_number() {
        constexpr int numbers = 32000; // see Exchange::begin
        number_ = (number_ + 1) % numbers;
        return number_;
    }
    /// Whether messages of B's memory travel while this rank computes.
    bool overlaps() const { return in_reach() && exchange_.overlaps(); }
    /// Begins an exchange of messages in B's memory, until finish(number) returns. Without overlap all is
    /// done on return.
    void begin_exchange(int number, std::span<const Message> sent, std::span<const Message> received) {
        if (overlaps())
            exchange_.begin(number, sent, received);
        else
            exchange(sent, received);
    }
    /// Whether the messages of that number have been sent and received.
    bool done(int number) { return !overlaps() || exchange_.done(number); }
    /// Waits for them.
    void finish(int number) {
        if (overlaps()) exchange_.finish(number);
    }

    /// What memory() is for.
    enum class Use { nodes, received, result, uses };
    /// Memory of B for n values. Blocks are numbered from 0 and made on demand; sums
    /// that are late take those from 1 on. The next call for the same block and type may overwrite it.
    template <class T>
    T* memory(Use use, Index n, int number = 0) {
        auto& all = std::get<std::deque<Blocks<T>>>(blocks_);
        while (static_cast<int>(all.size()) <= number) all.emplace_back();
        auto& block = all[static_cast<std::size_t>(number)].of[static_cast<int>(use)];
        if (block.size() < n) block = typename B::template Memory<T>(n);
        return block.data();
    }

  private:
    template <class T>
    struct Blocks {
        typename B::template Memory<T> of[static_cast<int>(Use::uses)];
    };

    /// Whether messages can be sent from B's memory.
    bool in_reach() const { return std::is_base_of_v<Cpu, B> || exchange_.on_device(); }
    void exchange_by_host(std::span<const Message> sent, std::span<const Message> received) {
        std::size_t bytes = 0;
        for (const auto& messages : {sent, received})
            for (const Message& message : messages) bytes += message.bytes;
        staging_.resize(bytes);
        std::vector<Message> sent_from_host(sent.begin(), sent.end()),
            received_on_host(received.begin(), received.end());
        std::byte* at = staging_.data();
        const auto place = [&](Message& message) {
            message.data = at;
            at += message.bytes;
        };
        for (Message& message : sent_from_host) {
            const auto* const from = static_cast<const std::byte*>(message.data);
            place(message);
            B::to_host(static_cast<std::byte*>(message.data), from, static_cast<Index>(message.bytes));
        }
        for (Message& message : received_on_host) place(message);
        exchange_.exchange(sent_from_host, received_on_host);
        for (std::size_t k = 0; k < received.size(); ++k)
            B::from_host(static_cast<std::byte*>(received[k].data),
                         static_cast<const std::byte*>(received_on_host[k].data),
                         static_cast<Index>(received[k].bytes));
    }

    static int check(int shards, int ranks) {
        if (shards < ranks)
            ctgan::detail::fail(std::invalid_argument("shards: found " + std::to_string(shards) +
                                                      ", expected at least " + std::to_string(ranks) +
                                                      ", the number of ranks"));
        return shards;
    }

    Exchange& exchange_;
    int count_;
    BatchStatistics statistics_;
    Sharding* before_;
    Shards shards_{1, 1, 0};
    std::vector<PartialSum> order_;
    std::tuple<std::deque<Blocks<float>>, std::deque<Blocks<double>>> blocks_;
    std::vector<std::unique_ptr<Late>> late_;
    bool may_be_late_ = false;
    int number_ = 0;
    std::vector<std::byte> staging_;
};

} // namespace ctgan::inline CTGAN_ABI::ranks
