#!/bin/sh
# Power may fail at any moment. For every file that train_dcgan writes as a whole the system calls must be, in this order:
# create a temporary file in the same folder, write, fsync, close, rename, fsync of the folder. (Killing a process does not test
# this: the system keeps what the process wrote.)
# usage: order.sh TRAIN_DCGAN SHIPPED_IMAGES.gz
# shellcheck source=tests/faults/common.sh
. "$(dirname "$0")/common.sh"
strace -o /dev/null true || { echo 'needs strace'; exit 77; }

digits 4 >images
settings="--data $work/images --batch-size 2 --epochs 2 --save-every 1 --threads 1 --log-steps"
mkdir 'a result'
# -y shows the file behind each descriptor.
# shellcheck disable=SC2086 # $settings are words
strace -y -f -o trace -e trace=openat,write,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,close \
    "$train" $settings --out 'a result' --animate 'a result/film.png' >stdout 2>stderr || fail "a run under strace"

if awk '
    function wrong(what) { ++failed; printf "FAILED: %s: %s: %s\n", temporary, what, $0 }
    function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
    # The text between the n-th pair of quotes, and that between < and >.
    function quoted(n) { split($0, parts, "\""); return parts[2 * n] }
    function descriptor() { text = $0; sub(/^[^<]*</, "", text); sub(/>.*/, "", text); return text }

    / openat\(.*O_CREAT/ && /\.ctgan-[^"]*\.tmp"/ {
        temporary = quoted(1)
        if (state != "") wrong("a second file before the first one is on the disk")
        if ($0 !~ /O_EXCL/) wrong("not a new file")
        state = "open"; next
    }
    state == "open" && / write\(/ && descriptor() ~ /\.ctgan-/ { written = 1; next }
    state == "open" && / f(data)?sync\(/ {
        if (!written || descriptor() !~ /\.ctgan-/) wrong("fsync of something else")
        state = "synced"; next
    }
    state == "synced" && / close\(/ { if (descriptor() ~ /\.ctgan-/) state = "closed"; next }
    / rename(at2?)?\(/ {
        if (state != "closed" && state != "renamed") wrong("a rename before fsync and close")
        if (folder(quoted(1)) != folder(temporary) || folder(quoted(2)) != folder(temporary)) wrong("not the same folder")
        if (quoted(1) == temporary) { state = "renamed"; name = quoted(2); sub(/.*\//, "", name); ++saved[name] }
        next
    }
    # The old file gets its second name by link, so it has a name at every moment.
    / link(at)?\(/ {
        if (state != "closed") wrong("a second name before fsync and close")
        if (folder(quoted(1)) != folder(temporary) || folder(quoted(2)) != folder(temporary)) wrong("not the same folder")
        next
    }
    / unlink(at)?\(/ { if (quoted(1) !~ /\.ctgan-[^\/]*\.tmp$/) wrong("unlink of another file"); next }
    state == "renamed" && / fsync\(/ {
        if (descriptor() !~ /a result(\/samples)?$/) wrong("fsync of something other than the folder")
        state = ""; written = 0; next
    }
    # A "saved" line must be true.
    / write\(1</ && /saved/ { ++reported; if (state != "" || !saved["checkpoint.safetensors"]) wrong("reported as saved too early") }
    END {
        if (state != "") wrong("not finished")
        if (!reported) wrong("nothing was reported as saved")
        split("checkpoint.safetensors generator.safetensors discriminator.safetensors loss.csv loss.svg report.html film.png epoch_0001.png epoch_0002.png", names, " ")
        for (i in names) if (!saved[names[i]]) { ++failed; print "FAILED: " names[i] " was not written in this way" }
        exit failed > 0
    }' trace; then pass; else fail "the order of the calls"; fi
report
