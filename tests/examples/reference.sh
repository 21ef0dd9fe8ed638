#!/bin/sh
# The example of the reference trains as train_dcgan does, byte for byte.   reference.sh 05_THE_REFERENCE TRAIN_DCGAN
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" 40 "$folder/example"
"$2" --max-steps 40 --out "$folder/program"
cmp "$folder/example/generator.safetensors" "$folder/program/generator.safetensors"
cmp "$folder/example/digits.png" "$folder/program/samples/epoch_0001.png"
