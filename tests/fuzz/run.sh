#!/bin/sh
# Fuzzes the readers of files with the address and undefined behavior sanitizers. A reader may refuse an input with io::Error.
# A sanitizer's report, another exception, a failed assertion of the target, more than 2 s or an allocation above 64 MB is a
# finding; its input stays in the work folder.
# usage: run.sh [SECONDS | --runs N] [TARGET...]    by default 30 seconds of each target, two at a time
#   A long run, before each release:  tests/fuzz/run.sh --runs 40000000
#   FUZZ_DIR: the work folder, build/fuzz by default: programs, logs, new inputs (TARGET.corpus), findings (TARGET.*)
#   FUZZ_JOBS: targets at a time, 2 by default. CXX_FUZZ: a clang++ with libFuzzer.
# Exits with 77 (skipped) if there is no such compiler.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=${FUZZ_DIR:-$here/../../build/fuzz}
compiler=${CXX_FUZZ:-clang++}
mkdir -p "$work" && cd "$work" || exit 1

limit=-max_total_time=30
case ${1-} in
--runs) limit=-runs=${2:?--runs needs a number} && shift 2 ;;
[0-9]*) limit=-max_total_time=$1 && shift ;;
esac
if [ $# -eq 0 ]; then
    for source in "$here"/*.cpp; do set -- "$@" "$(basename "$source" .cpp)"; done
fi

flags='-std=c++20 -O1 -g -fsanitize=fuzzer,address,undefined,float-cast-overflow -fno-sanitize-recover=all'
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >probe.cpp
# shellcheck disable=SC2086 # the flags are words
if ! $compiler $flags probe.cpp -o probe 2>probe.log; then
    echo "fuzz: $compiler has no libFuzzer: $(head -n 1 probe.log)"
    exit 77
fi
# Leak detection needs ptrace, which a container may not permit.
leaks=1
./probe -runs=1 >probe.log 2>&1 || leaks=0
# The files that the targets write: in memory, where fsync takes no time.
memory=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$memory"' EXIT
trap 'exit 1' HUP INT TERM
includes="-I $here/../../include $(pkg-config --cflags zlib libpng nlohmann_json 2>/dev/null || true)"
libraries='-lz -lpng -lfmt'
if pkg-config --exists libjpeg 2>/dev/null; then
    includes="$includes -DCTGAN_WITH_JPEG $(pkg-config --cflags libjpeg)"
    libraries="$libraries -ljpeg"
fi

# one TARGET: builds and runs the target, and prints its result.
one() {
    # shellcheck disable=SC2086 # flags are words
    if ! $compiler $flags $includes "$here/$1.cpp" $libraries -o "$1" >"$1.log" 2>&1; then
        echo "FAILED: $1 does not compile: $work/$1.log"
        return 1
    fi
    dictionary=
    [ ! -f "$here/$1.dict" ] || dictionary=-dict=$here/$1.dict
    mkdir -p "$1.corpus"
    # Without -entropic, which would take a fifth of the time. A small quarantine of freed memory, which stays in the cache,
    # because inputs are many and short-lived. New inputs go to the first folder; the second one is only read.
    ASAN_OPTIONS=detect_leaks=$leaks:quarantine_size_mb=1:thread_local_quarantine_size_kb=64 TMPDIR=$memory UBSAN_OPTIONS=print_stacktrace=1 \
        "./$1" "$limit" -entropic=0 -max_len=4096 -timeout=2 -malloc_limit_mb=64 -rss_limit_mb=1024 -print_final_stats=1 \
        ${dictionary:+"$dictionary"} "-artifact_prefix=$1." "$1.corpus" "$here/corpus/$1" >"$1.log" 2>&1
    status=$?
    summary="$(sed -n 's/^stat::number_of_executed_units: *//p' "$1.log") inputs, $(grep -o 'cov: [0-9]*' "$1.log" | tail -n 1)"
    if grep -q 'libFuzzer: run interrupted' "$1.log"; then
        echo "$1: interrupted: $summary"
        return 1
    fi
    if [ $status -ne 0 ] || ! grep -q '^Done' "$1.log"; then
        echo "FAILED: $1: $summary; see $work/$1.log"
        grep -E 'ERROR|SUMMARY|runtime error|fuzz: assertion failed|what\(\)|Test unit written' "$1.log" | cut -c 1-300
        return 1
    fi
    grep -q '^fuzz: an input was accepted' "$1.log" || { echo "FAILED: $1: every input was refused"; return 1; }
    echo "$1: $summary, $(sed -n 's/^stat::average_exec_per_sec: *//p' "$1.log") per second, no findings"
}

failed=0
while [ $# -gt 0 ]; do
    running=
    for job in $(seq "${FUZZ_JOBS:-2}"); do
        [ $# -gt 0 ] || break
        one "$1" &
        running="$running $!"
        shift
    done
    for job in $running; do wait "$job" || failed=1; done
done
exit $failed
