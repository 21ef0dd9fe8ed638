#!/bin/sh
# Trains a few steps and opens the report in Chromium without a window: no errors, the slider moves, values are those of loss.csv and
# of score_samples, keys, pointer and buttons work, nothing is wider than a phone, text can be read in light and dark.
# usage: browser.sh TRAIN_DCGAN SCORE_SAMPLES|none SHIPPED_IMAGES.gz
#        browser.sh --pictures REPORT.html FOLDER       only writes report_light.png, report_dark.png and report_phone.png
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
score=$2
[ "$score" = none ] || score=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
shipped=$(cd "$(dirname "$3")" && pwd)/$(basename "$3")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# 14 images: epochs of four steps.
{ printf '\0\0\10\3\0\0\0\16\0\0\0\34\0\0\0\34'; gzip -dc "$shipped" 2>/dev/null | tail -c +17 | head -c $((14 * 784)); } >images
scores=
[ "$score" = none ] || scores='--score-every 1'
# shellcheck disable=SC2086 # words or none
"$train" --data images --epochs 5 --threads 1 $scores >stdout
if [ "$score" != none ]; then
    "$score" --real images --weights out/generator.safetensors >scores
    scores='--scores scores'
fi
# shellcheck disable=SC2086
python3 "$here/browser.py" $browser out/report.html --csv out/loss.csv --samples out/samples $scores
