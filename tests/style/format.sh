#!/bin/sh
# Checks that clang-format 14 would not change any C++ or CUDA file of the repository. Other versions format differently.
# format.sh SOURCE_DIR
set -eu
cd "$1"
for name in clang-format-14 clang-format; do
    if "$name" --version 2>/dev/null | grep -q 'version 14\.'; then format=$name; break; fi
done
[ -n "${format-}" ] || { echo 'skipped: no clang-format 14 here'; exit 77; }
files=$(find include examples tests benchmarks -name '*.[ch]pp' -o -name '*.cu' -o -name '*.cuh' | sort)
# Not --dry-run: it reports the closing comment of `namespace a::inline b`, which it then replaces by the same text.
bad=0
for file in $files; do
    "$format" "$file" | cmp -s - "$file" || { echo "$file: expected it as \`$format -i $file\` leaves it"; bad=1; }
done
[ $bad -eq 0 ] || exit 1
echo "clang-format: $(echo "$files" | wc -l) files are formatted"
