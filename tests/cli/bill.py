"""mizo bill, mizo tariff explain and mizo bench settle as a person runs them, beside the reckoning by fractions of
tests/data/bills/rule.py.

    bill.py MIZO BILLS
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

MIZO, BILLS = sys.argv[1], sys.argv[2]
sys.path.insert(0, BILLS)
sys.dont_write_bytecode = True
import rule  # noqa: E402

count = 0
failed = 0


class Town:
    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="mizo-bill-")
        self.region = os.path.join(self.dir, "town")
        os.makedirs(self.region)
        for name in os.listdir(BILLS):
            if name.endswith((".csv", ".yaml")) and name not in ("bills.csv", "lines.csv", "totals.csv"):
                shutil.copy(os.path.join(BILLS, name), self.region)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def run(self, *words, lang="en"):
        env = dict(os.environ, MIZO_LANG=lang)
        return subprocess.run([MIZO, *words, "--region", self.region], capture_output=True, env=env, timeout=120, text=True)

    def take(self, text, *words):
        path = os.path.join(self.dir, "in.csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        r = self.run("import", path, *words)
        assert r.returncode == 0, r.stderr
        return r

    def bill(self, contract, month, *words):
        r = self.run("bill", "--contract", contract, "--month", month, "--json", *words)
        assert r.returncode == 0, r.stderr
        return json.loads(r.stdout)["bills"][0]


def reckoned(contract, month, **cells):
    row = dict.fromkeys(("use", "price", "period_kwh", "max_kw", "power_factor", "before_kw"), "")
    row.update(cells, id="x", contract=contract, month=month)
    return rule.Bill(row).make()


def half_hours(point, pattern, b):
    """The days of a bill as a wide file, kWh."""
    head = "point,date," + ",".join(f"{s // 2}:{s % 2 * 30:02d}" for s in range(48)) + "\n"
    rows = [f"{point},{d}," + ",".join("" if x is None else f"{x / 1000:.3f}" for x in v)
            for d, v in b.pattern(pattern).items()]
    return head + "\n".join(rows) + "\n"


def prices(pattern):
    return "年月日,時刻コード,システムプライス(円/kWh),エリアプライス東京(円/kWh)\n" + "".join(
        f"{d:%Y/%m/%d},{s + 1},1,{v[s] / 1000:.3f}\n" for d, v in pattern.items() for s in range(48))


def same(bill, b):
    """Every line, the total and what roundings left, as the fractions have them."""
    got = [(x["kind"], x["quantity"], x["billed"], x["raw_yen"], x["amount_yen"]) for x in bill["lines"]]
    want = [(x["kind"], int(x["quantity"]), int(x["billed"]), rule.dec(x["raw"]), rule.dec(x["amount"])) for x in b.lines]
    assert got == want, (got, want)
    assert bill["total_yen"] == rule.dec(b.total), (bill["total_yen"], b.total)
    assert bill["exact_yen"] == rule.dec(b.exact) and bill["left_yen"] == rule.dec(b.exact - b.total)


USE = "all 1000; weekday 8:00-22:00 20000; 2021-07-15 13:00-13:30 60000"
BEFORE = "point,from,to,kwh,max_kw\np-tou,2021-05-01,2021-06-01,20000,110\np-tou,2020-07-01,2020-08-01,20000,400\n"


def test_out_of_the_store():
    with Town() as t:
        b = reckoned("tou", "2021-07", use=USE, before_kw="- 110")
        t.take(half_hours("p-tou", USE, b), "--known", "2021-08-05T09:00:00+09:00")
        t.take(BEFORE, "--known", "2021-08-01T00:00:00+09:00")
        bill = t.bill("tou", "2021-07")
        same(bill, b)
        assert bill["demand"]["w"] == 120000 and bill["demand"]["months_known"] == 1  # 400 kW were 12 months before
        assert bill["readings"]["measured"] == 31 * 48 and len(bill["readings"]["digest"]) == 64
        assert bill["known"] == "2021-08-05T09:00:00+09:00" and len(bill["model"]) == 64


def test_who_moves_in():
    """The city had the point until 15 September, and its peak: the firm pays for its own alone, from the 16th on."""
    with Town() as t:
        use = "all 1000; weekday 8:00-22:00 5000"
        was = "all 2000; 2021-09-10 9:00-9:30 200000"
        b = reckoned("tou-after", "2021-10", use=use, price="all 9000", before_kw="16")
        t.take(half_hours("p-tou", use, b))
        t.take(prices(b.pattern("all 9000")))
        t.take(half_hours("p-tou", was, reckoned("tou", "2021-09", use=was)))
        t.take("point,date," + ",".join(f"{s // 2}:{s % 2 * 30:02d}" for s in range(48)) + "\n" +
               "\n".join(f"p-tou,2021-09-{d}," + ",".join("8" if (d, s) == (20, 18) else "2" for s in range(48)) for d in range(16, 31)) + "\n")
        bill = t.bill("tou-after", "2021-10")
        same(bill, b)
        assert bill["demand"]["w"] == 16000 and bill["demand"]["months_known"] == 1, bill["demand"]
        assert t.bill("tou", "2021-09")["demand"]["w"] == 400000


def test_a_power_factor_by_hand():
    with Town() as t:
        b = reckoned("tou", "2021-07", use=USE, power_factor="91.5")
        t.take(half_hours("p-tou", USE, b))
        before = t.bill("tou", "2021-07")
        said = ("readings", "factor", "p-tou", "--month", "2021-07", "--percent", "91.5")
        for words, why in ((said, "--reason"), (("readings", "factor", "p-none", *said[3:]), "p-none"),
                           ((*said[:-1], "101", "--reason", "x"), "at most 100 %"), ((*said[:4], "2021", *said[5:]), "2021-07")):
            r = t.run(*words)
            assert r.returncode == 2 and why in r.stderr, (words, r.stderr)
        assert t.bill("tou", "2021-07") == before
        assert t.run(*said, "--reason", "reactive meter, on paper", "--as", "ken").returncode == 0
        same(t.bill("tou", "2021-07"), b)
        assert t.bill("tou", "2021-07")["total_yen"] != before["total_yen"]


def test_as_of_gives_the_same_bytes():
    with Town() as t:
        b = reckoned("tou", "2021-07", use=USE)
        t.take(half_hours("p-tou", USE, b), "--known", "2021-08-05T09:00:00+09:00")
        words = ("bill", "--contract", "tou", "--month", "2021-07", "--json", "--as-of", "2021-08-31")
        first = t.run(*words)
        assert first.returncode == 0, first.stderr
        mended = USE + "; 2021-07-16 9:00-9:30 90000"
        t.take(half_hours("p-tou", mended, b), "--known", "2021-09-10T09:00:00+09:00")
        again = t.run(*words)
        assert again.stdout == first.stdout  # to the byte, after a correction
        now = t.bill("tou", "2021-07")
        same(now, reckoned("tou", "2021-07", use=mended))
        assert now["demand"]["w"] == 180000 and now["known"] == "2021-09-10T09:00:00+09:00"


def test_a_meter_replaced_within_the_month():
    with Town() as t:
        t.take("point,from,to,kwh\np-home,2021-06-15,2021-06-28,70.5\np-home,2021-06-28,2021-07-15,61.25\n")
        same(t.bill("home", "2021-07"), reckoned("home", "2021-07", period_kwh="131.75"))
        r = t.run("bill", "--contract", "home", "--month", "2021-08")
        assert r.returncode == 2 and "2021-07-15 - 2021-08-14" in r.stderr, r.stderr


def test_lamps_and_prices():
    with Town() as t:
        b = reckoned("linked", "2021-05", use="all 5000", price="all 8765; weekday 8:00-22:00 12340")
        t.take(half_hours("p-linked", "all 5000", b))
        price = b.pattern("all 8765; weekday 8:00-22:00 12340")
        t.take(prices(price))
        same(t.bill("linked", "2021-05"), b)
        same(t.bill("lamps", "2024-02"), reckoned("lamps", "2024-02"))  # nobody reads them


def opened(t, contract, month):
    r = t.run("bill", "--contract", contract, "--month", month, "--slots")
    assert r.returncode == 0, r.stderr
    return json.loads(r.stdout)


def lines_sum(bill, slots):
    """Each line by time comes to the sum of its half-hours."""
    for i, line in enumerate(bill["lines"]):
        if line["kind"] in ("energy", "market", "wheeling"):
            of = slots["wheeling" if line["kind"] == "wheeling" else "energy"]
            got = sum(wh for wh, k in zip(slots["wh"], of) if k == i)
            assert got == line["quantity"], (line["kind"], got, line["quantity"])
    assert sum(slots["wh"]) == bill["readings"]["wh"]


def test_opened_to_its_half_hours():
    with Town() as t:
        b = reckoned("tou", "2021-07", use=USE)
        t.take(half_hours("p-tou", USE, b), "--known", "2021-08-05T09:00:00+09:00")
        bill, slots = t.bill("tou", "2021-07"), opened(t, "tou", "2021-07")
        lines_sum(bill, slots)
        assert len(slots["wh"]) == 31 * 48 and slots["from"] == "2021-07-01" and not slots["estimated"]
        assert slots["wh"][14 * 48 + 26] == 60000 and not any(slots["price_yen"])
        b = reckoned("linked", "2021-05", use="all 5000", price="all 8765; weekday 8:00-22:00 12340")
        t.take(half_hours("p-linked", "all 5000", b))
        price = b.pattern("all 8765; weekday 8:00-22:00 12340")
        t.take(prices(price))
        bill, slots = t.bill("linked", "2021-05"), opened(t, "linked", "2021-05")
        lines_sum(bill, slots)
        assert len(set(slots["price_yen"])) == 2 and None not in slots["price_yen"], set(slots["price_yen"])
        assert opened(t, "lamps", "2024-02")["slots"] is False
        r = t.run("bill", "--contract", "nobody", "--month", "2021-07", "--slots")
        assert r.returncode == 2 and "nobody" in r.stderr


def test_a_gap_opened():
    use = "all 800; 2021-10-04 9:00-11:00 -"
    with Town() as t:
        b = reckoned("tou-after", "2021-10", use=use, price="all 9870")
        point = next(line.split(",")[1] for line in open(os.path.join(BILLS, "contracts.csv"), encoding="utf-8")
                     if line.startswith("tou-after,"))
        t.take(half_hours(point, use, b))
        t.take(prices(b.pattern("all 9870")))
        bill, slots = t.bill("tou-after", "2021-10"), opened(t, "tou-after", "2021-10")
        lines_sum(bill, slots)
        first = 3 * 48 + 18
        assert slots["estimated"] == list(range(first, first + 4)) and slots["wh"][first] == 800


def test_all_mistakes_at_once():
    with Town() as t:
        b = reckoned("tou", "2021-07", use=USE)
        t.take(half_hours("p-tou", USE, b))
        r = t.run("bill", "--month", "2021-07")
        assert r.returncode == 2
        for word in ("contract agreed: 1488 of 1488 half-hours are missing", "contract xhv: 1488", "point p-home is read"):
            assert word in r.stderr, r.stderr
        assert "tou " in r.stdout and "could not be made" in r.stdout
        assert r.stderr.count("\n") == len(set(r.stderr.splitlines()))  # nothing twice


def test_explain():
    with Town() as t:
        b = reckoned("tou", "2021-07", use=USE)
        t.take(half_hours("p-tou", USE, b))
        words = ("tariff", "explain", "--contract", "tou", "--month", "2021-07")
        r = t.run(*words)
        assert r.returncode == 0, r.stderr
        for word in ("charges.csv:2", "rule book 5 [C]", "120 kW x 1890.00 x (185 - 100.00) / 100", "params.csv:9 levy",
                     "rule book 5.2 S", "left by roundings"):
            assert word in r.stdout, (word, r.stdout)
        j = t.run("tariff", "explain", "--contract", "tou", "--month", "2021-07", "--json")
        assert json.loads(j.stdout) == t.bill("tou", "2021-07")
        ja = t.run(*words, lang="ja").stdout
        assert "基本料金" in ja and "再エネ賦課金" in ja and "正確な合計" in ja


def test_words():
    with Town() as t:
        t.take(BEFORE)
        for words, said in (
                (("bill", "--month", "2021-13"), "a month is written 2021-07"),
                (("bill", "--month", "July"), "a month is written 2021-07"),
                (("bill", "--month", "2021-07", "--contract", "nobody"), "no contract nobody"),
                (("bill", "--month", "2030-07", "--contract", "flat"), "does not hold in 2030-07"),
                (("tariff", "describe", "--contract", "tou", "--month", "2021-07"), "tariff explain"),
                (("tariff", "explain", "--month", "2021-07"), "--contract")):
            r = t.run(*words)
            assert r.returncode == 2 and said in r.stderr, (words, r.returncode, r.stderr)


def test_bench():
    with tempfile.TemporaryDirectory(prefix="mizo-bench-") as d:
        def bench(*words):
            return subprocess.run([MIZO, "bench", "settle", "--store", os.path.join(d, "b.db"), *words],
                                  capture_output=True, text=True, timeout=300)
        r = bench("--contracts", "20", "--peer", "20", "--entries", "2000", "--match", "3", "--json")
        assert r.returncode == 0, r.stderr
        j = json.loads(r.stdout)
        for key in ("contracts", "wall_s", "cpu_s", "bills", "total_yen", "match_wall_s", "verify_entries_per_s",
                    "post_entries_per_s", "rss_mb"):
            assert key in j, key
        assert j["bills"] == 240 and j["same_totals"] and j["peer"]["total_yen"] == j["total_yen"], j
        assert j["from"] == "store" and j["memory"]["total_yen"] == j["total_yen"]
        assert os.listdir(d) == [], os.listdir(d)
        r = bench("--contracts", "1001", "--peer", "0", "--entries", "0", "--match", "0", "--threads", "1", "--json")
        one = json.loads(r.stdout)
        two = json.loads(bench("--contracts", "1001", "--peer", "0", "--entries", "0", "--match", "0", "--threads", "3", "--json").stdout)
        assert one["total_yen"] == two["total_yen"] and one["from"] == "memory" and one["bills"] == 12012
        open(os.path.join(d, "b.db"), "w").close()
        r = bench("--contracts", "1")
        assert r.returncode == 2 and "is there already" in r.stderr, r.stderr


def real_exact(data):
    """lcl_homes at jepx_spot (Tokyo), market-linked, in micro-yen, with nothing of mizo."""
    def lines(name):
        return subprocess.run(["zstd", "-dc", os.path.join(data, name)], capture_output=True, text=True,
                              check=True).stdout.splitlines()
    spot = lines("jepx_spot/spot_2020_04_2024_12.csv.zst")
    tokyo = spot[0].split(",").index("tokyo_jpy_kwh")
    unit = {}
    for row in spot[1:]:
        c = row.split(",")
        if c[0].startswith("2023-"):
            myen = round(float(c[tokyo]) * 1000)
            n, den = myen * 1000 * 1000000, 931000
            unit[c[0][5:10], int(c[1]) - 1] = (2 * n + den) // (2 * den) + 5500000
    homes = lines("lcl_homes/kwh_30min_2013_01_09.csv.zst")
    days = {}  # (month-day) -> 48 rows of texts
    for row in homes[1:]:
        c = row.split(",")
        s = int(c[0][11:13]) * 2 + int(c[0][14:16]) // 30
        days.setdefault(c[0][5:10], [None] * 48)[s] = c[1:]
    exact = bills = 0
    for month in range(1, 10):
        of = [d for d in sorted(days) if d.startswith(f"{month:02d}-")]
        work = {d: rule.kind_of(rule.day(f"2023-{d}")) in ("weekday", "quiet") for d in of}
        for h in range(len(homes[0].split(",")) - 1):
            v = {d: [round(float(r[h]) * 1000) if r and r[h] else None for r in days[d]] for d in of}
            total = 0
            for d in of:
                for s in range(48):
                    x = v[d][s]
                    if x is None:
                        like = [v[o][s] for o in of if v[o][s] is not None and work[o] == work[d]]
                        x = (2 * sum(like) + len(like)) // (2 * len(like))
                    total += x * unit[d, s]
            exact += (total + 500) // 1000
            bills += 1
    return exact, bills


def test_real_homes_at_real_prices():
    data = os.environ.get("MIZO_DATA", "")
    if not os.path.isdir(os.path.join(data, "lcl_homes")) or not shutil.which("zstd"):
        return "MIZO_DATA names no lcl_homes, or there is no zstd"
    with tempfile.TemporaryDirectory(prefix="mizo-bench-") as d:
        r = subprocess.run([MIZO, "bench", "settle", "--store", os.path.join(d, "b.db"), "--contracts", "1", "--peer", "0",
                            "--entries", "0", "--match", "0", "--real", data, "--json"], capture_output=True, text=True, timeout=300)
        assert r.returncode == 0, r.stderr
        real = json.loads(r.stdout)["real"]
        exact, bills = real_exact(data)
        assert real["closes"] and real["bills"] == bills
        assert real["exact_yen"] == f"{exact // 1000000}.{exact % 1000000:06d}", (real["exact_yen"], exact)
    return None


def main():
    global count, failed
    rule.HOLIDAYS |= {rule.day(d) for d in ("2023-03-21", "2023-04-29", "2023-05-03", "2023-05-04", "2023-05-05", "2023-07-17",
                                            "2023-08-11", "2023-09-18", "2023-09-23")}
    tests = [(n, f) for n, f in sorted(globals().items()) if n.startswith("test_")]
    print(f"1..{len(tests)}")
    for n, (name, f) in enumerate(tests, 1):
        try:
            skip = f()
            print(f"ok {n} - {name[5:]}" + (f" # SKIP {skip}" if skip else ""))
        except Exception as e:  # noqa: BLE001
            failed += 1
            print(f"not ok {n} - {name[5:]}\n# {type(e).__name__}: {str(e)[:2000]}")
    return 1 if failed else 0


sys.exit(main())
