#include "ranks.hpp"

#include <ctgan/io/checksum.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/ranks/launcher.hpp>
#include <ctgan/ranks/sharded.hpp>

#include "trainer.hpp"
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#ifdef CTGAN_WITH_MPI
#    include <ctgan/ranks/mpi.hpp>
#endif
#ifdef __linux__
#    include <sched.h>
#endif

namespace train {

using Backend = ctgan::Sharded<ctgan::Cpu>;

bool runs_on_ranks(const Options& options) { return options.shards > 1 || ctgan::ranks::started_by_mpi(); }

void Ranks::share_data(std::vector<std::uint8_t>& pixels) const {
    if (count() == 1) return;
    const auto of_node = ctgan::ranks::texts_of_all(exchange_, std::to_string(exchange_.first_of_node()));
    const auto reads = ctgan::ranks::texts_of_all(exchange_, reads_data_ ? "" : "receives");
    const auto sizes = ctgan::ranks::texts_of_all(exchange_, std::to_string(pixels.size()));
    const auto self = static_cast<std::size_t>(exchange_.rank());
    std::vector<ctgan::ranks::Message> sent, received;
    if (reads_data_) {
        for (std::size_t rank = 0; rank < reads.size(); ++rank)
            if (!reads[rank].empty() && of_node[rank] == std::to_string(self))
                sent.push_back({static_cast<int>(rank), pixels.data(), pixels.size()});
    } else {
        const int from = exchange_.first_of_node();
        pixels.resize(std::stoull(sizes[static_cast<std::size_t>(from)]));
        received.push_back({from, pixels.data(), pixels.size()});
    }
    exchange_.exchange(sent, received);
}

namespace {

ctgan::ranks::BatchStatistics statistics_of(const Options& options) {
    return options.batch_statistics == "rank" ? ctgan::ranks::BatchStatistics::of_rank
                                              : ctgan::ranks::BatchStatistics::of_batch;
}

int run_alone(const Options& options) {
    if (options.threads > 0) ctgan::cpu::set_threads(options.threads);
    ctgan::ranks::Alone alone;
    const ctgan::ranks::Sharding<ctgan::Cpu> sharding(alone, options.shards, statistics_of(options));
    return run<Backend>(options, fmt::format("{} threads, {} shards", ctgan::cpu::threads(), options.shards));
}

#ifdef CTGAN_WITH_MPI
/// The cores that this process may use, as text.
std::string own_cores() {
    std::string text;
#    ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        for (int core = 0; core < CPU_SETSIZE; ++core)
            if (CPU_ISSET(core, &set)) text += std::to_string(core) + ' ';
#    endif
    return text;
}

/// As many threads as there are cores for each of the ranks that have the same ones.
int threads_of_rank(ctgan::ranks::Mpi& mpi) {
    const std::string own = std::to_string(mpi.first_of_node()) + ": " + own_cores();
    const auto all = ctgan::ranks::texts_of_all(mpi, own);
    const auto sharing = static_cast<int>(std::count(all.begin(), all.end(), own));
    return std::max(1, ctgan::cpu::threads_of_environment(ctgan::cpu::available_cores() / sharing));
}

/// Ranks on another machine may have another program.
std::string checksum_of_program() {
    ctgan::io::Checksum sum;
    std::FILE* const file = std::fopen("/proc/self/exe", "rb");
    if (!file) return "unknown";
    std::vector<std::byte> bytes(1 << 16);
    while (const auto n = std::fread(bytes.data(), 1, bytes.size(), file)) sum.add({bytes.data(), n});
    std::fclose(file);
    return "one of CRC-32 " + sum.text();
}

/// Reports an error and ends all ranks. All of them may have found the same one, so the others first give
/// rank 0 the time to report it: when it ends them, MPI sends them a signal.
[[noreturn]] void end_all(ctgan::ranks::Mpi& mpi, const char* what) {
    constexpr int looks = 20;
    constexpr std::chrono::milliseconds between_looks{100};
    const int signal_before = stop_requested();
    for (int k = 0; mpi.rank() > 0 && k < looks; ++k) {
        std::this_thread::sleep_for(between_looks);
        if (stop_requested() != signal_before) std::_Exit(1);
    }
    std::fflush(stdout);
    std::fprintf(stderr, "train_dcgan: rank %d: %s\n", mpi.rank(), what);
    std::fflush(stderr);
    std::signal(SIGALRM, SIG_DFL); // in case MPI cannot end: without a network, it may wait for an answer
    alarm(2);
    mpi.abort(1);
}

int run_by_mpi(const Options& options) {
    // Reading the data takes longer on some machines than on others.
    constexpr ctgan::ranks::Mpi::Seconds until_the_first_step{120};
    ctgan::ranks::Mpi mpi(until_the_first_step);
    try {
        const ctgan::ranks::Sharding<ctgan::Cpu> sharding(mpi, options.shards, statistics_of(options));
        ctgan::cpu::set_threads(options.threads > 0 ? options.threads : threads_of_rank(mpi));
        Ranks ranks(mpi, options.read_data == "node");
        ranks.require_same({{"program", checksum_of_program()}});
        Trainer<Backend> trainer(options,
                                 fmt::format("{} of {}, {} shards", ctgan::io::counted(mpi.count(), "rank"),
                                             ctgan::io::counted(ctgan::cpu::threads(), "thread"),
                                             options.shards),
                                 ranks);
        trainer.prepare();
        mpi.set_patience(ctgan::ranks::Mpi::Seconds{options.rank_timeout});
        return trainer.run();
    } catch (const std::bad_alloc&) {
        end_all(mpi, "out of memory");
    } catch (const std::exception& error) {
        end_all(mpi, error.what());
    }
}
#endif

} // namespace

int run_on_ranks(const Options& options) {
    if (!ctgan::ranks::started_by_mpi()) return run_alone(options);
#ifdef CTGAN_WITH_MPI
    return run_by_mpi(options);
#else
    throw std::runtime_error("found a start by MPI, expected none: this program was built without MPI");
#endif
}

} // namespace train
