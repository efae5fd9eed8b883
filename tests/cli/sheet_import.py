"""A plant's workbook of tomorrow as a person brings it: values, outages, and every mistake with its cell.

    sheet_import.py MIZO VILLAGE
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operator_files import plant_sheet, sheet, workbook, zipped  # noqa: E402

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
count = 0
failed = 0
KNOWN = ("--known", "2023-05-10T09:00:00+09:00")


def tell(ok, name, what=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(what).splitlines()[:20]:
            print(f"#   {line[:400]}")


def mizo(*args):
    p = subprocess.run([MIZO, *args], capture_output=True, check=False, env={**os.environ, "MIZO_LANG": "en"})
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def bring(region, data, name="plant.xlsx"):
    path = region + "-" + name
    with open(path, "wb") as f:
        f.write(data)
    code, out, err = mizo("import", path, "--region", region, "--json", *KNOWN)
    return code, json.loads(out)["files"][0], err


def records(region, kind):
    con = sqlite3.connect(os.path.join(region, "mizo.db"))
    rows = {i: json.loads(j) for i, j in con.execute("select id, json from record where kind=? order by version", (kind,))}
    con.close()
    return rows


def notified(region):
    code, out, _ = mizo("export", "plan", "--region", region)
    rows = [x.split(",") for x in out.replace("\ufeff", "").split("\r\n")[1:] if x.startswith("mill-notified")]
    return [float(x[-2]) for x in rows if x[-2]]


def good(r):
    code, x, err = bring(r, plant_sheet("mill", "2023-05-11", [100 + i for i in range(48)],
                                        [("2023-05-11 08:00", "2023-05-11 12:00", "one", "点検"), ("22:00", "2023/5/12 6:00", "", "")]))
    v = notified(r)
    tell(code == 0 and x["kind"] == "plant-output" and v[:2] == [100, 101] and len(v) == 48 and x["files"] == 1, "48 half-hours of a plant", (x, err, v[:3]))
    o = records(r, "outage")
    tell(sorted(o) == ["mill-20230511-2200", "mill-one-20230511-0800"] and o["mill-one-20230511-0800"]["to"].startswith("2023-05-11T12:00") and
         o["mill-one-20230511-0800"]["note"] == "点検" and o["mill-20230511-2200"]["to"].startswith("2023-05-12T06:00"), "and its outages", o)
    f = json.loads(mizo("files", "--kind", "plant-output", "--region", r, "--json")[1])["files"]
    tell(len(f) == 1 and f[0]["with"] == "mill" and f[0]["as_it_was"], "with a line in the register", f)
    code, x, err = bring(r, plant_sheet("村のごみ発電所", "2023-05-12", [200] * 24, unit="出力(kW)", times=[f"{h}:00" for h in range(24)]))
    v = notified(r)
    tell(code == 0 and v[48:] == [100] * 48, "24 hours of kW, by its Japanese name", (err, v[48:51]))
    ends = [f"{(i + 1) // 2}:{(i + 1) % 2 * 30:02d}" for i in range(48)]
    code, x, err = bring(r, plant_sheet("mill", "2023-05-13", [f"{i}.5" for i in range(48)], times=ends))
    v = notified(r)
    tell(code == 0 and v[96:98] == [0.5, 1.5], "labels of ends, numbers that are stored as text", (err, v[96:98]))
    code, x, err = bring(r, plant_sheet("mill", "2023-05-14", [f'=<c r="@"><f>B1*2</f><v>{i}</v></c>' for i in range(48)]))
    tell(code == 0 and notified(r)[144:146] == [0, 1], "formulas with their kept values", err)


def bad(r):
    for name, data, words in [
            ("plant", plant_sheet("mil", "2023-05-15", [1] * 48), ["明日!B1", '"mil"']),
            ("rows", plant_sheet("mill", "2023-05-15", [1] * 47), ["明日!A4", "47 rows"]),
            ("cell", plant_sheet("mill", "2023-05-15", [1] * 10 + ["many", -3] + [1] * 36), ["明日!B15", '"many"', "明日!B16", '"-3"']),
            ("slot", plant_sheet("mill", "2023-05-15", [1] * 48, times=[1, 2, 4] + list(range(4, 49))), ["明日!A7", '"4"']),
            ("furnace", plant_sheet("mill", "2023-05-15", [1] * 48, [("8:00", "9:00", "nine", "")]), ["明日!A56", '"nine"']),
            ("outage", plant_sheet("mill", "2023-05-15", [1] * 48, [("9:00", "8:00", "one", "")]), ["明日!B56", '"8:00"']),
            ("power", plant_sheet("mill", "2023-05-15", [1000] * 48), ["明日!B4", "1000.0 kWh"]),
            ("formula", plant_sheet("mill", "2023-05-15", ['=<c r="@"><f>A1</f></c>'] + [1] * 47), ["明日!B5", "no kept value"]),
            ("error", plant_sheet("mill", "2023-05-15", ['=<c r="@" t="e"><v>#REF!</v></c>'] + [1] * 47), ["明日!B5", "#REF!"]),
            ("head", workbook([("表", sheet({1: {1: "x"}}))]), ["表", "対象日"]),
            ("old", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ["an old workbook (.xls)"]),
            ("shared", workbook([("表", sheet({1: {1: '=<c r="@" t="s"><v>7</v></c>'}}))]), ["表!A1", "shared text"]),
            ("address", workbook([("表", sheet({1: {1: '=<c r="A9"><v>7</v></c>'}}))]), ["表", "address cannot be"]),
            ("doctype", workbook([("表", '<!DOCTYPE x><worksheet/>')]), ["sheet1.xml", "DOCTYPE"]),
            ("no book", zipped([("[Content_Types].xml", "<Types/>")]), ["no workbook"])]:
        code, x, err = bring(r, data)
        tell(code == 2 and all(w in err for w in words), f"said with its cell: {name}", err)


def main():
    with tempfile.TemporaryDirectory() as parent:
        r = os.path.join(parent, "v")
        shutil.copytree(VILLAGE, r)
        good(r)
        bad(r)
    print(f"1..{count}")
    return failed > 0


sys.exit(main())
