#include "checkpoint.hpp"

#include <ctgan/core/finite.hpp>
#include <ctgan/io/checkpoint.hpp>
#include <ctgan/io/error.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace train {

namespace {

// More than any run has. A file with more is refused before memory is allocated for it.
constexpr std::size_t max_epochs = 100000, max_noise = 100000;

/// The values of a tensor. Throws io::Error if their type in the file is not T, one of them is not
/// finite, or there are more than `max`.
template <class T>
std::vector<T> finite(const ctgan::io::SafetensorsFile& file, const std::string& name, std::size_t max) {
    const auto& tensor = file.tensor(name);
    const auto dtype = ctgan::io::detail::dtype_of<T>;
    if (tensor.dtype != dtype || tensor.bytes.size() / sizeof(T) > max)
        throw ctgan::io::Error(
            file.path(), tensor.offset,
            fmt::format("{} {} as {}", name_of(tensor.dtype), ctgan::io::shape_text(tensor.shape), name),
            fmt::format("at most {} numbers of type {}", max, name_of(dtype)));
    auto values = file.values<T>(name);
    if (!std::all_of(values.begin(), values.end(), [](T value) { return ctgan::is_finite(value); }))
        throw ctgan::io::Error(file.path(), tensor.offset, "a number in " + name + " that is infinite or NaN",
                               "finite ones");
    return values;
}

/// A count. Throws io::Error if it is below `min`.
std::int64_t count(const ctgan::io::SafetensorsFile& file, const std::string& name, std::int64_t min) {
    const auto number = file.value<std::int64_t>(name);
    if (number < min)
        throw ctgan::io::Error(file.path(), file.tensor(name).offset, fmt::format("{} as {}", number, name),
                               fmt::format("at least {}", min));
    return number;
}

} // namespace

void RunState::gather(ctgan::io::TensorsToWrite& tensors, std::uint64_t noise_size) const {
    tensors.add("run.steps", steps);
    tensors.add("run.epoch", epoch);
    tensors.add("run.images_taken", images_taken);
    tensors.add("run.epoch_sum", {2}, std::vector<double>{epoch_sum.discriminator, epoch_sum.generator});
    tensors.add("run.d_loss", {history.discriminator().size()}, history.discriminator());
    tensors.add("run.g_loss", {history.generator().size()}, history.generator());
    tensors.add("run.log_bytes", log_bytes);
    tensors.add("run.grid_noise", {grid_noise.size() / noise_size, noise_size}, grid_noise);
}

RunState RunState::of(const ctgan::io::SafetensorsFile& file) {
    RunState state;
    state.steps = count(file, "run.steps", 0);
    state.epoch = count(file, "run.epoch", 1);
    state.images_taken = count(file, "run.images_taken", 0);
    state.log_bytes = count(file, "run.log_bytes", no_log);
    const auto sum = finite<double>(file, "run.epoch_sum", 2);
    const auto d_loss = finite<double>(file, "run.d_loss", max_epochs);
    const auto g_loss = finite<double>(file, "run.g_loss", max_epochs);
    if (sum.size() != 2 || d_loss.size() != g_loss.size() ||
        d_loss.size() != static_cast<std::uint64_t>(state.epoch) - 1)
        throw ctgan::io::Error(file.path(), "losses that do not fit the epoch",
                               "a mean for each that is done");
    state.epoch_sum = {sum[0], sum[1]};
    for (std::size_t i = 0; i < d_loss.size(); ++i) state.history.add(d_loss[i], g_loss[i]);
    state.grid_noise = finite<float>(file, "run.grid_noise", max_noise);
    return state;
}

void RunState::require(const std::filesystem::path& path, const Run& run) const {
    const long long of_epoch = steps - (epoch - 1) * run.steps_of_epoch;
    // A finished epoch is saved as the beginning of the next one, hence >=.
    if (of_epoch < 0 || of_epoch >= run.steps_of_epoch || images_taken != of_epoch * run.batch_size)
        throw ctgan::io::Error(
            path, fmt::format("step {} in epoch {} with {} images taken", steps, epoch, images_taken),
            fmt::format("epochs of {} steps", run.steps_of_epoch));
    if (steps > run.total_steps)
        throw ctgan::io::Error(
            path, fmt::format("step {}", steps),
            fmt::format("at most {}, where this run ends: more --epochs or --max-steps", run.total_steps));
    if (grid_noise.size() != run.noise_numbers)
        throw ctgan::io::Error(path, ctgan::io::counted(grid_noise.size(), "number") + " of noise",
                               std::to_string(run.noise_numbers));
    if (run.logs_steps && log_bytes == no_log)
        throw ctgan::io::Error(path, "a run that wrote no steps.csv", "no --log-steps either");
}

std::string description(const std::filesystem::path& path) {
    const auto file = ctgan::io::open_checkpoint(path);
    const RunState state = RunState::of(file);
    return fmt::format("{}: whole; step {}, epoch {} with {} images taken, {} tensors", path.string(),
                       state.steps, state.epoch, state.images_taken, file.tensors().size());
}

} // namespace train
