"""mizo books, people and verify --since as a person runs them.

    books.py MIZO VILLAGE
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
count = 0
failed = 0


def tell(ok, name, what=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(what).splitlines():
            print(f"#   {line}")


def mizo(*args, lang="en"):
    p = subprocess.run([MIZO, *args], capture_output=True, text=True, encoding="utf-8", check=False,
                       env={**os.environ, "MIZO_LANG": lang})
    return p.returncode, p.stdout, p.stderr


def readings(path, kwh):
    with open(path, "w", encoding="utf-8") as f:
        f.write("point,start,kwh\n")
        for s in range(48):
            at = f"2023-07-05T{s // 2:02d}:{s % 2 * 30:02d}:00+09:00"
            f.write(f"p-hall,{at},{kwh}\nmill,{at},1\n")


def books(region, work):
    path = os.path.join(work, "r.csv")
    readings(path, 0.5)
    mizo("import", path, "--region", region, "--known", "2023-07-06T12:00:00+09:00")
    code, out, err = mizo("settle", "--region", region, "--from", "2023-07-05", "--to", "2023-07-05")
    tell(code == 0, "a day is settled", out + err)
    head = json.loads(mizo("verify", "--region", region, "--json")[1])["head"]
    readings(path, 0.25)
    mizo("import", path, "--region", region, "--known", "2023-07-08T12:00:00+09:00")
    mizo("settle", "--region", region, "--from", "2023-07-05", "--to", "2023-07-05")
    code, out, _ = mizo("books", "balance", "--region", region, "--account", "use:", "--json")
    tell(code == 0 and json.loads(out)["balances"] == [{"account": "use:p-hall", "unit": "Wh-re", "balance": 12000}],
         "the balance after a correction", out)
    code, out, _ = mizo("books", "statement", "--region", region, "--account", "use:p-hall", "--json")
    j = json.loads(out)
    tell(code == 0 and [(e["kind"], e["amount"], e["balance"]) for e in j["entries"]] ==
         [("match", 24000, 24000), ("correction", 12000, 12000)] and (j["opening"], j["closing"]) == (0, 12000),
         "its statement says how it came about", out)
    e = j["entries"][1]
    tell(e["source"] == "settle" and e["actor"] and len(e["hash"]) == 64, "by whom and from what", e)
    code, out, _ = mizo("books", "entries", "--region", region, "--seq", str(e["seq"]), "--json")
    tell(code == 0 and json.loads(out)["entries"][0]["hash"] == e["hash"], "an entry is traced by its number", out)
    code, out, _ = mizo("books", "balance", "--region", region, "--as-of", "2000-01-01")
    tell(code == 0 and out == "nothing\n", "before anything was known", out)
    code, out, _ = mizo("verify", "--region", region, "--since", head, "--json")
    tell(code == 0 and json.loads(out)["since"] > 0, "a published head is found again", out)
    code, out, err = mizo("verify", "--region", region, "--since", "f" * 64)
    tell(code == 1 and "is not of this journal" in err, "another is not", out + err)
    for words in (["verify", "--since", "abc"], ["books"], ["books", "sum"], ["books", "statement"],
                  ["books", "statement", "--account", "costumer:x"], ["books", "balance", "--as-of", "soon"],
                  ["books", "entries", "--seq", "999"]):
        code, out, err = mizo(*words, "--region", region)
        tell(code == 2 and "error: " in err and out == "", " ".join(words) + " is refused", out + err)


def people(region, work):
    path = os.path.join(work, "p.json")
    with open(path, "w", encoding="utf-8") as f:
        f.write('{"name":"Canary Name","contact":"canary@example"}')
    who = ["--region", region, "--id", "h-1", "--reason", "asked by the person"]
    code, out, err = mizo("people", "add", *who, "--file", path)
    tell(code == 0, "a person is kept", out + err)
    code, out, _ = mizo("people", "export", *who)
    tell(code == 0 and json.loads(out)["name"] == "Canary Name", "and shown", out)
    raw = b"".join(open(os.path.join(region, n), "rb").read() for n in os.listdir(region) if n.startswith("mizo.db"))
    tell(b"Canary" not in raw, "nothing of it stands open on the disk")
    tell(os.stat(os.path.join(region, "mizo.db.keys")).st_mode & 0o077 == 0, "the keys are their owner's alone")
    code, out, err = mizo("people", "erase", *who)
    tell(code == 0, "it is erased", out + err)
    code, out, err = mizo("people", "show", *who)
    tell(code == 2 and "Canary" not in out + err, "and gone", out + err)
    code, out, err = mizo("people", "show", "--region", region, "--id", "h-1", "--reason", "")
    tell(code == 2, "a look without a reason is refused", out + err)
    for words in (["people"], ["people", "list"], ["people", "add", "--file", "/nowhere"]):
        code, out, err = mizo(*words, *who)
        tell(code == 2 and "error: " in err, " ".join(words) + " is refused", out + err)
    code, out, _ = mizo("verify", "--region", region)
    tell(code == 0, "the books are true", out)


with tempfile.TemporaryDirectory() as work:
    town = os.path.join(work, "town")
    shutil.copytree(VILLAGE, town)
    books(town, work)
    people(town, work)
print(f"1..{count}")
sys.exit(failed > 0)
