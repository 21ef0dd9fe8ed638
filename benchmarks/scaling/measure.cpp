// Measures what model.py, the model of docs/scaling.md, needs to know of a machine. Prints a line for each
// measurement: its kind, then names and values.
//
//     bench_scaling compute THREADS                 a step of one rank among n: computation and messages
//     bench_scaling shards THREADS                  one process, batches of 64 in more and more shards
//     mpirun -n 2 bench_scaling exchange            the time of messages between two ranks
//     mpirun -n N bench_scaling steps THREADS       whole steps of N ranks
//     mpirun -n N bench_scaling overlap THREADS     the same on several machines, without and with overlap

#include <ctgan/dcgan.hpp>
#include <ctgan/gan/gan_loop.hpp>
#include <ctgan/ranks/agreement.hpp>
#include <ctgan/ranks/mpi.hpp>
#include <ctgan/ranks/sharded.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace ctgan;
using Backend = Sharded<Cpu>;
using Flagship = Gan<dcgan::Generator, dcgan::Discriminator, LeastSquares, Backend>;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Times and counts the messages of another exchange.
class Watched : public ranks::Exchange {
  public:
    explicit Watched(ranks::Exchange& inner) : inner_(inner) {}
    int rank() const override { return inner_.rank(); }
    int count() const override { return inner_.count(); }
    void exchange(std::span<const ranks::Message> sent, std::span<const ranks::Message> received) override {
        count_messages(sent);
        timed([&] { inner_.exchange(sent, received); });
    }
    bool overlaps() const override { return overlap && inner_.overlaps(); }
    void begin(int number, std::span<const ranks::Message> sent,
               std::span<const ranks::Message> received) override {
        count_messages(sent);
        timed([&] { inner_.begin(number, sent, received); });
    }
    bool done(int number) override {
        bool result = false;
        timed([&] { result = inner_.done(number); });
        return result;
    }
    void finish(int number) override {
        timed([&] { inner_.finish(number); });
    }
    void clear() {
        exchanges = messages = 0;
        bytes = seconds = 0;
    }

    bool overlap = true; // if the other exchange can
    long exchanges = 0, messages = 0;
    double bytes = 0, seconds = 0; // of the messages sent, and in these functions

  private:
    void count_messages(std::span<const ranks::Message> sent) {
        ++exchanges;
        messages += static_cast<long>(sent.size());
        for (const ranks::Message& message : sent) bytes += static_cast<double>(message.bytes);
    }
    template <class Action>
    void timed(const Action& action) {
        const auto start = Clock::now();
        action();
        seconds += seconds_since(start);
    }

    ranks::Exchange& inner_;
};

/// Rank 0 of n, whose other ranks do not exist: zeros arrive from them.
class Imagined : public ranks::Exchange {
  public:
    explicit Imagined(int count) : count_(count) {}
    int rank() const override { return 0; }
    int count() const override { return count_; }
    void exchange(std::span<const ranks::Message>, std::span<const ranks::Message> received) override {
        for (const ranks::Message& message : received) std::memset(message.data, 0, message.bytes);
    }

  private:
    int count_;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Steps of a batch on all ranks.
class Steps {
  public:
    Steps(ranks::Exchange& exchange, int batch)
        : exchange_(exchange),
          batch_(batch),
          local_(batch / exchange.count()),
          gan_(std::make_unique<Flagship>(0, local_, dcgan::generator_options, dcgan::discriminator_options)),
          pixels_(static_cast<std::size_t>(batch) * Flagship::image_shape::size, 99),
          loop_(*gan_, ByteImages<Flagship::image_shape, Backend>(pixels_), 0, local_),
          order_(static_cast<std::size_t>(batch)) {
        std::iota(order_.begin(), order_.end(), 0U);
    }

    /// The time of a step that all ranks begin at the same time.
    double take() {
        // Time for other programs between steps: a process of real-time priority gets 95 % of a core at most.
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        ranks::largest_of_all(exchange_, 0);
        step(); // fills the caches
        return step();
    }
    /// Called at the beginning of each step.
    std::function<void()> on_begin = [] {};

  private:
    double step() {
        loop_.begin_epoch(order_);
        on_begin();
        const auto start = Clock::now();
        loop_.step(batch_);
        return seconds_since(start);
    }

    ranks::Exchange& exchange_;
    int batch_, local_;
    std::unique_ptr<Flagship> gan_;
    std::vector<std::uint8_t> pixels_;
    GanLoop<Flagship> loop_;
    std::vector<std::uint32_t> order_;
};

/// Takes steps of a batch, and prints the medians of their times and the messages that this rank sends in
/// one.
void measure_steps(const char* kind, ranks::Exchange& exchange, int batch, int shards) {
    constexpr int measured = 9;
    Watched watched(exchange);
    const ranks::Sharding<Cpu> sharding(watched, shards);
    Steps steps(exchange, batch);
    steps.on_begin = [&] { watched.clear(); };
    std::vector<double> whole, computing;
    for (int k = 0; k < measured; ++k) {
        whole.push_back(steps.take());
        computing.push_back(whole.back() - watched.seconds);
    }
    if (exchange.rank() == 0)
        std::printf("%s ranks %d threads %d batch %d shards %d seconds %.6f computing %.6f exchanges %ld "
                    "messages %ld bytes %.0f\n",
                    kind, exchange.count(), cpu::threads(), batch, shards, median(whole), median(computing),
                    watched.exchanges, watched.messages, watched.bytes);
}

/// Takes steps whose large sums wait for their messages, and others that compute in the meantime, in turns.
void measure_overlap(ranks::Exchange& exchange, int batch) {
    constexpr int turns = 15;
    Watched watched(exchange);
    const ranks::Sharding<Cpu> sharding(watched, exchange.count());
    Steps steps(exchange, batch);
    std::vector<double> waiting, overlapping, ratio;
    for (int k = 0; k < turns; ++k)
        for (const bool first : {true, false}) {
            watched.overlap = (k % 2 == 0) == first;
            (watched.overlap ? overlapping : waiting).push_back(steps.take());
            if (!first) ratio.push_back(overlapping.back() / waiting.back());
        }
    if (exchange.rank() == 0)
        std::printf("overlap ranks %d threads %d batch %d waiting %.6f overlapping %.6f ratio %.4f\n",
                    exchange.count(), cpu::threads(), batch, median(waiting), median(overlapping),
                    median(ratio));
}

/// Ranks 0 and 1 send each other as many messages of as many bytes at once, and wait for all of them.
void measure_messages(ranks::Exchange& exchange, int messages, std::size_t bytes) {
    constexpr int at_once = 20, measured = 15;
    std::vector<std::byte> sent(bytes), received(bytes * static_cast<std::size_t>(messages));
    std::vector<ranks::Message> to, from;
    for (int k = 0; k < messages; ++k) {
        to.push_back({1 - exchange.rank(), sent.data(), bytes});
        from.push_back({1 - exchange.rank(), received.data() + static_cast<std::size_t>(k) * bytes, bytes});
    }
    std::vector<double> times;
    for (int k = 0; k < measured; ++k) {
        const auto start = Clock::now();
        for (int i = 0; i < at_once; ++i) exchange.exchange(to, from);
        times.push_back(seconds_since(start) / at_once);
    }
    if (exchange.rank() == 0)
        std::printf("exchange messages %d bytes %zu seconds %.8f\n", messages, bytes, median(times));
}

void run(const std::string& what, int threads) {
    cpu::set_threads(threads);
    if (what == "compute") {
        constexpr int one_shard_each = 1, four_shards_each = 4;
        ranks::Alone alone;
        for (const int batch : {4, 16, 64, 256}) measure_steps("compute", alone, batch, one_shard_each);
        for (int ranks = 2; ranks <= 1024; ranks *= 2) {
            Imagined others(ranks);
            for (const int local : {1, 4, 16, 64, 256})
                measure_steps("compute", others, local * ranks, one_shard_each * ranks);
            measure_steps("compute", others, 16 * ranks, four_shards_each * ranks);
        }
        return;
    }
    if (what == "shards") {
        ranks::Alone alone;
        for (int turn = 0; turn < 5; ++turn)
            for (const int shards : {1, 2, 4, 8, 16}) measure_steps("shards", alone, 64, shards);
        return;
    }
    ranks::Mpi mpi(ranks::Mpi::Seconds{60});
    if (what == "exchange") {
        if (mpi.count() != 2) throw std::invalid_argument("found another number of ranks, expected 2");
        for (const int messages : {1, 4, 16, 64}) measure_messages(mpi, messages, 8);
        for (const std::size_t bytes : {1U << 10, 1U << 14, 1U << 18, 1U << 22})
            measure_messages(mpi, 1, bytes);
        return;
    }
    if (what == "overlap")
        for (const int batch : {16, 64}) measure_overlap(mpi, batch);
    else
        for (const int batch : {16, 64, 256}) measure_steps("steps", mpi, batch, mpi.count());
}

} // namespace

int main(int argc, char** argv) try {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what != "compute" && what != "shards" && what != "exchange" && what != "steps" && what != "overlap") {
        std::fprintf(stderr, "usage: bench_scaling compute|shards|exchange|steps|overlap [THREADS]\n");
        return 2;
    }
    run(what, argc > 2 ? std::atoi(argv[2]) : 1);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_scaling: %s\n", error.what());
    return 1;
}
