#!/bin/sh
# Runs train_lenet and score_samples with bad files and bad arguments. Each run must end with the right code (1 for a file, 2 for
# usage) and one line on standard error that contains the expected words, and must write nothing.
# usage: bad_scores.sh TRAIN_LENET SCORE_SAMPLES|none SHIPPED_IMAGES.gz
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
train=$(absolute "$1") score=$2 shipped=$(absolute "$3")
[ "$score" = none ] || score=$(absolute "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C OMP_NUM_THREADS=1

# expect CODE WORDS PROGRAM ARGUMENTS...: runs the program and checks its exit code and error line.
expect() {
    code=$1 words=$2
    shift 2
    expect_error "$(basename "$1")" "$code" "$words" "$@"
}
# accept PROGRAM ARGUMENTS...: the program must succeed.
accept() {
    if timeout 60 "$@" >stdout 2>stderr; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  expected: success\n  found: %s\n' "$*" "$(head -c 600 stderr)"
    fi
}
# pictures FIRST COUNT: prints an IDX file of some of the shipped pictures; labels N: of so many labels.
gzip -dc "$shipped" | tail -c +17 >pixels
gzip -dc "$(echo "$shipped" | sed 's/images-idx3/labels-idx1/')" | tail -c +9 >digits
pictures() { number 2051 "$2" 28 28; tail -c +$(($1 * 784 + 1)) pixels | head -c $(($2 * 784)); }
labels() { number 2049 "$1"; head -c "$1" digits; }

# ---- train_lenet
lenet() { words=$1; shift; expect 1 "$words" "$train" --out result "$@"; }
mkdir good few unlabeled fewer_labels many_classes nothing
pictures 0 40 >good/t10k-images-idx3-ubyte && labels 40 >good/t10k-labels-idx1-ubyte
pictures 0 1 >few/t10k-images-idx3-ubyte && labels 1 >few/t10k-labels-idx1-ubyte
pictures 0 40 >unlabeled/t10k-images-idx3-ubyte
pictures 0 40 >fewer_labels/t10k-images-idx3-ubyte && labels 39 >fewer_labels/t10k-labels-idx1-ubyte
pictures 0 40 >many_classes/t10k-images-idx3-ubyte
{ number 2049 40; head -c 39 digits; printf '\012'; } >many_classes/t10k-labels-idx1-ubyte
lenet 'found No such file or directory' --data missing
lenet 'nothing: found no images' --data nothing
lenet 't10k-images-idx3-ubyte: found 1 image, expected ' --data few
lenet 'unlabeled' --data unlabeled
lenet 'found 39' --data fewer_labels
lenet 'many_classes/t10k-labels-idx1-ubyte' --data many_classes
expect 1 'nothing: found a folder, expected ' "$train" --data good --out nothing
expect 1 'expected a folder to write to' "$train" --data good --out pixels/result
for value in 0 -1 abc; do expect 2 "found '$value', expected" "$train" --out result --data good --epochs=$value; done
for value in nan 0 -1; do expect 2 "found '$value', expected" "$train" --out result --data good --lr=$value; done
expect 2 "found '0', expected" "$train" --out result --data good --batch-size=0
expect 2 '--frobnicate' "$train" --frobnicate
lenet 'step 2: found loss ' --data good --lr 1e30 --batch-size 20
accept "$train" --data good --epochs 1 --batch-size 7 --out made/lenet.safetensors

# ---- train_lenet: color pictures
# color N LABEL: prints a file of N pictures with this label, an octal number.
# shellcheck disable=SC2059 # the format is the byte
color() { for _ in $(seq "$1"); do printf "\\$2"; head -c 3072 pixels; done; }
mkdir color incomplete color_label color_short color_empty
for name in data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch; do color 4 003 >color/$name.bin; done
for other in incomplete color_label color_short color_empty; do cp color/* $other; done
rm incomplete/data_batch_3.bin
{ color 1 003; color 1 012; } >color_label/data_batch_2.bin
head -c 9000 color/data_batch_4.bin >color_short/data_batch_4.bin
: >color_empty/test_batch.bin
lenet 'incomplete/data_batch_3.bin: found no such file, expected CIFAR-10' --data incomplete
lenet 'color_label/data_batch_2.bin: offset 3073: found label 10, expected a label from 0 to 9' --data color_label
lenet 'color_short/data_batch_4.bin: found 9000 bytes, expected 1 or more pictures of 3073 bytes' --data color_short
lenet 'color_empty/test_batch.bin: found 0 bytes, expected 1 or more pictures of 3073 bytes' --data color_empty
lenet 'color/test_batch.bin: found no folder, expected that with data_batch_1.bin to 5 and test_batch.bin' --data color/test_batch.bin
lenet 'missing.bin: found no folder' --data missing.bin
accept "$train" --data color --epochs 1 --batch-size 7 --out made/color.safetensors
[ "$score" = none ] && { echo "$passed passed, $failed failed; no Eigen, so score_samples was left out"; exit $((failed > 0)); }

# ---- score_samples
scores() { words=$1; shift; expect 1 "$words" "$score" --pairs result "$@"; }
pictures 0 40 >real && pictures 40 40 >samples && pictures 80 20 >fewer
pictures 0 80 >more
{ number 2051 40 28 27; head -c $((40 * 28 * 27)) pixels; } >narrow
head -c 9000 samples >short
network=made/lenet.safetensors
expect 2 '--real' "$score"
scores 'found none of --samples and --weights, expected one' --real real
scores 'found both of --samples and --weights, expected one' --real real --samples samples --weights $network
scores 'missing: found No such file or directory' --real missing --samples samples
scores 'missing: found No such file or directory' --real real --samples missing
scores 'nothing: found no images' --real nothing --samples samples
scores 'narrow: ' --real real --samples narrow
scores 'short: ' --real real --samples short
scores 'fewer: found 20 images, expected at least the 30 of --count' --real real --samples fewer --count 30
scores 'real: found 40 images, expected at least the 41 of --count' --real real --samples samples --count 41
scores 'real: found 40 images, expected at least 42, so that each of a half' --real real --samples samples --k 20
scores 'fewer: found 20 images, expected at least 21, so that each has' --real more --samples fewer --k 20
scores '--count: found 5, expected at least 6' --real real --samples samples --count 5
scores 'missing: found No such file or directory' --real real --samples samples --network missing
scores 'real: ' --real real --samples samples --network real
scores "found no tensor 'linear1.weight'" --real real --weights $network
# A byte of the weights, and the checksum that the file says.
{ head -c 200000 $network; printf '\077'; tail -c +200002 $network; } >damaged
cmp -s damaged $network && { head -c 200000 $network; printf '\076'; tail -c +200002 $network; } >damaged
scores 'damaged: found tensors of CRC-32 ' --real real --samples samples --network damaged
sed 's/crc32_of_tensors":"......../crc32_of_tensors":"01234567/' $network >foreign_checksum
scores 'expected 01234567, as its __metadata__ says' --real real --samples samples --network foreign_checksum
sed 's/crc32_of_tensors/crc32_of_tensorz/' $network >no_checksum
accept "$score" --real real --samples samples --network no_checksum
cp real digits.bin # which is also how CIFAR-10's files end
accept "$score" --real digits.bin --samples samples --network no_checksum
# Color pictures.
of_color() { words=$1; shift; scores "$words" --real color --network made/color.safetensors "$@"; }
of_color 'found a generator of 1 x 28 x 28, expected one of 3 x 32 x 32, as the real pictures' --weights $network
scores '--network: found none for color pictures, expected weights that train_lenet made of such' --real color --samples color/test_batch.bin
scores "conv1.weight" --real color --samples color/test_batch.bin --network $network
scores "conv1.weight" --real real --samples samples --network made/color.safetensors
of_color 'missing.bin: found No such file or directory' --samples missing.bin
of_color 'color_short/data_batch_4.bin: found 9000 bytes' --samples color_short/data_batch_4.bin
of_color 'samples: found ' --samples samples
of_color 'color/test_batch.bin: found 4 images, expected at least 6, so that each has 5 neighbours' --samples color/test_batch.bin
scores 'incomplete/data_batch_3.bin: found no such file' --real incomplete --samples color/test_batch.bin --network made/color.safetensors
accept "$score" --real color --network made/color.safetensors --samples color_label/data_batch_2.bin --k 1 --count 2
for value in 0 1 abc; do expect 2 "found '$value', expected" "$score" --real real --samples samples --count=$value; done
for value in 0 -1 1.5; do expect 2 "found '$value', expected" "$score" --real real --samples samples --k=$value; done
expect 1 'expected a folder to write to' "$score" --real real --samples samples --network $network --cache pixels/result
expect 1 'nowhere/pairs.png: found ' "$score" --real real --samples samples --network $network --pairs nowhere/pairs.png

# ---- The cache: only files that fit are used, and no other is replaced.
cached() { words=$1; shift; expect 1 "$words" "$score" --real real --samples samples --network $network --cache cache "$@"; }
accept "$score" --real real --samples samples --network $network --cache cache
file=$(ls cache/*) && cp "$file" kept
{ head -c 3000 kept; printf '\077\077'; tail -c +3003 kept; } >"$file"
cached "$file: found tensors of CRC-32 "
cp $network "$file" && cached "$file: found no 'format' in __metadata__, expected statistics that score_samples wrote"
head -c 500 kept >"$file" && cached "$file: "
sed 's/-k-5-/-k-4-/' kept >"$file" && cached "remove the file to have it made again"
sed 's/crc32_of_tensors/crc32_of_tensorz/' kept >"$file" && cached 'found no checksum in __metadata__'
cp "$file" before && "$score" --real real --samples samples --network $network --cache cache >stdout 2>stderr
if cmp -s "$file" before; then passed=$((passed + 1)); else failed=$((failed + 1)); echo 'FAILED: a file that does not fit was replaced'; fi
# Other pictures, another network, count, k or seed: another file.
cp kept "$file"
accept "$score" --real samples --samples real --network $network --cache cache
accept "$score" --real real --samples samples --network no_checksum --cache cache # the same tensors
accept "$score" --real real --samples samples --network $network --cache cache --k 3
accept "$score" --real real --samples samples --network $network --cache cache --count 30
accept "$score" --real real --samples samples --network $network --cache cache --seed 1
found=$(ls cache | wc -l)
if [ "$found" -eq 5 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: found $found files in the cache, expected 5"; fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
