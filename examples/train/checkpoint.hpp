#pragma once

#include <ctgan/gan/step_losses.hpp>
#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/tensors_to_write.hpp>

#include "record.hpp"
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace train {

/// The progress of a run: what a checkpoint holds besides the networks and optimizers, as tensors "run.NAME".
struct RunState {
    std::int64_t steps = 0;
    std::int64_t epoch = 1;            ///< the current one, counted from 1
    std::int64_t images_taken = 0;     ///< images of the current epoch that steps have used
    ctgan::StepLosses epoch_sum{0, 0}; ///< losses of the current epoch's steps, added up
    LossHistory history;               ///< mean losses of the finished epochs
    std::int64_t log_bytes = no_log;   ///< size of steps.csv after these steps, or no_log
    std::vector<float> grid_noise;     ///< noise of the pictures, [image][value]

    static constexpr std::int64_t no_log = -1; ///< the run writes no steps.csv

    /// Adds the state to the tensors that a checkpoint is to hold.
    void gather(ctgan::io::TensorsToWrite& tensors, std::uint64_t noise_size) const;

    /// The state in a checkpoint. Throws io::Error if tensors are missing or contradict each other.
    static RunState of(const ctgan::io::SafetensorsFile& file);

    /// The settings of a run that resumes from a state.
    struct Run {
        long long steps_of_epoch, batch_size, total_steps;
        std::size_t noise_numbers;
        bool logs_steps;
    };
    /// Throws io::Error, about the file that this state was read from, if such a run cannot resume from it.
    void require(const std::filesystem::path& path, const Run& run) const;
};

/// One line that describes a checkpoint. Throws io::Error if it is not whole.
std::string description(const std::filesystem::path& path);

} // namespace train
