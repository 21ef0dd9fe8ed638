#!/bin/sh
# Runs unit/exceptions.cpp and unit/openmp_threads.cpp on OpenMP's threads and on the library's own; the unit suite runs them on
# those that the build has. Needs Boost.Test.
# exceptions.sh COMPILER [INCLUDE_FLAG...]
set -eu
unit=$(cd "$(dirname "$0")" && pwd)/../unit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# check NAME FLAG...
check() {
    name=$1
    shift
    "$@" -std=c++20 -O1 -pthread -DBOOST_TEST_DYN_LINK -o "$scratch/$name" \
        "$unit/exceptions.cpp" "$unit/openmp_threads.cpp" "$unit/main.cpp" -lboost_unit_test_framework
    echo "$name:"
    "$scratch/$name"
}
check own "$@" -DCTGAN_OPENMP=0
echo '#include <omp.h>
int main() {}' >"$scratch/empty.cpp"
"$1" -fopenmp "$scratch/empty.cpp" -o "$scratch/empty" 2>/dev/null || { echo 'skipped: no OpenMP here'; exit 77; }
check openmp "$@" -fopenmp
