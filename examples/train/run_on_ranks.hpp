#pragma once

#include <ctgan/io/checksum.hpp>
#include <ctgan/ranks/launcher.hpp>
#include <ctgan/ranks/run.hpp>
#include <ctgan/ranks/sharded.hpp>

#include "ranks.hpp"
#include "trainer.hpp"
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

/// Runs on ranks, for either backend.
namespace train {

inline ctgan::ranks::BatchStatistics statistics_of(const Options& options) {
    return options.batch_statistics == "rank" ? ctgan::ranks::BatchStatistics::of_rank
                                              : ctgan::ranks::BatchStatistics::of_batch;
}

/// Trains on one process, with the results of several. `hardware` describes it.
template <class B, class Networks = Reference>
int run_alone(const Options& options, const std::string& hardware) {
    ctgan::ranks::Alone alone;
    const ctgan::ranks::Sharding<B> sharding(alone, options.shards, statistics_of(options));
    const auto shards = options.shards == 1 ? "" : fmt::format(", {} shards", options.shards);
    return run<ctgan::Sharded<B>, Networks>(options, hardware + shards);
}

#ifdef CTGAN_WITH_MPI

/// Ranks on another machine may have another program.
inline std::string checksum_of_program() {
    ctgan::io::Checksum sum;
    std::FILE* const file = std::fopen("/proc/self/exe", "rb");
    if (!file) return "unknown";
    std::vector<std::byte> bytes(1 << 16);
    while (const auto n = std::fread(bytes.data(), 1, bytes.size(), file)) sum.add({bytes.data(), n});
    std::fclose(file);
    return "one of CRC-32 " + sum.text();
}

/// Trains as one of MPI's ranks. `prepare(mpi)` selects what the rank computes on and returns a pointer
/// to the exchange of its messages; then `hardware()` describes it.
template <class B, class Networks = Reference, class Prepare, class Hardware>
int run_by_mpi(const Options& options, const Prepare& prepare, const Hardware& hardware) {
    // Reading the data takes longer on some machines than on others.
    constexpr ctgan::ranks::Mpi::Seconds until_the_first_step{120};
    ctgan::ranks::Mpi mpi(until_the_first_step);
    // While it scores. The run ends at once, as ever, if it dies; this is for one that hangs.
    constexpr ctgan::ranks::Mpi::Seconds for_rank_0_alone{120};
    return ctgan::ranks::run(mpi, options.program.c_str(), [&](ctgan::ranks::Mpi&) {
        const auto exchange = prepare(mpi);
        const ctgan::ranks::Sharding<B> sharding(*exchange, options.shards, statistics_of(options));
        const ctgan::ranks::Mpi::Seconds patience{options.rank_timeout};
        Ranks ranks(mpi, options.read_data == "node", [&](bool long_) {
            mpi.set_patience(long_ ? (std::max)(for_rank_0_alone, patience) : patience);
        });
        ranks.require_same({{"program", checksum_of_program()}});
        const auto ranks_of_run = ctgan::io::counted(static_cast<std::uint64_t>(mpi.count()), "rank");
        const auto machine = fmt::format("{} of {}, {} shards", ranks_of_run, hardware(), options.shards);
        Trainer<ctgan::Sharded<B>, Networks> trainer(options, machine, ranks);
        trainer.prepare();
        mpi.set_patience(patience);
        return trainer.run();
    });
}

/// How many ranks of this machine have smaller numbers.
inline int number_on_node(ctgan::ranks::Mpi& mpi) {
    const auto nodes = ctgan::ranks::texts_of_all(mpi, std::to_string(mpi.first_of_node()));
    return static_cast<int>(
        std::count(nodes.begin(), nodes.begin() + mpi.rank(), std::to_string(mpi.first_of_node())));
}

#else

/// This program has no MPI, which run() reports.
template <class B, class Networks = Reference, class... Given>
int run_by_mpi(const Options& options, const Given&...) {
    return ctgan::ranks::run(options.program.c_str(), options.rank_timeout, [](auto&) { return 0; });
}

#endif

} // namespace train
