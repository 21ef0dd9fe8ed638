#!/bin/sh
# Every header compiles alone, without a warning.   compile_alone.sh COMPILER [FLAG...] INCLUDE_DIR
# The CUDA room needs nvcc: tests/nvcc.
set -u

# Takes the last argument off the list: what stays is the compiler with its flags.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else root=$argument; fi
done
set -- "$@" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -I"$root" -x c++

headers=$(cd "$root" && find ctgan -name '*.hpp' ! -path '*/cuda/*' | sort)
# Twice in a row, which a header without #pragma once does not survive.
# shellcheck disable=SC2016 # expanded by the inner shell
if printf '%s\n' "$headers" | xargs -P2 -I{} sh -c '
    header=$1
    shift
    printf "#include <%s>\n#include <%s>\n" "$header" "$header" | "$@" - || { echo "FAILED  $header"; exit 1; }
' sh {} "$@"; then
    echo "$(printf '%s\n' "$headers" | wc -l) headers compile alone"
else
    exit 1
fi
