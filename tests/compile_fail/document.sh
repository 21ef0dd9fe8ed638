#!/bin/sh
# Generates docs/error_messages.md from the cases.
#   document.sh               prints the document with its present table of line counts
#   document.sh --check       fails and shows the differences if the document is not what this script prints
#   document.sh --count [FLAG...]   prints the document with new line counts of every mistake with every compiler; takes
#                             about ten minutes
set -eu
LC_ALL=C
export LC_ALL
here=$(dirname "$0")
cases=$here/cases
document=$here/../../docs/error_messages.md

# The groups, in the order of the document.
groups='shapes:Shapes of layers
branches:Branches
inputs:Several inputs
arguments:Arguments of layers
meet:Use of a network
training:Training
gan:Gan
backends:Backends
own:Layers of your own
unphrased:What the library cannot phrase'

# field NAME CASE: prints the texts of the lines `// NAME: TEXT`, joined.
field() { sed -n "s|^// $1: ||p" "$2" | tr '\n' ' ' | sed 's/ $//'; }
# escaped NAME CASE: the same as Markdown, without the inline namespace that carries version and ABI.
escaped() { field "$1" "$2" | sed 's/ctgan::v[0-9][0-9a-z_]*::/ctgan::/g; s/</\\</g; s/\*/\\*/g'; }
# title CASE: prints the first lines of a case, which describe the mistake.
title() { sed '/^\/\/ group:/,$d; s|^// ||' "$1" | tr '\n' ' ' | sed 's/ $//'; }
in_group() { grep -l "^// group: $1\$" "$cases"/*.cpp; }

# branch WHICH CASE: prints the lines of the mistake or of its twin, with one line before and one after them.
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

present_table() { sed -n '/^<!-- lines: begin -->$/,/^<!-- lines: end -->$/p' "$document"; }

# lines COMPILER [FLAG...]: prints "NAME LINES" of each case.
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
# Compile-time errors

The library finds the mistakes on this page at compile time. Each gives one error, for the network or the call in which it occurs. Its
message says what does not fit together. Only those of [the last section](#what-the-library-cannot-phrase) are reported by the
compiler itself, in its own words.

| compiler | where the message is |
|---|---|
| g++ | in quotation marks, in a line that ends in `evaluates to false` |
| clang 19 with `-std=c++26` | in the line of the error |
| older clang, nvcc | printed as a type, with its parts in the same order: these compilers cannot print a computed text |

The output also names the line of your program that uses the mistaken type: the last line that contains `required from` (g++),
`in instantiation of` (clang) or `detected during` (nvcc). g++ and nvcc print names with the namespace `v0_1_...`, which carries
version and instruction set; write only `ctgan::`. Mistakes inside the body of a layer of your own are ordinary compiler errors: read the last line with
`error:`, and the line of your layer in it.

`tests/compile_fail/document.sh` generates this page from [tests/compile_fail/cases](../tests/compile_fail/cases). The tests
compile every case with the mistake and with the fix; with nvcc only some cases of each kind. g++ and nvcc print at most 10 lines for all
cases but those of the last section. clang prints up to 12 lines for a mistake within a network, because it shows two lines of
source for each of the two steps from the assertion to your line.

<!-- code: no block of this document is compiled: tests/compile_fail compiles the cases from which it is generated -->

END
    printf '%s\n' "$groups" | while IFS=: read -r key name; do
        echo "- **$name**"
        for case_file in $(in_group "$key"); do
            echo "  - [$(title "$case_file")](#$(basename "$case_file" .cpp))"
        done
    done
    echo '- [Number of lines that each compiler prints](#number-of-lines)'
    printf '%s\n' "$groups" | while IFS=: read -r key name; do
        printf '\n## %s\n' "$name"
        if [ "$key" = unphrased ]; then
            cat <<'END'

The compiler refuses these mistakes before it asks the library. Read its first error, with the notes that follow it: it names the
line and contains the text below. Errors after it are consequences of the first.
END
        fi
        for case_file in $(in_group "$key"); do
            printf '\n### %s\n\n%s\n\n' "$(basename "$case_file" .cpp)" "$(title "$case_file")"
            printf '```cpp\n%s\n```\n\n' "$(branch mistake "$case_file")"
            if [ "$key" = unphrased ]; then
                for compiler in g++:expect clang:expect-clang nvcc:expect-nvcc; do
                    printf -- '- %s: %s\n' "${compiler%%:*}" "$(escaped "${compiler#*:}" "$case_file")"
                done
                echo
            else
                printf '> %s\n\n' "$(escaped expect "$case_file")"
            fi
            printf 'Cause: %s Fix: %s\n\n' "$(field cause "$case_file")" "$(field fix "$case_file")"
            printf '```cpp\n%s\n```\n' "$(branch twin "$case_file")"
        done
    done
    cat <<'END'

## Number of lines

The number of lines that each compiler prints for the mistake, with no flags but the standard and the include folders. clang's
numbers include two lines of source for each step. To count them again:
`tests/compile_fail/document.sh --count -I $PWD/include`.

END
    "$@"
}

case ${1-} in
'') print_document present_table ;;
--check)
    printed=$(mktemp)
    trap 'rm -f "$printed"' EXIT
    print_document present_table >"$printed"
    diff -u "$document" "$printed" && echo "docs/error_messages.md matches the cases"
    ;;
--count)
    shift
    print_document counted_table "$@"
    ;;
*) echo "usage: $0 [--check | --count [FLAG...]]" >&2; exit 2 ;;
esac
