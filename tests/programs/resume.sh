#!/bin/sh
# Checks that a run of train_dcgan that is interrupted and resumed writes the same bytes as an uninterrupted run, whatever the
# number of threads, and that a checkpoint of another run is refused with the difference.
# usage: resume.sh TRAIN_DCGAN SHIPPED_IMAGES.gz [STEPS]
# With STEPS, runs that many steps on all images for each number of threads, with and without a resume in between.
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
train=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shipped=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
steps=${3-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

settings=--log-steps
if [ -n "$steps" ]; then
    for threads in 1 2 3 7; do
        run whole_$threads --max-steps "$steps" --threads $threads
        run cut_$threads --max-steps $((steps * threads / 8)) --threads $threads
        run cut_$threads --max-steps "$steps" --threads $((8 - threads)) --resume
    done
    for folder in whole_* cut_*; do
        set -- $folder/steps.csv $folder/loss.csv $folder/generator.safetensors $folder/discriminator.safetensors \
            $folder/checkpoint.safetensors $folder/samples/*.png
        cat "$@" >all || fail "$folder: a file is missing"
        printf '%s  %s\n' "$(sha256sum <all | cut -c1-64)" $folder
    done >hashes
    cat hashes
    [ $failed -eq 0 ] && [ "$(wc -l <hashes)" -eq 8 ] && [ "$(cut -d' ' -f1 hashes | sort -u | wc -l)" -eq 1 ]
    exit
fi

# 26 images: epochs of seven steps, the last step on two images.
{ printf '\0\0\10\3\0\0\0\32\0\0\0\34\0\0\0\34'; gzip -dc "$shipped" | tail -c +17 | head -c $((26 * 784)); } >images
run whole --data images --epochs 3 --threads 2
[ "$(wc -l <whole/steps.csv)" -eq 22 ] || fail "steps.csv: $(wc -l <whole/steps.csv) lines"
# The report has the losses and pictures of all epochs, and the commands, between the lines that the others leave out.
constant whole >report_1
for words in '"x":\[1,2,3\],"y":\[' '"labels":\["epoch 1","epoch 2","epoch 3"\]' '<th scope="row">epochs</th><td>3</td>'; do
    grep -q -- "$words" report_1 || fail "report.html: no $words"
done
[ "$(grep -c '^<!-- this run: ' whole/report.html)" -eq 2 ] || fail 'report.html: not one part of this run'
grep -q '<code>.*train_dcgan --log-steps --out whole --data images --epochs 3 --threads 2 --resume</code>' whole/report.html ||
    fail 'report.html: no command that resumes'
run part --data images --epochs 3 --max-steps 9 --threads 2
grep -q '1 of 3 epochs are done' part/report.html || fail 'report.html: counts an epoch that is not finished'
threads=1
for cut in 1 6 7 8 14 20 21; do
    run cut_$cut --data images --epochs 3 --max-steps $cut --threads $threads
    threads=$((threads % 7 + 2))
    run cut_$cut --data images --epochs 3 --threads $threads --resume
    same whole cut_$cut "interrupted after step $cut"
done
# A run that has ended within an epoch and is resumed with the same number of steps keeps its checkpoints.
run ended --data images --epochs 3 --max-steps 8 --save-every 5
cp -r ended again
run again --data images --epochs 3 --max-steps 8 --save-every 5 --resume
if diff -r --exclude=report.html ended again >differences; then pass; else fail "resumed at its end: $(tr '\n' ';' <differences)"; fi
# The steps after the last checkpoint are repeated, and their lines of the log are written again.
run killed --data images --epochs 3 --max-steps 9 --save-every 2
cp whole/steps.csv killed/steps.csv
echo 'half a li' >>killed/steps.csv
touch killed/.ctgan-99999999-0.tmp killed/samples/.ctgan-99999999-7.tmp
run killed --data images --epochs 3 --save-every 3 --resume --animate resumed.png
same whole killed 'steps after the checkpoint'
# An animation of a run that has ended is that of the resumed run.
run killed --data images --epochs 3 --resume --animate ended.png
same whole killed 'nothing left to do'
grep -qx '3 epochs in ended.png' stdout || fail "--animate: $(cat stdout)"
if cmp resumed.png ended.png; then pass; else fail 'animations of a run that was resumed and of the same run later'; fi

# A damaged or missing checkpoint: the run resumes from the previous one, and reports it in a line.
for damage in damaged missing; do
    cp -r cut_8 $damage
    if [ $damage = damaged ]; then printf x | dd of=damaged/checkpoint.safetensors bs=1 seek=9999999 conv=notrunc 2>dd; else
        rm missing/checkpoint.safetensors
    fi
    if "$train" --out $damage --log-steps --data images --epochs 3 --resume >stdout 2>stderr &&
        grep -q "^$damage/checkpoint.safetensors: .*; resuming from $damage/checkpoint.previous.safetensors\$" stderr &&
        [ "$(wc -l <stderr)" -eq 1 ]; then
        [ $damage = missing ] || { [ -s damaged/damaged/checkpoint.safetensors ] && rm -r damaged/damaged; }
        same whole $damage "$damage checkpoint"
    else fail "$damage checkpoint: $(cat stderr)"; fi
done

# refused WORDS FOLDER FLAGS...: checks for exit code 1, one line that contains the words, and no change in the folder.
refused() {
    words=$1 folder=$2
    shift 2
    rm -rf before && cp -r "$folder" before 2>cp_errors
    "$train" --out "$folder" --resume "$@" >stdout 2>stderr
    if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -qF -- "$words" stderr && diff -r before "$folder" >differences 2>&1; then pass; else
        fail "$* should be refused with '$words': $(cat stderr differences)"
    fi
}
set -- --data images --epochs 3
run other "$@" --max-steps 8
refused 'found a run with --seed 0, expected --seed 3' other "$@" --seed 3
refused 'found a run with --batch-size 4, expected --batch-size 6' other "$@" --batch-size 6
refused 'found a run with --generator-lr 0.0001, expected --generator-lr 0.001' other "$@" --generator-lr 1e-3
refused 'found a run with --discriminator-lr 1e-05, expected --discriminator-lr 0.5' other "$@" --discriminator-lr 0.5
refused 'found a run on 26 images of CRC-32 ' other --epochs 3
refused 'found a run with --init-generator (none), expected --init-generator whole/generator.safetensors' other "$@" --init-generator whole/generator.safetensors
refused 'found step 8, expected at most 7, where this run ends' other "$@" --max-steps 7
mkdir empty
refused 'empty/checkpoint.safetensors: found No such file or directory, expected a' empty "$@"
cp whole/generator.safetensors empty/checkpoint.safetensors
refused 'as in a file of weights alone, expected a checkpoint' empty "$@"
head -n 5 whole/steps.csv >other/steps.csv
refused 'other/steps.csv: found ' other "$@" --log-steps
rm other/steps.csv
refused 'other/steps.csv: found No such file or directory' other "$@" --log-steps
"$train" --data images --epochs 3 --max-steps 8 --out unlogged >stdout 2>stderr || fail "$(cat stderr)"
refused 'found a run that wrote no steps.csv, expected no --log-steps either' unlogged "$@" --log-steps
"$train" --out nowhere --resume "$@" >stdout 2>stderr
if [ $? -eq 1 ] && grep -q '^train_dcgan: nowhere: found No such file or directory' stderr && [ ! -e nowhere ]; then pass; else
    fail "no folder to resume in: $(cat stderr)"
fi

# Without --resume the earlier run is moved to a separate folder.
run forgot --data images --epochs 3 --max-steps 9
run forgot --data images --epochs 3 --max-steps 1
run forgot --data images --epochs 3 --max-steps 2
[ -s forgot/earlier-2/checkpoint.safetensors ] || fail 'no earlier-2'
mkdir forgot/earlier/samples
cp whole/samples/epoch_0001.png forgot/earlier/samples # pictures of completed epochs are not moved
run forgot/earlier --data images --epochs 3 --resume
same whole forgot/earlier 'a run that was started again without --resume'
# A resumed run continues the log even without --log-steps, and does not need the initial weights again.
cp whole/generator.safetensors start
run started --data images --epochs 3 --init-generator start
run cut --data images --epochs 3 --init-generator start --max-steps 8
rm start
"$train" --out cut --data images --epochs 3 --init-generator start --resume >stdout 2>stderr || fail "$(cat stderr)"
if equal started cut; then pass; else fail "initial weights: $(cat differences)"; fi
# Statistics that overflow are not saved, neither within an epoch nor at its end.
"$train" --data images --out overflow_late --generator-lr 1e8 >stdout 2>stderr
if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -q '^train_dcgan: step 7: generator: tensor .* that is infinite or NaN' stderr; then pass; else
    fail "statistics that overflow: $(cat stdout stderr)"
fi
"$train" --data images --out overflow --generator-lr 1e8 --save-every 1 >stdout 2>stderr
if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -q 'step .*: .*that is infinite or NaN\|step .*: .*is infinite or NaN' stderr; then pass; else
    fail "statistics that overflow: $(cat stdout stderr)"
fi

# Values that overflow: the weights are about 1e30 in the second step.
"$train" --data images --out wrong --generator-lr 1e30 --log-steps --save-every 1 >stdout 2>stderr
if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ] && [ "$(wc -l <wrong/steps.csv)" -eq 2 ] &&
    grep -q '^train_dcgan: step 2: found a gradient of discriminator.conv1.weight that, or whose square, is infinite or NaN, expected ' stderr &&
    "$train" --check wrong/checkpoint.safetensors | grep -q 'whole; step 1,'; then pass; else fail "values that overflow: $(cat stderr)"; fi

if "$train" --check whole/checkpoint.safetensors >stdout && grep -q 'whole; step 21, epoch 4 with 0 images taken' stdout; then pass; else
    fail "--check: $(cat stdout)"
fi
"$train" --check damaged >stdout 2>stderr
if [ $? -eq 1 ] && [ "$(wc -l <stderr)" -eq 1 ]; then pass; else fail "--check of a folder: $(cat stderr)"; fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
