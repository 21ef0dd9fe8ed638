#pragma once

#include <ctgan/gan/gan.hpp>
#include <ctgan/io/error.hpp>
#include <ctgan/io/file.hpp>
#include <ctgan/plot/line_chart.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

/// The output of a run: files of losses, and lines on standard output.
namespace train {

/// Prints a line and flushes it. Throws io::Error if that fails.
template <class... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    const std::string line = fmt::format(format, std::forward<Arguments>(arguments)...) + "\n";
    if (std::fputs(line.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
        throw ctgan::io::Error("standard output", std::generic_category().message(errno),
                               "to write " + ctgan::io::counted(line.size(), "byte"));
}

/// `steps.csv`: one line per training step.
class StepLog {
  public:
    /// Begins a new file. Throws io::Error if that fails.
    explicit StepLog(std::filesystem::path path) : StepLog(std::move(path), "w") {
        check(std::fputs("step,d_loss,g_loss\n", file_.get()) >= 0);
    }

    /// Continues the existing file after its first `bytes` bytes. What follows belongs to steps that will be
    /// repeated, and is cut off. Throws io::Error if the file is shorter.
    StepLog(std::filesystem::path path, std::int64_t bytes) : StepLog(std::move(path), "r+") {
        check(std::fseek(file_.get(), 0, SEEK_END) == 0);
        const long found = std::ftell(file_.get());
        if (found < bytes)
            throw ctgan::io::Error(path_, ctgan::io::counted(static_cast<std::uint64_t>(found), "byte"),
                                   fmt::format("at least {}, the steps before the checkpoint", bytes));
        check(::ftruncate(::fileno(file_.get()), bytes) == 0 &&
              std::fseek(file_.get(), bytes, SEEK_SET) == 0);
    }

    void add(long long step, const ctgan::StepLosses& losses) {
        check(std::fputs(
                  fmt::format("{},{:.9g},{:.9g}\n", step, losses.discriminator, losses.generator).c_str(),
                  file_.get()) >= 0);
    }

    /// Writes all lines to the disk and returns the size of the file in bytes.
    std::int64_t keep() {
        check(std::fflush(file_.get()) == 0);
        // fsync fails with EINVAL or EROFS if the file is, for example, a device.
        check(::fsync(::fileno(file_.get())) == 0 || errno == EINVAL || errno == EROFS);
        const long bytes = std::ftell(file_.get());
        check(bytes >= 0);
        return bytes;
    }

  private:
    StepLog(std::filesystem::path path, const char* mode)
        : path_(std::move(path)), file_(std::fopen(path_.c_str(), mode)) {
        check(file_ != nullptr);
    }
    void check(bool good) const {
        if (!good)
            throw ctgan::io::Error(path_, std::generic_category().message(errno), "a file to write to");
    }
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> file_;
};

/// The mean losses of each epoch, as `loss.csv` and `loss.svg`.
class LossHistory {
  public:
    void add(double discriminator, double generator) {
        epochs_.push_back(static_cast<double>(epochs_.size() + 1));
        discriminator_.push_back(discriminator);
        generator_.push_back(generator);
    }

    const std::vector<double>& discriminator() const { return discriminator_; }
    const std::vector<double>& generator() const { return generator_; }

    void write(const std::filesystem::path& folder) const {
        std::string csv = "epoch,d_loss,g_loss\n";
        for (std::size_t i = 0; i < epochs_.size(); ++i)
            csv += fmt::format("{},{:.9g},{:.9g}\n", i + 1, discriminator_[i], generator_[i]);
        ctgan::io::write_atomically(folder / "loss.csv", csv);
        // In equilibrium the discriminator's scores are all 1/2. Each term of its loss is then 1/4, and so is
        // the generator's loss.
        ctgan::plot::write_svg(
            folder / "loss.svg",
            {.title = "DCGAN on MNIST: mean loss of each epoch, and the LSGAN equilibrium",
             .x_label = "epoch",
             .y_label = "mean squared error",
             .curves = {{"discriminator", epochs_, discriminator_}, {"generator", epochs_, generator_}},
             .marks = {{0.25, "equilibrium 0.25"}, {0.5, "0.25 + 0.25"}}});
    }

  private:
    std::vector<double> epochs_, discriminator_, generator_;
};

} // namespace train
