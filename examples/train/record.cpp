#include "record.hpp"

#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace train {

void say_line(const std::string& line) {
    const std::string whole = line + "\n";
    if (std::fputs(whole.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
        throw ctgan::io::Error("standard output", std::generic_category().message(errno),
                               "to write " + ctgan::io::counted(whole.size(), "byte"));
}

std::vector<std::byte> content(const std::filesystem::path& path, const char* expected) {
    ctgan::io::InputFile file(path, expected);
    std::vector<std::byte> bytes(static_cast<std::size_t>(file.size()));
    file.read_exactly(bytes);
    return bytes;
}

StepLog::StepLog(std::filesystem::path path) : StepLog(std::move(path), "w") {
    check(std::fputs("step,d_loss,g_loss\n", file_.get()) >= 0);
}

StepLog::StepLog(std::filesystem::path path, std::int64_t bytes) : StepLog(std::move(path), "r+") {
    check(std::fseek(file_.get(), 0, SEEK_END) == 0);
    const long found = std::ftell(file_.get());
    if (found < bytes)
        throw ctgan::io::Error(path_, ctgan::io::counted(static_cast<std::uint64_t>(found), "byte"),
                               fmt::format("at least {}, the steps before the checkpoint", bytes));
    check(::ftruncate(::fileno(file_.get()), bytes) == 0 && std::fseek(file_.get(), bytes, SEEK_SET) == 0);
}

void StepLog::add(long long step, const ctgan::StepLosses& losses) {
    check(std::fputs(fmt::format("{},{:.9g},{:.9g}\n", step, losses.discriminator, losses.generator).c_str(),
                     file_.get()) >= 0);
}

std::int64_t StepLog::keep() {
    check(std::fflush(file_.get()) == 0);
    // fsync fails with EINVAL or EROFS if the file is, for example, a device.
    check(::fsync(::fileno(file_.get())) == 0 || errno == EINVAL || errno == EROFS);
    const long bytes = std::ftell(file_.get());
    check(bytes >= 0);
    return bytes;
}

StepLog::StepLog(std::filesystem::path path, const char* mode)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), mode)) {
    check(file_ != nullptr);
}

void StepLog::check(bool good) const {
    if (!good) throw ctgan::io::Error(path_, std::generic_category().message(errno), "a file to write to");
}

ctgan::plot::Chart LossHistory::chart(const LossScale& scale) const {
    ctgan::plot::Chart chart{
        .title = scale.title,
        .x_label = "epoch",
        .y_label = scale.y_label,
        .curves = {{"discriminator", epochs_, discriminator_}, {"generator", epochs_, generator_}}};
    // In equilibrium the two terms of the discriminator's loss are equal, and each equals the generator's
    // loss.
    const double term = scale.even_loss / 2;
    if (term > 0)
        chart.marks = {{term, fmt::format("equilibrium {:.2f}", term)},
                       {scale.even_loss, fmt::format("{:.2f} + {:.2f}", term, term)}};
    return chart;
}

void LossHistory::write(const std::filesystem::path& folder, const LossScale& scale) const {
    std::string csv = "epoch,d_loss,g_loss\n";
    for (std::size_t i = 0; i < epochs_.size(); ++i)
        csv += fmt::format("{},{:.9g},{:.9g}\n", i + 1, discriminator_[i], generator_[i]);
    ctgan::io::write_atomically(folder / "loss.csv", csv);
    ctgan::plot::write_svg(folder / "loss.svg", chart(scale));
}

} // namespace train
