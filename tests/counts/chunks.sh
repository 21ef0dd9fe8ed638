#!/bin/sh
# Checks that each parallel loop of the DCGAN's training step has enough chunks for many cores, and how much faster many cores
# can be (chunks.cpp, docs/performance.md). It counts, so it needs no such machine.
#   chunks.sh COMPILER [INCLUDE_FLAG...]          checks
#   chunks.sh --times COMPILER [INCLUDE_FLAG...]  prints the same table with measured times, for this machine
# Skipped with a compiler that cannot call functions for all accesses to memory.
set -u
here=$(cd "$(dirname "$0")" && pwd)
times=
if [ "${1-}" = --times ]; then
    times=yes
    shift
fi
[ $# -ge 1 ] || { echo "usage: chunks.sh [--times] COMPILER [INCLUDE_FLAG...]" >&2; exit 2; }
compiler=$1
shift
if [ $# -eq 0 ]; then set -- -I "$here/../../include"; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "$times" ]; then
    counting=-DCTGAN_CHUNK_TIMES
elif "$compiler" --version | grep -q clang; then
    counting='-fsanitize=kernel-address -mllvm -asan-instrumentation-with-call-threshold=0 -mllvm -asan-stack=0 -mllvm -asan-globals=0'
else
    counting='-fsanitize=kernel-address --param asan-instrumentation-with-call-threshold=0 --param asan-stack=0 --param asan-globals=0'
fi
replaced='-fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset -Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset'
[ -z "$times" ] || replaced=
native=-march=native
echo 'int main() {}' >"$work/empty.cpp"
# shellcheck disable=SC2086 # several flags
"$compiler" $counting -c -o "$work/empty.o" "$work/empty.cpp" 2>/dev/null || { echo "skipped: found no $counting"; exit 77; }
"$compiler" $native -c -o "$work/empty.o" "$work/empty.cpp" 2>/dev/null || native=
# shellcheck disable=SC2086
"$compiler" -std=c++20 -O3 -DNDEBUG $native $counting $replaced -pthread "$@" -o "$work/chunks" "$here/chunks.cpp" || exit 1

# A chunk of 250,000 bytes takes two to four microseconds. Starting a loop on many cores takes about as long, so there is nothing
# to gain from dividing such chunks.
small=250000
failed=0
# At least 12 of 16 cores at batch 64, and 10 of 16 at batch 4, where a step has a hundred loops of a few microseconds.
#
# Exceptions, with the fewest chunks that they may have. These add up the rows of a block of 32 channels in order: in a small
# batch all of them, otherwise the sums of their segments. Dividing them would change the order of the sums, and so the bits.
"$work/chunks" 64 32 $small 16 12 moments_of_blocks=2 gradient_sums_of_blocks=2 sum_blocks=1 || failed=1
"$work/chunks" 4 16 $small 16 10 moments_of_blocks=2 gradient_sums_of_blocks=2 || failed=1
[ -n "$times" ] || exit $failed
