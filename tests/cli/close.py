"""mizo close: costs beside our own figures, the checklist, two people's words, and what comes afterwards.

    close.py MIZO VILLAGE

Three points take 10 kWh in each half-hour of July 2023: 31 x 48 x 10 = 14,880 kWh each. Their wheeling, without tax, at 600
yen/kW of the standing demand and 2 yen/kWh: depot 120 kW 101,760 yen, hall 70 kW 71,760, school 95 kW 86,760.
"""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from tap import ENV, MIZO, VILLAGE, each, put, received, run

POINTS = {"p-depot": 101760, "p-hall": 71760, "p-school": 86760}


def ask(home, *words, month="2023-07"):
    return json.loads(run(home, "close", *words, "--month", month, "--json"))


def kinds(m):
    return {c["id"]: c for c in m["costs"]}


def checks(m):
    return {c["id"]: c for c in m["checks"]}


def prepare(home):
    shutil.copytree(VILLAGE, home)

    def add(name, rows):
        with open(os.path.join(home, name), "a", encoding="utf-8") as f:
            f.write(rows)

    with open(os.path.join(home, "purchases.csv"), encoding="utf-8") as f:
        head = f.readline()
    with open(os.path.join(home, "purchases.csv"), "w", encoding="utf-8") as f:
        f.write(head)
    add("tariffs.csv", "wheeling-high,託送 高圧,Wheeling at high voltage,0,0,0,yes,yes\n")
    add("rates.csv", "wheeling-high,,,,,2.2\n")
    add("charges.csv", "wheeling-high,base,,,2022-04-01,,,,,,660,,consumption-tax,example,\n"
                       "wheeling-high,energy,,,2022-04-01,,,,,,2.2,,consumption-tax,example,\n")
    add("params.csv", "capacity-burden,tokyo,2023-04-01,2024-04-01,12000000000,yen a year,example,g\n"
                      "capacity-share,tokyo,2023-04-01,2023-10-01,0.0001,share,example,g\n"
                      "generation-charge,kw,2023-04-01,2024-04-01,75.5,yen/kW,example,g\n"
                      "generation-charge,kwh,2023-04-01,2024-04-01,0.25,yen/kWh,example,g\n")
    add("roundings.csv", "wheeling,kw,1,half-up\nwheeling,total,1,cut\nwheeling,tax,1,cut\n")
    rows = ["point,start,kwh"]
    for point in POINTS:
        for day in range(1, 32):
            rows += [f"{point},2023-07-{day:02}T{h:02}:{m:02}:00+09:00,10" for h in range(24) for m in (0, 30)]
    run(home, "import", put(home, "\n".join(rows) + "\n"))


def before_anything(home):
    m = ask(home, "show")
    assert m["state"] == "open" and m["edition"] == 0 and m["maker"] is None
    assert m["readings"] == {"confirmed": 3, "estimated": 1, "missing": 0}, m["readings"]
    assert checks(m)["runs"]["blocks"] and checks(m)["costs"]["ok"]
    k = kinds(m)
    assert k["wheeling"]["own_yen"] == f"{sum(POINTS.values())}.000000", k["wheeling"]
    assert k["wheeling"]["reckoned"] == 3 and k["wheeling"]["charged"] == 0
    # 12,000,000,000 / 12 x 0.0001
    assert k["capacity"]["own_yen"] == "100000.000000" and k["capacity"]["accrued_yen"] == "100000.000000"
    assert k["levy"]["own_yen"] == "56814.545454"  # 44,640 kWh x 1.40 yen / 1.1: the price has the tax in it
    # 500 kW x 75.5 yen; nothing is known of what the plant sent
    assert k["generation"]["own_yen"] == k["generation"]["accrued_yen"] == "37750.000000"
    assert k["certificates"]["reckoned"] == 0 and received(home, "cost:capacity") == 0
    assert "billing run issued" in run(home, "close", "show", "--month", "2023-07")
    ahead = checks(json.loads(run(home, "close", "show", "--month", "2199-01", "--json")))["month-over"]
    assert ahead["blocks"] and ahead["count"] > 50000 and "month-over" not in checks(m), ahead
    assert "only what was closed provisionally" in run(home, "close", "approve", "--month", "2023-07", "--as", "ken", status=1)


def wrong_files(home):
    said = run(home, "close", "cost", put(home, "kind,month,id,yen\nwheelin,2023-07,p-hall,1\nwheeling,2023-7,p-nobody,x\n"), status=2)
    assert 'kind: "wheelin"' in said and 'month: "2023-7"' in said and 'yen: "x"' in said and "in.csv:3:" in said, said
    assert "p-nobody" in run(home, "close", "cost", put(home, "kind,month,id,yen\nwheeling,2023-07,p-nobody,1\n"), status=2)
    assert "twice" in run(home, "close", "cost", put(home, "kind,month,id,yen\nlevy,2023-07,levy,1\nlevy,2023-07,levy,2\n"), status=2)
    for row, where in (("imbalance,2023-07,imbalance,1", "groups.csv"), ("bilateral,2023-07,block,1", "sources.csv"), ("levy,2023-07,all,1", "levy"),
                       ("capacity,2023-07,kansai,1", "capacity-burden"), ("generation,2023-07,mil,1", "plants.csv")):
        said = run(home, "close", "cost", put(home, "kind,month,id,yen\n" + row + "\n"), status=2)
        assert "in.csv:2:" in said and where in said, said  # it would be a cost beside our own figure
    assert "names the columns" in run(home, "close", "cost", put(home, "a,b\n1,2\n"), status=2)
    assert "names the columns" in run(home, "close", "cost", put(home, ""), status=2)
    assert kinds(ask(home, "show"))["wheeling"]["charged"] == 0


def certificates(home):
    """Lots of the register with their day and price: what they should have cost, beside what was charged."""
    lots = "lot,kind,vintage,number_from,number_to,kwh,bought,yen_per_kwh\nlot-a,fit,2023,1,1000,1000,{}\nlot-b,fit,2023,2001,3000,1000,2023-08-02,0.4\n"
    run(home, "certificate", "import", put(home, lots.format(",")), "--as", "hana")
    assert kinds(ask(home, "show"))["certificates"]["reckoned"] == 0
    said = run(home, "certificate", "import", put(home, lots.format("2023-07-20,")), "--as", "hana", status=2)
    assert "in.csv:2:" in said and "yen_per_kwh" in said, said
    run(home, "certificate", "import", put(home, lots.format("2023-07-20,0.4")), "--as", "hana")  # the price alone is new
    lot = {l["lot"]: l for l in json.loads(run(home, "certificate", "list", "--json"))["lots"]}["lot-a"]
    assert (lot["issued_wh"], lot["held_wh"], lot["bought"], lot["cost_yen"]) == (1000000, 1000000, "2023-07-20", "400.000000"), lot
    assert kinds(ask(home, "show"))["certificates"]["own_yen"] == "400.000000"
    said = run(home, "close", "cost", put(home, "kind,month,id,yen\ncertificates,2023-07,auction,400\n"), status=2)
    assert 'id: "auction"' in said and "a lot" in said, said
    for yen, off in (("420.5", 1), ("400", 0)):
        run(home, "close", "cost", put(home, f"kind,month,id,yen\ncertificates,2023-07,lot-a,{yen}\n"), "--as", "hana")
        k = kinds(ask(home, "show"))["certificates"]
        assert (k["differing"], float(k["difference_yen"])) == (off, 20.5 * off), k


def provisional(home):
    for words in (("run", "--month", "2023-07", "--as", "hana"), ("approve", "2023-07", "--as", "ken"),
                  ("issue", "2023-07", "--as", "ken", "--format", "html", "--day", "2023-08-05")):
        run(home, "invoice", *words)
    rows = [f"wheeling,2023-07,{p},14880,{yen + 240 * (p == 'p-school')},1,grid,W7" for p, yen in POINTS.items()]
    out = run(home, "close", "cost", put(home, "kind,month,id,kwh,yen,tax,party,bill\n" + "\n".join(rows) + "\n"), "--as", "hana")
    assert "3 lines, 1 months; kinds changed: 1" in out, out
    m = ask(home, "make", "--as", "hana")
    assert (m["state"], m["edition"], m["maker"]) == ("provisional", 1, "cli:hana")
    w = kinds(m)["wheeling"]
    assert w["differing"] == 1 and w["difference_yen"] == "240.000000" and w["accrued_yen"] == "0.000000"
    assert checks(m)["costs"] == {"id": "costs", "ok": False, "blocks": True, "count": 1, "detail": "wheeling"}
    assert checks(m)["books"]["ok"] and len(checks(m)["books"]["detail"]) == 64
    assert received(home, "cost:wheeling") == sum(POINTS.values()) + 240 and received(home, "tax-paid:consumption-tax") == 3
    assert received(home, "cost:capacity") == 100000 == -received(home, "accrued:capacity")
    assert float(m["net_yen"]) - float(m["cost_yen"]) == float(m["margin_yen"])
    assert "p-school" in run(home, "close", "show", "--month", "2023-07")
    entries = received(home, "cost:levy")
    ask(home, "make", "--as", "hana")
    assert received(home, "cost:levy") == entries and received(home, "cost:capacity") == 100000  # said twice: nothing


def killed(home):
    rng = random.Random(7)
    states = set()
    for i in range(6):
        p = subprocess.Popen([MIZO, "close", "make", "--month", "2023-07", "--as", "hana", "--region", home],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
        time.sleep(rng.uniform(0.002, 0.12))
        p.kill()
        p.wait()
        states.add(ask(home, "show")["state"])
    assert states == {"provisional"}
    assert json.loads(run(home, "verify", "--json"))["ok"] and received(home, "cost:capacity") == 100000


def a_full_disk(home):
    """A limit on the size of files stands for it."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    path = put(home, "kind,month,id,yen\nother,2023-07,postage,900\n")
    for words in (("make", "--month", "2023-07", "--as", "hana"), ("cost", path, "--as", "hana")):
        before = ask(home, "show")
        p = subprocess.run([MIZO, "close", *words, "--region", home], capture_output=True, text=True, env=ENV, timeout=60, preexec_fn=limit)
        assert p.returncode == 3 and p.stderr, (words, p.returncode, p.stderr)
        assert ask(home, "show") == before and json.loads(run(home, "verify", "--json"))["ok"], words


def overlapping_contracts(home):
    path = os.path.join(home, "contracts.csv")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "a", encoding="utf-8") as f:
        f.write("c-hall-2,p-hall,village,hv-day,,tender,,1,30,2023-07-10,\n")
    for words in (("close", "show", "--month", "2023-07"), ("bill", "--month", "2023-07"), ("invoice", "run", "--month", "2023-07", "--as", "hana")):
        said = run(home, *words, status=2)
        assert "contract c-hall-2 and contract c-hall" in said or "contract c-hall and contract c-hall-2" in said, said
        assert "2023-07-10" in said and "contracts.csv:" in said, said
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def the_second_word(home):
    assert "wheeling" in run(home, "close", "approve", "--month", "2023-07", "--as", "ken", status=2)
    assert "one line" in run(home, "close", "accept", "wheeling", "--month", "2023-07", "--why", "x\ny", "--as", "ken", status=2)
    assert '"levy"' in run(home, "close", "accept", "levy", "--month", "2023-07", "--why", "x", "--as", "ken", status=2)
    assert checks(ask(home, "accept", "wheeling", "--why", "meter read a day later", "--as", "ken"))["costs"]["ok"]
    desk = checks(ask(home, "show"))["desk"]  # nobody filed a day of the village's groups
    assert not desk["ok"] and desk["blocks"] and desk["count"] == 2976 and "62" in desk["detail"], desk
    assert "desk" in run(home, "close", "approve", "--month", "2023-07", "--as", "ken", status=2)
    desk = checks(ask(home, "accept", "desk", "--why", "bought by the parent until August", "--as", "ken"))["desk"]
    assert not desk["ok"] and not desk["blocks"], desk
    assert "hana" in run(home, "close", "approve", "--month", "2023-07", "--as", "hana", status=1)
    # something comes between the two words
    run(home, "close", "cost", put(home, "kind,month,id,yen\nother,2023-07,postage,500\n"))
    m = ask(home, "show")
    assert [(c["of"], c["id"], c["is_yen"], c["source"]) for c in m["changes"]] == [("cost", "other", "500.000000", "close cost")], m["changes"]
    assert "close it again" in run(home, "close", "approve", "--month", "2023-07", "--as", "ken", status=1)
    ask(home, "make", "--as", "hana")
    m = ask(home, "approve", "--as", "ken")
    assert (m["state"], m["edition"], m["maker"], m["approver"]) == ("final", 1, "cli:hana", "cli:ken")
    assert "is final" in run(home, "close", "approve", "--month", "2023-07", "--as", "lin", status=1)


def afterwards(home):
    levy = received(home, "cost:levy")
    run(home, "close", "cost", put(home, "kind,month,id,yen,party\ncapacity,2023-07,tokyo,101000,occto\n"))
    assert received(home, "cost:capacity") == 101000 == -received(home, "supplier:occto") and received(home, "accrued:capacity") == 0
    run(home, "close", "cost", put(home, "kind,month,id,yen,party\ncapacity,2023-07,tokyo,98000,occto\n"))  # recalculated
    assert received(home, "cost:capacity") == 98000 == -received(home, "supplier:occto") and received(home, "accrued:capacity") == 0
    assert received(home, "cost:levy") == levy
    with sqlite3.connect(os.path.join(home, "mizo.db")) as db:
        late = db.execute("SELECT count(*) FROM entry WHERE day < 19570 AND ref LIKE '%capacity'").fetchone()[0]  # August 2023
        assert late == 1  # the accrual alone lies in the month
    assert ask(home, "show")["state"] == "final" and json.loads(run(home, "verify", "--json"))["ok"]


def the_next_edition(home):
    assert "another edition needs a reason" in run(home, "close", "make", "--month", "2023-07", "--as", "hana", status=2)
    m = ask(home, "make", "--why", "capacity was recalculated", "--as", "hana")
    assert (m["state"], m["edition"], m["why"], m["approver"]) == ("provisional", 2, "capacity was recalculated", None)
    assert [(c["id"], c["was_yen"], c["is_yen"]) for c in m["changes"]] == [("capacity", "100000.000000", "98000.000000")]
    assert "capacity" in run(home, "close", "approve", "--month", "2023-07", "--as", "ken", status=2)
    ask(home, "accept", "capacity", "--why", "recalculated", "--as", "ken")
    assert ask(home, "approve", "--as", "ken")["state"] == "final" and received(home, "cost:capacity") == 98000
    out = os.path.join(home, "journal.csv")
    run(home, "close", "show", "--month", "2023-07", "--journal", out, "--out", os.path.join(home, "close.html"))
    with open(out, encoding="utf-8-sig") as f:
        assert "6010" in f.read()
    assert "says no format" in run(home, "close", "show", "--month", "2023-07", "--out", "x.doc", status=2)
    run(home, "close", "shut", "--month", "2023-07", status=2)
    run(home, "close", "show", "--month", "2023-13", status=2)


def a_virtual_point(home):
    """Depot and school together: a contract on them is billed only where virtual.csv says on what ground."""
    def edit(name, change):
        with open(os.path.join(home, name), encoding="utf-8") as f:
            text = f.read()
        with open(os.path.join(home, name), "w", encoding="utf-8") as f:
            f.write(change(text))

    edit("points.csv", lambda t: t + next(r for r in t.splitlines() if r.startswith("p-hall,")).replace("p-hall", "v-all", 1).replace(",slot,", ",virtual,") + "\n")
    edit("contracts.csv", lambda t: t + "c-all,v-all,village,hv-day,,tender,,1,30,2023-07-01,2023-08-01\n")
    said = run(home, "bill", "--contract", "c-all", "--month", "2023-07", status=2)
    assert "v-all is for analysis" in said and "virtual.csv:2" in said, said
    edit("virtual.csv", lambda t: t.replace(",no,,,", ",yes,agreement of 1 April 2023,2023-07-02,"))
    said = run(home, "bill", "--contract", "c-all", "--month", "2023-07", status=2)
    assert "does not hold on 2023-07-01" in said, said
    edit("virtual.csv", lambda t: t.replace("2023-07-02", ""))
    b = json.loads(run(home, "bill", "--contract", "c-all", "--month", "2023-07", "--json"))
    wh = [x for x in json.dumps(b).split('"wh": ')[1:]][0].split(",")[0]
    assert int(wh) == 2 * 14880000, wh
    run(home, "import", put(home, "point,start,kwh\np-school,2023-07-20T10:00:00+09:00,30\n"))
    again = json.loads(run(home, "bill", "--contract", "c-all", "--month", "2023-07", "--json"))
    assert again != b and '"wh": 29780000' in json.dumps(again)


with tempfile.TemporaryDirectory() as top:
    home = os.path.join(top, "village")
    prepare(home)
    bad = each([before_anything, wrong_files, certificates, overlapping_contracts, provisional, killed, a_full_disk, the_second_word, afterwards, the_next_edition, a_virtual_point], home)
sys.exit(bad)
