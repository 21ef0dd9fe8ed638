#!/bin/sh
# Checks that clang-format 14 would not change any C++ or CUDA file of the repository. Other versions format differently.
# format.sh SOURCE_DIR
set -eu
cd "$1"
for name in clang-format-14 clang-format; do
    if "$name" --version 2>/dev/null | grep -q 'version 14\.'; then format=$name; break; fi
done
[ -n "${format-}" ] || { echo 'skipped: no clang-format 14 here'; exit 77; }
find include examples tests benchmarks -name '*.[ch]pp' -o -name '*.cu' -o -name '*.cuh' | sort | xargs "$format" --dry-run --Werror
echo "clang-format: $(find include examples tests benchmarks -name '*.[ch]pp' -o -name '*.cu' -o -name '*.cuh' | wc -l) files are formatted"
