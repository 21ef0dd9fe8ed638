#!/bin/sh
# Runs the CPU backend under clang's thread sanitizer: with its own thread pool, and with OpenMP's threads. OpenMP's library is
# not instrumented, so every loop would look like a race without Archer, which reports OpenMP's synchronization to the sanitizer.
# run.sh [INCLUDE_FLAG...]
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clang=$(command -v clang++) || { echo 'skipped: no clang++ here'; exit 77; }
echo 'int main() {}' >"$work/empty.cpp"
"$clang" -fsanitize=thread "$work/empty.cpp" -o "$work/empty" 2>/dev/null || { echo 'skipped: no thread sanitizer here'; exit 77; }
# The sanitizer fails with "unexpected memory mapping" if the kernel randomizes addresses too widely.
without_randomization=
if ! "$work/empty" 2>/dev/null; then
    without_randomization='setarch -R'
    $without_randomization "$work/empty" 2>/dev/null || { echo 'skipped: the thread sanitizer does not run here'; exit 77; }
fi

failed=0
fail() {
    echo "FAILED  $1"
    failed=$((failed + 1))
}

# check NAME FLAG...: compiles and runs the program. The environment configures the sanitizer.
check() {
    name=$1
    shift
    if ! "$clang" -std=c++20 -O1 -g1 -fsanitize=thread -pthread "$@" "$here/check.cpp" -o "$work/$name"; then
        fail "$name: does not compile"
        return
    fi
    for threads in 1 2 3 7; do
        if $without_randomization "$work/$name" $threads >"$work/out" 2>&1 && ! grep -q FAILED "$work/out"; then
            # The results, without the number of threads.
            grep losses "$work/out" | sed 's/.*: //' >>"$work/$name.results"
        else
            fail "$name: $threads threads"
            head -40 "$work/out"
        fi
    done
    [ "$(sort -u "$work/$name.results" | wc -l)" -eq 2 ] || fail "$name: the results depend on the number of threads"
    $without_randomization "$work/$name" 2 race >"$work/out" 2>&1
    [ $? -eq 66 ] || fail "$name: a planted race is not reported"
    echo "$name: 1, 2, 3 and 7 threads, and a planted race"
}

export TSAN_OPTIONS=exitcode=66:halt_on_error=1
check thread_pool "$@"

archer=$(dirname "$(readlink -f "$clang")")/../lib/libarcher.so
if [ -f "$archer" ] && "$clang" -fopenmp "$work/empty.cpp" -o "$work/empty" 2>/dev/null; then
    export TSAN_OPTIONS=$TSAN_OPTIONS:ignore_noninstrumented_modules=1 OMP_TOOL_LIBRARIES=$archer ARCHER_OPTIONS=verbose=1
    check openmp -fopenmp -DCTGAN_OPENMP "$@"
    grep -q 'Archer detected' "$work/out" || fail 'openmp: Archer does not report its presence'
else
    echo 'skipped openmp: no clang with libomp and Archer here'
fi
[ $failed -eq 0 ]
