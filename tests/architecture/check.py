#!/usr/bin/env python3
"""The walls of the house, as a TAP suite: who may include whom, who may touch a clock, what the
library needs, what no file may say. Reads the sources and the objects of a release build.

  check.py SOURCE_ROOT RELEASE_BUILD
"""
import os
import re
import shutil
import subprocess
import sys

ROOT, BUILD = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ''
PURE = ['base', 'region', 'metering', 'weather', 'forecast', 'optimize', 'control', 'books', 'retail', 'carbon', 'city']
count = 0


def tell(ok, name, lines=()):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    for line in list(lines)[:20]:
        print(f'#   {line}')


def skip(name, why):
    global count
    count += 1
    print(f'ok {count} - {name} # SKIP {why}')


def tracked(*suffixes):
    out = subprocess.check_output(['git', '-C', ROOT, 'ls-files', '-co', '--exclude-standard'], text=True)
    return [f for f in out.splitlines() if f.endswith(suffixes) and os.path.exists(os.path.join(ROOT, f))]


def text(path):
    with open(os.path.join(ROOT, path), encoding='utf-8', errors='replace') as f:
        return f.read()


def code(path):
    """The file without comments and strings."""
    s = re.sub(r'/\*.*?\*/', lambda m: '\n' * m.group(0).count('\n'), text(path), flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', re.sub(r'//[^\n]*', '', s))


def rooms():
    table = {}
    for line in text('tests/architecture/rooms').splitlines():
        line = line.split('#')[0].strip()
        if line:
            room, may = line.split(':')
            table[room.strip()] = may.split()
    return table


# Public headers that are not called after their room.
PUBLIC = {
    **dict.fromkeys(['error', 'slot', 'number', 'series', 'messages'], 'base'),
    **dict.fromkeys(['attribute', 'balancing', 'civic', 'duty', 'meters', 'payment', 'trade'], 'region'),
    **dict.fromkeys(['foresight', 'scenario'], 'forecast'),
    'command': 'control',
    'lp': 'optimize',
    'match': 'books',
    **dict.fromkeys(['bill', 'desk'], 'retail'),
}


def room_of_include(name):
    if name.startswith('mizo/'):
        stem = name[5:].rsplit('.', 1)[0]
        return PUBLIC.get(stem.split('/')[0], stem)
    return name.split('/')[0] if '/' in name else None


def includes():
    table, bad = rooms(), []
    for f in tracked('.c', '.h'):
        m = re.match(r'(?:src/([a-z]+)/|include/mizo/([a-z]+)\.h$)', f)
        if not m:
            continue
        room = m.group(1) or room_of_include('mizo/' + m.group(2) + '.h')
        if room not in table:
            bad.append(f'{f}: room "{room}" is not in tests/architecture/rooms')
            continue
        for n, line in enumerate(text(f).splitlines(), 1):
            i = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            other = room_of_include(i.group(1)) if i else None
            if not other or other == room or other not in table and other != 'web':
                continue
            if other not in table[room] and i.group(1) not in table[room]:
                bad.append(f'{f}:{n}: {room} may not include {i.group(1)}')
    tell(not bad, 'rooms include only what tests/architecture/rooms allows', bad)


def headers():
    """What is installed stands alone: each public header, then all in one, in C and from C++, with nothing of src/."""
    names = [os.path.relpath(f, 'include') for f in tracked('.h') if f.startswith('include/')]
    for cc, flags, around in [('gcc', ['-xc', '-std=c17', '-pedantic'], '{}'),
                              ('g++', ['-xc++', '-std=c++17'], 'extern "C" {{\n{}}}\n')]:
        bad, what = [], f'each public header compiles alone, and all together, with {cc}'
        if not shutil.which(cc):
            skip(what, f'no {cc}')
            continue
        for some in [[name] for name in names] + [names]:
            unit = around.format(''.join(f'#include "{name}"\n' for name in some))
            made = subprocess.run([cc, *flags, '-Wall', '-Wextra', '-Werror', '-fsyntax-only',
                                   '-I', os.path.join(ROOT, 'include'), '-'],
                                  input=unit, capture_output=True, text=True)
            if made.returncode:
                bad.append(f'{" ".join(some)}: ' + '; '.join(x for x in made.stderr.splitlines() if 'error' in x))
        tell(names and not bad, what, bad)


def uv_only_in_env():
    bad = [f for f in tracked('.c', '.h') if f.startswith(('src/', 'include/'))
           and re.search(r'#\s*include\s*<uv\.h>', text(f)) and f != 'src/base/env_uv.c']
    tell(not bad, 'env_uv.c alone includes uv.h', bad)


BANNED = r'\b(strcpy|strcat|sprintf|vsprintf|gets|alloca|atoi|atol|rand|srand|system|popen|execl|execv|execvp|strtok|tmpnam|mktemp)\s*\('


def banned():
    bad = []
    for f in tracked('.c', '.h'):
        if f.startswith(('src/', 'include/')):
            for n, line in enumerate(code(f).splitlines(), 1):
                if re.search(BANNED, line) and not re.search(r'(->|\.)\s*(rand|system)\s*\(', line):
                    bad.append(f'{f}:{n}: {line.strip()}')
    tell(not bad, 'no function that security.md bans', bad)


# Folders that only one machine has, at its root and under its /tmp; words that leave something for later.
TOPS, TEMPORARY, LATER = ['work', 'farm', 'root', 'home'], ['studio'], ['TODO', 'FIXME', 'XXX']


def words():
    tops, temporary, later = ('|'.join(x) for x in (TOPS, TEMPORARY, LATER))
    bad, pattern = [], re.compile(rf'(^|[\s"\'=(])/({tops})/|/tmp/({temporary})|\b({later})\b')
    for f in tracked('.c', '.h', '.ts', '.md', '.py', '.sh', '.build', '.yaml', '.css', '.html', '.mjs', 'Makefile'):
        if f == 'tests/architecture/check.py' or 'node_modules' in f:
            continue
        for n, line in enumerate(text(f).splitlines(), 1):
            if pattern.search(line):
                bad.append(f'{f}:{n}: {line.strip()[:120]}')
    tell(not bad, 'no path of one machine, nothing left for later', bad)


def links():
    bad = []
    for f in tracked('.md'):
        for target in re.findall(r'\]\(([^)#\s]+)(?:#[^)]*)?\)', text(f)):
            if '://' in target or target.startswith('mailto:'):
                continue
            if not os.path.exists(os.path.join(ROOT, os.path.dirname(f), target)):
                bad.append(f'{f}: {target}')
    tell(not bad, 'every link between documents leads somewhere', bad)


def messages():
    """Each message is said somewhere: by its id, or by what a macro puts behind the id's beginning."""
    said = '\n'.join(code(f) for f in tracked('.c', '.h') if f.startswith(('src/', 'include/')))
    heads = sorted(set(re.findall(r'\b(?:MIZO_MSG_)?([A-Z]\w*_)##', said)))
    names, bad = set(re.findall(r'\w+', said)), []
    for f in tracked('.def'):
        for msg in re.findall(r'^X\((\w+),', text(f), re.M):
            tails = [re.sub('_ASSET$', '', msg[len(h):]) for h in heads if msg.startswith(h)]
            if not names & {msg, 'MIZO_MSG_' + msg, *tails}:
                bad.append(f'{f}: {msg}')
    tell(not bad, 'every message is said somewhere', bad)


def objects(room):
    found = []
    for dirpath, _, files in os.walk(os.path.join(BUILD, 'src')):
        for name in files:
            rel = os.path.relpath(os.path.join(dirpath, name), os.path.join(BUILD, 'src'))
            if name.endswith('.o') and rel.split('/')[0] == room:
                found.append(os.path.join(dirpath, name))
    return sorted(found)


def symbols(path):
    return [line.split() for line in subprocess.check_output(['nm', '-P', path], text=True).splitlines()]


CLOCKS = {'clock_gettime', 'gettimeofday', 'time', 'clock', 'nanosleep', 'usleep', 'sleep', 'rand', 'random', 'getrandom',
          'localtime', 'localtime_r', 'gmtime', 'gmtime_r', 'mktime', 'ftime', 'timespec_get'}
WORLD = {'open', 'open64', 'fopen', 'fopen64', 'openat', 'socket', 'connect', 'pthread_create', 'thrd_create', 'getenv', 'unlink', 'rename', 'fork'}


def seams():
    if not BUILD or not os.path.isdir(BUILD):
        for name in ('no object but env_uv reads a clock or calls libuv', 'pure rooms touch no file, thread, environment',
                     'no writable statics in libmizo and town'):
            skip(name, 'no release build')
        return
    clock, world, statics = [], [], []
    for room in PURE + ['store', 'devices', 'grid', 'town', 'server', 'cli']:
        for o in objects(room):
            base, short = os.path.basename(o), os.path.relpath(o, BUILD)
            if 'env_uv' in base:
                continue
            for s in symbols(o):
                name, kind = s[0], s[1]
                if kind == 'U' and (name.startswith('uv_') or name in CLOCKS):
                    clock.append(f'{short}: {name}')
                if kind == 'U' and room in PURE and 'env' not in base and 'mailbox' not in base and name in WORLD:
                    world.append(f'{short}: {name}')
                if kind in 'bBdDC' and (room in PURE or room == 'town') and 'env' not in base \
                        and not name.startswith(('.data', '__')) and '.data.rel.ro' not in name:
                    statics.append(f'{short}: {name} ({kind})')
    tell(not clock, 'no object but env_uv reads a clock or calls libuv', clock)
    tell(not world, 'pure rooms touch no file, thread, environment', world)
    # Constant tables with pointers live in .data.rel.ro, which nm calls d: told apart by objdump.
    real = [s for s in statics if not in_relro(s)]
    tell(not real, 'no writable statics in libmizo and town', real)


def in_relro(entry):
    path, name = entry.split(': ')
    out = subprocess.check_output(['objdump', '-t', os.path.join(BUILD, path)], text=True)
    for line in out.splitlines():
        if line.rstrip().endswith(' ' + name.split(' ')[0]):
            return '.data.rel.ro' in line
    return False


def needed(path):
    out = subprocess.check_output(['readelf', '-d', path], text=True)
    return sorted(re.findall(r'NEEDED.*\[([^\]]+)\]', out))


def library():
    so = os.path.join(BUILD, 'libmizo.so')
    if not os.path.exists(so):
        skip('libmizo needs libc, libm, libyaml and libsodium only', 'no release build')
        return
    extra = [n for n in needed(so) if not re.match(r'(libc|libm|libyaml-0|libsodium|ld-linux-[a-z0-9-]+)\.so', n)]
    tell(not extra, 'libmizo needs libc, libm, libyaml and libsodium only', extra)
    out = subprocess.check_output(['nm', '-D', '--defined-only', '-P', so], text=True)
    foreign = [s.split()[0] for s in out.splitlines() if not s.startswith('mizo_')]
    tell(not foreign, 'libmizo shows names that begin with mizo_ only', foreign)


includes()
headers()
uv_only_in_env()
banned()
words()
links()
messages()
seams()
library()
print(f'1..{count}')
