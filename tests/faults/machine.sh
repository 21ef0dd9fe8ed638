#!/bin/sh
# Trains on machines with something wrong: full disks, limits, folders that cannot be written to or go away, closed and full
# outputs, odd environments and paths. Each must end in one line and an exit code that is not 0, or be no matter at all; what
# was saved must still be there.
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

# refused WORDS DIR: the last run has ended with 1 and a line that holds the words; what it said to be saved is in DIR.
refused() {
    if [ $code -ne 1 ]; then fail "$name: exit $code"; return 1; fi
    if ! one_line "$1"; then fail "$name: not one line with \"$1\""; return 1; fi
    if [ "$(kept "$2")" -lt "$(said stdout)" ]; then
        fail "$name: step $(said stdout) was saved, $(kept "$2") is left"
        return 1
    fi
}
# lives DIR ARGUMENTS...: and the run can be brought to its end.
lives() { if goes_on "$1" whole; then pass; fi; }
# ends_well: the last run made the whole result in `result`.
ends_well() { if [ $code -eq 0 ] && same result whole; then pass; else fail "$name: exit $code, $(head -n 3 differences)"; fi; }
# harmless_or_refused WORDS: either of the two.
harmless_or_refused() { if [ $code -eq 0 ]; then ends_well; else refused "$1" result && lives result; fi; }

# ---- Disks
# A disk of its own needs a mount namespace; what is on the disk in the end is copied out of it.
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
        if [ $code -eq 99 ]; then echo "skipped: $name"; else refused 'No space left on device' result && lives result; fi
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
    refused 'File too large' result && lives result
done

# ---- Folders
# root may write everywhere; nobody may not, but may be kept from the program or from this folder, too.
chmod 755 .
chmod -R a+rX half images
nobody='setpriv --reuid=65534 --clear-groups'
if [ "$(id -u)" -eq 0 ] && $nobody "$train" --help >stdout 2>stderr && $nobody cat "$work/images" >stdout 2>stderr; then
    as_nobody() { $nobody "$train" "$@" >stdout 2>stderr; }
else
    nobody=
fi
if [ -n "$nobody" ]; then
    name='a folder that cannot be made'
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
    echo 'skipped: folders of another user (needs root, setpriv, and a program that nobody may run)'
fi
# away COMMAND: does COMMAND to a run's folder once it has saved; the run's exit code is in $code.
away() {
    rm -rf result moved
    : >stdout
    # shellcheck disable=SC2086 # words
    "$train" $settings --epochs 1000 --out result >stdout 2>stderr &
    process=$!
    while [ "$(said stdout)" -eq 0 ] && kill -0 $process; do sleep 0.01; done
    eval "$1"
    wait $process
    code=$?
}
name='a folder removed under way'
# rm fails where a new file comes while it removes.
away 'while ! rm -rf result; do :; done' 2>/dev/null
if [ $code -eq 1 ] && one_line result; then pass; else fail "$name: exit $code"; fi
name='a folder that became a file'
away 'mv result moved; : >result'
refused result moved && pass
name='no folder for samples any more'
away 'mv result/samples moved'
refused result result && pass
name='a folder whose samples cannot be made'
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
        # Below some size the C library's loader ends the program, with 127.
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
# Where no more threads are to be had, fewer do it.
if [ -n "$nobody" ]; then
    name='one process, one thread'
    rm -rf result
    mkdir -m 777 result
    # shellcheck disable=SC2086 # words
    $nobody prlimit --nproc=1 "$train" $settings --threads 64 --out result >stdout 2>stderr
    code=$?
    ends_well
else
    echo 'skipped: no more threads to be had'
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
refused 'No space left on device' result && lives result
name='nobody who reads standard output'
rm -rf result
# shellcheck disable=SC2086 # words
{
    "$train" $settings --out result 2>stderr
    echo $? >code
} | head -n 1 >stdout
code=$(cat code)
if [ "$code" -eq 0 ]; then fail "$name: exit 0"; else lives result; fi
name='all three closed'
rm -rf result
# shellcheck disable=SC2086 # words
"$train" $settings --out result <&- >&- 2>&-
code=$?
: >stdout
: >stderr
if [ $code -eq 0 ]; then ends_well; else lives result; fi
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
# Which file is the later one is told by names, not by clocks.
name='a clock that was set back'
rm -rf result
cp -r half result
touch -d 2100-01-01 result/checkpoint.previous.safetensors
touch -d 1970-01-02 result/checkpoint.safetensors images
lives result

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
    lives "there/$path"
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
