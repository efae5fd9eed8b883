#!/usr/bin/env python3
"""examples/embed, built as its first line says against an installed libmizo and run, as a TAP suite.

  embed.py SOURCE_ROOT RELEASE_BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT, BUILD = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ''
if not BUILD or not os.path.exists(os.path.join(BUILD, 'libmizo.so')) or not shutil.which('pkg-config'):
    print('1..0 # SKIP no release build, or no pkg-config')
    sys.exit(0)
count = 0


def tell(ok, name, lines=()):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in list(lines)[:20]:
            print(f'#   {line}')


def run(*args, **env):
    p = subprocess.run(args, capture_output=True, text=True, env={**os.environ, **env})
    return p.returncode == 0, p.stdout, p.stderr.splitlines() + p.stdout.splitlines()


def pairs(text):
    """Each line of the plan: import, export, battery (+ charge) in W, stored in Wh."""
    return [tuple(map(int, m)) for m in re.findall(
        r'import +(\d+) W +export +(\d+) W +battery +([+-]\d+) W +stored +(\d+) Wh', text)]


with tempfile.TemporaryDirectory() as tmp:
    ok, _, said = run('meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', tmp)
    tell(ok, 'meson install', said)
    made = [d for d, _, names in os.walk(tmp) if 'mizo.pc' in names]
    tell(len(made) == 1, 'mizo.pc is installed once', made)
    lib = os.path.dirname(made[0]) if made else tmp
    ok, flags, said = run('pkg-config', '--cflags', '--libs', 'mizo', PKG_CONFIG_PATH=made[0] if made else '',
                          PKG_CONFIG_SYSROOT_DIR=tmp)
    tell(ok, 'pkg-config knows it', said)
    program = os.path.join(tmp, 'plan')
    ok, _, said = run('cc', '-std=c17', '-Wall', '-Wextra', '-pedantic', '-Werror',
                      os.path.join(ROOT, 'examples/embed/plan.c'), *flags.split(), '-o', program)
    tell(ok, 'examples/embed/plan.c compiles against what is installed', said)
    _, dynamic, _ = run('readelf', '-d', program)
    needed = [n for n in re.findall(r'NEEDED.*\[([^\]]+)\]', dynamic)]
    tell(sorted(n.split('.')[0] for n in needed) == ['libc', 'libmizo'], 'it links libmizo and libc only', needed)
    ok, out, said = run(program, LD_LIBRARY_PATH=lib)
    first = re.match(r'cost (\d+\.\d{6}) yen, nothing beats (\d+\.\d{6}) yen; the battery saves (\d+\.\d{6}) yen', out)
    rows = pairs(out)
    tell(ok and first and len(rows) == 48, 'it prints a plan of 48 half-hours', said)
    cost, bound, saved = map(float, first.groups()) if first else (0, 1, 0)
    tell(bound <= cost <= bound * 1.001 and saved > 0, 'its bound holds, within 0.1 %, and the battery pays', said[:1])
    evening = rows[32:40]
    tell(evening and all(battery <= 0 for _, _, battery, _ in evening) and rows[39][3] < rows[31][3],
         'the battery gives in the dear hours', said[33:41])
print(f'1..{count}')
