#pragma once

#include <chrono>
#include <cstdio>

/// The milliseconds that one call takes.
template <class F>
double milliseconds(const F& f) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// Prints "ready", then answers each line "BATCH COUNT" on standard input with one line: the milliseconds of
/// COUNT calls of step(BATCH). This lets all rivals stay alive and take turns within one run of
/// benchmarks/run.
template <class Step>
void serve(const Step& step) {
    std::puts("ready");
    std::fflush(stdout);
    int batch = 0, count = 0;
    while (std::scanf("%d %d", &batch, &count) == 2) {
        for (int i = 0; i < count; ++i) std::printf("%.4f ", milliseconds([&] { step(batch); }));
        std::puts("");
        std::fflush(stdout);
    }
}
