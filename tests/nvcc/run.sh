#!/bin/sh
# Compiles a program with nvcc for each kind of vector registers that this processor has, and runs it. It needs no GPU.
# run.sh [FLAG...] FILE.cu
set -u
nvcc=$(PATH=$PATH:/usr/local/cuda/bin command -v nvcc) || {
    echo "skipped: no nvcc here"
    exit 77
}
program=$(mktemp)
trap 'rm -f "$program"' EXIT
has() { grep -qw "$1" /proc/cpuinfo 2>/dev/null; }
kinds='-DPLAIN -DCTGAN_SCALAR'
if has avx; then kinds="$kinds -mavx"; fi
if has avx2 && has fma; then kinds="$kinds -mavx2,-mfma"; fi
if has avx512f && has fma; then kinds="$kinds -mavx512f,-mfma"; fi
status=0
for kind in $kinds; do
    echo "== $kind"
    "$nvcc" -std=c++20 -O2 -Xcompiler="$kind" -o "$program" "$@" && "$program" || status=1
done
exit $status
