#!/bin/sh
# Trains the reference epoch by epoch, and keeps the generator of each epoch, for the scores in docs/reference_run.md.
# usage: epochs.sh TRAIN_DCGAN DATA_DIR OUT_DIR SEED EPOCHS [THREADS]
# Writes OUT_DIR/generators/epoch_NNNN.safetensors, beside what train_dcgan writes, and to OUT_DIR/seconds.csv how long each epoch took.
# Each epoch is a command of its own that resumes the run: the bytes are those of one command. If OUT_DIR has epochs, those that follow
# are trained.
set -eu
export LC_ALL=C
program=$1 data=$2 out=$3 seed=$4 epochs=$5 threads=${6:-2}
kept=$out/generators
mkdir -p "$kept"
[ -e "$out/seconds.csv" ] || echo epoch,elapsed,user,system >"$out/seconds.csv"
for epoch in $(seq 1 "$epochs"); do
    generator=$kept/epoch_$(printf %04d "$epoch").safetensors
    [ -e "$generator" ] && continue
    resume=
    [ "$epoch" -eq 1 ] || resume=--resume
    /usr/bin/time -o "$out/last_time" -f "$epoch,%e,%U,%S" \
        "$program" --data "$data" --out "$out" --seed "$seed" --epochs "$epoch" --threads "$threads" --device cpu $resume
    cat "$out/last_time" >>"$out/seconds.csv"
    cp "$out/generator.safetensors" "$generator.part" && mv "$generator.part" "$generator"
done
rm -f "$out/last_time"
