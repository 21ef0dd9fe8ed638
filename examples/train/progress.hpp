#pragma once

#include <chrono>
#include <string>

namespace train {

/// Seconds as "1:05" or "2:03:07".
std::string clock_time(double seconds);

/// Shows the progress of a run: on a terminal, one line on standard error that is redrawn up to ten times a
/// second; otherwise nothing, because each epoch prints a line anyway.
class Progress {
  public:
    Progress(long long total_steps, int batch_size);

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    /// Clears the line, so that a final message does not continue it.
    ~Progress() { clear(); }

    /// Starts the clock. `steps` is the number of steps that the resumed run had taken before.
    void begin(long long steps);

    /// Whether it is time for the next show().
    bool due() const { return seconds() - shown_ >= 0.1; }

    /// Shows that `steps` of all steps are done.
    void show(long long steps, long long epoch, int epochs, long long step, long long steps_of_epoch,
              double d_loss, double g_loss);

    /// Clears the line before other text is printed.
    void clear();

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
