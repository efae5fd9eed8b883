#!/usr/bin/env python3
"""Runs the suites of a build folder and prints one line a suite, then `N passed, N failed`.

A suite is a program that prints TAP; meson.build lists them (`meson introspect --tests`). A suite
that dies, prints no plan or fewer results than planned counts as one failure more. Two run at a
time; those of a suite marked `alone` (closed loop, browser) run one by one, last.

  tests/run.py BUILD [--suite NAME]... [--not NAME]... [--only WORD] [-v]
"""
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time

LINE = re.compile(r'^(not )?ok\b(?:\s+\d+)?(.*)$')
PATIENCE = 3  # a busy machine is no failure: limits are for what hangs
if os.environ.get('MIZO_ALL') or os.environ.get('MIZO_MANY'):
    PATIENCE = 30  # the long forms
PLAN = re.compile(r'^1\.\.(\d+)')


def run(test, verbose):
    env = dict(os.environ)
    env.update(test.get('env') or {})
    env.setdefault('CMOCKA_MESSAGE_OUTPUT', 'TAP')
    env.setdefault('ASAN_OPTIONS', 'abort_on_error=0:detect_leaks=1')
    env.setdefault('LSAN_OPTIONS', 'print_suppressions=0:suppressions=' + os.path.join(os.path.dirname(os.path.abspath(__file__)), 'leaks.supp'))
    env.setdefault('UBSAN_OPTIONS', 'halt_on_error=1:print_stacktrace=1')
    start = time.monotonic()
    try:
        p = subprocess.run(test['cmd'], cwd=test.get('workdir') or test['build'], env=env, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                           timeout=(test.get('timeout') or 300) * PATIENCE)
        out, err, code = p.stdout.decode(errors='replace'), p.stderr.decode(errors='replace'), p.returncode
    except subprocess.TimeoutExpired as e:
        out, err, code = (e.stdout or b'').decode(errors='replace'), 'timed out', 124
    passed = failed = skipped = 0
    planned, bad, why = None, [], []
    for line in out.splitlines():
        m = PLAN.match(line)
        if m:
            planned = (planned or 0) + int(m.group(1))
            if m.group(1) == '0' and 'SKIP' in line.upper():
                why.append(line.split('#', 1)[-1].strip())
                skipped += 1
            continue
        m = LINE.match(line)
        if not m:
            continue
        if '# SKIP' in m.group(2).upper():
            skipped += 1
            why.append(m.group(2).strip())
        elif m.group(1):
            failed += 1
            bad.append(m.group(2).strip())
        else:
            passed += 1
    seen = passed + failed + (skipped if planned else 0)
    if planned is None or seen < planned or (code != 0 and failed == 0):
        failed += 1
        bad.append(f'the suite itself: exit {code}, {seen} of {planned} results')
    text = f"{test['name']:<28} {passed:5d} passed"
    text += f", {failed} failed" if failed else ''
    text += f", {skipped} skipped ({'; '.join(why[:2])})" if skipped else ''
    text += f"  {time.monotonic() - start:.1f} s"
    detail = ''
    if failed or verbose:
        detail = ''.join(f'    not ok {b}\n' for b in bad)
        detail += '\n'.join('    | ' + x for x in (out[-6000:] + '\n' + err[-6000:]).splitlines()) + '\n'
    return passed, failed, skipped, text, detail


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('build')
    ap.add_argument('--suite', action='append', default=[])
    ap.add_argument('--not', action='append', default=[], dest='without')
    ap.add_argument('--only', default='')
    ap.add_argument('-v', action='store_true')
    a = ap.parse_args()
    tests = json.loads(subprocess.check_output(['meson', 'introspect', '--tests', a.build]))

    def suites(t):
        return {s.split(':')[-1] for s in t['suite']}

    build = os.path.abspath(a.build)
    for t in tests: # meson names what lies at the top of the build folder ./x
        t['build'] = build
        t['cmd'] = [os.path.join(build, w) if w.startswith('./') else w for w in t['cmd']]
    tests = [t for t in tests if a.only in t['name']
             and (not a.suite or suites(t) & set(a.suite)) and not suites(t) & set(a.without)]
    tests.sort(key=lambda t: -t.get('priority', 0)) # the longest first, so that no core waits at the end
    together = [t for t in tests if 'alone' not in suites(t)]
    alone = [t for t in tests if 'alone' in suites(t)]
    total = [0, 0, 0]

    def tell(result):
        for i in range(3):
            total[i] += result[i]
        print(result[3], flush=True)
        if result[4]:
            print(result[4], end='', flush=True)

    # one more than there are cores: servers and pages under test mostly wait
    with concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 2) + 1) as pool:
        for result in pool.map(lambda t: run(t, a.v), together):
            tell(result)
    for t in alone:
        tell(run(t, a.v))
    skipped = f', {total[2]} skipped' if total[2] else ''
    print(f'{total[0]} passed, {total[1]} failed{skipped}')
    return 1 if total[1] or not total[0] else 0


if __name__ == '__main__':
    sys.exit(main())
