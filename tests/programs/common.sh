# Shared by scripts that run the programs, which source it.
# shellcheck shell=sh

# number N...: prints each number as four bytes, the highest first, as IDX files have them.
number() {
    for n; do
        # shellcheck disable=SC2059 # the format is the bytes
        printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $((n >> 24 & 255)) $((n >> 16 & 255)) $((n >> 8 & 255)) $((n & 255)))"
    done
}

# constant FOLDER: prints the lines of a run's report that do not depend on machine and time.
constant() { sed '/^<!-- this run: begin -->$/,/^<!-- this run: end -->$/d' "$1/report.html"; }

# expect_error PROGRAM CODE WORDS COMMAND...: runs the command. It must end with that code and one line on standard error, which
# begins with the program's name and contains the words, and not write the file or folder `result`. Counts in $passed and $failed.
expect_error() {
    program=$1 code=$2 words=$3
    shift 3
    timeout 60 "$@" >stdout 2>stderr
    found_code=$?
    if [ $found_code -eq "$code" ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -q "^$program: " stderr &&
        grep -qF -- "$words" stderr && [ ! -e result ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  expected: exit %s, one line with "%s", nothing written\n  found: exit %s: %s\n' \
            "$*" "$code" "$words" "$found_code" "$(head -c 600 stderr)"
        rm -rf result
    fi
}
