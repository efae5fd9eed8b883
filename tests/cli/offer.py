"""mizo offer: panels for a house whose year is made by hand, so that what comes out can be checked.

    offer.py MIZO VILLAGE
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
# The libraries of the PDF keep their fonts until the process ends.
ENV = {**os.environ, "MIZO_LANG": "en",
       "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))}
PARAMS = """levy,,2021-05-01,2022-05-01,3.36,yen/kWh,METI announcement,s
offer-ageing,,,,0,share a year,test,
offer-capex,,,,200000,yen/kW,test,
offer-clear-index,,,,0.6,share,test,g
offer-discount,,,,0,share,test,
offer-grant,,,,0.5,share,test,g
offer-grant-passed,,,,0.8,share,test,g
offer-ppa-return,,,,0,share,test,
offer-ppa-years,,,,20,years,test,
offer-price-step,,,,0.1,yen/kWh,test,
offer-roof-share,,,,0.2,share,test,
offer-roof-w-per-m2,,,,150,W/m2,test,g
offer-self-use-least,,,,0.5,share,test,v
offer-upkeep,,,,3000,yen/kW a year,test,
offer-years,,,,20,years,test,
"""
FIRST, DAYS, WH = datetime.date(2022, 4, 1), 365, 30000


def run(*words, status=0, home=None):
    p = subprocess.run([MIZO, *words, "--region", home], capture_output=True, text=True, timeout=100, env=ENV)
    assert p.returncode == status, (words, p.returncode, p.stdout[-500:], p.stderr[-2000:])
    return p.stdout if status == 0 else p.stderr


def even_load(home, point, days=DAYS):
    """The same energy in every half-hour: its mean, its highest and its gaps are known."""
    path = os.path.join(home, "even.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("point,start,kwh\n")
        for d in range(days):
            at = (FIRST + datetime.timedelta(days=d)).isoformat()
            for s in range(48):
                f.write(f"{point},{at}T{s // 2:02d}:{s % 2 * 30:02d}:00+09:00,{WH / 1000}\n")
    run("import", path, home=home)


def a_town(top, name, days=DAYS, params=PARAMS):
    home = os.path.join(top, name)
    shutil.copytree(VILLAGE, home)
    os.remove(os.path.join(home, "readings.csv"))
    with open(os.path.join(home, "params.csv"), "a", encoding="utf-8") as f:
        f.write(params)
    even_load(home, "p-hall", days)
    return home


def the_sums(top):
    home = a_town(top, "sums")
    o = json.loads(run("offer", "--site", "p-hall", "--before", "2023-04-01", "--json", home=home))
    assert (o["from"], o["to"], o["load_from"], o["yield_from"]) == ("2022-04-01", "2023-04-01", "slots", "clear-sky")
    assert o["filled_slots"] == 0 and sum(m["load_wh"] for m in o["months"]) == DAYS * 48 * WH
    assert o["with_tax"]  # the village is public: it cannot deduct the tax, which is a tenth
    for s in o["sizes"]:
        assert 0 < s["self_wh"] <= s["generated_wh"]
        kw, kwh = s["dc_w"] / 1000, s["generated_wh"] / 1000
        assert 700 < kwh / kw < 1400, (kw, kwh)  # of a year at this latitude under a mean sky
        assert abs(float(s["cost_yen"]) - 220000 * kw) < 1e-3 and abs(float(s["grant_yen"]) - 110000 * kw) < 1e-3
        # nothing is discounted and nothing ages: the price is a division, rounded up to 0.1 yen
        price = (200000 * kw - 80000 * kw + 20 * 3000 * kw) / (20 * s["self_wh"] / 1000)
        assert 0 <= float(s["ppa_price_yen_per_kwh"]) / 1.1 - price <= 0.1001, (s, price)
        value = 20 * (float(s["saved_yen"]) - 3300 * kw) - 110000 * kw
        assert abs(float(s["own_value_yen"]) - value) < 1, (s, value)
    best = max((s for s in o["sizes"] if s["self_wh"] * 2 >= s["generated_wh"]), key=lambda s: float(s["own_value_yen"]))
    assert o["best"] == best and best["payback_years"] > 0
    # half of the sun is over by noon and nothing shines at night: no more than what 30 kWh take each half-hour
    assert best["self_wh"] <= DAYS * 48 * WH
    saved = sum(float(m["before_yen"]) - float(m["after_yen"]) for m in o["months"])
    assert abs(saved - float(best["saved_yen"])) < 1e-6


def without_tax(top):
    """Everything on the other basis: costs as they stand, the bills less their tax, whose tenth was cut to the yen."""
    home = os.path.join(top, "sums")
    asked = ("offer", "--site", "p-hall", "--before", "2023-04-01", "--json")
    a, b = (json.loads(run(*asked, *more, home=home)) for more in ((), ("--tax", "without")))
    assert a["with_tax"] and not b["with_tax"] and json.loads(run(*asked, "--tax", "with", home=home)) == a
    for x, y in zip(a["months"], b["months"]):
        assert 0 <= float(y["before_yen"]) - float(x["before_yen"]) / 1.1 < 1, (x, y)
    for x, y in zip(a["sizes"], b["sizes"]):
        assert abs(float(x["cost_yen"]) - 1.1 * float(y["cost_yen"])) < 1e-3 and abs(float(x["saved_yen"]) / 1.1 - float(y["saved_yen"])) < 24
        assert abs(float(x["ppa_price_yen_per_kwh"]) - 1.1 * float(y["ppa_price_yen_per_kwh"])) < 1e-5
    assert '"half"' in run(*asked, "--tax", "half", status=2, home=home)
    words = [run(*asked[:-1], *more, home=home) for more in ((), ("--tax", "without"))]
    assert "税込" in words[0] and "すべて税抜" in words[1] and "税込" not in words[1]


def today_s_bill(top):
    """March's bill has the eleven months before it in the store, all alike: it is the offer's own."""
    home = os.path.join(top, "sums")
    o = json.loads(run("offer", "--site", "p-hall", "--before", "2023-04-01", "--json", home=home))
    bill = json.loads(run("bill", "--month", "2023-03", "--contract", "c-hall", "--json", home=home))
    assert o["months"][11]["month"] == "2023-03-01"
    total = [b["total_yen"] for b in bill["bills"]] if "bills" in bill else [bill["total_yen"]]
    assert float(o["months"][11]["before_yen"]) == float(total[0]), (o["months"][11], total)


def two_pages(top):
    home = os.path.join(top, "sums")
    out = os.path.join(home, "offer.pdf")
    run("offer", "--site", "p-hall", "--before", "2023-04-01", "--out", out, home=home)
    with open(out, "rb") as f:
        first = f.read()
    assert first.startswith(b"%PDF-") and first.count(b"/Type /Page\n") in (0, 2), first.count(b"/Type /Page\n")
    run("offer", "--site", "p-hall", "--before", "2023-04-01", "--out", out, home=home)
    with open(out, "rb") as f:
        assert f.read() == first
    text = run("offer", "--site", "p-hall", "--before", "2023-04-01", home=home)
    assert "太陽光発電のご提案" in text and "[G]" in text and "求められる自家消費率" in text


def what_is_missing(top):
    home = a_town(top, "bare", days=31, params="")
    said = run("offer", "--site", "p-hall", "--before", "2022-05-01", status=2, home=home)
    assert "too little is known" in said and "half-hours of 30 days" in said, said
    with open(os.path.join(home, "params.csv"), "a", encoding="utf-8") as f:
        f.write("offer-clear-index,,,,0.6,share,test,g\n")
    even_load(home, "p-hall")
    said = run("offer", "--site", "p-hall", "--before", "2023-04-01", status=2, home=home)
    for name in [line.split(",")[0] for line in PARAMS.splitlines() if line.startswith("offer-") and "clear-index" not in line]:
        assert name in said, (name, said)
    assert 'no facility or point "nowhere"' in run("offer", "--site", "nowhere", status=2, home=home)
    # a contract that begins in the middle of the year has no bill in its first months
    assert "in every month" in run("offer", "--site", "p-hall", "--before", "2023-03-01", status=2,
                                   home=os.path.join(top, "late"))


def late_contract(top):
    home = a_town(top, "late", days=DAYS)
    path = os.path.join(home, "contracts.csv")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert "c-hall,p-hall" in text
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(l.replace("2022-04-01", "2022-09-01") if l.startswith("c-hall") else l for l in text.split("\n")))


def months(top, n=12):
    return [DAYS_OF[m] * 48 * WH / 1000 for m in range(n)]


DAYS_OF = [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]  # April to March


def by_months(top):
    """Twelve figures of bills: typed, or imported; they come to the same, and to the bills of the half-hours' year."""
    home = a_town(top, "months", days=31)
    typed = ",".join(str(v) for v in months(top))
    slots = json.loads(run("offer", "--site", "p-hall", "--before", "2023-04-01", "--json", home=os.path.join(top, "sums")))
    o = json.loads(run("offer", "--site", "p-hall", "--before", "2023-04-01", "--kwh", typed, "--json", home=home))
    assert o["load_from"] == "months" and [m["load_wh"] for m in o["months"]] == [round(v * 1000) for v in months(top)]
    # nobody of its kind is known: the load is even, as the half-hours were, and so is every bill and size
    assert [m["before_yen"] for m in o["months"]] == [m["before_yen"] for m in slots["months"]]
    assert o["best"] == slots["best"], (o["best"], slots["best"])
    path = os.path.join(home, "bills.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("point,from,to,kwh\n")
        for i, v in enumerate(months(top)):
            y, m = 4 + (3 + i) // 12, (3 + i) % 12 + 1  # in the years of Reiwa
            z, k = 4 + (4 + i) // 12, (4 + i) % 12 + 1
            f.write(f"p-depot,R{y}.{m}.1,R{z}.{k}.1,{v}\n")
    run("import", path, home=home)
    b = json.loads(run("offer", "--site", "p-depot", "--before", "2023-04-01", "--json", home=home))
    assert b["load_from"] == "bills" and [m["load_wh"] for m in b["months"]] == [round(v * 1000) for v in months(top)]


def bad_months(top):
    home = os.path.join(top, "months")
    for typed in ("1,2,3", ",".join(["1"] * 13), ",".join(["1"] * 11 + ["-1"]), ",".join(["1"] * 11 + ["x"])):
        said = run("offer", "--site", "p-hall", "--before", "2023-04-01", "--kwh", typed, status=2, home=home)
        assert "twelve months" in said, (typed, said)
    said = run("offer", "--site", "p-depot", "--before", "2023-06-01", status=2, home=home)
    assert "no bill covers 2023-04" in said and "no bill covers 2023-05" in said and "2023-03" not in said, said
    path = os.path.join(home, "era.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("point,from,to,kwh\np-depot,H35.4.1,H35.5.1,100\np-depot,R5.13.1,R5.14.1,100\np-depot,R5.4.1,H31.5.1,100\n")
    said = run("import", path, status=2, home=home)
    assert said.count("era.csv:") >= 3, said


TESTS = [the_sums, without_tax, today_s_bill, two_pages, what_is_missing, by_months, bad_months]
with tempfile.TemporaryDirectory() as top:
    late_contract(top)
    print(f"1..{len(TESTS)}")
    bad = 0
    for i, t in enumerate(TESTS, 1):
        try:
            t(top)
            print(f"ok {i} - {t.__name__}", flush=True)
        except Exception as e:  # noqa: BLE001
            bad += 1
            print(f"not ok {i} - {t.__name__}\n# {type(e).__name__} at line {e.__traceback__.tb_next.tb_lineno if e.__traceback__.tb_next else 0}: {e}", flush=True)
sys.exit(bad > 0)
