#!/bin/sh
# Runs train_dcgan with bad data sets and bad arguments. Each run must end with the right code (1 for a file, 2 for usage) and one
# line on standard error that contains the expected words, and must write nothing.
# usage: bad_inputs.sh TRAIN_DCGAN SHIPPED_IMAGES.gz
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
# Absolute paths, because the tests run in a temporary folder.
train=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shipped=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
as= # a command in front of the program

# expect CODE WORDS ARGUMENTS...: runs the program and checks its exit code and error line.
expect() {
    code=$1 words=$2
    shift 2
    # shellcheck disable=SC2086 # $as may be several words or none
    expect_error train_dcgan "$code" "$words" $as "$train" --out result "$@"
}
data() { expect 1 "$2" --data "$1"; }

zeros() { head -c "$1" /dev/zero; }
# images N ROWS COLUMNS: prints the header of an IDX file of images.
images() { number 2051 "$1" "$2" "$3"; }

{ images 8 28 28; zeros 6272; } >good
gzip -c good >good.gz
size=$(wc -c <good.gz)

# Missing files, folders, special files, and files that are too short.
data missing 'found No such file or directory'
mkdir empty_folder && data empty_folder 'empty_folder: found no images'
mkfifo pipe && data pipe 'pipe: found a FIFO'
data /dev/zero '/dev/zero: found a character device'
: >empty && data empty 'empty: found 0 bytes'
for n in 1 3 4 15; do
    head -c $n good >"short$n"
    data "short$n" "short$n: "
done
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
    # As another user, because root may read everything.
    cp good unreadable && chmod 000 unreadable && chmod 755 .
    as='setpriv --reuid=65534 --clear-groups'
    data unreadable 'Permission denied'
    as=
fi
# Headers.
{ number 2049 8; zeros 8; } >labels && data labels 'labels'
{ number $((0x03080000)) 8 28 28; zeros 6272; } >swapped && data swapped 'swapped: '
{ number $((0x00000D03)) 8 28 28; zeros 25088; } >floats && data floats 'floats: '
{ number $((0x00000703)) 8 28 28; zeros 6272; } >unknown_type && data unknown_type 'unknown_type: '
for dimensions in 0 2 4 255; do
    { number $((0x800 + dimensions)) 8 28 28; zeros 6272; } >"dimensions$dimensions"
    data "dimensions$dimensions" "dimensions$dimensions: "
done
images 0 28 28 >none && data none 'none: '
for side in 0 27 32 2147483648 4294967295; do
    { images 8 $side 28; zeros 6272; } >"rows$side" && data "rows$side" "$side"
    { images 8 28 $side; zeros 6272; } >"columns$side" && data "columns$side" "$side"
done
{ images 65536 65536 65536; zeros 64; } >product && data product '65536'
{ images 4294967295 4294967295 4294967295; zeros 64; } >cube && data cube '4294967295'
# Lengths.
{ images 9 28 28; zeros 6272; } >one_less && data one_less 'one_less: offset '
{ cat good; zeros 1; } >one_more && data one_more 'one_more: '
{ images 1000000000 28 28; zeros 6272; } >billion && data billion 'billion: '
{ images 10 28 28; zeros 200000000; } | gzip -1 >bomb.gz && data bomb.gz 'bomb.gz: '
{ images 1000000000 28 28; zeros 6272; } | gzip >boast.gz && data boast.gz 'boast.gz: '
# gzip.
head -c $((size / 2)) good.gz >half.gz && data half.gz 'half.gz: '
head -c $((size - 8)) good.gz >no_trailer.gz && data no_trailer.gz 'no_trailer.gz: '
head -c $((size - 3)) good.gz >part_trailer.gz && data part_trailer.gz 'part_trailer.gz: '
{ head -c $((size - 8)) good.gz; printf '\1\2\3\4'; tail -c 4 good.gz; } >wrong_crc.gz && data wrong_crc.gz 'wrong_crc.gz: '
{ head -c $((size - 4)) good.gz; printf '\1\2\3\4'; } >wrong_length.gz && data wrong_length.gz 'wrong_length.gz: '
{ head -c 800000 "$shipped"; printf '\377\377'; tail -c +800003 "$shipped"; } >flipped.gz && data flipped.gz 'flipped.gz: '
{ cat good.gz; printf 'garbage'; } >tail.gz && data tail.gz 'tail.gz: '
cat good.gz good.gz >two.gz && data two.gz 'two.gz: '
{ cat good.gz; head -c 10 good.gz; } >half_member.gz && data half_member.gz 'half_member.gz: '
: >empty.gz && data empty.gz 'empty.gz: found 0 bytes'
printf '\037' >lone.gz && data lone.gz 'lone.gz: '
# Several data sets in one folder.
for name in MNIST KMNIST; do mkdir -p root/$name/raw && cp good root/$name/raw/train-images-idx3-ubyte; done
data root 'root: found 2 data sets (MNIST, KMNIST), expected the path of one'
# A data set whose last batch has one image.
expect 1 'whose last batch of 7 holds 1' --data good --batch-size 7

# Existing results stay unchanged.
mkdir kept && echo 1 >kept/loss.csv
"$train" --data half.gz --out kept >stdout 2>stderr
if [ $? -eq 1 ] && [ "$(cat kept/loss.csv)" = 1 ] && [ "$(ls kept)" = loss.csv ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo 'FAILED: a bad data set touched the results of another run'
fi
# Valid files under misleading names.
cp good plain.gz
cp good.gz zipped
# Two gzip members, as pigz and `cat` write them, then zeros.
{ head -c 999 good | gzip -c; tail -c +1000 good | gzip -c; zeros 512; } >members.gz
for name in plain.gz zipped good members.gz root/KMNIST; do
    if "$train" --data $name --max-steps 1 --out fine/$name/ >stdout 2>stderr && [ -s fine/$name/generator.safetensors ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf 'FAILED: %s should be accepted: %s\n' "$name" "$(cat stderr)"
    fi
done
# Runs that create a common parent folder at the same time, under names with a slash at the end.
for run in 1 2 3 4; do "$train" --data good --max-steps 1 --threads 1 --out common/parent/$run/ >stdout$run 2>stderr$run & done
wait
for run in 1 2 3 4; do
    if [ -s common/parent/$run/generator.safetensors ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf 'FAILED: one of four runs at once: %s\n' "$(cat stderr$run)"
    fi
done

# Arguments.
for value in 0 -1 1 99999999999 abc 1.5 1e3 nan; do expect 2 "found '$value', expected" --data good --batch-size="$value"; done
for value in nan inf -1 0 fast; do expect 2 "found '$value', expected" --data good --generator-lr="$value"; done
expect 2 '--batch-size' --data good --batch-size=
expect 2 "found '0', expected" --data good --epochs=0
expect 2 "found '0', expected" --data good --max-steps=0
expect 2 "found '-3', expected" --data good --seed=-3
expect 2 '--frobnicate' --frobnicate
expect 2 '--data' --data
expect 1 'found No such file or directory' --data good --init-generator missing.safetensors
expect 1 'expected a safetensors file' --data good --init-generator good
: >result_file && expect 1 'result_file' --data good --out result_file
expect 1 "film.mp4: found a name that ends with '.mp4', expected '.gif' or '.png'" --data good --animate film.mp4
expect 1 'film: found a name that ends with nothing, expected' --data good --animate film
expect 1 'missing/film.png: found no such folder, expected' --data good --animate missing/film.png
# With a CUDA device the flag is valid; otherwise the error line gives the reason.
"$train" --data good --max-steps 1 --out on_cuda --device cuda >stdout 2>stderr ||
    expect 1 '--device: found cuda, expected cpu: ' --data good --device cuda
expect 2 '--device' --data good --device tpu

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
