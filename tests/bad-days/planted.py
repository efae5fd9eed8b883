#!/usr/bin/env python3
"""Bugs planted on purpose must be found: each test named here must fail with its bug switched on.

  planted.py BUILD

A build with -Dtest_build=true has the bugs (src/base/plant.h); MIZO_PLANT names the one that lives.
Prints TAP. A test that passes with a bug in place is the failure.
"""
import os
import subprocess
import sys

BUILD = sys.argv[1]

PLANTED = [  # bug, what it does, the program that must find it, its surroundings
    ('acknowledge-early', 'an answer before the commit', 'tests/unit/town/test_town_writer', {}),
    ('retry-doubles', 'a second try on top of the first', 'tests/unit/town/test_town_writer', {}),
    ('sync-off', 'commits that are not synced', 'tests/bad-days/test_cuts', {'MIZO_CUTS': '2000'}),
    ('partial-commit', 'a batch in two transactions', 'tests/bad-days/test_cuts', {'MIZO_CUTS': '2000'}),
    ('balance-apart', 'an entry without its balance', 'tests/bad-days/test_cuts', {'MIZO_CUTS': '2000'}),
    ('sync-forgiven', 'a failed sync is tried again', 'tests/bad-days/test_faults', {}),
    ('no-lock', 'our own lock is not taken', 'tests/bad-days/test_faults', {}),
    ('forget-day-was', 'what was known before is thrown away', 'tests/contract/test_contract_days', {}),
    ('as-of-ignored', 'as-of shows what is known now', 'tests/contract/test_contract_days', {}),
    ('stage-overwrites', 'an import drops what a day had', 'tests/unit/town/test_town_stage', {}),
]


def run(program, plant, surroundings):
    env = dict(os.environ, **surroundings)
    env.pop('MIZO_PLANT', None)
    if plant:
        env['MIZO_PLANT'] = plant
    env.setdefault('MIZO_MODULES', os.path.join(BUILD, 'modules'))
    try:
        p = subprocess.run([os.path.join(BUILD, program)], env=env, capture_output=True, timeout=240)
        return p.returncode
    except subprocess.TimeoutExpired:
        return 124


def main():
    print(f'1..{len(PLANTED)}')
    bad = 0
    for n, (plant, what, program, surroundings) in enumerate(PLANTED, 1):
        if not os.path.exists(os.path.join(BUILD, program)):
            print(f'not ok {n} - {plant}: {program} is not built')
            bad += 1
            continue
        found = run(program, plant, surroundings) != 0
        print(f"{'ok' if found else 'not ok'} {n} - {plant} ({what}) is found by {os.path.basename(program)}", flush=True)
        bad += not found
    return bad != 0


sys.exit(main())
