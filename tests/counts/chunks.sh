#!/bin/sh
# Checks that each parallel loop of the DCGAN's training step has enough chunks for many cores, and how much faster many cores
# can be (chunks.cpp, docs/performance.md). It counts, so it needs no such machine.
#   chunks.sh [INCLUDE_FLAG...]            checks
#   chunks.sh --times [INCLUDE_FLAG...]    prints the same table with measured times, for this machine
# Skipped without a g++ that can call functions for all accesses to memory. (g++ 12's library cannot print the types of clang's
# lambdas.)
set -u
here=$(cd "$(dirname "$0")" && pwd)
counting='-fsanitize=kernel-address --param asan-instrumentation-with-call-threshold=0 --param asan-stack=0 --param asan-globals=0
    -Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset'
times=
if [ "${1-}" = --times ]; then
    times=yes
    counting=-DCTGAN_CHUNK_TIMES
    shift
fi
if [ $# -eq 0 ]; then set -- -I "$here/../../include"; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

g++ --version 2>/dev/null | grep -q 'Free Software Foundation' || { echo 'skipped: no g++ here'; exit 77; }
echo 'int main() {}' >"$work/empty.cpp"
# shellcheck disable=SC2086 # several flags
g++ $counting -c -o "$work/empty.o" "$work/empty.cpp" 2>/dev/null || { echo "skipped: this g++ has no $counting"; exit 77; }
native=-march=native
g++ $native -c -o "$work/empty.o" "$work/empty.cpp" 2>/dev/null || native=
# shellcheck disable=SC2086
g++ -std=c++20 -O3 -DNDEBUG $native $counting -pthread "$@" -o "$work/chunks" "$here/chunks.cpp" || exit 1

# A chunk of 250,000 bytes takes two to four microseconds. Starting a loop on many cores takes about as long, so there is nothing
# to gain from dividing such chunks.
small=250000
failed=0
# At least 12 of 16 cores at batch 64, and 10 of 16 at batch 4, where a step has a hundred loops of a few microseconds.
#
# Exceptions, with the fewest chunks that they may have. These add up the rows of a block of 32 channels in order: in a small
# batch all of them, otherwise the sums of their segments. Dividing them would change the order of the sums, and so the bits.
"$work/chunks" 64 32 $small 16 12 moments_of_blocks=2 gradient_sums_of_blocks=2 sum_blocks=1 || failed=1
"$work/chunks" 4 16 $small 16 10 moments_of_blocks=2 gradient_sums_of_blocks=2 sum_blocks=1 || failed=1
[ -n "$times" ] || exit $failed
