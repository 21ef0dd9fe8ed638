#pragma once

#include <ctgan/gan/step_losses.hpp>
#include <ctgan/plot/line_chart.hpp>

#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The output of a run: files of losses, and lines on standard output.
namespace train {

/// Prints a line and flushes it. Throws io::Error if that fails.
void say_line(const std::string& line);
template <class... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    say_line(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// The bytes of a file. Throws io::Error, which names what was `expected`, if it cannot be read.
std::vector<std::byte> content(const std::filesystem::path& path, const char* expected);

/// `steps.csv`: one line per training step.
class StepLog {
  public:
    /// Begins a new file. Throws io::Error if that fails.
    explicit StepLog(std::filesystem::path path);

    /// Continues the existing file after its first `bytes` bytes. What follows belongs to steps that will be
    /// repeated, and is cut off. Throws io::Error if the file is shorter.
    StepLog(std::filesystem::path path, std::int64_t bytes);

    void add(long long step, const ctgan::StepLosses& losses);

    /// Writes all lines to the disk and returns the size of the file in bytes.
    std::int64_t keep();

  private:
    StepLog(std::filesystem::path path, const char* mode);
    void check(bool good) const;
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Close> file_;
};

/// How the losses of an objective are shown.
struct LossScale {
    const char* title;   ///< of their chart
    const char* y_label; ///< what they are
    /// The discriminator's loss when it cannot tell real from generated pictures: twice the generator's. 0:
    /// the objective has no such value.
    double even_loss;
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

    /// The curves of loss.svg.
    ctgan::plot::Chart chart(const LossScale& scale) const;
    void write(const std::filesystem::path& folder, const LossScale& scale) const;

  private:
    std::vector<double> epochs_, discriminator_, generator_;
};

} // namespace train
