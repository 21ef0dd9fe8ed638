#!/bin/sh
# Checks the scores that train_dcgan computes during a run: that a run that is interrupted and resumed writes the same bytes as an
# uninterrupted one, that scores change nothing else, that they are those of score_samples, and that the best generator is kept.
# usage: scores_of_run.sh TRAIN_DCGAN TRAIN_LENET SCORE_SAMPLES|none SHIPPED_IMAGES.gz
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
train=$(absolute "$1") lenet=$(absolute "$2") score=$3 shipped=$(absolute "$4")
[ "$score" = none ] || score=$(absolute "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
# digits N: prints the first N shipped images as an IDX file, N below 256.
# shellcheck disable=SC2059 # the format is the bytes
digits() { printf "\\0\\0\\010\\003\\0\\0\\0\\$(printf %03o "$1")\\0\\0\\0\\034\\0\\0\\0\\034"; gzip -dc "$shipped" 2>/dev/null | tail -c +17 | head -c $(($1 * 784)); }
digits 26 >images
# refused WORDS FOLDER FLAGS...: checks for exit code 1, one line that contains the words, and no change in the folder.
refused() {
    words=$1 folder=$2
    shift 2
    rm -rf before && cp -r "$folder" before 2>cp_errors
    "$train" --out "$folder" "$@" >stdout 2>stderr
    if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -qF -- "$words" stderr && diff -r before "$folder" >differences 2>&1; then pass; else
        fail "$* should be refused with '$words': $(cat stderr differences)"
    fi
    rm -rf before
}
if [ "$score" = none ]; then
    mkdir empty
    refused '--score-every: found a program that was built without Eigen' empty --data images --score-every 1
    echo "$passed passed, $failed failed; no Eigen, so the rest was left out"
    exit $((failed > 0))
fi

settings='--data images --epochs 6 --log-steps --generator-lr 2e-3'

# 26 images: epochs of seven steps, of which every other one has a row.
run whole --score-every 2 --threads 2
cp stdout whole.txt
number='-?[0-9.]+(e[-+][0-9]+)?'
if [ "$(sed -n 1p whole/scores.csv)" = epoch,count,kid,coverage,fld,precision,recall,density,score ] &&
    [ "$(sed 1d whole/scores.csv | cut -d, -f1,2 | tr '\n' ' ')" = '2,26 4,26 6,26 ' ] &&
    [ "$(sed -n '2,3p' whole/scores.csv | grep -cE "^.,26,$number,$number,,,,,\$")" -eq 2 ] &&
    sed -n 4p whole/scores.csv | grep -qE "^6,26(,$number){7}\$"; then pass; else fail "scores.csv: $(cat whole/scores.csv)"; fi
for words in '<h2>Worst digits</h2>' '"edges":\[-0.5,-0.45,' '"x":\[2,4,6\],"y":\[' '<th scope="row">best generator</th><td>epoch ' '<th scope="row">Fréchet distance</th>'; do
    if constant whole | grep -q -- "$words"; then pass; else fail "report.html: no $words"; fi
done
for column in 3 4; do
    values=$(sed 1d whole/scores.csv | cut -d, -f$column | paste -sd, -)
    if constant whole | grep -qF "\"x\":[2,4,6],\"y\":[$values]"; then pass; else fail "report.html: not the values $values of scores.csv"; fi
done
# The last figures are those of score_samples.
"$score" --real images --weights whole/generator.safetensors >samples.txt || fail 'score_samples'
if sed -n 1p samples.txt | grep -qxFf - whole.txt; then pass; else fail "$(sed -n 1p samples.txt): not in $(cat whole.txt)"; fi
# Scores change nothing else, and --score-every 0 not a byte.
run unscored
run zero --score-every 0
if cmp unscored/checkpoint.safetensors zero/checkpoint.safetensors && [ ! -e zero/scores.csv ]; then pass; else fail '--score-every 0'; fi
for file in generator.safetensors discriminator.safetensors steps.csv loss.csv samples/epoch_0006.png; do
    if cmp unscored/$file whole/$file; then pass; else fail "$file: other bytes with scores"; fi
done
# The best generator is the last one of a run that ends after its epoch, the one with the least kid.
best=$(sed 1d whole/scores.csv | sort -t, -g -k3,3 | head -n 1 | cut -d, -f1)
run until --epochs "$best"
if cmp until/generator.safetensors whole/generator_best.safetensors; then pass; else fail "generator_best.safetensors: not of epoch $best"; fi
[ "$best" -ne 6 ] || fail 'the best generator is the last one, so that it is kept is not tested'

threads=1
for cut in 1 7 14 15 28 41 42; do
    run cut_$cut --score-every 2 --max-steps $cut --threads $threads
    threads=$((threads % 5 + 2))
    run cut_$cut --score-every 2 --threads $threads --resume
    same whole cut_$cut "interrupted after step $cut"
done
run cut_42 --score-every 2 --resume
same whole cut_42 'nothing left to do'
# Killed between two files: all of those that are written before a checkpoint are newer than it, or some are missing.
run killed --score-every 2 --max-steps 16
for file in generator.safetensors scores.csv report.html loss.csv; do cp whole/$file killed; done
cp until/discriminator.safetensors killed/generator_best.safetensors # one of a later epoch
run killed --score-every 2 --resume --max-steps 17
run first --score-every 2 --max-steps 17
if cmp first/generator_best.safetensors killed/generator_best.safetensors && cmp first/scores.csv killed/scores.csv; then pass; else
    fail 'files that are newer than the checkpoint'
fi
rm killed/scores.csv killed/generator_best.safetensors
run killed --score-every 2 --resume
same whole killed 'killed between two files'
# Stopped within an epoch: what the report shows of the digits that were scored last is in the checkpoint, too.
# stopped WORDS FLAGS...: runs the program until it has printed the words, and then stops it.
stopped() {
    words=$1
    shift
    : >stdout
    # shellcheck disable=SC2086
    "$train" $settings --score-every 2 --out stopped "$@" >stdout 2>stderr &
    until grep -q "$words" stdout || ! kill -0 $! 2>killing; do sleep 0.02; done
    kill -TERM $! 2>killing
    wait $!
}
# shown FOLDER: prints the digits, captions and shares that depend on scores.
shown() { constant "$1" | sed -n '/<h2>Best digits/,/<h2>Settings/p; s/.*"histograms"://p' | grep -v '<th'; }
stopped '^epoch 2  kid'
shown stopped >shown_1
stopped 'resumed at step' --resume
shown stopped >shown_2
if grep -q 'after epoch 2, those' shown_1 && grep -q '"name":"generated"' shown_1 && cmp shown_1 shown_2; then pass; else
    fail "stopped and resumed within an epoch: $(cat stdout stderr)"
fi
run stopped --score-every 2 --resume
same whole stopped 'stopped twice'

# A damaged checkpoint: the previous one has scores and best generator of its own.
cp -r cut_28 damaged && printf x | dd of=damaged/checkpoint.safetensors bs=1 seek=9999999 conv=notrunc 2>dd
# shellcheck disable=SC2086
"$train" $settings --score-every 2 --out damaged --resume >stdout 2>stderr
same whole damaged 'a damaged checkpoint'

# Other scores than those of the checkpoint, and feature networks that cannot be used: before the first step.
# shellcheck disable=SC2086
set -- $settings --resume
refused 'found a run with --score-every 2, expected --score-every 3' cut_42 "$@" --score-every 3
refused 'found a run with --score-every 2, expected --score-every 0' cut_42 "$@"
refused 'found a run with --score-every 0, expected --score-every 1' unscored "$@" --score-every 1
mkdir labeled empty && digits 40 >labeled/t10k-images-idx3-ubyte &&
    { printf '\0\0\10\1\0\0\0\50'; gzip -dc "$(echo "$shipped" | sed 's/images-idx3/labels-idx1/')" | tail -c +9 | head -c 40; } >labeled/t10k-labels-idx1-ubyte
"$lenet" --data labeled --epochs 1 --out other.safetensors >stdout 2>stderr || fail "$(cat stderr)"
refused 'found scores by a network of CRC-32 ' cut_42 "$@" --score-every 2 --score-network other.safetensors
{ head -c 200000 other.safetensors; printf '\077'; tail -c +200002 other.safetensors; } >wrong
cmp -s wrong other.safetensors && { head -c 200000 other.safetensors; printf '\076'; tail -c +200002 other.safetensors; } >wrong
refused 'wrong: found tensors of CRC-32 ' empty --data images --score-every 1 --score-network wrong
refused 'missing: found No such file or directory' empty --data images --score-every 1 --score-network missing
refused "found no tensor 'conv1.weight'" empty --data images --score-every 1 --score-network whole/generator.safetensors
digits 4 >few
refused 'few: found 4 images, expected at least 6 for --score-every' empty --data few --score-every 1
for value in -1 1.5 abc; do
    "$train" --data images --out empty --score-every=$value >stdout 2>stderr
    if [ $? -eq 2 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -qF "found '$value', expected" stderr; then pass; else fail "--score-every $value: $(cat stderr)"; fi
done

# A run that is started again without --resume moves them aside, from where it can go on.
run forgot --score-every 2 --max-steps 30
run forgot --max-steps 1
if [ -s forgot/earlier/scores.csv ] && [ -s forgot/earlier/generator_best.safetensors ] && [ ! -e forgot/scores.csv ]; then pass; else fail 'no scores in earlier'; fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
