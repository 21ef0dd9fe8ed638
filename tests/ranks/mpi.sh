#!/bin/sh
# Trains with several ranks of MPI on this machine: whether they write the bytes of one process, whatever their number, and what
# becomes of a run in which a rank dies, hangs or cannot write.
# mpi.sh TRAIN_DCGAN MPIEXEC [KILLS]      KILLS: how often a random rank is killed at a random moment, by default 3
set -u
# shellcheck source=tests/programs/common.sh
. "$(dirname "$0")/../programs/common.sh"
train=$1
mpiexec=$2
kills=${3:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v "$mpiexec" >/dev/null || { echo 'skipped: no mpiexec here'; exit 77; }

# Open MPI wants to be told that there may be more ranks than cores, and that root is meant. MPICH ignores these variables.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_orte_abort_print_stack=0

steps=36
flags="--batch-size 16 --shards 8 --log-steps --save-every 5"
# shellcheck disable=SC2086 # the flags are several words
run() { # run RANKS FOLDER FLAG...
    ranks=$1
    out=$2
    shift 2
    timeout -k 5 120 "$mpiexec" -n "$ranks" "$train" $flags --out "$out" "$@" >"$work/log" 2>&1
}
hash() { (cd "$1" && find . -type f ! -name '*lock*' ! -name report.html ! -path './earlier*' | sort | xargs sha256sum && constant .) | sha256sum; }

# shellcheck disable=SC2086
"$train" $flags --max-steps $steps --out "$work/one" --threads 2 >/dev/null || fail 'one process'
expected=$(hash "$work/one")
for ranks in 1 2 3 4; do
    for threads in 1 2; do
        if [ $ranks -ne 2 ] && [ $threads -eq 2 ] && [ "$kills" -lt 10 ]; then continue; fi # the short form
        run $ranks "$work/$ranks-$threads" --max-steps $steps --threads $threads || { fail "$ranks ranks"; cat "$work/log"; }
        [ "$(hash "$work/$ranks-$threads")" = "$expected" ] || fail "$ranks ranks of $threads threads: other bytes than one process"
    done
done
run 2 "$work/node" --max-steps $steps --threads 1 --read-data node || { fail 'data read once per node'; cat "$work/log"; }
[ "$(hash "$work/node")" = "$expected" ] || fail 'data read once per node: other bytes'
echo '1, 2, 3 and 4 ranks of 1 and 2 threads: the bytes of one process'

# Rank 0 alone computes scores, if the program can.
# shellcheck disable=SC2086
if "$train" $flags --max-steps 2 --score-every 1 --out "$work/scored" --threads 2 >"$work/log" 2>&1; then
    run 3 "$work/scored-3" --max-steps 2 --score-every 1 --threads 1 || { fail 'scores on 3 ranks'; cat "$work/log"; }
    [ "$(hash "$work/scored-3")" = "$(hash "$work/scored")" ] || fail 'scores on 3 ranks: other bytes than one process'
    echo 'scores on 3 ranks: the bytes of one process'
else grep -q 'without Eigen' "$work/log" || { fail 'scores on one process'; cat "$work/log"; }; fi

# All ranks go back after the same step, whenever each of them sees that it was not finite.
absurd='--max-steps 12 --generator-lr 1e30 --rollback 100'
# shellcheck disable=SC2086
"$train" $flags $absurd --out "$work/back" --threads 2 >"$work/log" 2>&1 || { fail 'going back on one process'; cat "$work/log"; }
grep -q '^watch: step 4: went back to the beginning of the run, 2 of 100 times' "$work/log" || { fail 'one process did not go back'; cat "$work/log"; }
# shellcheck disable=SC2086
run 3 "$work/back-3" $absurd --threads 1 || { fail 'going back on 3 ranks'; cat "$work/log"; }
[ "$(hash "$work/back-3")" = "$(hash "$work/back")" ] || fail 'going back on 3 ranks: other bytes than one process'
rm -rf "$work/back" "$work/back-3"
echo 'going back on 3 ranks: the bytes of one process'

# The example, whose last line is a checksum.
example=$(dirname "$train")/08_several_processes
if [ -x "$example" ]; then
    alone=$("$example" | tail -1)
    for ranks in 2 3; do
        together=$(timeout -k 5 120 "$mpiexec" -n $ranks "$example" 2>"$work/log" | tail -1)
        [ "$together" = "$alone" ] || { fail "example 8 on $ranks ranks: $together, expected $alone"; cat "$work/log"; }
    done
    echo "example 8 on 1, 2 and 3 ranks: $alone"
fi

# The whole seconds since begin, rounded up.
begin() { began=$(date +%s%N); }
took() { echo $((($(date +%s%N) - began + 999999999) / 1000000000)); }
# the processes of the ranks in a folder, in the order of their start
processes() { pgrep -f -- "^$train .*--out $1( |\$)"; }

# A random rank is killed at a random moment, again and again; then the run goes on with another number of ranks.
random() { od -An -N2 -tu2 /dev/urandom | tr -d ' '; }
killed=0
hits=0
while [ $hits -lt "$kills" ] && [ $killed -lt $((3 * kills + 5)) ]; do
    killed=$((killed + 1))
    out=$work/killed-$killed
    ranks=$((2 + killed % 3))
    run $ranks "$out" --max-steps $steps --threads 1 &
    launcher=$!
    until [ "$(processes "$out" | wc -l)" -eq $ranks ] || ! kill -0 $launcher 2>/dev/null; do sleep 0.02; done
    sleep "$(awk -v r="$(random)" 'BEGIN { print 2.5 * r / 65536 }')"
    begin
    victim=$(processes "$out" | awk -v r="$(random)" '{ all[NR] = $1 } END { if (NR) print all[1 + r % NR] }')
    [ -n "$victim" ] && kill -9 "$victim" 2>/dev/null && hits=$((hits + 1)) # not if the run had ended
    wait $launcher
    [ "$(took)" -le 10 ] || fail "kill $killed: ended after $(took) s"
    [ -z "$(processes "$out")" ] || fail "kill $killed: ranks are left"
    saved=$(sed -n 's|^step \([0-9]*\)/.*saved.*|\1|p' "$work/log" | tail -1)
    ranks=$((1 + killed % 4))
    if [ -f "$out/checkpoint.safetensors" ]; then
        at=$("$train" --check "$out/checkpoint.safetensors" | sed 's/.*step \([0-9]*\).*/\1/')
        [ "${at:-0}" -ge "${saved:-0}" ] || fail "kill $killed: step $saved was saved, found step $at"
        run $ranks "$out" --max-steps $steps --threads 1 --resume || { fail "kill $killed: cannot go on"; cat "$work/log"; }
    else
        [ -z "$saved" ] || fail "kill $killed: step $saved was saved, found no checkpoint"
        run $ranks "$out" --max-steps $steps --threads 1 || { fail "kill $killed: cannot begin again"; cat "$work/log"; }
    fi
    [ "$(hash "$out")" = "$expected" ] || fail "kill $killed: other bytes after going on with $ranks ranks"
    rm -rf "$out"
done
[ $hits -ge "$kills" ] || fail "only $hits of $killed runs still had a rank to kill"
echo "$hits ranks killed: none lost anything, none left the others waiting"

# expect_end NAME LINE: a run has ended within ten seconds, with a line about the rank.
expect_end() {
    [ "$(took)" -le 10 ] || fail "$1: ended after $(took) s, expected at most 10"
    [ "$(grep -c "^train_dcgan: rank" "$work/log")" -eq 1 ] && grep -qE "$2" "$work/log" || { fail "$1: expected one line, $2"; cat "$work/log"; }
}

out=$work/hangs
run 3 "$out" --max-steps 100000 --save-every 100 --threads 1 --rank-timeout 5 &
launcher=$!
until [ -f "$out/checkpoint.safetensors" ] || ! kill -0 $launcher; do sleep 0.1; done
begin
kill -STOP "$(processes "$out" | sed -n 2p)"
wait $launcher && fail 'a rank hangs: exit code 0'
expect_end 'a rank hangs' 'rank [02]: found no answer of rank 1 for 5.0 s, expected one'

begin
# Larger than what MPI itself writes, smaller than a checkpoint.
(ulimit -f 30000; run 2 "$work/full" --max-steps 100000 --save-every 4 --threads 1) && fail 'no space: exit code 0'
expect_end 'no space' 'rank 0: .*File too large'
echo 'a rank that hangs, and one without space: ended within ten seconds, with one line'

# Ranks that differ are refused before the first step.
differ() { # differ NAME LINE FLAG...
    name=$1
    line=$2
    shift 2
    begin
    # shellcheck disable=SC2086
    timeout -k 5 60 "$mpiexec" -n 1 "$train" $flags --out "$work/differ" : -n 1 "$train" $flags --out "$work/differ" "$@" >"$work/log" 2>&1 &&
        fail "$name: exit code 0"
    expect_end "$name" "$line"
    [ ! -e "$work/differ/steps.csv" ] || fail "$name: the run has begun"
}
differ 'another seed' 'seed: found 4 on rank 1, expected 0 as on rank 0' --seed 4
head -c 16 /dev/zero >"$work/other"
cp "$train" "$work/train_dcgan" && cat "$work/other" >>"$work/train_dcgan"
begin
# shellcheck disable=SC2086
timeout -k 5 60 "$mpiexec" -n 1 "$train" $flags --out "$work/differ" : -n 1 "$work/train_dcgan" $flags --out "$work/differ" >"$work/log" 2>&1 &&
    fail 'another program: exit code 0'
expect_end 'another program' 'program: found one of CRC-32 [0-9a-f]* on rank 1, expected one of CRC-32 [0-9a-f]* as on rank 0'
run 3 "$work/few" --shards 2 && fail 'fewer shards than ranks: exit code 0'
grep -q 'shards: found 2, expected at least 3, the number of ranks' "$work/log" || { fail 'fewer shards than ranks'; cat "$work/log"; }
echo 'ranks that differ: refused'
[ $failed -eq 0 ]
