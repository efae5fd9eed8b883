#!/usr/bin/env python3
"""kill -9 of every verb that writes, one after the other on one village: imports of the operator's files, settlement,
certificates, claims, bills, payments, costs, the close, papers, the desk's plan and filing, the office's lists, a report frozen, erasure.

  kills.py [MIZO]     (or MIZO_RELEASE, MIZO_BIN)     MIZO_KILLS: how many of each (3)     MIZO_SEED

The office's are also refused by a full disk, whole. After each kill `mizo verify` says true, the store is as it was before the verb or as it is after it, and the verb run
again brings it to the same end. Prints TAP.
"""
import datetime
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'cli'))
from operator_files import DEPOT, HALL, daily  # noqa: E402

VILLAGE = os.path.join(HERE, '..', 'data', 'village')
SAVINGS = 'id,measure,facility,before_kwh,after_kwh,method,first_fy,last_fy,evidence\n' + ''.join(
    f'led-{i},LED {i},school,900,400,lamp table,2023,2027,table\n' for i in range(40))
GAP = {s for s in range(1, 49) if s != 10}


def mizo(region, *words):
    p = subprocess.run([MIZO, *words, '--region', region], capture_output=True, text=True, timeout=60, env=ENV)
    return p.returncode, p.stdout, p.stderr


def state(region):
    """What the store says, without its clock: two runs of one verb come to the same."""
    c = sqlite3.connect(f'file:{region}/mizo.db?mode=ro', uri=True, timeout=5)
    try:
        one = [tuple(c.execute(q).fetchone()) for q in (
            'SELECT count(*), coalesce(sum(amount), 0) FROM entry', 'SELECT count(*) FROM day', 'SELECT count(*) FROM day_was',
            'SELECT count(*) FROM person WHERE length(sealed) > 0', 'SELECT count(*) FROM secret')]
        return one, c.execute('SELECT kind, count(*) FROM record GROUP BY 1 ORDER BY 1').fetchall()
    finally:
        c.close()


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'wb') as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def opened(work, name, readings):
    region = os.path.join(work, name)
    shutil.copytree(VILLAGE, region, ignore=shutil.ignore_patterns('mizo.db*', 'files'))
    code, _, err = mizo(region, 'import', readings, '--known', '2023-07-10')
    assert code == 0, err
    return region


def prepare(work):
    """A month to bill and settle; days to plan from."""
    rows = ['point,start,kwh']
    for point, base in (('p-depot', 20), ('p-hall', 8), ('p-school', 12)):
        for d in range(30):
            day = datetime.date(2023, 4, 1) + datetime.timedelta(d)
            rows += [f'{point},{day}T{s // 2:02d}:{s % 2 * 30:02d},{base + (5 if 16 <= s < 36 else 0)}' for s in range(48)]
    for owner, kwh in (('mill', 30), ('pv-depot', 3)):
        rows += [f'{owner},2023-04-03T{s // 2:02d}:{s % 2 * 30:02d},{kwh}' for s in range(48)]
    return [opened(work, 'books', write(work, 'april.csv', '\n'.join(rows) + '\n')),
            opened(work, 'desk', os.path.join(VILLAGE, 'readings.csv'))]


def steps(work):
    desk = ['--day', '2023-07-11', '--group', 'village-bg', '--as', 'hana']
    june = {DEPOT: lambda s: 2, HALL: lambda s: 1}
    return [
        ("import of the operator's file", ['import', write(work, 'd.xml', daily('20230610', june, slots=sorted(GAP)))]),
        ('import of a table with names', ['import', write(work, 'd.csv', f'供給地点特定番号,氏名,年月日,時刻コード,kwh\n{DEPOT},山,2023-06-11,1,3\n')]),
        ('readings fill', ['readings', 'fill', 'p-depot', '--day', '2023-06-10', '--rule', 'linear-1']),
        ('people erase', ['people', 'erase', '--id', 'point:p-depot', '--reason', 'asked']),
        ('settle', ['settle', '--from', '2023-04-03', '--to', '2023-04-03']),
        ('certificate import', ['certificate', 'import', write(work, 'lots.csv', 'lot,kind,vintage,number_from,number_to,kwh\na,fit,2023,1,1000,1000\nb,fit,2023,1001,1500,500\n')]),
        ('certificate assign', ['certificate', 'assign', '--lot', 'a', '--menu', 'big-green', '--fy', '2023']),
        ('claim', ['claim', '--kind', 'credit', '--of', 'p-depot', '--from', '2023-04-03', '--to', '2023-04-03', '--id', 'jc-1']),
        ('invoice run', ['invoice', 'run', '--month', '2023-04', '--as', 'maker']),
        ('invoice approve', ['invoice', 'approve', '2023-04', '--as', 'boss']),
        ('invoice issue', ['invoice', 'issue', '2023-04', '--day', '2023-05-08', '--as', 'boss', '--format', 'html']),
        ('receivables pay', ['receivables', 'pay', write(work, 'bank.csv', 'date,amount,reference\n2023-06-01,1000,c202304-c-lamps\n')]),
        ('close cost', ['close', 'cost', write(work, 'cost.csv', 'kind,month,id,yen\nother,2023-04,postage,500\n')]),
        ('close make', ['close', 'make', '--month', '2023-04', '--as', 'hana']),
        ('duty paper', ['duty', 'paper', 'c-hall', '--how', 'by hand', '--on', '2024-05-20']),
        ('duty done', ['duty', 'done', 'energy-month', '--period', '2024-03-10', '--on', '2024-05-13']),
        ('day plan', ['day', 'plan', *desk, '--at', '2023-07-10T09:00']),
        ('day file', ['day', 'file', *desk, '--at', '2023-07-10T11:00']),
        ('forecast kept', ['forecast', '--day', '2023-07-10', '--keep']),
        ('city enter', ['city', 'enter', 'trees', 'R6', '--value', '40件', '--source', 'park office', '--on', '2025-05-01']),
        ('city put', ['city', 'put', 'recruit', 'firm-1', 'name=a firm', 'stage=invited']),
        ('city put again', ['city', 'put', 'recruit', 'firm-1', 'stage=visited', '--after', '1']),
        ('city load savings', ['city', 'load', 'saving', write(work, 's.csv', SAVINGS)]),
        ('city load the grant', ['city', 'load', 'grant', write(work, 'g.csv', 'id,title,what,fy,cost_yen\ng-1,roof,pv,2024,100\ng-2,roof,pv,2024,100\n')]),
        ('city load assets', ['city', 'load', 'grant-asset', write(work, 'a.csv', 'id,grant,asset,acquired,cost_yen,grant_yen\na-1,g-1,pv-depot,2024-04-01,100,50\n')]),
        ('city take', ['city', 'take', 'moe', write(work, 'c.csv', 'code,co2\nkaden,333\nten,244\n'), '--inventory', 'village', '--fy', '2022', '--source', 'the ministry']),
        ('city provisional', ['city', 'provisional', '--inventory', 'village', '--fy', '2023', '--keep', '--on', '2024-06-01']),
        ('city load findings', ['city', 'load', 'finding', write(work, 'f.csv', 'id,facility,seen,seen_on\nf-1,school,lamps,2023-05-10\n')]),
        ('report freeze', ['report', 'targets', '--fy', '2024', '--freeze', '--why', 'council']),
        ('user add', ['user', 'add', 'aki', '--roles', 'operator']),
    ]


def killed(region, words, after):
    child = subprocess.Popen([MIZO, *words, '--region', region], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
    time.sleep(after)
    child.kill()
    child.wait()


def full(region, words, before):
    """A disk without room: refused, and nothing of it is there. A limit on the size of files stands for it."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    p = subprocess.run([MIZO, *words, '--region', region], capture_output=True, text=True, timeout=60, env=ENV, preexec_fn=limit)
    if p.returncode != 3 or not p.stderr or state(region) != before:
        return f'full disk: {p.returncode} {p.stderr}'
    code, out, err = mizo(region, 'verify')
    return code and f'full disk: verify: {out}{err}'


def one(work, region, words, dice, kills):
    """What is wrong, or nothing; the region is then at the verb's end."""
    copy = os.path.join(work, 'copy')
    before = state(region)
    shutil.copytree(region, copy)
    began = time.monotonic()
    code, _, err = mizo(copy, *words)
    took, after = time.monotonic() - began, state(copy)
    if code or before == after:
        shutil.rmtree(region)
        shutil.move(copy, region)
        return f'{words}: {code} {err}', 0
    torn, met = words[0] in ('city', 'report') and full(region, words, before) or '', 0
    for k in range(kills):
        shutil.rmtree(copy)
        shutil.copytree(region, copy)
        killed(copy, words, dice.uniform(0.3, 1.0) * took)
        got = state(copy)
        met += got == after
        if got not in (before, after):
            torn = torn or f'kill {k}: half of it: {set(map(str, got[1])) ^ set(map(str, before[1]))} {got[0]} {before[0]}'
        code, out, err = mizo(copy, 'verify')
        torn = torn or (code and f'kill {k}: verify: {out}{err}')
        if got == before:
            code, _, err = mizo(copy, *words)
            torn = torn or ((code or state(copy) != after) and f'kill {k}: again: {code} {err}')
    shutil.rmtree(region)
    shutil.move(copy, region)
    if state(region) != after:
        torn = torn or 'not at the same end'
    return torn, met


def main():
    kills, dice = int(os.environ.get('MIZO_KILLS', '3')), random.Random(int(os.environ.get('MIZO_SEED', '1')))
    work = tempfile.mkdtemp(prefix='mizo-kills-')
    failed = 0
    try:
        regions = prepare(work)
        rows = steps(work)
        print(f'1..{len(rows)}')
        for n, (name, words) in enumerate(rows, 1):
            torn, met = one(work, regions[name.startswith(('day', 'forecast'))], words, dice, kills)
            failed |= bool(torn)
            print(f"{'not ok' if torn else 'ok'} {n} - {name}: {kills} kills, {met} came after the commit", flush=True)
            if torn:
                print('\n'.join('#   ' + line for line in str(torn).splitlines()[:8]))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return failed


ENV = {**os.environ, 'MIZO_LANG': 'en'}
MIZO = (sys.argv[1:] or [os.environ.get('MIZO_RELEASE') or os.environ.get('MIZO_BIN') or ''])[0]
if not MIZO or not os.path.exists(MIZO):
    print('1..0 # SKIP no release build of mizo')
    sys.exit(0)
sys.exit(main())
