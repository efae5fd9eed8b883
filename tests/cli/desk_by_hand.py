"""A day of a balancing group reckoned a second time by plain arithmetic: procurement and trades, the imbalance at prices
below zero too, its split by each rule of a contract, what the month's close makes of it, a charge that comes late.

    desk_by_hand.py MIZO VILLAGE
"""

import csv
import io
import json
import os
import shutil
import sys
import tempfile
from fractions import Fraction as F

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from tap import VILLAGE, done, mizo, tell  # noqa: E402

DAY, MEMBERS = "2023-07-09", ("village-energy", "big-power")
SPOT_PRICE = [f"{10 + k % 7 * 3 - (20 if k == 25 else 0)}.{k % 100:02d}" for k in range(48)]  # below zero at half past twelve
WATT_HOURS = 1000
SPOT = [[1, "buy", 50, "-0.5"], [2, "sell", 100, "9.51"], [30, "buy", 150, "12.34"], [48, "buy", 50, "0.01"]]
INTRADAY = [[1, "sell", 50, "20.07"], [30, "sell", 100, "19.93"], [30, "sell", 100, "18"], [30, "buy", 50, "-1.11"], [48, "sell", 100, "-1.11"]]


def uyen(text):
    return int(text.replace(".", ""))


def half_up(uyen, wh):
    """Milli-yen a kWh."""
    return (F(uyen, wh) + F(1, 2)).__floor__()


def split(total, weights):
    """Whole parts of a whole: the largest remainders round up, of equal ones the first."""
    if not sum(weights):
        weights = [1] * len(weights)
    exact = [F(total * w, sum(weights)) for w in weights]
    out = [x.numerator // x.denominator for x in exact]
    for i in sorted(range(len(out)), key=lambda i: (out[i] - exact[i], i))[: total - sum(out)]:
        out[i] += 1
    return out


def table(head, rows):
    out = io.StringIO()
    w = csv.writer(out)
    w.writerow(head)
    w.writerows(rows)
    return out.getvalue()


class Town:
    def __init__(self, parent, name, rule):
        self.dir, self.files = os.path.join(parent, name), os.path.join(parent, name + "-in")
        shutil.copytree(VILLAGE, self.dir)
        os.mkdir(self.files)
        self.edit("groups.csv", lambda t: t.replace("2023-07-01,2024-04-01,village-energy", f"{DAY},2023-07-10,village-energy")
                  .replace(",deviation,,imbalance-tokyo,person,village-energy big-power", f",{rule},0.35,imbalance-tokyo,person,village-energy big-power"))
        with open(os.path.join(VILLAGE, "readings.csv"), encoding="utf-8") as f:
            head, *rows = f.read().splitlines()
        for known, mine in (("2023-07-08", lambda d: d < "2023-07-08"), ("2023-07-10", lambda d: d >= "2023-07-08")):
            text = "\n".join([head] + [r for r in rows if mine(r.split(",")[1])]) + "\n"
            self.bring("readings.csv", text, "--known", known)

    def edit(self, name, change):
        path = os.path.join(self.dir, name)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        assert change(text) != text, name
        with open(path, "w", encoding="utf-8") as f:
            f.write(change(text))

    def put(self, name, text):
        path = os.path.join(self.files, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def bring(self, name, text, *more):
        code, _, err = mizo("import", self.put(name, text), "--region", self.dir, *more)
        assert code == 0, err

    def say(self, *words):
        code, out, err = mizo(*words, "--region", self.dir, "--json")
        assert code == 0, (words, code, err)
        return json.loads(out)

    def desk(self, *act, at):
        return self.say("day", *act, "--day", DAY, "--group", "village-bg", "--at", at, "--as", "hana")


def trades(t):
    """Of both markets: Wh and yen of each half-hour, a fee for each kWh either way, the newer file in place of the older."""
    head = ["day", "slot", "side", "kwh", "yen_per_kwh"]
    fee = {"spot": F("0.03"), "intraday": F("0.1")}  # as params.csv has it
    t.desk("results", t.put("old.csv", table(head, [[DAY, 5, "buy", 500, 99]])), "--market", "spot", at="2023-07-08T10:30")
    t.desk("results", t.put("spot.csv", table(head, [[DAY, *r] for r in SPOT])), "--market", "spot", at="2023-07-08T10:40")
    d = t.desk("results", t.put("intraday.csv", table(head, [[DAY, *r] for r in INTRADAY])), "--market", "intraday", at="2023-07-08T18:00")
    wh, paid = [0] * 48, [F(0)] * 48
    for rows, market in ((SPOT, "spot"), (INTRADAY, "intraday")):
        for slot, side, kwh, price in rows:
            sign = 1 if side == "buy" else -1
            wh[slot - 1] += sign * kwh * WATT_HOURS
            paid[slot - 1] += (sign * kwh * F(price) + kwh * fee[market]) * 10**6
    tell(d["market"]["result_wh"] == wh, "what both markets sold and bought", (d["market"]["result_wh"], wh))
    tell(uyen(d["market"]["paid_yen"]) == sum(paid), "and what it cost, with the fee of each kWh", (d["market"]["paid_yen"], float(sum(paid))))
    return wh, [x.numerator for x in paid]


def lines(d, traded, of_slot):
    """Blocks by calendar, shares of outputs, the rest: each line of the plan, and what they come to."""
    plan, by = d["plan"], {x["id"]: x for x in d["plan"]["lines"]}
    tell(by["s-base"]["wh"] == [5000] * 48 and set(by["s-base"]["myen"]) == {10800}, "10 kW of base load at its price", by["s-base"])
    tell(by.get("s-day", {"wh": [0] * 48})["wh"] == [0] * 48, "no daytime block on a Sunday", by.get("s-day"))
    tell(by["s-partner"]["sale"] and by["s-partner"]["wh"] == [2000] * 12 + [0] * 36, "4 kW sold from midnight to six", by["s-partner"])
    market = [(-1 if x["sale"] else 1, x["wh"]) for x in plan["lines"] if x["id"] == "s-market"]
    tell([sum(sign * wh[k] for sign, wh in market) for k in range(48)] == traded, "the exchange is what was traded, bought in one line, sold in another", market)
    price = [[m for x in plan["lines"] if x["id"] == "s-market" for m in [x["myen"][k]] if x["wh"][k]] for k in range(48)]
    tell(price == [[half_up(of_slot[k], wh)] if (wh := traded[k]) else [] for k in range(48)], "at what its trades came to", price)
    bought = [sum(x["wh"][k] for x in plan["lines"] if not x["sale"]) for k in range(48)]
    sold = [sum(x["wh"][k] for x in plan["lines"] if x["sale"]) for k in range(48)]
    tell(bought == plan["bought_wh"] and sold == plan["sold_wh"], "the sums are those of the lines")
    need = [a + s - (b - r) for a, s, b, r in zip(plan["demand_wh"], sold, bought, by["s-backup"]["wh"])]
    tell(by["s-backup"]["wh"] == [min(max(n, 0), 250000) for n in need], "backup takes up what is left, and gives nothing back", (by["s-backup"]["wh"], need))
    tell(by["s-backup"]["myen"] == [3000 + int(F(p) * 1000) if n else None for p, n in zip(SPOT_PRICE, by["s-backup"]["wh"])], "at 3 yen above the exchange", by["s-backup"]["myen"])
    cost = sum((-1 if x["sale"] else 1) * w * m for x in plan["lines"] for w, m in zip(x["wh"], x["myen"]) if w)
    return cost


def imbalance(t, rule, prices):
    d = t.desk("show", at="2023-07-12T09:00")
    book, used = d["filed"]["book"], d["actual"]["wh"]
    gave = [b - s - u for b, s, u in zip(book["bought_wh"], book["sold_wh"], used)]
    received = [w * prices[w <= 0][k] for k, w in enumerate(gave)]
    m = t.desk("imbalance", at="2023-07-12T09:00")
    tell(uyen(m["net_yen"]) == sum(received) and m["surplus_wh"] == sum(w for w in gave if w > 0) and m["shortage_wh"] == -sum(w for w in gave if w < 0),
         f"{rule}: procurement less use, at the price of its side", (m, sum(received)))
    own = {x["id"]: x for x in d["forecast"]["members"]}
    parts = {}
    for who in MEMBERS:
        path = os.path.join(t.files, f"{who}.csv")
        b = t.desk("allot", "--member", who, "--out", path, at="2023-07-12T09:00")
        with open(path, encoding="utf-8-sig") as f:
            parts[who] = (b, [(uyen(r["received_yen"]), round(F(r["imbalance_kwh"]) * 1000), uyen(r["fee_yen"]), round(F(r["group_weight_kwh"]) * 1000)) for r in csv.DictReader(f)])
    return own, gave, received, parts


def by_rule(t, rule, prices):
    own, gave, received, parts = imbalance(t, rule, prices)
    t_use = {who: [] for who in MEMBERS}
    for who in MEMBERS:  # what each used: its fee says so, to the Wh
        t_use[who] = [f // 350 for _, _, f, _ in parts[who][1]]
        tell(all(f % 350 == 0 for _, _, f, _ in parts[who][1]) and sum(t_use[who]) > 0, f"{rule}: {who} pays 0.35 yen for each kWh it used")
    alone = {who: [a - b for a, b in zip(own[who]["demand_wh"], t_use[who])] for who in MEMBERS}
    for k in range(48):
        a = [alone[w][k] for w in MEMBERS]
        volume = [t_use[w][k] for w in MEMBERS]
        if rule == "deviation":
            wh, yen = split(gave[k], [abs(x) for x in a]), split(received[k], [abs(x) for x in a])
        elif rule == "volume":
            wh, yen = split(gave[k], volume), split(received[k], volume)
        else:
            each = [x * prices[x <= 0][k] for x in a]
            wh, yen = a, [e + s for e, s in zip(each, split(received[k] - sum(each), volume))]
        have = [parts[w][1][k] for w in MEMBERS]
        if [h[0] for h in have] != yen or [h[1] for h in have] != list(wh):
            tell(False, f"{rule}: half-hour {k + 1} split by hand", (have, wh, yen, a, volume, gave[k], received[k]))
            return
    tell(True, f"{rule}: all 48 half-hours split by hand, to the Wh and the micro-yen")
    tell(sum(uyen(parts[w][0]["received_yen"]) for w in MEMBERS) == sum(received), f"{rule}: and the parts are the whole")


def close(t, cost_of, market_uyen):
    c = {x["id"]: x for x in t.say("close", "show", "--month", "2023-07")["costs"]}
    tell(uyen(c["market"]["own_yen"]) == market_uyen, "the close has the trades of both markets", (c["market"], float(market_uyen)))
    tell(uyen(c["bilateral"]["own_yen"]) == cost_of("s-base", "s-day", "s-backup"), "base load and backup as filed, at their prices", c["bilateral"])


def paper(t):
    """The other member's invoice: share and fee without tax, the tax once on top; none to ourselves, none stamped."""
    t.edit("groups.csv", lambda s: "\n".join(r + (",share_tax" if k == 0 else ",consumption-tax" if ",parent," in r else ",") for k, r in enumerate(s.splitlines())) + "\n")
    path = os.path.join(t.files, "share.html")
    b = t.desk("allot", "--member", "big-power", "--paper", path, at="2023-07-12T09:00")
    with open(path, encoding="utf-8") as f:
        page = f.read()
    net, tax = uyen(b["invoice_yen"]), uyen(b["tax_yen"])
    tell(tax == net * 10 // 100 // 10**6 * 10**6 > 0 and f"{(net + tax) / 10**6:.6f}" in page and f"{net / 10**6:.6f}" in page and "at 10%" in page and "PROVISIONAL" not in page,
         "a member's invoice has its share, its fee and the tax on both, once", (b, page[-3000:]))
    files = t.say("files", "--kind", "member-share")["files"]
    tell([(x["with"], x["direction"], x["name"]) for x in files] == [("big-power", "sent", "s202307-village-bg-big-power.html")], "and stands in the register", files)
    code, _, err = mizo("day", "allot", "--member", "village-energy", "--paper", path, "--day", DAY, "--group", "village-bg", "--at", "2023-07-12T09:00", "--region", t.dir)
    tell(code == 2 and "village-energy is ourselves" in err, "nobody writes an invoice to oneself", err)


def late_charge(t):
    """Capacity is billed months later, and once more when it is reckoned anew: the difference alone is left each time."""
    t.edit("params.csv", lambda s: s + "capacity-burden,tokyo,2023-04-01,2024-04-01,12000000007,yen a year,example,g\ncapacity-share,tokyo,2023-04-01,2024-04-01,0.000123,share,example,g\n")
    ours = F(12000000007, 12) * F("0.000123")
    c = {x["id"]: x for x in t.say("close", "show", "--month", "2023-07")["costs"]}["capacity"]
    tell(abs(uyen(c["own_yen"]) - ours * 10**6) < 1 and c["accrued_yen"] == c["own_yen"], "capacity: a twelfth of the burden x the share, accrued", (c, float(ours)))
    t.say("close", "make", "--month", "2023-07", "--as", "hana")

    def books(account):
        rows = t.say("books", "balance", "--account", account)["balances"]
        return uyen(rows[0]["balance"]) if rows else 0

    accrued = books("accrued:capacity")
    tell(-accrued == books("cost:capacity") > 0 and abs(-accrued - ours * 10**6) <= 10**6, "and it stands in the books", (accrued, float(ours)))
    for yen in ("119999.5", "123456"):
        code, _, err = mizo("close", "cost", t.put("cost.csv", f"kind,month,id,yen,party\ncapacity,2023-07,tokyo,{yen},occto\n"), "--region", t.dir, "--as", "hana")
        t.say("close", "make", "--month", "2023-07", "--as", "hana", "--why", "billed")
        want = F(yen) * 10**6
        tell(code == 0 and books("accrued:capacity") == 0 and books("cost:capacity") == want == -books("supplier:occto"), f"billed later with {yen} yen: that is the cost, nothing stays accrued",
             (err, books("accrued:capacity"), books("cost:capacity"), books("supplier:occto")))
    tell(t.say("verify")["ok"], "and the books are true")


def main():
    prices = [[(7000 + 13 * k if k < 20 else -2130 - k) for k in range(48)], [(11500 + 7 * k if k < 40 else -300) for k in range(48)]]
    rows = [[DAY, k + 1, f"{prices[0][k] / 1000:.3f}", f"{prices[1][k] / 1000:.3f}", k % 2] for k in range(48)]
    with tempfile.TemporaryDirectory() as folder:
        for rule in ("deviation", "volume", "direct"):
            t = Town(folder, rule, rule)
            t.bring("imbalance-tokyo.csv", table(["day", "slot", "surplus_yen_per_kwh", "shortage_yen_per_kwh", "flag"], rows), "--known", "2023-07-11")
            t.bring("spot.csv", table(["受渡日", "時刻コード", "エリアプライス東京(円/kWh)"], [[DAY.replace("-", "/"), k + 1, SPOT_PRICE[k]] for k in range(48)]), "--known", "2023-07-08")
            t.desk("plan", at="2023-07-08T09:00")
            wh, market = trades(t) if rule == "deviation" else (None, None)
            d = t.desk("plan", at="2023-07-08T09:30") if wh else None
            if wh:
                cost = lines(d, wh, market)
                tell(uyen(d["plan"]["cost_yen"]) == cost, "the plan costs what its lines cost", (d["plan"]["cost_yen"], cost))
            d = t.desk("file", at="2023-07-08T11:00")
            by_rule(t, rule, prices)
            if wh:
                filed = {x["id"]: x for x in d["filed"]["book"]["lines"]}
                close(t, lambda *ids: sum(w * m for i in ids if i in filed for w, m in zip(filed[i]["wh"], filed[i]["myen"])), sum(market))
                late_charge(t)
                paper(t)
    sys.exit(done())


main()
