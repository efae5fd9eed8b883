"""The network operator's files as a person brings them: the three kinds, zip, codes, people, held readings, the register.

    network_operator.py MIZO VILLAGE
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operator_files import (DEPOT, HALL, SCHOOL, SECRET_CODE, SECRET_NAME, SECRET_PLACE, confirmed, confirmed_point, days_of, daily,  # noqa: E402
                            same_day, wrap, zipped)
from tap import MIZO, VILLAGE, done, mizo, tell  # noqa: E402


class Town:
    def __init__(self, parent, name):
        self.dir = os.path.join(parent, name)
        shutil.copytree(VILLAGE, self.dir)
        self.files = os.path.join(parent, name + "-in")
        os.mkdir(self.files)

    def bring(self, name, data, *more, lang="en"):
        path = os.path.join(self.files, name)
        with open(path, "wb") as f:
            f.write(data)
        code, out, err = mizo("import", path, "--region", self.dir, "--json", *more, lang=lang)
        r = json.loads(out)["files"][0] if out.startswith("{") else {}
        return code, r, err

    def day(self, point, day, *more):
        code, out, err = mizo("readings", "show", point, "--day", day, "--region", self.dir, "--json", *more)
        return json.loads(out) if code == 0 else {"error": err}

    def register(self, *more):
        return json.loads(mizo("files", "--region", self.dir, "--json", *more)[1])["files"]

    def bytes(self):
        out = b""
        for base, _, names in os.walk(self.dir):
            for n in names:
                with open(os.path.join(base, n), "rb") as f:
                    out += f.read()
        return out


def provisional_to_confirmed(t):
    code, r, err = t.bring("s20.xml", same_day("20230510", 20, [(DEPOT, "3.5"), (HALL, "1.25", "0", True), (SCHOOL, None, "1")],
                                               encoding="Shift_JIS"), "--known", "2023-05-10T11:00:00+09:00")
    tell(code == 0 and r["kind"] == "operator-same-day" and r["added"] == 2 and r["blank"] == 1, "one slot of a day, in Shift_JIS", err)
    d = t.day("p-hall", "2023-05-10")
    tell(d["wh"][19] == 1250 and d["quality"][19] == "provisional" and d["known"] == 1, "is provisional; a flag means no value", d)
    code, r, err = t.bring("d.xml", daily("20230510", {DEPOT: lambda s: f"{s / 10}", HALL: lambda s: "0"}), "--known",
                           "2023-05-11T09:00:00+09:00")
    tell(code == 0 and r["kind"] == "operator-daily" and r["rows"] == 96 and r["changed"] == 2, "a day: 48 slots of each point", (r, err))
    d = t.day("p-hall", "2023-05-10")
    tell(d["known"] == 48 and d["sum_wh"] == 0, "a zero is a value", d)
    c = confirmed("202305", [confirmed_point(DEPOT, "202305", lambda day, s: 5.0), confirmed_point(HALL, "202305", lambda day, s: 2.25)])
    code, r, err = t.bring("c.zip", zipped([("in/c.xml", c)]), "--known", "2023-06-05T10:00:00+09:00")
    tell(code == 0 and r["kind"] == "operator-confirmed" and r["rows"] == 2976 and r["files"] == 1, "a month, zipped", (r, err))
    d = t.day("p-depot", "2023-05-10")
    tell(set(d["wh"]) == {5000} and set(d["quality"]) == {"measured"}, "is confirmed", d)
    code, r, err = t.bring("late.xml", daily("20230510", {DEPOT: lambda s: "9"}), "--known", "2023-06-06T10:00:00+09:00")
    tell(code == 0 and r["added"] + r["changed"] == 0 and "48 provisional values" in err and t.day("p-depot", "2023-05-10")["sum_wh"] == 240000,
         "a provisional value never takes the place of a confirmed one", (r, err))
    was = t.day("p-depot", "2023-05-10", "--as-of", "2023-05-12T00:00:00+09:00")
    tell(was["wh"][9] == 1000 and was["quality"][9] == "provisional", "and what was known then can be asked for", was)
    c2 = confirmed("202305", [confirmed_point(DEPOT, "202305", lambda day, s: 5.5)])
    code, r, err = t.bring("c2.xml", c2, "--known", "2025-02-01T10:00:00+09:00")
    d = t.day("p-depot", "2023-05-10")
    old = t.day("p-depot", "2023-05-10", "--as-of", "2024-12-31T00:00:00+09:00")
    tell(code == 0 and set(d["wh"]) == {5500} and set(old["wh"]) == {5000}, "a correction years later is a new vintage", (d, old))
    tell(d["loss"]["ppm"] == 37000 and d["loss"]["mark"] == "G" and d["loss"]["adjusted_wh"][0] == 5711 and
         d["loss"]["sum_wh"] == 48 * 5711, "with losses: 5500 / (1 - 0.037), half up, each half-hour", d["loss"])
    con = sqlite3.connect(os.path.join(t.dir, "mizo.db"))
    rec = [json.loads(j) for (j,) in con.execute("select json from record where kind='confirmed' and id='p-depot-202305' order by version")]
    con.close()
    tell(len(rec) == 2 and rec[1]["total_wh"] == 8184000 and rec[1]["max_w"] == 42500 and rec[1]["power_factor_e2"] == 9800 and
         rec[1]["next_reading"] == "2023-06-01" and rec[0]["total_wh"] == 7440000, "power factor, maximum demand, next reading are kept", rec)


def register(t):
    lines = t.register("--kind", "operator-confirmed")
    tell([x["version"] for x in lines] == [1, 2] and [x["newest"] for x in lines] == [False, True] and
         all(x["from"] == "2023-05-01" and x["to"] == "2023-06-01" and x["direction"] == "received" for x in lines),
         "a newer file never hides the older", lines)
    with open(os.path.join(t.files, "c2.xml"), "rb") as f:
        raw = f.read()
    tell(lines[1]["hash"] == hashlib.blake2b(raw, digest_size=32).hexdigest() and not lines[1]["as_it_was"],
         "the hash is of the file as it came", lines[1])
    code, out, _ = mizo("files", "get", lines[1]["id"], "--out", "-", "--region", t.dir)
    expected = raw.decode()
    for secret in (SECRET_NAME, SECRET_CODE, SECRET_PLACE):
        expected = expected.replace(secret, "")
    tell(code == 0 and out == expected, "it comes out again, byte for byte but for the people", out[:300])
    seen = t.bytes()
    tell(all(s.encode(e) not in seen for s in (SECRET_NAME, SECRET_CODE, SECRET_PLACE) for e in ("utf-8", "cp932")),
         "no name and no consumer code stands anywhere")
    code, _, err = mizo("files", "answer", lines[1]["id"], "--text", "受領 0001", "--as", "ito", "--region", t.dir)
    code2, _, _ = mizo("files", "answer", lines[1]["id"], "--text", "確認済み", "--as", "ito", "--region", t.dir)
    x = t.register("--kind", "operator-confirmed", "--newest")
    tell(code == 0 and code2 == 0 and len(x) == 1 and x[0]["answers"] == 2 and x[0]["answer"] == "確認済み" and "ito" in x[0]["answer_who"],
         "the other side's answer", (x, err))
    tell(len(t.register("--day", "2023-05-10")) == 5 and len(t.register("--day", "2023-06-10")) == 0, "files of a day", t.register("--day", "2023-05-10"))
    code, _, err = t.bring("c2-again.xml", raw)
    tell(code == 0 and len(t.register("--kind", "operator-confirmed")) == 2, "the same bytes again make no second line", err)
    code, _, err = mizo("files", "get", "20200101-abc-001", "--region", t.dir)
    tell(code == 2 and "mizo files lists them" in err, "a file that there is not", err)
    path = os.path.join(t.dir, "files", sorted(os.listdir(os.path.join(t.dir, "files")))[0])
    with open(path, "r+b") as f:
        f.seek(20)
        f.write(b"\xff\xff\xff")
    code, out, err = mizo("files", "verify", "--region", t.dir, "--json")
    tell(code == 1 and json.loads(out)["bad"] == 1 and "are not what was kept" in err, "bytes that were changed are seen", out + err)
    os.remove(path)
    code, out, err = mizo("files", "verify", "--region", t.dir)
    tell(code == 1 and "not in" in err, "and bytes that are gone", out + err)


def codes(t):
    data = wrap("<JP06116>20230601</JP06116><JPM00010><JPMR00010><JP06219>1</JP06219><JPM00011><JPMR00011>"
                f"<JP06400>{DEPOT}</JP06400><JP06777>{SECRET_NAME}</JP06777><JP06122>0</JP06122><JP06123>1</JP06123></JPMR00011>"
                f"<JPMR00011><JP06400>{HALL}</JP06400><JP06777>x</JP06777><JP06888/></JPMR00011></JPM00011></JPMR00010></JPM00010>")
    code, r, err = t.bring("odd.xml", data)
    tell(code == 2 and r["bad"] == 2 and "JP06777 is not known (here first, 2 times)" in err and "JP06888" in err and SECRET_NAME not in err,
         "unknown codes are named once each, with their place, and nothing is kept", err)
    tell(t.day("p-depot", "2023-06-01")["known"] == 0, "nothing of it", "")
    with open(os.path.join(t.dir, "operator-codes.csv"), "a", encoding="utf-8") as f:
        f.write("JP06777,ignore,the notice,\nJP06888,ignore,the notice,\n")
    code, r, err = t.bring("odd.xml", data)
    tell(code == 0 and r["added"] == 1, "a row of operator-codes.csv lets them pass", err)
    kept = mizo("files", "get", next(x["id"] for x in t.register() if x["kept"]), "--out", "-", "--region", t.dir)[1]
    tell("<JP06777></JP06777>" in kept and SECRET_NAME not in kept and DEPOT in kept, "what is not read is not kept: it may name people", kept)
    with open(os.path.join(t.dir, "operator-codes.csv"), "a", encoding="utf-8") as f:
        f.write("JP06999X,nonsense,,\n")
    code, r, err = t.bring("odd.xml", data)
    tell(code == 2 and "operator-codes.csv:5" in err and "\"nonsense\" of JP06999X" in err, "a meaning that there is not", err)
    shutil.copy(os.path.join(VILLAGE, "operator-codes.csv"), t.dir)
    data = daily("20230602", {DEPOT: lambda s: 1, "0399999999999999999991": lambda s: 1, "0399999999999999999992": lambda s: 1})
    code, r, err = t.bring("strange.xml", data)
    tell(code == 2 and err.count("(48 records of the file)") == 2 and "0399999999999999999992" in err and r["bad"] == 2,
         "unknown points are listed all at once", err)
    code, r, err = t.bring("strange.xml", data, "--skip-bad")
    tell(code == 0 and r["added"] == 48, "and with --skip-bad the others count", err)
    for name, text, word in [
            ("slot", same_day("20230603", 49, [(DEPOT, 1)]), '"49" cannot be the value of JP06219'),
            ("day", same_day("20231303", 1, [(DEPOT, 1)]), '"20231303" cannot be'),
            ("number", same_day("20230603", 1, [("030000", 1)]), '"030000" cannot be the value of JP06400'),
            ("kwh", same_day("20230603", 1, [(DEPOT, "1.2.3")]), '"1.2.3" cannot be'),
            ("minus", same_day("20230603", 1, [(DEPOT, "-1")]), '"-1" cannot be'),
            ("empty", wrap("<JP06116>20230603</JP06116>"), "no record of a supply point"),
            ("month", confirmed("202313", []), "no record"),
            ("other", b"<?xml version='1.0'?><invoice/>", "begins with <invoice>"),
            ("cut", same_day("20230603", 1, [(DEPOT, 1)])[:-30], "not readable as XML"),
            ("all", same_day("20230603", 1, [("0399999999999999999991", "x")]), "no supply point 0399999999999999999991 (1 records"),
            ("flag", confirmed("202306", [confirmed_point(DEPOT, "202306", lambda d, s: 1, days=["20230603"], absent="2")]), '"2" cannot be the value of JP06405'),
            ("whose", same_day("20230603", 1, [(DEPOT, 1), (HALL, 2)]).replace(f"<JP06400>{HALL}</JP06400>".encode(), b""),
             "JP06400 (point) is missing before or in this record (JP06116 20230603, JP06219 01)"),
            ("whose month", confirmed("202306", [confirmed_point(DEPOT, "202306", lambda d, s: 1, days=["20230603"])]).replace(f"<JP06400>{DEPOT}</JP06400>".encode(), b""),
             "JP06400 (point) is missing before or in this record\n"),
            ("where", confirmed("202306", [confirmed_point(DEPOT, "202306", lambda d, s: s, days=["20230603"])]).replace(b"<JP06424>7<", b"<JP06424>x<"),
             f'"x" cannot be the value of JP06424 (JP06400 {DEPOT}, JP06423 20230603, JP06219 7)\n'),
            ("utf16", "<?xml version='1.0'?><SBD-MSG/>".encode("utf-16"), "UTF-16")]:
        code, r, err = t.bring(name + ".xml", text)
        tell(code == 2 and word in err and t.day("p-depot", "2023-06-03")["known"] == 0, f"refused: {name}", err)


def dangerous(t):
    good = same_day("20230604", 1, [(DEPOT, 1)]).decode()
    secret = os.path.join(t.files, "secret.txt")
    with open(secret, "w", encoding="utf-8") as f:
        f.write("0300000000000000000003")
    xxe = good.replace("<SBD-MSG>", f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{secret}">]><SBD-MSG>', 1).replace(DEPOT, "&s;")
    code, _, err = t.bring("xxe.xml", xxe.encode())
    tell(code == 2 and "DOCTYPE" in err and t.day("p-depot", "2023-06-04")["known"] == 0, "no entity from outside", err)
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(12))
    code, _, err = t.bring("laugh.xml", good.replace("<SBD-MSG>", f"<!DOCTYPE x [{laughs}]><SBD-MSG>&l11;", 1).encode())
    tell(code == 2 and "DOCTYPE" in err, "no billion laughs", err)
    code, _, err = t.bring("deep.xml", (b"<SBD-MSG>" + b"<JPTRM>" * 5000))
    tell(code == 2 and "deeper than 64" in err, "not deeper than 64", err)
    code, _, err = t.bring("bomb.zip", zipped([("a.xml", b"<SBD-MSG>" + b" " * (64 << 20))]))
    tell(code == 2 and "500 times" in err, "no zip bomb", err)
    for name in ("../a.xml", "/etc/a.xml", "a\\b.xml", "c:a.xml", "a/../../b.xml"):
        code, _, err = t.bring("path.zip", zipped([(name, good)]))
        tell(code == 2 and "no plain path" in err, f"no path {name}", err)
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as z:
        z.writestr("a.xml", good)
        z.writestr("b.xml", good)
    code, _, err = t.bring("twice.zip", twice.getvalue().replace(b"b.xml", b"a.xml"))
    tell(code == 2 and "twice" in err, "no name twice", err)
    code, _, err = t.bring("cut.zip", zipped([("a.xml", good)])[:-20])
    tell(code == 2 and "damaged" in err, "not a cut archive", err)
    code, _, err = t.bring("nest.zip", zipped([("a.zip", zipped([("a.xml", good)]))]))
    tell(code == 2 and "within an archive" in err, "no archive in an archive", err)
    code, r, err = t.bring("short.xml", daily("20230605", {DEPOT: lambda s: s}, slots=range(2, 47)))
    tell(code == 0 and r["gap_slots"] == 3 and "3 slots missing" in err, "a day of 45 half-hours has a gap at each end", (r, err))
    code, _, err = t.bring("other.xml", confirmed("202304", [confirmed_point(DEPOT, "202305", lambda d, s: 1.0)]))
    tell(code == 2 and "2023-05-01 is no day of the confirmed month 2023-04" in err, "May is no April", err)
    code, _, err = t.bring("flag.xml", same_day("20230604", 1, [(DEPOT, 1, "9")]))
    tell(code == 2 and '"9" cannot be the value of JP06122' in err, "a flag that nobody knows is no missing value", err)
    env = {**os.environ, "MIZO_LANG": "en", "MIZO_MODULES": t.files}
    p = subprocess.run([MIZO, "import", os.path.join(t.files, "xxe.xml"), "--region", t.dir], capture_output=True, check=False, env=env)
    tell(p.returncode == 3 and b"module mizo-files" in p.stderr, "without the module it is said plainly", p.stderr)


def held(t):
    month = confirmed("202307", [confirmed_point(HALL, "202307", lambda d, s: 2250.0 if (d, s) == ("20230712", 30) else 2.25)])
    code, r, err = t.bring("h.xml", month)
    d = t.day("p-hall", "2023-07-12")
    tell(code == 0 and r["held"] == 1 and "rated-power" in err and d["wh"][29] is None and d["known"] == 47,
         "a reading 1,000 times too large waits; the rest counts", (r, err))
    waiting = json.loads(mizo("readings", "held", "--region", t.dir, "--json")[1])["held"]
    tell(len(waiting) == 1 and waiting[0]["id"] == "p-hall-20230712" and waiting[0]["wh"][29] == 2250000, "and is listed", waiting)
    code, _, err = mizo("readings", "accept", "p-hall-20230712", "--region", t.dir)
    tell(code == 2 and "a reason is needed" in err, "no word without a reason", err)
    code, out, err = mizo("readings", "replace", "p-hall-20230712", "--values", "30=2.4", "--reason", "検針票", "--as", "ito", "--region", t.dir)
    d = t.day("p-hall", "2023-07-12")
    tell(code == 0 and d["wh"][29] == 2400 and d["quality"][29] == "manual", "a person puts another in its place", (out, err, d["wh"][29]))
    code, _, err = mizo("readings", "accept", "p-hall-20230712", "--reason", "x", "--region", t.dir)
    tell(code == 1 and "replaced already" in err, "and it is decided once", err)
    code, r, err = t.bring("h.xml", month)
    tell(code == 0 and r["held"] == 0 and t.day("p-hall", "2023-07-12")["wh"][29] == 2400, "the same file again asks nothing again", (r, err))
    fixed = confirmed("202307", [confirmed_point(HALL, "202307", lambda d, s: 2.25)])
    code, r, err = t.bring("h2.xml", fixed)
    tell(code == 0 and t.day("p-hall", "2023-07-12")["wh"][29] == 2250, "the operator's correction takes its place", (r, err))
    code, r, err = t.bring("h3.xml", daily("20230801", {HALL: lambda s: 70 if s == 1 else 1}))
    code2, _, _ = mizo("readings", "accept", "p-hall-20230801", "--reason", "祭り", "--region", t.dir)
    d = t.day("p-hall", "2023-08-01")
    tell(code == 0 and code2 == 0 and d["wh"][0] == 70000 and d["quality"][0] == "provisional", "or lets it in as it is", (r, err))


def items(t):
    a = confirmed_point(DEPOT, "202309", lambda d, s: 10.0, item="A1", item_kwh=lambda d, s: 4.0)
    b = confirmed_point(DEPOT, "202309", lambda d, s: 10.0, item="B2", item_kwh=lambda d, s: 6.0)
    code, r, err = t.bring("i.xml", confirmed("202309", [a, b]))
    d = t.day("p-depot", "2023-09-05")
    con = sqlite3.connect(os.path.join(t.dir, "mizo.db"))
    owners = {o for (o,) in con.execute("select owner from series where owner like 'p-depot%'")}
    rec = json.loads(con.execute("select json from record where kind='confirmed' and id='p-depot-202309'").fetchone()[0])
    con.close()
    tell(code == 0 and set(d["wh"]) == {10000} and {"p-depot-item-a1", "p-depot-item-b2"} <= owners and rec["slots_wh"] == 30 * 48 * 10000 and rec["items"] == 2,
         "items of devices are kept and not counted twice", (r, err, owners, rec))
    c = confirmed_point(HALL, "202309", lambda d, s: None, item="A1", item_kwh=lambda d, s: 3.0, whole=False, total="4320")
    e = confirmed_point(HALL, "202309", lambda d, s: None, item="B2", item_kwh=lambda d, s: 1.0, whole=False, total="1440")
    code, r, err = t.bring("alone.xml", confirmed("202309", [c]))
    tell(code == 0 and set(t.day("p-hall", "2023-09-05")["wh"]) == {3000}, "one item alone is the whole", (r, err))
    code, r, err = t.bring("alone2.xml", confirmed("202309", [c, e]))
    tell(code == 2 and "several items and no value for the whole" in err, "several without the whole cannot be added up", err)
    code, r, err = t.bring("differ.xml", confirmed("202309", [a, confirmed_point(DEPOT, "202309", lambda d, s: 11.0, item="B2", item_kwh=lambda d, s: 6.0)]))
    tell(code == 2 and "another value for the same step of p-depot" in err, "records that differ about the whole", err[:400])
    code, r, err = t.bring("total.xml", confirmed("202310", [confirmed_point(DEPOT, "202310", lambda d, s: 1.0, total="1500")]))
    tell(code == 0 and "1500.000 kWh for the month, its slots come to 1488.000" in err, "a total that is another is told", err)


def virtual_and_fill(t):
    t.bring("v.xml", daily("20231101", {DEPOT: lambda s: 5, HALL: lambda s: 2}, slots=[s for s in range(1, 49) if s not in (10, 20, 21)]))
    with open(os.path.join(t.dir, "virtual.csv"), "w", encoding="utf-8") as f:
        f.write("id,name_ja,name_en,formula,billing,basis,from,to\nv-rest,,,p-depot - p-hall,no,,,\n")
    d = t.day("v-rest", "2023-11-01")
    tell(d["virtual"] and d["wh"][0] == 3000 and d["wh"][9] is None and d["known"] == 45, "a difference of points; a gap stays one", d)
    with open(os.path.join(t.dir, "virtual.csv"), "a", encoding="utf-8") as f:
        f.write("v-bill,,,p-depot - p-hall,yes,,,\n")
    code, _, err = mizo("check", t.dir)
    tell(code == 2 and "virtual.csv:3" in err and "without a legal basis" in err, "billing by a difference needs its basis", err)
    shutil.copy(os.path.join(VILLAGE, "virtual.csv"), t.dir)
    code, out, err = mizo("readings", "fill", "p-depot", "--day", "2023-11-01", "--rule", "linear-1", "--region", t.dir, "--json")
    d = t.day("p-depot", "2023-11-01")
    tell(code == 0 and json.loads(out)["slots"] == 1 and d["quality"][9] == "filled" and d["wh"][19] is None, "a single gap is filled by its rule, and flagged", (out, err))
    code, out, err = mizo("readings", "fill", "p-depot", "--day", "2023-11-01", "--rule", "guess", "--region", t.dir)
    tell(code == 2 and "there are linear-1, same-slot-last-week" in err, "a rule has a name", err)
    code, r, err = t.bring("v2.xml", same_day("20231101", 10, [(DEPOT, "4")]))
    tell(code == 0 and t.day("p-depot", "2023-11-01")["quality"][9] == "provisional", "a reading takes the fill's place", err)


def replaced(t):
    """A meter of half-hours changed at 10:00 of 15 May 2023: two records of the point in one confirmed file."""
    days = list(days_of("202305"))
    swap = days[14]
    old = confirmed_point(DEPOT, "202305", lambda d, s: None if d == swap and s > 20 else 4.0, days=days[:15])
    new = confirmed_point(DEPOT, "202305", lambda d, s: None if d == swap and s <= 20 else 6.0, days=days[14:])
    new = new.replace("<JP06406>98<", "<JP06406>96<").replace("<JP06445>42.5<", "<JP06445>51<")
    code, r, err = t.bring("replaced.xml", confirmed("202305", [old, new]), "--known", "2025-03-01T10:00:00+09:00")
    con = sqlite3.connect(os.path.join(t.dir, "mizo.db"))
    rec = json.loads(con.execute("select json from record where kind='confirmed' and id='p-depot-202305' order by version desc").fetchone()[0])
    con.close()
    wh = (14 * 48 + 20) * 4000 + (16 * 48 + 28) * 6000
    tell(code == 0 and rec["slots"] == 1488 and rec["missing"] == 0 and rec["slots_wh"] == wh == rec["total_wh"] and rec["max_w"] == 51000 and
         rec["from"] == "2023-05-01" and rec["to"] == "2023-06-01" and "slots come to" not in err, "a meter replaced mid-month: two records are one month", (rec, err))
    tell(rec["power_factor_e2"] == 9600 and "power factor 98.00 % and 96.00 %" in err, "the later power factor holds, and both are said", err)
    d = t.day("p-depot", "2023-05-15")
    tell(d["known"] == 48 and d["sum_wh"] == 20 * 4000 + 28 * 6000, "the day of the change is whole", d)
    month = f"{8256.0}"
    both = [confirmed_point(DEPOT, "202305", lambda d, s: 5.0, days=days[:14], total=month),
            confirmed_point(DEPOT, "202305", lambda d, s: 6.0, days=days[14:], total=month)]
    code, r, err = t.bring("both.xml", confirmed("202305", both), "--known", "2025-03-02T10:00:00+09:00")
    tell(code == 0 and "slots come to" not in err, "the month's total in both records is no double total", err)


def meters(t):
    code, out, err = mizo("meters", "--region", t.dir, "--day", "2023-05-01", "--json")
    m = json.loads(out)
    tell(code == 1 and m["meters"][0]["state"] == "ending" and m["meters"][0]["days_left"] == 61 and "ends in 61 days" in err, "a term that ends soon", out + err)
    code, out, err = mizo("meters", "--region", t.dir, "--day", "2023-08-01", "--json")
    tell(json.loads(out)["meters"][1]["state"] == "good" and json.loads(out)["meters"][0]["state"] == "gone", "a meter that was replaced", out)
    rows = open(os.path.join(VILLAGE, "meters.csv"), encoding="utf-8").read().splitlines()
    with open(os.path.join(t.dir, "meters.csv"), "w", encoding="utf-8") as f:  # 30 days: 14 of the old meter, a gap, the new one
        f.write("\n".join([rows[0], "m1,p-depot,A,transformer,100,2030-01-01,99950,17.2,100000,2023-09-01,2023-09-15",
                           "m2,p-depot,B,transformer,100,2030-01-01,0,76.8,100000,2023-09-15,2023-10-01",
                           "m3,p-hall,C,direct,1,2023-09-20,,,,2023-09-10,"]) + "\n")
    code, out, err = mizo("meters", "--region", t.dir, "--day", "2023-09-30", "--json")
    m = {x["meter"]: x for x in json.loads(out)["meters"]}
    tell(m["m1"]["register_wh"] == 6720000 and m["m1"]["slots_wh"] == 6720000 and m["m2"]["register_wh"] == 7680000 == m["m2"]["slots_wh"] and
         m["m1"]["missing"] == 0, "two meters of a month: registers and half-hours join, once round 100,000", out)
    gaps = json.loads(out)["without"]
    tell(code == 1 and m["m3"]["state"] == "expired" and {"point": "p-hall", "from": "2022-09-29", "to": "2023-09-10"} in gaps and "has ended" in err,
         "an ended term, and days without a meter", out + err)
    with open(os.path.join(t.dir, "meters.csv"), "a", encoding="utf-8") as f:
        f.write("m4,p-hall,D,direct,1,2030-01-01,,,,2023-09-01,\n")
    code, out, err = mizo("check", t.dir)
    tell(code == 2 and "meters.csv:4" in err and "(line 5)" in err, "two meters at once", err)
    shutil.copy(os.path.join(VILLAGE, "meters.csv"), t.dir)


def person(t, point, *more):
    code, out, err = mizo("people", "show", "--id", "point:" + point, "--reason", "a question", "--as", "ito", "--region", t.dir, "--json", *more)
    return json.loads(out) if code == 0 else {"error": err}


def people(t):
    code, r, err = t.bring("p1.xml", daily("20230510", {DEPOT: lambda s: 1, HALL: lambda s: 1}, slots=[1, 2]))
    tell(code == 0 and r["sealed"] == 2 and "2 points were new and are sealed" in err and SECRET_NAME not in err, "names are sealed apart at import", (r, err))
    who = person(t, "p-depot")
    tell(who["name"] == SECRET_NAME and who["consumer_code"] == SECRET_CODE, "and open with a reason", who)
    code, r, err = t.bring("p2.xml", confirmed("202305", [confirmed_point(DEPOT, "202305", lambda d, s: 1.0, days=["20230511"])]))
    who = person(t, "p-depot")
    tell(r["sealed"] == 1 and who["address"] == SECRET_PLACE and who["name"] == SECRET_NAME, "what a later file adds joins it", (r, who))
    before = t.bytes()
    code, r, err = t.bring("p1.xml", daily("20230510", {DEPOT: lambda s: 1, HALL: lambda s: 1}, slots=[1, 2]))
    tell(code == 0 and r["sealed"] == 0 and r["batch"] == 0 and t.bytes() == before, "the same file again changes no byte", (r, err))
    code, _, err = mizo("people", "erase", "--id", "point:p-depot", "--reason", "asked", "--as", "ito", "--region", t.dir)
    code2, r, err2 = t.bring("p3.xml", daily("20230512", {DEPOT: lambda s: 1, HALL: lambda s: 1}, slots=[1]))
    tell(code == 0 and code2 == 0 and r["sealed"] == 0 and "those people were erased" in err2 and "error" in person(t, "p-depot") and person(t, "p-hall")["name"] == SECRET_NAME,
         "who was erased is not sealed again by a file", (err, r, err2))
    seen = t.bytes()
    tell(all(s.encode(e) not in seen for s in (SECRET_NAME, SECRET_CODE, SECRET_PLACE) for e in ("utf-8", "cp932")), "no name stands anywhere in the open")
    code, out, err = mizo("people", "erase", "--id", "village", "--reason", "asked", "--as", "ito", "--region", t.dir)
    tell(code == 0 and "error" in person(t, "p-hall"), "a party is erased with the names at its points", out + err)
    con = sqlite3.connect(os.path.join(t.dir, "mizo.db"))
    kinds = dict(con.execute("select kind, count(*) from record where kind like 'person-%' group by 1"))
    con.close()
    tell(kinds["person-put"] == 3 and kinds["person-seen"] == 3 and kinds["person-erased"] == 2, "each writing, look and erasure is on record", kinds)


def tables(t):
    """CSV variants: by day and by line, CP932, provisional and confirmed, with people and without."""
    slots = ",".join(str(i) for i in range(1, 49))
    head = "供給地点特定番号,需要家識別番号,需要家名称,年月日,区分," + slots + "\r\n"

    def day(number, date, grade, kwh):
        return f"{number},{SECRET_CODE},\"{SECRET_NAME}\",{date},{grade}," + ",".join(str(kwh(s)) for s in range(1, 49)) + "\r\n"

    first = "速報値 2023年6月分\r\n" + head + day(DEPOT, "2023/06/01", "速報", lambda s: 2.5) + day(HALL, "2023/06/01", "速報", lambda s: "" if s == 7 else 1)
    code, r, err = t.bring("t1.csv", first.encode("cp932"), "--known", "2023-06-02T09:00:00+09:00")
    d = t.day("p-hall", "2023-06-01")
    tell(code == 0 and r["kind"] == "wide" and r["rows"] == 2 and r["added"] == 95 and r["blank"] == 1 and "were erased" in err and d["quality"][0] == "provisional" and d["wh"][6] is None,
         "a table of days with names, in CP932", (r, err))
    line = t.register("--kind", "operator-csv")
    raw = first.encode("cp932")
    tell(len(line) == 1 and line[0]["hash"] == hashlib.blake2b(raw, digest_size=32).hexdigest() and line[0]["from"] == "2023-06-01" and not line[0]["as_it_was"] and line[0]["kept"],
         "has a line with the hash of what came", line)
    code, out, _ = mizo("files", "get", line[0]["id"], "--out", "-", "--region", t.dir)
    want = (first.split("\r\n", 1)[1].replace(f"\"{SECRET_NAME}\"", "").replace(SECRET_CODE, ""))
    tell(code == 0 and out == want, "and is kept without people", out[:400])
    second = "供給地点特定番号,年月日,時刻コード,使用量(kWh)\n" + "".join(f"{HALL},2023-06-01,{s},1.5\n" for s in range(1, 49))
    code, r, err = t.bring("t2.csv", second.encode(), "--known", "2023-07-05T09:00:00+09:00")
    d = t.day("p-hall", "2023-06-01")
    tell(code == 0 and set(d["wh"]) == {1500} and set(d["quality"]) == {"measured"} and len(t.register("--kind", "operator-csv")) == 2, "a table of lines confirms them", (r, err, d))
    code, r, err = t.bring("t1b.csv", first.replace("2.5", "2.6").encode(), "--known", "2023-07-06T09:00:00+09:00")
    tell(code == 0 and "47 provisional values were left out" in err and set(t.day("p-hall", "2023-06-01")["wh"]) == {1500} and t.day("p-depot", "2023-06-01")["wh"][0] == 2600,
         "a provisional table never takes the place of confirmed values", (r, err))
    x = t.register("--kind", "operator-csv")
    tell([l["version"] for l in x] == [1, 2, 3] and [l["newest"] for l in x] == [False, False, True], "and hides no older file", x)
    shutil.copy(os.path.join(t.dir, "points.csv"), os.path.join(t.files, "points.csv"))
    with open(os.path.join(t.dir, "points.csv"), "a") as f:
        f.write("p-low,0300000000000000000009,low,slot,lv-lamp,5,,no,,,\n")
    code, r, err = t.bring("t4.csv", second.replace(HALL, "0300000000000000000009").encode(), "--known", "2023-07-07T09:00:00+09:00")
    x = t.register("--kind", "operator-csv")
    tell(code == 0 and sorted((l["name"], l["version"], l["newest"]) for l in x) == [("t1.csv", 1, False), ("t1b.csv", 3, True), ("t2.csv", 2, False), ("t4.csv", 1, True)],
         "a file of another voltage is no newer version of it", (x, err))
    shutil.copy(os.path.join(t.files, "points.csv"), t.dir)
    big = "供給地点特定番号,年月日,時刻コード,使用量(kWh)\n" + f"{HALL},2023-06-02,1,2500\n{HALL},2023-06-02,2,2\n"
    code, r, err = t.bring("t3.csv", big.encode())
    tell(code == 0 and r["held"] == 1 and t.day("p-hall", "2023-06-02")["wh"][:2] == [None, 2000], "a reading 1,000 times too large waits there too", (r, err))


def refused(t):
    rows = f"供給地点特定番号,需要家名,年月日,時刻コード,使用量(kWh)\n{HALL},{SECRET_NAME},2023-06-03,1,2\n{HALL},{SECRET_NAME},2023-06-03,99,2\n{HALL},{SECRET_NAME},余り,2023-06-03,3,2\n0399999999999999999999,{SECRET_NAME},2023-06-03,1,2\n"
    code, r, err = t.bring("bad.csv", rows.encode())
    x = [l for l in t.register() if l["refused"]]
    tell(code == 2 and r["bad"] == 3 and len(x) == 1 and x[0]["hash"] == hashlib.blake2b(rows.encode(), digest_size=32).hexdigest() and not x[0]["kept"] and
         x[0]["note"].startswith("3: IMPORT_") and x[0]["from"] == "2023-06-03" and x[0]["name"] == "bad.csv", "a refused file has a line: its hash, why", (r, err, x))
    code, out, err = mizo("files", "get", x[0]["id"], "--out", "-", "--region", t.dir)
    tell(code == 2 and "the hash alone is kept" in err, "its bytes are not kept", err)
    code, r, err = t.bring("bad.csv", rows.encode(), "--skip-bad")
    with open(os.path.join(t.files, "bad.csv.bad.csv"), "rb") as f:
        bad = f.read()
    tell(code == 0 and r["bad"] == 3 and SECRET_NAME.encode() not in bad and f"{HALL},,2023-06-03,99,2,3,".encode() in bad, "rows for FILE.bad.csv go without names", bad.decode())
    wide = lambda n, *more: ("供給地点特定番号,年月日," + ",".join(map(str, range(1, n + 1))) + f"\n{DEPOT},2023-06-05," + ",".join(["1"] * (n - len(more)) + list(more)) + "\n").encode()  # noqa: E731
    for name, number, status, word in [("hyphens", f"{DEPOT[:2]}-{DEPOT[2:6]}-{DEPOT[6:10]}-{DEPOT[10:14]}-{DEPOT[14:18]}-{DEPOT[18:]}", 0, ""),
                                       ("full-width", "".join(chr(ord(c) + 0xFEE0) for c in DEPOT), 0, ""), ("21", DEPOT[1:], 2, "a spreadsheet has made"),
                                       ("rounded", "3.00E+20", 2, "a spreadsheet has made"), ("23", DEPOT + "-1", 2, "the model has no")]:
        code, r, err = t.bring(name + ".csv", wide(48).replace(DEPOT.encode(), number.encode()).replace("年月日".encode(), "使用日".encode()).replace(b"2023-06-05", b"2023-06-06"))
        tell(code == status and word in err and (status or r["added"] + r["same"] == 48), f"a supply point number with {name}", (r, err))
    code, _, err = t.bring("46.csv", wide(46))
    tell(code == 2 and "numbers 46 columns" in err, "46 columns are neither half-hours nor hours of a day", err)
    code, _, err = t.bring("50.csv", wide(50))
    tell(code == 2 and "beyond the day's last half-hour" in err, "values of a 49th half-hour are refused", err)
    code, r, err = t.bring("50b.csv", wide(50, "", ""))
    tell(code == 0 and r["added"] == 48, "empty columns of it are none", (r, err))
    odd = wrap("<JP06116>20230603</JP06116><JPM00010><JPMR00010><JP06219>1</JP06219></JPMR00010><JP06777>1</JP06777></JPM00010>")
    code, _, err = t.bring("odd.xml", odd)
    code2, _, _ = t.bring("odd.xml", odd)
    x = [l for l in t.register() if l["refused"] and l["name"] == "odd.xml"]
    tell(code == 2 and code2 == 2 and len(x) == 1 and x[0]["kind"] == "operator-daily" and "OPERATOR_" in x[0]["note"], "of the operator's XML too, once", (err, x))
    jepx = "年月日,時刻コード,エリアプライス東京(円/kWh)\n2023/6/1,1,10.5\n"
    code, r, _ = t.bring("spot.csv", jepx.encode())
    x = t.register("--with", "jepx")
    tell(code == 0 and len(x) == 1 and x[0]["kind"] == "jepx" and x[0]["from"] == "2023-06-01" and not x[0]["kept"], "prices have a line with their hash", x)
    code, r, _ = t.bring("spot.csv", jepx.encode())
    tell(code == 0 and r["batch"] == 0 and len(t.register("--with", "jepx")) == 1, "once", r)
    seen = t.bytes()
    tell(SECRET_NAME.encode() not in seen and SECRET_NAME.encode("cp932") not in seen, "no name anywhere")
    code, out, err = mizo("files", "--region", t.dir)
    tell(code == 0 and "refused" in out and "odd.xml" in out, "mizo files shows both", out)


def years_back(t):
    """Three corrections of one month, years apart: every verb can be asked what was known before and after each."""
    known = ["2023-06-05", "2024-02-01", "2025-03-01", "2026-01-15"]
    for i, day in enumerate(known):
        code, r, err = t.bring(f"y{i}.xml", confirmed("202305", [confirmed_point(HALL, "202305", lambda d, s, i=i: 2.0 + i)]), "--known", day + "T10:00:00+09:00")
        tell(code == 0 and r["added" if i == 0 else "changed"] == 1488, f"May 2023 as it came on {day}", (r, err))
    ends = ["2023-12-31", "2024-12-31", "2025-12-31", "2026-06-30"]
    shown = [set(t.day("p-hall", "2023-05-10", "--as-of", d + "T23:59:59+09:00")["wh"]) for d in ends]
    tell(shown == [{2000}, {3000}, {4000}, {5000}], "mizo readings shows each", shown)
    tell(t.day("p-hall", "2023-05-10", "--as-of", "2023-06-05T09:59:59+09:00")["known"] == 0, "and nothing before the first")
    bills = []
    for d in [*ends, None]:
        code, out, err = mizo("bill", "--month", "2023-05", "--contract", "c-hall", "--region", t.dir, "--json", *(["--as-of", d] if d else []))
        bills.append(json.loads(out)["bills"][0]["readings"]["wh"])
    tell(bills == [1488 * k * 1000 for k in (2, 3, 4, 5, 5)], "mizo bill makes each again", bills)
    supply = []
    for d in ends:
        code, out, err = mizo("report", "achievement", "--fy", "2023", "--as-of", d, "--region", t.dir, "--json")
        supply.append(json.loads(out)["own"]["demand_wh"])
    tell([b - a for a, b in zip(supply, supply[1:])] == [1488000] * 3, "and so does the year's report", supply)
    code, out, _ = mizo("export", "readings", "--as-of", "2024-12-31", "--region", t.dir)
    tell(code == 0 and ",3.000," in out and ",5.000," not in out, "and the export", out[:200])
    lines = t.register("--kind", "operator-confirmed")
    tell([x["version"] for x in lines] == [1, 2, 3, 4] and [x["newest"] for x in lines] == [False] * 3 + [True], "four files, none hidden", lines)


def main():
    with tempfile.TemporaryDirectory() as parent:
        t = Town(parent, "a")
        provisional_to_confirmed(t)
        register(t)
        t = Town(parent, "b")
        codes(t)
        dangerous(t)
        t = Town(parent, "p")
        people(t)
        tables(t)
        refused(t)
        years_back(Town(parent, "y"))
        t = Town(parent, "c")
        held(t)
        items(t)
        virtual_and_fill(t)
        replaced(t)
        meters(t)
    return done()


sys.exit(main())
