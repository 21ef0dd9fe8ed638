#!/bin/sh
# Runs on a bare Debian 12 and prints times. Run it by hand and as root; it needs debootstrap.
#   run.sh [FOLDER]                       the README's commands
#   run.sh --consumers [FOLDER] [WAY...]  every way of tests/consumers, each on a separate system that has only the packages
#                                         named in its try.sh; prints a table
# The systems are created in FOLDER, by default a temporary one, and removed afterward.
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
what=readme
if [ "${1:-}" = --consumers ]; then
    what=consumers
    shift
fi
folder=${1:-$(mktemp -d)}
[ $# -eq 0 ] || shift
root=$folder/bookworm
trap 'rm -rf --one-file-system "$folder/bookworm" "$folder/way"; rmdir "$folder" 2>/dev/null || true' EXIT

# Use this machine's mirror, proxy and name server.
# shellcheck disable=SC2016 # apt-get expands it
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
debootstrap --variant=minbase bookworm "$root" "${mirror:?no source of bookworm in the settings of apt}"
apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/90host"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
# Use its settings of pip, too, and the certificates that they may need.
if [ -f /etc/pip.conf ]; then cp /etc/pip.conf "$root/etc/pip.conf"; fi
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/certificates-of-the-host.crt"
mkdir "$root/ctgan"
git -C "$source_dir" archive HEAD | tar -x -C "$root/ctgan"

# inside ROOT COMMAND: runs COMMAND in ROOT. The mounts are in a separate namespace and end with it.
inside() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    root=$1 command=$2 unshare --mount sh -euc '
        mount --rbind /dev "$root/dev"
        mount -t proc proc "$root/proc"
        exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/venv/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            DEBIAN_FRONTEND=noninteractive PIP_CERT=/etc/certificates-of-the-host.crt sh -euc "$command"
    '
}

if [ "$what" = readme ]; then
    for command in mnist test 'test long'; do
        start=$(date +%s)
        inside "$root" "cd /ctgan && exec ./run $command"
        echo "bare: ./run $command took $(($(date +%s) - start)) s"
    done
    exit
fi

# Every way needs g++.
install='apt-get install -q -y --no-install-recommends'
inside "$root" "apt-get update -q && $install g++" >"$folder/log" 2>&1
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # the names are words
    set -- $(cd "$source_dir/tests/consumers" && ls -d */ | tr -d /)
fi
table=$folder/table
echo '| way | packages | result | seconds |' >"$table"
echo '|---|---|---|---|' >>"$table"
failed=0
for way; do
    try=$source_dir/tests/consumers/$way/try.sh
    packages=$(sed -n 's/^# packages: //p' "$try")
    python=$(sed -n 's/^# pip: //p' "$try")
    cp -a "$root" "$folder/way"
    setup="$install $packages"
    if [ -n "$python" ]; then
        setup="$setup && python3 -m venv /venv && pip install -q $python"
        packages="$packages; pip: $python"
    fi
    inside "$folder/way" "$setup" >"$folder/way.log" 2>&1 || { tail -n 20 "$folder/way.log"; exit 1; }
    start=$(date +%s)
    result=works
    inside "$folder/way" "CTGAN_INSTALL_PACKAGE=yes exec sh /ctgan/tests/consumers/run.sh $way /ctgan g++" \
        >>"$folder/way.log" 2>&1 || result="FAILED ($?)"
    echo "| $way | $packages | $result | $(($(date +%s) - start)) |" | tee -a "$table"
    if [ "$result" != works ]; then
        failed=1
        tail -n 20 "$folder/way.log"
    fi
    rm -rf --one-file-system "$folder/way"
done
cat "$table"
rm -f "$table" "$folder/log" "$folder/way.log"
exit "$failed"
