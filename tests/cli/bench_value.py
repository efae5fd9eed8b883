"""mizo bench value as a person runs it, on a small home made here: rows, text in both languages, faults.

    bench_value.py MIZO
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile

MIZO = sys.argv[1]
count = 0


def tell(ok, name, what=""):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(what).splitlines():
            print(f"#   {line}")


def bench(*args, lang="en"):
    p = subprocess.run([MIZO, "bench", "value", *args], capture_output=True, text=True, encoding="utf-8", check=False,
                       env={**os.environ, "MIZO_LANG": lang})
    return p.returncode, p.stdout, p.stderr


def home(path):
    """A steady home: 0.4 kW day and night, three suns in turn."""
    first = datetime.date(2011, 10, 1)
    with open(path, "w", encoding="utf-8") as f:
        f.write("time_local,load_kw,pv_kw_1_04kwp\n")
        for d in range(100):
            for s in range(48):
                sun = [0.1, 0.4, 0.25][d % 3] if 16 <= s < 34 else 0
                f.write(f"{first + datetime.timedelta(d)}T{s // 2:02d}:{s % 2 * 30:02d},0.4,{sun}\n")


with tempfile.TemporaryDirectory() as data:
    os.mkdir(os.path.join(data, "ausgrid_c12"))
    home(os.path.join(data, "ausgrid_c12", "load_pv_30min_2011_07_2012_06.csv"))
    code, out, err = bench("--set", "ausgrid_c12", "--data", data, "--json")
    row = json.loads(out)["rows"][0] if code == 0 else {}
    tell(code == 0 and err == "" and {"set", "measure", "score", "references", "seconds", "aim", "met"} <= set(row)
         and row["set"] == "ausgrid_c12" and len(json.loads(out)["rows"]) == 1, "a row has what scripts rely on", out + err)
    refs = row.get("references", {})
    tell(refs.get("mpc_24h_published") == 0.509 and refs.get("clairvoyant_published") == 0.354
         and 0 <= refs.get("perfect_forecast_here", -1) <= row["score"], "published and measured references stand beside", refs)
    tell(row and row["met"] == (row["score"] <= row["aim"]), "met is what the aim says", row)
    again = json.loads(bench("--set", "ausgrid_c12", "--data", data, "--json")[1])["rows"][0]
    tell(again["score"] == row["score"] and again["references"] == refs, "the same twice", again)
    short = json.loads(bench("--set", "ausgrid_c12", "--data", data, "--days", "3", "--json")[1])["rows"][0]
    tell(short["score"] != row["score"], "a part of the test span", short)

    code, out, err = bench("--set", "ausgrid_c12", "--data", data)
    tell(code == 0 and "aim" in out and "(published)" in out and err == "", "the table", out + err)
    code, out, err = bench("--set", "ausgrid_c12", "--data", data, lang="ja")
    tell(code == 0 and "目標" in out and "公表値" in out and err == "", "the table in Japanese", out + err)

    code, out, err = bench("--set", "nowhere", "--data", data)
    tell(code == 2 and "nowhere" in err and "ausgrid_c12" in err and "citylearn_2022" in err and not out,
         "an unknown set is told with those there are", err)
    code, out, err = bench("--data", data)
    tell(code == 2 and "--set" in err and "ausgrid_c12" in err and not out, "without a set it says what it needs", err)
    code, out, err = bench("--all")
    tell(code == 2 and "--data" in err and not out, "without the folder it says what it needs", err)
    code, out, err = bench("--set", "citylearn_2022", "--data", data)
    tell(code in (2, 3) and "citylearn_2022" in err and not out, "a set that is not there names its file", err)
print(f"1..{count}")
