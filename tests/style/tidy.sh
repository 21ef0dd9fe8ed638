#!/bin/sh
# Checks that clang-tidy finds nothing in the headers that need neither CUDA nor MPI. .clang-tidy lists the checks.
# tidy.sh INCLUDE_FLAG... SOURCE_DIR
set -eu
command -v clang-tidy >/dev/null || { echo 'skipped: no clang-tidy here'; exit 77; }

# Removes the last argument from the list: the flags remain.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else root=$argument; fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One file that includes all headers, so that each is read only once.
(cd "$root/include" && find ctgan -name '*.hpp' | grep -vE 'backend/cuda|ranks/(mpi|nccl)|/impl/|/source\.hpp' | sort | sed 's/.*/#include <&>/') >"$work/all.cpp"
clang-tidy --quiet --config-file="$root/.clang-tidy" "$work/all.cpp" -- -std=c++20 "$@" 2>"$work/count" ||
    { cat "$work/count"; exit 1; }
echo "clang-tidy: $(wc -l <"$work/all.cpp") headers, no findings"
