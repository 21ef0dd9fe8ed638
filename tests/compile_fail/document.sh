#!/bin/sh
# Makes docs/error_messages.md of the cases.
#   document.sh               prints it, with the table of line counts that stands in it
#   document.sh --check       says where it is not what this prints
#   document.sh --count [FLAG...]   prints it with the lines counted anew: every mistake, every compiler; some
#                             ten minutes
set -eu
LC_ALL=C
export LC_ALL
here=$(dirname "$0")
cases=$here/cases
document=$here/../../docs/error_messages.md

# The groups, in the order of the document.
groups='shapes:Shapes of layers
arguments:Arguments of layers
meet:What meets a network
training:Training
backends:Backends
own:Layers of your own'

# field NAME CASE: the texts of the lines `// NAME: TEXT`, joined.
field() { sed -n "s|^// $1: ||p" "$2" | tr '\n' ' ' | sed 's/ $//'; }
# The first lines of a case: what the mistake is.
title() { sed '/^\/\/ group:/,$d; s|^// ||' "$1" | tr '\n' ' ' | sed 's/ $//'; }
in_group() { grep -l "^// group: $1\$" "$cases"/*.cpp; }

# branch WHICH CASE: the lines of the mistake or of its twin, with a line around them.
branch() {
    awk -v which="$1" '
        { line[NR] = $0 }
        /^#if/ { begin = NR }
        /^#else/ { middle = NR }
        /^#endif/ { end = NR }
        END {
            if (!middle) middle = end
            if (line[begin - 1] != "" && line[begin - 1] !~ /^\/\//) print line[begin - 1]
            from = which == "twin" ? begin + 1 : middle + 1
            to = which == "twin" ? middle - 1 : end - 1
            for (i = from; i <= to; ++i) if (line[i] != "") print line[i]
            if (line[end + 1] != "") print line[end + 1]
        }' "$2"
}

table_as_it_stands() { sed -n '/^<!-- lines: begin -->$/,/^<!-- lines: end -->$/p' "$document"; }

# lines COMPILER [FLAG...]: "NAME LINES" of each case.
lines() { READ=each_time TWINS=no "$here/run_cases.sh" "$@" "$cases" | awk '$1 == "ok" { print $2, $3 } $1 == "FAILED" { print $2, "failed" }'; }

counted_table() {
    counts=$(mktemp -d)
    lines g++ "$@" >"$counts/1"
    lines clang++ "$@" >"$counts/2"
    lines clang++-19 -std=c++26 "$@" >"$counts/3"
    lines "$(PATH=$PATH:/usr/local/cuda/bin command -v nvcc)" "$@" >"$counts/4"
    echo '<!-- lines: begin -->'
    echo '| mistake | g++ 12 | clang 14 | clang 19, C++26 | nvcc 13 |'
    echo '|---|---|---|---|---|'
    for case_file in "$cases"/*.cpp; do
        name=$(basename "$case_file" .cpp)
        row="| [$name](#$name) |"
        for k in 1 2 3 4; do
            n=$(sed -n "s/^$name //p" "$counts/$k")
            row="$row ${n:--} |"
        done
        echo "$row"
    done
    echo '<!-- lines: end -->'
    rm -rf "$counts"
}

print_document() {
    cat <<'END'
# What the compiler says

Mistakes that this library finds while compiling: each gives one error, whose sentence says what met what. g++ prints the
sentence in quotation marks, in a line that ends in `evaluates to false`; clang 19 with `-std=c++26` prints it in the line of the
error. clang before that and nvcc cannot print a text that was computed: they print it as a type, in the same order. The line of
your own that led there stands in the same output, as the last of those that begin with `required from` or
`in instantiation of`, with nvcc as the last of `detected during`.

`tests/compile_fail/document.sh` makes this page of [tests/compile_fail/cases](../tests/compile_fail/cases). The tests
compile every one of them with the mistake and with the cure, but with nvcc some of each kind. The output is of at most 10 lines
with g++ and nvcc; clang needs 12 where a mistake stands within a network, since it shows two lines of source for each of the
two steps from the assertion to your line.

<!-- code: no block of this document is compiled: tests/compile_fail compiles the cases that it is made of -->

END
    printf '%s\n' "$groups" | while IFS=: read -r key name; do
        echo "- **$name**"
        for case_file in $(in_group "$key"); do
            echo "  - [$(title "$case_file")](#$(basename "$case_file" .cpp))"
        done
    done
    echo '- [How many lines each compiler prints](#how-many-lines)'
    printf '%s\n' "$groups" | while IFS=: read -r key name; do
        printf '\n## %s\n' "$name"
        for case_file in $(in_group "$key"); do
            printf '\n### %s\n\n%s\n\n' "$(basename "$case_file" .cpp)" "$(title "$case_file")"
            printf '```cpp\n%s\n```\n\n' "$(branch mistake "$case_file")"
            printf '> %s\n\n' "$(field expect "$case_file" | sed 's/</\\</g; s/\*/\\*/g')"
            printf 'Cause: %s Cure: %s\n\n' "$(field cause "$case_file")" "$(field cure "$case_file")"
            printf '```cpp\n%s\n```\n' "$(branch twin "$case_file")"
        done
    done
    cat <<'END'

## How many lines

All that the compiler prints for the mistake, with no flag but the standard and the include folders; a clang line count includes
two lines of your source or ours for each step. Counted by `tests/compile_fail/document.sh --count -I $PWD/include -isystem
/usr/include/eigen3`.

END
    "$@"
}

case ${1-} in
'') print_document table_as_it_stands ;;
--check)
    made=$(mktemp)
    trap 'rm -f "$made"' EXIT
    print_document table_as_it_stands >"$made"
    diff -u "$document" "$made" && echo "docs/error_messages.md is what the cases say"
    ;;
--count)
    shift
    print_document counted_table "$@"
    ;;
*) echo "usage: $0 [--check | --count [FLAG...]]" >&2; exit 2 ;;
esac
