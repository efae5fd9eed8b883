"""What a person meets at the edges: help, languages, columns that line up, pipes, files that are no tables.

    words.py MIZO VILLAGE
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
VERBS = ["init", "check", "import", "forecast", "plan", "simulate", "serve", "settle", "report", "verify", "export",
         "bench"]


def run(*words, lang="en", **more):
    env = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG")}
    env.update({"MIZO_LANG": lang} if lang else {}, **more.pop("env", {}))
    more.setdefault("stdout", subprocess.PIPE)
    return subprocess.run([MIZO, *words], stderr=subprocess.PIPE, text=True, encoding="utf-8", timeout=100, env=env,
                          **more)


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def help_of_all(home):
    for lang in ("en", "ja"):
        listed = run("help", lang=lang)
        assert listed.returncode == 0 and not listed.stderr
        for v in VERBS:
            assert "  mizo " + v in listed.stdout, v
            a, b = run(v, "--help", lang=lang), run("help", v, lang=lang)
            assert a.returncode == b.returncode == 0 and a.stdout == b.stdout and not a.stderr, v
            assert ("region" in a.stdout or "地域" in a.stdout or v == "bench"), a.stdout


def languages(home):
    ja = run("help", lang="ja").stdout
    assert "帳簿" in ja
    assert run("--lang", "ja", "help").stdout == ja == run("help", "--lang=ja").stdout
    assert run("help", lang=None, env={"LANG": "ja_JP.UTF-8"}).stdout == ja
    assert run("help", lang=None, env={"LANG": "C"}).stdout == run("help").stdout
    r = run("check", VILLAGE, "--lang", "fr")
    assert r.returncode == 2 and "en or ja" in r.stderr, r.stderr
    assert run("help", "--lang").returncode == 2


def half_made(home):
    """Whoever makes a store is ended in the middle: a journal lies there that a reader may not roll back."""
    town, aside = os.path.join(home, "half"), os.path.join(home, "aside.db")
    shutil.copytree(VILLAGE, town)
    db = sqlite3.connect(aside, isolation_level=None)
    db.execute("PRAGMA cache_size = 2")
    db.execute("BEGIN")
    db.execute("CREATE TABLE t (v BLOB)")
    for _ in range(300):
        db.execute("INSERT INTO t VALUES (randomblob(3000))")
    for tail in ("", "-journal"):
        shutil.copy(aside + tail, os.path.join(town, "mizo.db" + tail))
    db.close()
    r = run("verify", "--region", town)
    assert r.returncode == 2 and "readonly" not in r.stderr and "mizo import" in r.stderr, (r.returncode, r.stderr)
    assert run("import", os.path.join(town, "readings.csv"), "--region", town).returncode == 0
    assert run("verify", "--region", town).returncode == 0


def wrong_verbs(home):
    r = run("settel")
    assert r.returncode == 2 and "did you mean settle?" in r.stderr and not r.stdout, r.stderr
    assert "settle のことですか" in run("settel", lang="ja").stderr
    assert run().returncode == 2 and run("fly").returncode == 2 and run("help", "fly").returncode == 2
    for verb in ("simulate", "settle", "export"):
        r = run(verb, "--region", VILLAGE, "--from", "2021-07-02", "--to", "2021-07-01")
        assert r.returncode == 2 and "--to is before --from" in r.stderr, r.stderr


def nobody_listens(home):
    with open("/dev/full", "w") as full:
        for words in (["help"], ["check", VILLAGE], ["check", "--help"], ["check", VILLAGE, "--json"]):
            r = run(*words, stdout=full)
            assert r.returncode == 3 and "standard output" in r.stderr, (words, r)
    p = subprocess.Popen([MIZO, "check", "--schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    p.stdout.close()
    assert p.stderr.read() == b"", "a reader that goes away is no news"
    p.wait(30)


def not_there(home):
    r = run("verify", "--region", "nowhere")
    assert r.returncode == 2 and "mizo init nowhere" in r.stderr, r.stderr
    assert run("init", home + "/t").returncode == 0
    r = run("verify", "--region", home + "/t")
    assert r.returncode == 2 and "mizo import" in r.stderr and "Traceback" not in r.stderr, r.stderr
    for path, code, said in (("none.csv", 2, "there is no"), (home, 3, "is a directory"), ("/dev/null", 2, "empty")):
        r = run("import", path, "--region", home + "/t")
        assert r.returncode == code and said in r.stderr and not r.stdout, r.stderr


def files_that_are_no_tables(home):
    assert run("init", home + "/f").returncode == 0
    for text, said in (("point;start;kwh\na;b;c\n", "parted by ;"), ("point\tstart\tkwh\n", "parted by TAB"),
                       ("point,start,kwh,kwh\n", 'column "kwh" stands in the header twice'),
                       ("point,start,kwh,start\n", 'column "start" stands in the header twice'),
                       ("point,from,to,kwh,to\n", 'column "to" stands in the header twice'),
                       ("\n\n , \n", "empty"), ("name,size\nx,1\n", "begins: name,size"), ("\0\1\2" * 50, "no header")):
        with open(home + "/x.csv", "w") as f:
            f.write(text)
        r = run("import", home + "/x.csv", "--region", home + "/f")
        assert r.returncode == 2 and said in r.stderr and len(r.stderr) < 600 and not r.stdout, (text, r.stderr)


def the_verdict_is_heard(home):
    assert run("init", home + "/v").returncode == 0
    with open(home + "/bad.csv", "w") as f:
        f.write("point,start,kwh\n" + "city-hall-1,2023-13-01T00:00,1\n" * 1500)
    r = run("import", home + "/bad.csv", "--region", home + "/v")
    assert r.returncode == 2 and "1500 bad rows: nothing of this file was kept" in r.stderr, r.stderr[-400:]
    assert len(r.stderr.splitlines()) <= 1001


def columns_line_up(home):
    for name in ("region", "t2"):
        shutil.rmtree(home + "/" + name, ignore_errors=True)
    shutil.copytree(VILLAGE, home + "/region")
    with open(home + "/a.csv", "w") as f:
        f.write("point,date," + ",".join(str(i) for i in range(1, 49)) + "\n")
        for d in range(1, 31):
            f.write("p-depot,2024-04-%02d," % d + ",".join("%d.5" % (10 + i % 7) for i in range(48)) + "\n")
    assert run("import", home + "/a.csv", "--region", home + "/region", "--known", "2024-05-01").returncode == 0
    r = run("export", "readings", "--region", home + "/region", "--point", "p-depott")
    assert r.returncode == 0 and r.stdout.count("\n") == 1 and "no rows (readings p-depott)" in r.stderr, r
    r = run("export", "readings", "--region", home + "/region", "--point", "p-depot")
    assert r.returncode == 0 and r.stdout.count("\n") == 30 * 48 + 1 and not r.stderr, r.stderr
    for lang in ("en", "ja"):
        r = run("forecast", "--region", home + "/region", "--day", "2024-05-01", "--hindcast", lang=lang)
        assert r.returncode == 0, r.stderr
        lines = r.stdout.splitlines()
        assert {width(x) for x in lines[2:50]} == {width(lines[3])}, r.stdout
        # each head stands against the right edge of its column
        assert width(lines[2]) == width(lines[3]), r.stdout


def main():
    tests = [help_of_all, languages, half_made, wrong_verbs, nobody_listens, not_there, files_that_are_no_tables,
             the_verdict_is_heard, columns_line_up]
    print("1..%d" % len(tests))
    failed = 0
    for i, test in enumerate(tests):
        home = tempfile.mkdtemp(prefix="mizo-words-")
        try:
            test(home)
            print("ok %d - %s" % (i + 1, test.__name__.replace("_", " ")), flush=True)
        except Exception as e:
            failed += 1
            print("not ok %d - %s\n# %r" % (i + 1, test.__name__, e), flush=True)
        finally:
            shutil.rmtree(home)
    sys.exit(1 if failed else 0)


main()
