#!/bin/sh
# Compiles mistakes and judges what the compiler says.   run_cases.sh COMPILER [FLAG...] CASE_DIR
#
# A case is CASE_DIR/NAME.cpp: a mistake, and with -DTWIN its correct twin. It passes where
#   - the mistake does not compile, with exactly one error,
#   - the output names a line of the case, and holds each text of the lines `// expect: TEXT`
#     (with clang: `// expect-clang: TEXT`),
#   - the twin compiles without a word.
# run_cases.sh --self-test COMPILER shows that cases which break these rules are reported as failing.
set -u
LC_ALL=C
export LC_ALL

# judge CASE COMPILER [FLAG...]: prints one line, `ok ...` or `FAILED ...` with the output below it.
judge() {
    case_file=$1
    shift
    # Without the caret lines no source text is echoed: what is found was said by the compiler.
    if "$1" --version | grep -q clang; then
        tag=expect-clang no_echo=-fno-caret-diagnostics
    else
        tag=expect no_echo=-fno-diagnostics-show-caret
    fi
    set -- "$@" -std=c++20 -fsyntax-only "$no_echo"
    expected=$(sed -n "s|^// $tag: ||p" "$case_file")

    wrong=
    if output=$("$@" "$case_file" 2>&1); then wrong='; it compiles'; fi
    errors=$(printf '%s\n' "$output" | grep -c 'error:')
    if [ "$errors" -ne 1 ]; then wrong="$wrong; $errors errors"; fi
    printf '%s\n' "$output" | grep -q "^$case_file:[0-9]" || wrong="$wrong; no line of the case is named"
    if [ -z "$expected" ]; then wrong="$wrong; no line '// $tag: TEXT'"; fi
    while IFS= read -r text; do
        printf '%s\n' "$output" | grep -qF -e "$text" || wrong="$wrong; not said: $text"
    done <<END
$expected
END
    twin=$("$@" -DTWIN "$case_file" 2>&1) && [ -z "$twin" ] || wrong="$wrong; the twin: $twin"

    name=$(basename "$case_file" .cpp)
    if [ -z "$wrong" ]; then
        printf 'ok      %-40s %2d lines\n' "$name" "$(printf '%s\n' "$output" | wc -l)"
    else
        printf 'FAILED  %-40s %s\n%s\n' "$name" "${wrong#; }" "$output"
    fi
}

# Four cases that must fail and one that must pass.
self_test() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    for name in good compiles other_text two_errors broken_twin; do
        printf '// expect: the sentence\n// expect-clang: the sentence\n' >"$folder/$name.cpp"
    done
    mistake='#ifndef TWIN\nstatic_assert(false, "%s");\n#endif\n'
    # shellcheck disable=SC2059 # the format is the variable
    {
        printf "$mistake" 'the sentence' >>"$folder/good.cpp"
        printf "$mistake" 'something else' >>"$folder/other_text.cpp"
        printf "$mistake$mistake" 'the sentence' 'the sentence' >>"$folder/two_errors.cpp"
    }
    printf 'static_assert(false, "the sentence");\n' >>"$folder/broken_twin.cpp"

    report=$("$0" "$@" "$folder")
    status=$?
    printf '%s\n' "$report"
    [ "$status" -eq 1 ] && [ "$(printf '%s\n' "$report" | tail -n 1)" = '1 passed, 4 failed' ] &&
        printf '%s\n' "$report" | grep -q '^ok      good ' &&
        printf '%s\n' "$report" | grep -q '^FAILED  compiles .*it compiles' &&
        printf '%s\n' "$report" | grep -q '^FAILED  other_text .*not said: the sentence' &&
        printf '%s\n' "$report" | grep -q '^FAILED  two_errors .*2 errors' &&
        printf '%s\n' "$report" | grep -q '^FAILED  broken_twin .*the twin: '
}

case ${1-} in
--judge) shift; judge "$@"; exit ;;
--self-test) shift; self_test "$@"; exit ;;
esac
if [ $# -lt 2 ]; then
    echo "usage: $0 COMPILER [FLAG...] CASE_DIR | --self-test COMPILER" >&2
    exit 2
fi
if ! command -v "$1" >/dev/null; then
    echo "skipped: no $1 here"
    exit 77
fi

# Takes the last argument, CASE_DIR, off the list: what stays is the compiler with its flags.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else cases=$argument; fi
done

report=$(find "$cases" -name '*.cpp' -print0 | sort -z | xargs -0 -P2 -I{} "$0" --judge {} "$@")
printf '%s\n' "$report"
passed=$(printf '%s\n' "$report" | grep -c '^ok  ')
failed=$(printf '%s\n' "$report" | grep -c '^FAILED  ')
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
