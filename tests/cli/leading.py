"""The leading area: the year as the council sees it, savings, the list of the BEMS, measures outside electricity, the
grant with its register, its conditions and what comes of it.

    leading.py MIZO VILLAGE
"""

import os
import sys
import tempfile

from tap import answer, done, edit, mizo, rows_of, tell, village, write

AS_OF = ("--as-of", "2024-05-15")
KNOWN = ("--known", "2024-05-10")
RULES = ("name,key,value,unit,mark\n"
         "grant-cap,,5000000000,yen,v\ngrant-first-fy,,2022,fiscal year,c\ngrant-last-fy,,2026,fiscal year,c\n"
         "grant-no-fit,,1,yes,v\ngrant-self-use,,0.5,share,v\ngrant-metered,,1,share,v\ngrant-one-subsidy,,1,yes,v\n"
         "grant-no-credit,,1,yes,v\ngrant-pv-charged,,0.9,share,g\ngrant-cycles,,10,days,g\ngrant-ppa-passed,,0.8,share,g\ngrant-tax-credit,,1,yes,s\n"
         "grant-keep,pv,17,years,g\ngrant-keep,battery,6,years,g\ngrant-keep,other,10,years,g\n")


def bring(r, name, text):
    code, out, err = mizo("import", write(r, name, text), "--region", r, *KNOWN)
    tell(code == 0, f"{name} comes in", err)


def load(r, kind, name, text):
    return answer("city", "load", kind, write(r, name, text), "--region", r)


def add_rules(text):
    """Rows of params.csv that hold from 2022-04-01, by the columns of the file."""
    for line in RULES.splitlines()[1:]:
        name, key, value, unit, mark = line.split(",")
        text += f"{name},{key},2022-04-01,,{value},{unit},test,{mark}\n"
    return text


def bills(point, fy, kwh):
    """Twelve bills of a fiscal year."""
    out = ""
    for i in range(12):
        y, m = (fy, i + 4) if i < 9 else (fy + 1, i - 8)
        z, n = (y, m + 1) if m < 12 else (y + 1, 1)
        out += f"{point},{y}-{m:02d}-01,{z}-{n:02d}-01,{kwh[i]}\n"
    return out


def report(r, *more, fy="2023"):
    return answer("report", "achievement", "--region", r, "--fy", fy, *more)


# ---- the year ----

def year(r):
    code, x, err = report(r)
    v = {(y["waste"], y["demand"]): y for y in x["variants"]}
    tell(code == 0 and x["published_pair"] == "full,fixed" and [k for k in v if v[k]["published"]] == [("full", "fixed")], "the published pair is named", x["published_pair"])
    tell(v["full", "fixed"]["rate"] == x["rate"] == 0.4626 and x["text_ja"] == "約46％", "and is the published rate", v)
    tell(v["biogenic", "fixed"]["rate"] is None and x["waste_unknown_menu"] == "village-mix", "nobody says how much of a menu is waste power: that reading is not known", v)
    edit(r, "params.csv", lambda t: t + "menu-waste-share,big-green,2022-04-01,,0,share,test,g\nmenu-waste-share,village-mix,2022-04-01,,0.5,share,test,g\n")
    code, x, err = report(r)
    v = {(y["waste"], y["demand"]): y for y in x["variants"]}
    menu = {y["key"]: y for y in x["by_menu"]["rows"]}
    fossil = menu["village-mix"]["supply_wh"] // 2 * 4 // 10
    tell(0 <= x["waste_fossil_wh"] - fossil <= 60 and fossil > 0, "of waste power what is not biogenic: half of the menu, four tenths of that", (x["waste_fossil_wh"], fossil))
    tell(v["biogenic", "fixed"]["supply_wh"] == 183147000 - x["waste_fossil_wh"] and v["full", "actual"]["demand_wh"] == x["own"]["demand_wh"] + 1884000 and
         v["full", "actual"]["partial"], "four readings; savings are added back to the actual demand", v)
    code, y, err = report(r, "--variant", "biogenic,actual")
    tell(y["published_pair"] == "biogenic,actual", "another pair may be the published one", y["published_pair"])
    code, y, err = report(r, "--variant", "biogenic")
    tell(code == 2, "half a pair is none", err)
    for cut in ("group", "bureau", "supplier", "menu"):
        part = x["by_" + cut]
        tell(sum(p["demand_wh"] for p in part["rows"]) == x["ledger"]["demand_wh"] and sum(p["supply_wh"] for p in part["rows"]) == x["ledger"]["supply_wh"],
             f"by {cut}: adds up", part)
    tell(sum(x["own"]["read_by"].values()) == x["own"]["demand_wh"] and abs(x["side_by_side"]["slots_share"] - x["own"]["read_by"]["slots"] / x["own"]["demand_wh"]) < 1e-6,
         "how much of it is read by the half-hour", x["side_by_side"])
    half = x["side_by_side"]["half_hour"]
    code, m, err = answer("match", "--region", r, "--fy", "2023")
    tell(half["days_read"] == m["days_read"] == 7 and half["time_matched_rate"] == m["town"]["time_matched_rate"] and half["matched_wh"] == m["town"]["matched_wh"],
         "the half-hours beside the year, as `mizo match` has them", (half, m["town"]))
    then = [report(r, "--as-of", day)[1]["side_by_side"]["half_hour"] for day in ("2024-05-12", "2023-03-01")]
    tell(then == [half, None], "as of a day the half-hours are those that were known: all of them, none", then)
    rows = {y["facility"]: y for y in x["ledger"]["rows"]}
    tell(rows["library"]["evidence"] == "missing" and rows["library"]["missing"] == 10 and rows["library"]["since"] == "2023-06-01" and rows["depot"]["evidence"] == "estimate" and "months" not in rows["depot"],
         "each facility with its evidence and since when it is missing", rows)
    group = {y["group"]: y for y in x["effect"]["groups"]}
    tell(x["effect"]["factor"]["g_per_kwh"] == 423 and "village" in x["effect"]["factor"]["source"] and
         float(group["public"]["kg"]) == round(group["public"]["supply_wh"] * 423 / 1e6, 6), "CO2 by group, its factor and whence it is", x["effect"])


def table(r):
    code, out, err = mizo("report", "achievement", "--region", r, "--fy", "2023", "--out", os.path.join(r, "..", "a.csv"), lang="ja")
    with open(os.path.join(r, "..", "a.csv"), encoding="utf-8-sig") as f:
        text = f.read()
    lines = [x.strip() for x in text.splitlines()]
    head = [x for x in lines if x.startswith("年次,")]
    tell(code == 0 and head == ["年次,2022,2023,2024,2025,2026,目指す方向"] * 2, "the table as it is printed: five years and the direction", head or (err, text[:900]))
    said = [x for x in lines if x.startswith("実績値")]
    tell(said == ['実績値,"152,345 kWh","183,147 kWh",,,,↗', '実績値,"2,100 kWh","1,884 kWh",,,,↗'] and any(x.startswith("① ") for x in lines), "years to come are empty cells", said)
    tell("公表の組み合わせ" in text and "30分ごとの一致" in text and "未報告の施設" in text and "小売電気事業者ごと" in text, "readings, half-hours, who is late, suppliers", "")
    for ending, flag in (("xlsx", "--xlsx"), ("html", "--bundle")):
        path = os.path.join(r, "..", "a." + ending)
        code, out, err = mizo("report", "achievement", "--region", r, "--fy", "2023", flag, path, lang="ja")
        tell(code == 0 and os.path.getsize(path) > 3000, f"as {ending}", err)
    code, out, err = mizo("report", "achievement", "--region", r, "--fy", "2023")
    tell(code == 0 and "the published pair" in out and "read by the half-hour" in out, "in words", out + err)
    edit(r, "published.csv", lambda t: t.replace("2023,demand,400000,kWh,definition", "2023,demand,400000,kWh,rounded"))
    code, out, err = mizo("report", "achievement", "--region", r, "--fy", "2023")
    tell(code == 2 and "rounded" in err, "an operand that was rounded is refused", err)
    edit(r, "published.csv", lambda t: t.replace("2023,demand,400000,kWh,rounded", "2023,demand,400000,kWh,definition"))


def entered(r):
    """Figures of a year that no file has, by two people."""
    for item, value in (("re-supply", "200,000kWh"), ("saving", "▲2,000kWh"), ("demand", "404,000kWh")):
        code, out, err = mizo("city", "enter", item, "R6", "--value", value, "--source", "report", "--on", "2025-06-01", "--region", r)
        tell(code == 0, f"{item} is entered", err)
    code, x, err = report(r, fy="2024")
    tell(code == 0 and x["published"] == "exact" and x["rate"] == 0.5 and [y["rate"] for y in x["years"]][2] == 0.5, "what people enter is the published rate of the year", (err, x.get("rate")))
    code, x, err = answer("city", "enter", "re-supply", "R6", "--value", "210,000kWh", "--source", "report", "--on", "2025-06-10", "--after", "0", "--region", r)
    tell(code == 1 and "version 1" in err, "two people edit one figure: the second is told where the first's is", err)
    code, x, err = answer("city", "enter", "re-supply", "R6", "--value", "210,000kWh", "--vintage", "revised", "--source", "report", "--on", "2025-07-10", "--region", r)
    now, before = report(r, fy="2024")[1], report(r, "--as-of", "2025-06-15", fy="2024")[1]
    tell(now["supply_wh"] == 210000000 and before["supply_wh"] == 200000000, "restated: both versions stay, each as of its day", (now["supply_wh"], before["supply_wh"]))


# ---- savings ----

def savings(r):
    head = "id,measure,facility,before_kwh,after_kwh,method,first_fy,last_fy,evidence\n"
    rows = ["led-1,LED,school,10000,4000,lamp table,R5,R9,S3:621", "led-2,LED,school,9000,4000,lamp table,2025,2027,again",
            "ac-1,air conditioning,school,5000.5,4000,bills,2023,2024,bills", "old,LED,library,100,50,bills,2020,2021,bills"]
    code, x, err = load(r, "saving", "s.csv", head + "\n".join(rows) + "\n")
    tell(code == 0 and x["added"] == 4, "savings as records", err)
    got = {fy: answer("city", "savings", "--region", r, "--fy", str(fy)) for fy in (2020, 2023, 2025, 2030)}
    tell([got[fy][1]["saved_wh"] for fy in got] == [50000, 7000500, 6000000, 0], "credited from their first year to their last", [got[fy][1]["saved_wh"] for fy in got])
    tell(got[2025][1]["twice"] == 1 and got[2025][1]["counted"] == 1 and "counts once" in got[2025][2] and "led-1" in got[2025][2], "the same act put twice counts once, and the first is named", got[2025])
    code, x, err = report(r)
    year = {y["fy"]: y for y in x["years"]}
    tell(x["own"]["saving_wh"] == 7000500 and year[2023]["recorded_saving_wh"] == 7000500 and year[2023]["saving_wh"] == 1884000 and year[2026]["recorded_saving_wh"] == 6000000,
         "the records stand in the table beside what was published", year)
    own = x["own"]
    tell(own["rate"] == round((own["supply_wh"] + 7000500) / own["demand_wh"] + 1e-12, 4), "and count in the town's own rate", own)
    edit(r, "facilities.csv", lambda t: t.replace(",west,public,35.5309,139.7030,5200,yes,,", ",west,public,35.5309,139.7030,5200,yes,,2023-10-01") +
         "school-new,新しい村立小学校,New school,school,A-0001,welfare,village,west,public,,,5200,yes,2023-10-01,\n")
    edit(r, "uses.csv", lambda t: t.replace("school,school-main,p-school,1,,", "school,school-main,p-school,1,,2023-10-01\nschool-new,school-main,p-school,1,2023-10-01,")
         .replace("school,hall,p-hall,0.4,,", "school,hall,p-hall,0.4,,2023-10-01\nschool-new,hall,p-hall,0.4,2023-10-01,"))
    before = x
    code, x, err = report(r)
    rows = {y["facility"]: y for y in x["ledger"]["rows"]}
    months = lambda f: [m["evidence"] for m in {y["facility"]: y for y in answer("city", "ledger", "--region", r, "--fy", "2023", *AS_OF)[1]["rows"]}[f]["months"]]  # noqa: E731
    tell(code == 0 and x["ledger"]["demand_wh"] == before["ledger"]["demand_wh"] and months("school")[6:] == ["not-due"] * 6 and months("school-new")[:6] == ["not-due"] * 6,
         "a facility changes hands in October: each owner has its months, the sum is the same", (err, rows))
    code, x, err = load(r, "saving", "s2.csv", head + "led-9,LED,school-new,10000,4000,lamp table,2024,2027,the new owner\n")
    code, x, err = answer("city", "savings", "--region", r, "--fy", "2024")
    tell(x["twice"] == 1 and [y["other"] for y in x["rows"] if y["id"] == "led-9"] == ["led-1"], "its saving does not count again under the new owner: one number of the asset register", x)
    claim = ["claim", "--region", r, "--id", "jc-led", "--kind", "saving", "--of", "p-school", "--measure", "led", "--kwh", "2000", "--from", "2023-10-01", "--to", "2024-09-30", "--as", "hana"]
    code, out, err = mizo(*claim)
    tell(code == 0, "half a year's saving is sold as a certificate", err)
    code, x, err = answer("city", "savings", "--region", r, "--fy", "2023")
    row = [y for y in x["rows"] if y["id"] == "led-1"][0]
    tell(row["claimed_wh"] == 2000000 * 183 // 366 and row["counts_wh"] == 5000000 and row["other"] == "jc-led" and x["saved_wh"] == 6000500 and "jc-led" in err,
         "what was claimed as a certificate does not count here too, by days", (row, err))
    code, x, err = answer("city", "put", "saving", "ac-1", "first_fy=2026", "--region", r)
    tell(code == 2 and "after the last" in err, "years the wrong way round", err)
    code, x, err = answer("city", "put", "saving", "ac-1", "facility=nowhere", "--region", r)
    tell(code == 2 and "nowhere" in err, "a facility that is not there", err)


# ---- see, analyse, act, check ----

def bems(r):
    bring(r, "hall.csv", "point,from,to,kwh\n" + bills("p-hall", 2022, [1000] * 12) + bills("p-hall", 2023, [1000] * 3 + [700] * 9))
    head = "id,facility,seen,seen_on,analysed,act,acted,checked,expected_kwh,result\n"
    rows = ["f-1,library,night load,2023-05-10,fans run,timer,2023-06-20,,2000,", "f-2,library,too warm,2023-05-10,,,,,,",
            "f-3,library,pump,2023-05-10,worn,exchanged,2023-06-25,2024-05-01,3000,smaller than hoped", "f-4,depot,lamps,2023-05-10,old,LED,2024-05-01,,100,"]
    code, x, err = load(r, "finding", "f.csv", head + "\n".join(rows) + "\n")
    tell(code == 0 and x["added"] == 4, "findings as records", err)
    code, x, err = answer("city", "bems", "--region", r, "--as-of", "2024-07-15")
    rows = {y["id"]: y for y in x["rows"]}
    tell(x["steps"] == {"seen": 1, "analysed": 0, "acted": 2, "checked": 1}, "how far each is", x["steps"])
    one = rows["f-1"]
    tell(one["months"] == 9 and one["before_wh"] == 9 * 600000 and one["after_wh"] == 9 * 420000 and one["proof"] == "proven", "proven by the facility's own months, a year before and after", one)
    tell(rows["f-3"]["proof"] == "partly" and rows["f-3"]["result"] == "smaller than hoped", "by less than expected; the desk's word beside it", rows["f-3"])
    tell(rows["f-4"]["proof"] == "unknown" and not rows["f-4"]["check_due"], "no readings: not known", rows["f-4"])
    tell(code == 1 and one["check_due"] and x["check_due"] == 1, "a year after the act nobody has checked: said", x)
    code, x, err = answer("city", "put", "finding", "f-2", "checked=2023-06-01", "--region", r)
    tell(code == 2 and "f-2" in err, "checked before anything was done: refused", err)
    load(r, "saving", "s3.csv", "id,measure,facility,before_kwh,after_kwh,method,first_fy,last_fy,evidence\npump,pump,library,9000,1000,maker's word,2024,2030,none\n")
    answer("city", "put", "finding", "f-3", "saving=pump", "expected_kwh=", "--region", r)
    code, x, err = answer("city", "bems", "--region", r, "--as-of", "2024-07-15")
    row = [y for y in x["rows"] if y["id"] == "f-3"][0]
    tell(row["expected_wh"] == 8000000 and row["credited_unproven"] and x["credited_unproven"] == 1, "a saving that is credited and not proven is said", row)
    code, out, err = mizo("city", "bems", "--region", r, "--as-of", "2024-07-15", lang="ja")
    tell(code == 1 and "検証待ち" in out and "検証済み" in out, "as a list", out + err)


def measures(r):
    rows = "id,title,what,from,to,count,unit,saved_kg,factor,source\nev-1,公用車,car,2023-04-01,,3,台,4200.5,2.29 t/kL,S3:609\nold,古い,car,2020-04-01,2021-04-01,1,台,10,,x\n"
    code, x, err = load(r, "measure", "m.csv", rows)
    code, x, err = report(r)
    tell(code == 0 and [(m["id"], m["saved_kg"], m["count"]) for m in x["measures"]] == [("ev-1", "4200.500", "3.000000")], "measures outside electricity, of the year alone", x["measures"])


# ---- the grant ----

def half_hours(owner, quantity, days, wh):
    """Days of June 2023; wh by the half-hour."""
    return "".join(f"{owner},2023-06-{d:02d}T{s // 2:02d}:{s % 2 * 30:02d},{wh(s) / 1000},{quantity}\n" for d in days for s in range(48))


def grant(r):
    edit(r, "params.csv", add_rules)
    jobs = ("id,title,what,facility,fy,cost_yen,asked_yen,award_yen,spent_yen,awarded,start,finish,saved_kg\n"
            "g-1,屋根,pv,depot,2023,60000000,30000000,30000000,29000000,2023-06-01,2023-07-01,2024-02-01,12000\n"
            "g-2,蓄電池,battery,depot,2024,40000000,20000000,,,,2024-08-01,2025-01-31,\n"
            "g-3,遅い,pv,depot,2024,40000000,20000000,,,,2024-08-01,2025-05-31,\n"
            "g-4,もう始めた,pv,depot,2024,40000000,20000000,,,,2024-04-01,2025-01-31,\n"
            "g-5,大きい,pv,depot,2024,9000000000,4960000000,,,,2024-08-01,2025-01-31,\n"
            "g-6,日付なし,pv,depot,2024,1,1,,,,,,\n"
            "g-7,期間外,pv,depot,2027,40000000,20000000,,,,2027-08-01,2028-01-31,\n")
    code, x, err = load(r, "grant", "g.csv", jobs)
    tell(code == 0 and x["added"] == 7, "applications, awards, spending", err)
    bought = ("id,grant,asset,facility,acquired,cost_yen,grant_yen,keep_years,disposed,other_subsidy,returned_yen\n"
              "a-1,g-1,pv-depot,depot,2023-04-01,60000000,30000000,,2024-04-01,,\n"
              "a-2,g-1,pv-depot,depot,2024-04-01,1,1,17,,,\n"
              "a-3,g-1,lamp-9,depot,2024-04-01,1,1,,,県の補助,\n"
              "a-4,g-1,bat-depot,depot,2023-04-01,8000000,4000000,,,,\n")
    code, x, err = load(r, "grant-asset", "b.csv", bought)
    tell(code == 0 and x["added"] == 4, "the register of what was bought", err)
    sun = lambda s: 10000 if 16 <= s < 32 else 0  # noqa: E731
    bring(r, "june.csv", "point,start,kwh,quantity\n" + half_hours("pv-depot", "generation", range(1, 31), sun) + half_hours("p-depot", "export", range(1, 31), lambda s: sun(s) * 7 // 10) +
          half_hours("bat-depot", "charge", range(1, 31), lambda s: 5000 if 20 <= s < 24 or s < 4 else 0) + half_hours("bat-depot", "discharge", range(1, 5), lambda s: 4000 if s == 40 else 0))
    code, x, err = answer("city", "grant", "--region", r, "--fy", "2023", *AS_OF)
    fits = {j["id"]: j["fit"] for j in x["jobs"]}
    tell(fits == {"g-1": "done", "g-2": "fits", "g-3": "late", "g-4": "begun-before-award", "g-5": "no-room", "g-6": "undated", "g-7": "late"},
         "can this job use the grant in time", fits)
    years = {y["fy"]: y for y in x["years"]}
    tell(x["cap_yen"] == "5000000000" and x["left_yen"] == "4970000000" and years[2023]["unspent_yen"] == "1000000" and years[2024]["jobs"] == 5 and x["unspent_yen"] == "1000000",
         "years against the cap of five years", x)
    found = {(f["id"], f["rule"], f["month"]): f for f in x["findings"]}
    tell(("a-1", "kept", None) in found and ("a-2", "one-subsidy", None) in found and ("a-3", "one-subsidy", None) in found, "disposed of too early, a second subsidy", list(found))
    back = 30000000 * (6210 - 366) // 6210
    tell(x["return_yen"] == str(back) and code == 1, "what must be returned, by the days left of 17 years, rounded down", (x["return_yen"], back))
    metered = [k for k in found if k[0] == "a-1" and k[1] == "metered"]
    tell(len(metered) == 11 and ("a-1", "metered", "2023-06") not in found, "eleven months without the plant's readings", metered)
    use = found.get(("a-1", "self-use", "2023-06"), {})
    tell(use.get("is") == 300000 and use["should"] == 500000 and not use["unknown"], "June: three tenths were used at the site", use)
    grid = found.get(("a-4", "pv-charged", "2023-06"), {})
    tell(grid.get("is") == 500000 and grid["should"] == 900000, "June: half of the charge came by night, from the grid", grid)
    tell(found.get(("a-4", "cycles", "2023-06"), {}).get("is") == 4, "June: the battery gave something on four days", found.get(("a-4", "cycles", "2023-06")))
    tell(x["alarms"] == len([1 for f in x["findings"] if f["month"] and not f["unknown"]]) and x["alarms"] >= 14, "months that break a rule are alarms", x["alarms"])
    assets = {a["id"]: a for a in x["assets"]}
    made = 30 * 16 * 10000
    tell(assets["a-1"]["made_wh"] == made and assets["a-1"]["used_wh"] == made * 3 // 10 and assets["a-1"]["until"] == "2040-04-01" and assets["a-4"]["until"] == "2029-04-01" and
         assets["a-4"]["charged_wh"] == 30 * 8 * 5000, "the register: kept until when, and what each did in the year", assets)
    job = [j for j in x["jobs"] if j["id"] == "g-1"][0]
    tell(job["planned_kg"] == 12000 and float(job["saved_kg"]) == made * 421 / 1e6 and x["g_per_kwh"] == 421 and x["factor_source"] == "region.yaml", "the effect: planned and saved, with the factor that was known that day", job)
    edit(r, "sheets.csv", lambda t: t.rstrip("\n") + "\n" + "".join(f"grant,{k},{k},{k},{k},,{unit},{digits},,,example,\n" for k, unit, digits in (
        ("grant-jobs", "count", ""), ("grant-cost-yen", "thousand-yen", ""), ("grant-spent-yen", "yen", ""), ("grant-made-kwh", "kwh", ""), ("grant-used-kwh", "kwh", ""), ("grant-saved", "t-co2", "3"))))
    code, x, err = answer("duty", "sheet", "grant", "--region", r, "--period", "2023-06-01", "--every", "fy")
    v = {c["cell"]: c["value"] for c in x["cells"]}
    tell(v == {"grant-jobs": "1", "grant-cost-yen": "60000", "grant-spent-yen": "29000000", "grant-made-kwh": "4800", "grant-used-kwh": "1440", "grant-saved": "2.021"},
         "the same on a transcription sheet: jobs, money, what the panels made, used, saved", v)
    code, out, err = mizo("duty", "sheet", "grant", "--region", r, "--period", "2023-06-01", "--every", "month")
    tell(code == 2 and "fiscal year" in err, "a month is no year of the grant", err)
    return back


def grant_acts(r, back):
    for job, status, word in (("g-2", 0, "fits"), ("g-3", 1, "2025-03-31"), ("g-4", 1, "2024-05-15")):
        code, out, err = mizo("city", "grant", job, "--region", r, "--fy", "2023", *AS_OF)
        tell(code == status and word in out, f"{job} alone: yes or no, and by when", (code, out, err))
    code, out, err = mizo("city", "grant", "g-99", "--region", r, *AS_OF)
    tell(code == 2 and "g-99" in err, "a job that is not there", (code, err))
    code, out, err = mizo("city", "grant", "assets", "--region", r, "--fy", "2023", *AS_OF, lang="ja")
    tell("処分制限" in out and "2040-04-01" in out.replace("/", "-"), "the register as a document", out + err)
    code, out, err = mizo("city", "grant", "effect", "--region", r, "--fy", "2023", *AS_OF, lang="ja")
    tell("自家消費率" in out and "30.0" in out and "421" in out, "the effect report", out + err)
    for word in ([], ["assets"], ["effect"]):
        path = os.path.join(r, "..", "grant.xlsx")
        code, out, err = mizo("city", "grant", *word, "--region", r, "--fy", "2023", *AS_OF, "--xlsx", path, lang="ja")
        tell(os.path.getsize(path) > 2000, f"as a workbook: {word}", err)
    answer("city", "put", "grant-asset", "a-4", "ppa_before=20.5", "ppa_price=15.5", "ppa_kwh=100000", "tax_credit_yen=727273", "--region", r)
    code, x, err = answer("city", "grant", "--region", r, "--fy", "2023", *AS_OF)
    found = {f["rule"]: f for f in x["findings"] if f["id"] == "a-4"}
    tell(found["ppa-price"]["is"] == 5 * 100000 * 6 * 10**6 // 4000000 and found["ppa-price"]["should"] == 800000, "a PPA whose price does not fall by enough", found)
    tell(found["tax-credit"]["is"] == 727273 * 4 // 8 and x["return_yen"] == str(back + 727273 * 4 // 8), "consumption tax that was credited goes back, the grant's share", found)
    answer("city", "put", "grant-asset", "a-4", "ppa_price=14.5", "tax_returned_yen=363636", "--region", r)
    code, x, err = answer("city", "grant", "--region", r, "--fy", "2023", *AS_OF)
    tell(not [f for f in x["findings"] if f["rule"] in ("ppa-price", "tax-credit")] and x["return_yen"] == str(back), "a lower price, and the tax returned", x["findings"])
    answer("city", "put", "grant-asset", "a-1", f"returned_yen={back}", "--region", r)
    code, x, err = answer("city", "grant", "--region", r, "--fy", "2023", *AS_OF)
    tell(x["return_yen"] == "0" and not [f for f in x["findings"] if f["rule"] == "kept"], "once it is returned nothing is left to return", x["return_yen"])
    mizo("settle", "--from", "2023-06-10", "--to", "2023-06-10", "--region", r)
    code, out, err = mizo("claim", "--region", r, "--id", "jc-roof", "--kind", "credit", "--of", "p-depot", "--from", "2023-06-10", "--to", "2023-06-10", "--as", "hana")
    tell(code == 0, "a credit over a day's own use", err)
    code, x, err = answer("city", "grant", "--region", r, "--fy", "2023", *AS_OF)
    tell([(f["id"], f["month"]) for f in x["findings"] if f["rule"] == "no-credit"][:1] == [("a-1", "2023-06")], "its kWh were made a credit: an alarm of that month", x["findings"])
    answer("city", "put", "grant", "g-5", "award_yen=4980000000", "--region", r)
    code, out, err = mizo("city", "grant", "--region", r, "--fy", "2023", *AS_OF, lang="ja")
    tell(code == 1 and "上限" in err and "5,000,000,000" in err, "above the cap: said", err)
    tell(rows_of(r, "select count(*) from record where kind='grant' and id='g-5'")[0][0] == 2, "every version stays", "")
    edit(r, "params.csv", lambda t: "".join(x for x in t.splitlines(True) if not x.startswith("grant-metered")))
    code, x, err = answer("city", "grant", "--region", r, "--fy", "2023", *AS_OF)
    tell(not [f for f in x["findings"] if f["rule"] == "metered"] and err.count("grant-metered") == 1, "a condition without a row is not watched, and that is said once", err)


def main():
    with tempfile.TemporaryDirectory() as parent:
        r = village(parent)
        bring(r, "readings.csv", open(os.path.join(r, "readings.csv"), encoding="utf-8").read())
        bring(r, "april.csv", "point,from,to,kwh\np-hall,2023-04-01,2023-05-01,1000\n")
        year(r)
        table(r)
        entered(r)
        savings(r)
        measures(r)
        q = village(parent, "q")
        bems(q)
        grant_acts(q, grant(q))
    return done()


sys.exit(main())
