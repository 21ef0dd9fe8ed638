#!/bin/sh
# What score_samples says of the shipped digits with the shipped network, and that both programs of scores give the same bytes with
# any number of threads. Limits are for real digits against real ones; what is worse must be seen as worse.
# usage: scores.sh TRAIN_LENET SCORE_SAMPLES|none TRAIN_DCGAN ROOT
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
lenet=$(absolute "$1") dcgan=$(absolute "$3") data=$(cd "$4" && pwd)/examples/data
if [ "$2" = none ]; then echo 'skipped: score_samples needs Eigen'; exit 77; fi
score=$(absolute "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
# holds LINE CONDITION: whether a condition of awk's holds for the figures of a line "fld X kid X ...", by their names.
holds() {
    echo "$1" | awk '{ for (i = 1; i < 15; i += 2) v[$i] = $(i + 1); fld = v["fld"]; kid = v["kid"]; precision = v["precision"]
        recall = v["recall"]; density = v["density"]; coverage = v["coverage"]; score = v["score"]; exit !('"$2"') }'
    check $? "$1: expected $2"
}
first() { sed -n 1p "$1"; }
second() { sed -n 2p "$1"; }

# ---- The shipped weights are those that their README describes.
sum=$(sha256sum "$data/lenet_digits.safetensors" | cut -d' ' -f1)
grep -qF "$sum" "$data/README.md"
check $? "SHA-256 of lenet_digits.safetensors: found $sum, expected the one in README.md"

# ---- train_lenet: few epochs suffice for most digits, and threads change nothing.
"$lenet" --data "$data/mnist" --epochs 2 --threads 1 --out one.safetensors >one.txt || exit 1
"$lenet" --data "$data/mnist" --epochs 2 --threads 3 --out three.safetensors >three.txt || exit 1
cmp one.safetensors three.safetensors
check $? 'train_lenet: other bytes with other threads'
sed -n 's/^accuracy \([0-9.]*\) %.*/\1/p' one.txt | awk '{ exit !($1 >= 94 && $1 <= 100) }'
check $? "train_lenet: found $(tail -n 1 one.txt), expected an accuracy from 94 to 100 %"

# ---- Halves of the shipped digits against each other.
gzip -dc "$data/mnist/t10k-images-idx3-ubyte.gz" | tail -c +17 >pixels
# pictures COUNT < BYTES: prints an IDX file.
# shellcheck disable=SC2059 # the format is the bytes
pictures() { printf "\\0\\0\\010\\003\\0\\0\\$(printf %03o $(($1 / 256)))\\$(printf %03o $(($1 % 256)))\\0\\0\\0\\034\\0\\0\\0\\034"; head -c $(($1 * 784)); }
# Every other picture, because the first half of the test set is of other writers than the second one.
command -v python3 >/dev/null || { echo 'skipped: no python3'; exit 77; }
every_other() {
    python3 -c "import sys; p = open('pixels', 'rb').read(); [sys.stdout.buffer.write(p[i:i + 784]) for i in range(784 * $1, len(p), 1568)]"
}
every_other 0 | pictures 5000 >real
every_other 1 | pictures 5000 >samples
"$score" --real real --samples samples --count 2500 >halves.txt || exit 1
cat halves.txt
number='-?[0-9.]+(e[-+][0-9]+)?'
figures="fld $number kid $number precision $number recall $number density $number coverage $number score $number"
[ "$(grep -cE "^$figures (samples|real) 2500 real 2500 k 5 network [0-9a-f]{8}\$" halves.txt)" -eq 2 ]
check $? 'found other words in the first two lines'
for line in 1 2; do
    holds "$(sed -n ${line}p halves.txt)" \
        'fld > 0.5 && fld < 8 && kid > -4 && kid < 4 && precision > 0.92 && recall > 0.92 && density > 0.85 && density < 1.15 && coverage > 0.92 && score > 9.7 && score <= 10'
done
# That first half against the second one: the scores see it.
pictures 5000 <pixels >first_half
tail -c +3920001 pixels | pictures 5000 >second_half
"$score" --real first_half --samples second_half --count 2500 >writers.txt || exit 1
holds "$(first writers.txt)" 'fld > 15 && kid > 15 && coverage < 0.9'
# Figures of other counts are marked as such.
"$score" --real real --samples samples --count 2600 >uneven.txt || exit 1
grep -q 'the second line is of 2500 and 2500 pictures: compare it with --count 2500' uneven.txt
check $? 'a floor of other counts is not marked as such'
grep -q 'compare it with' halves.txt
[ $? -eq 1 ]
check $? 'a floor of the same counts is marked as one of others'
"$score" --real real --samples samples --count 60 | grep -q '^60 pictures are too few: '
check $? 'too few pictures: no line says so'

# ---- Equal sets, and the figures with any number of threads and from a cache.
"$score" --real real --samples real --count 2000 >equal.txt || exit 1
holds "$(first equal.txt)" 'fld == 0 && precision == 1 && recall == 1 && coverage == 1'
for threads in 1 3; do
    "$score" --real real --samples samples --count 1100 --threads $threads --cache cache$threads >threads$threads.txt || exit 1
    "$score" --real real --samples samples --count 1100 --threads $threads --cache cache$threads >again$threads.txt || exit 1
    sed 's/, statistics .*//' threads$threads.txt >fresh
    sed 's/, statistics .*//' again$threads.txt | cmp - fresh && grep -q ', statistics from cache' again$threads.txt
    check $? 'other figures from a cache'
    sed 's/, statistics .*//' threads1.txt | cmp - fresh && cmp cache1/* cache$threads/*
    check $? "other figures with $threads threads"
done

# ---- What is worse: one digit alone, noise, and a generator that has hardly been trained.
for _ in 1 2 3 4 5 6 7 8 9 10; do head -c 78400 pixels; done | pictures 1000 >repeated # 100 digits, ten times
python3 -c 'import random, sys; random.seed(1); sys.stdout.buffer.write(random.randbytes(784000))' | pictures 1000 >noise
"$score" --real real --samples repeated --count 1000 >repeated.txt || exit 1
"$score" --real real --samples noise --count 1000 >noise.txt || exit 1
holds "$(first repeated.txt)" 'recall < 0.3 && coverage < 0.5 && precision > 0.85'
holds "$(first noise.txt)" 'fld > 100 && kid > 50 && precision > 0.7 && recall < 0.05 && coverage < 0.1' # as docs/scores.md says
"$dcgan" --data real --max-steps 1 --out gan >log || exit 1
"$score" --real real --weights gan/generator.safetensors --count 1000 --pairs pairs.png >gan.txt || exit 1
holds "$(first gan.txt)" 'fld > 100 && recall < 0.05 && coverage < 0.1'
head -c 8 pairs.png | od -An -c | grep -q 'P *N *G'
check $? '--pairs wrote no PNG'
grep -q '^nearest samples ' gan.txt && grep -q '^classes samples .* chi-square ' gan.txt
check $? 'no line with the nearest pictures or the classes'
# Copies of real pictures are seen.
"$score" --real real --samples samples --count 500 | grep -q "^nearest samples least 0 "
[ $? -eq 1 ]
check $? "other pictures are reported as copies"
"$score" --real real --samples real --count 1000 | grep -q '^nearest samples least 0 median 0, 100.00 % nearer'
check $? 'copies of real pictures are not reported as such'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
