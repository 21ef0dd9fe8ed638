# What the scripts of this folder share. A script sources it first; it takes the script's own first two arguments,
# TRAIN_DCGAN and SHIPPED_IMAGES.gz, and goes into a folder of its own, $work, that vanishes at the end.
# shellcheck shell=sh
set -u
# Absolute, because of the folder.
train=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
# shellcheck disable=SC2034 # for the scripts
scripts=$(cd "$(dirname "$0")" && pwd)
shipped=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
# Leaks would be looked for by means of ptrace, which strace uses already.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# Whether the program is one with sanitizers, which make system calls of their own and need more of everything.
sanitized() { grep -q __asan_init "$train"; }

passed=0
failed=0
pass() { passed=$((passed + 1)); }
# fail WHAT...: notes a fault of the program, with what it said.
fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$*"
    [ ! -s stderr ] || head -c 600 stderr | sed 's/^/  stderr: /'
}
# The script's last command.
report() {
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# digits N: the first N shipped images as an IDX file.
digits() {
    # shellcheck disable=SC2059 # the format is the bytes
    printf "$(printf '\\0\\0\\010\\003\\0\\0\\%03o\\%03o\\0\\0\\0\\034\\0\\0\\0\\034' $(($1 >> 8)) $(($1 & 255)))"
    gzip -dc "$shipped" 2>/dev/null | tail -c +17 | head -c $((784 * $1))
}

# fresh DIR ARGUMENTS...: runs the program from the start. Its settings are in $settings; a later flag wins.
fresh() {
    dir=$1
    shift
    # shellcheck disable=SC2086 # $settings are words
    "$train" $settings --out "$dir" "$@" >stdout 2>stderr
}

# good FILE: whether --check finds a checkpoint there.
good() { "$train" --check "$1" >checked 2>&1; }
# step_of FILE: the step that --check tells, 0 where there is no good checkpoint.
step_of() { if good "$1"; then sed -n 's/.*step \([0-9][0-9]*\).*/\1/p' checked; else echo 0; fi; }
# kept DIR: the latest step that can be resumed from.
kept() {
    step=$(step_of "$1/checkpoint.safetensors")
    [ "$step" -gt 0 ] || step=$(step_of "$1/checkpoint.previous.safetensors")
    echo "$step"
}
# said FILE: the step of the last line that says "saved" in what a run printed, 0 where there is none.
said() {
    step=$(sed -n '/saved/s/.*step \([0-9][0-9]*\).*/\1/p' "$1" | tail -n 1)
    echo "${step:-0}"
}

# one_line WORDS [FILE]: whether standard error was one line of the program's that holds the words.
one_line() {
    [ "$(wc -l <"${2:-stderr}")" -eq 1 ] && grep -q '^train_dcgan: ' "${2:-stderr}" && grep -qF -- "$1" "${2:-stderr}"
}
# tidy DIR: whether no temporary file is left.
tidy() { [ -z "$(find "$1" -name '.ctgan-*')" ]; }
# same DIR DIR: whether two runs made the same results, byte for byte.
same() {
    # Checkpoints are compared by what is made of them; what was put aside is of earlier runs.
    diff -r -x 'checkpoint*.safetensors' -x damaged -x 'earlier*' "$1" "$2" >differences 2>&1
}
# goes_on DIR WHOLE ARGUMENTS...: resumes in DIR, or starts where nothing was saved, and compares with the run WHOLE.
goes_on() {
    dir=$1 whole=$2
    shift 2
    if [ "$(kept "$dir")" -gt 0 ]; then set -- --resume "$@"; fi
    fresh "$dir" "$@" || { fail "$name: could not go on"; return 1; }
    same "$dir" "$whole" || { fail "$name: went on to other results: $(head -n 3 differences | tr '\n' ';')"; return 1; }
    tidy "$dir" || { fail "$name: left $(find "$dir" -name '.ctgan-*')"; return 1; }
}
