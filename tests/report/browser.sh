#!/bin/sh
# Trains a few steps and opens the report in Chromium without a window: no errors, the slider moves, values are those of loss.csv,
# keys, pointer and buttons work, nothing is wider than a phone, text can be read in light and dark.
# usage: browser.sh TRAIN_DCGAN SHIPPED_IMAGES.gz
#        browser.sh --pictures REPORT.html FOLDER       only writes report_light.png and report_dark.png
set -eu
here=$(cd "$(dirname "$0")" && pwd)
command -v python3 >/dev/null || { echo 'skipped: needs python3'; exit 77; }
for browser in chromium chromium-browser google-chrome; do
    if command -v $browser >/dev/null; then break; fi
done
command -v $browser >/dev/null || { echo 'skipped: needs Chromium'; exit 77; }
# A container may not permit what it needs.
timeout 60 $browser --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --dump-dom about:blank >/dev/null 2>&1 || {
    echo "skipped: $browser does not start here"
    exit 77
}
if [ "$1" = --pictures ]; then exec python3 "$here/browser.py" $browser "$2" --pictures "$3"; fi
train=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shipped=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Eight images: epochs of two steps.
{ printf '\0\0\10\3\0\0\0\10\0\0\0\34\0\0\0\34'; gzip -dc "$shipped" 2>/dev/null | tail -c +17 | head -c $((8 * 784)); } >images
"$train" --data images --epochs 5 --threads 1 >stdout
python3 "$here/browser.py" $browser out/report.html --csv out/loss.csv --samples out/samples
