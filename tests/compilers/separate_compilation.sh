#!/bin/sh
# A program that defines CTGAN_SEPARATE_COMPILATION: one file has the networks, two use io and plot, a fourth includes
# <ctgan/backend/cpu/source.hpp> and <ctgan/io/source.hpp>. Checks that it links without a warning and runs, that the kernels of
# convolutions are in the fourth alone, that the others read no header of a library of files, and what the compiler or the linker
# says of a mistake.   separate_compilation.sh COMPILER [FLAG...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
set -- "$@" -std=c++20 -pthread -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
cd "$scratch" # the program writes its files here

# complain WORDS: ends the test.
complain() {
    echo "separate compilation: $*"
    exit 1
}
# link PROGRAM OBJECT...
link() {
    program=$1
    shift
    "$compiler" -pthread -o "$program" "$@" -lpng -lz
}
# run PROGRAM: checks what it prints.
run() {
    printed=$("./$1" | tr '\n' ',')
    echo "$1: $printed"
    [ "$printed" = 'trained,all as written,' ] || complain "$1 printed $printed"
}
compiler=$1
separate=-DCTGAN_SEPARATE_COMPILATION
echo '#include <ctgan/io/source.hpp>' >io_source.cpp
echo '#include <ctgan/backend/cpu/source.hpp>' >cpu_source.cpp
cat cpu_source.cpp io_source.cpp >source.cpp
cp source.cpp again.cpp

for file in "$here"/training.cpp "$here"/separate_write.cpp "$here"/separate_read.cpp source.cpp again.cpp; do
    "$@" $separate -MD -c "$file" 2>&1 | tee -a output
done
[ ! -s output ] || complain 'found warnings'
link separate training.o separate_write.o separate_read.o source.o
run separate
if grep -nE 'nlohmann|/(png|zlib)\.h( |$)|ctgan/[a-z]*/impl/' separate_write.d separate_read.d; then
    complain 'found the headers above in a file without io/source.hpp'
fi

# The kernels: in the fourth file, and in no other.
kernels='(DirectConvolution<float>::run|TileAlgorithm<float>::multiply|ConvolutionWeightGradient<float>::run|add_product<[0-9, ]*float>|sum_products<[0-9, ]*float>|tile_to_factors<float, [^(]*>)\('
defined() { nm -C "$1" | grep -E " [TW] (void )?ctgan::[a-z0-9_]*::cpu::$kernels"; }
[ "$(defined source.o | wc -l)" -ge 40 ] || complain "found $(defined source.o | wc -l) kernels in source.o, expected at least 40"
if defined training.o; then complain 'found the kernels above in a file without backend/cpu/source.hpp'; fi

# Without those two headers the linker names the functions that are missing.
if link forgotten training.o separate_write.o separate_read.o 2>errors; then complain 'found that source.hpp is not needed'; fi
for function in 'write_checkpoint(' 'write_png(' 'write_svg(' 'find_pixels(' 'Error::Error(' \
    'DirectConvolution<float>::run('; do
    grep -i undefined errors | grep -qF "$function" || complain "found no word of $function without source.hpp"
done

# Two files with io/source.hpp define each function twice. (The kernels are templates, of which the linker takes one.)
if link twice training.o separate_write.o separate_read.o source.o again.o 2>errors; then
    complain 'found that source.hpp may be in two files'
fi
grep -Ei 'multiple definition|duplicate symbol' errors | grep -qF 'write_checkpoint(' ||
    complain 'found no word of functions that are defined twice'

# One of the two without the macro: one error.
for source in io_source cpu_source; do
    if "$@" -fsyntax-only $source.cpp 2>errors; then complain "found that $source.cpp needs no macro"; fi
    if [ "$(grep -c 'error:' errors)" -ne 1 ] || ! grep -qF 'ctgan needs CTGAN_SEPARATE_COMPILATION' errors; then
        complain "found $(grep 'error:' errors | head -n 3)"
    fi
done

# A file in which the macro is forgotten defines the functions for itself. They are the same, and the linker takes one of each.
"$@" -c -o whole.o "$here/separate_read.cpp"
"$@" -c -o whole_training.o "$here/training.cpp"
link mixed whole_training.o separate_write.o whole.o source.o
run mixed
