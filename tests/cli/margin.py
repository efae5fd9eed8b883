"""mizo margin: every cut sums to the same, to the micro-yen, and after invoices and close to the books.

    margin.py MIZO VILLAGE

July 2023: three points take 10 kWh by day (8:00 to 22:00) and 4 kWh by night in each half-hour, one of them at the market's
price, which is below zero for two hours of a day; a roof and a household send power out; lamps are read by period.
"""

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from decimal import Decimal as D

from tap import ENV, MIZO, VILLAGE, each, put, run

POINTS = ("p-depot", "p-hall", "p-school")
CUTS = ("customer", "contract", "menu", "source", "slot", "time", "month")


def margin(home, by, month="2023-07", *more):
    return json.loads(run(home, "margin", "--month", month, "--by", by, "--json", *more))


def slots(month=7, days=31):
    for day in range(1, days + 1):
        for s in range(48):
            yield day, s, f"2023-{month:02}-{day:02}T{s // 2:02}:{s % 2 * 30:02}:00+09:00"


def prepare(home):
    shutil.copytree(VILLAGE, home)

    def add(name, rows):
        with open(os.path.join(home, name), "a", encoding="utf-8") as f:
            f.write(rows)

    path = os.path.join(home, "contracts.csv")
    with open(path, encoding="utf-8") as f:
        text = f.read().replace("c-hall,p-hall,village,hv-day,", "c-hall,p-hall,village,linked,")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    add("tariffs.csv", "wheeling-high,託送 高圧,Wheeling at high voltage,0,0,0,yes,yes\nlinked,市場連動,Market-linked,0,0,0,no,yes\n")
    add("rates.csv", "wheeling-high,,,,,2.2\nlinked,,,,,0\n")
    add("charges.csv", "wheeling-high,base,,,2022-04-01,,,,,,660,,consumption-tax,example,\n"
                       "wheeling-high,energy,,,2022-04-01,,,,,,2.2,,consumption-tax,example,\n"
                       "linked,fixed,,,2022-04-01,,,,,,1000.5,,consumption-tax,example,\n"
                       "linked,market,,,2022-04-01,,,,,,3.3,loss-linked,consumption-tax,example,\n")
    add("params.csv", "loss-linked,,2022-04-01,,0.037,share,example,g\n"
                      "capacity-burden,tokyo,2023-04-01,2024-04-01,12000000001,yen a year,example,g\n"
                      "capacity-share,tokyo,2023-04-01,2024-04-01,0.000013,share,example,g\n")
    add("roundings.csv", "wheeling,kw,1,half-up\nwheeling,total,1,cut\nwheeling,tax,1,cut\n")
    rows = [f"{p},{at},{10 if 16 <= s < 44 else 4},import\n" for p in POINTS for _, s, at in slots()]
    rows += [f"{p},{at},{2 if 18 <= s < 30 else 0},export\n" for p in ("p-depot", "p-school") for _, s, at in slots()]
    run(home, "import", put(home, "point,start,kwh,quantity\n" + "".join(rows)))
    prices = ["time_jst,system_jpy_kwh,tokyo_jpy_kwh\n"]
    for month, days in ((6, 30), (7, 31)):
        for day, s, at in slots(month, days):
            price = -0.05 if 20 <= s < 24 and day % 3 == 0 else 8 + s / 10
            prices.append(f"{at[:16]},{price},{price}\n")
    run(home, "import", put(home, "".join(prices), "jepx.csv"))


def cuts(home, month="2023-07"):
    """All cuts with the same sum; the whole of one of them."""
    sums = set()
    for by in CUTS:
        m = margin(home, by, month)
        assert sum(r["wh"] for r in m["rows"]) == m["sum"]["wh"], by
        for key in ("income_yen", "cost_yen", "margin_yen"):
            assert sum(D(r[key]) for r in m["rows"]) == D(m["sum"][key]), (by, key)
        sums.add(json.dumps(m["sum"]) + json.dumps(m["costs"]))
        assert sum(D(c["yen"]) for c in m["costs"]) == D(m["sum"]["cost_yen"])
    assert len(sums) == 1, sums
    return m


def expected(home):
    m = cuts(home)
    assert m["months"][0] | {"margin_yen": 0} == {"month": "2023-07", "state": "open", "edition": 0, "issued": False, "unmade": 0, "unfiled_days": 62, "unsettled_slots": 0,
                                                 "margin_yen": 0, "kept_yen": None}, m["months"]
    assert not m["books"]["same"] and m["books"]["income_yen"] == "0.000000" and m["changes"] == []
    kinds = {c["id"]: D(c["yen"]) for c in m["costs"]}
    assert kinds["capacity"] == D("13000.000001"), kinds  # 12,000,000,001 / 12 x 0.000013
    # The roof's contract: 2 kWh x 12 x 31 = 744 kWh at 14.5 yen without tax, none of it lost: 10,788. The household's
    # 744 kWh at 8.5 yen with tax come to 6,324, of which 574 are tax: by the share that may be credited then.
    assert kinds["ppa"] == 10788 and D(6324 - 574) <= kinds["surplus"] <= 6324, kinds
    assert D(m["sum"]["margin_yen"]) == D(json.loads(run(home, "close", "show", "--month", "2023-07", "--json"))["margin_yen"])


def rows_make_sense(home):
    menu = {r["id"]: r for r in margin(home, "menu")["rows"]}
    assert set(menu) == {"hv-day", "linked", "lv-lamp"} and menu["linked"]["name_en"] == "Market-linked"
    assert menu["linked"]["wh"] == 31 * (28 * 10000 + 20 * 4000)
    source = {r["id"]: r for r in margin(home, "source")["rows"]}
    assert set(source) == {"ppa:buy-depot", "surplus:buy-school", "balance"}, set(source)
    open_ = margin(home, "source")["months"][0]  # nothing was filed: what was bought for the rest has no cost yet
    assert open_["unfiled_days"] == 2 * 31 and open_["unsettled_slots"] == 0, open_
    # at night neither gives: the balance carries it, with its share of what is nobody's
    roof, home_ = source["ppa:buy-depot"]["wh"], source["surplus:buy-school"]["wh"]
    assert source["balance"]["wh"] > roof > 0 and abs(roof - home_) <= 372  # as much, but for a Wh of a half-hour
    slot = {r["id"]: r for r in margin(home, "slot")["rows"]}
    assert len(slot) == 31 * 48
    # a day with prices below zero at 10:00, and one without: the market-linked bill alone differs, by 10 kWh at the
    # difference of the prices, over 1 less the losses
    less = D(slot["2023-07-04T10:00"]["income_yen"]) - D(slot["2023-07-06T10:00"]["income_yen"])
    assert abs(less - 10 * (D(10) + D("0.05")) / (1 - D("0.037")) / D("1.1")) < D("0.0001"), less
    assert [r["id"] for r in margin(home, "contract")["rows"]] == ["c-depot", "c-hall", "c-lamps", "c-school"]


def in_the_books(home):
    for month in ("2023-07",):
        for words in (("run", "--month", month, "--as", "hana"), ("approve", month, "--as", "ken"),
                      ("run", "--month", month, "--purchases", "--as", "hana"), ("approve", month + "-buy", "--as", "ken")):
            run(home, "invoice", *words)
        for run_ in (month, month + "-buy"):
            run(home, "invoice", "issue", run_, "--as", "ken", "--format", "html", "--day", "2023-08-05")
    run(home, "close", "cost", put(home, "kind,month,id,kwh,yen,tax,party\nwheeling,2023-07,p-depot,11160,77777.123456,1,grid\n"
                                         "certificates,2023-07,fit-2023,,1200.5,0,jepx\nother,2023-07,postage,,33,0,post\n"), "--as", "hana")
    run(home, "close", "make", "--month", "2023-07", "--as", "hana")
    m = cuts(home)
    assert m["books"]["same"] and m["months"][0]["state"] == "provisional" and m["months"][0]["issued"], m["books"]
    assert m["months"][0]["kept_yen"] == m["months"][0]["margin_yen"] and m["changes"] == []
    with sqlite3.connect(os.path.join(home, "mizo.db")) as db:
        def toward(name):
            q = "SELECT coalesce(sum(amount), 0) FROM entry WHERE unit = 'uyen' AND {} LIKE ?"
            return db.execute(q.format("to_account"), (name,)).fetchone()[0] - db.execute(q.format("from_account"), (name,)).fetchone()[0]
        assert -toward("sales:%") == int(D(m["sum"]["income_yen"]) * 10**6)
        assert toward("cost:%") == int(D(m["sum"]["cost_yen"]) * 10**6)
        by_contract = {r["id"]: D(r["income_yen"]) for r in margin(home, "contract")["rows"]}
        for contract, yen in by_contract.items():
            assert -toward(f"sales:{contract}") == int(yen * 10**6), contract
    own = {r["id"]: D(r["cost_yen"]) for r in margin(home, "contract")["rows"]}
    assert own["c-depot"] > D("77777.123456")  # its own wheeling, and a share of the rest


def changed(home):
    run(home, "import", put(home, "point,start,kwh\n" + "".join(f"p-school,{at},5\n" for day, _, at in slots() if day == 10)))
    run(home, "close", "cost", put(home, "kind,month,id,yen,party\nother,2023-07,postage,44,post\n"), "--as", "hana")
    m = margin(home, "customer")
    assert {c["id"]: (c["was_yen"], c["is_yen"]) for c in m["changes"] if c["of"] == "cost"}["other"] == ("33.000000", "44.000000"), m["changes"]
    assert "c-school" in {c["id"] for c in m["changes"] if c["of"] == "contract"}
    assert m["months"][0]["kept_yen"] != m["months"][0]["margin_yen"] and not m["books"]["same"]
    assert "Changed since the last close" in run(home, "margin", "--month", "2023-07")


def several_months(home):
    rows = [f"{p},{at},3\n" for p in POINTS for _, s, at in slots(6, 30)]
    run(home, "import", put(home, "point,start,kwh\n" + "".join(rows)))
    both = margin(home, "month", "2023-06", "--to", "2023-07")
    assert [r["id"] for r in both["rows"]] == ["2023-06", "2023-07"] and len(both["months"]) == 2
    for r in both["rows"]:
        one = margin(home, "customer", r["id"])["sum"]
        assert one == {k: r[k] for k in one}, (one, r)
    by_menu = margin(home, "menu", "2023-06", "--to", "2023-07")
    assert by_menu["sum"] == both["sum"] and sum(D(r["cost_yen"]) for r in by_menu["rows"]) == D(both["sum"]["cost_yen"])


def files_and_mistakes(home):
    out = os.path.join(os.path.dirname(home), "margin.csv")
    run(home, "margin", "--month", "2023-07", "--by", "menu", "--out", out)
    with open(out, encoding="utf-8-sig") as f:
        table = f.read()
    rows = list(csv.reader(io.StringIO(table)))
    assert any(r and r[0] == "linked" for r in rows), rows[:5]
    ja = subprocess.run([MIZO, "margin", "--month", "2023-07", "--by", "source", "--region", home], capture_output=True, text=True,
                        env={**ENV, "MIZO_LANG": "ja"}, check=True).stdout
    assert "粗利" in ja and "需給調整" in ja and "仮締め" in ja, ja[:300]
    assert "there is no cut" in run(home, "margin", "--month", "2023-07", "--by", "hat", status=2)
    assert "24 months" in run(home, "margin", "--month", "2023-07", "--to", "2023-06", status=2)
    assert "24 months" in run(home, "margin", "--month", "2020-07", "--to", "2023-06", status=2)
    run(home, "margin", "--month", "2023-13", status=2)
    assert "says no format" in run(home, "margin", "--month", "2023-07", "--out", "x.doc", status=2)
    nothing = margin(home, "customer", "2030-01")
    assert nothing["months"][0]["unmade"] == 3 and [r["id"] for r in nothing["rows"]] == ["village"], nothing  # lamps have no meter


with tempfile.TemporaryDirectory() as top:
    home = os.path.join(top, "village")
    prepare(home)
    bad = each([expected, rows_make_sense, in_the_books, changed, several_months, files_and_mistakes], home)
sys.exit(bad)
