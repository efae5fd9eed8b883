"""Our workbooks after another program has saved them: a spreadsheet, a sanitiser of files, a library. They must open, and come
back to the same values.

    rewritten.py MIZO VILLAGE
"""

import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import xml.dom.minidom
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
MIZO, VILLAGE = sys.argv[1], sys.argv[2]
CITY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/kawasaki/city")
ENV = {**os.environ, "MIZO_LANG": "ja",
       "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KNOWN = ("--known", "2024-05-10T09:00:00+09:00")
count = 0


def tell(ok, name, what=""):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}", flush=True)
    for line in str(what).splitlines()[:20] if not ok else ():
        print(f"#   {line[:400]}")


def mizo(*args):
    p = subprocess.run([MIZO, *args], capture_output=True, check=False, env=ENV, timeout=60)
    return p.returncode, p.stdout, p.stderr.decode()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        return [(i.filename, z.read(i.filename)) for i in z.infolist()]


def zipped(parts, how=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as z:
        for name, data in parts:
            z.writestr(name, data)
    return out.getvalue()


def shared_strings(parts):
    text = dict(parts)["xl/sharedStrings.xml"].decode()
    return re.findall(r"<si>(.*?)</si>", text, re.S)


def each_sheet(parts, change):
    return [(n, change(d.decode()).encode() if n.startswith("xl/worksheets/sheet") else d) for n, d in parts]


# ---- what others do to a workbook: bytes in, bytes out ----

def library(data):
    """openpyxl: styles and strings are numbered anew, the values of formulas are dropped."""
    helper = "import io,sys,openpyxl\nb=openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()))\no=io.BytesIO()\nb.save(o)\nsys.stdout.buffer.write(o.getvalue())\n"
    for python in (sys.executable, "/usr/bin/python3"):
        p = subprocess.run([python, "-c", helper], input=data, capture_output=True, check=False, timeout=60)
        if p.returncode == 0:
            return p.stdout
    raise RuntimeError(p.stderr.decode())


def sanitised(data):
    """Inline strings, nothing but the cells, other order, not compressed, absolute targets."""
    parts = parts_of(data)
    strings = shared_strings(parts)

    def inline(text):
        text = re.sub(r"<dimension [^>]*/>|<sheetPr>.*?</sheetPr>|<extLst>.*?</extLst>", "", text, flags=re.S)
        return re.sub(r'<c ([^>]*?) t="s"><v>(\d+)</v></c>',
                      lambda m: f'<c {m.group(1)} t="inlineStr"><is>{strings[int(m.group(2))]}</is></c>', text)
    drop = ("docProps/", "xl/theme/", "xl/calcChain.xml", "xl/sharedStrings.xml")
    kept = [(n, d) for n, d in each_sheet(parts, inline) if not n.startswith(drop)]
    out = []
    for name, d in kept:
        text = d.decode()
        if name.endswith(".rels") or name == "[Content_Types].xml":
            text = re.sub(r'<(?:Relationship|Override) [^>]*(?:docProps|theme|calcChain|sharedStrings)[^>]*/>', "", text)
        if name == "xl/_rels/workbook.xml.rels":
            text = text.replace('Target="worksheets/', 'Target="/xl/worksheets/')
        out.append((name, text.encode()))
    return zipped(out[::-1], zipfile.ZIP_STORED)


def spreadsheet(data):
    """As a spreadsheet saves it: a chain of formulas, reading aids, runs of letters, long decimals, names, its own marks."""
    parts = []
    for name, d in parts_of(data):
        text = d.decode() if name.endswith((".xml", ".rels")) else None
        if name == "xl/sharedStrings.xml":
            text = re.sub(r"<si><t([^>]*)>([^<]{2,})</t></si>",
                          lambda m: f'<si><r><t{m.group(1)}>{m.group(2)[:1]}</t></r><r><rPr><b/></rPr><t xml:space="preserve">{m.group(2)[1:]}</t></r>'
                                    '<rPh sb="0" eb="1"><t>ヨミ</t></rPh><phoneticPr fontId="1"/></si>', text)
        if name.startswith("xl/worksheets/sheet"):
            text = text.replace("<worksheet ", '<worksheet xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
                                'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" ', 1)
            text = re.sub(r"<v>(\d+)\.(\d)</v>", r"<v>\1.\g<2>00000000000001</v>", text)
            text = re.sub(r"<row ", '<row x14ac:dyDescent="0.4" ', text)
        if name == "xl/workbook.xml" and "<definedNames>" not in text:
            text = text.replace("</sheets>", '</sheets><definedNames><definedName name="_x">1</definedName></definedNames>')
        if name == "[Content_Types].xml":
            text = text.replace("</Types>", '<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                                'spreadsheetml.calcChain+xml"/></Types>')
        parts.append((name, text.encode() if text is not None else d))
    parts.append(("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/></calcChain>'.encode()))
    return zipped(parts)


def prefixed(data):
    """Every element of a sheet with a prefix, cells without their addresses where they follow each other."""
    def change(text):
        text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", text)
        text = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        return re.sub(r'(<x:row r="\d+")[^>]*>', r"\1>", text)
    return zipped(each_sheet(parts_of(data), change))


def unaddressed(data):
    """Rows and cells that stand one after the other, without numbers; gaps are filled with blank cells."""
    def row(m):
        cells, out, at = re.findall(r'<c r="([A-Z]+)\d+"([^>]*?)(/>|>.*?</c>)', m.group(2), re.S), [], 0
        for column, attributes, rest in cells:
            want = 0
            for letter in column:
                want = want * 26 + ord(letter) - 64
            out += ["<c/>"] * (want - at - 1) + [f"<c{attributes}{rest}"]
            at = want
        return f'<row r="{m.group(1)}">{"".join(out)}</row>'
    return zipped(each_sheet(parts_of(data), lambda t: re.sub(r'<row r="(\d+)"[^>]*>(.*?)</row>', row, t, flags=re.S)))


OTHERS = [library, sanitised, spreadsheet, prefixed, unaddressed]


# ---- the owners' table there and back ----

def reports(region):
    con = sqlite3.connect(os.path.join(region, "mizo.db"))
    rows = {i: json.loads(j)["milli"] for i, j in con.execute("select id, json from record where kind='owner-report' order by version")}
    con.close()
    return rows


def table():
    months = "4月,5月,6月,7月,8月,9月,10月,11月,12月,1月,2月,3月"
    rows = [("村立小学校", [f"{1000 + 10 * i}.{i % 10}" for i in range(12)]), ("村立図書館", [str(2000 + i) for i in range(12)]),
            ("村営車両基地", [str(3000 + i) for i in range(11)] + [""])]
    return "令和5年度,単位:kWh\r\n施設名," + months + "\r\n" + "".join(f"{n},{','.join(v)}\r\n" for n, v in rows)


def there_and_back(parent):
    home = os.path.join(parent, "home")
    shutil.copytree(VILLAGE, home)
    source, out = os.path.join(parent, "R5.csv"), os.path.join(parent, "out.xlsx")
    with open(source, "w", encoding="utf-8", newline="") as f:
        f.write(table())
    code, _, err = mizo("import", source, "--region", home, *KNOWN)
    assert code == 0, err
    was = reports(home)
    code, _, err = mizo("export", "yearly", "--region", home, "--fy", "R5", "--xlsx", out)
    with open(out, "rb") as f:
        data = f.read()
    tell(code == 0 and len(was) == 3 and was["school:2023:electricity"][1] == 1010100, "a table goes out", (was, err))
    opens_clean(data, "the owners' table")
    for other in OTHERS:
        changed = other(data)
        path = os.path.join(parent, other.__name__ + ".xlsx")
        with open(path, "wb") as f:
            f.write(changed)
        back = os.path.join(parent, other.__name__)
        shutil.copytree(VILLAGE, back)
        code, text, err = mizo("import", path, "--region", back, "--json", *KNOWN)
        tell(changed != data and code == 0 and reports(back) == was, f"it comes back the same: {other.__name__}", (code, err, text))
        if other is not OTHERS[0]:
            continue
        code, text, err = mizo("import", path, "--region", home, "--json", *KNOWN)
        tell(code == 0 and json.loads(text)["files"][0]["same"] == 3, f"and changes nothing where it came from: {other.__name__}", err)


# ---- what a program asks of a workbook before it opens it without a question ----

def opens_clean(data, name):
    parts = dict(parts_of(data))
    wrong = []
    for part, d in parts.items():
        if part.endswith((".xml", ".rels")):
            xml.dom.minidom.parseString(d)
    types = parts["[Content_Types].xml"].decode()
    wrong += [p for p in parts if p.endswith(".xml") and p != "[Content_Types].xml" and f'PartName="/{p}"' not in types]
    wrong += [p for p in re.findall(r'PartName="/([^"]+)"', types) if p not in parts]
    for part in [p for p in parts if p.endswith(".rels")]:
        base = os.path.dirname(os.path.dirname(part))
        for target in re.findall(r'Target="([^"]+)"', parts[part].decode()):
            path = target[1:] if target.startswith("/") else os.path.normpath(os.path.join(base, target))
            wrong += [] if path in parts else [f"{part} -> {target}"]
    styles = parts["xl/styles.xml"].decode()
    most = len(re.findall(r"<xf ", re.search(r"<cellXfs.*?</cellXfs>", styles, re.S).group(0)))
    names = re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"].decode())
    wrong += [n for n in names if len(n) > 31 or re.search(r"[\[\]:*?/\\]", n)]
    wrong += ["two sheets of one name"] if len({n.lower() for n in names}) < len(names) else []
    for part in [p for p in parts if p.startswith("xl/worksheets/sheet")]:
        text = parts[part].decode()
        wrong += [f"{part}: style {s}" for s in re.findall(r'<c [^>]*s="(\d+)"', text) if int(s) >= most]
        at = [(int(r), len(c), c) for c, r in re.findall(r'<c r="([A-Z]+)(\d+)"', text)]
        wrong += [f"{part}: cells out of order"] if at != sorted(at) else []
        merges = re.findall(r'<mergeCell ref="([^"]+)"', text)
        wrong += [f"{part}: merged twice"] if len(set(merges)) < len(merges) else []
        wrong += [f"{part}: macro or link"] if "hyperlink" in text or "vba" in text.lower() else []
    tell(not wrong, f"opens clean: {name}", wrong)


def city_region(parent):
    home = os.path.join(parent, "city")
    shutil.copytree(VILLAGE, home)
    for f in os.listdir(CITY):
        shutil.copy(os.path.join(CITY, f), home)
    os.remove(os.path.join(home, "budgets.csv"))
    os.remove(os.path.join(home, "activities.csv"))
    code, _, err = mizo("import", os.path.join(home, "readings.csv"), "--region", home)
    assert code == 0, err
    return home


def cells(data):
    """Every text and number of the first sheet as a library reads them."""
    helper = ("import io,sys,json,openpyxl\nb=openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read()),data_only=True)\n"
              "print(json.dumps([[str(c.value) for c in r if c.value is not None] for s in b for r in s.iter_rows()]))\n")
    for python in (sys.executable, "/usr/bin/python3"):
        p = subprocess.run([python, "-c", helper], input=data, capture_output=True, check=False, timeout=60)
        if p.returncode == 0:
            return [x for row in json.loads(p.stdout) for x in row]
    raise RuntimeError(p.stderr.decode())


def cut(data):
    """Texts of several lines that need more than their row's height, each line in as many as its column makes of it."""
    parts = dict(parts_of(data))
    text = parts["xl/worksheets/sheet1.xml"].decode()
    strings = ["".join(re.findall(r"<t[^>]*>(.*?)</t>", si, re.S)) for si in shared_strings(parts.items())]
    wide = {chr(64 + int(n)): float(w) for n, w in re.findall(r'<col min="(\d+)" max="\1" width="([\d.]+)"', text)}
    high = {r: float(h) for r, h in re.findall(r'<row r="(\d+)"[^>]*? ht="([\d.]+)"', text)}
    needs = lambda s, w: sum(-(-sum(2 if ord(c) > 0x7f else 1 for c in line) // w) for line in s.split("\n"))  # noqa: E731
    used = [(c, r, strings[int(i)]) for c, r, i in re.findall(r'<c r="([A-Z])(\d+)"[^>]*? t="s"><v>(\d+)</v>', text)]
    several = [(c, r, s) for c, r, s in used if "\n" in s and r in high]
    return len(several), [s for c, r, s in several if high[r] < 16 * needs(s, wide[c])]


def high_enough(parent):
    home, path = os.path.join(parent, "city"), os.path.join(parent, "high.xlsx")
    code, _, err = mizo("city", "load", "progress", os.path.join(CITY, "../office/progress.csv"), "--region", home)
    code, _, more = mizo("report", "evaluation", "--region", home, "--fy", "2023", "--xlsx", path)
    with open(path, "rb") as f:
        several, wrong = cut(f.read())
    tell(code == 0 and several > 0 and not wrong, "what was done and what came of it, each in its line, and no line is cut", (err, more, several, wrong))


def city_reports(parent):
    home = city_region(parent)
    for name, words in (("targets", ("▲12.6％", "2,084万t-CO2")), ("plan", ("工程表", "R12", "■")), ("evaluation", ("順調に推移している(目標を達成している)", "Ⅱ")),
                        ("inventory", ("S1:284-294",))):
        path = os.path.join(parent, name + ".xlsx")
        code, _, err = mizo("report", name, "--region", home, "--fy", "2023", "--as-of", "2025-03-31", "--xlsx", path)
        with open(path, "rb") as f:
            data = f.read()
        opens_clean(data, name)
        got = cells(data)
        tell(code == 0 and all(w in got for w in words), f"{name} as a library reads it", (err, [w for w in words if w not in got]))
        tell(cells(sanitised(data)) == got, f"{name} says the same after a sanitiser")


def main():
    with tempfile.TemporaryDirectory() as parent:
        there_and_back(parent)
        city_reports(parent)
        high_enough(parent)
    print(f"1..{count}")


main()
