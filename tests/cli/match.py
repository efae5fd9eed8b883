"""mizo match, settle and certificate as a person runs them: random towns against a slow plain reference, to the Wh.

    match.py MIZO VILLAGE

The reference knows one slot at a time, shares by fractions and the largest remainder. Standard library only.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
count = failed = 0
POINTS = ["p-depot", "p-hall", "p-school"]
ROOFS = {"p-depot": "pv-depot", "p-school": "pv-school"}
DAY = "2023-07-05"


def run(*words, status=0):
    r = subprocess.run([MIZO, *words], capture_output=True, text=True, env=dict(os.environ, MIZO_LANG="en"))
    if status is not None and r.returncode != status:
        raise AssertionError("%s: exit %d, not %d\n%s" % (words, r.returncode, status, r.stderr))
    return r


def split(total, weights):
    """[Wh] by the largest remainder, ties to the lower index."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    exact = [Fraction(total * w, whole) for w in weights]
    out = [int(x) for x in exact]
    rest = sorted(range(len(weights)), key=lambda i: (out[i] - exact[i], i))
    for i in rest[: total - sum(out)]:
        out[i] += 1
    return out


def share(pool, total, ids, have, level):
    """What each of ids gives or gets of total."""
    got = {}
    for lv in sorted({level.get(i, 1) for i in ids}) if pool["rule"] == "priority" else [None]:
        part = [i for i in sorted(ids) if lv is None or level.get(i, 1) == lv]
        n = min(total, sum(have[i] for i in part))
        for i, wh in zip(part, split(n, [have[i] for i in part])):
            got[i] = wh
        total -= n
    return got


def reference(town):
    """Pairs (pool, source, point) -> Wh of every slot, and what was matched at each point."""
    used = dict.fromkeys(POINTS, 0)
    pairs = [dict() for _ in range(48)]
    for s in range(48):
        offer = {"mill": town["mill"][s] * 6 // 10}
        for p, roof in ROOFS.items():
            out = min(town[roof][s], town["out-" + p][s])
            offer[p] = out
            own = town[roof][s] - out
            used[p] += own
            if own:
                pairs[s][("own", p, p)] = own
        need = {p: town["in-" + p][s] for p in POINTS}
        for pool in town["pools"]:
            src, con = pool["sources"], pool["consumers"]
            offered = sum(offer[i] for i in src)
            if pool["rule"] == "contract":
                shares = [pool["share"].get(i, 0) for i in sorted(con)]
                entitled = split(offered * sum(shares) // 1000000, shares)
                got = {i: min(need[i], e) for i, e in zip(sorted(con), entitled)}
            else:
                got = share(pool, min(offered, sum(need[i] for i in con)), con, need, pool["level"])
            given = share(pool, sum(got.values()), src, offer, pool["level"])
            order = lambda ids: sorted(ids, key=lambda i: (pool["level"].get(i, 1) if pool["rule"] == "priority" else 1, i))
            left = dict(got)
            for i in order(src):
                for j, wh in zip(order(con), split(given[i], [left[j] for j in order(con)])):
                    left[j] -= wh
                    if wh:
                        pairs[s][(pool["id"], i, j)] = wh
                offer[i] -= given[i]
            for j in con:
                need[j] -= got[j]
                used[j] += got[j]
    return pairs, used


def make(seed):
    r = random.Random(seed)
    town = {"mill": [r.choice([0, r.randrange(900)]) for _ in range(48)]}
    for p in POINTS:
        town["in-" + p] = [r.randrange(700) for _ in range(48)]
        town["out-" + p] = [r.randrange(300) if p in ROOFS else 0 for _ in range(48)]
    for roof in ROOFS.values():
        town[roof] = [r.choice([0, r.randrange(500)]) for _ in range(48)]
    town["pools"] = []
    for k in range(r.randrange(1, 4)):
        rule = r.choice(["pro-rata", "priority", "contract"])
        sources = sorted(r.sample(["mill", "p-depot", "p-school"], r.randrange(1, 4)))
        consumers = sorted(r.sample(POINTS, r.randrange(1, 4)))
        level = {i: r.randrange(1, 3) for i in sources + consumers} if rule == "priority" else {}
        share = {i: r.randrange(100000, 330000) for i in consumers} if rule == "contract" else {}
        town["pools"].append({"id": "pool-%d" % k, "rule": rule, "sources": sources, "consumers": consumers, "level": level, "share": share})
    return town


def write(town, where):
    with open(where + "/pools.csv", "w") as f:
        f.write("id,order,rule\n")
        for k, p in enumerate(town["pools"]):
            f.write("%s,%d,%s\n" % (p["id"], 10 * k, p["rule"]))
    rows = []
    for p in town["pools"]:
        for i in p["sources"]:
            rows.append("%s,source,source,%s,%d," % (p["id"], i, p["level"].get(i, 1)))
        for i in p["consumers"]:
            part = p["share"].get(i)
            rows.append("%s,consumer,point,%s,%d,%s" % (p["id"], i, p["level"].get(i, 1), "" if part is None else "0.%06d" % part))
    random.Random(1).shuffle(rows)  # the order of rows does not matter
    with open(where + "/pool-members.csv", "w") as f:
        f.write("pool,side,by,value,level,share\n" + "\n".join(rows) + "\n")
    with open(where + "/day.csv", "w") as f:
        f.write("point,quantity,start,wh\n")
        names = [("mill", "generation", "mill")] + [(v, "generation", v) for v in ROOFS.values()]
        names += [(p, q, k + p) for p in POINTS for q, k in (("import", "in-"), ("export", "out-"))]
        for owner, quantity, key in names:
            for s in range(48):
                f.write("%s,%s,%sT%02d:%02d:00+09:00,%d\n" % (owner, quantity, DAY, s // 2, s % 2 * 30, town[key][s]))


def check(name, fn):
    global count, failed
    count += 1
    try:
        fn()
        print("ok %d - %s" % (count, name))
    except Exception as e:  # one line of each, and the next test
        failed += 1
        print("not ok %d - %s\n# %s" % (count, name, str(e).replace("\n", "\n# ")))


def random_town(seed):
    def test():
        with tempfile.TemporaryDirectory() as top:
            where = top + "/town"
            shutil.copytree(VILLAGE, where)
            town = make(seed)
            write(town, where)
            run("import", where + "/day.csv", "--region", where)
            pairs, used = reference(town)
            answer = json.loads(run("match", "--region", where, "--fy", "2023", "--month", "7", "--json").stdout)
            got = {p["id"]: p["matched_wh"] for p in answer["points"]}
            assert {k: v for k, v in used.items() if v} == {k: v for k, v in got.items() if v}, (used, got)
            for s in (0, 13, 25, 47):
                out = json.loads(run("match", "--region", where, "--pairs", "--json", "--slot", "%sT%02d:%02d" % (DAY, s // 2, s % 2 * 30)).stdout)
                fed = {(x["pool"], x["source"], x["point"]): x["wh"] for x in out["pairs"] if x["unit"] == "Wh-re"}
                assert fed == pairs[s], (s, fed, pairs[s])
            run("settle", "--region", where, "--from", DAY, "--to", DAY)
            again = json.loads(run("settle", "--region", where, "--from", DAY, "--to", DAY, "--json").stdout)
            assert again["posted"] == 0
            booked = json.loads(run("match", "--region", where, "--fy", "2023", "--month", "7", "--json").stdout)["town"]
            assert booked["booked_wh"] == booked["matched_wh"] == sum(used.values()), booked
            assert json.loads(run("verify", "--region", where, "--json").stdout)["ok"]
    return test


def unread():
    """A roof whose meter did not say what left it: all that it made counts as used there, and is named."""
    with tempfile.TemporaryDirectory() as top:
        where, town = top + "/town", make(1)
        shutil.copytree(VILLAGE, where)
        write(town, where)
        assert "t-CO2/" in run("carbon", "--region", where, "--fy", "2023", "--fuels").stdout  # asks nothing of a store
        assert "--fy 2023" in run("carbon", "--region", where, "--fuels", status=2).stderr
        with open(where + "/day.csv") as f:
            rows = [r for r in f if not r.startswith("p-school,export,")]
        with open(where + "/day.csv", "w") as f:
            f.writelines(rows)
        run("import", where + "/day.csv", "--region", where)
        n = sum(v > 0 for v in town[ROOFS["p-school"]])
        said = json.loads(run("match", "--region", where, "--fy", "2023", "--json").stdout)
        assert n and said["unread_exports"] == [{"point": "p-school", "slots": n}], (n, said["unread_exports"])
        assert "p-school: %d half-hours" % n in run("match", "--region", where, "--fy", "2023").stdout
        day = json.loads(run("settle", "--region", where, "--from", DAY, "--to", DAY, "--json").stdout)["days"][0]
        assert day["unread_exports"] == n, day
        both = run("match", "--region", where, "--fy", "2023", "--export", top + "/x.csv", "--from", DAY, "--to", DAY, status=2)
        assert "--from and --to together" in both.stderr, both.stderr


def words():
    with tempfile.TemporaryDirectory() as top:
        where = top + "/town"
        shutil.copytree(VILLAGE, where)
        write(make(1), where)
        run("import", where + "/day.csv", "--region", where)
        text = run("match", "--region", where, "--fy", "2023").stdout
        assert "time-matched rate" in text and "biogenic,actual" in text, text
        run("match", "--region", where, "--fy", "2023", "--by", "facility", "--lang", "ja")
        run("match", "--region", where, "--fy", "nix", status=2)
        run("match", "--region", where, "--fy", "2023", "--variant", "half", status=2)
        run("match", "--region", where, "--fy", "2023", "--by", "ward", status=2)
        run("match", "--region", where, "--pairs", status=2)
        for name in ("gc.csv", "gc.json"):
            run("match", "--region", where, "--fy", "2023", "--month", "7", "--export", top + "/" + name)
        bundles = json.load(open(top + "/gc.json"))["bundles"]
        assert len(bundles) == len(open(top + "/gc.csv").readlines()) - 1
        made = sum(b["face_value_wh"] for b in bundles if b["record"] == "production")
        answer = json.loads(run("match", "--region", where, "--fy", "2023", "--month", "7", "--json").stdout)
        assert made == sum(v["made_wh"] for k, v in answer["sources"].items() if isinstance(v, dict))
        matched = sum(b["matched_wh"] for b in bundles if b["record"] == "consumption")
        claimed = sum(b["face_value_wh"] for b in bundles if b["record"] == "production" and b["certificate_bundle_status"] == "claimed")
        assert matched == claimed == answer["town"]["matched_wh"]
        import csv
        month = ("match", "--region", where, "--from", "2023-07-01", "--to", "2023-07-31", "--export")
        for by in ("day", "month"):  # sums: the same Wh, fewer lines
            told = json.loads(run(*month, top + "/sum.csv", "--by", by, "--json").stdout)
            rows = list(csv.DictReader(open(top + "/sum.csv")))
            assert len(rows) == told["records"] < len(bundles) and told["bytes"] == os.path.getsize(top + "/sum.csv"), told
            assert sum(int(r["face_value_wh"]) for r in rows if r["record"] == "production") == made
            assert not any(r["id_range_start"] for r in rows)
        run(*month, top + "/one.json", "--only", "certificates", "--site", "mill")
        one = json.load(open(top + "/one.json"))["bundles"]
        assert one == [b for b in bundles if b["device_id"] == "mill"] and one
        assert run(*month, "-", "--pool", "own").stdout.count("pool:own") == sum(b["account_id"] == "pool:own" for b in bundles)
        for words in (("--site", "nobody"), ("--pool", "nobody"), ("--only", "power"), ("--by", "menu"), ("--fy", "2023")):
            run(*month, top + "/x.csv", *words, status=2)
        assert not os.path.exists(top + "/x.csv") and not [f for f in os.listdir(top) if f.endswith(".tmp")]
        run("match", "--region", where, "--fy", "2023", "--site", "mill", status=2)
        run(*month, top + "/none/x.csv", status=2)
        lots = top + "/lots.csv"
        open(lots, "w").write("lot,kind,vintage,number_from,number_to,kwh\na,fit,2023,1,1000000,1000000\n")
        run("certificate", "check", "--region", where, "--fy", "2023", status=1)
        run("certificate", "import", lots, "--region", where, "--as", "hana")
        open(lots, "w").write("lot,kind,vintage,number_from,number_to,kwh\nb,fit,2023,1000000,1000001,2\n")
        r = run("certificate", "import", lots, "--region", where, "--as", "hana", status=1)
        assert "lot a" in r.stderr and "line 2" in r.stderr, r.stderr
        files = json.loads(run("files", "--region", where, "--with", "registry", "--json").stdout)["files"]
        assert sorted((x["kind"], x["refused"], x["kept"], x["from"]) for x in files) == [
            ("certificates", False, False, "2023-04-01"), ("certificates", True, False, files[-1]["from"])], files
        run("certificate", "assign", "--lot", "a", "--menu", "big-green", "--fy", "2023", "--region", where, "--as", "hana")
        head = json.loads(run("verify", "--region", where, "--json").stdout)["head"]
        for words in (["certificate", "list"], ["certificate", "check", "--fy", "2023"]):
            said = json.loads(run(*words, "--region", where, "--json", status=None).stdout)
            assert said["book"]["head"] == head and ("lots" in said or "menus" in said), said
        run("certificate", "assign", "--lot", "a", "--menu", "big-green", "--fy", "2023", "--region", where, "--as", "hana", status=1)
        run("settle", "--region", where, "--from", DAY, "--to", DAY)
        claim = ["claim", "--region", where, "--kind", "credit", "--of", "p-depot", "--from", DAY, "--to", DAY, "--as", "hana"]
        run(*claim, "--id", "jc-1")
        r = run(*claim, "--id", "jc-2", status=1)
        assert "jc-1" in r.stderr, r.stderr
        run("claim", "--region", where, "--json")
        assert json.loads(run("verify", "--region", where, "--json").stdout)["ok"]
        year = json.loads(run("carbon", "--region", where, "--fy", "2023", "--json").stdout)
        assert year["location_kg"] == "%.6f" % (year["import_wh"] * 423 / 1e6)
        run("carbon", "--region", where, "--fy", "2023", "--fuels")
        run("carbon", "--region", where, "--fy", "x", status=2)


print("1..7")
for seed in range(6):
    check("random town %d is the reference's, to the Wh" % seed, random_town(seed))
check("a roof whose export nobody read is named", unread)
check("words, files and second claims", words)
sys.exit(1 if failed else 0)
