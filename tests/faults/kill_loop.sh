#!/bin/sh
# Kills a training run (kill -9) at random moments and resumes it each time with another number of threads. After each kill there
# must be a readable checkpoint with every step that was reported as saved. In the end the results must equal those of an
# undisturbed run, byte for byte.
# usage: kill_loop.sh TRAIN_DCGAN SHIPPED_IMAGES.gz [KILLS [FLAGS [DIGITS [MILLISECONDS]]]]
# With --score-every 1 as FLAGS the kills come while an epoch ends: during scores, report and the other files before the checkpoint,
# within MILLISECONDS (100) after the weights were written. With some hundred DIGITS (24) the scores take most of that time; FLAGS may
# then have a larger --batch-size. With --rollback N the run collapses and goes back N times.
# shellcheck source=tests/faults/common.sh
. "$(dirname "$0")/common.sh"
kills=${3-12} flags=${4-} digits=${5-24} window=${6-100}
steps_per_kill=6 # enough that the last kill comes before the end of the run

# 12 steps per epoch, unless arguments say otherwise, so that kills also hit the end of an epoch: grids, curves, weights.
case $flags in *--rollback*) dots "$digits" ;; *) digits "$digits" ;; esac >images
epochs=$(((kills * steps_per_kill + 11) / 12 + 1))
# At the ends of epochs it may end before, and then begins again.
[ -z "$flags" ] || epochs=$((kills / 10 + 2))
settings="--data $work/images --batch-size 2 --epochs $epochs --save-every 2 --threads 1 --log-steps $flags"
name='the undisturbed run'
fresh whole || { fail "$name"; report; exit; }

# random N: prints a number from 0 to N - 1.
random() { echo $(($(od -An -N4 -tu4 /dev/urandom) % $1)); }

saved=0 # the last step that was reported as saved
killed=0 at_end=0 complete=0 while_writing=0 before_the_first=0
in_scores=0 in_report=0 in_checkpoint=0
while [ $killed -lt "$kills" ]; do
    case $((killed % 4)) in 0) threads=1 ;; 1) threads=2 ;; 2) threads=3 ;; 3) threads=7 ;; esac
    name="kill $((killed + 1))"
    again=
    [ "$(resumable_step result)" -eq 0 ] || again=--resume
    : >stdout
    [ -z "$flags" ] || [ -z "$again" ] || touch result/checkpoint*.safetensors # newer than the weights
    # shellcheck disable=SC2086 # words or none
    "$train" $settings --threads $threads --out result $again >stdout 2>stderr &
    process=$!
    if [ -n "$flags" ]; then
        # Until the weights of an epoch are newer than the checkpoint, which follows its scores.
        until [ result/generator.safetensors -nt result/checkpoint.safetensors ] || ! kill -0 $process 2>killing; do :; done
        milliseconds=$(random "$window")
        if [ $((killed % 2)) -eq 1 ] && [ "$digits" -gt 24 ]; then
            # Every other kill comes while the report is written, which takes much less time than many digits' scores.
            until [ result/scores.csv -nt result/generator.safetensors ] || ! kill -0 $process 2>killing; do :; done
            milliseconds=$((milliseconds / 10))
        fi
        sleep "$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))"
    else
        # Waits for some saves, then for a random time: the kill hits any moment on machines of any speed, sometimes loading.
        saves=$(random 3)
        while [ "$(grep -c saved stdout)" -lt "$saves" ] && kill -0 $process 2>killing; do sleep 0.01; done
        sleep "0.$(printf %03d "$(random 150)")"
    fi
    kill -9 $process 2>killing
    wait $process 2>>killing
    code=$?
    if [ $code -eq 0 ]; then
        # The run ended before the kill: compare the results and start again.
        complete=$((complete + 1))
        same result whole || fail "complete run $complete: other results: $(head -n 3 differences | tr '\n' ';')"
        rm -rf result
        saved=0
        continue
    fi
    killed=$((killed + 1))
    if [ $code -ne 137 ]; then
        fail "$name: exit $code without the kill"
        continue
    fi
    [ "$(saved_step stdout)" -eq 0 ] || saved=$(saved_step stdout)
    left=$(resumable_step result)
    # What the kill hit, as far as the files show.
    if [ result/generator.safetensors -nt result/checkpoint.safetensors ]; then
        at_end=$((at_end + 1))
        if [ -n "$flags" ]; then
            if [ result/generator.safetensors -nt result/scores.csv ]; then
                in_scores=$((in_scores + 1))
            elif [ result/scores.csv -nt result/report.html ]; then
                in_report=$((in_report + 1))
            else
                in_checkpoint=$((in_checkpoint + 1))
            fi
        fi
    fi
    if ! tidy result 2>killing; then while_writing=$((while_writing + 1)); fi
    if [ "$left" -eq 0 ] && [ ! -e result/checkpoint.safetensors ]; then
        before_the_first=$((before_the_first + 1))
    elif ! good result/checkpoint.safetensors; then
        # kill -9 must not leave a partial file, and a checkpoint must exist under its name at every moment.
        fail "$name: $(cat checked)"
        continue
    fi
    if [ "$left" -ge "$saved" ]; then pass; else fail "$name: step $saved was saved, $left is left"; fi
done
name='the run to the end'
if resumes result whole; then pass; fi
echo "$killed kills: $at_end while an epoch ended, $while_writing while a file was being written, $before_the_first before anything" \
    "was saved; $complete runs ended before the kill"
[ -z "$flags" ] || echo "of those at the end of an epoch: $in_scores before its scores were written, $in_report before its report was," \
    "$in_checkpoint after both"
report
