#!/bin/sh
# The long checks behind `make check-all`, after the suites: threads under TSan, every fuzz target
# for FUZZ_SECONDS (60) each. Ends with `N passed, N failed`.
set -u
cd "$(dirname "$0")/.."
passed=0
failed=0
tell() { if [ "$1" = 0 ]; then passed=$((passed + 1)); echo "$2: passed"; else failed=$((failed + 1)); echo "$2: FAILED"; fi; }

test -e build-tsan/build.ninja || meson setup build-tsan --buildtype=debugoptimized -Dtests=true -Dtest_build=true \
    -Db_sanitize=thread -Db_lundef=false >/dev/null
ninja -C build-tsan >build-tsan/log 2>&1 && TSAN_OPTIONS=halt_on_error=1 tests/run.py build-tsan --suite threads
tell $? "threads under TSan"

test -e build-fuzz/build.ninja || CC=clang meson setup build-fuzz --buildtype=debugoptimized -Dfuzz=true \
    -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link >/dev/null
ninja -C build-fuzz >build-fuzz/log 2>&1
for t in build-fuzz/fuzz/fuzz_*; do
    [ -x "$t" ] && [ -f "$t" ] || continue
    name=${t##*/fuzz_}
    mkdir -p "build-fuzz/corpus/$name"
    "$t" -max_total_time="${FUZZ_SECONDS:-60}" -rss_limit_mb=4096 -timeout=20 -print_final_stats=1 \
        "build-fuzz/corpus/$name" "fuzz/seeds/$name" >"build-fuzz/$name.log" 2>&1
    tell $? "fuzz $name ($(grep -a number_of_executed_units "build-fuzz/$name.log" | grep -o '[0-9]*$') runs)"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
