#!/bin/sh
# Checks that nvcc compiles a file without any output but the kernels' resources, and that the most expensive kernels of the
# reference's training step, its products, keep everything in registers, without a stack.
# registers.sh [FLAG...] FILE.cu
set -u
nvcc=$(PATH=$PATH:/usr/local/cuda/bin command -v nvcc) || {
    echo "skipped: no nvcc here"
    exit 77
}
object=$(mktemp)
trap 'rm -f "$object"' EXIT
unset NVCC_APPEND_FLAGS # ./run test sets it to compile without optimization
report=$("$nvcc" -std=c++20 -arch=sm_90 -Xptxas -v -c -o "$object" "$@" 2>&1) || { printf '%s\n' "$report"; exit 1; }
if printf '%s\n' "$report" | grep -vE '^ptxas info|^ *[0-9]+ bytes (stack|gmem)|^$'; then exit 1; fi
# ptxas prints a kernel's name, then its stack.
printf '%s\n' "$report" | awk '
    /Function properties for/ { product = /tiles_of_product/ }
    / bytes stack frame/ && product {
        ++products
        if (/ 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads/) ++clean
        else print
    }
    /Used [0-9]+ registers/ && product { split($0, words, "Used "); if (words[2] + 0 > max) max = words[2] + 0 }
    END {
        printf "%d of %d kernels of products without a stack, at most %d registers\n", clean, products, max
        exit products < 20 || clean < products
    }'
