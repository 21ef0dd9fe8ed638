#!/bin/sh
# Counts what the watch of train_dcgan sees, on the 10,000 digits that are shipped: in twenty healthy runs, in ten that are driven
# into collapse, and whether --rollback helps those. By hand only: it takes an hour or two of a core. docs/watch.md has its results.
# usage: run.sh FOLDER JOBS COMPILER FLAGS...     FLAGS: those that find ctgan's headers, Eigen's and other libraries'
# FOLDER keeps the program and the output of each run: what is there is not run again.
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 jobs=$2
shift 2
mkdir -p "$folder" || exit 1
if [ ! -x "$folder/run" ]; then
    parts=$(for part in animation checkpoint folder gallery host_networks identity progress ranks record rollback run_report scorer scoring settings watching; do echo "$here/../../examples/train/$part.cpp"; done; echo "$here/../../examples/score/digit_features.cpp")
    # shellcheck disable=SC2086 # several files
    "$@" -std=c++20 -O2 -DNDEBUG -march=native -DCTGAN_WITH_SCORES -DCTGAN_SHIPPED_DATA_DIR="\"$here/../../examples/data/mnist\"" \
        "$here/run.cpp" $parts -o "$folder/run" -lfmt -lpng -lz -lgif || exit 1
fi
# The runs: NAME NETWORKS BATCH_SIZE GENERATOR_LR DISCRIMINATOR_LR SEED EPOCHS ROLLBACK SCORED_EPOCHS
runs() {
    for seed in 0 1 2 3 4; do
        echo "healthy_small_16_$seed small 16 2e-4 2e-5 $seed 4 0 1"
        echo "healthy_small_8_$seed small 8 1e-4 1e-5 $seed 4 0 1"
        echo "healthy_reference_32_$seed reference 32 3e-4 3e-5 $seed 3 0 1"
        echo "healthy_reference_4_$seed reference 4 1e-4 1e-5 $seed 3 0 1"
    done
    # A generator's rate that is thirty times that of the healthy runs.
    for rollback in 0 5; do
        for seed in 0 1 2 3; do echo "collapse_rate_${seed}_$rollback small 16 6e-3 2e-5 $seed 5 $rollback 1"; done
        for seed in 0 1 2; do
            echo "collapse_no_dropout_${seed}_$rollback no_dropout 16 6e-3 2e-5 $seed 5 $rollback 1"
            echo "collapse_latent_2_${seed}_$rollback latent_2 16 6e-3 2e-5 $seed 10 $rollback 1"
        done
    done
}
# one FOLDER NAME NETWORKS ...: the run, unless its output is there.
# shellcheck disable=SC2016 # the inner shell expands them
one='[ -s "$1/$2.txt" ] && exit; folder=$1 name=$2 networks=$3; shift 3
"$folder/run" "$networks" "$folder/$name" "$@" >"$folder/$name.part" 2>&1 || echo "failed: $name"
mv "$folder/$name.part" "$folder/$name.txt"; rm -rf "$folder/$name"/*.safetensors'
runs | OMP_NUM_THREADS=1 xargs -P "$jobs" -L 1 sh -c "$one" one "$folder"

# The kid of the generator that a run ends with: that of the last epoch, or of the best state if the run went back after it.
last_kid() { sed -n 's/^epoch [0-9]*  kid \([^ ]*\) .*/\1/p; s/.* went back to .*, with a kid of \([^ ]*\), .*/\1/p' "$1" | tail -n 1; }
# The watch's own lines, without those of going back.
lines() { grep '^watch: ' "$1" | grep -v ' went back to '; }
cd "$folder" || exit 1
set -- healthy_*.txt
echo "healthy runs: $#, with a line of the watch: $(grep -l '^watch: ' "$@" | wc -l)"
seen=0 runs=0 better=0
for run in collapse_*_0.txt; do
    runs=$((runs + 1))
    lines "$run" | grep -q '^watch: epoch [12]: ' && seen=$((seen + 1))
    with=${run%_0.txt}_5.txt
    awk -v a="$(last_kid "$with")" -v b="$(last_kid "$run")" 'BEGIN { exit !(a < b) }' && better=$((better + 1))
    echo "$run: kid $(last_kid "$run"), with --rollback $(last_kid "$with") after $(grep -c ' went back to ' "$with") rollbacks; $(lines "$run" | head -n 1)"
done
echo "collapsed runs: $runs, seen in the first two epochs: $seen, with a better kid by --rollback: $better"
