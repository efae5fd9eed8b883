"""Lists and registers, one facility, the map from GeoJSON, the public page: mizo city lists, list, facility, map, public.

    places.py MIZO VILLAGE
"""

import json
import os
import re
import sys
import tempfile

from tap import answer, done, mizo, tell, village

MONTHS = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]


def put(region, name, text):
    with open(os.path.join(region, name), "w", encoding="utf-8") as f:
        f.write(text)


def configure(region, *lines):
    with open(os.path.join(region, "region.yaml"), "a", encoding="utf-8") as f:
        f.write("".join(f"{x}\n" for x in lines))


def square(name, x, y, more=""):
    ring = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]]
    return f'{{"type": "Feature", "properties": {{"name": "{name}"{more}}}, "geometry": {{"type": "Polygon", "coordinates": [{json.dumps(ring)}]}}}}'


def geojson(*features):
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


REGISTERS = {
    "registers.csv": "id,name_ja,name_en,kind,owner,source\ncouncil,協議会,Council,members,環境局,S1\nfirm,会社の出資,Shares,shares,会社,S2\n",
    "register-rows.csv": "register,number,name_ja,part,share,from,to,source\ncouncil,1,甲社,finance,,2022-04-01,,S1:1\ncouncil,3,丙社,,,2023-04-01,,S1:3\n"
    "council,2,乙社,finance,,2022-04-01,2024-04-01,S1:2\nfirm,,市,,0.51,2023-10-12,,S2\nfirm,,銀行,,0.49,2023-10-12,,S2\n",
    "register-counts.csv": "register,on,part,count,source\ncouncil,2022-06-01,,2,S1:9\ncouncil,2024-06-01,,4,S1:10\n",
}


def lists(r):
    code, x, err = answer("city", "lists", "--region", r)
    by = {v["id"]: v for v in x["lists"]}
    tell(code == 0 and by["council"]["listed"] == 2 and by["council"]["said"] == 4 and by["saving"]["writes"] and not by["firm"]["writes"], "registers and the office's lists stand in one list", x)
    code, x, err = answer("city", "list", "council", "--region", r, "--on", "2023-06-01")
    tell([v["name"] for v in x["rows"]] == ["甲社", "乙社", "丙社"] and x["number_wrong"] == 0, "as it stood on a day, by number", x)
    tell([c["name"] for c in x["columns"]] == ["number", "name", "part", "from", "to", "source"] and x["columns"][1]["ja"] == "名称", "columns that are used, with their words", x["columns"])
    code, x, err = answer("city", "list", "council", "--region", r)
    tell(x["on"] == max(x["on"], "2024-06-01") and x["number_wrong"] == 2 and x["counts"][1] == {"on": "2024-06-01", "part": None, "said": 4, "listed": 2, "source": "S1:10"}, "said and listed stand side by side; a gap in the numbers is named", x)
    code, x, err = answer("city", "list", "firm", "--region", r)
    tell(x["shares_ppm"] == 1000000, "shares come to the whole", x)
    code, out, err = mizo("city", "list", "council", "--region", r, "--on", "2023-06-01", lang="ja")
    tell(code == 0 and "番号" in out and "乙社" in out and "公表された数" in out, "on paper too", out + err)
    code, out, err = mizo("city", "list", "nothing", "--region", r)
    tell(code == 2 and "council" in err and "recruit" in err, "an unknown list: those that there are", err)
    code, x, err = answer("city", "put", "member", "council-9", "register=council", "number=2", "name=新社", "from=2024-04-01", "source=S9", "--region", r)
    code, x, err = answer("city", "list", "council", "--region", r, "--on", "2024-06-01")
    tell([v["name"] for v in x["rows"]] == ["甲社", "新社", "丙社"], "a member that a person entered stands in it", x)


def facility(r):
    put(os.path.join(r, ".."), "R5.csv", "令和5年度,単位:kWh\n施設名,局," + ",".join(f"{m}月" for m in MONTHS) + "\nlibrary,," + ",".join(["100"] * 6 + [""] * 6) + "\n")
    code, out, err = mizo("import", os.path.join(r, "..", "R5.csv"), "--region", r, "--known", "2024-05-10")
    mizo("city", "put", "saving", "led", "measure=LED", "facility=depot", "before_kwh=100", "after_kwh=40", "method=m", "first_fy=2023", "last_fy=2027", "evidence=e", "--region", r)
    code, x, err = answer("city", "facility", "depot", "--region", r, "--fy", "R5", "--as-of", "2024-05-15")
    _, l, _ = answer("city", "ledger", "--region", r, "--fy", "R5", "--as-of", "2024-05-15")
    row = [v for v in l["rows"] if v["facility"] == "depot"][0]
    year = x["years"][0]
    tell(code == 0 and row["demand_wh"] == year["demand_wh"] > 0 and row["supply_wh"] == year["supply_wh"] and row["missing_months"] == year["missing_months"] and row["late"] == year["late"], "the ledger's row, to the Wh", (row, year, err))
    tell(sum(m["read_wh"] or 0 for m in x["months"]) == year["demand_wh"] and x["months"][0]["month"] == "2023-04", "its months", x["months"])
    tell(x["bureau"] == "transport" and x["assets"] and x["supply"] and x["notes"]["saving"][0]["id"] == "led", "whose it is, what stands there, who supplies it, what was saved", x)
    code, x, err = answer("city", "facility", "library", "--region", r, "--fy", "2023", "--as-of", "2024-05-15")
    tell(x["reports"] and x["reports"][0]["milli"] == 600000 and x["reports"][0]["months"] == 6 and "R5.csv" in x["reports"][0]["place"], "what its owner reported, and where it stood", x["reports"])
    code, out, err = mizo("city", "facility", "depot", "--region", r, "--fy", "R5", "--as-of", "2024-05-15", lang="ja")
    tell(code == 0 and "所管局" in out and "LED" in out, "as a document", out + err)
    code, out, err = mizo("city", "facility", "nowhere", "--region", r)
    tell(code == 2 and "nowhere" in err, "one that is not there", err)


def outlines(r):
    code, x, err = answer("city", "map", "--region", r, "--fy", "2023")
    tell(code == 0 and x["fault"] is None and len(x["facilities"]) == 3 and all(w["path"] is None for w in x["wards"]), "without a file: points and sums alone", x)
    put(r, "wards.geojson", geojson(square("east", 139.705, 35.53, ', "name_en": "East"'), square("far", 1.5, 2.5)))
    configure(r, "map_file: wards.geojson", "map_note: drawn by hand")
    code, x, err = answer("city", "map", "--region", r, "--fy", "2023")
    by = {w["name_ja"]: w for w in x["wards"]}
    tell(by["east"]["path"].startswith("M") and by["east"]["name_en"] == "East" and by["west"]["path"] is None and by["west"]["facilities"] == 2 and x["note"] == "drawn by hand", "outlines where facilities stand", x["wards"])
    tell(all(0 <= f["x"] <= x["wide"] and 0 <= f["y"] <= x["high"] for f in x["facilities"]) and x["high"] < 4 * x["wide"], "the frame is the town's, not the file's", x)
    code, out, err = mizo("check", r)
    tell(code == 0 and "wards.geojson" in err and "west" in err and "2 facilities" in err, "mizo check: a ward without an outline is a warning", out + err)
    put(r, "wards.geojson", geojson(square("east", 139.705, 35.53))[:-8])
    code, out, err = mizo("check", r)
    tell(code == 2 and re.search(r"wards\.geojson:\d+:\d+", err), "mizo check: a torn file, with its line", out + err)
    code, x, err = answer("city", "map", "--region", r, "--fy", "2023")
    tell(code == 0 and x["fault"]["file"] == "wards.geojson" and x["fault"]["line"] >= 1 and len(x["facilities"]) == 3, "the map stands without it and says why", x)
    os.remove(os.path.join(r, "wards.geojson"))
    code, x, err = answer("city", "map", "--region", r, "--fy", "2023")
    tell(code == 0 and "wards.geojson" in x["fault"]["en"], "a file that is gone is said", x["fault"])
    put(r, "region.yaml", open(os.path.join(r, "region.yaml"), encoding="utf-8").read().replace("map_file: wards.geojson", "map_file: ../wards.geojson"))
    code, out, err = mizo("check", r)
    tell(code == 2 and "../wards.geojson" in err, "and no way out of the directory", err)
    put(r, "region.yaml", open(os.path.join(r, "region.yaml"), encoding="utf-8").read().replace("map_file: ../wards.geojson\n", ""))


CITY = {
    "indicators.csv": "id,name_ja,name_en,unit,digits,about,better,cumulative,formula,owner,source,note\n"
    "re,再エネ<供給>,renewable,GWh,0,yes,up,no,,環境局,S3,\nneed,需要,demand,GWh,0,yes,none,no,,環境局,S3,\nrate,達成率,rate,％,0,yes,up,no,re / need,環境局,S3,\n",
    "published.csv": "fy,item,value,unit,exactness,vintage,on,source\n2022,re,20,GWh,exact,,2023-08-01,a page\n2023,re,46,GWh,exact,provisional,2024-08-01,\"a page, p.3\"\n2022,need,100,GWh,exact,,2023-08-01,a page\n2023,need,100,GWh,exact,,2024-08-01,a page\n",
    "targets.csv": "indicator,fy,value,unit,rule,decided,reason,source\nrate,2030,100,％,at-least,2022-04-26,plan,S0\n",
}


def public(r):
    for name in ("plan-indicators.csv", "targets.csv", "checks.csv", "aliases.csv"):
        os.remove(os.path.join(r, name))
    for name, text in CITY.items():
        put(r, name, text)
    configure(r, "public_figures: rate re nonsense")
    code, out, err = mizo("check", r)
    tell(code == 0 and "nonsense" in err, "a figure that is not there is a warning", out + err)
    code, x, err = answer("city", "public", "--region", r, "--fy", "2023")
    f = x["figures"]
    tell(code == 0 and [v["indicator"] for v in f] == ["rate", "re"] and f[0]["text_ja"] == "約46％" and f[0]["fy"] == 2023 and [o["text_ja"] for o in f[0]["operands"]] == ["約46 GWh", "約100 GWh"], "figures with what they are made of", f)
    tell(f[0]["target"]["text_ja"].startswith("100") and f[0]["target"]["fy"] == 2030 and f[1]["vintage"] == "provisional" and f[1]["published"] == "2024-08-01" and f[1]["source"] == "a page, p.3", "target, vintage, source, day of publication", f)
    tell(all(s["facilities"] is None and s["demand_wh"] is None for s in x["sums"]) and len(x["sums"]) == 2, "sums of one or two facilities are left out", x["sums"])
    page = os.path.join(r, "..", "public.html")
    code, out, err = mizo("city", "public", "--region", r, "--fy", "2023", "--bundle", page, lang="ja")
    text = open(page, encoding="utf-8").read() if code == 0 else ""
    tell(code == 0 and "約46％" in text and "<style>" in text and "href=" not in text and "<script" not in text and len(text) < 20000, "the page as one file, small, nothing linked, no script", err)
    tell("再エネ&lt;供給&gt;" in text and "<供給>" not in text, "texts are text")
    names = ["村営", "depot", "school", "library", "education", "transport"]
    tell(not [n for n in names if n in text + json.dumps(x, ensure_ascii=False)], "no facility, no bureau on it")
    configure(r, "public_floor: 2")
    code, x, err = answer("city", "public", "--region", r, "--fy", "2023")
    tell(all(s["demand_wh"] is None for s in x["sums"]), "one hidden sum hides the next: nothing is had by subtraction", x["sums"])


with tempfile.TemporaryDirectory() as top:
    region = village(top)
    for file, body in REGISTERS.items():
        put(region, file, body)
    tell(mizo("import", os.path.join(region, "readings.csv"), "--region", region, "--known", "2023-08-01")[0] == 0, "readings")
    for act in (lists, facility, outlines, public):
        act(region)
sys.exit(done())
