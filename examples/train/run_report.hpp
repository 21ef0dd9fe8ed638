#pragma once

#include <ctgan/io/safetensors.hpp>
#include <ctgan/plot/report.hpp>

#include "folder.hpp"
#include "host_networks.hpp"
#include "record.hpp"
#include "scoring.hpp"
#include "watching.hpp"
#include <filesystem>
#include <string>
#include <vector>

namespace train {

/// `report.html` in the folder of a run: its losses, pictures and settings, and how to repeat it. A run that
/// was resumed writes the bytes of one that was not, except between the lines that plot::render_report()
/// documents: the machine, the program, times and commands.
class RunReport {
  public:
    /// The parts of Options that a report shows (not all, which would compile the networks once more).
    struct Run {
        std::string program;
        std::vector<std::string> command; ///< the program's arguments, of which the first is its name
        LossScale losses;
        int epochs;
        bool resumed;
        std::string hardware; ///< what the run computes on
        int ranks;
    };
    /// `settings` are those of the run's Identity, `networks` those that it trains.
    RunReport(const Run& run, const ctgan::io::SafetensorsFile::Metadata& settings, HostNetworks networks);

    /// How far a run is.
    struct Position {
        long long steps, total_steps;
        long long epochs; ///< that are finished
        double seconds;   ///< since the process began to train
    };

    /// The generator, for pictures between two of its samples.
    struct Generator {
        std::filesystem::path weights;   ///< file with its weights; nothing to leave out the pictures
        const std::vector<float>& noise; ///< of the samples, [image][value]
    };

    /// Writes the report, with the pictures of finished epochs that are in the folder. Throws io::Error.
    /// `scores`, `watching`: nothing if the run computes none, or is not watched.
    void write(const Folder& folder, const LossHistory& history, const Scoring* scores,
               const Watching* watching, const Position& position, const Generator& generator) const;

  private:
    int epochs_;
    LossScale losses_;
    HostNetworks networks_;
    bool resumed_;
    ctgan::plot::Report constant_; ///< what does not change during a run
};

} // namespace train
