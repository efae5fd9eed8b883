#!/bin/sh
# Both commands on a fresh Debian: a debootstrap chroot with nothing but git and make, a clone of
# HEAD, `make run` until the page answers and the town moves, a second `make run` within 10 s, then
# `make test`. Needs root and debootstrap. DIST=bookworm (or trixie), KEEP=1 keeps the chroot.
set -eu
cd "$(dirname "$0")/.."
DIST=${DIST:-bookworm}
top=$(pwd)
[ "$(id -u)" = 0 ] || { echo "make check-fresh needs root (debootstrap, chroot)"; exit 1; }
command -v debootstrap >/dev/null || { echo "make check-fresh needs debootstrap: packaging/deps.sh check"; exit 1; }

root=$(mktemp -d "${TMPDIR:-/var/tmp}/mizo-fresh.XXXXXX")
serve=''
cleanup() {
    [ -n "$serve" ] && kill "$serve" 2>/dev/null || true
    for m in dev/shm dev/pts dev sys proc; do umount -l "$root/$m" 2>/dev/null || true; done
    if [ "${KEEP:-}" = 1 ]; then echo "kept: $root"; else rm -rf "$root"; fi
}
trap cleanup EXIT INT TERM

say() { printf '\n== %s (%s s)\n' "$1" "$(($(date +%s) - t0))"; }
t0=$(date +%s)
say "debootstrap $DIST"
debootstrap --variant=minbase --include=git,make,ca-certificates,curl "$DIST" "$root" >"$root.log" 2>&1 ||
    { tail -20 "$root.log"; exit 1; }
rm -f "$root.log"
# The host's way to the package archives: name server, certificates. Nothing else of the host.
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
mount -t proc proc "$root/proc"
mount -t sysfs sys "$root/sys"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
git clone -q --no-hardlinks "$top" "$root/src"

in_root() {
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8 \
        NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt CI="${CI:-}" \
        chroot "$root" sh -c "cd /src && $1"
}
wait_page() { # seconds
    for i in $(seq "$1"); do
        in_root 'curl -fsS -m 2 http://127.0.0.1:18080/api/v1/town' 2>/dev/null && return 0
        sleep 1
    done
    return 1
}
stop() { # only the server inside the chroot: its root link tells
    for p in /proc/[0-9]*; do
        [ "$(cat "$p/comm" 2>/dev/null)" = mizo ] && [ "$(readlink "$p/root")" = "$root" ] && kill -TERM "${p#/proc/}"
    done
    wait "$serve" || true
    serve=''
}

say "packages"
in_root 'packaging/deps.sh run' >"$root/packages.log" 2>&1 || { tail -20 "$root/packages.log"; exit 1; }
say "make run"
t1=$(date +%s)
in_root 'make run LISTEN=127.0.0.1:18080' >"$root/run.log" 2>&1 &
serve=$!
first=$(wait_page 180) || { echo "the page did not come up"; tail -30 "$root/run.log"; exit 1; }
echo "up after $(($(date +%s) - t1)) s"
sleep 8
second=$(in_root 'curl -fsS http://127.0.0.1:18080/api/v1/town')
[ "$first" != "$second" ] || { echo "the town does not move"; exit 1; }
in_root 'curl -fsS http://127.0.0.1:18080/' | grep -q '<title>' || { echo "no page"; exit 1; }
stop
say "make run again"
t1=$(date +%s)
in_root 'make run LISTEN=127.0.0.1:18080' >"$root/run2.log" 2>&1 &
serve=$!
wait_page 60 >/dev/null || { tail -30 "$root/run2.log"; exit 1; }
again=$(($(date +%s) - t1))
echo "up after $again s"
stop
[ "$again" -le 10 ] || { echo "the second make run took longer than 10 s"; exit 1; }
say "make test"
in_root 'make test'
say "fresh $DIST: both commands do what they say"
