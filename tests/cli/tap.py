"""What the suites of the verbs share: the program, its answers, TAP. The first two words of the command line are the
program and the village."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
count = 0
failed = 0


def tell(ok, name, what=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(what).splitlines()[:20]:
            print(f"#   {line[:600]}")


def done():
    print(f"1..{count}")
    return failed > 0


def mizo(*args, lang="en"):
    p = subprocess.run([MIZO, *args], capture_output=True, check=False, env={**os.environ, "MIZO_LANG": lang})
    return p.returncode, p.stdout.decode(), p.stderr.decode()


# ---- a home, and acts in order that assert; `each` tells them as TAP ----

ENV = {**os.environ, "MIZO_LANG": "en"}


def run(home, *words, status=0, raw=False):
    """What it says: its answer, or where a fault is expected the faults."""
    p = subprocess.run([MIZO, *words, "--region", home], capture_output=True, timeout=100, env=ENV)
    assert p.returncode == status, (words, p.returncode, p.stdout[-500:], p.stderr[-2000:])
    out = p.stdout if status == 0 else p.stderr if status != 1 else p.stdout or p.stderr
    return out if raw else out.decode()


def put(home, text, name="in.csv"):
    path = os.path.join(os.path.dirname(home), name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def received(home, account):
    """Yen that an account has by the journal: received less given."""
    (a,), (b,) = (rows_of(home, "SELECT coalesce(sum(amount), 0) FROM entry WHERE unit = 'uyen' AND %s = '%s'" % (side, account))[0]
                  for side in ("to_account", "from_account"))
    return (a - b) / 1e6


def each(tests, home):
    print(f"1..{len(tests)}")
    bad = 0
    for i, t in enumerate(tests, 1):
        try:
            t(home)
            print(f"ok {i} - {t.__name__}", flush=True)
        except Exception as e:  # noqa: BLE001
            at = e.__traceback__.tb_next
            bad += 1
            print(f"not ok {i} - {t.__name__}\n# {type(e).__name__} at line {at.tb_lineno if at else 0}: {e}", flush=True)
    return bad > 0


def answer(*args):
    """Status, what it says as JSON, diagnoses."""
    code, out, err = mizo(*args, "--json")
    return code, json.loads(out) if out.strip() else {}, err


def village(parent, name="v"):
    home = os.path.join(parent, name)
    shutil.copytree(VILLAGE, home)
    return home


def write(region, name, text):
    """A file beside the region; its path."""
    path = os.path.join(region, "..", name)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return path


def edit(region, name, change):
    """A file of the region through change(text)."""
    path = os.path.join(region, name)
    text = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(change(text))


def rows_of(region, sql):
    con = sqlite3.connect(os.path.join(region, "mizo.db"))
    rows = con.execute(sql).fetchall()
    con.close()
    return rows
