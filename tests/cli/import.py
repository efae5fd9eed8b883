"""mizo import and export as a person runs them: exit status, messages, Ctrl-C, a full disk, two at once.

    import.py MIZO VILLAGE
"""

import json
import os
import pty
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
HEAD = "point,start,kwh\n"
count = 0
failed = 0


class Village:
    """A copy of the village, with an empty store."""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="mizo-cli-")
        self.region = os.path.join(self.dir, "village")
        shutil.copytree(VILLAGE, self.region, ignore=shutil.ignore_patterns("mizo.db*"))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def file(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text)
        return path

    def run(self, *words, stdin=None, **more):
        env = dict(os.environ, MIZO_LANG=more.pop("lang", "en"))
        return subprocess.run([MIZO, *words, "--region", self.region], input=stdin, capture_output=True, env=env,
                              timeout=120, **more)

    def start(self, *words, **more):
        env = dict(os.environ, MIZO_LANG="en")
        return subprocess.Popen([MIZO, *words, "--region", self.region], env=env, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **more)

    def readings(self, *words):
        r = self.run("export", "readings", *words)
        assert r.returncode == 0, r.stderr
        return r.stdout


def rows(point, days, first=1, value="1.5"):
    out = []
    for d in range(days):
        day = time.strftime("%Y-%m-%d", time.gmtime(1640995200 + (first + d) * 86400))
        for s in range(48):
            out.append(f"{point},{day}T{s // 2:02d}:{s % 2 * 30:02d},{float(value) + s % 7 / 10:.1f}\n")
    return "".join(out)


def test(name):
    def wrap(fn):
        global count, failed
        count += 1
        try:
            with Village() as v:
                fn(v)
            print(f"ok {count} - {name}", flush=True)
        except Exception as e:  # every failure is told, and the rest goes on
            failed += 1
            print(f"not ok {count} - {name}", flush=True)
            print("# " + repr(e).replace("\n", "\n# "), flush=True)
        return fn
    return wrap


def same(is_, should):
    assert is_ == should, f"{is_!r} instead of {should!r}"


@test("a file, twice, and what is printed")
def _(v):
    path = v.file("a.csv", HEAD + rows("p-hall", 2))
    r = v.run("import", path)
    same(r.returncode, 0)
    assert b"a.csv: long, 96 rows: 96 new, 0 changed, 0 same" in r.stdout, r.stdout
    assert r.stderr == b"", r.stderr
    r = v.run("import", path)
    assert b"0 new, 0 changed, 96 same" in r.stdout, r.stdout
    r = v.run("import", path, lang="ja")
    assert "96 行: 新規 0、変更 0、同じ 96".encode() in r.stdout, r.stdout


@test("--json has the same numbers")
def _(v):
    r = v.run("import", v.file("a.csv", HEAD + rows("p-hall", 1)), v.file("b.csv", HEAD + "p-hall,x,1\n"), "--json")
    same(r.returncode, 2)
    a, b = json.loads(r.stdout)["files"]
    same((a["added"], a["rows"], a["bad"], a["error"], a["kind"]), (48, 48, 0, None, "long"))
    same((b["added"], b["rows"], b["bad"]), (0, 1, 1))
    assert b["error"]


@test("bad rows: file, line, column; nothing is kept; status 2")
def _(v):
    path = v.file("bad.csv", HEAD + rows("p-hall", 1) + "p-hal,2022-02-01T00:00,1\np-hall,2022-02-01T00:00,x\n")
    r = v.run("import", path)
    same(r.returncode, 2)
    assert f"{path}:50:1: error: ".encode() in r.stderr and b'did you mean "p-hall"?' in r.stderr, r.stderr
    assert f"{path}:51:25: error: ".encode() in r.stderr, r.stderr
    assert b"2 bad rows" in r.stderr
    same(v.readings().count(b"\n"), 1)
    r = v.run("import", path, lang="ja")
    assert "「x」は数ではありません".encode() in r.stderr, r.stderr


@test("--skip-bad keeps the good rows; a pipe's bad rows lie in the region")
def _(v):
    text = HEAD + rows("p-hall", 1) + "p-hal,2022-02-01T00:00,1\n"
    r = v.run("import", v.file("bad.csv", text), "--skip-bad")
    same(r.returncode, 0)
    assert os.path.exists(os.path.join(v.dir, "bad.csv.bad.csv"))
    same(v.readings().count(b"\n"), 49)
    r = v.run("import", "-", "--skip-bad", stdin=text.encode())
    same(r.returncode, 0)
    with open(os.path.join(v.region, "stdin.bad.csv"), "rb") as f:
        assert b"p-hal,2022-02-01T00:00,1,50," in f.read()


@test("no such file, a directory, a wrong option, no file")
def _(v):
    same(v.run("import", "/nowhere.csv").returncode, 2)
    same(v.run("import", v.dir).returncode, 3)
    same(v.run("import", "--colour").returncode, 2)
    same(v.run("import").returncode, 2)
    same(v.run("import", v.file("a.csv", ""), "--known", "soon").returncode, 2)


@test("changed readings and --as-of")
def _(v):
    v.run("import", v.file("a.csv", HEAD + rows("p-hall", 1)), "--known", "2022-02-01")
    before = v.readings()
    r = v.run("import", v.file("b.csv", HEAD + rows("p-hall", 1, value="2")), "--known", "2022-03-01T12:00+09:00")
    assert b"48 changed" in r.stdout, r.stdout
    same(v.readings("--as-of", "2022-02-28"), before)
    assert v.readings() != before
    same(v.readings("--as-of", "2022-01-31").count(b"\n"), 1)


@test("what is exported can be imported again")
def _(v):
    v.run("import", v.file("a.csv", HEAD + rows("p-hall", 3) + rows("p-school", 2)))
    out = os.path.join(v.dir, "out.csv")
    r = v.run("export", "readings", "--out", out)
    same(r.returncode, 0)
    with open(out, "rb") as f:
        same(f.read(), v.readings())
    r = v.run("import", out)
    assert b"0 new, 0 changed, 240 same" in r.stdout, r.stdout
    same(v.readings("--point", "p-school", "--from", "2022-01-03", "--to", "2022-01-03").count(b"\n"), 49)
    assert not v.readings("--cp932").startswith(b"\xef\xbb\xbf")
    same(v.run("export", "everything").returncode, 2)


@test("Ctrl-C while waiting for a pipe: status 3, the store as it was")
def _(v):
    v.run("import", v.file("a.csv", HEAD + rows("p-hall", 1)))
    before = v.readings()
    p = v.start("import", "-", stdin=subprocess.PIPE)
    p.stdin.write((HEAD + rows("p-school", 200)).encode())
    p.stdin.flush()
    time.sleep(0.7)
    p.send_signal(signal.SIGINT)
    _, err = p.communicate(timeout=30)
    same(p.returncode, 3)
    assert b"interrupted" in err, err
    same(v.readings(), before)


@test("Ctrl-C at any moment of a long import: all or nothing")
def _(v):
    path = v.file("long.csv", HEAD + rows("p-hall", 1500) + rows("p-school", 1500))
    stopped = 0
    for ms in (20, 60, 120, 200, 300, 450):
        db = os.path.join(v.region, "mizo.db")
        for end in ("", "-wal", "-shm"):
            if os.path.exists(db + end):
                os.unlink(db + end)
        p = v.start("import", path)
        time.sleep(ms / 1000)
        p.send_signal(signal.SIGINT)
        p.communicate(timeout=60)
        stopped += p.returncode != 0
        if not os.path.exists(db):
            continue
        r = v.run("export", "readings")
        assert r.returncode == 0 or b"no store" in r.stderr, r.stderr
        n = max(r.stdout.count(b"\n") - 1, 0)
        if p.returncode == 0:
            same(n, 2 * 1500 * 48)
        else:
            same(n, 0)
    assert stopped > 0


@test("a full disk: said, and the store as it was")
def _(v):
    v.run("import", v.file("a.csv", HEAD + rows("p-hall", 1)))
    before = v.readings()
    text = HEAD + "".join(f"{point},{time.strftime('%Y-%m-%dT%H:%M', time.gmtime(1640995200 + i * 1800))},"
                          f"{i * 7919 % 5000 / 100}\n" for i in range(48 * 1500) for point in ("p-school", "p-depot"))
    path = v.file("big.csv", text)

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (150000, 150000))

    r = v.run("import", path, preexec_fn=small, restore_signals=False)
    same(r.returncode, 3)
    assert b"nothing" in r.stderr, r.stderr
    same(v.readings(), before)
    r = v.run("import", path)
    same(r.returncode, 0)
    assert b"144,000 new" in r.stdout, r.stdout


@test("two imports at once both arrive")
def _(v):
    a = v.file("a.csv", HEAD + rows("p-hall", 300))
    b = v.file("b.csv", HEAD + rows("p-school", 300))
    v.run("import", v.file("c.csv", HEAD + rows("p-hall", 1, first=900)))
    both = [v.start("import", a), v.start("import", b)]
    for p in both:
        _, err = p.communicate(timeout=60)
        same((p.returncode, err), (0, b""))
    same(v.readings().count(b"\n"), 1 + 48 + 2 * 300 * 48)


@test("a locked store: said after ten seconds, nothing is kept")
def _(v):
    v.run("import", v.file("a.csv", HEAD + rows("p-hall", 1)))
    before = v.readings()
    db = sqlite3.connect(os.path.join(v.region, "mizo.db"), isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    r = v.run("import", v.file("b.csv", HEAD + rows("p-school", 1)))
    db.execute("ROLLBACK")
    db.close()
    same(r.returncode, 3)
    assert b"another mizo is writing" in r.stderr, r.stderr
    same(v.readings(), before)


@test("a progress line on a terminal, and only there")
def _(v):
    path = v.file("long.csv", HEAD + "".join(rows(p, 1000) for p in ("p-hall", "p-school", "p-depot", "p-lamps")))
    r = v.run("import", path)
    assert b"\r" not in r.stderr, r.stderr
    for end in ("", "-wal", "-shm"):
        if os.path.exists(os.path.join(v.region, "mizo.db" + end)):
            os.unlink(os.path.join(v.region, "mizo.db" + end))
    master, slave = pty.openpty()
    seen = []

    def listen():
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                return
            if not piece:
                return
            seen.append(piece)

    t = threading.Thread(target=listen)
    t.start()
    fifo = os.path.join(v.dir, "slow.csv")
    os.mkfifo(fifo)
    p = subprocess.Popen([MIZO, "import", fifo, "--region", v.region], stderr=slave, stdout=subprocess.PIPE)
    with open(fifo, "wb") as f, open(path, "rb") as g:
        for _ in range(6):
            f.write(g.read(1000000))
            f.flush()
            time.sleep(0.15)
        shutil.copyfileobj(g, f)
    out, _ = p.communicate(timeout=60)
    os.close(slave)
    t.join(timeout=10)
    os.close(master)
    same(p.returncode, 0)
    assert b"M/s" in b"".join(seen), seen
    assert b"192,000 new" in out, out


@test("why an archive, XML or a workbook is not read, in the reader's language")
def reasons_of_readers(v):
    """Why an archive, XML or a workbook is not read, in the reader's language; each reason that a reader gives has its Japanese."""
    archive, book = os.path.join(v.dir, "a.zip"), os.path.join(v.dir, "b.xlsx")
    for path, names in ((archive, ["../a.csv"]), (book, ["[Content_Types].xml", "xl/workbook.xml"])):
        with zipfile.ZipFile(path, "w") as z:
            for name in names:
                z.writestr(name, "<x")
    xml = v.file("c.xml", '<?xml version="1.0"?><SBD-MSG><b></SBD-MSG>')
    want = {"en": ["a name that is no plain path below", "but no workbook", "Opening and ending tag mismatch: b"],
            "ja": ["フォルダーの外を指す名前", "ブック (.xlsx) ではありません", "開始タグと終了タグが合いません: b"]}
    for lang, texts in want.items():
        for path, text in zip((archive, book, xml), texts):
            r = v.run("import", path, lang=lang)
            assert r.returncode == 2 and text in r.stderr.decode(), (lang, path, r.stderr.decode())
    base = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "base")
    source = {name: open(os.path.join(base, name), encoding="utf-8").read() for name in os.listdir(base)}
    known = re.findall(r'\{\s*"([^"]+)",\s*"[^"]+"', source["fault.c"])
    begins = [k[:-2] for k in known if k.endswith("..")]
    said = [w for name in source if name in ("unzip_libzip.c", "xml_libxml2.c", "xml.c") or name.startswith("sheet_")
            for w in re.findall(r'\b(?:bad|stop|refuse|sheet_bad|bad_cell)\([^;"]*"([^"]{4,})"', source[name]) if w[0] not in "_%"]
    assert len(said) > 40 and all(w in known or any(w.startswith(b) for b in begins) for w in said), [w for w in said if w not in known]


print(f"1..{count}")
sys.exit(1 if failed else 0)
