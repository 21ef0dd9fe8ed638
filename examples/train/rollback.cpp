#include "rollback.hpp"

#include <ctgan/core/finite.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/error.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

namespace train {

double Rollback::generator_factor() const { return std::ldexp(1.0, -2 * static_cast<int>(count())); }
double Rollback::discriminator_factor() const {
    return std::ldexp(1.0, -2 * static_cast<int>(state_[not_finite]));
}

bool Rollback::is_best(bool healthy, const std::optional<double>& kid) const {
    return state_[best_has_kid] == 0 ? healthy : kid && *kid < best_kid_; // a kid of NaN is not
}

void Rollback::keep(std::int64_t epochs, std::int64_t steps, const std::optional<double>& kid) {
    state_[best_epochs] = epochs;
    state_[best_steps] = steps;
    state_[best_has_kid] = kid ? 1 : 0;
    best_kid_ = kid.value_or(0);
}

ctgan::io::SafetensorsFile Rollback::best(const Folder& folder) const {
    const auto path = folder.best_checkpoint();
    auto latest = ctgan::io::open_latest_checkpoint(path);
    const auto is_meant = [&](const ctgan::io::SafetensorsFile& file) {
        return file.value<std::int64_t>("run.steps") == state_[best_steps];
    };
    if (is_meant(latest.file)) return std::move(latest.file);
    if (const auto previous = ctgan::io::previous_of(path); std::filesystem::exists(previous))
        if (auto file = ctgan::io::open_checkpoint(previous); is_meant(file)) return file;
    throw ctgan::io::Error(latest.file.path(),
                           fmt::format("step {}", latest.file.value<std::int64_t>("run.steps")),
                           fmt::format("step {}, the best state of the run", state_[best_steps]));
}

void Rollback::drop_later(const Folder& folder) const {
    if (is_on() && best(folder).path() != folder.best_checkpoint()) folder.take_previous_best();
}

std::string Rollback::best_text() const {
    if (best_is_beginning()) return "the beginning of the run";
    const std::string text = fmt::format("the end of epoch {}", state_[best_epochs]);
    return state_[best_has_kid] == 0 ? text : text + fmt::format(", with a kid of {:.6g}", best_kid_);
}

void Rollback::note(bool was_finite, std::int64_t abandoned_steps) {
    ++state_[went_back];
    if (!was_finite) ++state_[not_finite];
    state_[abandoned] = abandoned_steps;
}

void Rollback::gather(std::vector<ctgan::io::TensorToWrite>& tensors) const {
    if (!is_on()) return;
    using ctgan::io::Dtype;
    tensors.push_back({"run.rollback", Dtype::I64, {places}, std::as_bytes(std::span(state_))});
    tensors.push_back({"run.best_kid", Dtype::F64, {1}, std::as_bytes(std::span(&best_kid_, 1))});
}

void Rollback::restore(const ctgan::io::SafetensorsFile& checkpoint) {
    if (!is_on()) return;
    const auto state = checkpoint.values<std::int64_t>("run.rollback");
    const auto kid = checkpoint.value<double>("run.best_kid");
    const auto steps = checkpoint.value<std::int64_t>("run.steps");
    const bool good = state.size() == places && *std::min_element(state.begin(), state.end()) >= 0 &&
                      state[went_back] <= most_ && state[not_finite] <= state[went_back] &&
                      std::max({state[abandoned], state[skipped], state[best_steps]}) <= steps &&
                      state[best_epochs] <= state[best_steps] && state[best_has_kid] <= 1 &&
                      ctgan::is_finite(kid);
    if (!good)
        throw ctgan::io::Error(checkpoint.path(), checkpoint.tensor("run.rollback").offset,
                               ctgan::io::counted(state.size(), "number") + " as run.rollback",
                               fmt::format("{} counts that fit step {} and at most {} rollbacks, and a "
                                           "finite kid",
                                           std::size_t{places}, steps, most_));
    std::copy(state.begin(), state.end(), state_.begin());
    best_kid_ = kid;
}

} // namespace train
