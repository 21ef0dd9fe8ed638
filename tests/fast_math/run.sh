#!/bin/sh
# Checks that values which are not finite are detected with flags that let a compiler assume that there are none.
# run.sh [INCLUDE_FLAG...]
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

failed=0 ran=0
check() {
    if ! "$@" -std=c++20 -pthread -o "$work/check"; then
        echo "FAILED  $1 $2: does not compile"
        failed=$((failed + 1))
    elif ! "$work/check"; then
        echo "FAILED  $1 $2"
        failed=$((failed + 1))
    else
        ran=$((ran + 1))
    fi
}
for way in 'g++ -O2' 'g++ -O3 -march=native' 'g++ -Ofast' 'g++ -Ofast -march=native' 'clang++ -Ofast' \
    'clang++ -Ofast -march=native'; do
    command -v "${way%% *}" >/dev/null || { echo "skipped $way: no ${way%% *} here"; continue; }
    # shellcheck disable=SC2086 # the compiler and its flags are words
    check $way "$@" "$here/check.cpp"
done
echo "$ran passed, $failed failed"
[ $failed -eq 0 ] || exit 1
[ $ran -gt 0 ] || exit 77
