#!/bin/sh
# Compiles mistakes and checks the compiler's output.   run_cases.sh COMPILER [FLAG...] CASE_DIR
#
# A case is CASE_DIR/NAME.cpp: a mistake, and with -DTWIN its correct twin. It passes if
#   - the mistake does not compile, with exactly one error,
#   - the output names a line of the case and contains each text of the lines `// expect: TEXT`, the message. Compilers that
#     cannot print computed text (clang before C++26, nvcc) print a type instead: their output must contain the texts of the
#     lines `// expect-clang: TEXT`. For nvcc, which may print the name of an alias, `// expect-nvcc: TEXT` replaces these lines
#     if there are any,
#   - the output has at most 10 lines with g++ (9 with the precompiled header) and nvcc, and at most 12 with clang: two included
#     files that lead to the assertion, a count of errors, and three lines (with two lines of source) for the assertion itself
#     and for each step from it to the user's line. A mistake in a network has two such steps: the network and its user,
#   - the twin compiles without any output. The twins are compiled together, each in a namespace of its own, in two files; only if
#     the compiler prints something does each one get compiled by itself.
# In the group `unphrased` are mistakes that the library does not see. The compiler's own first error, with its notes, must name
# a line of the case and contain the texts; more errors may follow, and there is no limit of lines.
# document.sh uses the lines `// group:`, `// cause:` and `// fix:`. Cases with `// not with nvcc` are skipped with nvcc.
# CASES='NAME NAME ...' runs only these cases. TWINS=no leaves out the twins, which take long with nvcc.
# g++ and clang precompile <ctgan/dcgan.hpp> once for all cases. With READ=each_time each case reads it, as in a user's program;
# g++ then prints one more line, for an included file.
# run_cases.sh --self-test COMPILER shows that cases which break these rules are reported as failures.
set -u
LC_ALL=C
export LC_ALL

# kind COMPILER [FLAG...]: prints the kind of compiler, which determines how a mistake is printed.
kind() {
    case $1 in *nvcc) echo nvcc; return ;; esac
    if ! "$1" --version | grep -q clang; then echo gcc
    elif echo "$*" | grep -q 'std=c++26'; then echo clang26
    else echo clang; fi
}

# in_short: without namespaces, the inline one that carries version and ABI included, and without suffixes of integers.
in_short() { sed 's/ctgan::\(v[0-9][0-9a-z_]*::\)\{0,1\}//g; s/messages:://g; s/std:://g; s/\([0-9]\)L\([,>]\)/\1\2/g'; }

# check CASE COMPILER [FLAG...]: prints one line, `ok ...`, `skipped ...`, or `FAILED ...` followed by the compiler's output.
check() {
    case_file=$1
    shift
    # An expected text must be in the message itself, not in the source text that the compiler echoes. g++ and newer versions of
    # clang mark these lines, `  12 | ...`. Older ones do not, so the case is compiled again without them.
    case $KIND in
    gcc) tag=expect most=9 ;;
    clang26) tag=expect most=12 ;;
    clang) tag=expect-clang most=12 ;;
    nvcc) tag=expect-clang most=10 ;;
    esac
    if [ "$KIND" = nvcc ] && grep -q '^// expect-nvcc: ' "$case_file"; then tag=expect-nvcc; fi
    phrased=yes
    if grep -q '^// group: unphrased$' "$case_file"; then
        phrased=no most=100000
        if [ "$KIND" = clang26 ]; then tag=expect-clang; fi
    fi
    expected=$(sed -n "s|^// $tag: ||p" "$case_file")
    if [ "$KIND" = nvcc ] && grep -q '^// not with nvcc' "$case_file"; then
        echo "skipped $(basename "$case_file" .cpp)"
        return
    fi

    wrong=
    if output=$("$@" "$case_file" 2>&1); then wrong='; it compiles'; fi
    case $KIND in
    clang) messages=$("$@" -fno-caret-diagnostics "$case_file" 2>&1) ;;
    *) messages=$(printf '%s\n' "$output" | grep -vE '^ *[0-9]* \|') ;;
    esac
    # nvcc prints qualified names and suffixes of integers.
    if [ "$KIND" = nvcc ]; then
        messages=$(printf '%s\n' "$messages" | in_short)
        expected=$(printf '%s\n' "$expected" | in_short)
    fi
    errors=$(printf '%s\n' "$output" | grep -c 'error:')
    lines=$(printf '%s\n' "$output" | wc -l)
    if [ "$KIND$phrased" = gccyes ] && [ "${READ-once}" != once ]; then most=10; fi
    if [ "$phrased" = no ] && [ "$errors" -gt 0 ]; then
        messages=$(printf '%s\n' "$messages" | awk '/error:/ && ++errors > 1 { exit } { print }')
        output=$messages errors=1
    fi
    if [ "$errors" -ne 1 ]; then wrong="$wrong; $errors errors"; fi
    if [ "$lines" -gt "$most" ]; then wrong="$wrong; $lines lines, expected at most $most"; fi
    # FILE:LINE; of nvcc FILE(LINE), or `at line LINE of "FILE"` with or without the quotation marks.
    printf '%s\n' "$output" | awk -v file="$case_file" '
        index($0, file) == 1 && substr($0, length(file) + 1) ~ /^[:(][0-9]/ { found = 1 }
        /at line [0-9]+ of / && (index($0, " of \"" file) || index($0, " of " file)) { found = 1 }
        END { exit !found }' ||
        wrong="$wrong; no line of the case is named"
    if [ -z "$expected" ]; then wrong="$wrong; no line '// $tag: TEXT'"; fi
    while IFS= read -r text; do
        printf '%s\n' "$messages" | grep -qF -e "$text" || wrong="$wrong; not in the output: $text"
    done <<END
$expected
END
    if [ "${TWINS-yes}" != no ]; then
        twin=$("$@" -DTWIN "$case_file" 2>&1) && [ -z "$twin" ] || wrong="$wrong; the twin: $twin"
    fi

    name=$(basename "$case_file" .cpp)
    if [ -z "$wrong" ]; then
        printf 'ok      %-40s %2d lines\n' "$name" "$lines"
    else
        printf 'FAILED  %-40s %s\n%s\n' "$name" "${wrong#; }" "$output"
    fi
}

# Six cases that must fail and two that must pass, in a folder with a space in its name.
self_test() {
    made=$(mktemp -d)
    trap 'rm -rf "$made"' EXIT
    folder="$made/the cases"
    mkdir "$folder"
    for name in good compiles other_text two_errors broken_twin long own_first own_second; do
        printf '// expect: the message\n// expect-clang: the message\n' >"$folder/$name.cpp"
    done
    for name in own_first own_second; do printf '// group: unphrased\n' >>"$folder/$name.cpp"; done
    mistake='#ifndef TWIN\nstatic_assert(false, "%s");\n#endif\n'
    # shellcheck disable=SC2059 # the format is the variable
    {
        printf "$mistake" 'the message' >>"$folder/good.cpp"
        printf "$mistake" 'something else' >>"$folder/other_text.cpp"
        printf "$mistake$mistake" 'the message' 'the message' >>"$folder/two_errors.cpp"
        printf "$mistake$mistake" 'the message' 'something else' >>"$folder/own_first.cpp"
        printf "$mistake$mistake" 'something else' 'the message' >>"$folder/own_second.cpp"
    }
    printf 'static_assert(false, "the message");\n' >>"$folder/broken_twin.cpp"
    {
        printf '#ifndef TWIN\ntemplate <class T> struct Step9 { static_assert(sizeof(T) == 0, "the message"); };\n'
        for step in 8 7 6 5 4 3 2 1; do
            printf 'template <class T> struct Step%s : Step%s<T> {};\n' "$step" $((step + 1))
        done
        printf 'Step1<int> long_way;\n#endif\n'
    } >>"$folder/long.cpp"

    report=$(TMPDIR=$folder "$0" "$@" "$folder")
    status=$?
    printf '%s\n' "$report"
    [ "$status" -eq 1 ] && [ "$(printf '%s\n' "$report" | tail -n 1)" = '2 passed, 6 failed' ] &&
        printf '%s\n' "$report" | grep -q '^ok      good ' &&
        printf '%s\n' "$report" | grep -q '^ok      own_first ' &&
        printf '%s\n' "$report" | grep -q '^FAILED  own_second .*not in the output: the message' &&
        printf '%s\n' "$report" | grep -q '^FAILED  compiles .*it compiles' &&
        printf '%s\n' "$report" | grep -q '^FAILED  other_text .*not in the output: the message' &&
        printf '%s\n' "$report" | grep -q '^FAILED  two_errors .*2 errors' &&
        printf '%s\n' "$report" | grep -q '^FAILED  long .*expected at most' &&
        printf '%s\n' "$report" | grep -q '^FAILED  broken_twin .*the twin: '
}

case ${1-} in
--check) shift; check "$@"; exit ;;
--self-test) shift; self_test "$@"; exit ;;
esac
if [ $# -lt 2 ]; then
    echo "usage: $0 COMPILER [FLAG...] CASE_DIR | --self-test COMPILER" >&2
    exit 2
fi
PATH=$PATH:/usr/local/cuda/bin
if ! command -v "$1" >/dev/null; then
    echo "skipped: no $1 here"
    exit 77
fi

# Removes the last argument, CASE_DIR, from the list: the compiler and its flags remain.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else cases=$argument; fi
done

KIND=$(kind "$@")
export KIND
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -n "${CASES-}" ]; then
    for name in $CASES; do printf '%s\n' "$cases/$name.cpp"; done
else
    find "$cases" -name '*.cpp'
fi | sort >"$folder/list"

case $KIND in
nvcc) set -- "$@" -std=c++20 -x cu -c -o /dev/null ;;
*)
    case "$*" in *-std=*) ;; *) set -- "$@" -std=c++20 ;; esac
    header=$(printf '%s\n' "$@" | sed -n 's|^\(/.*/include\)$|\1/ctgan/dcgan.hpp|p' | head -n 1)
    # 2>/dev/null hides the warning of #pragma once in a main file.
    if [ -z "$header" ] || [ "${READ-once}" != once ]; then
        :
    elif [ "$KIND" = gcc ]; then
        if "$@" -x c++-header "$header" -o "$folder/dcgan.hpp.gch" 2>/dev/null; then set -- "$@" -include "$folder/dcgan.hpp"; fi
    elif "$@" -x c++-header "$header" -o "$folder/dcgan.pch" 2>/dev/null; then
        set -- "$@" -include-pch "$folder/dcgan.pch"
    fi
    set -- "$@" -fsyntax-only
    ;;
esac

# twins FILE: prints a program with the twin of each case that is listed in FILE. Their headers come first, outside the namespaces.
twins() {
    tr '\n' '\0' <"$1" | xargs -0 sed -n '/^#include/p' | sort -u
    awk '{ printf "namespace twin_%d {\n#include \"%s\"\n}\n", NR, $0 }' "$1"
}
if [ "$KIND" != nvcc ] && [ "${TWINS-yes}" != no ] && [ "${READ-once}" = once ]; then
    for half in 0 1; do
        awk -v half=$half 'NR % 2 == half' "$folder/list" >"$folder/half_$half"
        twins "$folder/half_$half" >"$folder/twins_$half.cpp"
    done
    "$@" -DTWIN "$folder/twins_0.cpp" >"$folder/printed_0" 2>&1 &
    if "$@" -DTWIN "$folder/twins_1.cpp" >"$folder/printed_1" 2>&1 && wait $! && [ ! -s "$folder/printed_0" ] &&
        [ ! -s "$folder/printed_1" ]; then
        TWINS=no
        export TWINS
    fi
    wait
fi

report=$(tr '\n' '\0' <"$folder/list" | xargs -0 -P2 -I{} "$0" --check {} "$@")
printf '%s\n' "$report"
passed=$(printf '%s\n' "$report" | grep -c '^ok  ')
failed=$(printf '%s\n' "$report" | grep -c '^FAILED  ')
skipped=$(printf '%s\n' "$report" | grep -c '^skipped ')
echo "$passed passed, $failed failed"
# A check that was killed prints nothing.
if [ $((passed + failed + skipped)) -ne "$(wc -l <"$folder/list")" ]; then
    echo "FAILED  found $((passed + failed + skipped)) results, expected $(wc -l <"$folder/list")"
    exit 1
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
