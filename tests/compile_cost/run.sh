#!/bin/sh
# Counts the templates of ctgan that clang instantiates. Unlike seconds this number is the same on every machine, and the same
# for clang 14 and clang 19.   run.sh [INCLUDE_FLAG...]
# If CTGAN_NEW_BASELINE is set, prints the new contents of baseline.txt, which tests/counts/run.sh --update writes.
set -u
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../benchmarks/compile/sources
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

clang=$(command -v clang++-19 || command -v clang++) || {
    echo "skipped: no clang here"
    exit 77
}

# count FILE [FLAG...]: prints the number of instantiated classes and functions of namespace ctgan.
count() {
    file=$1
    shift
    "$clang" -std=c++20 -O0 -emit-llvm -c -w -ftime-trace -ftime-trace-granularity=0 "$@" \
        -o "$work/out.bc" "$sources/$file.cpp" || return 1
    grep -oE '"name":"Instantiate(Class|Function)","args":\{"detail":"ctgan::' "$work/out.json" | wc -l
}
# layers N: prints a list of N layers: Linear<16, 16>, ReLU, Linear<16, 16>, ...
layers() {
    awk -v count="$1" 'BEGIN {
        for (i = 0; i < count; ++i) printf "%s%s", i ? ", " : "", i % 2 ? "ReLU" : "Linear<16, 16>"
    }'
}

# blocks N: prints a list of N residual blocks.
blocks() {
    awk -v count="$1" 'BEGIN {
        printf "Input<16, 8, 8>"
        for (i = 0; i < count; ++i) printf ", Residual<Sequential<ReLU, Conv2d<16, 16, 3, 1, 1>, ReLU, Conv2d<16, 16, 3, 1, 1>>>"
    }'
}

failed=0
# check NAME COUNT: fails unless COUNT is within 2 % of the baseline. A lower count fails, too, because a later rise from it
# would go unnoticed.
check() {
    if [ -n "${CTGAN_NEW_BASELINE-}" ]; then
        echo "$1 $2"
        return
    fi
    expected=$(awk -v name="$1" '$1 == name { print $2 }' "$here/baseline.txt")
    if [ -z "$expected" ] || [ "$((100 * $2))" -gt "$((102 * expected))" ]; then
        echo "FAILED  $1: found $2 instantiations, expected at most 2 % more than $expected; tests/counts/run.sh --update"
        failed=1
    elif [ "$((100 * $2))" -lt "$((98 * expected))" ]; then
        echo "FAILED  $1: found $2 instantiations, expected $expected: tests/counts/run.sh --update lowers the baseline"
        failed=1
    else
        echo "passed  $1: $2 instantiations"
    fi
}

step=$(count step "$@") || exit 1
check step "$step"
for depth in 32 128 300; do
    found=$(count layers "-DLAYERS=$(layers $depth)" "$@") || exit 1
    check "layers_$depth" "$found"
    eval "of_$depth=$found"
done
for number in 8 16 32; do
    found=$(count layers "-DLAYERS=$(blocks $number)" "$@") || exit 1
    check "blocks_$number" "$found"
    eval "of_blocks_$number=$found"
done

# linear NAME COUNT SIZE COUNT SIZE COUNT SIZE: fails unless one more costs the same from the first size to the second as from there
# to the third.
linear() {
    awk -v name="$1" -v a="$2" -v x="$3" -v b="$4" -v y="$5" -v c="$6" -v z="$7" 'BEGIN {
        near = (b - a) / (y - x)
        far = (c - b) / (z - y)
        if (ENVIRON["CTGAN_NEW_BASELINE"] == "") printf "a %s costs %.1f instantiations up to %d, %.1f beyond\n", name, near, y, far
        exit !(far <= 1.1 * near && near <= 1.1 * far)
    }' || {
        echo "FAILED  the cost of a $1 depends on the number of them"
        failed=1
    }
}
# shellcheck disable=SC2154 # set by the loops
linear layer "$of_32" 32 "$of_128" 128 "$of_300" 300
# shellcheck disable=SC2154
linear block "$of_blocks_8" 8 "$of_blocks_16" 16 "$of_blocks_32" 32
exit $failed
