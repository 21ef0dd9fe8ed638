#pragma once

#include <ctgan/ranks/agreement.hpp>
#include <ctgan/ranks/exchange.hpp>

#include "options.hpp"
#include "stop.hpp"
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace train {

/// The processes of a run: usually one. All ranks take the same steps; rank 0 also writes and reports.
class Ranks {
  public:
    /// One process.
    Ranks() : exchange_(alone_), reads_data_(true) {}
    /// Several. With `data_once_per_node` only one rank of each machine reads the data set.
    /// `let_wait(true)` lets this rank wait long for the others, `let_wait(false)` as long as usual.
    Ranks(ctgan::ranks::Exchange& exchange, bool data_once_per_node, std::function<void(bool)> let_wait)
        : exchange_(exchange),
          reads_data_(!data_once_per_node || exchange.first_of_node() == exchange.rank()),
          let_wait_(std::move(let_wait)) {}
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    int count() const { return exchange_.count(); }
    bool reports() const { return exchange_.rank() == 0; }
    bool reads_data() const { return reads_data_; }

    /// The signal that requested a stop of any rank, or 0. All ranks ask after the same step, so they stop
    /// after the same step.
    int stop_requested() const {
        const int own = train::stop_requested();
        return count() == 1 ? own : ctgan::ranks::largest_of_all(exchange_, own);
    }

    /// Whether this holds on any rank.
    bool any(bool own) const {
        return count() == 1 ? own : ctgan::ranks::largest_of_all(exchange_, own ? 1 : 0) != 0;
    }

    /// Calls `work` on rank 0. The others wait until it is done, which may take seconds.
    template <class Work>
    void on_rank_0(const Work& work) const {
        if (count() > 1) let_wait_(true);
        if (reports()) work();
        if (count() == 1) return;
        ctgan::ranks::largest_of_all(exchange_, 0);
        let_wait_(false);
    }

    /// Sends the data set from the ranks that have read it to the others on their machines.
    void share_data(std::vector<std::uint8_t>& pixels) const;

    /// Throws std::invalid_argument, which names rank and setting, unless all ranks have the same settings.
    void require_same(const std::vector<ctgan::ranks::Setting>& settings) const {
        if (count() > 1) ctgan::ranks::require_same(exchange_, settings);
    }

  private:
    ctgan::ranks::Alone alone_;
    ctgan::ranks::Exchange& exchange_;
    bool reads_data_;
    std::function<void(bool)> let_wait_;
};

/// Whether the run cuts its batches into shards, or is one of several processes.
bool runs_on_ranks(const Options& options);

} // namespace train
