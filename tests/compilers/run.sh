#!/bin/sh
# Checks that a user's programs compile without a warning if ctgan is included with -I, not as a system header.
#   run.sh MATRIX [FLAG...]     FLAGs give the include folders: -I ctgan's, -isystem those of other libraries
# MATRIX: "short" for what the other tests do not compile anyway, "long" for every compiler and standard, or a list of
# COMPILER:STANDARD. The table marks compilers that are not installed.
set -u
matrix=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
case $matrix in
short) matrix='g++:c++23 clang++-19:c++26' ;;
long)
    matrix='g++:c++20 g++:c++23 clang++:c++20 clang++:c++2b clang++-19:c++20 clang++-19:c++23 clang++-19:c++26 clang++-22:c++20 clang++-22:c++26 nvcc:c++20'
    ;;
esac
warnings='-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wdouble-promotion -Werror'
PATH=$PATH:/usr/local/cuda/bin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# compile COMPILER STANDARD FILE FLAG...
compile() {
    compiler=$1 standard=$2 file=$3
    shift 3
    # shellcheck disable=SC2086 # the warnings are words
    case $compiler in
    # Not -Wpedantic and -Wconversion: g++ would warn of the code that nvcc generates.
    nvcc) "$compiler" -std="$standard" -x cu -c -o "$scratch/object" -Werror all-warnings -Xcompiler=-Wall,-Wextra,-Wshadow,-Werror "$@" "$file" ;;
    g++) "$compiler" -std="$standard" -fsyntax-only $warnings -Wuseless-cast "$@" "$file" ;;
    *) "$compiler" -std="$standard" -fsyntax-only $warnings "$@" "$file" ;;
    esac
}

failed=0
compiled=0
printf '%-12s %-9s %-14s %s\n' compiler standard file result
for entry in $matrix; do
    compiler=${entry%:*} standard=${entry#*:}
    if ! command -v "$compiler" >/dev/null; then
        printf '%-12s %-9s %-14s %s\n' "$compiler" "$standard" - 'not installed'
        continue
    fi
    for file in training.cpp pictures.cpp loops.cpp; do
        start=$(date +%s)
        compile "$compiler" "$standard" "$here/$file" "$@" >"$scratch/output" 2>&1
        status=$?
        result="clean, $(($(date +%s) - start)) s"
        if [ "$status" -ne 0 ] || [ -s "$scratch/output" ]; then
            result='FAILED'
            failed=$((failed + 1))
        fi
        compiled=$((compiled + 1))
        printf '%-12s %-9s %-14s %s\n' "$compiler" "$standard" "$file" "$result"
        [ "$result" != FAILED ] || head -n 30 "$scratch/output"
    done
done
if [ "$compiled" -eq 0 ]; then exit 77; fi
[ "$failed" -eq 0 ]
