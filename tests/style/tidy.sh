#!/bin/sh
# clang-tidy has nothing to say about any header of the CPU's room and of io: .clang-tidy says what it looks for.
# tidy.sh INCLUDE_FLAG... SOURCE_DIR
set -eu
command -v clang-tidy >/dev/null || { echo 'skipped: no clang-tidy here'; exit 77; }

# Takes the last argument off the list: what stays are the flags.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else root=$argument; fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# One file with all of them: each header and each of Eigen's is read once.
(cd "$root/include" && find ctgan -name '*.hpp' | grep -v backend/cuda | sort | sed 's/.*/#include <&>/') >"$work/all.cpp"
clang-tidy --quiet --config-file="$root/.clang-tidy" "$work/all.cpp" -- -std=c++20 "$@" 2>"$work/count" ||
    { cat "$work/count"; exit 1; }
echo "clang-tidy: $(wc -l <"$work/all.cpp") headers, nothing to say"
