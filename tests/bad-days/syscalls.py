#!/usr/bin/env python3
"""Each system call of `mizo import` fails, once and then for ever: strace injects the error.

  syscalls.py [MIZO]     (or MIZO_RELEASE, MIZO_BIN)     MIZO_POINTS: how many (300; MIZO_ALL=1: all)

After each: it ended by itself (no hang, no wild pointer), the store opens and `mizo verify` says
true, the import is there whole or not at all, and whole if it had said so. Prints TAP.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

VILLAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data', 'village')
ERRORS = {'mmap': 'ENOMEM', 'brk': 'ENOMEM', 'mremap': 'ENOMEM', 'munmap': 'ENOMEM', 'mprotect': 'ENOMEM', 'clone3': 'EAGAIN',
          'openat': 'EMFILE', 'ftruncate': 'EIO', 'pwrite64': 'ENOSPC', 'pipe2': 'EMFILE', 'eventfd2': 'EMFILE'}
# glibc cannot go on without these; and the kernel's brk never answers with an error, but with the old end.
NEVER = {'execve', 'exit_group', 'exit', 'futex', 'rt_sigreturn', 'restart_syscall', 'brk'}


def write_rows(path, version):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('point,start,kwh\n')
        for i in range(96):
            f.write(f'p-school,2023-07-{10 + i // 48}T{i % 48 // 2:02d}:{i % 2 * 30:02d}:00+09:00,{i % 30 + 1}.{version}\n')


def run(*args):
    return subprocess.run(args, capture_output=True, text=True, timeout=60)


def words(region, path, k):
    known = time.strftime('%Y-%m-%dT12:00:00+09:00', time.gmtime((19724 + k) * 86400))
    return [MIZO, 'import', path, '--region', region, '--known', known, '--json']


def census(region, files, k):
    """The calls of an import that changes something: name -> (first, last) of those that the program itself makes.
    What the dynamic loader does before (until it unmaps its cache) is not ours to survive."""
    log = os.path.join(os.path.dirname(region), 'strace')
    p = run('strace', '-f', '-qq', '-o', log, *words(region, files[k % 3], k))
    if p.returncode != 0:
        return None
    counts, loading = {}, {}
    started = False
    with open(log, encoding='utf-8', errors='replace') as f:
        for line in f:
            m = re.match(r'\d+\s+([a-z_0-9]+)\(', line)
            if m and m.group(1) not in NEVER:
                counts[m.group(1)] = counts.get(m.group(1), 0) + 1
            if m and m.group(1) == 'munmap' and not started:
                started, loading = True, dict(counts)
    return {name: (loading.get(name, 0) + 1, last) for name, last in counts.items()}


def points(counts):
    out = [(name, n, ever) for name, (first, last) in sorted(counts.items()) for n in range(first, last + 1)
           for ever in (False, True)]
    wish = 0 if os.environ.get('MIZO_ALL') else int(os.environ.get('MIZO_POINTS', '300'))
    if not wish or wish >= len(out):
        return out
    # SQLite takes a lock call that fails for one that must wait, ten seconds long: two of those are enough here.
    slow = [p for p in out if p[0] == 'fcntl' and p[2]]
    out = [p for p in out if p not in slow[1:-1]]
    return [out[i * len(out) // wish] for i in range(min(wish, len(out)))]


def all_points(counts):
    return 2 * sum(last - first + 1 for first, last in counts.values())


def ended_badly(code):
    """A signal that means a wild pointer. (libuv aborts aloud when the kernel refuses it a loop.)"""
    return -code in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)


def one(region, path, k, point):
    name, n, ever = point
    inject = f"inject={name}:error={ERRORS.get(name, 'EIO')}:when={n}{'+' if ever else ''}"
    command = words(region, path, k)
    try:
        p = run('strace', '-f', '-qq', '-o', '/dev/null', '-e', inject, *command)
    except subprocess.TimeoutExpired:
        return 'it hangs'
    if ended_badly(p.returncode) or p.returncode in (128 + signal.SIGSEGV, 128 + signal.SIGBUS):
        return f'it died of signal {-p.returncode}'
    v = run(MIZO, 'verify', '--region', region)
    if v.returncode != 0:
        return f'verify says {v.returncode}: {v.stdout}{v.stderr}'
    again = run(*command)
    if again.returncode != 0:
        return f'the import after it fails: {again.stderr}'
    got = json.loads(again.stdout)['files'][0]
    whole, nothing = got['same'] == 96, got['added'] + got['changed'] == 96
    if not whole and not nothing:
        return f'half of it was there: {got}'
    if p.returncode == 0 and not whole:
        return 'it had said done and is not there'
    return None


def main():
    work = tempfile.mkdtemp(prefix='mizo-syscalls-')
    try:
        region = os.path.join(work, 'region')
        shutil.copytree(VILLAGE, region)
        files = [os.path.join(work, f'v{v}.csv') for v in range(3)]
        for v, path in enumerate(files):
            write_rows(path, v)
        if run(*words(region, files[0], 0)).returncode != 0:
            print('1..1\nnot ok 1 - an import without any fault')
            return 1
        counts = census(region, files, 1)
        if counts is None:
            print('1..0 # SKIP strace may not trace here')
            return 0
        todo, bad = points(counts), []
        for k, point in enumerate(todo, 2):
            why = one(region, files[k % 3], k, point)
            if why:
                bad.append(f"{point[0]} {point[1]}{' and all after it' if point[2] else ''}: {why}")
            if len(bad) > 5:
                break
        print('1..1')
        print(f"{'not ok' if bad else 'ok'} 1 - {len(todo)} of {all_points(counts)} points, {len(counts)} kinds of call")
        for line in bad:
            print('# ' + ' '.join(line.split())[:400])
        return 1 if bad else 0
    finally:
        shutil.rmtree(work, ignore_errors=True)


MIZO = (sys.argv[1:] or [os.environ.get('MIZO_RELEASE') or os.environ.get('MIZO_BIN') or ''])[0]
if not MIZO or not os.path.exists(MIZO):
    print('1..0 # SKIP no release build of mizo')
    sys.exit(0)
MIZO = os.path.abspath(MIZO)
if not shutil.which('strace'):
    print('1..0 # SKIP strace is not installed')
    sys.exit(0)
sys.exit(main())
