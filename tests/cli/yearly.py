"""The owners' yearly table as it is sent in: a workbook or a CSV, with all its habits; every mistake with its cell; and back.

    yearly.py MIZO VILLAGE
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operator_files import sheet, workbook  # noqa: E402
from tap import MIZO, VILLAGE, done, tell  # noqa: E402

KNOWN = ("--known", "2024-05-10T09:00:00+09:00")
MONTHS = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]


def mizo(*args, lang="en"):
    p = subprocess.run([MIZO, *args], capture_output=True, check=False, env={**os.environ, "MIZO_LANG": lang})
    return p.returncode, p.stdout, p.stderr.decode()


def bring(region, data, *more, name="R5.xlsx"):
    path = os.path.join(region, "..", name)
    with open(path, "wb") as f:
        f.write(data)
    code, out, err = mizo("import", path, "--region", region, "--json", *(more if "--known" in more else (*KNOWN, *more)))
    return code, json.loads(out)["files"][0] if out else {}, err


def reports(region):
    con = sqlite3.connect(os.path.join(region, "mizo.db"))
    rows = {i: json.loads(j) for i, j in con.execute("select id, json from record where kind='owner-report' order by version")}
    n = con.execute("select count(*) from record where kind='owner-report'").fetchone()[0]
    con.close()
    return rows, n


def values(first, step=10):
    return [first + step * i for i in range(12)]


def table(rows, title="令和5年度 施設別電力使用量", unit="kWh", at=4, total=True, foot=True, head=None, extra="", sums=True):
    """rows: [(name, bureau, twelve values)]. The header stands in row `at`."""
    head = head or [f"{m}月" for m in MONTHS]
    cells = {1: {1: title}, at - 1: {4: f"電力使用量({unit})"},
             at: {1: "No", 2: "施設名", 3: "所管局", **{4 + i: h for i, h in enumerate(head)}, **({16: "合計", 17: "備考"} if sums else {})}}
    r = at + 1
    for i, (name, bureau, v) in enumerate(rows):
        cells[r] = {1: i + 1, 2: name, 3: bureau, **{4 + k: x for k, x in enumerate(v) if x is not None}}
        if total is True:
            cells[r][16] = sum(x for x in v if isinstance(x, (int, float)))
        elif total:
            cells[r][16] = total
        r += 1
    if foot:
        numbers = [[x for x in column if isinstance(x, (int, float))] for column in zip(*(v for _, _, v in rows))]
        cells[r] = {2: "合 計", **{4 + k: sum(c) for k, c in enumerate(numbers)}}
        cells[r][16] = sum(sum(c) for c in numbers)
        cells[r + 1] = {1: "※ 休館日は含まない"}
    return workbook([("電力", sheet(cells, extra))])


ROWS = [("村立小学校", "education", values(1000)), ("村立図書館", "education", values(2000)), ("村営車両基地", "transport", values(3000))]


def good(r):
    code, x, err = bring(r, table(ROWS))
    kept, n = reports(r)
    tell(code == 0 and x["kind"] == "yearly" and x["rows"] == 3 and x["added"] == 3 and x["files"] == 1 and n == 3, "a yearly table is recognised", (x, err))
    tell(kept["school:2023:electricity"]["milli"] == [v * 1000 for v in values(1000)], "its kWh as Wh", kept.get("school:2023:electricity"))
    tell(kept["school:2023:electricity"]["place"] == "R5.xlsx 電力!D5", "with the place of its first month", kept["school:2023:electricity"])
    con = sqlite3.connect(os.path.join(r, "mizo.db"))
    file = [json.loads(j) for (j,) in con.execute("select json from record where kind='file'")]
    actor = con.execute("select actor from batch order by id desc limit 1").fetchone()[0]
    con.close()
    tell(len(file) == 1 and file[0]["kind"] == "owner-yearly" and file[0]["from"] == "2023-04-01" and actor, "a line in the register, and who brought it", (file, actor))
    code, x, err = bring(r, table(ROWS))
    tell(code == 0 and x["added"] == x["changed"] == 0 and x["same"] == 3 and "all as reported before" in err and reports(r)[1] == 3, "a second time changes nothing, and says so", (x, err))
    new = [("村立小学校", "education", [1001] + values(1000)[1:11] + [None])] + ROWS[1:]
    code, x, err = bring(r, table(new), name="R5-2.xlsx")
    con = sqlite3.connect(os.path.join(r, "mizo.db"))
    was = [json.loads(j)["milli"] for (j,) in con.execute("select json from record where kind='owner-report' and id='school:2023:electricity' order by version")]
    con.close()
    tell(code == 0 and x["changed"] == 1 and len(was) == 2 and was[0][0] == 1000000 and was[1][0] == 1001000, "a newer one stands beside the older", (x, was, err))
    tell(was[1][11] == was[0][11] and "電力!O5" in err and "2024-03" in err, "a month that is blank now keeps its value, and that is said", err)


def habits(r):
    text = ["１０．５", "10.10", " 10.2 ", "10.3※1", "0", "－", "未検針", "10.7", "10.8", "10.9", "11", "1１.1"]
    rows = [("A-0001", "", text), ("村立図書館※2", "", values(1, 1))]
    code, x, err = bring(r, table(rows, title="Ｒ５年度報告 (令和5年度実績)", unit="千kWh", total=None, foot=False))
    kept = reports(r)[0]
    tell(code == 0 and kept["school:2023:electricity"]["milli"][:5] == [10500000, 10100000, 10200000, 10300000, 0] and
         kept["school:2023:electricity"]["milli"][5:7] == [None, None], "full-width digits, commas, notes, 千kWh; 0 is a value, － is none", (kept, err))
    units = {"MWh": 10**6, "GWh": 10**9, "万kWh": 10**7, "Wh": 1}
    for unit, f in units.items():
        with tempfile.TemporaryDirectory() as d:
            q = os.path.join(d, "v")
            shutil.copytree(VILLAGE, q)
            v = [0.001] * 12 if unit == "GWh" else [0.5] * 12 if unit != "Wh" else [500] * 12
            code, x, err = bring(q, table([("school", "", v)], unit=unit, total=None, foot=False))
            got = reports(q)[0].get("school:2023:electricity", {}).get("milli")
            tell(code == 0 and got == [int(v[0] * f)] * 12, f"{unit}", (got, err))
    gas = {1: {1: "施設別エネルギー 令和５年度"}, 2: {4: "電力 (kWh)", 16: "都市ガス（㎥）"},
           3: {2: "施設名", 3: "所管局", **{4 + i: f"R{5 if m > 3 else 6}.{m}" for i, m in enumerate(MONTHS)}, **{16 + i: f"{m}月分" for i, m in enumerate(MONTHS)}},
           4: {2: "村立<ul>小学校</ul>", 3: "education", **{4 + i: 100 for i in range(12)}, **{16 + i: 7.5 for i in range(12)}},
           5: {2: "村立図書館", **{4 + i: 50 for i in range(12)}}}
    extra = '<mergeCells><mergeCell ref="D2:O2"/><mergeCell ref="P2:AA2"/><mergeCell ref="C4:C5"/></mergeCells>'
    code, x, err = bring(r, workbook([("表", sheet(gas, extra))]), name="y.xlsx")
    kept = reports(r)[0]
    tell(code == 0 and kept["school:2023:city-gas"]["milli"] == [7500] * 12 and kept["school:2023:city-gas"]["unit"] == "m3" and
         "library:2023:city-gas" not in kept and kept["library:2023:electricity"]["milli"][0] == 50000, "two blocks under merged headings, tags in names", (kept.keys(), err))
    long = {1: {1: "2023年度"}, 3: {1: "施設ID", 2: "種別", 3: "単位", **{4 + i: f"{m}月" for i, m in enumerate(MONTHS)}},
            4: {1: "depot", 2: "軽油", 3: "kL", **{4 + i: 0.25 for i in range(12)}}, 5: {2: "灯油", 3: "L", **{4 + i: 30 for i in range(12)}}}
    code, x, err = bring(r, workbook([("燃料", sheet(long))]), name="fuel.xlsx")
    kept = reports(r)[0]
    tell(code == 0 and kept["depot:2023:diesel"]["milli"][0] == 250000 and kept["depot:2023:kerosene"]["milli"][0] == 30000, "kinds and units by row; a name left blank goes on", (kept.keys(), err))
    subtotal = {1: {1: "令和5年度(kWh)"}, 2: {1: "施設名", **{2 + i: m for i, m in enumerate(MONTHS)}}}
    for i, (name, v) in enumerate([("村立小学校", 10), ("村立図書館", 20), ("education 小計", 30), ("村営車両基地", 5), ("小計", 5), ("総計", 35)]):
        subtotal[3 + i] = {1: name, **{2 + k: v for k in range(12)}}
    code, x, err = bring(r, workbook([("表", sheet(subtotal))]), name="sub.xlsx")
    tell(code == 0 and x["rows"] == 3, "subtotals and a grand total under bare month numbers", (x, err))


def csv_of(rows, title="令和5年度,単位:kWh"):
    lines = [title, "施設名,所管局," + ",".join(f"{m}月" for m in MONTHS) + ",合計"]
    lines += [",".join([n, b] + [f'"{x:,}"' for x in v] + [f'"{sum(v):,}"']) for n, b, v in rows]
    return "\r\n".join(lines) + "\r\n"


def as_csv(parent):
    for name, data in (("bom", b"\xef\xbb\xbf" + csv_of(ROWS).encode()), ("cp932", csv_of(ROWS).encode("cp932"))):
        q = os.path.join(parent, "csv-" + name)
        shutil.copytree(VILLAGE, q)
        code, x, err = bring(q, data, name=name + ".csv")
        kept = reports(q)[0]
        tell(code == 0 and x["kind"] == "yearly" and kept.get("depot:2023:electricity", {}).get("milli") == [v * 1000 for v in values(3000)], f"a CSV, {name}", (x, err))
    bad = csv_of(ROWS).replace('"3,000"', "many")
    code, x, err = bring(q, bad.encode(), name="bad.csv")
    tell(code == 2 and "bad.csv:5" in err and "C5" in err and '"many"' in err, "a mistake in a CSV: line and cell", err)
    code, x, err = bring(q, csv_of(ROWS).encode("cp932").replace("図".encode("cp932"), b"\x90\xff"), name="bad.csv")
    tell(code == 2 and "bad.csv:4" in err and "A4" in err and "no letter" in err and "1 bad rows" in err, "a letter that is none: line and cell", err)


def change(rows, name, column, value):
    return [(n, b, v[:column] + [value] + v[column + 1:] if n == name else v) for n, b, v in rows]


def merged(r):
    rows = change(ROWS, "村立小学校", 3, None)
    data = table(rows, extra='<mergeCells><mergeCell ref="F5:G5"/></mergeCells>')
    code, x, err = bring(r, data)
    tell(code == 2 and "電力!F5" in err and "G5" in err and "電力!G5" in err, "a merged cell", err)


def in_kanji(parent):
    q = fresh(parent, "kanji")
    for i, (title, head) in enumerate((("令和五年度 電力", ["四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月", "一月", "二月", "三月"]),
                                       ("二〇二三年度 電力", [f"{m}月分" for m in MONTHS]), ("令和５年度 電力", ["四月分"] + [f"{m}月" for m in MONTHS[1:]]))):
        code, x, err = bring(q, table(ROWS, title=title, head=head), name=f"kanji{i}.xlsx")
        tell(code == 0 and x["rows"] == 3 and (x["added"], x["changed"]) == ((3, 0) if i == 0 else (0, 0)), f"years and months in kanji: {title} {head[0]}", (x, err))
    text = "令和五年度 電力 (kWh)\n施設名," + ",".join(f"{m}月" for m in MONTHS) + "\n五月台の小学校," + ",".join(["1"] * 12) + "\n"
    code, x, err = bring(q, text.encode("cp932"), name="kanji.csv")
    tell(code == 2 and "五月台の小学校" in err and "month" not in err, "a place whose name begins with a month is a name", err)


def renamed(parent):
    """Last year's file under this year's name: what the sheet says holds, and the difference is said."""
    q = fresh(parent, "renamed")
    for title, name in (("令和四年度 電力", "令和5年度.xlsx"), ("令和4年度 電力", "R5.xlsx")):
        code, x, err = bring(q, table(ROWS, title=title), name=name)
        tell(code == 0 and "電力!A1: read as FY2022" in err and "says FY2023" in err, f"{title} as {name}", err)
    code, x, err = bring(q, table(ROWS, title="令和4年度 電力"), "--fy", "R4", name="R5.xlsx")
    tell(code == 0 and "read as" not in err, "not where the year was asked for", err)


def bad(r):
    before = reports(r)[1]
    moved = [(n, b, [None] + v[:11]) if n == "村立図書館" else (n, b, v) for n, b, v in ROWS]
    cases = [
        ("a column moved", table([(n, b, v) for n, b, v in moved], total=sum(values(2000))), ["電力!P6", "column moved"]),
        ("a total that does not fit", table(ROWS[:1], total=5, foot=False), ["電力!P5", "5 kWh", "12660 kWh"]),
        ("a total pasted as text that does not fit", table(ROWS[:1], total="12,661", foot=False), ["電力!P5", "12661 kWh", "12660 kWh"]),
        ("a total alone", table([("村立小学校", "", [None] * 12)], total=12660, foot=False), ["電力!P5", "no month has a value"]),
        ("an era typed wrong", table(ROWS, title="平成35年度 電力"), ["電力!A1", "平成35年度"]),
        ("an era typed wrong in kanji", table(ROWS, title="平成三十五年度 電力"), ["電力!A1", "平成三十五年度"], "x.xlsx"),
        ("a year to come", table(ROWS, title="令和55年度 電力"), ["電力!A1", "FY2073"]),
        ("another year in one heading", table(ROWS, head=["R4.4"] + [f"R{5 if m > 3 else 6}.{m}" for m in MONTHS[1:]]), ["電力!E4", "FY2023", "FY2022"]),
        ("a month is missing", table(ROWS, head=["4月"] * 2 + [f"{m}月" for m in MONTHS[2:]]), ["電力!", "month 5"]),
        ("no unit", table(ROWS, unit="?"), ["電力!D4", "unit is not said"]),
        ("an era that there is not", table(ROWS, title="令化5年度 電力"), ["電力!A1", "令化5年度", "era typed wrong"], "x.xlsx"),
        ("all moved by a column", table([(n, b, [None] + v) for n, b, v in ROWS], head=[f"{m}月" for m in MONTHS], total=None, foot=False, sums=False),
         ["電力!P5", "moved by a column", "電力!P7"]),
        ("a unit of something else", table(ROWS, unit="L"), ["電力!D4", "L is no unit"]),
        ("no year", table(ROWS, title="施設別"), ["電力!D4", "--fy"], "x.xlsx"),
        ("many at once", table(change(change(ROWS, "村立小学校", 0, "many"), "村立図書館", 1, -3) + [("村立小学枚", "", values(1))]),
         ["電力!D5", '"many"', "電力!E6", "-3", "電力!B8", "村立小学校"]),
        ("a facility twice", table(ROWS + ROWS[:1]), ["電力!B8", "B5", "twice"]),
        ("numbers of nobody", table(ROWS + [("", "", values(7))], foot=False), ["電力!B8", "without a facility"]),
        ("a unit a thousand times too large", table(change(ROWS, "村立小学校", 0, 10**9), foot=False), ["電力!D5", "1,000,000,000 kWh"]),
        ("a formula without its value", table(change(ROWS, "村立小学校", 0, '=<c r="@"><f>A1*2</f></c>'), total=None, foot=False), ["電力!D5", "formula without a result"]),
        ("#REF!", table(change(ROWS, "村立小学校", 0, '=<c r="@" t="e"><v>#REF!</v></c>'), total=None, foot=False), ["電力!D5", "#REF!"]),
    ]
    for case in cases:
        name, data, words = case[:3]
        code, x, err = bring(r, data, name=case[3] if len(case) > 3 else "R5.xlsx")
        tell(code == 2 and all(w in err for w in words), f"said with its cell: {name}", err)
    data = {1: {1: "令和5年度(kWh)"}, 2: {1: "施設名", **{2 + i: f"{m}月" for i, m in enumerate(MONTHS)}}, 3: {1: "村立小学校", **{2 + k: 10 for k in range(12)}},
            4: {1: "合計", **{2 + k: 10 for k in range(11)}, 13: 11}}
    code, x, err = bring(r, workbook([("表", sheet(data))]))
    tell(code == 2 and "表!M4" in err and "11 kWh" in err and "10 kWh" in err, "a total of a column that does not fit", err)
    del data[4][1]
    data[4][13] = 10
    code, x, err = bring(r, workbook([("表", sheet(data))]), "--skip-bad")
    tell("表!A4" in err and "not read as a facility" in err, "a total without its name is no facility", err)
    del data[4]
    code, x, err = bring(r, workbook([("表", sheet(data, attributes={3: ' hidden="1"'}))]), name="hidden.xlsx")
    tell(code == 0 and "表!A3" in err and "hidden" in err, "a row that the sheet hides is read, and that is said", err)
    code, x, err = bring(r, table(ROWS), "--bureau", "education", name="b.xlsx")
    tell(code == 2 and "電力!B7" in err and "transport" in err, "a row of another bureau", err)
    code, x, err = bring(r, table(ROWS), "--fy", "R4", name="b.xlsx")
    tell(code == 2 and "FY2023" in err and "FY2022" in err, "last year's file for another year", err)
    code, x, err = bring(r, table(ROWS), "--known", "2023-07-01T09:00:00+09:00", name="b.xlsx")
    tell(code == 2 and "電力!H5" in err and "2023-08" in err, "values of months to come", err)
    tell(reports(r)[1] <= before + 1, "nothing was half posted", (before, reports(r)[1]))
    code, x, err = bring(r, table(ROWS[:1], total="12,660", foot=False), name="b.xlsx")
    tell(code == 0 and '電力!P5' in err and 'the total "12,660" is text, not a number' in err, "a total pasted as text that fits is let in, and said", err)


def fresh(parent, name):
    q = os.path.join(parent, name)
    shutil.copytree(VILLAGE, q)
    return q


def programs(parent):
    """What other programs leave of a table: formulas without results, numbers as text, headings taken apart, more sheets."""
    q = fresh(parent, "programs")
    lost = '=<c r="@"><f>SUM(D5:O5)</f></c>'
    code, x, err = bring(q, table(ROWS, total=lost, foot=False), name="lost.xlsx")
    tell(code == 0 and x["added"] == 3, "totals whose results were not kept are added up here", err)
    typed = [("村立小学校", "education", [str(v) for v in values(1000)[:3]] + values(1000)[3:])]
    code, x, err = bring(q, table(typed, total=sum(values(1000)[3:]), foot=False), name="typed.xlsx")
    tell(code == 0 and "電力!P5" in err and "leaves out months" in err, "a total that leaves out what is kept as text is let in, and said", err)
    code, x, err = bring(q, table(typed, total=sum(values(1000)[3:]) + 7, foot=False), name="typed.xlsx")
    tell(code == 2 and "電力!P5" in err, "one that is wrong beside that is not", err)
    lines = csv_of(ROWS).split("\r\n")
    apart = ["令和5年度,単位:kWh", "施設名,所管局" + "," * 13, "," * 14, ",," + lines[1].split(",", 2)[2], *lines[2:]]
    code, x, err = bring(fresh(parent, "apart"), "\r\n".join(apart).encode(), name="apart.csv")
    tell(code == 0 and x["added"] == 3, "a merged heading of three rows that a CSV has taken apart", err)
    code, x, err = bring(q, table(ROWS, title="令和33年度", extra='<mergeCells><mergeCell ref="A1:P1"/></mergeCells>'), name="ahead.xlsx")
    tell(code == 2 and "電力!A1" in err and "FY2051" in err, "a year in a merged title: the cell of the title", err)
    code, x, err = bring(q, table(ROWS, head=["4月", "4月"] + [f"{m}月" for m in MONTHS[2:]]), name="twice.xlsx")
    tell(code == 2 and "電力!E4" in err and "twice" in err and "D4" in err and err.count("lacks the month") == 1, "a month twice: both cells, and the one that is lacking", err)


def cells_of(rows):
    """The sheet that table() makes of rows."""
    head = {1: "施設名", **{2 + i: f"{m}月" for i, m in enumerate(MONTHS)}}
    return sheet({1: {1: "令和5年度 電力(kWh)"}, 2: head, **{3 + i: {1: n, **{2 + k: y for k, y in enumerate(v)}} for i, (n, _, v) in enumerate(rows)}})


def sheets(parent):
    other = change(ROWS, "村立小学校", 2, 7)
    code, x, err = bring(fresh(parent, "copy"), workbook([("様式1", cells_of(ROWS)), ("控え", cells_of(ROWS))]), name="copy.xlsx")
    tell(code == 0 and x["added"] == 3, "a copy of a sheet beside it changes nothing", err)
    code, x, err = bring(fresh(parent, "both"), workbook([("様式1", cells_of(ROWS)), ("控え", cells_of(other))]), name="both.xlsx")
    tell(code == 2 and "控え!B3" in err and "様式1!B3" in err, "two sheets that say different things of a facility: both cells", err)
    q = fresh(parent, "example")
    code, x, err = bring(q, workbook([("様式1", cells_of(ROWS)), ("記入例", cells_of([("○○小学校", "", values(1))]))]), name="example.xlsx")
    tell(code == 0 and x["added"] == 3 and "記入例" in err, "a sheet that shows how to fill it in is left out, and that is said", err)
    for name, data in (("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
                       ("open.ods", b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" + bytes(600))):
        code, x, err = bring(q, data, name=name)
        tell(code == 2 and ".xlsx" in err and "password" in err, f"{name}: how to save it", err)


def last_year(parent):
    q = os.path.join(parent, "last")
    shutil.copytree(VILLAGE, q)
    bring(q, table(ROWS, title="令和4年度"), name="a.xlsx")
    code, x, err = bring(q, table(ROWS), name="b.xlsx")
    tell(code == 2 and "last year's file" in err and "FY2022" in err, "a bureau sends last year's file under the new year", err)
    code, x, err = bring(q, table(ROWS), "--accept-same", name="b.xlsx")
    tell(code == 0 and x["added"] == 3, "unless a person says it is right", err)
    rows = change(ROWS, "村立小学校", 0, 999)
    rows = [(n, b, [x * 20 for x in v]) if n == "村立図書館" else (n, b, v) for n, b, v in rows]
    code, x, err = bring(q, table(rows, title="令和4年度"), name="c.xlsx")
    tell(code == 0 and x["changed"] == 2, "a restated year", err)


def back(parent):
    a, b, c = (os.path.join(parent, x) for x in "abc")
    for q in (a, b, c):
        shutil.copytree(VILLAGE, q)
    rows = change(ROWS, "村立小学校", 2, None)
    bring(a, table(rows), name="a.xlsx")
    out = os.path.join(parent, "out.xlsx")
    code, _, err = mizo("export", "yearly", "--region", a, "--fy", "R5", "--xlsx", out, lang="ja")
    with open(out, "rb") as f:
        code2, x, err2 = bring(b, f.read(), name="back.xlsx")
    tell(code == 0 and code2 == 0, "the table goes out as a workbook and comes back", (err, err2))
    same = {k: v["milli"] for k, v in reports(a)[0].items()} == {k: v["milli"] for k, v in reports(b)[0].items()}
    tell(same and x["added"] == 3, "with the same values", (reports(a)[0], reports(b)[0]))
    with zipfile.ZipFile(out) as z:
        names = z.namelist()
    tell("xl/workbook.xml" in names and "[Content_Types].xml" in names, "a workbook like any other", names)
    for flag, encoding in (((), "utf-8-sig"), (("--cp932",), "cp932")):
        code, text, err = mizo("export", "yearly", "--region", a, "--fy", "2023", *flag, lang="ja")
        shutil.rmtree(c)
        shutil.copytree(VILLAGE, c)
        code2, x, err2 = bring(c, text, name="back.csv")
        same = {k: v["milli"] for k, v in reports(a)[0].items()} == {k: v["milli"] for k, v in reports(c)[0].items()}
        tell(code == 0 and code2 == 0 and same and "村立小学校" in text.decode(encoding), f"as CSV in {encoding}, and back", (err, err2, x))
    code, text, err = mizo("export", "yearly", "--region", a, "--fy", "2023", "--as-of", "2024-05-09", lang="ja")
    tell(code == 0 and "1000" not in text.decode("utf-8-sig").split("村立小学校")[1].split("\r\n")[0], "as known before it came: blank", text.decode())
    code, text, err = mizo("export", "yearly", "--region", a, "--fy", "2023", "--bureau", "transport", lang="ja")
    tell(code == 0 and "村立小学校" not in text.decode() and "村営車両基地" in text.decode(), "one bureau's form", text.decode())


def unmappable(parent):
    q = os.path.join(parent, "letters")
    shutil.copytree(VILLAGE, q)
    path = os.path.join(q, "facilities.csv")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("村立小学校", "𠮷田小学校").replace("村立図書館", "𠮷田図書館"))
    bring(q, csv_of([("𠮷田小学校", "education", values(1))]).encode(), name="letters.csv")
    code, out, err = mizo("export", "yearly", "--region", q, "--fy", "2023", "--cp932", lang="ja")
    lines = [x for x in err.splitlines() if "𠮷" in x]
    tell(code == 0 and len(lines) == 2 and out.decode("cp932").count("〓") == 2, "letters that CP932 lacks are named row by row", err)


def main():
    with tempfile.TemporaryDirectory() as parent:
        r = os.path.join(parent, "v")
        shutil.copytree(VILLAGE, r)
        good(r)
        h = os.path.join(parent, "h")
        shutil.copytree(VILLAGE, h)
        habits(h)
        as_csv(parent)
        merged(r)
        bad(r)
        in_kanji(parent)
        renamed(parent)
        programs(parent)
        sheets(parent)
        last_year(parent)
        back(parent)
        unmappable(parent)
    return done()


sys.exit(main())
