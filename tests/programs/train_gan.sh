#!/bin/sh
# Whether train_gan keeps what train_dcgan promises, with another recipe and an average of the generator: interrupted, resumed, on several
# threads and ranks, going back, the same bytes; and what the other programs make of its generators.
# usage: train_gan.sh TRAIN_GAN TRAIN_DCGAN SAMPLE_DCGAN SCORE_SAMPLES|none MPIEXEC|none SHIPPED_IMAGES.gz
set -u
# shellcheck source=tests/programs/common.sh
. "$(cd "$(dirname "$0")" && pwd)/common.sh"
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
{ printf '\0\0\10\3\0\0\0\320\0\0\0\34\0\0\0\34'; gzip -dc "$shipped" 2>/dev/null | tail -c +17 | head -c $((208 * 784)); } >images
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
# The average is not the generator itself, and is what the files have.
for file in generator.safetensors checkpoint.safetensors; do
    "$sample" --weights whole/$file --out $file.idx 2>stderr || fail "sample_dcgan: $(cat stderr)"
done
if cmp generator.safetensors.idx checkpoint.safetensors.idx; then pass; else fail 'the generator of a checkpoint is another one'; fi
"$sample" --weights whole/generator.safetensors --out grid.png --tensors values 2>stderr || fail "sample_dcgan: $(cat stderr)"
if [ "$score" != none ]; then
    for drawn in '--weights whole/generator.safetensors' '--samples drawn.idx'; do
        "$sample" --weights whole/generator.safetensors --count 100 --out drawn.idx
        # shellcheck disable=SC2086 # two words
        "$score" --real images $drawn --count 100 >scores 2>stderr || fail "score_samples: $(cat stderr)"
        head -1 scores | sed 's/ generated.*//; s/ samples.*//' >>figures
    done
    if [ "$(sort -u figures | wc -l)" -eq 1 ]; then pass; else fail "figures: $(cat figures)"; fi
fi
# Weights that a run begins with are the average's, too.
run begun --max-steps 1 --generator-lr 1e-30 --init-generator whole/generator.safetensors
"$sample" --weights begun/generator.safetensors --out begun.idx
"$sample" --weights whole/generator.safetensors --out whole.idx
if cmp begun.idx whole.idx >/dev/null; then fail 'the statistics of a step are not in the average'; else pass; fi
# A run of the other program cannot be resumed, nor one with other settings.
cp -r whole other
expect_error train_dcgan 1 'other/checkpoint.safetensors: found ' "$train_dcgan" --data images --epochs 4 --batch-size 32 --out other --resume
# shellcheck disable=SC2086 # words
expect_error train_gan 1 'found a run with --batch-size 32, expected --batch-size 16' "$train" $settings --batch-size 16 --epochs 4 --out other --resume

# ---- going back
absurd='--generator-lr 1e30 --rollback 100'
# shellcheck disable=SC2086 # words
run back $absurd --threads 1
# shellcheck disable=SC2086
run back_cut $absurd --threads 2 --max-steps 9
# shellcheck disable=SC2086
run back_cut $absurd --threads 1 --resume
same back back_cut 'gone back and interrupted'

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
