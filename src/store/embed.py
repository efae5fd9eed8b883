#!/usr/bin/env python3
"""Turns the SQL files of one dialect into C: embed.py OUT.c OUT.h statements.sql 001_x.sql 002_y.sql ...

Statements become an enum STMT_<name> and a table of texts; migrations a table in
the order of their numbers, which must run 1, 2, 3 without a hole.
"""
import os
import re
import sys


def quote(text):
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith('--')]
    escaped = [line.rstrip().replace('\\', '\\\\').replace('"', '\\"') for line in lines]
    return '\n'.join(f'    "{line}\\n"' for line in escaped) or '    ""'


def statements(path):
    text = open(path, encoding='utf-8').read()
    parts = re.split(r'^-- name: ([a-z_0-9]+)[ \t]*\n', text, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def main():
    out_c, out_h, stmts, *migrations = sys.argv[1:]
    numbers = [int(os.path.basename(m)[:3]) for m in migrations]
    if numbers != list(range(1, len(numbers) + 1)):
        sys.exit(f'migrations are not numbered 1, 2, 3: {numbers}')
    named = statements(stmts)
    if len({n for n, _ in named}) != len(named):
        sys.exit('two statements have one name')
    with open(out_h, 'w', encoding='utf-8') as h:
        h.write('/* Made from sql/ by src/store/embed.py. */\n#ifndef STORE_SQL_H\n#define STORE_SQL_H\n\n')
        h.write('typedef enum stmt {\n' + ''.join(f'    STMT_{n.upper()},\n' for n, _ in named) + '    STMT_COUNT\n} stmt;\n\n')
        h.write(f'enum {{ SQL_VERSION = {len(migrations)} }};\n')
        h.write('extern const char *const sql_statement[STMT_COUNT];\n')
        h.write('extern const char *const sql_migration[SQL_VERSION]; /* [i] leads to user_version i + 1 */\n\n#endif\n')
    with open(out_c, 'w', encoding='utf-8') as c:
        c.write(f'/* Made from sql/ by src/store/embed.py. */\n#include "{os.path.basename(out_h)}"\n\n')
        c.write('const char *const sql_statement[STMT_COUNT] = {\n')
        c.write(',\n'.join(quote(text) for _, text in named) + ',\n};\n\n')
        c.write('const char *const sql_migration[SQL_VERSION] = {\n')
        c.write(',\n'.join(quote(open(m, encoding='utf-8').read()) for m in migrations) + ',\n};\n')


main()
