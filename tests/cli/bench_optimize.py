"""mizo bench optimize as scripts call it: the keys they rely on, CLP beside it, the table, what is refused.

    bench_optimize.py MIZO
"""

import json
import os
import subprocess
import sys

MIZO = sys.argv[1]
CONTRACT = ["sites", "seed", "threads", "wall_s", "cpu_s", "state_mb", "rss_mb", "objective", "bound", "gap",
            "iterations", "status"]
WARM = ["warm_wall_s", "warm_cpu_s", "warm_iterations", "cold_of_changed_wall_s"]
count = 0


def tell(ok, name, what=""):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        print(f"#   {what}")


def run(*words, **env):
    p = subprocess.run([MIZO, "bench", "optimize", *words], capture_output=True, text=True, check=False,
                       env={**os.environ, "MIZO_LANG": "en", **env})
    return p.returncode, p.stdout, p.stderr


def said(*words):
    code, out, err = run(*words, "--json")
    try:
        return json.loads(out) if code == 0 else {"failed": code, "err": err}
    except ValueError as e:
        return {"failed": str(e), "out": out}


def near(a, b, within=2e-6):
    return abs(a - b) <= within * max(1, abs(b))


r = said("--sites", "10", "--warm", "--floor")
tell(all(k in r for k in CONTRACT), "the contract's keys are there", r)
tell(list(r)[:12] == CONTRACT, "in their order", list(r))
tell(all(k in r for k in WARM), "--warm brings its own", r)
tell("failed" not in r and r["sites"] == 10 and r["seed"] == 1 and r["status"] == "optimal", "ten sites are planned", r)
if "failed" not in r:
    tell(near(r["objective"], 10751.628106) and r["bound"] <= 10751.628107 and r["gap"] <= 1e-6,
         "to the recorded optimum", r)
    tell(r["bound"] <= r["objective"] and near(r["gap"], (r["objective"] - r["bound"]) / r["objective"], 1e-9),
         "the gap is that between objective and bound", r)
    tell(0 < r["wall_s"] < 60 and r["cpu_s"] >= 0 and 0 < r["state_mb"] <= r["rss_mb"], "times and memory are told", r)
    tell(r["floor"]["wall_s"] > 0 and r["floor"]["passes"] == 40 and r["over_floor"] > 0,
         "the bare arithmetic beside it", r)
    tell(near(r["warm_objective"], r["cold_of_changed_objective"], 3e-6) and
         not near(r["warm_objective"], r["objective"], 1e-4), "warm and cold find the same, and it is something else", r)

a, b = said("--sites", "40", "--seed", "7", "--threads", "1"), said("--sites", "40", "--seed", "7", "--threads", "3")
tell("failed" not in a and all(a[k] == b[k] for k in ("objective", "bound", "gap", "iterations")),
     "one thread and three say the same", (a, b))
tell(a.get("threads") == 1 and b.get("threads") == 3, "and say how many they were", (a, b))
loose = said("--sites", "40", "--seed", "1", "--gap", "1e-3")
tell("failed" not in loose and 1e-6 < loose["gap"] <= 1e-3 and loose["iterations"] < said("--sites", "40", "--seed", "1")["iterations"],
     "--gap stops earlier", loose)

code, out, err = run("--only-clp", "--sites", "10", "--json")
if code == 3:
    print(f"ok {count + 1} - CLP beside it # SKIP {err.strip()[:80]}")
    count += 1
else:
    c = said("--sites", "10", "--seed", "77", "--clp")
    tell("failed" not in c and {"wall_s", "cpu_s", "objective"} <= set(c.get("clp", {})) and c["ratio"] > 0,
         "--clp solves it too, and gives the ratio", c)
    if "failed" not in c:
        tell(near(c["clp"]["objective"], 7998.638895, 1e-7) and near(c["objective"], c["clp"]["objective"]),
             "to the same optimum", c)
        tell(near(c["ratio"], c["clp"]["cpu_s"] / c["cpu_s"], 1e-6), "the ratio is that of CPU seconds", c)

    # The long form: CLP's barrier on towns that take it seconds and minutes.
    for sites in ((1000, 10000) if os.environ.get("MIZO_ALL") else ()):
        c = said("--sites", str(sites), "--clp")
        tell("failed" not in c and near(c["objective"], c["clp"]["objective"]) and
             c["bound"] <= c["clp"]["objective"] * (1 + 1e-8), f"{sites} sites: CLP finds the same", c)

t = said("--sites", "5", "--seeds", "1,7,77")
tell("failed" not in t and [x["seed"] for x in t["rows"]] == [1, 7, 77] and all(k in x for x in t["rows"]
                                                                                for k in CONTRACT),
     "--seeds: a row each", t)
if "failed" not in t:
    walls = sorted(x["wall_s"] for x in t["rows"])
    s = t["sizes"][0]
    tell(s["median_wall_s"] == walls[1] and near(s["worst_over_median"], walls[2] / walls[1], 1e-9),
         "their median, and how far the worst is from it", t)

for lang, word in (("en", "sites"), ("ja", "地点")):
    code, out, err = run("--sites", "5", "--warm", "--floor", MIZO_LANG=lang)
    tell(code == 0 and word in out and len(out.splitlines()) == 5, f"five lines for people ({lang})", (code, out, err))
    code, out, err = run("--sites", "3", "--seeds", "1,2", MIZO_LANG=lang)
    tell(code == 0 and len(out.splitlines()) == 4, f"a table for people ({lang})", (code, out, err))
    code, out, err = run("--help", MIZO_LANG=lang)
    tell(code == 0 and all(o in out for o in ("--sites", "--threads", "--warm", "--clp", "--floor", "--gap", "--all")),
         f"--help names its options ({lang})", (code, out, err))

for words, named in ((("--sites", "0"), "--sites"), (("--threads", "0"), "--threads"), (("--seed", "0"), "--seed"),
                     (("--sites", "many"), "--sites"), (("--gap", "0"), "--gap"), (("--gap", "2"), "--gap"),
                     (("--gap", "x"), "--gap"), (("--seeds", "1,,2"), "--seeds"), (("--seeds", "0"), "--seeds"),
                     (("--sides", "10"), "--sites"), (("more",), "more")):
    code, out, err = run(*words)
    tell(code == 2 and named in err and not out, f"refused, and said: {' '.join(words)}", (code, out, err))
print(f"1..{count}")
