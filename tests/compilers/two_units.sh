#!/bin/sh
# Two files of one program include <ctgan/dcgan.hpp> and use the same networks. Checks that they link without a warning, with
# ctgan as a system header, and that the program runs.   two_units.sh COMPILER [FLAG...]
# With -flto=auto among the flags g++ also compares the types and functions that both files define (-Wodr).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# -isystem in place of -I makes ctgan's headers system headers.
for flag; do
    shift
    if [ "$flag" = -I ]; then flag=-isystem; fi
    set -- "$@" "$flag"
done
set -- "$@" -std=c++20 -pthread -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wodr -Werror

for file in training pictures; do
    "$@" -c -o "$scratch/$file.o" "$here/$file.cpp" 2>&1 | tee -a "$scratch/output"
done
"$@" -o "$scratch/program" "$scratch/training.o" "$scratch/pictures.o" -lpng -lz 2>&1 | tee -a "$scratch/output"
[ ! -s "$scratch/output" ]

cd "$scratch" # the program writes its files here
printed=$(./program | tr '\n' ',')
echo "two units: $printed"
[ "$printed" = 'trained,the same picture,' ]
