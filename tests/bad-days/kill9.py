#!/usr/bin/env python3
"""kill -9 at random moments of `mizo import` and `mizo serve`, on a village of 50 sites.

  kill9.py [MIZO]      (or MIZO_RELEASE, MIZO_BIN)      MIZO_KILLS: how many (200)   MIZO_SEED

After each kill the store opens, `mizo verify` says true, and: an import is there whole or not at
all, and whole if it had said so; whatever another reader had seen of the serving town (batches,
journal entries with their hashes) is there unchanged, and no entry is there twice. Prints TAP.
"""
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
VILLAGE = os.path.join(HERE, '..', 'data', 'village')
SITES, DAYS = 50, 30


def append(path, lines):
    with open(path, 'a', encoding='utf-8') as f:
        f.write(''.join(line + '\n' for line in lines))


def make_region(to):
    """The village of the tests, grown to 50 sites."""
    shutil.copytree(VILLAGE, to)
    extra = [f's{i:03d}' for i in range(SITES - 3)]
    append(f'{to}/facilities.csv', [f'f-{x},施設{x},Site {x},school,B-{x},education,village,east,public,35.53,139.70,1000,no,,'
                                    for x in extra])
    append(f'{to}/buildings.csv', [f'b-{x},棟{x},Building {x},1000,2000' for x in extra])
    append(f'{to}/points.csv', [f'p-{x},,high,slot,hv-day,90,70,no,,' for x in extra])
    append(f'{to}/uses.csv', [f'f-{x},b-{x},p-{x},1,,' for x in extra])
    append(f'{to}/supply.csv', [f'p-{x},big-plain,2022-04-01,' for x in extra])
    return ['p-depot', 'p-hall', 'p-school'] + [f'p-{x}' for x in extra]


def write_readings(path, points, days, version):
    """Every value differs between two versions that follow each other."""
    with open(path, 'w', encoding='utf-8') as f:
        f.write('point,start,kwh\n')
        for d in range(days):
            date = time.strftime('%Y-%m-%d', time.gmtime((19541 + d) * 86400))  # from 2023-07-03
            for s in range(48):
                at = f'{date}T{s // 2:02d}:{s % 2 * 30:02d}:00+09:00'
                f.writelines(f'{p},{at},{(i + s + version * 7) % 40 + 1}.{version}\n' for i, p in enumerate(points))


def mizo(*args):
    return subprocess.run([MIZO, *args], capture_output=True, text=True, timeout=120)


def importing(region, path, known):
    return ['import', path, '--region', region, '--known', known, '--json']


class Wrong(Exception):
    pass


def demand(good, why):
    if not good:
        raise Wrong(why)


def verified(region):
    p = mizo('verify', '--region', region)
    demand(p.returncode == 0, f'verify: {p.returncode} {p.stdout}{p.stderr}')


def counts(text):
    got = json.loads(text)
    got = got['files'][0] if 'files' in got else got
    return got


def import_rounds(work, kills, dice):
    region = os.path.join(work, 'import')
    points = make_region(region)
    files = [os.path.join(work, f'v{v}.csv') for v in range(3)]
    for v, path in enumerate(files):
        write_readings(path, points, 6, v)
    rows = len(points) * 6 * 48
    begin = time.monotonic()
    p = mizo(*importing(region, files[0], '2024-01-01T12:00:00+09:00'))
    took = time.monotonic() - begin
    demand(p.returncode == 0, p.stderr)
    demand(counts(p.stdout)['added'] == rows, p.stdout)
    before = after = 0
    for k in range(1, kills + 1):
        words = importing(region, files[k % 3], time.strftime('%Y-%m-%dT12:00:00+09:00', time.gmtime((19724 + k) * 86400)))
        child = subprocess.Popen([MIZO, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        time.sleep(dice.uniform(0, took * 1.1))
        child.kill()
        out = child.communicate()[0]
        said = child.returncode == 0
        verified(region)
        p = mizo(*words)
        demand(p.returncode == 0, f'kill {k}: the import after it fails: {p.stderr}')
        got = counts(p.stdout)
        whole, nothing = got['same'] == rows, got['changed'] == rows
        demand(whole or nothing, f'kill {k}: half of it was there: {p.stdout}')
        demand(whole or not said, f'kill {k}: it had said {out!r} and is not there')
        before += nothing
        after += whole
    verified(region)
    return before, after


def look(db):
    """What another reader sees: batches and the journal, whole."""
    c = sqlite3.connect(f'file:{db}?mode=ro', uri=True, timeout=5)
    try:
        c.execute('BEGIN')
        return (c.execute('SELECT id, known, actor, source FROM batch').fetchall(),
                c.execute('SELECT seq, hash, amount FROM entry').fetchall())
    finally:
        c.close()


def doubled(db):
    c = sqlite3.connect(f'file:{db}?mode=ro', uri=True, timeout=5)
    try:
        return c.execute("SELECT day, from_account, to_account, unit, kind, ref, count(*) FROM entry WHERE kind <> 'correction' "
                         'GROUP BY 1, 2, 3, 4, 5, 6 HAVING count(*) > 1 LIMIT 3').fetchall()
    finally:
        c.close()


def serve_once(region, db, seconds):
    """Serves until the kill; returns the last that a reader saw."""
    child = subprocess.Popen([MIZO, 'serve', '--region', region, '--listen', '127.0.0.1:0', '--clock', 'x100000'],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    end, seen = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            seen = look(db)
        except sqlite3.Error:
            pass
        demand(child.poll() is None, f'serve ended by itself: {child.returncode}')
        time.sleep(min(0.02, max(0, end - time.monotonic())))
    child.kill()
    child.communicate()
    return seen


def serve_rounds(work, kills, dice):
    region = os.path.join(work, 'serve')
    points = make_region(region)
    path = os.path.join(work, 'truth.csv')
    write_readings(path, points + ['mill'], DAYS, 1)
    p = mizo('import', path, '--region', region)
    demand(p.returncode == 0, p.stderr)
    db = os.path.join(region, 'mizo.db')
    for k in range(1, kills + 1):
        seen = serve_once(region, db, dice.uniform(0.02, 0.8))
        verified(region)
        batches, entries = look(db)
        demand(not seen or batches[:len(seen[0])] == seen[0], f'kill {k}: a batch that was there is gone')
        demand(not seen or entries[:len(seen[1])] == seen[1], f'kill {k}: an entry that was there is gone or other')
        demand(not doubled(db), f'kill {k}: an entry is there twice: {doubled(db)}')
    return len(look(db)[0]), len(look(db)[1])


def beside_rounds(work, kills, dice):
    """Imports beside a serving town, which is then killed: both are kept."""
    region = os.path.join(work, 'beside')
    points = make_region(region)
    truth, files = os.path.join(work, 'beside.csv'), [os.path.join(work, f'beside{v}.csv') for v in range(2)]
    write_readings(truth, points + ['mill'], DAYS, 1)
    for v, path in enumerate(files):
        write_readings(path, points, 2, v)
    p = mizo('import', truth, '--region', region)
    demand(p.returncode == 0, p.stderr)
    rows = len(points) * 2 * 48
    for k in range(kills):
        child = subprocess.Popen([MIZO, 'serve', '--region', region, '--listen', '127.0.0.1:0', '--clock', 'x100000'],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.1, 0.4))
        words = importing(region, files[k % 2], time.strftime('%Y-%m-%dT12:00:00+09:00', time.gmtime((19724 + k) * 86400)))
        p = mizo(*words)
        alive = child.poll() is None
        child.kill()
        child.wait()
        demand(p.returncode == 0, f'import {k} beside serve: {p.stderr}')
        demand(alive, f'import {k}: serve did not live through it')
        verified(region)
        p = mizo(*words)
        demand(p.returncode == 0 and counts(p.stdout)['same'] == rows, f'import {k} had said done and is not there: {p.stdout}')
    return kills, len(look(os.path.join(region, 'mizo.db'))[0])


def main():
    kills = int(os.environ.get('MIZO_KILLS', '200'))
    dice = random.Random(int(os.environ.get('MIZO_SEED', '1')))
    work = tempfile.mkdtemp(prefix='mizo-kill9-')
    some, few = kills * 13 // 20, max(1, kills // 20)
    parts = [('import', import_rounds, some, 'came before the commit, {} after it'),
             ('serve', serve_rounds, kills - some - few, 'batches and {} entries in the end'),
             ('serve beside an import', beside_rounds, few, 'imports kept, {} batches in the end')]
    failed = 0
    print(f'1..{len(parts)}')
    try:
        for n, (name, rounds, count, text) in enumerate(parts, 1):
            try:
                first, second = rounds(work, count, dice)
                print(f'ok {n} - {count} kills of mizo {name}: {first} ' + text.format(second), flush=True)
            except Wrong as why:
                failed = 1
                print(f'not ok {n} - kills of mizo {name}')
                print('\n'.join('# ' + line for line in str(why).splitlines()[:10]), flush=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return failed


MIZO = (sys.argv[1:] or [os.environ.get('MIZO_RELEASE') or os.environ.get('MIZO_BIN') or ''])[0]
if not MIZO or not os.path.exists(MIZO):
    print('1..0 # SKIP no release build of mizo')
    sys.exit(0)
sys.exit(main())
