#!/bin/sh
# Checks that nvcc compiles a file without any output.   compile.sh [FLAG...] FILE.cu
# If $NEEDS names a header that no folder among the flags has, the script exits with 77 (skipped).
set -u
nvcc=$(PATH=$PATH:/usr/local/cuda/bin command -v nvcc) || {
    echo "skipped: no nvcc here"
    exit 77
}
found=
for folder in /usr/include "${nvcc%/bin/nvcc}/include" "$@"; do [ ! -e "$folder/${NEEDS:-}" ] || found=yes; done
[ -n "$found" ] || {
    echo "skipped: no $NEEDS here"
    exit 77
}
object=$(mktemp)
trap 'rm -f "$object"' EXIT
output=$("$nvcc" -std=c++20 -c -o "$object" "$@" 2>&1)
status=$?
printf '%s\n' "$output"
[ "$status" -eq 0 ] && [ -z "$output" ]
