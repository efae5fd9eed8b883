"""mizo day as a person runs it: three roles by date, drafts, filing, corrections, the exchange, imbalance, bad days.

    day.py MIZO VILLAGE
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operator_files import plant_sheet  # noqa: E402

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
count = 0
failed = 0


def tell(ok, name, what=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(what).splitlines()[:20]:
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
        f.write(text.replace(old, new))


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


class Desk:
    def __init__(self, region, day, group="village-bg"):
        self.region, self.day, self.group = region, day, group

    def __call__(self, *act, at, who="hana", expect=0):
        args = ["day", *act, "--region", self.region, "--day", self.day, "--group", self.group, "--at", at, "--json"]
        code, out, err = mizo(*args, "--as", who)
        if expect is not None and code != expect:
            print(f"#   {act}: {code} {err[:300]}")
        return code, json.loads(out) if out.startswith("{") else {}, err


def village(parent, name, known="2023-07-10"):
    region = os.path.join(parent, name)
    shutil.copytree(VILLAGE, region)
    code, _, err = mizo("import", os.path.join(VILLAGE, "readings.csv"), "--known", known, "--region", region)
    assert code == 0, err
    return region


def village_in_two(parent, name):
    """The readings up to 7 July known the midnight after, the rest on the 10th: the 9th can be planned and settled."""
    region = os.path.join(parent, name)
    shutil.copytree(VILLAGE, region)
    with open(os.path.join(VILLAGE, "readings.csv"), encoding="utf-8") as f:
        head, *rows = f.read().splitlines()
    parts = [[r for r in rows if r.split(",")[1] < "2023-07-08"], [r for r in rows if r.split(",")[1] >= "2023-07-08"]]
    for part, known in zip(parts, ["2023-07-08", "2023-07-10"]):
        code, _, err = mizo("import", write(parent, f"{name}.csv", "\n".join([head, *part]) + "\n"), "--known", known,
                            "--region", region)
        assert code == 0, err
    return region


def long_table(day, rows, head):
    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(head)
    for r in rows:
        w.writerow([day, *r])
    return out.getvalue()


def parent(folder):
    region = village(folder, "parent")
    desk = Desk(region, "2023-07-11")
    _, d, _ = desk("plan", at="2023-07-10T09:00")
    tell(d["group"]["role"] == "parent" and [m["id"] for m in d["forecast"]["members"]] == ["village-energy", "big-power"],
         "the parent plans for all members", d.get("group"))
    demand = d["plan"]["demand_wh"]
    tell(demand == [a + b for a, b in zip(*[m["demand_wh"] for m in d["forecast"]["members"]])] and
         all(w % 1000 == 0 for w in demand) and sum(demand) > 500000, "members' demand adds up, in whole kWh", demand)
    tell(all(x + s - b == o for x, s, b, o in zip(demand, d["plan"]["sold_wh"], d["plan"]["bought_wh"],
                                                  d["plan"]["open_wh"])), "open is demand + sales - procurement")
    tell([c["what"] for c in d["clock"]] == ["spot-bids", "next-day-plan", "gate-closure"] and
         d["clock"][1]["left_s"] == 3 * 3600 and d["clock"][1]["state"] == "ahead", "the clock", d["clock"])
    return region, desk, d


def honest(folder, demand):
    """Whatever is bought, the demand stays the forecast."""
    for i, (old, new) in enumerate([("fixed,10,,10.8", "fixed,900,,10.8"), ("rest,500", "rest,1"),
                                    ("produced,,0.05", "produced,,1"), ("fixed,4,,9.5", "fixed,300,,9.5")]):
        region = village(folder, f"honest-{i}")
        edit(region, "sources.csv", old, new)
        _, d, _ = Desk(region, "2023-07-11")("plan", at="2023-07-10T09:00")
        tell(d["plan"]["demand_wh"] == demand, f"demand is not bent to procurement: {new}")


def filing(desk, folder):
    code, _, err = desk("file", at="2023-07-10T12:30", expect=1)
    tell(code == 1 and "17:00" in err, "between noon and 17:00 nothing is taken", err)
    code, d, err = desk("file", at="2023-07-10T11:00")
    tell(code == 0 and d["filed"]["version"] == 1 and d["filed"]["actor"].endswith("hana") and len(d["filed"]["hash"]) == 64
         and "not-validated" in d["filed"]["file"], "filed with its hash", err)
    first = d["filed"]
    code, _, err = desk("file", at="2023-07-10T11:10", expect=2)
    tell(code == 2 and "--reason" in err, "a second version needs a reason", err)
    code, d, err = desk("correct", "--slot", "30", "--kwh", "77", "--member", "village-energy", "--reason", "festival",
                        at="2023-07-10T18:00")
    tell(code == 0 and d["corrections"][0]["wh"] == 77000 and d["filed"]["changed_slots"] == 1 and
         d["filed"]["hash"] == first["hash"], "a slot by hand, with its reason; what is filed stays", err)
    code, _, err = desk("correct", "--slot", "30", "--kwh", "70", "--member", "village-energy", "--reason", "no",
                        at="2023-07-10T18:05", who="taro", expect=1)
    tell(code == 1 and "hana" in err and "festival" in err, "a second person is told who was first", err)
    code, d, err = desk("correct", "--slot", "30", "--kwh", "70", "--member", "village-energy", "--reason", "agreed",
                        "--over", d["corrections"][0]["actor"], at="2023-07-10T18:06", who="taro")
    tell(code == 0 and d["corrections"][0]["wh"] == 70000, "and may overrule by name", err)
    code, _, err = desk("correct", "--slot", "30", "--kwh", "70", "--member", "nobody", "--reason", "x",
                        at="2023-07-10T18:06", expect=2)
    tell(code == 2 and "village-energy" in err, "a member that is none", err)
    code, d, err = desk("file", "--reason", "festival", at="2023-07-11T10:10")
    book = d["filed"]["book"]
    tell(code == 0 and d["filed"]["version"] == 2 and d["filed"]["late"] and
         book["demand_wh"][:22] == first["book"]["demand_wh"][:22] and book["demand_wh"][29] != first["book"]["demand_wh"][29],
         "a new version changes only what has not closed", err)
    code, _, err = desk("correct", "--slot", "30", "--kwh", "71", "--member", "village-energy", "--reason", "late",
                        at="2023-07-11T13:30", expect=1)
    tell(code == 1 and "13:30" in err, "after gate closure it is refused with the time", err)
    code, _, err = desk("file", "--reason", "late", at="2023-07-11T23:00", expect=1)
    tell(code == 1, "nothing is filed when all has closed", err)


def refused(region):
    """Files that came and were not taken, by the register."""
    _, out, _ = mizo("files", "--region", region, "--json")
    return sorted((f["kind"], f["name"]) for f in json.loads(out)["files"] if f["refused"])


def exchange(desk, folder):
    code, out, err = mizo("day", "bid", "--region", desk.region, "--day", desk.day, "--group", desk.group, "--at",
                          "2023-07-10T09:30", "--as", "hana", "--limit", "15")
    tell(code == 0 and out.startswith("day,slot,side,kwh,yen_per_kwh") and
         all(int(r["kwh"]) % 50 == 0 for r in csv.DictReader(io.StringIO(out))), "bids in steps of 50 kWh", err)
    head = ["day", "slot", "side", "kwh", "yen_per_kwh"]
    wrong = write(folder, "other.csv", long_table("2023-07-12", [(1, "buy", 50, "9.5")], head))
    code, _, err = desk("results", wrong, at="2023-07-10T10:40", expect=2)
    tell(code == 2 and "2023-07-12" in err and "other.csv:2" in err, "results of another day are refused", err)
    bad = write(folder, "bad.csv", long_table("2023-07-11", [(49, "buy", 50, "9.5"), (2, "lend", 50, "9.5"),
                                                             (3, "buy", -50, "9.5"), (4, "buy", 50, "x"),
                                                             (5, "buy", 50, 1), (5, "buy", 50, 2), (6, "buy", 75, 2)], head))
    code, _, err = desk("results", bad, at="2023-07-10T10:40", expect=2)
    tell(code == 2 and err.count("error:") == 6 and "75 is no multiple of the market's step of 50 kWh" in err, "all mistakes of a file at once", err)
    tell(refused(desk.region) == [("jepx-results", "bad.csv"), ("jepx-results", "other.csv")], "each has its line in the register", refused(desk.region))
    good = write(folder, "good.csv", long_table("2023-07-11", [(1, "buy", 50, "-0.5"), (2, "売り", 50, "9.5")], head))
    code, d, err = desk("results", good, at="2023-07-10T10:45")
    tell(code == 0 and d["market"]["result_wh"][0] == 50000 and d["market"]["result_wh"][1] == -50000 and
         d["market"]["paid_yen"] == "-497.000000", "results, with a negative price and the fee", d.get("market"))
    mill = Desk(desk.region, desk.day, "mill-bg")
    for act in (["bid"], ["results", good]):
        code, _, err = mill(*act, at="2023-07-10T09:30", expect=2)
        tell(code == 2 and "mill-bg has no source of kind market" in err, f"{act[0]}: a group that trades on no market", err)
    _, d, err = mill("plan", at="2023-07-10T09:31")
    tell(not any(m["there"] for m in d["position"]["moves"] if m["move"] in ("buy", "sell")),
         "and none is proposed to it", (d.get("position"), err))


def mismatch(folder):
    region = village(folder, "mismatch")
    edit(region, "sources.csv", "rest,500", "rest,1")
    desk = Desk(region, "2023-07-11")
    desk("plan", at="2023-07-10T09:00")
    code, _, err = desk("file", at="2023-07-10T11:00", expect=2)
    tell(code == 2 and err.count("error:") >= 30 and "00:00" in err and "23:30" in err,
         "every half-hour that does not match is named, and nothing is filed", err)
    edit(region, "sources.csv", "produced,,0.05", "notified,,")
    desk("plan", at="2023-07-10T09:10")
    code, _, err = desk("file", at="2023-07-10T11:00", expect=2)
    tell(code == 2 and "s-mill" in err and "48" in err, "a plant that nobody has spoken for", err)
    rows = [(t + 1, "20.5", "s-mill") for t in range(48)]
    head = ["day", "slot", "kwh", "id"]
    code, _, err = desk("plants", write(folder, "p.csv", long_table("2023-07-11", rows[:40], head)),
                        at="2023-07-10T09:20", expect=2)
    tell(code == 2 and "8 half-hours" in err, "a plan of 40 half-hours is refused", err)
    code, _, err = desk("plants", write(folder, "q.csv", long_table("2023-07-11", rows, head)), at="2023-07-10T09:20")
    _, d, _ = desk("plan", at="2023-07-10T09:30")
    mill = [x for x in d["plan"]["lines"] if x["id"] == "s-mill"][0]
    tell(code == 0 and mill["wh"] == [21000] * 48 and mill["missing"] == 0, "what was sent stands in the plan", err)


def prices(folder, region):
    text = "day,slot,surplus_yen_per_kwh,shortage_yen_per_kwh,flag\n" + "".join(
        f"2023-07-09,{t},{7 if t < 20 else -2},{11.5},{t % 2}\n" for t in range(1, 49))
    code, _, err = mizo("import", write(folder, "imbalance-tokyo.csv", text), "--known", "2023-07-11", "--region", region)
    tell(code == 0, "imbalance prices, surplus and shortage apart", err)
    code, _, err = mizo("import", write(folder, "prices.csv", text), "--region", region)
    tell(code == 2 and "area" in err, "prices of no area", err)


def expected(d):
    """Our own reckoning of a day, from what the desk shows."""
    rows = []
    for t in range(48):
        wh = d["filed"]["book"]["demand_wh"][t] - d["actual"]["wh"][t]
        price = d["actual"]["surplus_myen" if wh > 0 else "shortage_myen"][t]
        rows.append([t + 1, wh, wh * price, d["actual"]["wh"][t] * 200])
    return rows


def parent_file(folder, name, rows):
    def decimal(v, digits):
        return f"{'-' if v < 0 else ''}{abs(v) // 10**digits}.{abs(v) % 10**digits:0{digits}d}"
    return write(folder, name, long_table("2023-07-09", [(t, decimal(w, 3), decimal(u, 6), decimal(f, 6))
                                                         for t, w, u, f in rows],
                                          ["day", "slot", "imbalance_kwh", "received_yen", "fee_yen"]))


def member(folder):
    region = village_in_two(folder, "member")
    edit(region, "groups.csv", "2023-04-01,2023-07-01", "2023-04-01,2023-08-01")
    edit(region, "groups.csv", "2023-07-01,2024-04-01", "2023-08-01,2024-04-01")
    prices(folder, region)
    desk = Desk(region, "2023-07-09")
    _, d, _ = desk("plan", at="2023-07-08T08:00")
    tell(d["group"]["role"] == "member" and d["clock"][0]["what"] == "hand-in", "a member's clock", d.get("clock"))
    code, d, err = desk("file", at="2023-07-08T09:00")
    tell(code == 0 and d["filed"]["file"].endswith(".csv") and d["clock"][0]["state"] == "done",
         "48 values to the parent, matched or not", err)
    code, out, _ = mizo("files", "--region", region)
    tell("hand-in" in out and "big-power" in out, "with a line in the register", out)
    for name, begins in (("again.csv", b"group,member,day"), ("again.xlsx", b"PK")):  # as it was: the register has its line
        code, d, err = desk("file", "--reason", "asked for again", "--out", os.path.join(folder, name), at="2023-07-08T09:05")
        with open(os.path.join(folder, name), "rb") as f:
            tell(code == 0 and f.read(len(begins)) == begins, "handed in again unchanged, and its file", err)
    _, d, _ = desk("show", at="2023-07-12T09:00")
    rows = expected(d)
    tell(d["actual"]["slots"] == 48 and not d["position"]["stand_in"], "what happened is there", d["actual"])
    _, m, err = desk("imbalance", at="2023-07-12T09:00")
    tell("2023-07: no plan was filed for day 1-8, 10-11 of the month" in err, "days without a plan are said", err)
    net = sum(u for _, _, u, _ in rows)
    tell(m["state"] == "provisional" and m["filed_days"] == 1 and m["net_yen"].replace(".", "").lstrip("-0") ==
         str(abs(net)) and (net < 0) == m["net_yen"].startswith("-"), "a month to the micro-yen", (m, net))
    code, c, err = desk("take", parent_file(folder, "same.csv", rows), at="2023-07-12T09:00")
    tell(code == 0 and c["differ"] == 0 and c["slots"] == 48 and c["difference_yen"] == "0.000000",
         "the parent's figures agree", (c, err))
    rows[6][1] += 1000
    rows[7][3] += 1
    code, c, err = desk("take", parent_file(folder, "other.csv", rows), at="2023-07-12T09:00")
    tell(code == 0 and c["differ"] == 2 and "03:00 kWh" in err and "03:30 fee" in err and "1.000" in err,
         "each difference is named", (c, err))
    code, m, err = desk("imbalance", "--keep", at="2023-07-12T09:00")
    code, m, err = desk("imbalance", "--keep", at="2023-07-12T09:10")
    tell(code == 0 and m["before_yen"] == m["rounded_yen"] and m["difference_yen"] == "0.000000",
         "kept as a version, the difference beside it", (m, err))
    code, out, _ = mizo("verify", "--region", region, "--json")
    tell(code == 0 and json.loads(out)["ok"] and json.loads(out)["entries"] == 1, "and posted once", out)
    edit(region, "groups.csv", "2023-04-01,2023-08-01", "2023-07-09,2023-07-10")  # that day alone
    code, out, err = mizo("close", "show", "--month", "2023-07", "--region", region, "--json")
    costs = {x["id"]: x for x in json.loads(out)["costs"]} if code == 0 else {}
    fee = sum(f for _, _, _, f in expected(d))
    tell(code == 0 and int(costs["fee"]["own_yen"].replace(".", "")) == fee > 0 and costs["fee"]["lines"] == 1 and
         float(costs["imbalance"]["own_yen"]) == -float(m["rounded_yen"]), "the close has the member's own share and its fee", (fee, err))


    # the month in which a member leaves its parent has two bills for one group
    head = "kind,month,id,yen,party\n"
    for rows, status, charged in (("imbalance,2023-07,village-bg,100,big-power\nimbalance,2023-07,village-bg,50.5,operator\n", 0, 150.5),
                                  ("imbalance,2023-07,village-bg,70,big-power\n", 0, 120.5),
                                  ("imbalance,2023-07,village-bg,70,big-power\nimbalance,2023-07,village-bg,71,big-power\n", 2, 120.5)):
        code, _, err = mizo("close", "cost", write(folder, "two.csv", head + rows), "--region", region)
        tell(code == status and float(closed(region)[0]["imbalance"]["charged_yen"]) == charged and (not status or "twice" in err),
             "bills of two parties for a group add up, each replaced by its own", (rows, err))


def closed(region, *act):
    code, out, err = mizo("close", *(act or ("show",)), "--month", "2023-07", "--region", region, "--json")
    m = json.loads(out) if code == 0 else {"costs": [], "checks": [], "err": err}
    return {x["id"]: x for x in m["costs"]}, {x["id"]: x for x in m["checks"]}


def say_own(region, own, tax=""):
    """The group holds on the 9th alone; which of its members are ourselves."""
    with open(os.path.join(region, "groups.csv"), encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    for r in rows:
        if r["role"] == "parent":
            r.update({"from": "2023-07-09", "to": "2023-07-10", "own": own, "share_days": "20", "share_tax": tax})
    rows = [r for r in rows if not (r["group"] == "village-bg" and r["role"] != "parent")]
    with open(os.path.join(region, "groups.csv"), "w", encoding="utf-8") as f:
        w = csv.DictWriter(f, list(rows[0]) + [k for k in ("own", "share_days", "share_tax") if k not in rows[0]], restval="")
        w.writeheader()
        w.writerows(rows)


def shares_at_the_close(region, bills, net, folder):
    """A parent's month: the group's imbalance is charged to us, the other members' shares and our fee come back."""
    exact = lambda text: int(text.replace(".", ""))
    say_own(region, "")
    _, checks = closed(region)
    tell(checks["shares"]["blocks"] and "own" in checks["shares"]["detail"] and "village-bg" in checks["shares"]["detail"],
         "a parent that does not say who it is itself is told so", checks.get("shares"))
    say_own(region, "nobody")
    code, _, err = mizo("check", region)
    tell(code == 2 and "groups.csv:2:" in err and '"nobody"' in err and "big-power" in err, "own names a member", err)
    say_own(region, "village-energy")
    costs, checks = closed(region)
    owes = exact(bills["big-power"]["fee_yen"]) - exact(bills["big-power"]["received_yen"])
    tell(checks["shares"]["ok"] and costs["share"]["lines"] == 1 and abs(-exact(costs["share"]["own_yen"]) - owes) <= 2000000 and
         abs(exact(costs["imbalance"]["own_yen"]) + net) < 1000000, "the share of the others is no cost of ours", (costs["share"], owes))
    say_own(region, "village-energy", "consumption-tax")  # a tenth on top of share and fee, once
    costs, _ = closed(region, "make", "--as", "hana")
    owed = -exact(costs["share"]["own_yen"])
    tax = int(owed / 10 / 10**6) * 10**6
    tell(owed and tax and -exact(costs["share"]["tax_yen"]) == tax, "with the tax on top, cut once", (costs["share"], tax))
    _, out, _ = mizo("books", "balance", "--account", "tax:consumption-tax", "--region", region, "--json")
    tell(exact(json.loads(out)["balances"][0]["balance"]) == -tax, "which is owed to the tax office", out)
    out = json.loads(mizo("receivables", "--region", region, "--as-of", "2023-08-31", "--json")[1])
    row = [x for x in out["invoices"] if x["party"] == "big-power"]
    tell(len(row) == 1 and exact(row[0]["billed_yen"]) == owed + tax and row[0]["due"] == "2023-08-20" and
         row[0]["invoice"] == "share-2023-07-big-power" and row[0]["late_days"] == 11, "but a receivable, with its day", (row, costs["share"]))
    code, out, err = mizo("receivables", "pay", write(folder, "bank.csv", f"date,amount,reference\n2023-08-18,{row[0]['open_yen']},big-power\n"),
                          "--region", region, "--json")
    out = json.loads(mizo("receivables", "--region", region, "--as-of", "2023-08-31", "--json")[1])
    tell(code == 0 and out["open_yen"] == "0.000000" == out["books_yen"], "that is paid like others", (out, err))
    code, out, _ = mizo("close", "make", "--month", "2023-07", "--as", "hana", "--region", region)
    verified = json.loads(mizo("verify", "--region", region, "--json")[1])
    tell(code == 0 and verified["ok"] and closed(region)[1]["shares"]["ok"], "said twice, posted once", verified)
    code, _, err = mizo("close", "cost", write(folder, "share.csv", "kind,month,id,yen\nshare,2023-07,big-power,1\n"), "--region", region)
    tell(code == 2 and '"share"' in err, "nobody charges us a share", err)
    with open(os.path.join(folder, "imbalance-tokyo.csv"), encoding="utf-8") as f:
        later = f.read().replace("2023-07-09,10,7,11.5,", "2023-07-09,10,8,12.5,")
    code, _, err = mizo("import", write(folder, "imbalance-tokyo.csv", later), "--known", "2023-08-02", "--region", region)
    check = closed(region)[1]["shares"]
    tell(code == 0 and check["blocks"] and "big-power" in check["detail"], "a file that is not the month as it stands", (err, check))


def two_houses(folder):
    """A parent and its member, each with a store of its own, that send each other files."""
    big, small = village_in_two(folder, "big"), village_in_two(folder, "small")
    edit(small, "groups.csv", "2023-04-01,2023-07-01", "2023-04-01,2023-08-01")
    edit(small, "groups.csv", "2023-07-01,2024-04-01", "2023-08-01,2024-04-01")
    edit(big, "groups.csv", ",deviation,,imbalance-tokyo,person,village-energy big-power", ",deviation,0.2,imbalance-tokyo,person,village-energy big-power")
    for region in (big, small):
        prices(folder, region)
    parent_desk, member_desk = Desk(big, "2023-07-09"), Desk(small, "2023-07-09")
    member_desk("plan", at="2023-07-08T08:00")
    book = os.path.join(folder, "hand-in.xlsx")
    code, d, err = member_desk("file", "--out", book, at="2023-07-08T09:00")
    with zipfile.ZipFile(book) as z:
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
    filed = d["filed"]["book"]["demand_wh"]
    numbers = [float(v) for v in re.findall(r"<v>([0-9.]+)</v>", sheet)]
    tell(code == 0 and all(w / 1000 in numbers for w in filed) and sum(filed) / 1000 in numbers, "48 values and their sum as a workbook", err)
    code, out, _ = mizo("files", "--region", small, "--json")
    lines = [x for x in json.loads(out)["files"] if x["name"].startswith("village-bg")]
    tell({x["kind"] for x in lines} == {"hand-in", "hand-in-xlsx"}, "both stand in the register", lines)
    values = os.path.join(folder, "values.csv")
    with open(values, "w", encoding="utf-8") as f:
        f.write(long_table("2023-07-09", [(t + 1, "village-energy", w // 1000) for t, w in enumerate(filed)], ["day", "slot", "member", "demand_kwh"]))
    code, _, err = member_desk("members", values, at="2023-07-08T09:00", expect=2)
    tell(code == 2 and "parent" in err, "a member has no members", err)
    short = write(folder, "short.csv", long_table("2023-07-09", [(t, "nobody" if t == 3 else "village-energy", "1.5" if t == 4 else 1) for t in range(1, 48)],
                                                  ["day", "slot", "member", "demand_kwh"]))
    code, _, err = parent_desk("members", short, at="2023-07-08T09:10", expect=2)
    tell(code == 2 and "short.csv:4" in err and "short.csv:5" in err, "a member that is none, half a kWh", err)
    _, before, _ = parent_desk("plan", at="2023-07-08T09:00")
    code, _, err = parent_desk("members", values, at="2023-07-08T09:20")
    _, d, _ = parent_desk("plan", at="2023-07-08T09:30")
    mine = {m["id"]: m["demand_wh"] for m in d["forecast"]["members"]}
    tell(code == 0 and mine["village-energy"] == filed and
         mine["big-power"] == {m["id"]: m["demand_wh"] for m in before["forecast"]["members"]}["big-power"],
         "what a member hands in stands in the parent's plan, the others stay", err)
    code, d, err = parent_desk("file", at="2023-07-08T11:00")
    tell(code == 0 and d["filed"]["book"]["demand_wh"] == [sum(x) for x in zip(*mine.values())], "and is filed", err)
    bills = {}
    for who in ("village-energy", "big-power"):
        path = os.path.join(folder, f"allot-{who}.csv")
        code, bills[who], err = parent_desk("allot", "--member", who, "--out", path, at="2023-07-12T09:00")
        tell(code == 0 and bills[who]["slots"] == 48, f"the part of {who}", (err, bills[who]))
    _, m, _ = parent_desk("imbalance", at="2023-07-12T09:00")
    exact = lambda text: int(text.replace(".", ""))
    tell(sum(exact(b["received_yen"]) for b in bills.values()) == exact(m["net_yen"]) and
         sum(b["share_wh"] for b in bills.values()) == m["surplus_wh"] - m["shortage_wh"],
         "parts come to the group's, to the Wh and the micro-yen", (bills, m))
    path = os.path.join(folder, "allot-village-energy.csv")
    code, c, err = member_desk("take", path, at="2023-07-12T09:10")
    tell(code == 0 and c["slots"] == 48 and c["differ"] == 0 and c["difference_yen"] == "0.000000" and
         c["theirs_yen"] == bills["village-energy"]["invoice_yen"], "the member reckons the same from its own store", (c, err))
    _, own, _ = member_desk("imbalance", at="2023-07-12T09:10")
    tell(own["net_yen"] != bills["village-energy"]["received_yen"], "which netting has made another figure than its own deviation", own["net_yen"])
    edit(small, "groups.csv", "2023-04-01,2023-08-01", "2023-07-09,2023-07-10")
    own = -exact(bills["village-energy"]["received_yen"])
    costs, _ = closed(small)
    tell(abs(exact(costs["imbalance"]["own_yen"]) - own) < 1000000 and exact(costs["fee"]["own_yen"]) == exact(bills["village-energy"]["fee_yen"]),
         "whose close has the share that the parent's rule gives it, and the fee", (costs["imbalance"], own))
    shares_at_the_close(big, bills, exact(m["net_yen"]), folder)
    edit(small, "groups.csv", "2023-07-09,2023-07-10", "2023-04-01,2023-08-01")
    with open(path, encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    rows[9]["received_yen"] = str(float(rows[9]["received_yen"]) - 1)
    rows[20]["imbalance_kwh"] = str(float(rows[20]["imbalance_kwh"]) + 2)
    with open(path, "w", encoding="utf-8") as f:
        w = csv.DictWriter(f, rows[0].keys())
        w.writeheader()
        w.writerows(rows)
    code, c, err = member_desk("take", path, at="2023-07-12T09:20")
    tell(code == 0 and c["differ"] == 2 and "04:30 yen" in err and "10:00 kWh" in err, "a yen and two kWh too many are named", (c, err))
    code, _, err = parent_desk("allot", "--member", "nobody", at="2023-07-12T09:00", expect=2)
    tell(code == 2 and "nobody" in err, "a part of nobody", err)


def sites_with_plans(folder, d):
    """What batteries and vehicles are planned to do is in the demand; without them it is the readings' own."""
    region = village(folder, "bare")
    for name in ("batteries.csv", "vehicles.csv"):
        with open(os.path.join(region, name), encoding="utf-8") as f:
            head = f.readline()
        write(region, name, head)
    code, bare, err = Desk(region, "2023-07-11")("plan", at="2023-07-10T09:00")
    more = [a - b for a, b in zip(d["plan"]["demand_wh"], bare["plan"]["demand_wh"])]
    tell(code == 0 and d["forecast"]["planned"] == 1 and min(more[26:32]) < -10000 and max(more[:16]) > 1000 and more[32:] == [0] * 16,
         "the depot's battery is in the demand: charged by night, given back where a call holds the site down", (err, more))


def outages(folder):
    """A plant's notices lower what is expected of it, and what it had sent before."""
    region = village(folder, "outages")
    desk = Desk(region, "2023-07-11", "mill-bg")

    def unit():
        _, d, _ = desk("plan", at="2023-07-10T09:30")
        return [x for x in d["plan"]["lines"] if x["id"] == "mill" and not x["sale"]][0]["wh"], d["outages"]

    def bring(name, day, *sheet_of):
        path = os.path.join(folder, name)
        with open(path, "wb") as f:
            f.write(plant_sheet("mill", day, *sheet_of))
        return mizo("import", path, "--region", region, "--known", "2023-07-10T09:00:00+09:00")

    before, _ = unit()
    code, _, err = bring("stop.xlsx", "2023-07-12", [200] * 48, [("2023-07-11 08:00", "2023-07-11 10:15", "", "点検"), ("2023-07-11 22:00", "2023-07-12 06:00", "one", "")])
    after, told = unit()
    tell(code == 0 and len(told) == 2 and after[16:20] == [0] * 4 and 0 < after[20] < before[20] * 0.6 and after[21:44] == before[21:44] and
         all(0 < a < b for a, b in zip(after[44:], before[44:])),
         "a stop is nothing, a quarter of an hour of it half, a furnace its part", (err, before[14:24], after[14:24], before[43:], after[43:]))
    code, _, err = bring("values.xlsx", "2023-07-11", [100] * 48, [])
    sent, _ = unit()
    tell(code == 0 and sent[16:20] == [0] * 4 and sent[20] == 50000 and sent[:16] == [100000] * 16 and sent[44:] == [100000] * 4,
         "what the plant sent is lowered by its stop, not by a furnace it has already counted", (err, sent))


def spot_prices(folder, region):
    text = "受渡日,時刻コード,エリアプライス東京(円/kWh)\n" + "".join(f"2023/07/{day:02d},{t},{10 + t % 7}.5\n" for day in (9, 10, 11) for t in range(1, 49))
    code, _, err = mizo("import", write(folder, "spot.csv", text), "--known", "2023-07-10", "--region", region)
    assert code == 0, err


FORMS = """s-fit,FIT特定卸,FIT power of the mill,fit-special,village-bg,village,G0009,mill,,,,,,,produced,,0.03,0,spot,no,2023-04-01,
s-no-value,価値なしの販売,Sold without value,sale,village-bg,partner,R0002,,,,,,6:00,12:00,fixed,4,,9.1,,no,2023-04-01,
s-rest-sale,余りの販売,What is left is sold,sale,village-bg,partner,R0002,,,,,,,,rest,,,7,,no,2023-04-01,
s-self,自己託送,Own power to the school,self-wheeling,self-bg,village,G0010,mill,,p-school,,,,,produced,,0.02,9.5,,yes,2023-04-01,
s-self-rest,自己託送の余り,What the school leaves,sale,self-bg,partner,R0003,,,,,,,,rest,,,8,,no,2023-04-01,
"""


def little_in_reserve(folder):
    """A kWh of imbalance costs what the curve has at the reserve rate, where that is above the market."""
    region = village(folder, "reserve")
    spot_prices(folder, region)
    edit(region, "sources.csv", "rest,500,,3", "rest,1,,3")
    desk = Desk(region, "2023-07-11")
    _, before, _ = desk("plan", at="2023-07-10T09:00")
    text = "対象日,時刻,エリア,広域予備率(%)\n" + "".join(f"2023/07/11,{t // 2}:{t % 2 * 30:02d},東京,{'5.5' if t > 40 else '8' if t > 20 else '12'}\n" for t in range(1, 49))
    code, out, err = mizo("import", write(folder, "reserve.csv", text), "--known", "2023-07-10T09:00:00+09:00", "--region", region)
    tell(code == 0, "reserve rates by the end of their half-hour", err)
    _, d, _ = desk("show", at="2023-07-10T09:10")
    p = d["position"]
    tell(p["reserve_ppm"][19:21] == [120000, 80000] and p["reserve_ppm"][40] == 55000 and p["reserve_ppm"][47] == 55000 and not p["long_high"],
         "stand in their half-hours", p["reserve_ppm"])
    open_wh, spot = d["plan"]["open_wh"], d["market"]["spot_myen"]
    curve = [0 if t < 20 else 45000 if t < 40 else 122500 for t in range(48)]
    hold = sum(w * max(m, c) for w, m, c in zip(open_wh, spot, curve))
    was = sum(w * m for w, m in zip(open_wh, spot))
    near = lambda text, want: abs(int(text.replace(".", "")) - want) < abs(want) * 0.02 + 1e9
    tell(sum(open_wh) > 0 and near(before["position"]["expected_yen"], was) and near(p["expected_yen"], hold) and hold > 2 * was,
         "and the expected cost follows the curve", (before["position"]["expected_yen"], was, p["expected_yen"], hold))
    bad = write(folder, "bad-reserve.csv", "day,slot,area,reserve_percent\n2023-07-11,49,tokyo,5\n2023-07-11,1,tokyo,x\n2023-07-11,2,tokyo,4000\n2023-07-11,3,nowhere,5\n")
    code, _, err = mizo("import", bad, "--region", region)
    tell(code == 2 and all(f"bad-reserve.csv:{n}" in err for n in (2, 3, 4, 5)), "every mistake of such a file", err)


def every_form(folder):
    """A day that has every form of supply: each in the plan, the position and the account of its group, closed slot by slot."""
    region = village(folder, "forms")
    spot_prices(folder, region)
    _, plain, _ = Desk(region, "2023-07-11")("plan", at="2023-07-10T09:00")
    with open(os.path.join(region, "sources.csv"), "a", encoding="utf-8") as f:
        f.write(FORMS)
    with open(os.path.join(region, "groups.csv"), "a", encoding="utf-8") as f:
        f.write("self-bg,自己託送,Self-wheeling,self-wheeling,alone,,S0001,F0001,T0003,,,,imbalance-tokyo,person,p-school,2023-04-01,\n")
    plans = {}
    for group in ("village-bg", "mill-bg", "self-bg"):
        desk = Desk(region, "2023-07-11", group)
        desk("plan", at="2023-07-10T09:10")
        code, plans[group], err = desk("file", at="2023-07-10T11:00")
        book = plans[group]["filed"]["book"] if code == 0 else {"demand_wh": [0] * 48, "sold_wh": [0] * 48, "bought_wh": [1] * 48, "lines": []}
        tell(code == 0 and all(a + b == c for a, b, c in zip(book["demand_wh"], book["sold_wh"], book["bought_wh"])) and plans[group]["position"]["short_wh"] == 0,
             f"{group} closes in each half-hour, and is filed", err)
    lines = {x["id"]: x for g in ("village-bg", "self-bg") for x in plans[g]["filed"]["book"]["lines"]}
    mill = [x for x in plans["mill-bg"]["filed"]["book"]["lines"]]
    unit = [x for x in mill if x["id"] == "mill"][0]["wh"]
    tell({"s-mill", "s-ppa", "s-base", "s-day", "s-surplus", "s-market", "s-backup", "s-partner", "s-fit", "s-no-value", "s-self", "s-self-rest"} <= set(lines) and
         not lines["s-fit"]["value"] and lines["s-partner"]["value"] and not lines["s-no-value"]["value"] and sum(lines["s-backup"]["wh"]) > 0,
         "every form is a line of its own, with the value or without", sorted(lines))
    tell(lines["s-fit"]["myen"] == [(10 + t % 7) * 1000 + 500 for t in range(1, 49)], "FIT power at the price of its half-hour", lines["s-fit"]["myen"])
    taken = [sum(lines[i]["wh"][t] for i in ("s-mill", "s-fit", "s-self")) for t in range(48)]
    out = {x["id"]: x["wh"] for x in mill if x["sale"]}
    tell(all(a + out["m-partner"][t] == unit[t] and out["s-fit"][t] == lines["s-fit"]["wh"][t] and out["s-self"][t] == lines["s-self"]["wh"][t] for t, a in enumerate(taken)),
         "what the mill gives is what its takers take, to the kWh", (taken[:3], unit[:3]))
    school = plans["self-bg"]["filed"]["book"]["demand_wh"]
    less = [a - b for a, b in zip(plain["plan"]["demand_wh"], plans["village-bg"]["filed"]["book"]["demand_wh"])]
    tell(sum(school) > 48000 and all(abs(a - b) <= 2000 for a, b in zip(school, less)), "what the school gets so is no demand of the town's group", (school, less))
    cost = sum((-1 if x["sale"] else 1) * w * m for x in plans["village-bg"]["filed"]["book"]["lines"] for w, m in zip(x["wh"], x["myen"]) if w)
    said = plans["village-bg"]["plan"]["cost_yen"]
    tell(int(said.replace(".", "")) == cost, "the plan's cost is its lines at their prices, to the micro-yen", (said, cost))


def decided(folder):
    """A call of demand response taken up: it stands in the plan, and can be called once."""
    region = village(folder, "decided")
    edit(region, "sources.csv", "rest,500,,3", "rest,1,,3")
    desk = Desk(region, "2023-07-11")
    spot_prices(folder, region)
    _, d, _ = desk("plan", at="2023-07-10T09:00")
    call = [m for m in d["position"]["moves"] if m["move"] == "call"][0]
    tell(call["wh"] == 8000,
         "what an obligation has promised from 13:00 to 16:00 is not offered: two half-hours are left", call)
    code, _, err = desk("decide", "call", "--kwh", "1", at="2023-07-10T09:10", expect=1)
    tell(code == 1 and "look again" in err, "a move that was seen otherwise is refused", err)
    code, d, err = desk("decide", "call", "--kwh", str(call["wh"] / 1000), "--reason", "dear", at="2023-07-10T09:10")
    lines = [x for x in d["plan"]["lines"] if x["id"] == "s-dr"]
    tell(code == 0 and d["decision"]["paid_yen"] == call["paid_yen"] and d["decision"]["reason"] == "dear" and d["decision"]["file"].endswith(".csv"),
         "a call is taken up as it was priced, its trades become bids", (err, d.get("decision"), call))
    tell(len(lines) == 1 and sum(lines[0]["wh"]) == call["wh"] and not [m for m in d["position"]["moves"] if m["move"] == "call"],
         "it is procurement now, and nothing of it is left to call", lines)
    tell(all(x + s - b == o for x, s, b, o in zip(d["plan"]["demand_wh"], d["plan"]["sold_wh"], d["plan"]["bought_wh"], d["plan"]["open_wh"])),
         "and the plan still adds up")
    move = [m for m in d["position"]["moves"] if m["move"] == "move"]
    tell(len(move) == 1, "batteries could move", d["position"]["moves"])
    code, d, err = desk("decide", "move", "--kwh", str(move[0]["wh"] / 1000), "--reason", "cheaper still", at="2023-07-10T09:20")
    is_ = d["decision"]
    tell(code == 0 and is_["steers"] and len(is_["move_wh"]) == len(is_["price_myen"]) == 48 and sum(w for w in is_["move_wh"] if w > 0) == move[0]["wh"] and is_["called"],
         "batteries are told what to draw otherwise, half-hour by half-hour; the call stands", (err, is_))
    tell(not [m for m in d["position"]["moves"] if m["move"] == "move"], "and are not offered again", d["position"]["moves"])
    _, said, _ = mizo("day", "--day", "2023-07-11", "--group", "village-bg", "--region", region)
    tell("batteries draw more or less" in said and "cheaper still" in said, "the desk says so, with who and why", said[-600:])
    code, d, err = desk("decide", "hold", "--kwh", "0", "--reason", "changed our mind", at="2023-07-10T09:30")
    tell(code == 0 and not d["decision"]["steers"] and [m for m in d["position"]["moves"] if m["move"] == "move"], "to wait takes it back", (err, d["decision"]))


def files_changed(folder):
    region = village(folder, "figures")
    edit(region, "params.csv", "gate-closure,,,,60,", "gate-closure-x,,,,60,")
    code, _, err = Desk(region, "2023-07-11")("plan", at="2023-07-10T09:00", expect=2)
    tell(code == 2 and "gate-closure" in err, "a figure that is missing is named", err)
    code, _, err = Desk(region, "2023-07-11", "nobody")("plan", at="2023-07-10T09:00", expect=2)
    tell(code == 2 and "nobody" in err, "a group that is none", err)
    edit(region, "region.yaml", "clock_start: 2023-07-08", "")
    code, _, err = Desk(region, "2023-07-11")("plan", at="2023-07-10T09:00", expect=2)
    tell(code == 2 and "clock_start" in err, "--at is for simulated clocks alone", err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        region, desk, d = parent(folder)
        honest(folder, d["plan"]["demand_wh"])
        filing(desk, folder)
        other = Desk(village(folder, "exchange"), "2023-07-11")
        other("plan", at="2023-07-10T09:00")
        exchange(other, folder)
        mismatch(folder)
        member(folder)
        two_houses(folder)
        decided(folder)
        little_in_reserve(folder)
        every_form(folder)
        sites_with_plans(folder, d)
        outages(folder)
        files_changed(folder)
    print(f"1..{count}")
    sys.exit(failed > 0)


main()
