# Shared by scripts that run the programs, which source it.
# shellcheck shell=sh

# absolute PATH: prints it from the root.
absolute() { echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"; }

passed=0
failed=0
pass() { passed=$((passed + 1)); }
# fail WORDS: counts and reports a failure.
fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$*"
}
# check STATUS WORDS: counts a result, and reports a failure.
check() { if [ "$1" -eq 0 ]; then pass; else fail "$2"; fi; }

# number N...: prints each number as four bytes, the highest first, as IDX files have them.
number() {
    for n; do
        # shellcheck disable=SC2059 # the format is the bytes
        printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $((n >> 24 & 255)) $((n >> 16 & 255)) $((n >> 8 & 255)) $((n & 255)))"
    done
}

# constant FOLDER: prints the lines of a run's report that do not depend on machine and time.
constant() { sed '/^<!-- this run: begin -->$/,/^<!-- this run: end -->$/d' "$1/report.html"; }

# run FOLDER FLAGS...: runs $train with the words of $settings, which must succeed without a line on standard error.
run() {
    folder=$1
    shift
    # shellcheck disable=SC2086,SC2154 # words, which the script sets
    "$train" $settings --out "$folder" "$@" >stdout 2>stderr || fail "$*: exit $?: $(cat stderr)"
    [ -s stderr ] && fail "$*: $(cat stderr)"
}
# equal FOLDER FOLDER: whether all results of two runs but previous checkpoints are equal, and those lines of the reports.
equal() {
    diff -rq --exclude='*.previous.safetensors' --exclude=report.html --exclude=damaged "$1" "$2" >differences &&
        constant "$1" >report_1 && constant "$2" >report_2 && [ -s report_1 ] && diff -q report_1 report_2 >differences
}
# same FOLDER FOLDER WORDS: checks that.
same() { if equal "$1" "$2"; then pass; else fail "$3: $(tr '\n' ';' <differences)"; fi; }

# expect_error PROGRAM CODE WORDS COMMAND...: runs the command. It must end with that code and one line on standard error, which
# begins with the program's name and contains the words, and not write the file or folder `result`.
expect_error() {
    program=$1 code=$2 words=$3
    shift 3
    timeout 60 "$@" >stdout 2>stderr
    found_code=$?
    if [ $found_code -eq "$code" ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -q "^$program: " stderr &&
        grep -qF -- "$words" stderr && [ ! -e result ]; then
        pass
    else
        fail "$*
  expected: exit $code, one line with \"$words\", nothing written
  found: exit $found_code: $(head -c 600 stderr)"
        rm -rf result
    fi
}
