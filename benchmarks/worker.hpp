#pragma once

#include <chrono>
#include <cstdio>

/// How long one call takes.
template <class F>
double milliseconds(const F& f) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// Says "ready", then answers each line "BATCH COUNT" on standard input with the milliseconds of COUNT calls
/// of once(BATCH), on one line. So all rivals stay alive and take turns within one run of benchmarks/run.
template <class Once>
void serve(const Once& once) {
    std::puts("ready");
    std::fflush(stdout);
    int batch = 0, count = 0;
    while (std::scanf("%d %d", &batch, &count) == 2) {
        for (int i = 0; i < count; ++i) std::printf("%.4f ", milliseconds([&] { once(batch); }));
        std::puts("");
        std::fflush(stdout);
    }
}
