#!/bin/sh
# Checks the watch of train_dcgan and --rollback: that a run that goes back, is interrupted and resumed writes the same bytes as an
# uninterrupted one, that a watch changes nothing else, and that a value that is not finite is left behind.
# usage: rollback.sh TRAIN_DCGAN SHIPPED_IMAGES.gz
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
train=$(absolute "$1") shipped=$(absolute "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C
# expect WORDS FILE: checks that the file has them.
expect() { if grep -qE -- "$1" "$2"; then pass; else fail "no '$1' in $2: $(head -c 600 "$2")"; fi; }

# 26 pictures of black and white dots, which are much further apart than those of a generator that has hardly begun: to the watch that
# is a collapse. Epochs of seven steps, the last step on two images.
{ printf '\0\0\10\3\0\0\0\32\0\0\0\34\0\0\0\34'; tail -c +1001 "$shipped" | head -c $((26 * 784)) | tr '\000-\177\200-\377' '[\000*128][\377*128]'; } >images
settings='--data images --log-steps --discriminator-lr 1e-3 --threads 1'

run watched --epochs 3
expect '^watch: epoch 2: mode collapse: .*; try ' stdout
[ "$(grep -c '^watch: ' stdout)" -eq 1 ] || fail "not one line: $(cat stdout)"
constant watched >report_1
expect '<th scope="row">epoch 2</th><td>mode collapse: ' report_1
run cut --epochs 3 --max-steps 15
expect '^watch: epoch 2: ' stdout
run cut --epochs 3 --resume
if grep -q '^watch: ' stdout; then fail "said again: $(cat stdout)"; else pass; fi
same watched cut 'a run that is watched, interrupted'
run unwatched --epochs 3 --no-watch
for file in generator.safetensors discriminator.safetensors steps.csv loss.csv samples/epoch_0003.png; do
    if cmp watched/$file unwatched/$file; then pass; else fail "$file: other bytes with a watch"; fi
done

# Back to the end of epoch 1, twice.
run back --epochs 4 --rollback 2
cp stdout back.txt
for words in '^watch: epoch 2: went back to the end of epoch 1, 1 of 2 times; the learning rates from here on: 2.5e-05 and 0.001$' \
    '^watch: epoch 3: mode collapse: ' '^watch: epoch 3: went back to the end of epoch 1, 2 of 2 times; the learning rates from here on: 6.25e-06 ' \
    '^watch: epoch 4: mode collapse: '; do expect "$words" back.txt; done
[ "$(grep -c 'went back to' back.txt)" -eq 2 ] || fail "not twice: $(cat back.txt)"
# Steps and epochs are whole, and what follows has other random numbers.
[ "$(sed 1d back/steps.csv | cut -d, -f1 | tr '\n' ' ')" = "$(seq 28 | tr '\n' ' ')" ] || fail "steps.csv: $(cat back/steps.csv)"
[ "$(sed 1d back/loss.csv | cut -d, -f1 | tr '\n' ' ')" = '1 2 3 4 ' ] || fail "loss.csv: $(cat back/loss.csv)"
if cmp -s back/samples/epoch_0002.png watched/samples/epoch_0002.png && ! cmp -s back/samples/epoch_0003.png watched/samples/epoch_0003.png; then pass; else
    fail 'the pictures before and after going back'
fi
run interrupted --epochs 4 --rollback 2 --max-steps 7 --threads 2
run interrupted --epochs 4 --rollback 2 --max-steps 16 --threads 3 --resume
run interrupted --epochs 4 --rollback 2 --threads 5 --resume
same back interrupted 'interrupted after steps 7 and 16'
# Ended by a report that cannot be written, after the best state and before the checkpoint: the one that the checkpoint refers to is the
# previous one. Then the same again.
run lost --epochs 4 --rollback 2 --max-steps 3
rm lost/report.html
mkdir -p lost/report.html/full
for attempt in first second; do
    # shellcheck disable=SC2086
    "$train" $settings --out lost --epochs 4 --rollback 2 --resume >stdout 2>stderr
    if [ $? -eq 1 ] && grep -q 'report.html' stderr; then pass; else fail "the $attempt attempt: $(cat stderr)"; fi
done
rm -r lost/report.html
run lost --epochs 4 --rollback 2 --resume
same back lost 'ended twice between two files'

# Before the first scores the best state is the latest healthy one.
run unscored --epochs 2 --rollback 1 --score-every 5
expect '^watch: epoch 2: went back to the end of epoch 1, 1 of 1 times; ' stdout
# With scores it is the one with the least kid. The run ends by going back, and continues later.
run scored --epochs 3 --rollback 2 --score-every 1
expect '^watch: epoch 2: went back to the end of epoch [12], with a kid of [0-9.]*, 1 of 2 times; ' stdout
run scored_14 --epochs 3 --rollback 2 --score-every 1 --max-steps 14
expect '^watch: epoch 2: went back to ' stdout
run scored_14 --epochs 3 --rollback 2 --score-every 1 --resume
same scored scored_14 'with scores, interrupted after going back'

# Values that are not finite: the second step after each beginning, until the rate is low enough.
run finite --epochs 2 --rollback 100 --generator-lr 1e30
cp stdout finite.txt
expect '^watch: step 2: not finite: found a gradient of discriminator.conv1.weight that, or whose square, is infinite or NaN; try ' finite.txt
expect '^watch: step 2: went back to the beginning of the run, 1 of 100 times; the learning rates from here on: 2.5e\+29 and 0.00025$' finite.txt
# Back after the last step of an epoch: the state that was just restored is not judged by its losses.
expect '^watch: step 14: went back to .*, 8 of 100 times' finite.txt
if grep 'watch: epoch ' finite.txt; then fail 'a state that was just restored is judged'; else pass; fi
run finite_5 --epochs 2 --rollback 100 --generator-lr 1e30 --max-steps 5 --save-every 3
run finite_5 --epochs 2 --rollback 100 --generator-lr 1e30 --resume
same finite finite_5 'not finite, interrupted after step 5'
# Weights that are not finite although all losses are: nothing can be saved, and the run that ends there says so.
infinite='--epochs 1 --rollback 100 --generator-lr 1e15 --discriminator-lr 1e-5'
# shellcheck disable=SC2086
run infinite $infinite
# shellcheck disable=SC2086
"$train" $settings --out infinite_4 $infinite --max-steps 4 --save-every 3 >stdout 2>stderr
if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] &&
    grep -qE '^train_dcgan: step 4/4  no checkpoint: found a value of generator\.[a-z0-9_.]* that is infinite or NaN; --resume continues after step 0$' stderr &&
    grep -q '^step 3/4  no checkpoint: ' stdout && ! grep -q '  saved$' stdout; then pass; else fail "nothing was saved: $(cat stdout stderr)"; fi
# shellcheck disable=SC2086
run infinite_4 $infinite --resume
same infinite infinite_4 'ended where nothing could be saved'
"$train" --data images --out none --epochs 1 --rollback 1 --generator-lr 1e30 >stdout 2>stderr
if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -q 'expected finite numbers; try lower learning rates$' stderr; then pass; else
    fail "no more rollbacks: $(cat stderr)"
fi

# Two pictures are too few for the watch, and each finite epoch is the best state.
{ printf '\0\0\10\3\0\0\0\2\0\0\0\34\0\0\0\34'; tail -c +17 images | head -c $((2 * 784)); } >two
run two_images --data two --epochs 3 --rollback 1
if grep '^watch: ' stdout; then fail 'two pictures'; else pass; fi
"$train" --check two_images/checkpoint_best.safetensors >checked
expect 'whole; step 3, ' checked

# What does not fit: before the first step.
refused() { # refused WORDS FOLDER FLAGS...
    words=$1 folder=$2
    shift 2
    rm -rf before && cp -r "$folder" before
    # shellcheck disable=SC2086
    "$train" $settings --out "$folder" "$@" >stdout 2>stderr
    if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -qF -- "$words" stderr && diff -r before "$folder" >differences; then pass; else
        fail "$* should be refused with '$words': $(cat stderr differences)"
    fi
}
refused 'found a run with --rollback 2, expected --rollback 0' back --epochs 4 --resume
refused '--rollback: found --no-watch, expected a run that is watched' back --epochs 4 --rollback 2 --no-watch --resume
rm interrupted/checkpoint_best*
refused 'checkpoint_best.safetensors: found No such file or directory' interrupted --epochs 5 --rollback 2 --resume

# A run that is started again without --resume moves the best state aside.
run lost --epochs 4 --max-steps 1
if [ -s lost/earlier/checkpoint_best.safetensors ] && [ ! -e lost/checkpoint_best.safetensors ]; then pass; else fail 'the best state of an earlier run'; fi
# Also if it was killed before it had anything else.
mkdir killed
cp lost/earlier/checkpoint_best.safetensors killed
run killed --epochs 4 --max-steps 1
if [ -s killed/earlier/checkpoint_best.safetensors ] && [ ! -e killed/checkpoint_best.safetensors ]; then pass; else fail 'a lone best state'; fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
