"""The leading area of a town that is not the example, reckoned a second time in fractions: the four readings, the table of
five years, the year beside its half-hours, CO2 by group, who has not reported and since when, the list of talks, the grant
with every condition of a month and what goes back.

    leading_second.py MIZO VILLAGE
"""

import datetime
import os
import sys
import tempfile
from fractions import Fraction as F

from tap import answer, done, mizo, tell, write

FY, DAY = 2024, datetime.date
AS_OF = ("--as-of", "2025-06-30")
KWH = {  # bills: point -> [(from, to, kWh)]
    "p-hall": [(DAY(2024, 4, 1), DAY(2024, 6, 16), "7001.5"), (DAY(2024, 6, 16), DAY(2024, 9, 1), "6400"), (DAY(2024, 9, 1), DAY(2025, 4, 13), "20111.111")],
    "p-mill": [(DAY(2024, 4, 1), DAY(2024, 10, 1), "30000.007"), (DAY(2024, 10, 1), DAY(2025, 4, 1), "41000")],
    "p-pool": [(DAY(2024, 4, 1), DAY(2024, 8, 1), "900")],
    "p-baths": [(DAY(2024, 4, 1), DAY(2025, 4, 1), "5000.25")],
}
SLOTS = [DAY(2024, 6, d) for d in (3, 4, 5)]  # of p-depot
SUPPLY = {"p-hall": [("mix", DAY(2025, 10, 1)), ("sun", None)], "p-mill": [("coal", DAY(2024, 11, 11)), ("mix", None)], "p-pool": [("sun", None)], "p-depot": [("mix", None)], "p-baths": [("sun", None)]}
MENU = {"mix": (700001, 400000), "sun": (1000000, 0), "coal": (0, 0)}  # renewable, of it waste power, ppm
BIOGENIC = [(DAY(2024, 4, 1), F("0.57")), (DAY(2024, 10, 1), F("0.6")), (DAY(2025, 1, 1), (20000 * F("0.6") + 10000 * F("0.5")) / 30000)]
SHARES = {"p-hall": [("hall", 1)], "p-mill": [("inn", F("0.35")), ("mill", F("0.65"))], "p-pool": [("pool", 1)], "p-depot": [("depot", 1)], "p-baths": [("baths", 1)]}
MOVED = DAY(2024, 12, 12)  # then the spa has what was the baths
GROUP = {"hall": "public", "pool": "public", "depot": "public", "baths": "public", "gate": "public", "spa": "private", "mill": "private", "inn": "private"}
PUBLISHED = {2024: {"re-supply": 61000, "saving": -1500, "demand": 130000}, 2025: {"re-supply": 70500, "saving": -2250}}
REPORT = [510, None, 490, 470, "", 500, 505, 505, 520, 530, 500, 495]  # of the gate, kWh

FILES = {
    "region.yaml": "format: 1\nid: minato\nname_ja: 港町\nname_en: Harbour\noffset_slots: 18\nlatitude: 35.1\nlongitude: 139.2\nmarket_area: jepx-tokyo\ngrid_g_per_kwh: 421",
    "facilities.csv": "id,name_ja,kind,bureau,group,to,from,pv_installable\n" + "\n".join(f"{f},{f}さん,{'depot' if f == 'depot' else 'house'},{'works' if f in ('depot', 'pool') else 'town'},{g},{'2024-12-01' if f == 'pool' else MOVED if f == 'baths' else ''},{MOVED if f == 'spa' else ''},{'yes' if f in ('gate', 'mill') else 'no' if f == 'hall' else ''}" for f, g in GROUP.items()),
    "uses.csv": "facility,point,share,from,to\n" + "\n".join(f"{f},{p},{float(s)},,{MOVED if f == 'baths' else ''}" for p, x in SHARES.items() for f, s in x) + f"\nspa,p-baths,1,{MOVED},",
    "points.csv": "id,voltage,reading,contract_kw,export,tariff\n" + "\n".join(f"{p},high,slot,3000,{'yes' if p == 'p-depot' else 'no'},t" for p in SHARES),
    "tariffs.csv": "id,base_yen_per_kw,power_factor_pct,measured_demand\nt,0,0,no",
    "rates.csv": "tariff,yen_per_kwh\nt,17.11",
    "suppliers.csv": "id\nmi\nbig",
    "menus.csv": "id,supplier,renewable_share,g_per_kwh\nmix,mi,0.700001,260\nsun,mi,1,0\ncoal,big,0,450",
    "supply.csv": "point,menu,from,to\n" + "\n".join(f"{p},{m},{x[i - 1][1] if i else ''},{to or ''}" for p, x in SUPPLY.items() for i, (m, to) in enumerate(x)),
    "pv.csv": "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg,fit\npv-old,p-depot,30,30,20,180,no\npv-new,p-depot,60,60,20,180,no\npv-sold,p-hall,10,10,20,180,yes\npv-lost,p-hall,10,10,20,180,no",
    "batteries.csv": "id,point,energy_kwh,charge_kw,discharge_kw,charge_efficiency,discharge_efficiency,soc_min,soc_max,reserve\nbat,p-depot,60,20,20,0.95,0.93,0.1,0.95,0.3",
    "plants.csv": "id,capacity_kw,biogenic_share,carrier,origin,from,to\nburn-old,15000,0.57,waste,in-town,,2024-10-01\nburn-new,20000,0.6,waste,in-town,2024-10-01,\n"
                  "burn-two,10000,0.5,waste,in-town,2025-01-01,\nwind,25000,,wind,out-of-town,,",
    "pools.csv": "id,order,rule\nfar,10,pro-rata",
    "pool-members.csv": "pool,side,by,value\nfar,source,origin,out-of-town\nfar,consumer,all,",
    "factors.csv": "supplier,menu,fy,kind,g_per_kwh,published,source\n,,2024,average,423,2025-05-01,first print\n,,2024,average,421.5,2026-01-20,second print",
    "params.csv": "name,key,from,to,value,unit,source,mark\nloss-rate,high,,,0.037,share,rule,v\nmenu-waste-share,mix,2024-04-01,,0.4,share,contract,v\nmenu-waste-share,sun,2024-04-01,,0,share,contract,v\n"
                  "menu-waste-share,coal,2024-04-01,,0,share,contract,v\n" + "".join(f"{n},{k},{a},{z},{v},x,terms,v\n" for n, k, a, z, v in (
                      ("grant-cap", "", "2024-04-01", "", 90000000), ("grant-first-fy", "", "2024-04-01", "", 2024), ("grant-last-fy", "", "2024-04-01", "", 2028),
                      ("grant-no-fit", "", "2024-04-01", "", 1), ("grant-self-use", "depot", "2024-04-01", "2024-11-01", 0.6), ("grant-self-use", "depot", "2024-11-01", "", 0.5),
                      ("grant-metered", "", "2024-04-01", "", 0.95), ("grant-one-subsidy", "", "2024-04-01", "", 1), ("grant-pv-charged", "", "2024-04-01", "", 0.9),
                      ("grant-keep", "pv", "2024-04-01", "", 17), ("grant-keep", "battery", "2024-04-01", "", 6), ("grant-tax-credit", "", "2024-04-01", "", 1),
                      ("programme-aim", "solar", "2024-04-01", "", 0.5), ("programme-aim", "renewable", "2024-04-01", "", 1), ("programme-aim-fy", "", "2024-04-01", "", 2027),
                      ("programme-load", "depot", "2024-04-01", "", 0.25), ("programme-load", "", "2024-04-01", "", 0.5))),
    "indicators.csv": "id,name_ja,name_en,unit,digits,about,better,cumulative,formula,owner,source\nre-supply,供給,supply,MWh,0,no,up,no,,係,report\nsaving,省エネ,savings,MWh,0,no,down,no,,係,report\n"
                      "demand,需要,demand,MWh,0,no,none,no,,係,report",
    "published.csv": "fy,item,value,unit,exactness,source\n" + "".join(f"{fy},{i},{v},kWh,{'definition' if i == 'demand' else 'exact'},report {fy}\n" for fy, x in PUBLISHED.items() for i, v in x.items())
                     + "2021,area-public-co2,99,t-CO2,rounded,first proposal\n2024,area-public-co2,120,t-CO2,rounded,proposal\n2024,invited,11,者,exact,report\n2024,interviewed,6,者,exact,report\n",
    "reported.csv": "facility,fy,on\ninn,2024,2025-05-20\ngate,2024,2025-07-02\n",
}


# ---- reckoned here ----

def wh(kwh):
    return int(F(kwh) * 1000)


def months():
    return [DAY(FY, m, 1) for m in range(4, 13)] + [DAY(FY + 1, m, 1) for m in range(1, 4)]


def next_month(d):
    return (d.replace(day=28) + datetime.timedelta(4)).replace(day=1)


def menu_on(point, day):
    return next(m for m, to in SUPPLY[point] if to is None or day < to)


def pieces():
    """(point, from, to, Wh, renewable Wh, menu, is a bill that was cut); what roofs gave has no menu."""
    out = []
    for p, rows in KWH.items():
        for a, z, kwh in rows:
            end, edges = min(z, DAY(FY + 1, 4, 1)), []
            edges = sorted({a, end, *[d for d in (*[to for _, to in SUPPLY[p]], MOVED if p == "p-baths" else None) if d and a < d < end]})
            upto = [wh(kwh) * (d - a).days // (z - a).days for d in edges]
            for i in range(len(edges) - 1):
                m = menu_on(p, edges[i])
                n = upto[i + 1] - upto[i]
                out.append((p, edges[i], edges[i + 1], n, n * MENU[m][0] // 1000000, m, end < z))
    one = datetime.timedelta(1)
    for d in DEPOT_DAYS:
        if d in SLOTS:
            took = sum(depot(d, k)["import"] for k in range(48))
            out.append(("p-depot", d, d + one, took, took * MENU["mix"][0] // 1000000, "mix", False))
        roof = [depot(d, k) for k in range(48)]
        own = sum(x["old"] + x["new"] - min(x["export"], x["old"] + x["new"]) for x in roof)
        out.append(("p-depot", d, d + one, own, own, None, False))
    return out


def depot(d, k):
    """The depot's meters in a half-hour, in Wh."""
    sun = max(0, 12 - abs(k - 24))
    old, new = 300 * sun, 900 * sun + d.day
    month_share = F(45, 100) if d.month == 6 else F(42, 100)
    sent = int((old + new) * month_share)
    return {"old": old, "new": new, "export": sent, "import": 2000 + 7 * d.day + k if not sun else 11 * k, "charge": 4000 if 22 <= k < 26 else 2000 if k < 6 else 0}


def fossil(x):
    """Of a piece's waste power what is not biogenic, cut where the plants change, each rounded up."""
    if x[5] is None:
        return 0
    out, a, z = 0, x[1], x[2]
    edges = [a, *[d for d, _ in BIOGENIC if a < d < z], z]
    upto = [x[4] * (d - a).days // (z - a).days for d in edges]
    for i in range(len(edges) - 1):
        bio = [b for d, b in BIOGENIC if d <= edges[i]][-1]
        waste = (upto[i + 1] - upto[i]) * MENU[x[5]][1] // 1000000
        out += -(-waste * (1000000 - int(bio * 1000000)) // 1000000)
    return out


def facility_sums(ps):
    out = {f: [0, 0] for f in GROUP}
    for p, a, z, n, green, _, _ in ps:
        for m in months():
            x, y = max(a, m), min(z, next_month(m))
            if x >= y:
                continue
            cut = lambda v: v * (y - a).days // (z - a).days - v * (x - a).days // (z - a).days  # noqa: B023, E731
            upto = F(0)
            for f, s in SHARES[p] if p != "p-baths" or a < MOVED else [("spa", 1)]:
                for i, v in enumerate((cut(n), cut(green))):
                    out[f][i] += int(v * (upto + s)) - int(v * upto)
                upto += F(s)
    out["gate"][0] = sum(wh(k) for k in REPORT if k)
    return out


def half_up(x, digits=0):
    return F(int(2 * x * 10**digits + 1) // 2, 10**digits)


# ---- the town ----

def town(parent):
    r = os.path.join(parent, "minato")
    os.mkdir(r)
    for name, text in FILES.items():
        with open(os.path.join(r, name), "w", encoding="utf-8") as f:
            f.write(text.strip() + "\n")
    bills = "point,from,to,kwh\n" + "".join(f"{p},{a},{z},{k}\n" for p, x in KWH.items() for a, z, k in x)
    rows = ["point,date,code,wh,quantity,quality"]
    for d in DEPOT_DAYS:
        for k in range(48):
            x = depot(d, k)
            late = d.month == 11 and d.day > 27
            for owner, what, v in (("pv-old", "generation", x["old"]), ("pv-new", "generation", x["new"]), ("p-depot", "export", x["export"]), ("bat", "charge", x["charge"])):
                rows.append(f"{owner},{d},{k + 1},{v},{what},{'filled' if late and owner == 'pv-new' else ''}")
            if d in SLOTS:
                rows.append(f"p-depot,{d},{k + 1},{x['import']},import,")
                rows.append(f"wind,{d},{k + 1},{WIND(d, k)},generation,")
    yearly = "令和6年度 電力使用量(kWh),,,\n施設ID," + ",".join(f"{m.month}月" for m in months()) + "\ngate," + ",".join("" if k is None else str(k) for k in REPORT) + "\n"
    paths = [write(r, "bills.csv", bills), write(r, "slots.csv", "\n".join(rows) + "\n"), write(r, "yearly.csv", yearly)]
    code, out, err = mizo("import", *paths, "--region", r, "--known", "2025-05-15")
    tell(code == 0, "a town of its own: bills, half-hours, an owner's table", out + err)
    return r


DEPOT_DAYS = [DAY(2024, 6, d) for d in range(1, 31)] + [DAY(2024, 11, d) for d in range(1, 31)]


def WIND(d, k):
    return (k * 137 + d.day * 211) % 2500


# ---- the year ----

def year(r, ps):
    code, x, err = answer("report", "achievement", "--region", r, "--fy", str(FY), *AS_OF)
    own, supply = sum(p[3] for p in ps), sum(p[4] for p in ps)
    lost = sum(map(fossil, ps))
    tell(code == 0 and (x["own"]["demand_wh"], x["own"]["supply_wh"]) == (own, supply), "demand and renewable from bills and half-hours, to the Wh", (err, x["own"]["demand_wh"], own, x["own"]["supply_wh"], supply))
    tell(x["waste_fossil_wh"] == lost, "the fossil part of waste power: by the plants that burn and run on the day", (x["waste_fossil_wh"], lost))
    said = PUBLISHED[FY]
    up, saved, plan = (abs(wh(said[k])) for k in ("re-supply", "saving", "demand"))
    want = {(w, d): (up - (lost if w == "biogenic" else 0), saved, plan if d == "fixed" else own + saved) for w in ("full", "biogenic") for d in ("fixed", "actual")}
    got = {(v["waste"], v["demand"]): v for v in x["variants"]}
    tell({k: (v["supply_wh"], v["saving_wh"], v["demand_wh"]) for k, v in got.items()} == want, "four readings: their operands", (want, got))
    rates = {k: (float(half_up(F(a + b, d), 4)), int(half_up(F(a + b, d) * 100))) for k, (a, b, d) in want.items()}
    tell({k: (v["rate"], v["percent"]) for k, v in got.items()} == rates and x["rate"] == rates["full", "fixed"][0], "and their rates, each rounded once", (rates, got))
    tell(x["published_pair"] == "full,fixed" and [k for k, v in got.items() if v["published"]] == [("full", "fixed")], "the published pair is named", x["published_pair"])
    sums = facility_sums(ps)
    rows = {y["facility"]: (y["demand_wh"], y["supply_wh"]) for y in x["ledger"]["rows"]}
    tell(rows == {f: tuple(v) for f, v in sums.items()}, "each facility's own, shared points and a report among them", (rows, sums))
    factor = F(423)
    groups = {g["group"]: g for g in x["effect"]["groups"]}
    for g in ("public", "private"):
        made = sum(v[1] for f, v in sums.items() if GROUP[f] == g) + (2000000 if g == "public" else 0)
        tell(F(groups[g]["kg"]) * 1000000 == half_up(made * factor) and groups[g]["supply_wh"] + groups[g]["saving_wh"] == made, f"CO2 of the {g} group by its factor", (groups[g], made))
    tell((x["effect"]["factor"]["g_per_kwh"], x["effect"]["factor"]["source"]) == (423, "first print"), "the factor that was known that day", x["effect"]["factor"])
    tell(F(groups["public"]["planned_kg"]) == 120000 and groups["private"]["planned_kg"] is None, "the plan's effect where one was published", groups)
    return x


def half_hours(x):
    load = matched = 0
    for d in DEPOT_DAYS:
        for k in range(48):
            m, read = depot(d, k), d in SLOTS
            own = m["old"] + m["new"] - min(m["export"], m["old"] + m["new"])
            came = own + (m["import"] if read else 0)
            wind = min(m["import"], WIND(d, k)) if read else 0
            kept = min(m["charge"], came) * (own + wind) // came if came else 0
            load += came - min(m["charge"], came)
            matched += own + wind - kept
    slots = sum(p[3] for p in pieces() if p[0] == "p-depot")
    tell(abs(x["side_by_side"]["slots_share"] - slots / x["own"]["demand_wh"]) < 1e-6, "how much of the kWh half-hours show", x["side_by_side"]["slots_share"])
    h = x["side_by_side"]["half_hour"]
    tell((h["days_read"], h["load_wh"], h["matched_wh"], h["time_matched_rate"]) == (len(DEPOT_DAYS), load, matched, float(half_up(F(matched, load), 4))),
         "the half-hours beside the year: what was used and met in its own half-hour", (h, load, matched))


def five(r):
    for word, v in (("re-supply", "70,900kWh"), ("demand", "131,000kWh")):
        code, _, err = answer("city", "enter", word, "2025", "--value", v, "--vintage", "revised", "--source", "report", "--on", "2026-06-01", "--region", r)
        assert code == 0, err
    code, x, err = answer("report", "achievement", "--region", r, "--fy", "2025")
    rate = half_up(F(70900 + 2250, 131000), 4)
    tell([y["fy"] for y in x["years"]] == [2024, 2025, 2026, 2027, 2028], "five years from the programme's first", x["years"])
    v = {(y["waste"], y["demand"]): y for y in x["variants"]}
    tell(x["rate"] == float(rate) == v["full", "fixed"]["rate"] and v["full", "fixed"]["demand_wh"] == 131000000, "a demand that a person entered is the plan's of its year: the pair is the rate", (x["rate"], rate, v["full", "fixed"]))
    path = os.path.join(r, "..", "five.csv")
    code, _, err = mizo("report", "achievement", "--region", r, "--fy", "2025", "--out", path, lang="ja")
    with open(path, encoding="utf-8-sig") as f:
        lines = [n.strip() for n in f]
    tell([n for n in lines if n.startswith("年次,")] == ["年次,2024,2025,2026,2027,2028,目指す方向"] * 2 and
         [n for n in lines if n.startswith("実績値")] == ['実績値,"61,000 kWh","70,900 kWh",,,,↗', '実績値,"▲1,500 kWh","▲2,250 kWh",,,,↘'], "as printed: empty years, the sign, the direction", [n for n in lines if n.startswith(("年次", "実績"))])


def late(r, x):
    rows = {y["facility"]: y for y in x["ledger"]["rows"]}
    want = {"hall": ("estimate", 0, None), "mill": ("bill", 0, None), "inn": ("bill", 0, None), "pool": ("missing", 4, "2024-09-01"), "depot": ("missing", 10, "2024-05-01"),
            "baths": ("bill", 0, None), "spa": ("bill", 0, None), "gate": ("missing", 2, "2024-06-01")}
    tell({f: (y["evidence"], y["missing"], y.get("since")) for f, y in rows.items()} == want, "grades, months that are missing, since when; a facility that closed owes nothing after", {f: (y["evidence"], y["missing"], y.get("since")) for f, y in rows.items()})
    tell(set(x["own"]["unreported"]) == set(GROUP) - {"inn"}, "who has not reported by the day; the gate's report came two days later", x["own"]["unreported"])
    for day, names in (("2025-06-30", {"pool", "depot", "gate"}), ("2025-07-02", {"pool", "depot"})):
        code, y, err = answer("city", "late", "--region", r, "--fy", str(FY), "--as-of", day)
        tell(code == 1 and {n["facility"] for n in y["rows"]} == names, f"late on {day}", (names, y))


# ---- talks ----

def talks(r):
    rows = [("a", "joined", 1, "100.5", ""), ("b", "agreed", 1, "200", "price"), ("c", "visited", 1, "50.0004", "price"), ("d", "invited", 0, "", ""), ("e", "declined", 1, "70", "roof"),
            ("f", "declined", 0, "", "price"), ("g", "interested", 1, "12.3456", ""), ("h", "invited", 0, "", ""), ("i", "invited", 0, "", "")]
    text = "id,name,stage,invited,visited,potential_kwh,next,next_day,objection\n" + "".join(
        f"{i},Firm {i},{s},2024-05-01,{'2024-06-01' if v else ''},{k},{'call' if i in 'bcd' else ''},{'2025-07-01' if i == 'b' else '2025-06-01' if i == 'c' else ''},{o}\n" for i, s, v, k, o in rows)
    code, _, err = answer("city", "load", "recruit", write(r, "talks.csv", text), "--region", r)
    assert code == 0, err
    code, x, err = answer("city", "funnel", "--region", r, *AS_OF)
    order = ["invited", "visited", "interested", "agreed", "joined"]
    far = [order.index(s) if s in order else v for _, s, v, _, _ in rows]
    reached = [sum(n >= i for n in far) for i in range(5)] + [2]
    stages = {s["stage"]: s for s in x["stages"]}
    tell([stages[s]["reached"] for s in [*order, "declined"]] == reached, "how many came how far; who declined after a visit was visited", (reached, stages))
    want = [None] + [int(half_up(F(reached[i], reached[i - 1]) * 10000)) for i in range(1, 5)] + [int(half_up(F(2, reached[0]) * 10000))]
    tell([stages[s]["conversion_bp"] for s in [*order, "declined"]] == want, "conversion", (want, stages))
    tell([stages[s]["potential_wh"] for s in order] == [0, 50000, 12346, 200000, 100500], "potential, finer than a Wh rounded", stages)
    tell((x["invited_published"], x["visited_published"], x["overdue"], x["without_next_step"]) == (11, 6, 1, 3), "what was published beside it; overdue; without a next step", x)
    tell({(o["objection"], o["firms"], o["declined"]) for o in x["objections"]} == {("price", 3, 1), ("roof", 1, 1)}, "objections", x["objections"])


# ---- the grant ----

def grant(r):
    jobs = [("g1", 2024, "30000000", "20000000.9", "20000000", "19000000", "2024-04-10", "2024-04-20", "2024-05-20", "1200.5"), ("g2", 2025, "99000000", "60000000", "", "", "", "2025-08-01", "2026-03-31", ""),
            ("g3", 2025, "20000000", "10000001", "", "", "", "2025-08-01", "2026-01-31", ""), ("g4", 2025, "20000000", "10000000", "", "", "", "2025-08-01", "2026-01-31", ""),
            ("g5", 2025, "1", "1", "", "", "", "2025-08-01", "2026-04-01", ""), ("g6", 2025, "1", "1", "", "", "", "2025-06-30", "2025-09-01", ""), ("g7", 2029, "1", "1", "", "", "", "2029-08-01", "2029-09-01", "")]
    code, _, err = answer("city", "load", "grant", write(r, "g.csv", "id,title,what,facility,fy,cost_yen,asked_yen,award_yen,spent_yen,awarded,start,finish,saved_kg\n" + "".join(
        f"{j[0]},{j[0]},pv,depot,{','.join(map(str, j[1:]))}\n" for j in jobs)), "--region", r)
    assert code == 0, err
    bought = "id,grant,asset,facility,acquired,cost_yen,grant_yen,keep_years,disposed,other_subsidy,tax_credit_yen\na1,g1,pv-new,depot,2024-05-20,30000000,20000000,,,,2727272\na2,g1,bat,depot,2024-05-20,6000000,3000000,,,,\n" \
             "a3,g1,pv-sold,hall,2024-05-20,1000000,500000,,,prefecture,\na4,g1,pv-lost,hall,2024-02-29,3000000,1999999,10,2025-05-01,,\n"
    code, _, err = answer("city", "load", "grant-asset", write(r, "a.csv", bought), "--region", r)
    assert code == 0, err
    code, x, err = answer("city", "grant", "--region", r, "--fy", str(FY), *AS_OF)
    fits = {j["id"]: j["fit"] for j in x["jobs"]}
    left = 90000000 - 20000000
    tell(code == 1 and fits == {"g1": "done", "g2": "fits", "g3": "no-room", "g4": "fits", "g5": "late", "g6": "begun-before-award", "g7": "late"}, "can this job use the grant in time, each by its own", (fits, err))
    tell((x["cap_yen"], x["award_yen"], x["left_yen"], x["unspent_yen"]) == ("90000000", "20000000", str(left), "1000000"), "the cap of five years", x)
    tell(x["years"][0]["asked_yen"] == "20000000" and x["years"][0]["saved_kg"] == 1200, "decimals are read, and rounded down to a yen", x["years"][0])
    days = lambda a, b: (b - a).days  # noqa: E731
    back = 1999999 * days(DAY(2025, 5, 1), DAY(2034, 2, 28)) // days(DAY(2024, 2, 29), DAY(2034, 2, 28))
    tax = 2727272 * 20000000 // 30000000
    tell(x["return_yen"] == str(back + tax), "what goes back: by the days left of its ten years, and the grant's share of the tax", (x["return_yen"], back, tax))
    found = {(f["id"], f["rule"], f["month"]): f for f in x["findings"]}
    for m in (6, 11):
        made = sent = 0
        for d in (d for d in DEPOT_DAYS if d.month == m):
            for k in range(48):
                n = depot(d, k)
                made += n["new"]
                sent += -(-min(n["export"], n["old"] + n["new"]) * n["new"] // (n["old"] + n["new"])) if n["new"] and n["old"] + n["new"] else 0
        share = (made - sent) * 1000000 // made
        f = found.get(("a1", "self-use", f"2024-{m:02d}"))
        tell((f and (f["is"], f["should"], f["unknown"])) == ((share, 600000, False) if m == 6 else None), f"month {m}: used at the site, its part of what two panels sent out, by the rule of the month", (f, share))
    read = found.get(("a1", "metered", "2024-11"))
    tell(read and read["is"] == 27 * 48 * 1000000 // (30 * 48) and ("a1", "metered", "2024-06") not in found and ("a1", "metered", "2024-09") in found, "half-hours that were filled are not read", (read, list(found)))
    sun = [depot(DAY(2024, 6, 1), k) for k in range(48)]
    took, cover = sum(n["charge"] for n in sun), 0
    for d in (d for d in DEPOT_DAYS if d.month == 6):
        cover += sum(min(n["charge"], n["old"] + n["new"]) for n in (depot(d, k) for k in range(48)))
    f = found.get(("a2", "pv-charged", "2024-06"))
    tell(f and f["is"] == cover * 1000000 // (30 * took) and f["should"] == 900000, "the battery: charged by both panels, and by night from the grid", (f, cover, took))
    tell(("a3", "no-fit", None) in found and ("a3", "one-subsidy", None) in found and ("a4", "kept", None) in found and ("a1", "tax-credit", None) in found, "FIT, a second subsidy, disposed of too early, the tax", list(found))
    for job, status, word in (("g4", 0, "fits"), ("g5", 1, "2026-03-31"), ("g6", 1, "2025-06-30")):
        code, out, err = mizo("city", "grant", job, "--region", r, "--fy", str(FY), *AS_OF)
        tell(code == status and word in out, f"{job} alone", (code, out, err))


# ---- the programme of the public sites, and blackouts ----

def programme(r, ps):
    code, x, err = answer("city", "programme", "--region", r, "--fy", str(FY), *AS_OF)
    tell(code == 0 and x["day"] == "2025-03-31" and x["aim_fy"] == 2027, "as of the year's last day", err)
    public = sorted(f for f, g in GROUP.items() if g == "public" and f not in ("pool", "baths"))
    tell([y["facility"] for y in x["rows"]] == public, "public sites that stand on the day", x["rows"])
    now = x["now"]
    # panels: the depot 90 kW, the hall 20 kW though nobody can put more; the gate can carry some
    tell((now["sites"], now["installable"], now["solar"], now["dc_w"]) == (3, 3, {"done": 2, "wanted": 2}, 110000), "panels of sites that can carry them: half of three, rounded up", now)
    tell((now["renewable"], now["led"]) == ({"done": 0, "wanted": 3}, {"done": 0, "wanted": None}) and x["led_wh"] == 0, "no site is under a menu of 100 %; nothing promised for LED; the pool's LED went with it", now)
    ends = {y["fy"]: (y["sites"], y["renewable"]["done"]) for y in x["years"]}
    tell(ends == {2022: (3, 0), 2023: (3, 0), 2024: (3, 0), 2025: (3, 1), 2026: (3, 1), 2027: (3, 1)}, "ends of years up to the aim's; a contract that is signed for later counts then", ends)
    rows = {b["facility"]: b for b in x["backup"]}
    mean = half_up(F(sum(p[3] for p in ps if p[0] == "p-depot"), (30 + 30) * 24))
    load = int(mean) * 250000 // 1000000
    kept, full = (60000 * a // 100 * 930000 // 1000000 for a in (30 - 10, 95 - 10))
    want = {"facility": "depot", "kept_wh": kept, "full_wh": full, "give_w": 20000, "load_w": load, "kept_minutes": kept * 60 // load, "full_minutes": full * 60 // load}
    tell(set(rows) == {"depot"} and {k: rows["depot"][k] for k in want} == want, "hours of a store: what is kept and what is full, over the site's share of its mean power", (want, rows))


def main():
    with tempfile.TemporaryDirectory() as parent:
        r = town(parent)
        code, _, err = answer("city", "load", "saving", write(r, "s.csv", "id,measure,facility,before_kwh,after_kwh,method,first_fy,last_fy,evidence\nled,LED,pool,5000.12345,3000.1234,table,2024,2028,table\n"), "--region", r)
        assert code == 0, err
        ps = pieces()
        x = year(r, ps)
        half_hours(x)
        late(r, x)
        five(r)
        talks(r)
        programme(r, ps)
        grant(r)
    return done()


sys.exit(main())
