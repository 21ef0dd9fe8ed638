#!/bin/sh
# Measures the share of the lines of include/ctgan that the suites run on the CPU backend; fails below 95 %. Run it by hand: it
# compiles all suites once more. Needs gcovr. The CUDA backend is left out: the thrust_ suites run its code that can run on a host.
# run.sh [BUILD_FOLDER]: prints a summary, and writes to that folder lines.txt, a table of all files with the lines that no test
# has reached, and lines.html, which shows these lines.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/coverage}
jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
command -v gcovr >/dev/null || { echo 'run.sh: found no gcovr, expected it installed (Debian: gcovr)' >&2; exit 1; }

# g++, because gcov reads its counters; atomic counters, because several threads count. No optimization, because code must
# stay attributable to lines.
CXX=g++ cmake --preset test -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCTGAN_CUDA=OFF -DCTGAN_BUILD_BENCHMARKS=OFF \
    "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -g0 --coverage -fprofile-update=atomic" >/dev/null
# io's functions, which are compiled apart, count in the objects of ctgan_compiled_once, which these targets build.
cmake --build "$build" --parallel "$jobs" --target test_unit test_io test_gradient test_score test_training
find "$build" -name '*.gcda' -delete
# Left out, because code that is not optimized takes minutes for them or fails their limits of time: networks of full size, whose
# lines smaller ones run as well, and the test of io that measures time.
for suite in unit gradient score 'io --run_test=!hostile_safetensors/many_tensors*' \
    'training --run_test=!a_training_step*:!training_at*:!training_with*:!training_on*:!a_step_equals*:!a_step_moves*'; do
    # shellcheck disable=SC2086 # split into words
    "$build"/tests/test_$suite
done
gcovr --root . --filter 'include/ctgan/' --exclude 'include/ctgan/backend/cuda' -j "$jobs" --txt "$build/lines.txt" \
    --html-details "$build/lines.html" --fail-under-line 95 --print-summary "$build"
