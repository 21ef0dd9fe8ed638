#!/bin/sh
# Compiles a DCGAN's training step, and a program that uses io, for the systems of docs/install.md, without a warning. One line a
# target: seconds, or what failed. It links and runs nothing; files.sh and units.sh do, where that is possible.
#   run.sh [INCLUDE_FLAG...]
# The compiler is clang with libc++ from PyPI's package ziglang, which has the headers of all these systems: $CTGAN_ZIG
# ("PYTHON -m ziglang"), python3 -m ziglang, or zig. Without it the script exits with 77 (skipped). Its first call for a system
# compiles that system's library for a minute or more. $CTGAN_TARGETS lists other targets; $CTGAN_OTHER_EIGEN names a folder of
# Eigen, with whose packets the step is compiled as well.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
targets=${CTGAN_TARGETS:-aarch64-linux-musl aarch64-macos x86_64-windows-gnu riscv64-linux-musl wasm32-wasi}

zig=
for candidate in "${CTGAN_ZIG:-}" 'python3 -m ziglang' zig; do
    if [ -n "$candidate" ] && $candidate version >/dev/null 2>&1; then
        zig=$candidate
        break
    fi
done
if [ -z "$zig" ]; then
    echo "skipped: no ziglang (pip install ziglang)"
    exit 77
fi

# The headers of io's libraries are the same on all systems, but next to them in /usr/include are this system's.
mkdir "$work/headers"
for header in zlib.h png.h nlohmann/json.hpp; do
    found=$(echo "#include <$header>" | c++ -M -x c++ "$@" - 2>/dev/null | tr ' ' '\n' | grep "/$header\$" | head -n 1)
    case $header in
    nlohmann/*) [ -z "$found" ] || ln -s "$(dirname "$found")" "$work/headers/nlohmann" ;;
    *) [ -z "$found" ] || cp "$(dirname "$found")"/z*conf.h "$(dirname "$found")"/png*conf.h "$found" "$work/headers" 2>/dev/null ;;
    esac
done

# compile LINE TARGET SOURCE FLAG...: compiles and prints the line.
failed=0
compile() {
    line=$1 target=$2 source=$3
    shift 3
    start=$(date +%s)
    # shellcheck disable=SC2086 # a command and its arguments
    if $zig c++ -target "$target" -std=c++20 -O1 -fno-sanitize=undefined -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
        -Werror "$@" -c "$source" -o "$work/object.o" >"$work/output" 2>&1 && [ -s "$work/object.o" ]; then
        printf '%-20s %-22s %s\n' "$target" "$line" "$(($(date +%s) - start)) s"
    else
        printf '%-20s %-22s %s\n' "$target" "$line" FAILED
        grep -E 'error|warning' "$work/output" | cut -c1-300 | head -n 10
        failed=$((failed + 1))
    fi
}

for target in $targets; do
    # WebAssembly: no exceptions for the step, as its programs are linked. io needs them: its errors are exceptions.
    without='' with=''
    case $target in
    wasm32-*)
        without=-fno-exceptions
        with='-mcpu=generic+exception_handling -fwasm-exceptions -mllvm -wasm-enable-sjlj'
        ;;
    esac
    # shellcheck disable=SC2086
    compile 'step' "$target" "$here/../../benchmarks/compile/sources/step.cpp" $without "$@"
    if [ -n "${CTGAN_OTHER_EIGEN:-}" ]; then
        # shellcheck disable=SC2086
        compile 'step, with Eigen' "$target" "$here/../../benchmarks/compile/sources/step.cpp" $without \
            -DCTGAN_EIGEN=1 -isystem "$CTGAN_OTHER_EIGEN" "$@"
    fi
    # shellcheck disable=SC2086
    compile 'io' "$target" "$here/io.cpp" $with "$@" -isystem "$work/headers"
done
[ $failed -eq 0 ]
