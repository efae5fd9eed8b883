#!/bin/sh
# Names the Debian packages that are missing and installs them.
#   packaging/deps.sh run    what `make run` needs
#   packaging/deps.sh test   what `make test` needs besides
#   packaging/deps.sh check  what `make check-all` and `make check-fresh` need besides
set -eu

run='gcc libc6-dev meson ninja-build pkg-config python3 libuv1-dev libsqlite3-dev libyaml-dev libsodium-dev
     libwebsockets-dev libwebsockets-evlib-uv zlib1g-dev libzstd-dev coinor-libclp-dev
     libcurl4-openssl-dev ca-certificates libcairo2-dev libpango1.0-dev libharfbuzz-dev libxlsxwriter-dev fonts-noto-cjk
     libxml2-dev libzip-dev'
test='g++ libcmocka-dev libasan8 libubsan1 clang-format-14 python3-openpyxl strace zstd libxml2-utils chromium util-linux poppler-utils'
check='clang libclang-rt-14-dev libtsan2 debootstrap'

case "${1:-run}" in
run) want="$run" ;;
test) want="$run $test" ;;
check) want="$run $test $check" ;;
*) echo "usage: packaging/deps.sh run|test|check" >&2; exit 2 ;;
esac

have() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=''
for p in $want; do
    have "$p" && continue
    # Names that differ from one Debian to the next, and tools that may come from elsewhere.
    case "$p" in
    libasan8) ls /usr/lib/gcc/*/*/libasan.* >/dev/null 2>&1 && continue ;;
    libubsan1) ls /usr/lib/gcc/*/*/libubsan.* >/dev/null 2>&1 && continue ;;
    libtsan2) ls /usr/lib/gcc/*/*/libtsan.* >/dev/null 2>&1 && continue ;;
    libcurl4-openssl-dev) pkg-config --exists libcurl 2>/dev/null && continue ;; # of any TLS library
    meson) command -v meson >/dev/null && continue ;;
    python3) command -v python3 >/dev/null && continue ;;
    libclang-rt-14-dev) have "libclang-rt-$(clang -dumpversion 2>/dev/null | cut -d. -f1)-dev" && continue ;;
    clang-format-14) command -v clang-format-14 >/dev/null && continue ;;
    esac
    missing="$missing $p"
done
# Node 18 or later, from Debian or from elsewhere.
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"

[ -n "$missing" ] || exit 0
echo "missing Debian packages:$missing"
if [ "$(id -u)" = 0 ]; then
    as=''
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as='sudo -n'
else
    echo "to install them, run as root (then run make again):"
    echo "  apt-get update && apt-get install --no-install-recommends$missing"
    exit 1
fi
$as apt-get update -qq
for p in $missing; do
    # Debian 13 has no clang-format-14: the format suite then says that it was skipped.
    apt-cache show "$p" >/dev/null 2>&1 || { echo "not to be had here: $p"; missing=$(echo "$missing" | sed "s/ $p\>//"); }
done
$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
