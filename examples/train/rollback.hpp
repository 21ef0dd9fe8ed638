#pragma once

#include <ctgan/io/safetensors.hpp>
#include <ctgan/io/safetensors_write.hpp>

#include "folder.hpp"
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace train {

/// `--rollback N`: which state of a run is the best so far, and how often the run went back to it.
///
/// Only networks and optimizers go back. Steps and epochs go on counting, so what follows has other random
/// numbers, which are functions of the seed and of these, and all files keep a row for every epoch.
///
/// The best state is a checkpoint of its own, which is written before the run's. After a crash between the
/// two, the one that the run's refers to is the previous one of that file.
class Rollback {
  public:
    /// At most `most` times; 0: never, and nothing is kept.
    explicit Rollback(std::int64_t most) : most_(most) {}

    bool is_on() const { return most_ > 0; }
    bool can_go_back() const { return count() < most_; }
    std::int64_t count() const { return state_[went_back]; }
    /// Of the generator's learning rate: a quarter for each time.
    double generator_factor() const;
    /// Of the discriminator's: a quarter for each time that a value was not finite. Otherwise the generator
    /// moved faster than the discriminator could follow, so that is not made slower.
    double discriminator_factor() const;
    /// By how many steps the optimizers count less than the run.
    std::int64_t abandoned_steps() const { return state_[abandoned]; }
    /// Steps of the current epoch that have no losses.
    std::int64_t skipped_steps() const { return state_[skipped]; }

    /// Whether the end of an epoch is the best state so far. Without scores that is the latest one that is
    /// `healthy`, also before the first healthy one with a `kid`. From then on it is the one with the least
    /// `kid`, and epochs without do not count.
    bool is_best(bool healthy, const std::optional<double>& kid) const;
    /// Notes that its checkpoint is about to be written.
    void keep(std::int64_t epochs, std::int64_t steps, const std::optional<double>& kid);
    /// Opens the checkpoint of the best state. Throws io::Error.
    ctgan::io::SafetensorsFile best(const Folder& folder) const;
    /// After restore(), on the rank that writes: drops a later state, which a run kept that was killed before
    /// it wrote its checkpoint. Otherwise the next one would become the file's previous one, in place of the
    /// best state. Throws io::Error.
    void drop_later(const Folder& folder) const;
    /// Whether that is the beginning of the run.
    bool best_is_beginning() const { return state_[best_epochs] == 0; }
    /// Such as "the end of epoch 3, with a kid of 12.1".
    std::string best_text() const;

    /// Notes that the networks have been restored from it, and what abandoned_steps() now is.
    void note(bool was_finite, std::int64_t abandoned_steps);
    /// Notes a step without losses.
    void skip_step() { ++state_[skipped]; }
    void finish_epoch() { state_[skipped] = 0; }

    /// Adds this to the tensors of a checkpoint, which refer to this object.
    void gather(std::vector<ctgan::io::TensorToWrite>& tensors) const;
    /// Throws io::Error, and changes nothing, if the tensors are missing or damaged.
    void restore(const ctgan::io::SafetensorsFile& checkpoint);

  private:
    enum Place { went_back, not_finite, abandoned, skipped, best_epochs, best_steps, best_has_kid, places };

    std::int64_t most_;
    std::array<std::int64_t, places> state_{};
    double best_kid_ = 0;
};

} // namespace train
