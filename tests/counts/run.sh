#!/bin/sh
# Counts what a step of training and one generated digit cost, in numbers that are the same on every machine: instructions,
# allocations, bytes of memory and of code. Fails if one differs by more than 2 % from baseline.txt; a lower one fails, too,
# because a later rise from it would go unnoticed. tests/compile_cost counts the instantiated templates.
#   run.sh [INCLUDE_FLAG...]             checks
#   run.sh --update [INCLUDE_FLAG...]    writes baseline.txt, and that of tests/compile_cost if there is a clang
# The baseline is of g++ 12.2 on x86-64. Skipped with another compiler, without valgrind, and on a processor without AVX2.
set -u
here=$(cd "$(dirname "$0")" && pwd)
update=
if [ "${1-}" = --update ]; then
    update=yes
    shift
fi
if [ $# -eq 0 ]; then set -- -I "$here/../../include"; fi
skip() {
    echo "skipped: $1"
    exit 77
}
version=$(g++ -dumpfullversion 2>/dev/null)
case $version in 12.2.*) ;; *) skip "found g++ ${version:-of no version}, expected 12.2, whose counts are in baseline.txt" ;; esac
[ "$(g++ -dumpmachine)" = x86_64-linux-gnu ] || skip 'expected x86-64'
for needed in avx2 fma bmi2; do grep -qw $needed /proc/cpuinfo || skip "expected a processor with $needed"; done
command -v valgrind >/dev/null || skip 'no valgrind here'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# x86-64-v3, because callgrind knows no AVX-512.
g++ -std=c++20 -O2 -DNDEBUG -march=x86-64-v3 -pthread "$@" -o "$work/program" "$here/program.cpp" || exit 1
"$work/program" memory >"$work/counts" || exit 1
for what in step sample; do
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=counted_$what "$work/program" $what 2>"$work/printed" ||
        { tail -n 5 "$work/printed" >&2; exit 1; }
    echo "instructions_of_$what $(sed -n 's/.*Collected : //p' "$work/printed")"
done >>"$work/counts" || exit 1
echo "bytes_of_code $(size "$work/program" | awk 'NR == 2 { print $1 }')" >>"$work/counts"

if [ -n "$update" ]; then
    cp "$work/counts" "$here/baseline.txt"
    cat "$here/baseline.txt"
    if CTGAN_NEW_BASELINE=yes sh "$here/../compile_cost/run.sh" "$@" >"$work/instantiations"; then
        cp "$work/instantiations" "$here/../compile_cost/baseline.txt"
        cat "$work/instantiations"
    fi
    exit
fi
awk 'NR == FNR { expected[$1] = $2; next }
{
    seen[$1] = 1
    if (!($1 in expected)) { printf "FAILED  %s: found %d, expected a line in baseline.txt\n", $1, $2; failed = 1; next }
    e = expected[$1]
    change = e ? 100 * ($2 - e) / e : $2 ? 100 : 0
    bad = change > 2 || change < -2
    printf "%s  %s: %d, baseline %d (%+.2f %%)\n", bad ? "FAILED" : "passed", $1, $2, e, change
    failed = failed || bad
}
END {
    for (name in expected) if (!(name in seen)) { printf "FAILED  %s: found none\n", name; failed = 1 }
    if (failed) print "If the change is meant: tests/counts/run.sh --update, and say why in the commit"
    exit failed
}' "$here/baseline.txt" "$work/counts"
