#!/bin/sh
# Checks the documents, and that a mistake in them would be found.   code.sh g++ [FLAG...] ROOT
set -eu
for program in "$1" python3; do
    if ! command -v "$program" >/dev/null; then
        echo "skipped: no $program here"
        exit 77
    fi
done
export PYTHONDONTWRITEBYTECODE=1
folder=$(dirname "$0")
python3 "$folder/self_test.py" "$1"
exec python3 "$folder/check_documents.py" "$@"
