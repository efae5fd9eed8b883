"""mizo bench forecast as a person runs it, on small sets made here: rows, the naives, the same bits, faults.

    bench_forecast.py MIZO
"""

import csv
import datetime
import json
import math
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
    p = subprocess.run([MIZO, "bench", "forecast", *args], capture_output=True, text=True, encoding="utf-8", check=False,
                       env={**os.environ, "MIZO_LANG": lang})
    return p.returncode, p.stdout, p.stderr


def steel(path, days, spoil=0):
    """A works by the weekday, with a slow wave; the last `spoil` days are absurd. Sunday is every naive's trap."""
    first = datetime.date(2018, 1, 1)
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(["interval_start_kst", "kwh"])
        for d in range(days):
            day = first + datetime.timedelta(d)
            for q in range(96):
                shape = 60 + 40 * math.sin(q / 15) if day.weekday() < 5 else 8
                level = 10 * math.sin(d / 9) + (q * 7919 + d * 104729) % 13 / 6
                v = 1e6 if d >= days - spoil else shape + level
                out.writerow([f"{day}T{q // 4:02d}:{q % 4 * 15:02d}", round(v, 3)])


def rows(data):
    code, out, err = bench("--set", "steel_kr", "--data", data, "--json")
    if code:
        return None, out + err
    return json.loads(out)["rows"], out


with tempfile.TemporaryDirectory() as data:
    os.mkdir(os.path.join(data, "steel_kr"))
    file = os.path.join(data, "steel_kr", "steel_15min_2018_01_09.csv.zst")
    steel(file, 120)
    got, text = rows(data)
    row = got[0] if got else {}
    wanted = {"set", "measure", "score", "naive", "ratio", "reference", "seconds", "rss_mb"}
    tell(got and len(got) == 1 and wanted <= set(row) and row["set"] == "steel_kr" and row["reference"] is None,
         "a row has what scripts rely on", text)
    tell(got and 0 < row["score"] < 0.6 * row["naive"] and abs(row["ratio"] - row["score"] / row["naive"]) < 1e-12,
         "what can be learned is learned", text)
    again, _ = rows(data)
    tell(again and again[0]["score"] == row["score"] and again[0]["naive"] == row["naive"], "the same twice", again)

    # The naives by their own words: yesterday and last week, over the last 30 days.
    with open(file, encoding="utf-8") as f:
        v = [float(line.split(",")[1]) for line in f.readlines()[1:]]
    def naive(back):
        span = range(len(v) - 30 * 96, len(v))
        return sum(abs(v[i] - v[i - back * 96]) for i in span) / sum(v[i] for i in span)
    tell(got and row["naive"] <= min(naive(1), naive(7)) + 1e-9, "the best naive is none worse than two made here",
         (row, naive(1), naive(7)))

    # Later data comes with other dates in its name, and in pieces whose names are not in the order of time.
    with open(file, encoding="utf-8") as f:
        lines = f.readlines()
    cut = len(lines) * 2 // 3
    for name, part in (("steel_15min_a.csv", lines[cut:]), ("steel_15min_b.csv", lines[1:cut])):
        with open(os.path.join(data, "steel_kr", name), "w", encoding="utf-8") as f:
            f.writelines(lines[:1] + part)
    os.rename(file, os.path.join(data, "steel_kr", "README.md"))
    pieces, text = rows(data)
    tell(pieces and pieces[0]["score"] == row["score"], "the same from two pieces under other names", text)
    for name in ("steel_15min_a.csv", "steel_15min_b.csv"):
        os.remove(os.path.join(data, "steel_kr", name))
    os.rename(os.path.join(data, "steel_kr", "README.md"), file)

    code, out, err = bench("--set", "steel_kr", "--data", data, lang="ja")
    tell(code == 0 and "素朴" in out and "目標" in out and err == "", "the table in Japanese", out + err)
    code, out, err = bench("--set", "nowhere", "--data", data)
    tell(code == 2 and "nowhere" in err and "steel_kr" in err and "vic_elec" in err and not out,
         "an unknown set is told with those there are", err)
    code, out, err = bench("--all")
    tell(code == 2 and "--data" in err, "without the folder it says what it needs", err)
    code, out, err = bench("--set", "vic_elec", "--data", data)
    tell(code == 2 and "vic_elec" in err and not out, "a set that is not there names its file", err)
    with open(file, "a", encoding="utf-8") as f:
        f.write("2018-13-45T00:00,1\n")
    code, out, err = bench("--set", "steel_kr", "--data", data)
    tell(code == 2 and "steel_15min" in err and not out, "a row without a time is refused", (code, err))
print(f"1..{count}")
