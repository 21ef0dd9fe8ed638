#!/bin/sh
# The lesson's mistake is answered with the sentence that the lesson quotes.   mistake.sh COMPILER [FLAG...] FILE
# The sentence is the comment's line "//     layer N: ..."; clang writes it as types, of which the layer's is looked for.
set -u
LC_ALL=C
export LC_ALL
command -v "$1" >/dev/null || {
    echo "skipped: no $1 here"
    exit 77
}
for file; do :; done
sentence=$(sed -n 's|^//  *\(layer [0-9]*: .*\)|\1|p' "$file")
if "$1" --version | grep -q clang; then sentence=$(printf %s "$sentence" | sed 's|^layer \([0-9]*\): \([A-Za-z0-9]*\) .*|layer<\1, \2<|'); fi
if [ -z "$sentence" ]; then
    echo "found no sentence in $file"
    exit 1
fi
if said=$("$@" -std=c++20 -fsyntax-only -DTRY_THE_MISTAKE 2>&1); then
    echo 'the mistake compiles'
    exit 1
fi
printf '%s\n' "$said"
[ "$(printf '%s\n' "$said" | grep -c 'error:')" -eq 1 ] && printf '%s\n' "$said" | grep -v '^ *[0-9]* |' | grep -qF -e "$sentence"
