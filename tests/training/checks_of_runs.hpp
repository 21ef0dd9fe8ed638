#pragma once

#include <ctgan/backend/cpu.hpp>

#include <boost/test/unit_test.hpp>

#include "../io/support.hpp"
#include "../with_threads.hpp"
#include "count_allocations.hpp"
#include "support.hpp"
#include <cstdint>
#include <string>
#include <type_traits>

/// Checks of a struct Run with a member `gan`, step(number, data), which takes a step, train(begin, end),
/// which takes steps begin, ..., end - 1, and save(path), which returns the bytes of a checkpoint. Templates
/// on the backend, so that the CUDA backend's suite, which has no allocations.cpp, does not link them.
namespace training {

template <class Run, class Backend>
void one_thread_and_two_write_the_same_bytes(std::uint64_t steps) {
    if constexpr (std::is_same_v<Backend, Cpu>) {
        const test::TemporaryFolder folder;
        std::string bytes[2];
        for (const int threads : {1, 2}) {
            const WithThreads scope(threads);
            Run run;
            run.train(0, steps);
            bytes[threads - 1] = run.save(folder.path() / "checkpoint.safetensors");
        }
        BOOST_TEST((bytes[0] == bytes[1]));
    }
}

template <class Run, class Backend>
void steps_allocate_nothing(std::uint64_t steps, int batch) {
    if constexpr (CTGAN_COUNT_ALLOCATIONS && std::is_same_v<Backend, Cpu>) {
        for (const int threads : {1, 2}) {
            const WithThreads scope(threads);
            Run run;
            const StepData<decltype(Run::gan)> data(batch, 0);
            run.step(0, data); // the thread pool starts its threads
            BOOST_TEST(allocations_of([&] {
                           for (std::uint64_t number = 1; number < steps; ++number) run.step(number, data);
                       }) == 0);
        }
    }
}

} // namespace training
