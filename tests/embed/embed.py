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


def compiled(folder, name, flags):
    program = os.path.join(folder, name)
    good, _, told = run('cc', '-std=c17', '-Wall', '-Wextra', '-pedantic', '-Werror',
                        os.path.join(ROOT, f'examples/embed/{name}.c'), *flags.split(), '-o', program)
    tell(good, f'examples/embed/{name}.c compiles against what is installed', told)
    _, dynamic, _ = run('readelf', '-d', program)
    needed = re.findall(r'NEEDED.*\[([^\]]+)\]', dynamic)
    tell(sorted(n.split('.')[0] for n in needed) == ['libc', 'libmizo'], f'{name} links libmizo and libc only', needed)
    return program


def town(folder, flags, lib):
    """Ten homes under one transformer: what they cost, how they keep its limit; from Python the same."""
    good, out, told = run(compiled(folder, 'town', flags), LD_LIBRARY_PATH=lib)
    first = re.match(r'10 homes: (\d+\.\d{3}) yen, nothing beats (\d+\.\d{3}) yen', out)
    flow = [(int(w), float(p)) for w, p in re.findall(r'(-?\d+) W +(-?[\d.]+) yen/kWh', out)]
    tell(good and first and len(flow) == 48, 'town prints a plan of 48 half-hours', told)
    cost, bound = map(float, first.groups()) if first else (0, 1)
    tell(cost * (1 - 2e-6) <= bound <= cost + 0.001, 'its bound holds, within a millionth', told[:1])
    tell(flow and all(abs(w) <= 12001 for w, _ in flow), 'the transformer carries it', told)
    dear = [t for t, (w, p) in enumerate(flow) if w >= 11999]
    tell(dear and all(flow[t][1] >= market(t) for t in dear), 'where it is full a kWh is dearer than the market', told)
    good, same, told = run(sys.executable, os.path.join(ROOT, 'examples/embed/town.py'), LD_LIBRARY_PATH=lib)
    tell(good and same == out, 'examples/embed/town.py prints the same through ctypes', told)


def market(t):
    return 30 if 34 <= t < 42 else 6 if 20 <= t < 28 else 14


with tempfile.TemporaryDirectory() as tmp:
    ok, _, said = run('meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', tmp)
    tell(ok, 'meson install', said)
    made = [d for d, _, names in os.walk(tmp) if 'mizo.pc' in names]
    tell(len(made) == 1, 'mizo.pc is installed once', made)
    lib = os.path.dirname(made[0]) if made else tmp
    ok, flags, said = run('pkg-config', '--cflags', '--libs', 'mizo', PKG_CONFIG_PATH=made[0] if made else '',
                          PKG_CONFIG_SYSROOT_DIR=tmp)
    tell(ok, 'pkg-config knows it', said)
    ok, out, said = run(compiled(tmp, 'plan', flags), LD_LIBRARY_PATH=lib)
    first = re.match(r'cost (\d+\.\d{6}) yen, nothing beats (\d+\.\d{6}) yen; the battery saves (\d+\.\d{6}) yen', out)
    rows = pairs(out)
    tell(ok and first and len(rows) == 48, 'it prints a plan of 48 half-hours', said)
    cost, bound, saved = map(float, first.groups()) if first else (0, 1, 0)
    tell(bound <= cost <= bound * 1.001 and saved > 0, 'its bound holds, within 0.1 %, and the battery pays', said[:1])
    evening = rows[32:40]
    tell(evening and all(battery <= 0 for _, _, battery, _ in evening) and rows[39][3] < rows[31][3],
         'the battery gives in the dear hours', said[33:41])
    town(tmp, flags, lib)
print(f'1..{count}')
