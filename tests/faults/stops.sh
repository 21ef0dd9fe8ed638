#!/bin/sh
# Stops training runs with SIGINT, SIGTERM and SIGHUP, at random moments and during chosen system calls (loading, saving,
# drawing). Each run must end within two seconds with 130, 143 or 129, keep its saved steps, and resume to the same bytes. Also
# tests second signals, SIGSTOP, two runs in one folder, and files left over by a killed run.
# usage: stops.sh TRAIN_DCGAN SHIPPED_IMAGES.gz [STOPS]      (the number of stops at random moments for each signal)
# shellcheck source=tests/faults/common.sh
. "$(dirname "$0")/common.sh"
stops=${3-2}

digits 24 >images
settings="--data $work/images --batch-size 2 --epochs 4 --save-every 5 --threads 2 --log-steps"
name='the undisturbed run'
fresh whole || { fail "$name"; report; exit; }

random() { echo $(($(od -An -N4 -tu4 /dev/urandom) % $1)); }
now() { date +%s%N; }
code_of() { case $1 in INT) echo 130 ;; TERM) echo 143 ;; HUP) echo 129 ;; esac; }
# The program inherits ignored signals, as SIGHUP is under nohup.
default_signals=
! env --default-signal true 2>/dev/null || default_signals='env --default-signal'
# receives SIGNAL: whether the program will not ignore the signal.
# shellcheck disable=SC2016,SC2086 # expanded by the inner shell; words or none
receives() { ! $default_signals sh -c 'kill -$0 $$; true' "$1" 2>/dev/null; }
resume_flag() { if [ "$(resumable_step "$1")" -gt 0 ]; then echo --resume; fi; }

# signalled "ACTIONS" ARGUMENTS...: runs the program and, at the same time, the shell commands ACTIONS, in which $process is the
# program's id. Sets $code to its exit code and $took to the milliseconds from the end of ACTIONS to its end. The program runs in
# the foreground, because a shell's background processes ignore SIGINT. It runs under the command $under, if there is one.
under=
signalled() {
    actions=$1
    shift
    rm -f process acted
    {
        while [ ! -s process ]; do sleep 0.005; done
        process=$(cat process)
        eval "$actions"
        now >acting
        mv acting acted
    } >/dev/null 2>&1 &
    helper=$!
    # shellcheck disable=SC2016,SC2086 # expanded by the inner shell; words
    timeout --foreground -s KILL 60 $default_signals $under sh -c 'echo $$ >process; exec "$@"' sh "$train" $settings "$@" >stdout 2>stderr
    code=$?
    ended=$(now)
    acted=$(cat acted 2>/dev/null || echo "$ended")
    took=$(((ended - acted) / 1000000))
    wait $helper
}

# stopped SIGNAL DIR: checks a run that was stopped in DIR.
stopped() {
    if [ $code -ne "$(code_of "$1")" ]; then
        fail "$name: exit $code"
    elif [ $took -gt 2000 ]; then
        fail "$name: took $took ms"
    elif [ "$(resumable_step "$2")" -lt "$(saved_step stdout)" ]; then
        fail "$name: step $(saved_step stdout) was saved, $(resumable_step "$2") is left"
    elif [ "$(wc -l <stderr)" -gt 1 ]; then
        fail "$name: more than one line"
    elif ! { [ ! -e "$2" ] || tidy "$2"; }; then
        fail "$name: left $(find "$2" -name '.ctgan-*')"
    else
        pass
    fi
}

# At random moments, one run after another in the same folder. If a run completes, the next one starts again.
for signal in INT TERM HUP; do
    receives $signal || { echo "skipped: SIG$signal, which this environment ignores"; continue; }
    n=0
    attempts=0
    rm -rf result
    while [ $n -lt "$stops" ]; do
        attempts=$((attempts + 1))
        [ $attempts -le $((10 * stops)) ] || { fail "SIG$signal: only $n of $attempts runs were stopped"; break; }
        name="SIG$signal at a random moment, number $((n + 1))"
        # shellcheck disable=SC2046 # a word or none
        signalled "sleep 0.$(printf %03d "$(random 350)"); kill -$signal \$process" --out result $(resume_flag result)
        if [ $code -eq 0 ]; then
            same result whole || fail "$name: the run completed with other results"
            rm -rf result
            continue
        fi
        n=$((n + 1))
        stopped $signal result
    done
    name="after SIG$signal"
    if resumes result whole; then pass; fi
done

# Two signals at once are one request: the run may end with the code of either, and the saved files stay intact.
n=0
while [ $n -lt "$stops" ]; do
    n=$((n + 1))
    name="two signals, number $n"
    rm -rf result
    signalled "sleep 0.$(printf %03d $((100 + $(random 200)))); kill -INT \$process; kill -TERM \$process" --out result
    case $code in
    130 | 143) if [ $took -gt 2000 ]; then fail "$name: took $took ms"; elif resumes result whole; then pass; fi ;;
    0) same result whole || fail "$name: other results" ;;
    *) fail "$name: exit $code" ;;
    esac
done

# During chosen calls: strace delivers the signal with the call.
if ! sanitized && strace -o /dev/null true; then
    few="--epochs 1 --threads 1"
    # shellcheck disable=SC2086 # words
    fresh few $few
    # shellcheck disable=SC2086 # words
    strace -f -o trace "$train" $settings $few --out traced >stdout 2>stderr
    # number PATTERN [START]: prints the name of the first call that matches PATTERN, at or after the first that matches START,
    # and its number among the calls of that name.
    number() {
        awk -v pattern="$1" -v start="${2-}" '
            { kind = $2; sub(/\(.*/, "", kind); ++count[kind] }
            $0 ~ start { started = 1 }
            started && $0 ~ pattern { print kind, count[kind]; exit }' trace
    }
    checkpoint='write.*__metadata__'
    for place in 'loading|openat.*images"' 'creating the folder|mkdir' "saving|$checkpoint" 'saving|fsync' 'saving|rename' \
        'drawing|write.*PNG' 'plotting|write.*<svg' 'reporting|write.1, "epoch'; do
        doing=${place%|*} start=
        # Creating a folder calls fsync, too.
        [ "$doing" != saving ] || start=$checkpoint
        # shellcheck disable=SC2046 # two words
        set -- $(number "${place#*|}" "$start")
        [ $# -eq 2 ] || { fail "no call like ${place#*|}"; continue; }
        for signal in TERM $([ "$doing" != saving ] || echo INT); do
            name="SIG$signal while $doing ($1 number $2)"
            rm -rf result
            # shellcheck disable=SC2086 # words
            strace -f -ttt -o injected -e "trace=$1" -e "inject=$1:signal=$signal:when=$2" \
                "$train" $settings $few --out result >stdout 2>stderr
            code=$?
            # The time from the signal to the end, by strace's clock.
            took=$(awk '/ --- SIG/ && !from { from = $2 } { to = $2 } END { printf "%d", (to - from) * 1000 }' injected)
            stopped $signal result
            # shellcheck disable=SC2086 # words
            resumes result few $few || true
        done
    done

    # A second, later signal ends the run during a save that takes 3 s.
    name='a second signal while the run stops'
    # shellcheck disable=SC2046 # two words
    set -- $(number fsync "$checkpoint")
    under="strace -f -ttt -o injected -e trace=fsync,exit_group -e inject=fsync:delay_enter=3000000:when=$2"
    rm -rf result
    # With two threads one of them can handle the signals.
    signalled 'until ls result/.ctgan-*; do sleep 0.05; done; sleep 0.2
        kill -INT $process; sleep 0.5; kill -TERM $process' --threads 2 --out result
    under=
    # By strace's clock; strace itself waits for the 3 s to pass.
    took=$(awk '/ --- SIG/ { from = $2 } / exit_group/ { to = $2 } END { print to ? int((to - from) * 1000) : 3000 }' injected)
    if [ $code -ne 143 ]; then fail "$name: exit $code"; elif [ $took -gt 1000 ]; then
        fail "$name: took $took ms"
    elif resumes result whole; then pass; fi
else
    echo 'skipped: signals during chosen calls (needs strace and a program without sanitizers)'
fi

# SIGSTOP and SIGCONT change nothing.
name='SIGSTOP and SIGCONT'
rm -rf result
signalled 'sleep 0.2; kill -STOP $process; sleep 0.5; kill -CONT $process' --out result
if [ $code -eq 0 ] && same result whole; then pass; else fail "$name: exit $code"; fi

# The second run in a folder is refused, and the first does not notice it.
name='a second run in the same folder'
rm -rf result
: >first
# shellcheck disable=SC2086 # words
"$train" $settings --out result >first 2>&1 &
process=$!
while [ "$(saved_step first)" -eq 0 ] && kill -0 $process; do sleep 0.01; done
# Stop it, so that it does not end before the others start.
kill -STOP $process
fresh result
second=$?
mv stderr second_line
fresh result --resume
third=$?
kill -CONT $process
wait $process
first=$?
if [ $first -eq 0 ] && [ $second -eq 1 ] && [ $third -eq 1 ] && one_line result && one_line result second_line && same result whole; then
    pass
else
    fail "$name: exit $first, $second and $third"
fi

# The next run removes the temporary files of a killed run and keeps those of other programs.
name='left-over files'
rm -rf result
fresh result --max-steps 3
: >result/.ctgan-999999999-0.tmp
: >result/samples/.ctgan-999999999-1.tmp
: >result/.ctgan-notes
fresh result --resume
code=$?
if [ $code -eq 0 ] && [ -e result/.ctgan-notes ] && rm result/.ctgan-notes && tidy result && same result whole; then
    pass
else
    fail "$name: exit $code, $(find result -name '.ctgan-*')"
fi
report
