#!/bin/sh
# Checks that the mistake in an example gives the message that the example quotes.   mistake.sh COMPILER [FLAG...] FILE
# The message is the comment "//     layer N: ..."; clang prints it as types; only the layer's type is checked.
set -u
LC_ALL=C
export LC_ALL
command -v "$1" >/dev/null || {
    echo "skipped: no $1 here"
    exit 77
}
for file; do :; done
message=$(sed -n 's|^//  *\(layer [0-9]*: .*\)|\1|p' "$file")
if "$1" --version | grep -q clang; then message=$(printf %s "$message" | sed 's|^layer \([0-9]*\): \([A-Za-z0-9]*\) .*|layer<\1, \2<|'); fi
if [ -z "$message" ]; then
    echo "found no message in $file"
    exit 1
fi
if output=$("$@" -std=c++20 -fsyntax-only -DTRY_THE_MISTAKE 2>&1); then
    echo 'the mistake compiles'
    exit 1
fi
printf '%s\n' "$output"
[ "$(printf '%s\n' "$output" | grep -c 'error:')" -eq 1 ] && printf '%s\n' "$output" | grep -v '^ *[0-9]* |' | grep -qF -e "$message"
