#!/bin/sh
# Whether train_gan keeps what train_dcgan promises, with another recipe and an average of the generator: interrupted, resumed, on several
# threads and ranks, going back, the same bytes; and what the other programs make of its generators.
# usage: train_gan.sh TRAIN_GAN TRAIN_DCGAN SAMPLE_DCGAN SCORE_SAMPLES|none MPIEXEC|none SHIPPED_IMAGES.gz
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
tests=$(cd "$(dirname "$0")/.." && pwd)
train=$(absolute "$1") train_dcgan=$(absolute "$2") sample=$(absolute "$3") score=$4 mpiexec=$5 shipped=$(absolute "$6")
[ "$score" = none ] || score=$(absolute "$4")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export LC_ALL=C

# ---- presets
"$train" --list-presets >list 2>stderr || fail "--list-presets: $(cat stderr)"
for preset in $(cut -d ' ' -f 1 list); do
    if "$train" --preset "$preset" --help >help && grep -q -- "--preset TEXT:.*=$preset\$" help; then pass; else fail "--preset $preset: $(head -8 help)"; fi
done
expect_error train_gan 2 '--preset: ' "$train" --preset nothing --out result
expect_error train_gan 2 '--preset: ' "$train" --preset --out result

# ---- runs: 208 images, the last step of an epoch takes 16 of them
# digits N: prints the first N of the shipped ones as an IDX file.
digits() {
    { printf '\0\0\10\3' && number "$1" 28 28; }
    gzip -dc "$shipped" 2>/dev/null | tail -c +17 | head -c $(($1 * 784))
}
digits 208 >images
settings='--preset digits --data images --epochs 3 --batch-size 32 --log-steps'
run whole --threads 2
grep -q '<title>A run of train_gan</title>' whole/report.html || fail 'report.html: not of train_gan'
threads=1
for cut in 1 7 10 21; do
    run cut_$cut --max-steps $cut --threads $threads
    threads=$((threads % 3 + 1))
    run cut_$cut --threads $threads --resume
    same whole cut_$cut "interrupted after step $cut"
done
# drawn FILE: prints a checksum of pictures that sample_dcgan draws from it.
drawn() {
    "$sample" --weights "$1" --out drawn.idx 2>stderr || fail "sample_dcgan: $(cat stderr)"
    cksum <drawn.idx
}
# bytes FILE FILE: prints how many bytes of two files differ.
bytes() { cmp -l "$1" "$2" 2>differences | wc -l; }
average=$(drawn whole/generator.safetensors)
# The files and programs have the average, not the generator itself, with which a run begins that is given a checkpoint.
run itself --max-steps 1 --generator-lr 1e-30 --init-generator whole/checkpoint.safetensors
run begun --max-steps 1 --generator-lr 1e-30 --init-generator whole/generator.safetensors
if [ "$(drawn whole/checkpoint.safetensors)" = "$average" ]; then pass; else fail 'a checkpoint draws other pictures than its generator.safetensors'; fi
# Running statistics of 2 * (64 + 32) floats and two counts may differ, weights not.
if [ "$(bytes begun/generator.safetensors whole/generator.safetensors)" -le 784 ]; then pass; else fail 'the average does not begin with the weights that are given'; fi
if [ "$(bytes itself/generator.safetensors whole/generator.safetensors)" -gt 100000 ]; then pass; else fail 'the average is the generator itself'; fi
# A run scores the average, too: the figures of its last line are those of score_samples.
if [ "$score" != none ]; then
    # shellcheck disable=SC2086 # words
    "$train" $settings --score-every 3 --out scored >stdout 2>stderr || fail "--score-every: $(cat stderr)"
    "$score" --real images --weights scored/generator.safetensors --count 208 >scores 2>stderr || fail "score_samples: $(cat stderr)"
    "$sample" --weights scored/generator.safetensors --count 208 --out drawn.idx
    "$score" --real images --samples drawn.idx --count 208 >scores_of_file 2>stderr || fail "score_samples: $(cat stderr)"
    if cmp scored/generator.safetensors scored/generator_best.safetensors && grep -qx "$(head -1 scores)" stdout &&
        [ "$(head -1 scores | cut -d ' ' -f 1-14)" = "$(head -1 scores_of_file | cut -d ' ' -f 1-14)" ]; then pass; else fail "scores: $(tail -3 stdout; cat scores scores_of_file)"; fi
fi
# A run of the other program cannot be resumed, nor one with other settings.
cp -r whole other
expect_error train_dcgan 1 'found a generator whose layer 1 is Linear<64, ' "$train_dcgan" --data images --epochs 4 --batch-size 32 --out other --resume
# shellcheck disable=SC2086 # words
expect_error train_gan 1 'found a run with --batch-size 32, expected --batch-size 16' "$train" $settings --batch-size 16 --epochs 4 --out other --resume

# ---- going back
absurd='--generator-lr 1e30 --rollback 100'
# shellcheck disable=SC2086 # words
run back $absurd --threads 1
if grep -q '^watch: step [0-9]*: went back to the beginning of the run' stdout; then pass; else fail "did not go back: $(cat stdout)"; fi
if [ "$(drawn back/generator.safetensors)" = "$(drawn back/checkpoint_best.safetensors)" ]; then pass; else fail 'the average did not go back'; fi
# shellcheck disable=SC2086
run back_cut $absurd --threads 2 --max-steps 9
# shellcheck disable=SC2086
run back_cut $absurd --threads 1 --resume
same back back_cut 'gone back and interrupted'

# ---- the watch is of the generator itself, as an average of noise is no collapse
digits 2400 >many
run healthy --data many --epochs 2 --batch-size 16 --threads 2
if grep -q '^watch:' stdout; then fail "a healthy run: $(grep '^watch:' stdout)"; else pass; fi

# ---- a folder of nine pictures, in color, mirrored at random
mkdir pictures
cp "$tests"/io/pictures/*.png pictures
settings_of_digits=$settings
settings='--preset pictures32 --data pictures --epochs 4 --batch-size 3'
run plain
run colored --flip --threads 2
run colored_cut --flip --max-steps 5 --threads 1
run colored_cut --flip --threads 3 --resume
same colored colored_cut 'pictures in color, interrupted'
if cmp -s plain/checkpoint.safetensors colored/checkpoint.safetensors; then fail '--flip changes nothing'; else pass; fi
# shellcheck disable=SC2086 # words
expect_error train_gan 1 'found a run with --flip on, expected --flip off' "$train" $settings --epochs 5 --out colored --resume
expect_error train_gan 1 '--flip: found it with a preset for digits' "$train" --preset digits --flip --out result
expect_error train_gan 1 '--data: found none, expected a folder of pictures for preset pictures64' "$train" --preset pictures64 --out result
# shellcheck disable=SC2086
expect_error train_gan 1 'film.gif: found a GIF for color pictures' "$train" $settings --animate film.gif --out result
if [ "$score" != none ]; then
    # shellcheck disable=SC2086
    expect_error train_gan 1 '--score-network: found none for color pictures, expected weights that train_lenet made' "$train" $settings --score-every 1 --out result
    expect_error train_gan 1 '--score-every: found pictures of 3 x 64 x 64' "$train" --preset pictures64 --data pictures --score-every 1 --out result
fi
"$sample" --weights colored/generator.safetensors --count 20 --out drawn.bin 2>stderr && [ "$(wc -c <drawn.bin)" -eq $((20 * 3073)) ]
check $? "sample_dcgan --out drawn.bin: $(cat stderr)"
expect_error sample_dcgan 1 "found a name that ends with .idx for pictures of 3 x 32 x 32, expected .png or .bin" \
    "$sample" --weights colored/generator.safetensors --out result.idx
"$train" --preset pictures64 --data pictures --batch-size 3 --max-steps 2 --out large >stdout 2>stderr &&
    "$sample" --weights large/checkpoint.safetensors --count 4 --out drawn.png 2>stderr
check $? "pictures64: $(cat stderr)"
echo no picture >pictures/y.png
# shellcheck disable=SC2086
expect_error train_gan 1 "pictures/y.png: found bytes that begin with 'no pictu', expected a PNG" "$train" $settings --out result
run skipping --skip-broken --flip
if grep -q '^left out 1 broken picture:$' stdout && grep -q '^  pictures/y.png: found ' stdout; then pass; else fail "--skip-broken: $(cat stdout)"; fi
same colored skipping 'a broken picture is left out'
settings=$settings_of_digits

# ---- ranks
if [ "$mpiexec" != none ] && command -v "$mpiexec" >/dev/null; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
    export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_btl_vader_single_copy_mechanism=none
    run shards --shards 4 --threads 2
    # shellcheck disable=SC2086
    timeout -k 5 120 "$mpiexec" -n 3 "$train" $settings --shards 4 --threads 1 --out ranks >stdout 2>stderr || fail "3 ranks: $(cat stderr)"
    same shards ranks '3 ranks'
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
