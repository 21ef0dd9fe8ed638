#!/bin/sh
# Checks with -DCTGAN_EIGEN=1 that an Eigen below 3.4 is one error with one sentence, and that another Eigen from 3.4 on gives the same numbers, bit for
# bit: the losses of tests/portable/check.cpp for several vector widths.
#   eigen.sh [INCLUDE_FLAG...]     $CTGAN_OTHER_EIGEN: the folder of the other Eigen, 5.0 for example
# Without $CTGAN_OTHER_EIGEN it only does the first and exits with 77 (skipped).
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/old/Eigen"
echo '#define EIGEN_VERSION_AT_LEAST(world, major, minor) 0' >"$work/old/Eigen/Core"
errors=$(echo '#include <ctgan/backend/cpu.hpp>' |
    "${CXX:-g++}" -std=c++20 -fsyntax-only -DCTGAN_EIGEN=1 -isystem "$work/old" "$@" -x c++ - 2>&1 | grep 'error: ')
case $(printf '%s\n' "$errors" | wc -l):$errors in
1:*'ctgan needs Eigen 3.4 or later: an older one is found first'*) ;;
*)
    printf 'FAILED  an old Eigen: expected one error with one sentence, found\n%s\n' "$errors" | head -n 5
    exit 1
    ;;
esac

if [ -z "${CTGAN_OTHER_EIGEN:-}" ]; then
    echo 'an old Eigen is one error; skipped the rest: CTGAN_OTHER_EIGEN names no other Eigen'
    exit 77
fi

# run NAME FLAG...: compiles and runs the program; its output is the file NAME.
run() {
    name=$1
    shift
    "${CXX:-g++}" -std=c++20 -O2 -DCTGAN_EIGEN=1 "$@" "$here/../portable/check.cpp" -o "$work/check" -pthread &&
        "$work/check" >"$work/$name"
}
version() {
    printf '#include <Eigen/Core>\nEIGEN_WORLD_VERSION EIGEN_MAJOR_VERSION EIGEN_MINOR_VERSION' |
        "${CXX:-g++}" "$@" -E -P -x c++ - | tail -n 1 | sed 's/^3 5/5/; s/ /./g' # since 5, the first number is not part of a release's
}

first=$(version "$@") other=$(version -isystem "$CTGAN_OTHER_EIGEN" "$@") failed=0
if [ "$first" = "$other" ]; then
    echo "eigen: found Eigen $first twice, expected two versions"
    exit 1
fi
for width in -msse2 '-mavx2 -mfma' -march=native; do
    # shellcheck disable=SC2086
    if ! run one $width "$@" || ! run two $width -isystem "$CTGAN_OTHER_EIGEN" "$@"; then
        echo "FAILED  $width"
        failed=1
    elif [ "$(sort -u "$work/one" | wc -l)" -gt 10 ] && cmp -s "$work/one" "$work/two"; then
        echo "passed  $width: $(grep -c '^loss' "$work/one") losses are the same with Eigen $first and $other"
    else
        diff "$work/one" "$work/two" | head -n 6
        echo "FAILED  $width: the losses differ"
        failed=1
    fi
done
exit $failed
