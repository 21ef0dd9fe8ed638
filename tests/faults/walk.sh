#!/bin/sh
# Makes every system call of a training run fail once, one call in each run, from the first that touches one of its files until
# a run succeeds without a failed call (the method of SQLite's tests), and kills the run at every such call that writes. The run
# must end with one line and a code other than 0, keep every step up to its last "saved" line, and resume to the same bytes.
# usage: walk.sh TRAIN_DCGAN SHIPPED_IMAGES.gz [every]      (without "every" only some calls of each kind, which takes seconds)
# shellcheck source=tests/faults/common.sh
. "$(dirname "$0")/common.sh"
strace -o /dev/null true || { echo 'needs strace'; exit 77; }
! sanitized || { echo 'needs a program without sanitizers'; exit 77; }
every=${3-}

digits 6 >images
settings="--data $work/images --batch-size 2 --epochs 1 --save-every 1 --threads 1 --log-steps"
name='a run without errors'
fresh whole || { fail "$name"; report; exit; }
# The runs to resume: one that stopped within the epoch, and one whose last checkpoint is damaged.
fresh half --max-steps 2 || { fail "$name"; report; exit; }
cp -r half damaged
echo >>damaged/checkpoint.safetensors

# start: restores the folder `result` to its state before the tested run. Sets $again to the flag that resumes, and $least to the
# step that must not be lost.
start() {
    rm -rf result
    case $walked in
    fresh) again='' least=0 ;;
    resumed) cp -r half result && again=--resume least=2 ;;
    damaged) cp -r damaged result && again=--resume least=1 ;;
    esac
}
# traced STRACE_ARGUMENTS...: runs the program under strace.
traced() {
    # shellcheck disable=SC2086 # words or none
    strace -f -o trace "$@" "$train" $settings --out result $again >stdout 2>stderr
}

# error_of CALL: prints the error with which the call is made to fail, nothing if the call is about neither files nor memory.
error_of() {
    case $1 in
    write | pwrite64 | writev | mkdir* | fallocate) echo ENOSPC ;;
    read | pread64 | readv | fsync | fdatasync | close | ftruncate | *stat | *stat64 | newfstatat | statx | lseek | getdents*) echo EIO ;;
    open* | rename* | link* | unlink* | chmod | fchmod*) echo EACCES ;;
    flock) echo EAGAIN ;;
    # Not brk: the C library detects its failure from the returned address.
    mmap | mremap) echo ENOMEM ;;
    esac
}
# kills CALL: whether a crash at this call could do harm.
kills() { case $1 in write | fsync | fdatasync | close | openat | rename* | link* | unlink* | ftruncate) true ;; *) false ;; esac; }

# chosen BEFORE TOTAL SOME: prints which of the calls 1 to TOTAL are tested, without the first BEFORE, which the loader makes:
# all with "every", otherwise SOME of them, spread evenly.
chosen() {
    awk -v skip="$1" -v total="$2" -v most="${every:+1000000}" -v some="$3" 'BEGIN {
        if (!most) most = some
        left = total - skip
        for (i = 1; i <= left; ++i) if (left <= most || int(i * most / left) > int((i - 1) * most / left)) print skip + i }'
}

# point CALL INJECTION N: runs the program with an error or a signal at the Nth call, and checks the result.
point() {
    name="$walked run, $1 number $3, $2"
    start
    traced -e "inject=$1:$2:when=$3"
    code=$?
    failed_call=$(grep -m 1 INJECTED trace || tail -n 2 trace | head -n 1)
    name="$name: $(echo "$failed_call" | cut -c 1-120)"
    kept_step=$(resumable_step result)
    for step in "$(saved_step stdout)" $least; do
        [ "$kept_step" -ge "$step" ] || { fail "$name: step $step was saved, $kept_step is left"; return; }
    done
    case $2 in
    signal=KILL) [ $code -eq 137 ] || { fail "$name: exit $code"; return; } ;;
    *) ended_well "$code" "$failed_call" || return ;;
    esac
    if [ $code -ne 0 ]; then resumes result whole || return; fi
    pass
}

# ended_well CODE CALL: checks how a run ended in which CALL failed.
ended_well() {
    if [ "$1" -eq 0 ]; then
        # If one of these calls fails, a result is not on the disk. If another one fails, such as stat, it may be.
        if echo "$2" | grep -qE ' (fsync|fdatasync|rename[a-z0-9]*|ftruncate|mkdir[a-z]*|p?write[v0-9]*)\(|O_CREAT'; then
            fail "$name: exit 0"
            return 1
        fi
        same result whole || { fail "$name: exit 0 with other results"; return 1; }
        return
    fi
    [ "$1" -eq 1 ] || { fail "$name: exit $1"; return 1; }
    # A run that resumes from the previous checkpoint reports this in an additional line.
    tail -n 1 stderr >last_line
    if ! one_line ': ' last_line || [ "$(wc -l <stderr)" -gt 2 ]; then
        # The line cannot be there if the failed call was the one that writes it.
        case $2 in *write\(2,*) ;; *) fail "$name: not one line"; return 1 ;; esac
    fi
    # After a failed fsync the contents of the disk are unknown: no file may be created or renamed (LevelDB's rule). Lines of
    # steps.csv may follow; a resumed run removes them.
    if sed '1,/fsync.*INJECTED/d' trace | grep -E 'rename|O_CREAT| write\(([3-9]|[1-9][0-9]), "[^0-9]' >after; then
        case $2 in *fsync*) fail "$name: then $(head -n 1 after)"; return 1 ;; esac
    fi
}

for walked in fresh resumed damaged; do
    case $walked in fresh) some=2 ;; *) some=1 ;; esac
    start
    traced
    code=$?
    if [ $code -ne 0 ] || ! same result whole; then
        fail "$walked run under strace: exit $code, $(cat differences)"
        continue
    fi
    # The calls of the program's main thread by kind: how many in total, and how many before the first of its own files.
    awk '{ main = main ? main : $1 } $1 == main && $2 ~ /^[a-z]/ {
            kind = $2; sub(/\(.*/, "", kind)
            if (!ours && !/execve/ && /images|result/) ours = 1
            ++total[kind]; if (!ours) ++before[kind] }
        END { for (kind in total) if (total[kind] > before[kind]) print kind, before[kind] + 0, total[kind] }' trace |
        sort >kinds
    while read -r kind before total; do
        error=$(error_of "$kind")
        [ -n "$error" ] || continue
        case $every$walked$kind in
        fresh* | every* | resumedread | resumedopenat | resumedwrite | resumedfsync | *rename) ;;
        *) continue ;;
        esac
        # Test each of the few renames: between two of them a name is missing.
        case $kind in rename*) most=12 ;; *) most=$some ;; esac
        for n in $(chosen "$before" "$total" $most); do point "$kind" "error=$error" "$n"; done
        if kills "$kind"; then
            for n in $(chosen "$before" "$total" $most); do point "$kind" signal=KILL "$n"; done
        fi
        # With a number above the last call of its kind the run succeeds: the walk has tested all calls.
        start
        if traced -e "inject=$kind:error=$error:when=$((total + 1))" && ! grep -q INJECTED trace && same result whole; then
            pass
        else
            fail "$walked run, $kind: there are more than $total"
        fi
    done <kinds
done
report
