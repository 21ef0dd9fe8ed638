# Shared by the scripts of this folder, which source it first. It takes the script's first two arguments, TRAIN_DCGAN and
# SHIPPED_IMAGES.gz, and changes to a temporary folder, $work, that is removed at the end.
# shellcheck shell=sh
set -u
# shellcheck source=tests/programs/common.sh
. "$(dirname "$0")/../programs/common.sh"
# Absolute paths, because the script changes the folder.
train=$(absolute "$1")
# shellcheck disable=SC2034 # used by the scripts
scripts=$(cd "$(dirname "$0")" && pwd)
shipped=$(absolute "$2")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
# Leak detection needs ptrace, which strace already uses.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"

# Whether the program is built with sanitizers, which make additional system calls and need more memory and time.
sanitized() { grep -q __asan_init "$train"; }

# fail WORDS: counts and reports a failure, with the program's error output.
fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$*"
    [ ! -s stderr ] || head -c 600 stderr | sed 's/^/  stderr: /'
}
# report: prints the counts; the script's last command.
report() {
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ] && [ $passed -gt 0 ]
}

# digits N: prints the first N shipped images as an IDX file.
digits() {
    # shellcheck disable=SC2059 # the format is the bytes
    printf "$(printf '\\0\\0\\010\\003\\0\\0\\%03o\\%03o\\0\\0\\0\\034\\0\\0\\0\\034' $(($1 >> 8)) $(($1 & 255)))"
    gzip -dc "$shipped" 2>/dev/null | tail -c +17 | head -c $((784 * $1))
}

# dots N: as many images of black and white dots, which are compressed bytes. They are much further apart than pictures of a generator
# that has hardly begun, which the watch takes for a collapse.
dots() {
    digits "$1" | head -c 16
    tail -c +1001 "$shipped" | head -c $((784 * $1)) | tr '\000-\177\200-\377' '[\000*128][\377*128]'
}

# fresh DIR ARGUMENTS...: runs the program from the start with the flags of $settings; ARGUMENTS override them.
fresh() {
    dir=$1
    shift
    # shellcheck disable=SC2086 # $settings are words
    "$train" $settings --out "$dir" "$@" >stdout 2>stderr
}

# good FILE: whether --check accepts the file as a checkpoint.
good() { "$train" --check "$1" >checked 2>&1; }
# step_of FILE: prints the checkpoint's step according to --check, 0 if there is no good checkpoint.
step_of() { if good "$1"; then sed -n 's/.*step \([0-9][0-9]*\).*/\1/p' checked; else echo 0; fi; }
# resumable_step DIR: prints the latest step from which a run can resume, 0 if there is none.
resumable_step() {
    step=$(step_of "$1/checkpoint.safetensors")
    [ "$step" -gt 0 ] || step=$(step_of "$1/checkpoint.previous.safetensors")
    echo "$step"
}
# saved_step FILE: prints the step of the last "saved" line in a run's output, 0 if there is none.
saved_step() {
    step=$(sed -n '/saved/s/.*step \([0-9][0-9]*\).*/\1/p' "$1" | tail -n 1)
    echo "${step:-0}"
}

# one_line WORDS [FILE]: whether standard error (or FILE) is exactly one line of the program and contains the words.
one_line() {
    [ "$(wc -l <"${2:-stderr}")" -eq 1 ] && grep -q '^train_dcgan: ' "${2:-stderr}" && grep -qF -- "$1" "${2:-stderr}"
}
# tidy DIR: whether there are no temporary files.
tidy() { [ -z "$(find "$1" -name '.ctgan-*')" ]; }
# same DIR DIR: whether the results of two runs are equal byte for byte.
same() {
    # Not the checkpoints, whose contents show in the results of resumed runs, nor the files of earlier runs.
    diff -r -x 'checkpoint*.safetensors' -x damaged -x 'earlier*' -x report.html "$1" "$2" >differences 2>&1 &&
        constant "$1" >report_1 2>differences && constant "$2" >report_2 2>differences && cmp report_1 report_2 >differences 2>&1
}
# resumes DIR WHOLE ARGUMENTS...: resumes in DIR, or starts again if nothing was saved, and compares the results with the run
# WHOLE.
resumes() {
    dir=$1 whole=$2
    shift 2
    if [ "$(resumable_step "$dir")" -gt 0 ]; then set -- --resume "$@"; fi
    fresh "$dir" "$@" || { fail "$name: could not resume"; return 1; }
    same "$dir" "$whole" || { fail "$name: resumed with other results: $(head -n 3 differences | tr '\n' ';')"; return 1; }
    tidy "$dir" || { fail "$name: left $(find "$dir" -name '.ctgan-*')"; return 1; }
}
