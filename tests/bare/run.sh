#!/bin/sh
# The README's two commands on a bare Debian 12, timed. By hand and as root; needs debootstrap.
# run.sh [FOLDER]: the system is made in FOLDER, by default a temporary one, and removed afterwards.
set -eu
source_dir=$(cd "$(dirname "$0")/../.." && pwd)
root=${1:-$(mktemp -d)}/bookworm
trap 'rm -rf --one-file-system "$root"; rmdir "$(dirname "$root")" 2>/dev/null || true' EXIT

# Mirror, proxy and name server are those of this machine.
# shellcheck disable=SC2016 # apt-get expands it
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
debootstrap --variant=minbase bookworm "$root" "${mirror:?no source of bookworm in the settings of apt}"
apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/90host"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
mkdir "$root/ctgan"
git -C "$source_dir" archive HEAD | tar -x -C "$root/ctgan"

export root
for command in mnist test; do
    export command
    start=$(date +%s)
    # The mounts live in a namespace of their own and end with it.
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount sh -euc '
        mount --rbind /dev "$root/dev"
        mount -t proc proc "$root/proc"
        exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            sh -c "cd /ctgan && exec ./run $command"
    '
    echo "bare: ./run $command took $(($(date +%s) - start)) s"
done
