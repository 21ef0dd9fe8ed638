#!/bin/sh
# Measures the share of the lines of include/ctgan that the suites run on the CPU backend; fails below 95 %. Run it by hand: it
# takes about ten minutes. Needs gcovr. The CUDA backend is left out: the thrust_ suites run its code that can run on a host.
# run.sh [BUILD_FOLDER]: writes to that folder lines.txt, a table of all files, and lines.html, which shows the lines that no
# test has reached.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/coverage}
command -v gcovr >/dev/null || { echo 'run.sh: found no gcovr, expected it installed (Debian: gcovr)' >&2; exit 1; }

# g++, because gcov reads its counters; atomic counters, because several threads count; little optimization, because code must
# stay attributable to lines.
CXX=g++ cmake --preset test -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCTGAN_CUDA=OFF -DCTGAN_BUILD_BENCHMARKS=OFF \
    "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -g0 --coverage -fprofile-update=atomic" >/dev/null
suites='unit io gradient training'
# shellcheck disable=SC2046 # the targets are words
cmake --build "$build" --target $(for suite in $suites; do echo "test_$suite"; done) train_dcgan sample_dcgan
find "$build" -name '*.gcda' -delete
ctest --test-dir "$build" --output-on-failure --tests-regex '^(unit|io|gradient|training|bad_inputs|bad_weights|resume)$'
gcovr --root . --filter 'include/ctgan/' --exclude 'include/ctgan/backend/cuda' --exclude-unreachable-branches \
    --txt "$build/lines.txt" --html-details "$build/lines.html" --fail-under-line 95 "$build" --print-summary
