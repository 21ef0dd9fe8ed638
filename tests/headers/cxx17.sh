#!/bin/sh
# Checks that every header, compiled as C++17, is one error with one sentence.   cxx17.sh COMPILER [FLAG...] INCLUDE_DIR
# version.hpp alone compiles: it only defines the version.
set -u

# Removes the last argument from the list: the compiler and its flags remain.
left=$#
for argument; do
    shift
    left=$((left - 1))
    if [ "$left" -gt 0 ]; then set -- "$@" "$argument"; else root=$argument; fi
done
set -- "$@" -std=c++17 -fsyntax-only -I"$root" -x c++

failed=0
for header in $(cd "$root" && find ctgan -name '*.hpp' ! -name version.hpp | sort); do
    errors=$(echo "#include <$header>" | "$@" - 2>&1 | grep 'error: ')
    case $(printf '%s\n' "$errors" | wc -l):$errors in
    1:*'ctgan needs C++20'*) ;;
    *)
        printf 'FAILED  %s: expected one error with "ctgan needs C++20", found\n%s\n' "$header" "$errors" | head -n 5
        failed=$((failed + 1))
        ;;
    esac
done
echo '#include <ctgan/version.hpp>' | "$@" -Werror - || failed=$((failed + 1))
[ "$failed" -eq 0 ] && echo 'in C++17 every header is one error'
