#!/bin/sh
# Trains under adverse conditions: full disks, limits, folders that are not writable or disappear, closed and full outputs,
# unusual environments and paths. Each run must either end with one line and an exit code other than 0, or succeed as usual.
# What was saved must still exist.
# usage: machine.sh TRAIN_DCGAN SHIPPED_IMAGES.gz [long]      (long: more sizes of disks and memory)
# shellcheck source=tests/faults/common.sh
. "$(dirname "$0")/common.sh"
long=${3-}
more() { [ -n "$long" ]; }

digits 4 >images
settings="--data $work/images --batch-size 2 --epochs 2 --save-every 1 --threads 2 --log-steps"
name='the undisturbed run'
fresh whole || { fail "$name"; report; exit; }
fresh half --max-steps 3 || fail 'half a run'
size=$(wc -c <half/checkpoint.safetensors)

# refused WORDS DIR: checks that the last run ended with 1 and one line that contains the words, and that what it reported as
# saved is in DIR.
refused() {
    if [ $code -ne 1 ]; then fail "$name: exit $code"; return 1; fi
    if ! one_line "$1"; then fail "$name: not one line with \"$1\""; return 1; fi
    if [ "$(resumable_step "$2")" -lt "$(saved_step stdout)" ]; then
        fail "$name: step $(saved_step stdout) was saved, $(resumable_step "$2") is left"
        return 1
    fi
}
# can_resume DIR: checks that the run can be resumed to its end.
can_resume() { if resumes "$1" whole; then pass; fi; }
# ends_well: checks that the last run completed, with its results in `result`.
ends_well() { if [ $code -eq 0 ] && same result whole; then pass; else fail "$name: exit $code, $(head -n 3 differences)"; fi; }
# harmless_or_refused WORDS: checks that the last run completed or was refused.
harmless_or_refused() { if [ $code -eq 0 ]; then ends_well; else refused "$1" result && can_resume result; fi; }

# ---- Disks
# A separate disk needs a mount namespace. At the end its contents are copied to the working folder.
if unshare -m true 2>/dev/null; then
    mkdir disk
    for kilobytes in 4 100 $((size / 2048)) $((size * 3 / 2048)) $((size * 5 / 2048)) \
        $(more && for i in 4 6 7 8 9 10 11 12; do echo $((size * i / 4096)); done); do
        name="a disk of $kilobytes KiB"
        rm -rf result
        # shellcheck disable=SC2016,SC2086 # expanded by the inner shell; words
        unshare -m sh -c 'mount -t tmpfs -o size=$1k none disk || exit 99
            shift
            "$@" >stdout 2>stderr
            code=$?
            cp -r disk/result . 2>cp_errors
            exit $code' sh $kilobytes "$train" $settings --out disk/result
        code=$?
        mkdir -p result
        if [ $code -eq 99 ]; then echo "skipped: $name"; else refused 'No space left on device' result && can_resume result; fi
    done
else
    echo 'skipped: full disks (no mount namespace)'
fi
for limit in 1000 $((size / 2)) $((size - 1)); do
    name="files of at most $limit bytes"
    rm -rf result
    # shellcheck disable=SC2086 # words
    prlimit --fsize="$limit" "$train" $settings --out result >stdout 2>stderr
    code=$?
    refused 'File too large' result && can_resume result
done

# ---- Folders
# root may write everywhere. The user nobody may not, but may also have no access to the program or to this folder.
chmod 755 .
chmod -R a+rX half images
nobody='setpriv --reuid=65534 --clear-groups'
if [ "$(id -u)" -eq 0 ] && $nobody "$train" --help >stdout 2>stderr && $nobody cat "$work/images" >stdout 2>stderr; then
    as_nobody() { $nobody "$train" "$@" >stdout 2>stderr; }
else
    nobody=
fi
if [ -n "$nobody" ]; then
    name='a folder that cannot be created'
    # shellcheck disable=SC2086 # words
    as_nobody $settings --out result_of_nobody
    code=$?
    refused 'Permission denied' result_of_nobody && pass
    name='a folder that cannot be written to'
    # shellcheck disable=SC2086 # words
    as_nobody $settings --out half --resume
    code=$?
    refused 'Permission denied' half && pass
    name='a folder that cannot be written to, without --resume'
    # shellcheck disable=SC2086 # words
    as_nobody $settings --out half
    code=$?
    refused 'Permission denied' half && pass
else
    echo 'skipped: folders of another user (needs root, setpriv, and a program that the user nobody may run)'
fi
# away COMMAND: runs COMMAND on a run's folder after the first save; sets $code to the run's exit code.
away() {
    rm -rf result moved
    : >stdout
    # shellcheck disable=SC2086 # words
    "$train" $settings --epochs 1000 --out result >stdout 2>stderr &
    process=$!
    while [ "$(saved_step stdout)" -eq 0 ] && kill -0 $process; do sleep 0.01; done
    eval "$1"
    wait $process
    code=$?
}
name='a folder removed during the run'
# rm fails if a new file appears meanwhile.
away 'while ! rm -rf result; do :; done' 2>/dev/null
if [ $code -eq 1 ] && one_line result; then pass; else fail "$name: exit $code"; fi
name='a folder that became a file'
away 'mv result moved; : >result'
refused result moved && pass
name='the folder of samples disappears'
away 'mv result/samples moved'
refused result result && pass
name='a folder in which samples cannot be created'
rm -rf result
mkdir result
: >result/samples
fresh result
code=$?
refused samples result && pass

# ---- Memory and descriptors
if ! sanitized; then
    for kilobytes in 20000 60000 100000 140000 200000 $(more && seq 30000 5000 250000); do
        name="$kilobytes KiB of address space"
        rm -rf result
        # shellcheck disable=SC2086 # words
        prlimit --as=$((kilobytes * 1024)) "$train" $settings --out result >stdout 2>stderr
        code=$?
        # Below a certain size the C library's loader ends the program with 127.
        if [ $code -eq 127 ]; then pass; else harmless_or_refused ''; fi
    done
    for files in 4 5 6 7 8 9 $(more && seq 10 20); do
        name="$files open files"
        rm -rf result
        # shellcheck disable=SC2086 # words
        prlimit --nofile="$files" "$train" $settings --out result >stdout 2>stderr
        code=$?
        if [ $code -eq 127 ]; then pass; else harmless_or_refused 'Too many open files'; fi
    done
fi
# If no more threads can be created, fewer suffice.
if [ -n "$nobody" ]; then
    name='one process, one thread'
    rm -rf result
    mkdir -m 777 result
    # shellcheck disable=SC2086 # words
    $nobody prlimit --nproc=1 "$train" $settings --threads 64 --out result >stdout 2>stderr
    code=$?
    ends_well
else
    echo 'skipped: a limit on the number of threads'
fi

# ---- Outputs
name='a closed standard output'
rm -rf result
# shellcheck disable=SC2086 # words
"$train" $settings --out result >&- 2>stderr
code=$?
: >stdout
harmless_or_refused 'standard output'
name='a full standard output'
rm -rf result
# shellcheck disable=SC2086 # words
"$train" $settings --out result >/dev/full 2>stderr
code=$?
refused 'No space left on device' result && can_resume result
name='a standard output that nobody reads'
rm -rf result
# shellcheck disable=SC2086 # words
{
    "$train" $settings --out result 2>stderr
    echo $? >code
} | head -n 1 >stdout
code=$(cat code)
if [ "$code" -eq 0 ]; then fail "$name: exit 0"; else can_resume result; fi
name='standard input, output and error closed'
rm -rf result
# shellcheck disable=SC2086 # words
"$train" $settings --out result <&- >&- 2>&-
code=$?
: >stdout
: >stderr
if [ $code -eq 0 ]; then ends_well; else can_resume result; fi
name='a closed standard error'
rm -rf result
# shellcheck disable=SC2086 # words
"$train" $settings --out result >stdout 2>&-
code=$?
ends_well

# ---- Environment
for setting in OMP_NUM_THREADS=0 OMP_NUM_THREADS=-1 OMP_NUM_THREADS=1000 OMP_NUM_THREADS=a LC_ALL=xx LC_ALL=de_DE.UTF-8 \
    TMPDIR=/missing HOME= LANG=C.UTF-8; do
    name="$setting"
    rm -rf result
    # shellcheck disable=SC2086 # words
    env "$setting" "$train" $settings --out result >stdout 2>stderr
    code=$?
    ends_well
done
name='no environment at all'
rm -rf result
# shellcheck disable=SC2086 # words
env -i "$train" $settings --out result >stdout 2>stderr
code=$?
ends_well
# The file names, not the clock, determine which checkpoint is the later one.
name='a clock that was set back'
rm -rf result
cp -r half result
touch -d 2100-01-01 result/checkpoint.previous.safetensors
touch -d 1970-01-02 result/checkpoint.safetensors images
can_resume result

# ---- Paths
deep=$(printf 'd%.0s' $(seq 200))
line='two
lines'
for path in 'with spaces' 'Zürich 数字' "$line" -- "$deep/$deep/$deep"; do
    name="the path $path"
    rm -rf there
    mkdir -p "there/$path" || continue
    fresh "there/$path" --max-steps 3
    code=$?
    [ $code -eq 0 ] || { fail "$name: exit $code"; continue; }
    can_resume "there/$path"
done
# A path can be too long, or a name in it.
for path in "$(printf 'x%.0s' $(seq 256))" "$(printf 'abcdefg/%.0s' $(seq 512))"; do
    name="a path of ${#path} bytes"
    rm -rf result
    fresh "$path"
    code=$?
    refused 'File name too long' "$path" && pass
done

report
