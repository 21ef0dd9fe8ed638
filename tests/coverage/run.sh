#!/bin/sh
# The share of the lines of include/ctgan that the suites run in the CPU's room; fails below 95 %. By hand: it takes some ten
# minutes. Needs gcovr. The CUDA room is left out: what of it runs on a host, the thrust_ suites run.
# run.sh [BUILD_FOLDER]: there lie lines.txt, a table of all files, and lines.html with the lines that no test has reached.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/coverage}
command -v gcovr >/dev/null || { echo 'run.sh: found no gcovr, expected it installed (Debian: gcovr)' >&2; exit 1; }

# g++, whose counters gcov reads; atomic, because a team of threads counts. Little optimized: a line has to stay a line.
CXX=g++ cmake --preset test -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCTGAN_CUDA=OFF -DCTGAN_BUILD_BENCHMARKS=OFF \
    "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g0 --coverage -fprofile-update=atomic" >/dev/null
suites='unit io gradient training'
# shellcheck disable=SC2046 # the targets are words
cmake --build "$build" --target $(for suite in $suites; do echo "test_$suite"; done) train_dcgan sample_dcgan
find "$build" -name '*.gcda' -delete
ctest --test-dir "$build" --output-on-failure --tests-regex '^(unit|io|gradient|training|bad_inputs|bad_weights|resume)$'
gcovr --root . --filter 'include/ctgan/' --exclude 'include/ctgan/backend/cuda' --exclude-unreachable-branches \
    --txt "$build/lines.txt" --html-details "$build/lines.html" --fail-under-line 95 "$build" --print-summary
