#!/bin/sh
# The lesson about the reference trains as train_dcgan does, byte for byte.   reference.sh 05_THE_REFERENCE TRAIN_DCGAN
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" 40 "$folder/lesson"
"$2" --max-steps 40 --out "$folder/program"
cmp "$folder/lesson/generator.safetensors" "$folder/program/generator.safetensors"
cmp "$folder/lesson/digits.png" "$folder/program/samples/epoch_0001.png"
