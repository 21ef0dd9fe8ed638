#!/bin/sh
# Two files of one program include <ctgan/dcgan.hpp> and use the same networks: they link, the program runs, and where
# ctgan is a system's header nothing warns.   two_units.sh COMPILER [FLAG...]
# With -flto=auto among the flags g++ compares what the files take for the same type or function (-Wodr).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Our headers as a system's: -isystem for -I.
for flag; do
    shift
    if [ "$flag" = -I ]; then flag=-isystem; fi
    set -- "$@" "$flag"
done
set -- "$@" -std=c++20 -pthread -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wodr -Werror

for file in training pictures; do
    "$@" -c -o "$scratch/$file.o" "$here/$file.cpp" 2>&1 | tee -a "$scratch/said"
done
"$@" -o "$scratch/program" "$scratch/training.o" "$scratch/pictures.o" -lpng -lz 2>&1 | tee -a "$scratch/said"
[ ! -s "$scratch/said" ]

cd "$scratch" # where it writes its files
printed=$(./program | tr '\n' ',')
echo "two units: $printed"
[ "$printed" = 'trained,the same picture,' ]
