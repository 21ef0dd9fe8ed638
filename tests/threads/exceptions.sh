#!/bin/sh
# Runs unit/exceptions.cpp on OpenMP's threads; the unit suite runs it on the library's own. Needs Boost.Test.
# exceptions.sh COMPILER [INCLUDE_FLAG...]
set -eu
unit=$(cd "$(dirname "$0")" && pwd)/../unit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo '#include <omp.h>
int main() {}' >"$scratch/empty.cpp"
"$1" -fopenmp "$scratch/empty.cpp" -o "$scratch/empty" 2>/dev/null || { echo 'skipped: no OpenMP here'; exit 77; }

"$@" -std=c++20 -O1 -pthread -fopenmp -DCTGAN_OPENMP -DBOOST_TEST_DYN_LINK -o "$scratch/exceptions" \
    "$unit/exceptions.cpp" "$unit/main.cpp" -lboost_unit_test_framework
"$scratch/exceptions"
