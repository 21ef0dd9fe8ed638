#!/bin/sh
# Compares the scores of made features with those of torch-fidelity, clean-fid, prdc and torchmetrics.
# compare.sh COMPILER [FLAG...]   Needs them in python3, or in the Python that $CTGAN_PYTHON names; otherwise exits with 77 (skipped).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${CTGAN_PYTHON-python3}
"$python" -c 'import cleanfid.fid, prdc, scipy, torch, torch_fidelity, torchmetrics' 2>/dev/null || {
    echo "skipped: no torch-fidelity, clean-fid, prdc and torchmetrics in $python; CTGAN_PYTHON names another Python"
    exit 77
}
echo '#include <Eigen/SVD>' | "$@" -x c++ -std=c++20 -fsyntax-only - 2>/dev/null || { echo 'skipped: no Eigen here'; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$@" -std=c++20 -O1 -pthread -o "$scratch/figures" "$here/figures.cpp"
"$scratch/figures" >"$scratch/figures.txt"
"$python" "$here/figures.py" check "$scratch/figures.txt"
