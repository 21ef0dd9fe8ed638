#!/bin/sh
# Checks that networks of nested nn.Sequential and ctgan's load each other's weights strictly, with automatic names.
# names.sh COMPILER [FLAG...]   Needs torch in python3, or in the Python that $CTGAN_PYTHON names; otherwise exits with 77 (skipped).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${CTGAN_PYTHON-python3}
"$python" -c 'import numpy, safetensors, torch' 2>/dev/null || {
    echo "skipped: no torch and safetensors in $python; CTGAN_PYTHON names another Python"
    exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$@" -std=c++20 -O1 -pthread -o "$scratch/names" "$here/names.cpp" -lpng -lz
"$python" "$here/networks.py" write "$scratch/from_pytorch.safetensors"
"$scratch/names" "$scratch/from_pytorch.safetensors" "$scratch/from_ctgan.safetensors"
"$python" "$here/networks.py" check "$scratch/from_ctgan.safetensors"
