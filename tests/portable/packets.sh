#!/bin/sh
# Checks that ctgan's own packets and Eigen's give the same numbers, bit for bit, in each of several kinds of registers.
#   packets.sh COMPILER [FLAG...]     the flags: the include folders, that of Eigen, too
# Exits with 77 (skipped) if there is no Eigen.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! echo '#include <Eigen/Core>' | "$@" -E -x c++ - >/dev/null 2>&1; then
    echo 'skipped: no Eigen here'
    exit 77
fi
has() { grep -qw "$1" /proc/cpuinfo 2>/dev/null; }
kinds='-march=native -march=native,-DCTGAN_SCALAR'
if [ "$(uname -m)" = x86_64 ]; then
    kinds="$kinds -march=x86-64"
    if has avx2 && has fma && has bmi2; then kinds="$kinds -march=x86-64-v3"; fi
fi

failed=0
for kind in $kinds; do
    flags=$(echo "$kind" | tr , ' ')
    for eigen in 0 1; do
        # shellcheck disable=SC2086 # the flags are words
        "$@" -std=c++20 -O1 $flags -DCTGAN_EIGEN=$eigen -Wall -Wextra -Werror "$here/packets.cpp" -o "$work/program" -pthread &&
            "$work/program" >"$work/$eigen" || exit 1
    done
    if [ "$(sort -u "$work/0" | wc -l)" -eq 19 ] && cmp -s "$work/0" "$work/1"; then
        echo "passed  $flags: $(head -n 1 "$work/0"), as with Eigen"
    else
        diff "$work/0" "$work/1" | head -n 6
        echo "FAILED  $flags: ctgan's packets, <, and Eigen's, >, differ"
        failed=1
    fi
done
exit $failed
