#!/bin/sh
# How many of ctgan's templates clang instantiates: unlike seconds the same number on every machine, and the same from
# clang 14 and clang 19.   run.sh [INCLUDE_FLAG...]
# With CTGAN_NEW_BASELINE set it prints what baseline.txt is to hold.
set -u
here=$(cd "$(dirname "$0")" && pwd)
sources=$here/../../benchmarks/compile/sources
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

clang=$(command -v clang++-19 || command -v clang++) || {
    echo "left out: no clang here"
    exit 77
}

# count FILE [FLAG...]: the instantiations of classes and functions of namespace ctgan.
count() {
    file=$1
    shift
    "$clang" -std=c++20 -O0 -emit-llvm -c -w -ftime-trace -ftime-trace-granularity=0 "$@" \
        -o "$work/out.bc" "$sources/$file.cpp" || return 1
    grep -oE '"name":"Instantiate(Class|Function)","args":\{"detail":"ctgan::' "$work/out.json" | wc -l
}
# A list of so many layers: Linear<16, 16>, ReLU, Linear<16, 16>, ...
layers() {
    awk -v count="$1" 'BEGIN {
        for (i = 0; i < count; ++i) printf "%s%s", i ? ", " : "", i % 2 ? "ReLU" : "Linear<16, 16>"
    }'
}

failed=0
# check NAME COUNT: within 5 % of the baseline. It may not be lower either, or a later rise would go unseen.
check() {
    if [ -n "${CTGAN_NEW_BASELINE-}" ]; then
        echo "$1 $2"
        return
    fi
    expected=$(awk -v name="$1" '$1 == name { print $2 }' "$here/baseline.txt")
    if [ -z "$expected" ] || [ "$((100 * $2))" -gt "$((105 * expected))" ]; then
        echo "FAILED  $1: found $2 instantiations, expected $expected at most 5 % more"
        failed=1
    elif [ "$((100 * $2))" -lt "$((95 * expected))" ]; then
        echo "FAILED  $1: found $2 instantiations, expected $expected: lower that number in baseline.txt"
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
# shellcheck disable=SC2154 # the loop has set them
awk -v a="$of_32" -v b="$of_128" -v c="$of_300" 'BEGIN {
    near = (b - a) / (128 - 32)
    far = (c - b) / (300 - 128)
    if (ENVIRON["CTGAN_NEW_BASELINE"] == "") printf "a layer costs %.1f instantiations up to 128 layers, %.1f beyond\n", near, far
    exit !(far <= 1.1 * near && near <= 1.1 * far)
}' || {
    echo "FAILED  the cost of a layer depends on how many there are"
    failed=1
}
exit $failed
