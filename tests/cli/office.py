"""The office's lists: the ledger by facility and who is late, talks, users exchanged. The rest: leading.py.

    office.py MIZO VILLAGE
"""

import os
import sys
import tempfile

from tap import answer, done, edit, mizo, rows_of, tell, village, write

MONTHS = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
AS_OF = ("--as-of", "2024-05-15")


def yearly(rows, year="令和5年度"):
    lines = [f"{year},単位:kWh", "施設名,局," + ",".join(f"{m}月" for m in MONTHS)]
    return "\n".join(lines + [",".join([n, ""] + [str(x) for x in v]) for n, v in rows]) + "\n"


def slots(point, day, wh):
    return "".join(f"{point},{day}T{s // 2:02d}:{s % 2 * 30:02d}:00+09:00,{wh / 1000}\n" for s in range(48))


def ledger(r):
    text = yearly([("school", [1000] * 12), ("depot", [500] * 6 + [""] * 6)])
    code, out, err = mizo("import", write(r, "R5.csv", text), "--region", r, "--known", "2024-05-10")
    tell(code == 0, "two owners report", err)
    hall = "point,from,to,kwh\np-hall,2023-04-01,2023-05-01,1000\np-hall,2023-05-01,2023-07-01,1220\n"
    code, out, err = mizo("import", write(r, "bills.csv", hall), "--region", r, "--known", "2024-05-10")
    tell(code == 0, "a hall that two share has bills", err)
    code, x, err = answer("city", "ledger", "--region", r, "--fy", "2023", *AS_OF)
    rows = {y["facility"]: y for y in x["rows"]}
    months = {f: [m["evidence"] for m in y["months"]] for f, y in rows.items()}
    tell(code == 0 and months["library"][:4] == ["bill", "bill", "bill", "missing"], "a month by its bill, a bill of two months cut by days", months)
    library = [m.get("read_wh") for m in rows["library"]["months"]]
    tell(library[0] == 600000 and library[1] + library[2] == 732000, "its share of the hall, to the Wh", library)
    tell(months["school"][:4] == ["bill", "bill", "bill", "report"] and rows["school"]["months"][0]["reported_wh"] == 1000000 and
         rows["school"]["reported_wh"] == 3000000 and rows["school"]["read_of_reported_wh"] == 400000 + 488000, "report and reading side by side, never added", rows["school"])
    tell(rows["school"]["demand_wh"] == 888000 + 9 * 1000000, "the reading counts where there is one, else the report", rows["school"]["demand_wh"])
    lamps = rows["depot"]["months"]
    tell(all(m["evidence"] == "estimate" for m in lamps), "a lamp table is an estimate", months["depot"])
    tell(x["demand_wh"] == sum(y["demand_wh"] for y in x["rows"]) + x["rest_wh"] and x["rest_wh"] == 0 and
         sum(x["by_evidence"].values()) == x["demand_wh"], "all adds up: rows, evidence, rest", (x["demand_wh"], x["rest_wh"], x["by_evidence"]))
    code, own, err = answer("report", "achievement", "--region", r, "--fy", "2023")
    read = sum(m.get("read_wh", 0) for y in x["rows"] for m in y["months"])
    if code == 0:
        tell(own["own"]["demand_wh"] == read, "what was read is the demand of the achievement report", (own["own"]["demand_wh"], read))
    code, y, err = answer("city", "ledger", "--region", r, "--fy", "2023", "--as-of", "2024-05-01")
    tell(all(m["evidence"] not in ("report", "bill") for z in y["rows"] for m in z["months"]), "as it was known before anything came", y["rows"][0])
    code, out, err = mizo("city", "ledger", "--region", r, "--fy", "R5", *AS_OF, lang="ja")
    tell(code == 0 and "請請請報報報報報報報報報" in out and "根拠" in out, "the table with its evidence", out + err)
    for ending in ("xlsx", "html", "csv"):
        path = os.path.join(r, "..", "ledger." + ending)
        code, out, err = mizo("city", "ledger", "--region", r, "--fy", "R5", *AS_OF, "--out", path, lang="ja")
        tell(code == 0 and os.path.getsize(path) > 500, f"as {ending}", err)


def parts(r):
    code, whole, err = answer("city", "ledger", "--region", r, "--fy", "2023", *AS_OF)
    for by in ("group", "bureau", "kind", "ward", "supplier", "menu"):
        code, x, err = answer("city", "ledger", "--region", r, "--fy", "2023", "--by", by, *AS_OF)
        tell(code == 0 and x["by"] == by and sum(y["demand_wh"] for y in x["rows"]) == whole["demand_wh"] and
             sum(y["supply_wh"] for y in x["rows"]) == whole["supply_wh"] and all(y["supply_wh"] <= y["demand_wh"] for y in x["rows"]),
             f"by {by}: the parts come to the whole, to the Wh", (x, err))
    for by in ("group", "menu", "supplier"):
        _, x, _ = answer("city", "ledger", "--region", r, "--fy", "2023", "--by", by, *AS_OF)
        opened = {y["part"]: answer("city", "ledger", "--region", r, "--fy", "2023", "--by", by, "--part", y["part"], *AS_OF)[1]["members"]
                  for y in x["rows"] if y["of"] != "rest"}
        tell(opened and all(sum(m[wh] for m in opened[y["part"]]) == y[wh] and len(opened[y["part"]]) == y.get("facilities", y.get("points")) and
                            all(m["demand_wh"] == sum(m["by_evidence"].values()) for m in opened[y["part"]])
                            for y in x["rows"] if y["of"] != "rest" for wh in ("demand_wh", "supply_wh")),
             f"by {by}: a part opens to whom it is made of, to the Wh", (x, opened))
    code, out, err = mizo("city", "ledger", "--region", r, "--fy", "2023", "--by", "group", "--part", "blue", *AS_OF)
    tell(code == 2 and '"blue"' in err and "public" in err, "a part that is not there: these are", err)
    code, out, err = mizo("city", "ledger", "--region", r, "--fy", "2023", "--part", "public", *AS_OF)
    tell(code == 2 and "--by takes" in err, "a part of no cut", err)
    code, x, err = answer("city", "ledger", "--region", r, "--fy", "2023", "--by", "supplier", *AS_OF)
    tell(all(sum(y["by_evidence"].values()) == y["demand_wh"] for y in x["rows"]), "each with its evidence", x["rows"])
    code, out, err = mizo("city", "ledger", "--region", r, "--fy", "2023", "--by", "colour", *AS_OF)
    tell(code == 2 and '"colour"' in err and "supplier" in err, "a cut that is not there", err)


def late(r):
    code, x, err = answer("city", "late", "--region", r, "--fy", "2023", *AS_OF)
    tell(code == 0 and x["rows"] == [], "reported.csv says that the year was reported: not late", x)
    edit(r, "reported.csv", lambda t: "".join(x for x in t.splitlines(True) if not x.startswith("library,2023")))
    code, x, err = answer("city", "late", "--region", r, "--fy", "2023", *AS_OF)
    rows = {y["facility"]: y for y in x["rows"]}
    tell(code == 1 and list(rows) == ["library"] and rows["library"]["missing"] == 9 and rows["library"]["missing_months"] == "2023-07..2024-03" and
         rows["library"]["since"] == "2023-08-01" and rows["library"]["days"] == 288, "who is late, for which months, since when", (code, x))
    tell([(b["bureau"], b["late"], b["months"]) for b in x["bureaus"]] == [("education", 1, 9)], "by bureau", x["bureaus"])
    code, x, err = answer("city", "late", "--region", r, "--fy", "2023", "--bureau", "transport", *AS_OF)
    tell(code == 0 and x["rows"] == [], "a bureau that has reported: nothing", (code, x))
    code, x, err = answer("city", "late", "--region", r, "--fy", "2023", "--as-of", "2023-09-10")
    tell({y["facility"]: y["missing_months"] for y in x["rows"]}["library"] == "2023-04..2023-08", "months to come are not due", x["rows"])
    code, out, err = mizo("city", "late", "--region", r, "--fy", "2023", *AS_OF, lang="ja")
    tell(code == 1 and "村立図書館" in out and "小計" in out, "as a list to send", out)


def lists(r):
    talks = "id,name,stage,invited,visited,potential_kwh,next_day,objection\n"
    for i in range(200):
        stage = "joined" if i < 8 else "agreed" if i < 12 else "interested" if i < 25 else "visited" if i < 38 else "declined" if i < 45 else "invited"
        visited = "2023-06-01" if i < 40 else ""
        talks += f"firm-{i:03d},事業者{i},{stage},2023-04-10,{visited},{1000 * (i + 1)},{'2023-07-01' if i == 20 else ''},\n"
    path = write(r, "talks.csv", talks)
    code, x, err = answer("city", "load", "recruit", path, "--region", r)
    tell(code == 0 and x["added"] == 200, "200 firms invited", (x, err))
    code, x, err = answer("city", "load", "recruit", path, "--region", r)
    tell(code == 0 and x["same"] == 200 and x["changed"] == 0, "again: nothing changes", x)
    code, x, err = answer("city", "funnel", "--region", r, *AS_OF)
    s = {y["stage"]: y for y in x["stages"]}
    tell(x["rows"] == 200 and s["invited"]["reached"] == 200 and s["visited"]["reached"] == 40 and s["joined"]["reached"] == 8 and
         s["declined"]["at"] == 7 and x["overdue"] == 1 and s["joined"]["potential_wh"] == 36 * 10**6, "the funnel: how many came how far", x)
    bad = write(r, "bad.csv", "id,name,stage,potential_kwh\nfirm-300,x,invited,\nfirm-301,,asked,many\n")
    code, x, err = answer("city", "load", "recruit", bad, "--region", r)
    tell(code == 2 and "bad.csv:3" in err and '"asked"' in err and "potential_kwh" in err and "name" in err, "every mistake with its line", err)
    twice = "id,name,stage\nfirm-400,x,invited\nfirm-400,x,joined\n" + "f" * 60 + ",x,invited\nfirm-401," + "x" * 1300 + ",invited\n"
    code, x, err = answer("city", "load", "recruit", write(r, "twice.csv", twice), "--region", r)
    tell(code == 2 and "twice.csv:3" in err and "line 2" in err and "twice.csv:4" in err and "twice.csv:5" in err, "one id on two lines, an id and a text that are too long: never cut, each said", err)
    code, x, err = answer("city", "list", "recruit", "--region", r)
    tell(len(x["rows"]) == 200, "and nothing of that file is kept", len(x["rows"]))
    code, x, err = answer("city", "load", "recruit", write(r, "c.csv", "id,nam\nfirm-1,x\n"), "--region", r)
    tell(code == 2 and '"nam"' in err, "a column that is not known", err)
    code, x, err = answer("city", "put", "recruit", "firm-000", "objection=料金が見えない", "--region", r)
    tell(code == 0 and x["objection"] == "料金が見えない" and x["stage"] == "joined" and x["version"] == 2, "one field of one row; the rest stays", x)
    code, x, err = answer("city", "put", "recruit", "firm-000", "objection=屋根が古い", "--after", "1", "--region", r)
    tell(code == 1 and "version 2" in err and "nothing was changed" in err, "two people edit one row: the second is told", err)
    code, x, err = answer("city", "put", "recruit", "firm-000", "objection=屋根が古い", "--after", "2", "--region", r)
    tell(code == 0 and x["version"] == 3, "and writes after looking", err)
    for lang in ("ja", "en"):
        path = os.path.join(r, "..", "out.csv")
        code, out, err = mizo("city", "list", "recruit", "--region", r, "--out", path, lang=lang)
        code2, x, err2 = answer("city", "load", "recruit", path, "--region", r)
        tell(code == code2 == 0 and x["rows"] == x["same"] > 0, f"a list that was given out comes in again, {lang}", (x, err, err2))
    code, x, err = answer("city", "list", "nothing", "--region", r)
    tell(code == 2 and "recruit, saving" in err, "a list that is not there", err)


def cells(r):
    """A file of savings as it should not be: each mistake at its column, with what stands there, in the reader's language."""
    head = "id,measure,facility,before_kwh,after_kwh,method,first_fy,last_fy,evidence\n"
    rows = ["led-1,LED,school,,150000,66000,metered,2023,paper", "led-2,LED,村立小学佼,150000 kWh,1,metered,平成35年度,2027,", "led-3,LED,village-shed,1,0,metered,令化5,R9,paper"]
    bad = write(r, "cells.csv", head + "\n".join(rows) + "\n")
    for lang, words in (("en", [":2:18: error: led-1: before_kwh is missing", ':2:32: error: led-1: "metered" cannot be read as first_fy', ':3:17: error: led-2: "150000 kWh" cannot be read as before_kwh; write a number',
                                "'平成35年度' is no year of that era; it would be FY2023", 'did you mean "村立小学校"', ": error: led-2: evidence is missing", ':4:11: error: led-3: the model has no facility "village-shed"', '"令化5"']),
                        ("ja", [":2:32: 誤り: led-1: first_fy の「metered」が読めません。年度(2023、R5など)を書いてください", "「村立小学校」ではありませんか"])):
        code, x, err = mizo("city", "load", "saving", bad, "--region", r, lang=lang)
        lost = [w for w in words if w not in err]
        tell(code == 2 and not lost, f"each cell with its place and the mend, {lang}", (lost, err))
    good = write(r, "named.csv", head + 'led-1,LED,村立小学校,"150,000",66000,metered,R5,R9,paper\n')
    code, x, err = answer("city", "load", "saving", good, "--region", r)
    kept = answer("city", "list", "saving", "--region", r)[1]["rows"]
    tell(code == 0 and [k["facility"] for k in kept if k["id"] == "led-1"] == ["school"], "a facility by its name, a number pasted as text", (kept, err))


def exchange(r):
    for name, roles in (("tanaka-k", "approver"), ("suzuki-h", "operator"), ("ito-y", "reader")):
        code, out, err = mizo("user", "add", name, "--roles", roles, "--region", r)
        tell(code == 0, f"{name} was there", err)
    bad = "user,act,roles\ntanaka-k,off,\nsato-m,add,boss\nnobody,off,\nsuzuki-h,fly,\n"
    code, x, err = answer("user", "exchange", write(r, "bad.csv", bad), "--region", r)
    tell(code == 2 and all(f"bad.csv:{n}" in err for n in (3, 4, 5)) and "bad.csv:2" not in err and "nobody would be left who approves" in err,
         "an exchange that cannot be: every row is said", err)
    users = {u["id"]: u for u in answer("user", "list", "--region", r)[1]["users"]}
    tell(users["tanaka-k"]["on"] and "sato-m" not in users, "and nothing of it is done", users)
    good = "user,act,roles\ntanaka-k,off,\nsuzuki-h,off,\nsato-m,add,\"operator,approver\"\nmori-a,add,operator\nito-y,role,operator\n"
    before = batches(r)
    code, x, err = answer("user", "exchange", write(r, "april.csv", good), "--region", r)
    users = {u["id"]: u for u in answer("user", "list", "--region", r)[1]["users"]}
    tell(code == 0 and x["rows"] == 5 and [y["user"] for y in x["links"]] == ["sato-m", "mori-a"] and all(len(y["link"]) > 20 for y in x["links"]),
         "users exchanged in one act, with a link for each who comes", (x, err))
    tell(not users["tanaka-k"]["on"] and not users["suzuki-h"]["on"] and users["ito-y"]["roles"] == "operator" and users["sato-m"]["on"], "as the file says", users)
    tell(batches(r) == before + 1, "in one batch", (before, batches(r)))
    code, x, err = answer("user", "audit", "--verify", "--region", r)
    tell(code == 0 and x["ok"], "and the audit trail holds", x)
    owners(r)


def owners(r):
    """A bureau hands over what it owns and its users: the region's files and the users' records in one act, or nothing."""
    files = ("facilities.csv", "indicators.csv", "plans.csv", "registers.csv")
    text = lambda: {f: open(os.path.join(r, f), encoding="utf-8").read() for f in files}  # noqa: E731
    code, out, err = mizo("user", "add", "abe-s", "--roles", "reader,editor", "--bureau", "education", "--region", r)
    tell(code == 0, "abe-s enters for education", err)
    before = text()
    head = "user,act,roles,bureau\neducation,owner,,学び・文化課\n環境係,owner,,環境未来係\n"
    code, x, err = answer("user", "exchange", write(r, "odd.csv", head + "水道係,owner,,環境未来係\n"), "--region", r)
    tell(code == 2 and "owned by 水道係" in err and text() == before, "nobody of that name owns anything: nothing is handed over", err)
    code, x, err = answer("user", "exchange", write(r, "re.csv", head + "noda-t,add,\"reader,editor\",学び・文化課\n"), "--region", r)
    users = {u["id"]: u for u in answer("user", "list", "--region", r)[1]["users"]}
    cells = {o["from"]: o["cells"] for o in x["owners"]} if code == 0 else {}
    tell(code == 0 and users["abe-s"]["bureau"] == users["noda-t"]["bureau"] == "学び・文化課" and cells["education"] >= 1,
         "its users follow, and who comes may belong to it", (x, err, users))
    after = text()
    expected = {f: t.replace(",education,", ",学び・文化課,").replace("環境係", "環境未来係") for f, t in before.items()}
    tell(after == expected and sum(t.count("環境係") for t in before.values()) <= cells["環境係"], "every cell that named it, and no other byte", (cells, after))
    code, _, err = mizo("check", r)
    tell(code == 0, "the region is sound", err)
    code, x, err = answer("user", "exchange", write(r, "back.csv", "user,act,roles,bureau\n学び・文化課,owner,,education\n環境未来係,owner,,環境係\n"), "--region", r)
    tell(code == 0 and text() == before, "and back: the files are as they were", err)


def batches(r):
    return rows_of(r, "select count(*) from batch")[0][0]


def main():
    with tempfile.TemporaryDirectory() as parent:
        r = village(parent)
        ledger(r)
        parts(r)
        late(r)
        lists(r)
        cells(r)
        exchange(r)
    return done()


sys.exit(main())
