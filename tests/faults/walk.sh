#!/bin/sh
# Lets every system call of a training run fail once, one in each run, from the first that touches a file of ours until a
# run passes clean (SQLite's loop), and kills the run at every such call that writes. The run must end with one line and
# not with 0, must have kept every step up to its last "saved" line, and must go on from there to the same bytes.
# usage: walk.sh TRAIN_DCGAN SHIPPED_IMAGES.gz [every]      (without "every" some calls of each kind only: seconds)
# shellcheck source=tests/faults/common.sh
. "$(dirname "$0")/common.sh"
strace -o /dev/null true || { echo 'needs strace'; exit 77; }
! sanitized || { echo 'needs a program without sanitizers'; exit 77; }
every=${3-}

digits 6 >images
settings="--data $work/images --batch-size 2 --epochs 1 --save-every 1 --threads 1 --log-steps"
name='a run without faults'
fresh whole || { fail "$name"; report; exit; }
# What is resumed: a run that stopped inside the epoch, and one whose last checkpoint was damaged since.
fresh half --max-steps 2 || { fail "$name"; report; exit; }
cp -r half damaged
echo >>damaged/checkpoint.safetensors

# start: puts the folder `result` back to how the run that is walked over finds it, and sets what makes it go on and the
# step that must not be lost.
start() {
    rm -rf result
    case $walked in
    fresh) again='' least=0 ;;
    resumed) cp -r half result && again=--resume least=2 ;;
    damaged) cp -r damaged result && again=--resume least=1 ;;
    esac
}
# watched STRACE_ARGUMENTS...: the run, under strace.
watched() {
    # shellcheck disable=SC2086 # words or none
    strace -f -o trace "$@" "$train" $settings --out result $again >stdout 2>stderr
}

# The error that a call is made to fail with; none where its failing is no matter of files or memory.
error_of() {
    case $1 in
    write | pwrite64 | writev | mkdir* | fallocate) echo ENOSPC ;;
    read | pread64 | readv | fsync | fdatasync | close | ftruncate | *stat | *stat64 | newfstatat | statx | lseek | getdents*) echo EIO ;;
    open* | rename* | link* | unlink* | chmod | fchmod*) echo EACCES ;;
    flock) echo EAGAIN ;;
    # Not brk, whose failure the C library reads off the address that comes back.
    mmap | mremap) echo ENOMEM ;;
    esac
}
# kills CALL: whether a crash at this call can do harm.
kills() { case $1 in write | fsync | fdatasync | close | openat | rename* | link* | unlink* | ftruncate) true ;; *) false ;; esac; }

# Which of the calls 1..$2 of a kind are tried, the first $1 being the loader's: all, or some $3 over the whole range.
chosen() {
    awk -v skip="$1" -v total="$2" -v most="${every:+1000000}" -v some="$3" 'BEGIN {
        if (!most) most = some
        left = total - skip
        for (i = 1; i <= left; ++i) if (left <= most || int(i * most / left) > int((i - 1) * most / left)) print skip + i }'
}

# point CALL FAULT N: one run with a fault, and all that must be true behind it.
point() {
    name="$walked run, $1 number $3, $2"
    start
    watched -e "inject=$1:$2:when=$3"
    code=$?
    struck=$(grep -m 1 INJECTED trace || tail -n 2 trace | head -n 1)
    name="$name: $(echo "$struck" | cut -c 1-120)"
    kept_step=$(kept result)
    for step in "$(said stdout)" $least; do
        [ "$kept_step" -ge "$step" ] || { fail "$name: step $step was saved, $kept_step is left"; return; }
    done
    case $2 in
    signal=KILL) [ $code -eq 137 ] || { fail "$name: exit $code"; return; } ;;
    *) answered "$code" "$struck" || return ;;
    esac
    if [ $code -ne 0 ]; then goes_on result whole || return; fi
    pass
}

# answered CODE STRUCK: whether the run that met the failed call ended as it should.
answered() {
    if [ "$1" -eq 0 ]; then
        # Without these calls a result is not on the disk; without others, such as a stat, it may well be.
        if echo "$2" | grep -qE ' (fsync|fdatasync|rename[a-z0-9]*|ftruncate|mkdir[a-z]*|p?write[v0-9]*)\(|O_CREAT'; then
            fail "$name: exit 0"
            return 1
        fi
        same result whole || { fail "$name: exit 0 with other results"; return 1; }
        return
    fi
    [ "$1" -eq 1 ] || { fail "$name: exit $1"; return 1; }
    # A run that resumes from the previous checkpoint has said so in a line of its own.
    tail -n 1 stderr >last_line
    if ! one_line ': ' last_line || [ "$(wc -l <stderr)" -gt 2 ]; then
        # The line itself cannot be written where the failed call was to write it.
        case $2 in *write\(2,*) ;; *) fail "$name: not one line"; return 1 ;; esac
    fi
    # After a failed fsync nobody knows what is on the disk: no file may be begun or put in place (LevelDB's rule). Lines
    # of steps.csv may follow, which a run that resumes takes out again.
    if sed '1,/fsync.*INJECTED/d' trace | grep -E 'rename|O_CREAT| write\(([3-9]|[1-9][0-9]), "[^0-9]' >after; then
        case $2 in *fsync*) fail "$name: then $(head -n 1 after)"; return 1 ;; esac
    fi
}

for walked in fresh resumed damaged; do
    case $walked in fresh) some=2 ;; *) some=1 ;; esac
    start
    watched
    code=$?
    if [ $code -ne 0 ] || ! same result whole; then
        fail "$walked run under strace: exit $code, $(cat differences)"
        continue
    fi
    # The calls of the program's own thread, by kind: how many in all, and how many before the first file of ours.
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
        # Of the few renames each counts: between two of them a name is missing.
        case $kind in rename*) most=12 ;; *) most=$some ;; esac
        for n in $(chosen "$before" "$total" $most); do point "$kind" "error=$error" "$n"; done
        if kills "$kind"; then
            for n in $(chosen "$before" "$total" $most); do point "$kind" signal=KILL "$n"; done
        fi
        # Behind the last call of the kind the run passes clean: the walk has met them all.
        start
        if watched -e "inject=$kind:error=$error:when=$((total + 1))" && ! grep -q INJECTED trace && same result whole; then
            pass
        else
            fail "$walked run, $kind: there are more than $total"
        fi
    done <kinds
done
report
