#include "progress.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <unistd.h>
#include <utility>

namespace train {

std::string clock_time(double seconds) {
    const long s = static_cast<long>(seconds + 0.5);
    return s < 3600 ? fmt::format("{}:{:02}", s / 60, s % 60)
                    : fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

Progress::Progress(long long total_steps, int batch_size)
    : total_steps_(total_steps), batch_size_(batch_size), terminal_(isatty(STDERR_FILENO) == 1) {}

void Progress::begin(long long steps) {
    start_ = Clock::now();
    steps_before_ = steps;
}

void Progress::show(long long steps, long long epoch, int epochs, long long step, long long steps_of_epoch,
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

void Progress::clear() {
    if (!std::exchange(drawn_, false)) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
}

} // namespace train
