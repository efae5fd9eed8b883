#!/bin/sh
# `make check-all`: every suite in its long form (a million power cuts, every system call and every
# allocation failing, the many random towns), then threads under TSan, all suites in a build by clang,
# and each fuzz target for FUZZ_SECONDS (60), two at a time. One line each; ends with `N passed, N failed`.
#
#   tests/check-all.sh TEST_BUILD [suites|threads|clang|fuzz]...     (no word: all four)
set -u
cd "$(dirname "$0")/.."
build=${1:?"usage: tests/check-all.sh TEST_BUILD [suites|threads|clang|fuzz]..."}
shift
parts=${*:-suites threads clang fuzz}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0
failed=0
count() { passed=$((passed + $1)); failed=$((failed + $2)); }

# Runs suites; their own sum becomes part of the one at the end.
suites() { # title, then the arguments of run.py
    title=$1
    shift
    began=$(date +%s)
    tests/run.py "$@" >"$logs/run"
    grep -v '^[0-9][0-9]* passed, ' "$logs/run"
    sum=$(grep '^[0-9][0-9]* passed, ' "$logs/run" | tail -1)
    echo "$title: ${sum:-did not run}  $(($(date +%s) - began)) s"
    if [ -n "$sum" ]; then
        count "$(echo "$sum" | cut -d' ' -f1)" "$(echo "$sum" | cut -d' ' -f3)"
    else
        count 0 1
    fi
}

# Sets a build folder up once and builds in it. A build that fails is a failure, and the log says why.
made() { # folder, compiler, meson options
    folder=$1
    compiler=$2
    shift 2
    if { test -e "$folder/build.ninja" || CC=$compiler meson setup "$folder" "$@"; } >"$logs/build" 2>&1 &&
        ninja -C "$folder" >>"$logs/build" 2>&1; then
        return 0
    fi
    echo "$folder: FAILED to build"
    grep -a -A3 'FAILED\|error' "$logs/build" | head -40
    count 0 1
    return 1
}

fuzz_one() { # a target
    name=${1##*/fuzz_}
    mkdir -p "build-fuzz/corpus/$name" "build-fuzz/found/$name"
    "$1" -max_total_time="${FUZZ_SECONDS:-60}" -rss_limit_mb=4096 -timeout=20 -print_final_stats=1 \
        -artifact_prefix="build-fuzz/found/$name/" "build-fuzz/corpus/$name" "fuzz/seeds/$name" \
        >"build-fuzz/$name.log" 2>&1
    code=$?
    runs=$(grep -a number_of_executed_units "build-fuzz/$name.log" | grep -o '[0-9]*$')
    if [ "$code" = 0 ]; then
        echo "fuzz $name: passed, ${runs:-0} runs"
    else
        echo "fuzz $name: FAILED, see build-fuzz/$name.log and build-fuzz/found/$name"
    fi
}

fuzz() {
    made build-fuzz clang --buildtype=debugoptimized -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fsanitize=fuzzer-no-link || return
    set --
    for t in build-fuzz/fuzz/fuzz_*; do
        [ -x "$t" ] && [ -f "$t" ] && set -- "$@" "$t"
    done
    : >"$logs/fuzz"
    while [ $# -gt 0 ]; do
        fuzz_one "$1" >>"$logs/fuzz" &
        shift
        if [ $# -gt 0 ]; then
            fuzz_one "$1" >>"$logs/fuzz" &
            shift
        fi
        wait
    done
    cat "$logs/fuzz"
    count "$(grep -c ': passed' "$logs/fuzz")" "$(grep -c ': FAILED' "$logs/fuzz")"
}

sanitized="--buildtype=debugoptimized -Dtests=true -Dtest_build=true -Db_lundef=false -Dwerror=true"
for part in $parts; do
    case $part in
    suites)
        MIZO_ALL=1 MIZO_MANY=1 suites "long forms" "$build"
        ;;
    threads)
        # shellcheck disable=SC2086 # words on purpose
        made build-tsan gcc $sanitized -Db_sanitize=thread &&
            TSAN_OPTIONS="halt_on_error=1 suppressions=$PWD/tests/tsan.supp" suites "threads under TSan" build-tsan --suite threads
        ;;
    clang)
        # shellcheck disable=SC2086
        made build-clang clang $sanitized -Db_sanitize=address,undefined &&
            suites "built by clang" build-clang --not alone
        ;;
    fuzz) fuzz ;;
    *)
        echo "no such part: $part"
        count 0 1
        ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
