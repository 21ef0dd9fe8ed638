#!/bin/sh
# The recipe for color pictures: train_lenet on pictures in CIFAR-10's format, and what score_samples says of such with its weights. The
# pictures are those of color_shapes.py, as no others are at hand.
# usage: colors.sh TRAIN_LENET SCORE_SAMPLES|none
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
lenet=$(absolute "$1") here=$(cd "$(dirname "$0")" && pwd)
if [ "$2" = none ]; then echo 'skipped: score_samples needs Eigen'; exit 77; fi
command -v python3 >/dev/null || { echo 'skipped: no python3'; exit 77; }
score=$(absolute "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
# holds FILE LINE CONDITION: whether a condition of awk's holds for the figures of a line "fld X kid X ...".
holds() {
    sed -n "$2p" "$1" | awk '{ for (i = 1; i < 15; i += 2) v[$i] = $(i + 1); fld = v["fld"]; precision = v["precision"]; recall = v["recall"]
        coverage = v["coverage"]; score = v["score"]; exit !('"$3"') }'
    check $? "$(sed -n "$2p" "$1"): expected $3"
}
python3 "$here/color_shapes.py" data/cifar-10-batches-bin 200 || exit 1 # 1,000 to train on
batches=data/cifar-10-batches-bin

# ---- Threads change nothing, and the classes are learned: chance would be 10 %.
"$lenet" --data data --epochs 6 --threads 1 --out one.safetensors >one.txt || exit 1
"$lenet" --data $batches --epochs 6 --threads 3 --out three.safetensors >three.txt || exit 1
cmp one.safetensors three.safetensors
check $? 'train_lenet: other bytes with other threads'
grep -q '^1000 pictures to train on, 200 to test on$' one.txt
check $? "train_lenet: $(head -n 1 one.txt)"
sed -n 's/^accuracy \([0-9.]*\) %.*/\1/p' one.txt | awk '{ exit !($1 >= 60 && $1 <= 100) }'
check $? "train_lenet: found $(tail -n 1 one.txt), expected an accuracy from 60 to 100 %"
grep -qa 'LeNet 3x32x32' one.safetensors
check $? 'the weights do not say of which network they are'
# ---- Scores: real pictures against others, noise, one class alone, and a cache.
scores() { "$score" --network one.safetensors --count 200 "$@"; }
scores --real data --samples $batches/test_batch.bin --cache cache --pairs pairs.png >others.txt || exit 1
scores --real data --samples $batches/test_batch.bin --cache cache >again.txt || exit 1
cat others.txt
holds others.txt 1 'coverage > 0.8 && recall > 0.8 && precision > 0.8 && score > 3'
holds others.txt 2 'coverage > 0.8 && recall > 0.8'
sed 's/, statistics .*//' again.txt >fresh
sed 's/, statistics .*//' others.txt | cmp - fresh && grep -q ', statistics from cache' again.txt
check $? 'other figures from a cache'
head -c 8 pairs.png | od -An -c | grep -q 'P *N *G'
check $? '--pairs wrote no PNG'
head -c $((200 * 3073)) /dev/urandom >noise.bin
scores --real data --samples noise.bin >noise.txt || exit 1
holds noise.txt 1 'coverage < 0.2 && recall < 0.2'
python3 -c '
import sys
data = open(sys.argv[1], "rb").read()
one = [data[i:i + 3073] for i in range(0, len(data), 3073) if data[i] == 0]
sys.stdout.buffer.write(b"".join((one * 200)[:200]))' $batches/data_batch_1.bin >disks.bin
scores --real data --samples disks.bin >disks.txt || exit 1
holds disks.txt 1 'coverage < 0.5 && score < 3'
# The same pictures as a file and as the folder.
for i in 1 2 3 4 5; do cat $batches/data_batch_$i.bin; done >all.bin
scores --real data --samples all.bin >equal.txt || exit 1
holds equal.txt 1 'fld == 0 && precision == 1 && recall == 1 && coverage == 1'
# Each value is at its place: a ramp of red to the right and one of green downward comes out of --pairs, three times as large.
python3 -c '
import sys
plane = lambda value: bytes(value(row, column) for row in range(32) for column in range(32))
for blue in range(12):
    sys.stdout.buffer.write(b"\0" + plane(lambda r, c: 8 * c) + plane(lambda r, c: 8 * r) + plane(lambda r, c: 20 * blue))' >ramps.bin
"$score" --network one.safetensors --real ramps.bin --samples ramps.bin --pairs ramps.png --count 6 >/dev/null || exit 1
python3 - ramps.png <<'END'
import struct, sys, zlib
data, at, packed = open(sys.argv[1], "rb").read(), 8, b""
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"IHDR":
        width, height, depth, color = struct.unpack(">IIBB", data[at + 8:at + 18])
    packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
    at += 12 + size
assert (depth, color) == (8, 2), "expected three bytes for each pixel"
lines, before, row_size = zlib.decompress(packed), bytes(3 * width), 3 * width + 1
rows = []
for y in range(height):
    kind, line = lines[y * row_size], bytearray(lines[y * row_size + 1:(y + 1) * row_size])
    for i in range(len(line)):
        a, b, c = (line[i - 3] if i >= 3 else 0), before[i], (before[i - 3] if i >= 3 else 0)
        p = a + b - c
        nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        line[i] = (line[i] + (0, a, b, (a + b) // 2, nearest)[kind]) % 256
    rows.append(line)
    before = line
row, column, margin = 5, 20, 2
place = 3 * 3 * (margin + column)
red, green, blue = rows[3 * (margin + row)][place:place + 3]
assert (red, green) == (8 * column, 8 * row) and blue % 20 == 0, f"found {red}, {green}, {blue}"
END
check $? '--pairs: a value is at another place'

# Of two folders of pictures the network says that they are in color.
mkdir one_folder other_folder
cp "$here"/../io/pictures/*.png one_folder
cp "$here"/../io/pictures/*.png other_folder
"$score" --network one.safetensors --real one_folder --samples other_folder --pairs folders.png --k 2 >/dev/null
check $? 'two folders of pictures'
[ "$(od -An -j 25 -N 1 -tu1 folders.png | tr -d ' ')" = 2 ]
check $? 'two folders of pictures: the pairs are not in color'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
