"""mizo init --example and mizo forecast as a person runs them. A site and each refusal by the sanitized program (with
MIZO_MANY the whole town as well), the rest by the release program where there is one (MIZO_RELEASE).

    forecast.py MIZO VILLAGE
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
QUICK = os.environ.get("MIZO_RELEASE") or MIZO
POINT = "takatsu-delivery-depot-01-p1"


def run(*words, lang="en", mizo=MIZO):
    env = dict(os.environ, MIZO_LANG=lang)
    return subprocess.run([mizo, *words], capture_output=True, text=True, env=env, timeout=150)


def forecast(region, *words, lang="en", mizo=QUICK):
    return run("forecast", "--region", region, *words, lang=lang, mizo=mizo)


def whole_band(d, name):
    low, mean, high = d[name + "_p10_wh"], d[name + "_wh"], d[name + "_p90_wh"]
    assert len(mean) == len(low) == len(high) == 48
    assert all(a <= b <= c for a, b, c in zip(low, mean, high))
    return sum(mean)


def whole_levels(levels, mean, slots):
    assert len(levels) == 11 and all(len(level) == slots for level in levels)
    for i in range(slots):
        at = [level[i] for level in levels]
        assert at == sorted(at) and at[0] <= mean[i] <= at[-1], (i, at, mean[i])


def example_is_made(dir):
    r = run("init", "--example", "kawasaki", dir)
    assert r.returncode == 0, r.stderr
    files = sorted(os.listdir(dir))
    assert "region.yaml" in files and "mizo.db" in files
    before = {f: open(os.path.join(dir, f), "rb").read() for f in files if f.endswith((".csv", ".yaml"))}
    assert run("init", "--example", "kawasaki", dir).returncode == 0
    assert all(open(os.path.join(dir, f), "rb").read() == b for f, b in before.items())
    r = json.loads(run("check", dir, "--json").stdout)
    assert r["accepted"] and r["errors"] == r["warnings"] == 0, r
    assert os.path.getsize(os.path.join(dir, "mizo.db")) < 60 << 20


def another_region_is_left_alone(dir):
    other = os.path.join(os.path.dirname(dir), "other")
    shutil.copytree(VILLAGE, other, ignore=shutil.ignore_patterns("mizo.db*"))
    files = sorted(os.listdir(other))
    r = run("init", "--example", "kawasaki", other)
    assert r.returncode == 2 and "not the example's" in r.stderr, r.stderr
    assert sorted(os.listdir(other)) == files
    assert run("init", "--example", "atlantis", dir).returncode == 2


def the_town(dir):
    r = forecast(dir, "--day", "2021-07-05", "--json", mizo=MIZO if os.environ.get("MIZO_MANY") else QUICK)
    assert r.returncode == 0, r.stderr
    d = json.loads(r.stdout)
    assert d["day"] == "2021-07-05" and d["issued"].startswith("2021-07-05T00:00:00") and d["price_known"]
    assert d["forecast_points"] > 900 and d["silent_points"] == 0 and "points" not in d
    assert 0.9e9 < whole_band(d, "demand") < 1.5e9
    assert sum(d["pv_wh"]) > 1e7 and d["pv_wh"][0] == 0
    assert d["levels"] == [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    whole_levels(d["demand_levels_wh"], d["demand_wh"], 48)
    whole_levels(d["price_levels_myen"], d["price_myen"], 48)
    assert r.stdout == forecast(dir, "--day", "2021-07-05", "--json").stdout
    text = forecast(dir, "--day", "2021-07-05")
    assert text.returncode == 0 and len(text.stdout.splitlines()) == 52 + 4
    assert "予測" in forecast(dir, "--day", "2021-07-05", lang="ja").stdout


def the_plants(dir):
    """Ukishima burns nothing from 11 to 17 October, one of two furnaces the week before."""
    d = json.loads(forecast(dir, "--day", "2021-10-09", "--days", "4", "--json").stdout)
    by = {p["plant"]: p for p in d["plants"]}
    assert sorted(by) == ["ozenji", "tachibana", "ukishima"]
    u = by["ukishima"]
    assert u["planned_w"][0] == u["planned_w"][1] > 0 and u["planned_w"][2:] == [0, 0]
    assert sum(u["generation_wh"][:48]) > 40e6 and sum(u["generation_wh"][96:]) == 0
    assert u["planned_w"][0] < 0.6 * by["tachibana"]["planned_w"][0]
    levels = [level[30] for level in by["ozenji"]["generation_levels_wh"]]
    assert levels == sorted(levels) and levels[0] < by["ozenji"]["generation_wh"][30] < levels[-1]


def a_school_in_summer(dir):
    """Across the end of July the days outside term are forecast by other such days; without the file, worse."""
    words = ("--score", "--from", "2021-07-20", "--to", "2021-08-05", "--site", "saiwai-elementary-school-01", "--json")
    with_terms = json.loads(forecast(dir, *words).stdout)
    terms = os.path.join(dir, "terms.csv")
    os.rename(terms, terms + ".away")
    try:
        without = json.loads(forecast(dir, *words).stdout)
    finally:
        os.rename(terms + ".away", terms)
    a, b = (d["demand"]["lead_days"][0] for d in (with_terms, without))
    assert a["nmae"] < 0.85 * b["nmae"] and a["nmae"] < 0.7 * a["naive_yesterday"], (a, b)


def one_site(dir):
    d = json.loads(forecast(dir, "--day", "2021-07-05", "--site", "takatsu-delivery-depot-01", "--json", mizo=MIZO).stdout)
    assert [p["point"] for p in d["points"]] == [POINT]
    assert whole_band(d["points"][0], "demand") == sum(d["demand_wh"])
    assert whole_band(d["points"][0], "pv") == sum(d["pv_wh"])
    naive = forecast(dir, "--day", "2021-07-05", "--site", POINT, "--method", "last-week", "--json")
    assert json.loads(naive.stdout)["demand_wh"] != d["demand_wh"]


def eight_days(dir):
    day = json.loads(forecast(dir, "--day", "2021-07-05", "--site", POINT, "--json").stdout)
    week = json.loads(forecast(dir, "--day", "2021-07-05", "--days", "8", "--site", POINT, "--json").stdout)
    assert week["days"] == 8 and len(week["demand_wh"]) == len(week["pv_wh"]) == 8 * 48
    assert week["demand_wh"][:48] == day["demand_wh"] and len(week["price_myen"]) == 48
    p = week["points"][0]
    assert p["how"] == "foresight"
    whole_levels(p["demand_levels_wh"], p["demand_wh"], 8 * 48)
    whole_levels(p["pv_levels_wh"], p["pv_wh"], 8 * 48)
    text = forecast(dir, "--day", "2021-07-05", "--days", "8", "--site", POINT).stdout
    assert len(text.splitlines()) == 2 + 1 + 8 * 49 + 7 and "2021-07-12" in text
    assert forecast(dir, "--day", "2021-07-05", "--days", "9").returncode == 2


def the_whole_town_at_once(dir):
    r = forecast(dir, "--day", "2021-07-05", "--paths", "50", "--json")
    assert r.returncode == 0, r.stderr
    d = json.loads(r.stdout)
    assert d["paths"] == 50 and len(d["points"]) > 900
    for i in (0, 13, 27, 47):  # the points add up to the town, to the Wh; no path is below nothing
        assert sum(p["mean_wh"][i] for p in d["points"]) == d["demand_wh"][i]
    assert all(min(path) >= 0 for p in d["points"] for path in p["paths_wh"])
    i = 24
    sums = sorted(sum(p["paths_wh"][k][i] for p in d["points"]) for k in range(50))
    band = sums[44] - sums[5]
    alone = sum((sorted(path[i] for path in p["paths_wh"])[44] - sorted(path[i] for path in p["paths_wh"])[5])
                for p in d["points"])
    assert 0.05 * alone < band < 0.9 * alone, (band, alone)  # neither wholly their own nor all as one
    r = forecast(dir, "--day", "2021-07-05", "--paths", "5", "--site", POINT)
    assert r.returncode == 2 and "--site" in r.stderr


def the_points_in_supply(dir):
    """A contract that ends on the second day, and another that only begins two weeks later."""
    path = os.path.join(dir, "supply.csv")
    with open(path, encoding="utf-8") as f:
        before = f.read()
    words = ("--day", "2021-07-05", "--days", "2", "--portfolio", "--json")
    whole = json.loads(forecast(dir, *words).stdout)
    assert whole["forecast_points"] > 900 and whole["joins"] == whole["leaves"] == []
    whole_levels(whole["demand_levels_wh"], whole["demand_wh"], 96)
    rows = before.splitlines()
    at = next(i for i, row in enumerate(rows) if row.startswith(POINT + ","))
    menu = rows[at].split(",")[1]
    rows[at] = "%s,%s,2020-04-01,2021-07-06\n%s,%s,2021-07-20,2022-04-01" % (POINT, menu, POINT, menu)
    try:
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(rows) + "\n")
        less = json.loads(forecast(dir, *words).stdout)
        text = forecast(dir, *words[:-1]).stdout
    finally:
        with open(path, "w", encoding="utf-8") as f:
            f.write(before)
    assert less["leaves"] == [{"day": "2021-07-06", "point": POINT, "menu": menu}], less["leaves"]
    assert less["joins"] == [{"day": "2021-07-20", "point": POINT, "menu": menu}], less["joins"]
    assert less["in_supply"] == [whole["in_supply"][0], whole["in_supply"][1] - 1]
    assert "2021-07-06  leaves  " + POINT in text
    for words, said in ((("--supplier", "nobody"), "nobody"), (("--keep",), "--keep")):
        r = forecast(dir, "--day", "2021-07-05", "--portfolio", *words, mizo=MIZO)
        assert r.returncode == 2 and said in r.stderr and not r.stdout, r.stderr


def wrong_words(dir):
    for words, said in ((("--site", "nowhere"), "nowhere"), (("--method", "crystal"), "similar-day")):
        r = forecast(dir, "--day", "2021-07-05", *words, mizo=MIZO)
        assert r.returncode == 2 and said in r.stderr and not r.stdout, r.stderr
    assert forecast(dir, "--day", "2020-12-01").returncode == 2  # before anything was known
    assert forecast(dir).returncode == 2


def kept(dir):
    assert forecast(dir, "--day", "2021-07-06", "--site", POINT, "--keep", mizo=MIZO).returncode == 0
    assert run("verify", "--region", dir).returncode == 0
    # what is kept is no reading: the next forecast does not learn from it
    a = forecast(dir, "--day", "2021-07-07", "--site", POINT, "--json").stdout
    assert forecast(dir, "--day", "2021-07-06", "--site", POINT, "--keep", "--hindcast").returncode == 0
    assert forecast(dir, "--day", "2021-07-07", "--site", POINT, "--json").stdout == a


def old_files(dir):
    """Readings imported today say nothing to a forecast issued in the past, but to a hindcast they do."""
    other = os.path.join(os.path.dirname(dir), "other")
    with open(os.path.join(VILLAGE, "points.csv"), encoding="utf-8") as f:
        rows = [line.split(",") for line in f.read().splitlines()]
    point = next(r[0] for r in rows[1:] if r[rows[0].index("reading")] == "slot")
    path = os.path.join(os.path.dirname(dir), "old.csv")
    day = datetime.datetime(2021, 3, 1)
    with open(path, "w", encoding="utf-8") as f:
        f.write("point,start,kwh\n")
        for i in range(40 * 48):
            at = day + datetime.timedelta(minutes=30 * i)
            f.write("%s,%s,%d.5\n" % (point, at.strftime("%Y-%m-%dT%H:%M:%S+09:00"), at.hour))
    r = run("import", path, "--region", other)
    assert r.returncode == 0, r.stderr
    words = ("--day", "2021-04-07", "--site", point, "--json")
    r = forecast(other, *words)
    assert r.returncode == 2 and "--hindcast" in r.stderr, r.stderr
    r = forecast(other, *words, "--hindcast")
    assert r.returncode == 0, r.stderr
    demand = json.loads(r.stdout)["demand_wh"]
    assert demand[20] == 10500 and demand[46] == 23500, demand


def main():
    tests = [example_is_made, another_region_is_left_alone, the_town, the_plants, a_school_in_summer, one_site, eight_days, the_whole_town_at_once,
             the_points_in_supply, wrong_words,
             kept, old_files]
    print("1..%d" % len(tests))
    failed = 0
    home = tempfile.mkdtemp(prefix="mizo-cli-")
    try:
        for i, test in enumerate(tests):
            try:
                test(os.path.join(home, "town"))
                print("ok %d - %s" % (i + 1, test.__name__), flush=True)
            except Exception as e:
                failed += 1
                print("not ok %d - %s\n# %r" % (i + 1, test.__name__, e), flush=True)
    finally:
        shutil.rmtree(home)
    sys.exit(1 if failed else 0)


main()
