"""The inventory's verbs: a reporting entity's year and its transcription sheet, capacity by register, home PV, a provisional
year from ordinance reports, tables of other schemes out and in.

    inventory.py MIZO VILLAGE
"""

import csv
import os
import shutil
import sys
import tempfile

from tap import answer, done, edit, mizo, rows_of, tell, village, write

CITY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/kawasaki/city")
PARAMS = """electricity-heat,,2023-04-01,,8.64,GJ/1000 kWh,law,g
electricity-heat,self,2023-04-01,,3.6,GJ/1000 kWh,law,g
oil-equivalent,,,,0.0258,kL/GJ,law,v
gwp-set,ar5,2023-04-01,,1,set,law,v
inventory-base,1990,,,1995,fiscal year,law,v
"""
SHEET = """shk,B2,電力,Electricity,entity-kwh,,,kwh,,,,example,g
shk,B3,灯油,Kerosene,entity-amount,kerosene,,kl,3,,,example,g
shk,B4,熱量,Heat,entity-gj,,,gj,1,,,example,g
shk,B5,原油換算,As crude oil,entity-kl,,,kl-oil,1,,,example,g
shk,B6,灯油のCO2,CO2 of kerosene,entity-co2,kerosene,,t-co2,3,,,example,g
shk,B7,冷媒,Refrigerant,entity-co2,hfc-32,,t-co2,3,,,example,g
shk,B8,すべて,All gases,entity-all-adjusted,,,t-co2,3,,,example,g
shk,B9,教育,Of education,entity-kwh,,education,kwh,,,,example,g
"""


def town(parent, name):
    home = village(parent, name)
    for f in os.listdir(CITY):
        shutil.copy(os.path.join(CITY, f), home)
    os.remove(os.path.join(home, "budgets.csv"))  # it speaks of the village's own businesses
    edit(home, "params.csv", lambda t: t.rstrip("\n") + "\n" + PARAMS)
    edit(home, "sheets.csv", lambda t: t.replace("item,key,unit", "item,key,entity,unit", 1).replace(",mwh,", ",,mwh,")
         .replace(",kwh,", ",,kwh,").replace(",count,", ",,count,").replace(",thousand-yen,", ",,thousand-yen,")
         .replace(",yen,", ",,yen,").replace(",percent,", ",,percent,").replace(",kg-per-kwh,", ",,kg-per-kwh,") + SHEET)
    code, _, err = mizo("import", os.path.join(home, "readings.csv"), "--region", home)
    assert code == 0, err
    return home


def yearly(title, rows):
    months = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    lines = [title, "施設名," + ",".join(f"{m}月" for m in months)]
    return "\n".join(lines + [",".join([n] + [str(x) for x in v]) for n, v in rows]) + "\n"


def bring(r, name, title, rows):
    code, _, err = mizo("import", write(r, name, yearly(title, rows)), "--region", r, "--known", "2024-05-10")
    tell(code == 0, "taken in: " + title, err)


def entity(r):
    bring(r, "power.csv", "令和5年度 電力,単位:kWh", [("school", [1000] * 12), ("depot", [500] * 12)])
    bring(r, "oil.csv", "令和5年度 灯油使用量,単位:L", [("school", [100] * 10 + ["", ""])])
    bring(r, "gas.csv", "令和5年度 冷媒 HFC-32 漏えい量,単位:kg", [("depot", [0] * 11 + [1.5])])
    code, x, err = answer("city", "entity", "--region", r, "--fy", "R5")
    lines = {y["kind"]: y for y in x["lines"]}
    tell(code == 0 and x["whole"] and x["facilities"] == 3 and x["reporting"] == 2, "the city as one operator", (x, err))
    tell(lines["kerosene"]["amount"] == "1000.000" and lines["kerosene"]["gj"] == "36.500000" and lines["kerosene"]["kl"] == "0.941700"
         and lines["kerosene"]["co2_kg"] == "2502.683000", "a fuel: amount, GJ, kL, CO2", lines["kerosene"])
    tell(lines["hfc-32"]["co2_kg"] == "1015.500000" and x["gwp_set"] == "AR5" and x["gas_kg"] == "1015.500000", "a gas that leaked, by the set of the year", lines)
    power = {p["menu"]: p for p in x["power"]}
    tell(sum(p["wh"] for p in x["power"]) == x["wh"] and all({"basic_kg", "adjusted_kg"} <= set(p) for p in x["power"])
         and power["big-plain"]["adjusted"]["by"] == "menu" and power["big-plain"]["basic"]["by"] == "average", "electricity by menu with both factors", x["power"])
    kg = {k: float(x[k]) for k in x if k.endswith("_kg")}
    tell(abs(kg["all_adjusted_kg"] - kg["fuel_kg"] - kg["adjusted_kg"] - kg["gas_kg"]) < 1e-6 and
         abs(float(x["gj"]) - float(x["electricity_gj"]) - sum(float(y.get("gj", 0)) for y in x["lines"])) < 1e-6, "the parts come to the whole", x)
    parts = [answer("city", "entity", w, "--region", r, "--fy", "R5")[1] for w in ("education", "transport")]
    tell(sum(p["wh"] for p in parts) == x["wh"] and sum(p["facilities"] for p in parts) == 3, "the bureaus come to the city", [p["wh"] for p in parts])
    code, one, err = answer("city", "entity", "school", "--region", r, "--fy", "R5")
    tell(code == 0 and one["facilities"] == 1 and [y["kind"] for y in one["lines"]] == ["kerosene"], "one facility", (one, err))
    code, was, err = answer("city", "entity", "--region", r, "--fy", "R5", "--as-of", "2024-05-01")
    tell(code == 0 and not was["lines"] and was["reported_wh"] == 0, "as it was known before the reports came", was)
    code, _, err = mizo("city", "entity", "nobody", "--region", r, "--fy", "R5")
    tell(code == 2 and 'no reporting entity "nobody"' in err, "who is not there", err)
    code, out, err = mizo("city", "entity", "--region", r, "--fy", "R5", lang="ja")
    tell(code == 0 and all(w in out for w in ("灯油", "原油換算", "基礎排出係数", "HFC-32漏えい", "すべてのガス")), "as a table", out)


def sheet(r):
    code, x, err = answer("duty", "sheet", "shk", "--region", r, "--period", "2023-05-01", "--every", "fy")
    cells = {c["cell"]: c for c in x.get("cells", [])}
    _, whole, _ = answer("city", "entity", "--region", r, "--fy", "R5")
    _, education, _ = answer("city", "entity", "education", "--region", r, "--fy", "R5")
    tell(code == 0 and len(cells) == 8, "a transcription sheet of the year", (x, err))
    tell(cells["B2"]["value"] == str(round(whole["wh"] / 1000)) and cells["B3"]["value"] == "1.000" and cells["B6"]["value"] == "2.503"
         and cells["B7"]["value"] == "1.016" and cells["B9"]["value"] == str(round(education["wh"] / 1000)), "its cells", cells)
    tell(abs(float(cells["B8"]["value"]) * 1000 - float(whole["all_adjusted_kg"])) <= 0.5 and cells["B4"]["mark"] == "G" and
         abs(float(cells["B5"]["value"]) - float(whole["kl"])) <= 0.05, "and its sums, with source and mark", cells)
    code, _, err = mizo("duty", "sheet", "shk", "--region", r, "--period", "2023-05-01", "--every", "month")
    tell(code == 2 and "of a fiscal year" in err, "of a month there is none", err)


def lacking(r):
    edit(r, "fuels.csv", lambda t: "\n".join(l for l in t.splitlines() if ",2023-04-01,," not in l) + "\n")
    code, x, err = answer("city", "entity", "--region", r, "--fy", "R5")
    tell(code == 1 and not x["whole"] and "kerosene of FY2023 is not counted: fuels.csv has no row kerosene" in err and x["fuel_kg"] == "0.000000",
         "a factor that is missing for the year is named, nothing is guessed", (code, err))
    edit(r, "gwp.csv", lambda t: "\n".join(l for l in t.splitlines() if not l.startswith("AR5,hfc-32")) + "\n")
    code, x, err = answer("city", "entity", "--region", r, "--fy", "R5")
    tell(code == 1 and "hfc-32 of FY2023 is not counted: gwp.csv has no row hfc-32" in err, "a GWP too", err)
    code, x, err = answer("duty", "sheet", "shk", "--region", r, "--period", "2023-05-01", "--every", "fy")
    tell(code == 0 and [c["missing"] for c in x["cells"] if c["cell"] in ("B3", "B7")] == [1, 1], "the sheet marks such cells", x)


def settle(r, name, **fields):
    """Fields of the register's rows of that name, whatever columns the file has."""
    path = os.path.join(r, "register-rows.csv")
    with open(path, encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, rows[0], lineterminator="\n")
        out.writeheader()
        out.writerows({**x, **(fields if x["name_ja"] == name else {})} for x in rows)


def capacity(r):
    code, x, err = answer("city", "capacity", "--region", r, "--fy", "2023")
    tell(code == 1 and x["w"] == 117600000 and x["listed_w"] == 171100000 and x["plants"] == 8 and x["questions"] == 1, "each plant once, a question open", x)
    tell("re-fit says 33000.000 kW, re-park says 33500.000 kW" in err and "may be one plant" in err, "what differs and what may be one is said", err)
    rows = {(y["register"], y["name_ja"]): y for y in x["rows"]}
    tell(rows["re-park", "扇島メガソーラー"]["by"] == "thing" and rows["re-park", "浮島太陽光発電所"]["by"] == "rule"
         and rows["re-park", "臨海バイオマス"]["evidence"], "by which rule, with its evidence", list(rows.values()))
    settle(r, "物流倉庫屋根 1号", thing="roof-1", evidence="増設前の容量")
    code, x, _ = answer("city", "capacity", "--region", r, "--fy", "2023")
    tell(code == 0 and x["w"] == 115700000 and x["questions"] == 0 and x["differ"] == 2, "settled by a person: one thing", x)
    code, _, err = mizo("city", "capacity", "--region", r, "--fy", "2005")
    tell(code == 2 and "no register of kind re-capacity" in err, "before any register", err)
    settle(r, "工場屋根 PPA", unit="kWh")
    code, _, err = mizo("city", "capacity", "--region", r, "--fy", "2023")
    tell(code == 2 and "kWh is no power" in err, "an amount that is no power", err)
    settle(r, "工場屋根 PPA", unit="kW")


def home_pv(r):
    rows = "id,fy,received,state,kw,yen,ward,count\npv-1,R5,2023-05-01,paid,4.5,100000,高津区,\npv-2,2023,2023-06-01,withdrawn,5,,宮前区,\n" \
           "pv-old,2023,,awarded,795.5,15100000,,151\npv-3,2024,2024-05-01,applied,6,,,\n"
    code, x, err = answer("city", "load", "home-pv", write(r, "pv.csv", rows), "--region", r, "--as", "hana")
    tell(code == 0 and x["added"] == 4, "applications are listed", err)
    code, x, _ = answer("city", "home-pv", "--region", r)
    y = {p["fy"]: p for p in x["home_pv"]}
    tell(code == 0 and (y[2023]["applied"], y[2023]["awarded"], y[2023]["withdrawn"], y[2023]["w"], y[2023]["yen"]) == (153, 152, 1, 800000, "15200000")
         and y[2023]["published"] == "152件" and y[2023]["published_kw"] == "約800 kW", "by year, beside what was published", x)
    code, _, err = mizo("city", "load", "home-pv", write(r, "pv2.csv", "id,fy,state,kw\npv-8,2023,granted,4\npv-9,2023,paid,4\n"), "--region", r, "--as", "hana")
    tell(code == 2 and '"granted" is no state' in err and "pv2.csv:2" in err and len(rows_of(r, "select 1 from record where kind = 'home-pv'")) == 4, "a state that there is not, and nothing is written", err)
    tell((y[2024]["applied"], y[2024]["awarded"], y[2024]["published"]) == (1, 0, None), "an application is no award", y[2024])


REPORTS = """id,firm,inventory,line,fy,amount,unit,received,source
f-1,firm-01,illustration,steelworks,2022,5000000,t-CO2,2023-07-31,ordinance report 1
f-2,firm-02,illustration,refinery,2022,2000,千t-CO2,2023-07-31,ordinance report 2
f-3,firm-03,illustration,refinery,2022,2600000,t-CO2,2023-07-31,ordinance report 3
"""


def provisional(r):
    code, x, err = answer("city", "load", "ordinance-report", write(r, "o.csv", REPORTS), "--region", r, "--as", "hana")
    tell(code == 0 and x["added"] == 3, "reports under the ordinance", err)
    code, x, err = answer("city", "provisional", "--inventory", "illustration", "--fy", "2022", "--region", r)
    lines = {y["line"]: y for y in x["lines"]}
    tell(code == 0 and x["like_fy"] == 2021 and x["by_ordinance_t"] == "9600000.000000" and lines["refinery"]["reports"] == 2
         and lines["refinery"]["t_co2"] == "4600000.000000" and lines["cement"]["basis"] == "carried", "they stand in for what is not out yet", (x, err))
    tell(abs(float(x["t_co2"]) - float(x["by_statistics_t"]) - float(x["by_ordinance_t"]) - float(x["carried_t"])) < 1e-6, "its parts", x)
    code, y, err = answer("city", "provisional", "--inventory", "illustration", "--fy", "2022", "--keep", "--on", "2023-10-01", "--region", r, "--as", "hana")
    tell(code == 0 and y["written"] > 10, "written down as published", (y.get("written"), err))
    code, y, _ = answer("city", "provisional", "--inventory", "illustration", "--fy", "2022", "--keep", "--on", "2023-11-01", "--region", r, "--as", "hana")
    tell(code == 0 and y["written"] == 0, "the same again changes nothing", y.get("written"))
    code, out, _ = mizo("city", "ask", "cell", "illustration", "2022", "all", "all", "all", "--region", r)
    tell(code == 0 and out.startswith("17,"), "questions find it", out)
    mizo("city", "put", "ordinance-report", "f-1", "amount=5100000", "--region", r, "--as", "hana")
    code, y, _ = answer("city", "provisional", "--inventory", "illustration", "--fy", "2022", "--keep", "--on", "2024-02-01", "--region", r, "--as", "hana")
    was = mizo("city", "ask", "cell", "illustration", "2022", "manufacturing", "co2", "heat", "--region", r, "--as-of", "2023-12-31")[1]
    now = mizo("city", "ask", "cell", "illustration", "2022", "manufacturing", "co2", "heat", "--region", r)[1]
    tell(y["written"] == 2 and was == "5,000,000 t-CO2\n" and now == "5,100,000 t-CO2\n", "published, then restated: both are kept", (y["written"], was, now))
    for change, word in (("line=steelmill", 'no line "steelmill"'), ("unit=MWh", "its unit MWh does not fit")):
        mizo("city", "put", "ordinance-report", "f-9", "firm=f", "inventory=illustration", "line=steelworks", "fy=2022", "amount=1", "unit=t-CO2",
             "source=s", change, "--region", r, "--as", "hana")
        code, _, err = mizo("city", "provisional", "--inventory", "illustration", "--fy", "2022", "--region", r)
        tell(code == 2 and "the report f-9" in err and word.split('"')[-2 if '"' in word else 0][:20] in err, "a report that fits nothing: " + change, err)
    mizo("city", "put", "ordinance-report", "f-9", "fy=2019", "--region", r, "--as", "hana")
    code, _, err = mizo("city", "provisional", "--inventory", "illustration", "--fy", "2019", "--region", r)
    tell(code == 2 and "no year before FY2019" in err, "no year to go by", err)


def put(r, name, rows):
    return write(r, name, "\n".join(",".join(str(c) for c in row) for row in rows) + "\n")


def schemes(r):
    words = ["--inventory", "illustration", "--fy", "2021", "--region", r]
    for scheme in ("moe", "gpc"):
        for ending in ("csv", "xlsx"):
            path = os.path.join(r, "..", f"{scheme}.{ending}")
            code, _, err = mizo("city", "scheme", scheme, *words, "--out", path)
            tell(code == 0, f"{scheme} out as {ending}", err)
            code, x, err = answer("city", "take", scheme, path, *words, "--source", "sent back", "--as", "hana")
            tell(code == 0 and x["changed"] == 0 and x["same"] == x["figures"] > 15, f"{scheme}: the {ending} comes back the same", (x, err))
    code, x, _ = answer("city", "scheme", "moe", *words)
    figures = {(y["code"], y.get("gas")): y for y in x["rows"]}
    tell(figures["1-1-n", "co2"]["t_co2"] == "5412300.000000" and figures["10", None]["key"] == "ne" and not x["strays"] and
         figures["1-1-n", "co2"]["mark"] == "S", "figures, notation keys and marks", list(figures.values())[:3])
    with open(os.path.join(r, "..", "moe.csv"), encoding="utf-8-sig") as f:
        text = f.read()
    steel = write(r, "moe2.csv", text.replace("5412300", "5400000", 1))
    code, x, err = answer("city", "take", "moe", steel, *words, "--source", "the ministry's table", "--vintage", "final", "--on", "2025-10-01", "--as", "hana")
    tell(code == 0 and x["changed"] == 1, "one figure is another", (x, err))
    now = mizo("city", "ask", "cell", "illustration", "2021", "manufacturing", "co2", "heat", "--region", r)[1]
    was = mizo("city", "ask", "cell", "illustration", "2021", "manufacturing", "co2", "heat", "--region", r, "--as-of", "2025-01-01")[1]
    tell(now == "5,400,000 t-CO2\n" and was == "5,412,300 t-CO2\n", "both are kept", (now, was))
    n = len(rows_of(r, "select 1 from record where kind = 'emission'"))
    bad = put(r, "bad.csv", [["code", "co2", "ch4"], ["1-1-e", "twelve", ""], ["9-9", 5, ""], ["10", 7, ""], ["3-e", 1132700, "NO"], ["3-e", 1, ""]])
    code, _, err = mizo("city", "take", "moe", bad, *words, "--source", "x", "--as", "hana")
    tell(code == 2 and all(w in err for w in ('B2: "twelve" is no figure', 'B3: moe has no category "9-9"', "B4: the category 10 is no cell of our inventories",
         "B6: 3-e stands twice")) and len(rows_of(r, "select 1 from record where kind = 'emission'")) == n, "every mistake with its cell, and nothing is written", err)
    waste = put(r, "waste.csv", [["番号", "co2"], ["7", 182000]])
    edit(r, "categories.csv", lambda t: t + "moe,7,別の廃棄物,Other waste,household,*,heat,,example,\n")
    code, _, err = mizo("city", "take", "moe", waste, *words, "--source", "x", "--as", "hana")
    tell(code == 2 and "the category 7 is several cells" in err, "a figure of several cells cannot be shared out", err)
    code, x, err = answer("city", "scheme", "moe", *words)
    tell(code == 1 and "is counted twice" in err and x["strays"][0]["again"] == "7", "a cell in two categories is named", (x["strays"], err))
    edit(r, "categories.csv", lambda t: "\n".join(l for l in t.splitlines() if not l.startswith(("moe,3-n", "moe,7,別"))) + "\n")
    code, x, err = answer("city", "scheme", "moe", *words)
    tell(code == 1 and [(s["sector"], s["form"]) for s in x["strays"]] == [("household", "heat")] and "no category of moe takes this cell" in err, "a cell that has none too", err)
    for name, rows, word in (("head.csv", [["a", "b"], ["1", "2"]], "no header"), ("q.csv", [['"open', "co2"]], "CSV")):
        code, _, err = mizo("city", "take", "moe", put(r, name, rows), *words, "--source", "x", "--as", "hana")
        tell(code == 2 and word in err, "not a table: " + name, err)
    code, _, err = mizo("city", "scheme", "crf9", *words)
    tell(code == 2 and 'no scheme "crf9"' in err and "gpc" in err, "a scheme that there is not", err)
    code, _, err = mizo("city", "take", "moe", bad, *words, "--vintage", "newest", "--as", "hana")
    tell(code == 2 and "no vintage" in err and "source" in err, "what is missing is said at once", err)


def document(r):
    code, x, err = answer("report", "inventory", "--region", r, "--fy", "2023")
    tables = {(t["inventory"], t["fy"], t["gas"]): {(c["sector"], c["form"]): c for c in t["cells"]} for t in x["tables"]}
    heat = tables["city", 2019, "co2"]["all", "heat"]
    tell(code == 0 and heat["printed_t"] == "15000000.000000" and heat["parts_t"] == "15100000.000000" and heat["percent"] == "71.770",
         "sectors by form: printed and added up, side by side", heat)
    base = {(b["base"], b["gas"]): b for b in x["bases"] if b["inventory"] == "illustration"}
    tell(base[1990, "hfcs"]["base_fy"] == 1995 and base[1990, "co2"]["base_fy"] == 1990 and base[1990, "all"]["base_t"] == "27253000.000000", "the base of two years", base)
    why = [y for y in x["restated"] if y["inventory"] == "illustration"][0]
    parts = sum(float(why[k]) for k in ("scope_t", "activity_t", "factor_t", "gwp_t"))
    tell(abs(float(why["before_t"]) + parts - float(why["after_t"])) < 1e-6 and why["rounding_t"] == "84.500000" and
         [(y["basis_was"], y["basis"]) for y in why["lines"] if y["line"] == "steelworks"] == [("ordinance", "plant")], "why a year was restated, to the gram", why)
    targets = {t["indicator"]: t for t in answer("report", "targets", "--region", r, "--as-of", "2025-03-31")[1]["rows"]}
    hall, energy, city = (targets[k] for k in ("hall-ghg-vs-2013", "hall-energy-co2-vs-2013", "city-ghg-vs-2013"))
    tell((hall["whose"], energy["whose"], city["whose"]) == ("city-hall", "city-hall", "city") and hall["base_fy"] == 2013 and not hall["on_path"]
         and hall["reached_in"] == 2050 and energy["target"]["value"] == "-75.000000" and hall["target"]["value"] == "-50.000000", "city hall's targets are kept apart", (hall, energy))
    tell(targets["re-capacity"]["needed_a_year"] == "1.311111" and targets["re-capacity"]["done_a_year_at_least"] == "0.650000" and targets["re-capacity"]["done_text_ja"].endswith("万kW"), "needed against done, as far as rounding lets say", targets["re-capacity"])
    code, out, err = mizo("report", "targets", "--region", r, "--as-of", "2025-03-31", lang="ja")
    tell(code == 0 and "市役所の目標と実績" in out and "国の目標と実績" in out and out.index("市役所の目標と実績") > out.index("市域の目標と実績"), "in tables of their own", out)
    code, out, err = mizo("report", "inventory", "--region", r, "--fy", "2023")
    hall = out[out.index("City hall: emissions"):out.index("Worked example (no figure of the city): emissions")]
    tell(code == 0 and out.count("emissions as published") == 3 and "part 7" in hall and "414,532" in hall and "2,100,000" not in hall and "part-7" not in out
         and "across sectors" in out, "a table for each inventory, its sectors by name", out[:2000])
    page = os.path.join(r, "..", "inventory.html")
    code, _, err = mizo("report", "inventory", "--region", r, "--fy", "2023", "--bundle", page, lang="ja")
    with open(page, encoding="utf-8") as f:
        html = f.read()
    tell(code == 0 and all(w in html for w in ("再算定の内訳", "基準年度との比較", "再エネ設備容量", "住宅用太陽光発電設備の補助", "部門と由来")), "one page has all of it", err)
    edit(r, "activities.csv", lambda t: t.replace("revised,sewage,waste,n2o,non-energy,92,t-CO2,1000,AR5", "revised,sewage,waste,n2o,non-energy,92,t-CO2,1000,AR9"))
    code, _, err = mizo("report", "inventory", "--region", r, "--fy", "2023")
    tell(code == 2 and "the line sewage cannot be reckoned: its set has no such gas" in err, "a GWP that is missing names its line", err)


def main():
    with tempfile.TemporaryDirectory() as parent:
        r = town(parent, "v")
        entity(r)
        sheet(r)
        capacity(r)
        home_pv(r)
        provisional(r)
        schemes(r)
        document(r)
        lacking(r)
        code, _, err = mizo("inventory", "--region", r)
        tell(code == 2 and "provisional" in err, "alone it says what there is", err)
    return done()


sys.exit(main())
