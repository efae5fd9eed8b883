"""mizo check and init as a person runs them: exit status, places, both languages, JSON, the schema.

    check.py MIZO VILLAGE
"""

import json
import os
import re
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


def edit(region, name, old, new):
    path = os.path.join(region, name)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text, (name, old)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))


def good(region):
    code, out, err = mizo("check", region)
    tell(code == 0 and err == "" and "facilities 3, points 4, assets 8; errors 0, warnings 0" in out,
         "the village is fine", out + err)
    code, out, _ = mizo("check", region, "--json")
    j = json.loads(out)
    tell(code == 0 and j["accepted"] and j["facilities"] == 3 and len(j["hash"]) == 64 and j["diagnoses"] == [],
         "and as JSON", out)


def warned(region):
    edit(region, "batteries.csv", "100,50,50", "100,50,")
    code, out, err = mizo("check", region)
    tell(code == 0 and "assets 7; errors 0, warnings 1" in out and err.startswith("batteries.csv:2:26: warning: "),
         "a battery without a limit is a warning, and the town stands", out + err)


def wrong(region):
    edit(region, "region.yaml", "latitude", "latitud")
    edit(region, "points.csv", "p-depot,0300000000000000000003,high", "p-depot,0300000000000000000003,hihg")
    os.rename(os.path.join(region, "lamps.csv"), os.path.join(region, "lamp.csv"))
    code, out, err = mizo("check", region)
    wanted = ["region.yaml:7:1: error: unknown key latitud; did you mean latitude?",
              "region.yaml:1:1: error: key latitude is missing",
              "points.csv:2:32: error: voltage is \"hihg\"; did you mean \"high\"?",
              "points.csv:4:14: warning: ", "lamp.csv: warning: ", "batteries.csv:2:26: warning: "]
    tell(code == 2 and all(w in err for w in wanted) and "errors 3, warnings 3; not accepted" in out,
         "every mistake at once, with its place and the mend", out + err)
    code, out, err = mizo("check", region, lang="ja")
    tell(code == 2 and "points.csv:2:32: 誤り: voltage が「hihg」です" in err and "誤り 3、警告 3" in out,
         "in Japanese", out + err)
    code, out, err = mizo("check", region, "--json")
    j = json.loads(out)
    first = next(d for d in j["diagnoses"] if d["file"] == "points.csv")
    tell(code == 2 and not j["accepted"] and j["errors"] == 3 and j["warnings"] == 3 and
         (first["line"], first["column"], first["severity"], first["id"]) == (2, 32, "error", "REGION_VALUE_NEAR"),
         "and as JSON, with message ids", out + err)


def unscaled(region):
    os.rename(os.path.join(region, "scales.csv"), os.path.join(region, "scales.away"))
    code, _, err = mizo("check", region)
    tell(code == 2 and err.count("evaluations.csv:2:") == 2 and "status,A," in err and "direction,A," in err, "evaluations without their scales: what to write is shown", err)
    os.rename(os.path.join(region, "scales.away"), os.path.join(region, "scales.csv"))


def start(parent):
    region = os.path.join(parent, "a", "new")
    code, out, err = mizo("init", region)
    tell(code == 0 and err == "" and "mizo check" in out, "init makes a directory, parents too", out + err)
    code, out, err = mizo("check", region)
    tell(code == 0 and err == "" and "facilities 1, points 1, assets 0; errors 0, warnings 0" in out,
         "that is fine as it stands", out + err)
    before = {f: open(os.path.join(region, f), "rb").read() for f in os.listdir(region)}
    edit(region, "region.yaml", "My town", "Our town")
    code, _, err = mizo("init", region)
    with open(os.path.join(region, "region.yaml"), encoding="utf-8") as f:
        kept = "Our town" in f.read()
    tell(code == 2 and kept and len(before) == len(os.listdir(region)), "and is never written over", err)
    code, _, err = mizo("init", "--example", "atlantis", os.path.join(parent, "b"))
    tell(code == 2 and "atlantis" in err, "an example that there is not", err)


def words():
    every = sorted(f for f in os.listdir(VILLAGE) if f != "readings.csv")
    code, out, _ = mizo("check", "--schema")
    tell(code == 0 and sorted(re.findall(r"^### (\S+)", out, re.M)) == every and
         "| contract_kw | yes | 0.001..2000000 step 0.001 |" in out, "the schema has every file", out[:400])
    code, out, _ = mizo("check", "--schema", lang="ja")
    tell(code == 0 and out.count("### ") == len(every) and "| 名前 |" in out, "in Japanese too", out[:400])
    code, _, err = mizo("check")
    tell(code == 2 and "name the region directory" in err, "check of nothing", err)
    code, _, err = mizo("check", "/no/such/place")
    tell(code == 2 and "/no/such/place" in err, "check of a directory that is not there", err)


def main():
    parent = tempfile.mkdtemp(prefix="mizo-cli-")
    region = os.path.join(parent, "village")
    shutil.copytree(VILLAGE, region, ignore=shutil.ignore_patterns("mizo.db*"))
    good(region)
    warned(region)
    wrong(region)
    unscaled(region)
    start(parent)
    words()
    shutil.rmtree(parent)
    print(f"1..{count}")
    return failed > 0


sys.exit(main())
