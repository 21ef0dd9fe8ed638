#!/bin/sh
# Builds the pages of the documentation.   docs/build.sh [FOLDER]
# Writes them to FOLDER/html; the default of FOLDER is build/docs. With doxygen 1.9.4 a warning is an error.
# CTGAN_DOXYGEN_THEME names the folder of doxygen-awesome-css; without that theme the pages look as doxygen's default.
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/docs}
theme=${CTGAN_DOXYGEN_THEME-/usr/share/doxygen-awesome-css}

for program in doxygen python3; do
    if ! command -v "$program" >/dev/null; then
        echo "skipped: no $program here"
        exit 77
    fi
done
rm -rf "$out/html" # removes pages of names that no longer exist
mkdir -p "$out"
version=$(sed -n 's/^#define CTGAN_VERSION_[A-Z]* //p' include/ctgan/version.hpp | paste -s -d.)
{
    cat docs/Doxyfile
    echo "PROJECT_NUMBER = $version"
    # Other versions have other warnings: print them, but do not fail.
    if [ "$(doxygen --version | cut -d' ' -f1)" != 1.9.4 ]; then echo "WARN_AS_ERROR = NO"; fi
    echo "OUTPUT_DIRECTORY = \"$out\""
    if [ -f "$theme/doxygen-awesome.css" ]; then
        echo "HTML_EXTRA_STYLESHEET = \"$theme/doxygen-awesome.css\" \"$theme/doxygen-awesome-sidebar-only.css\""
    fi
} | doxygen -
cp docs/images/*.svg docs/images/*.png "$out/html" # images that a page links to but does not show
echo "$out/html/index.html"
