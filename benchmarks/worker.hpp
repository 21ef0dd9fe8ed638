#pragma once

#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

/// The milliseconds that one call takes.
template <class F>
double milliseconds(const F& f) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// What a worker keeps for one batch size, such as a network and its workspace, constructed as State(batch).
/// Another batch size replaces it, so that the process's memory is that of one batch size.
template <class State>
class OfBatch {
  public:
    State& operator()(int batch) {
        if (batch != batch_) {
            state_.reset();
            state_ = std::make_unique<State>(batch);
            batch_ = batch;
        }
        return *state_;
    }

  private:
    std::unique_ptr<State> state_;
    int batch_ = 0;
};

/// Prints "ready", then answers each line "BATCH COUNT" on standard input with one line: the milliseconds of
/// COUNT calls of step(BATCH). This lets all rivals stay alive and take turns within one run of
/// benchmarks/run. Prints after the last call: benchmarks/run, which reads the line, would keep a core busy.
template <class Step>
void serve(const Step& step) {
    std::puts("ready");
    std::fflush(stdout);
    int batch = 0, count = 0;
    std::vector<double> times;
    while (std::scanf("%d %d", &batch, &count) == 2) {
        times.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
        for (double& ms : times) ms = milliseconds([&] { step(batch); });
        for (const double ms : times) std::printf("%.4f ", ms);
        std::puts("");
        std::fflush(stdout);
    }
}
