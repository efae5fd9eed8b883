"""A small town of its own, computed a second time by plain arithmetic: readings out of the operator's file, matching with
every attribute and a battery, CO2 by average, menu and half-hour. To the last Wh and mg.

    by_hand.py MIZO VILLAGE
"""

import collections
import csv
import datetime
import json
import os
import random
import sys
import tempfile
from fractions import Fraction as F

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from operator_files import confirmed, confirmed_point  # noqa: E402
from tap import done, mizo, tell  # noqa: E402

FIRST, DAYS = datetime.date(2024, 4, 28), 6  # over a month's end: the biogenic share and a menu change there
DATES = [FIRST + datetime.timedelta(d) for d in range(DAYS)]
MAY = DATES.index(datetime.date(2024, 5, 1))
POINTS = ["cli", "fac", "hom", "lib", "pmp", "sch"]
NUMBER = {p: "03%020d" % (501 + i) for i, p in enumerate(POINTS)}
PUBLIC = {"sch", "lib", "pmp"}
WASTE, TOWN, FAR = range(1, 4)
ORIGIN = {"incin": WASTE, "weir": TOWN, "sch": TOWN, "lib": TOWN, "mega": TOWN, "isle": FAR}
SHARE = {"cli": 100000, "hom": 200000, "sch": 500000}  # of the contract pool
MOST, ROUND = 60000 * 1000000 // 950000, 950000 * 930000 // 1000000  # the battery
MIX = (6 * 474 + 3 * 943) / F(10)

FILES = {
    "region.yaml": "format: 1\nid: hama\nname_ja: 浜町\noffset_slots: 18\nlatitude: 35.1\nlongitude: 139.2\nmarket_area: jepx-tokyo\ngrid_g_per_kwh: 421",
    "facilities.csv": "id,name_ja,kind,group\n" + "\n".join(f"f-{p},{p},house,{'public' if p in PUBLIC else 'private'}" for p in POINTS),
    "uses.csv": "facility,point\n" + "\n".join(f"f-{p},{p}" for p in POINTS),
    "points.csv": "id,number,voltage,reading,contract_kw,export,tariff\n"
                  + "\n".join(f"{p},{NUMBER[p]},{'low' if p in ('lib', 'hom', 'pmp') else 'high'},slot,3000,{'yes' if p in ('sch', 'lib') else 'no'},t" for p in POINTS)
                  + "\nv-lease,,high,virtual,3000,no,t",
    "virtual.csv": "id,formula,billing,basis,from\nv-lease,cli - pmp,yes,an agreement,2024-04-01\nv-net,cli - pmp,no,,",
    "tariffs.csv": "id,base_yen_per_kw,power_factor_pct,measured_demand\nt,0,0,no",
    "rates.csv": "tariff,yen_per_kwh\nt,17.11",
    "suppliers.csv": "id\nhama-e\nbig",
    "menus.csv": "id,supplier,renewable_share,g_per_kwh\ngreen,hama-e,1,0\nmix,hama-e,0.4,260\nplain,big,0,450",
    "supply.csv": "point,menu,from,to\nsch,green,,\nlib,green,,2024-05-01\nlib,mix,2024-05-01,\ncli,mix,,\nfac,plain,,\nhom,plain,,",
    "pv.csv": "id,point,dc_kw,ac_kw,tilt_deg,azimuth_deg,fit\npv-sch,sch,80,60,20,180,no\npv-lib,lib,12,10,20,180,yes",
    "batteries.csv": "id,point,energy_kwh,charge_kw,discharge_kw,charge_efficiency,discharge_efficiency\nbat,sch,60,20,20,0.95,0.93",
    "plants.csv": "id,capacity_kw,biogenic_share,carrier,origin,fit\nincin,400,0.57,waste,in-town,no\nweir,60,,hydro,in-town,no\nisle,900,,wind,out-of-town,no\nmega,120,,solar,in-town,yes",
    "biogenic.csv": "plant,share,from,to\nincin,0.5512,2024-05-01,",
    "pools.csv": "id,order,rule\nwaste,10,contract\ntown,20,priority\nfar,30,pro-rata",
    "pool-members.csv": "pool,side,by,value,level,share\nwaste,source,origin,waste,,\n"
                        + "".join(f"waste,consumer,point,{p},,0.{s:06d}\n" for p, s in SHARE.items())
                        + "town,source,origin,in-town,,\ntown,consumer,group,public,1,\ntown,consumer,group,private,2,\nfar,source,origin,out-of-town,,\nfar,consumer,all,,,",
    "params.csv": "name,key,from,value\nloss-rate,high,,0.037\nloss-rate,low,,0.069\narea-mix,lng,,0.6\narea-mix,coal,,0.3\narea-mix,hydro,,0.1\n"
                  "mix-factor,lng,,474\nmix-factor,coal,,943\nmix-factor,hydro,,0",
    "factors.csv": "supplier,menu,fy,kind,g_per_kwh,published\nhama-e,mix,2024,menu,251.25,2025-07-01\nhama-e,mix,2024,menu,248.5,2025-10-01\nhama-e,green,2024,menu,0,2025-07-01\n"
                   "big,,2024,residual,457.000001,2025-07-01\nbig,,2024,basic,431,2025-07-01\n,,2024,average,423,2025-07-01\n,,2024,average,421.5,2026-01-20",
    "marginal.csv": "price_from_yen,price_to_yen,fuel,g_per_kwh\n,5,solar,0\n5,12,gas,390.5\n12,,oil,700",
}


def invent():
    r = random.Random(77)
    sun = lambda k: max(0, 1 - abs(k - 24) / 12)  # noqa: E731
    rows = lambda f: [[int(f(d, k)) for k in range(48)] for d in range(DAYS)]  # noqa: E731
    v = {"demand " + p: rows(lambda d, k: b * (0.6 + 0.4 * sun(k)) * r.uniform(0.7, 1.3))
         for p, b in (("cli", 9000), ("fac", 200000), ("hom", 300), ("lib", 5000), ("pmp", 2000), ("sch", 30000))}
    v["pv-sch generation"] = rows(lambda d, k: 44000 * sun(k) * r.random() ** 0.3)
    v["pv-lib generation"] = rows(lambda d, k: 7400 * sun(k) * r.random())
    v["incin generation"] = rows(lambda d, k: 0 if d == 2 else r.uniform(50000, 200000))
    v["weir generation"] = rows(lambda d, k: r.uniform(0, 30000))
    v["isle generation"] = rows(lambda d, k: r.choice([0, r.uniform(0, 450000)]))
    v["mega generation"] = rows(lambda d, k: 60000 * sun(k) * r.random())
    v["bat charge"] = rows(lambda d, k: r.uniform(3000, 9900) if 20 <= k < 26 else 0)
    v["bat discharge"] = rows(lambda d, k: r.uniform(2000, 7000) if 36 <= k < 42 else 0)
    for p in POINTS:
        own = v.get(f"pv-{p} generation")
        net = [[v["demand " + p][d][k] - (own[d][k] if own else 0) + (v["bat charge"][d][k] - v["bat discharge"][d][k] if p == "sch" else 0)
                for k in range(48)] for d in range(DAYS)]
        v[p + " import"] = [[max(n, 0) for n in day] for day in net]
        v[p + " export"] = [[max(-n, 0) for n in day] for day in net]
    v["price"] = [[r.choice([-3.21, 0.01, 4.99, 5.0, 8.5, 11.99, 12.0, 30.25]) for _ in range(48)] for _ in range(DAYS)]
    return v


def split(total, weights):
    whole = sum(weights)
    exact = [F(total * w, whole) if whole else F(0) for w in weights]
    out = [int(x) for x in exact]
    for i in sorted(range(len(out)), key=lambda i: (out[i] - exact[i], i))[: total - sum(out) if whole else 0]:
        out[i] += 1
    return out


def levels(ids, total, have, level):
    got = {}
    for lv in sorted({level(i) for i in ids}):
        part = sorted(i for i in ids if level(i) == lv)
        n = min(total, sum(have[i] for i in part))
        got.update(zip(part, split(n, [have[i] for i in part])))
        total -= n
    return got


def through_pools(offer, need):
    """What each point got of these sources, pool after pool; need shrinks. Also Wh given by origin."""
    got, given = dict.fromkeys(POINTS, 0), [0] * 4
    offer = dict(offer)
    for origin in (WASTE, TOWN, FAR):
        ids = [i for i in offer if ORIGIN[i] == origin]
        all_of_it = sum(offer[i] for i in ids)
        if origin == WASTE:
            part = split(all_of_it * sum(SHARE.values()) // 1000000, [SHARE[p] for p in sorted(SHARE)])
            now = {p: min(need[p], e) for p, e in zip(sorted(SHARE), part)}
        else:
            now = levels(POINTS, min(all_of_it, sum(need.values())), need, (lambda p: 1 if p in PUBLIC else 2) if origin == TOWN else lambda p: 1)
        given[origin] += sum(now.values())
        for p, wh in now.items():
            need[p] -= wh
            got[p] += wh
    return got, given


class Battery:
    def __init__(self):
        self.lots = []  # [renewable, other], the oldest first
        self.lost = 0
        self.house = [0] * DAYS  # what its own roof gave at once, charging taken off

    def drain(self, wh, arrive):
        asked, gone, before, out = wh, 0, 0, 0
        while wh > 0 and self.lots:
            lot = self.lots[0]
            take = min(sum(lot), wh)
            re = take * lot[0] // sum(lot)
            gone, wh = gone + take, wh - take
            upto = gone * arrive // asked
            reach = re * (upto - before) // take
            before, out = upto, out + reach
            self.lost += re - reach
            lot[0] -= re
            lot[1] -= take - re
            if not sum(lot):
                self.lots.pop(0)
        return out

    def charge(self, re, other):
        self.lots.append([re, other])
        over = sum(map(sum, self.lots)) - MOST
        if over > 0:
            self.drain(over, 0)

    def discharge(self, wh):
        held = sum(map(sum, self.lots))
        need = -(-wh * 1000000 // ROUND)
        return self.drain(min(need, held), wh if need <= held else held * ROUND // 1000000)


def match(v):
    town = dict.fromkeys(("load_wh", "matched_wh", "own_wh", "battery_wh", "fit_wh", "waste_fossil_wh", "import_wh"), 0)
    point = {p: {"load_wh": 0, "matched_wh": 0} for p in POINTS}
    made, used, battery = [0] * 4, [0] * 4, Battery()
    for d in range(DAYS):
        for k in range(48):
            at = lambda key: v[key][d][k]  # noqa: E731, B023
            biogenic = at("incin generation") * (551200 if d >= MAY else 570000) // 1000000
            out = {p: min(at(f"pv-{p} generation"), at(p + " export")) for p in ("sch", "lib")}
            own = {p: at(f"pv-{p} generation") - out[p] for p in out}
            need = {p: at(p + " import") for p in POINTS}
            load = {p: need[p] + own.get(p, 0) for p in POINTS}
            offer = {"incin": biogenic, "weir": at("weir generation"), "isle": at("isle generation"), "sch": out["sch"]}
            full = dict(need)
            re, given = through_pools(offer, need)
            for i, wh in offer.items():
                made[ORIGIN[i]] += wh
            used = [a + b for a, b in zip(used, given)]
            into, wh, charged, back = at("bat charge"), at("bat discharge"), 0, 0
            if into:
                came = own["sch"] + full["sch"]
                charged = min(into, came) * (own["sch"] + re["sch"]) // came if came else 0
                battery.charge(charged, into - charged)
                load["sch"] -= min(into, load["sch"])
            if wh:
                back = battery.discharge(wh)
                load["sch"] += wh
            battery.house[d] += own["sch"] - min(own["sch"], charged)
            fit, _ = through_pools({"mega": at("mega generation"), "lib": out["lib"]}, need)
            fossil, _ = through_pools({"incin": at("incin generation") - biogenic}, need)
            made[0] += sum(own.values())
            for p in POINTS:
                mine = p == "sch"
                matched = own.get(p, 0) + re[p] + (back - charged if mine else 0)
                for key, x in (("load_wh", load[p]), ("matched_wh", matched), ("own_wh", own.get(p, 0)), ("battery_wh", back if mine else 0),
                               ("fit_wh", fit[p]), ("waste_fossil_wh", fossil[p]), ("import_wh", at(p + " import"))):
                    town[key] += x
                    if key in point[p]:
                        point[p][key] += x
    return town, point, made, used, battery


def half_up(x):
    return int((2 * x + 1) // 2)


def kg(mg):
    sign, mg = ("-" if mg < 0 else ""), abs(mg)
    return f"{sign}{mg // 1000000}.{mg % 1000000:06d}"


def bring(where, v):
    for name, text in FILES.items():
        with open(os.path.join(where, name), "w", encoding="utf-8") as f:
            f.write(text.strip() + "\n")
    for month in ("202404", "202405"):
        days = [d.strftime("%Y%m%d") for d in DATES if d.strftime("%Y%m") == month]
        kwh = lambda p: lambda day, s: "%d.%03d" % divmod(v[p + " import"][(datetime.datetime.strptime(day, "%Y%m%d").date() - FIRST).days][s - 1], 1000)  # noqa: E731
        with open(os.path.join(where, month + ".xml"), "wb") as f:
            f.write(confirmed(month, [confirmed_point(NUMBER[p], month, Text(kwh(p)), days=days) for p in POINTS]))
    with open(os.path.join(where, "own.csv"), "w", encoding="utf-8") as f, open(os.path.join(where, "spot.csv"), "w", encoding="utf-8") as g:
        f.write("point,date,code,wh,quantity\n")
        g.write("point,date,code,yen_per_kwh\n")
        for d, day in enumerate(DATES):
            for k in range(48):
                g.write(f"jepx-tokyo,{day},{k + 1},{v['price'][d][k]}\n")
                for key in v:
                    owner, _, quantity = key.partition(" ")
                    if quantity in ("generation", "export", "charge", "discharge") and (quantity != "export" or owner in ("sch", "lib")):
                        f.write(f"{owner},{day},{k + 1},{v[key][d][k]},{quantity}\n")
    for name in ("202404.xml", "202405.xml", "own.csv", "spot.csv"):
        code, out, err = mizo("import", os.path.join(where, name), "--region", where, "--json", "--known", "2024-06-02T00:00:00+09:00")
        tell(code == 0 and json.loads(out)["files"][0]["bad"] == 0, "taken in: " + name, err)


def Text(f):
    """confirmed_point adds up what it writes: a figure with its own text."""
    class Figure(float):
        def __str__(self):
            return self.text

        def __format__(self, _):
            return self.text

    def one(day, s):
        text = f(day, s)
        x = Figure(text)
        x.text = text
        return x
    return one


def json_of(*words, status=0):
    code, out, err = mizo(*words, "--json")
    if code != status:
        raise AssertionError((words, code, err))
    return json.loads(out)


def the_match(where, v):
    town, point, made, used, battery = match(v)
    m = json_of("match", "--region", where, "--fy", "2024")
    got = {k: m["town"][k] for k in town}
    tell(got == town, "the town's sums, to the Wh", (got, town))
    got = {x["id"]: {k: x[k] for k in ("load_wh", "matched_wh")} for x in m["points"] if x["load_wh"]}
    tell(got == point, "each point's", (got, point))
    names = ("own_roof", "waste", "in_town", "out_of_town")
    tell([m["sources"][n]["made_wh"] for n in names] == made and [m["sources"][n]["used_wh"] for n in names[1:]] == used[1:], "what was made and used, by origin", (m["sources"], made, used))
    tell((m["sources"]["lost_in_batteries_wh"], m["sources"]["in_batteries_wh"]) == (battery.lost, sum(lot[0] for lot in battery.lots)) and battery.lost > 0, "lost in the battery, and still there", m["sources"])
    rate = {x["id"]: x["annual_rate"] for x in m["points"]}
    tell(rate["sch"] == 1 and rate["cli"] == 0.4, "under a menu of 100 % the year is 100 %, whatever a battery loses", rate)
    days = ("--from", str(DATES[0]), "--to", str(DATES[-1]))
    tell(mizo("settle", "--region", where, *days)[0] == 0 and json_of("verify", "--region", where)["ok"], "settled, and the books are true")
    tell(json_of("match", "--region", where, "--fy", "2024")["town"]["booked_wh"] == town["matched_wh"], "the books hold the same")



def the_carbon(where, v):
    wh = lambda p, a=0, b=DAYS: sum(map(sum, v[p + " import"][a:b]))  # noqa: E731
    rows = {"green": (wh("sch") + wh("lib", 0, MAY), F(0), None), "mix": (wh("cli") + wh("lib", MAY), F("248.5"), F("251.25")),
            "plain": (wh("fac") + wh("hom"), F("457.000001"), None), None: (wh("pmp"), F("421.5"), F(423))}
    c = json_of("carbon", "--region", where, "--fy", "2024")
    whole = sum(r[0] for r in rows.values())
    now, was = half_up(whole * F("421.5")), half_up(whole * F(423))
    tell((c["import_wh"], c["location_kg"], c["location_before_kg"], c["location_difference_kg"]) == (whole, kg(now), kg(was), kg(now - was)) and
         c["location_factor"]["g_per_kwh"] == "421.500000" and c["location_factor_before"]["published"] == "2025-07-01", "location-based, with the publication before", c)
    new, old = ({k: half_up(r[0] * (r[i] if r[i] is not None else r[1])) for k, r in rows.items()} for i in (1, 2))
    got = {r["menu"]: (r["import_wh"], r["market_kg"], r.get("market_before_kg")) for r in c["menus"]}
    tell(got == {k: (r[0], kg(new[k]), None if r[2] is None else kg(old[k])) for k, r in rows.items()}, "by menu, old and new", got)
    tell((c["market_kg"], c["market_before_kg"]) == (kg(sum(new.values())), kg(sum(old.values()))), "market-based", c)
    average = margin = 0
    for d in range(DAYS):
        for k in range(48):
            load, price = sum(v[p + " import"][d][k] for p in POINTS), v["price"][d][k]
            average += half_up(load * MIX)
            margin += half_up(load * (F(0) if price < 5 else F("390.5") if price < 12 else F(700)))
    tell((c["average_by_slot"]["kg"], c["marginal_by_slot"]["kg"]) == (kg(average), kg(margin)), "by the half-hour, average and marginal", c)
    year = (datetime.date(2025, 4, 1) - datetime.date(2024, 4, 1)).days
    tell(c["days_without_reading"] == len(POINTS) * (year - DAYS), "a virtual point is not waited for: its terms are", c["days_without_reading"])
    c = json_of("carbon", "--region", where, "--fy", "2024", "--as-of", "2026-01-19")
    tell(c["location_kg"] == kg(was) and "location_before_kg" not in c, "as it was known before the publication", c)
    code, out, _ = mizo("carbon", "--region", where, "--fy", "2024", lang="ja")
    tell(code == 0 and "421.500 g/kWh, 全国平均" in out and "; 前は 423.000" in out and "前の公表の係数では" in out, "told in Japanese", out)


def bundles_of(where, name):
    path = os.path.join(where, name)
    code, _, err = mizo("match", "--region", where, "--fy", "2024", "--export", path)
    tell(code == 0, "granular certificates are written: " + name, err)
    with open(path, encoding="utf-8-sig", newline="") as f:
        return json.load(f)["bundles"] if name.endswith(".json") else list(csv.DictReader(f))


def granular(where, v):
    """Bundles of the half-hours: their sums are the matching's, and no Wh is in two of them."""
    town, point, made, used, battery = match(v)
    rows, lines = bundles_of(where, "bundles.json"), bundles_of(where, "bundles.csv")
    text = lambda x: "" if x is None else ("no", "yes")[x] if isinstance(x, bool) else str(x)  # noqa: E731
    tell(lines == [{k: text(x.get(k)) for k in lines[0]} for x in rows],
         "CSV and JSON say the same", (lines[0], rows[0]))
    use = {x["device_id"]: [0, 0] for x in rows if x["record"] == "consumption"}
    sums, ranges = collections.Counter(), collections.defaultdict(list)
    for x in rows:
        wh = int(x["face_value_wh"])
        if x["record"] == "consumption":
            use[x["device_id"]][0] += wh
            use[x["device_id"]][1] += int(x["matched_wh"])
            continue
        sums[x["record"], x["account_id"].partition(":")[0], x["energy_source"]] += wh
        sums[x["account_id"]] += wh
        ranges[x["device_id"], x["production_starting_interval"]].append((int(x["id_range_start"]), int(x["id_range_end"]), wh))
    tell(use == {p: [point[p]["load_wh"], point[p]["matched_wh"]] for p in POINTS}, "consumption, and what of it is matched", use)
    carriers = [("biogenic-waste", made[WASTE]), ("wind", made[FAR]), ("storage", town["battery_wh"])]
    tell(all(sum(wh for k, wh in sums.items() if k[2:] == (c,)) == whole for c, whole in carriers) and
         sum(wh for k, wh in sums.items() if k[2:] in (("solar",), ("hydro",))) == made[0] + made[TOWN], "production with value, FIT power left out", sums)
    tell([sums["pool:own"]] + [sums["pool:" + p] for p in ("waste", "town", "far")] == [made[0], *used[1:]], "claimed under the roof and through each pool", sums)
    for key, parts in ranges.items():
        parts.sort()
        if parts[0][0] != 1 or any(b[0] != a[1] + 1 for a, b in zip(parts, parts[1:])) or any(b - a + 1 != wh for a, b, wh in parts):
            tell(False, "a Wh stands in one bundle", (key, parts))
            break
    else:
        tell(len(ranges) > 500, "a Wh stands in one bundle", len(ranges))


def virtual_points(where, v):
    a = json_of("readings", "show", "v-net", "--region", where, "--day", str(DATES[1]))
    tell(a["virtual"] and a["wh"] == [x - y for x, y in zip(v["cli import"][1], v["pmp import"][1])], "a virtual point, slot by slot", a["wh"])
    _, _, err = mizo("check", where)
    tell("v-lease" not in err, "it needs no facility", err)


def claims(where, v):
    claim = lambda *w: mizo("claim", "--region", where, *w)  # noqa: E731
    for words in (("--id", "c1", "--kind", "credit", "--of", "sch", "--from", str(DATES[0]), "--to", str(DATES[2])),
                  ("--id", "s1", "--kind", "surplus", "--of", "isle", "--from", str(DATES[0]), "--to", str(DATES[1]))):
        tell(claim(*words)[0] == 0, words[1] + " is claimed", words)
    code, _, err = claim("--id", "c2", "--kind", "green-power", "--of", "sch", "--from", str(DATES[2]), "--to", str(DATES[4]))
    tell(code == 1 and "c1 (credit), 2024-04-28 – 2024-04-30" in err, "a second claim of a roof: the first is named", err)
    code, _, err = claim("--id", "s2", "--kind", "surplus", "--of", "isle", "--from", str(DATES[1]), "--to", str(DATES[3]))
    tell(code == 1 and "s1 (surplus), 2024-04-28 – 2024-04-29" in err, "of a surplus, also of a part of its days", err)
    said = [mizo("claim", "--region", where, *w, lang="ja") for w in (("--id", "s2", "--kind", "surplus", "--of", "isle", "--from", str(DATES[1]), "--to", str(DATES[3])), ())]
    tell("s1(余剰の売却、2024-04-28" in said[0][2] and "J-クレジット sch" in said[1][1] and "credit sch" in mizo("claim", "--region", where)[1], "in the reader's language", said)
    tell(json_of("verify", "--region", where)["ok"], "the books are true")
    rows = bundles_of(where, "claimed.json")
    claimed = lambda c, *d: sum(x["face_value_wh"] for x in rows if x["account_id"] == "claim:" + c and x["device_id"] in d)  # noqa: E731
    own = sum(match(v)[4].house[:3])
    tell(claimed("c1", "sch") == own, "what a credit took stands in its name", (claimed("c1", "sch"), own))


def main():
    v = invent()
    with tempfile.TemporaryDirectory() as where:
        bring(where, v)
        virtual_points(where, v)
        the_match(where, v)
        granular(where, v)
        the_carbon(where, v)
        claims(where, v)
    done()


main()
