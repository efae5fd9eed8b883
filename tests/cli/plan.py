"""mizo plan as a person runs it, on the example town.

    plan.py MIZO VILLAGE
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
POINT = "takatsu-delivery-depot-01-p1"


class Absent(Exception):
    pass


def run(*words, lang="en", **env):
    return subprocess.run([MIZO, *words], capture_output=True, text=True, timeout=150,
                          env=dict(os.environ, MIZO_LANG=lang, **env))


def plan(dir, *words, **more):
    return run("plan", "--region", dir, "--day", "2021-07-05", *words, **more)


def micro(yen):
    whole, part = yen.lstrip("-").split(".")
    value = int(whole) * 10**6 + int(part)
    return -value if yen.startswith("-") else value


def without_the_module(dir):
    assert run("init", "--example", "kawasaki", dir).returncode == 0
    r = plan(dir, MIZO_MODULES="nowhere")
    assert r.returncode == 3 and "coinor-libclp-dev" in r.stderr and not r.stdout, r.stderr
    assert "coinor-libclp-dev" in plan(dir, lang="ja", MIZO_MODULES="nowhere").stderr


def the_town(dir):
    r = plan(dir, "--json")
    if r.returncode == 3 and "coinor-libclp-dev" in r.stderr:
        raise Absent("mizo-clp is not built")
    assert r.returncode == 0, r.stderr
    d = json.loads(r.stdout)
    assert d["planned"] == len(d["sites"]) > 50 and d["silent"] == 0 and d["solver"] == "clp"
    assert sum(micro(s["cost_yen"]) for s in d["sites"]) == micro(d["cost_yen"])
    assert 0 <= d["gap"] < 1e-5
    for s in d["sites"]:
        assert micro(s["bound_yen"]) <= micro(s["cost_yen"]) and s["status"] == "optimal"
        assert s["peak_w"] == max(s["import_w"]) <= s["limit_w"]
    assert r.stdout == plan(dir, "--json").stdout


def one_site(dir):
    r = plan(dir, "--site", POINT, "--json", "--explain")
    if r.returncode == 3:
        raise Absent("mizo-clp is not built")
    s, = json.loads(r.stdout)["sites"]
    battery, = s["batteries"]
    for t in range(48):
        used = s["demand_w"][t] + battery["charge_w"][t] + sum(v["charge_w"][t] for v in s["vehicles"])
        had = s["import_w"][t] - s["export_w"][t] + s["pv_w"][t] + battery["discharge_w"][t] + s["unserved_w"][t]
        assert used == had, t
    assert len(s["vehicles"]) >= 20 and not s["gave_up"] and s["peak_w"] <= s["standing_w"]
    assert {w["act"] for w in s["why"]} >= {"charge", "discharge", "vehicle"}
    text = plan(dir, "--site", POINT, "--explain").stdout
    assert "leaves at 07:00" in text and "dear hours" in text
    assert "出発 07:00" in plan(dir, "--site", POINT, "--explain", lang="ja").stdout


def wrong_words(dir):
    r = plan(dir, "--site", "nowhere")
    if r.returncode == 3:
        raise Absent("mizo-clp is not built")
    assert r.returncode == 2 and "nowhere" in r.stderr, r.stderr
    r = run("plan", "--region", dir, "--day", "2020-12-01")
    assert r.returncode == 2 and "no readings before" in r.stderr, r.stderr
    assert len(r.stderr.splitlines()) < 10
    assert run("plan", "--region", dir).returncode == 2


def kept(dir):
    r = plan(dir, "--site", POINT, "--keep")
    if r.returncode == 3:
        raise Absent("mizo-clp is not built")
    assert r.returncode == 0, r.stderr
    assert run("verify", "--region", dir).returncode == 0
    assert plan(dir, "--site", POINT, "--keep").stdout == r.stdout


def main():
    tests = [without_the_module, the_town, one_site, wrong_words, kept]
    print("1..%d" % len(tests))
    failed = 0
    home = tempfile.mkdtemp(prefix="mizo-cli-")
    try:
        for i, test in enumerate(tests):
            try:
                test(os.path.join(home, "town"))
                print("ok %d - %s" % (i + 1, test.__name__), flush=True)
            except Absent as e:
                print("ok %d - %s # SKIP %s" % (i + 1, test.__name__, e), flush=True)
            except Exception as e:
                failed += 1
                print("not ok %d - %s\n# %r" % (i + 1, test.__name__, e), flush=True)
    finally:
        shutil.rmtree(home)
    sys.exit(1 if failed else 0)


main()
