#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>
#include <utility>

namespace train {

/// Seconds as "1:05" or "2:03:07".
inline std::string clock_time(double seconds) {
    const long s = static_cast<long>(seconds + 0.5);
    return s < 3600 ? fmt::format("{}:{:02}", s / 60, s % 60)
                    : fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

/// Shows the progress of a run: on a terminal, one line on standard error that is redrawn up to ten times a
/// second; otherwise nothing, because each epoch prints a line anyway.
class Progress {
  public:
    Progress(long long total_steps, int batch_size)
        : total_steps_(total_steps), batch_size_(batch_size), terminal_(isatty(STDERR_FILENO) == 1) {}

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    /// Clears the line, so that a final message does not continue it.
    ~Progress() { clear(); }

    /// Starts the clock. `steps` is the number of steps that the resumed run had taken before.
    void begin(long long steps) {
        start_ = Clock::now();
        steps_before_ = steps;
    }

    /// Whether it is time for the next show().
    bool due() const { return seconds() - shown_ >= 0.1; }

    /// Shows that `steps` of all steps are done.
    void show(long long steps, long long epoch, int epochs, long long step, long long steps_of_epoch,
              double d_loss, double g_loss) {
        const double elapsed = seconds(), done = static_cast<double>(steps - steps_before_);
        rate_ = done * batch_size_ / elapsed;
        shown_ = elapsed;
        if (!terminal_) return;
        drawn_ = true;
        const double left = elapsed / done * static_cast<double>(total_steps_ - steps);
        fmt::print(stderr,
                   "\r\033[Kepoch {}/{}  step {}/{}  {:.0f} images/s  d_loss {:.4f}  g_loss {:.4f}  {} left",
                   epoch, epochs, step, steps_of_epoch, rate_, d_loss, g_loss, clock_time(left));
        std::fflush(stderr);
    }

    /// Clears the line before other text is printed.
    void clear() {
        if (!std::exchange(drawn_, false)) return;
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
    }

    double images_per_second() const { return rate_; }
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
    long long total_steps_, steps_before_ = 0;
    int batch_size_;
    bool terminal_, drawn_ = false;
    double shown_ = 0, rate_ = 0;
};

} // namespace train
