"""mizo plan as a person runs it, on the example town.

    plan.py MIZO VILLAGE
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile

MIZO, VILLAGE = os.environ.get("MIZO_RELEASE") or sys.argv[1], sys.argv[2]
POINT = "takatsu-delivery-depot-01-p1"


def run(*words, lang="en", **env):
    return subprocess.run([MIZO, *words], capture_output=True, text=True, timeout=150,
                          env=dict(os.environ, MIZO_LANG=lang, **env))


def plan(dir, *words, day="2021-07-05", **more):
    return run("plan", "--region", dir, "--day", day, *words, **more)


def micro(yen):
    whole, part = yen.lstrip("-").split(".")
    value = int(whole) * 10**6 + int(part)
    return -value if yen.startswith("-") else value


def without_the_module(dir):
    assert run("init", "--example", "kawasaki", dir).returncode == 0
    r = plan(dir, "--site", POINT, "--json", MIZO_MODULES="nowhere")
    assert r.returncode == 0 and not r.stderr, r.stderr


def the_town(dir):
    r = plan(dir, "--json")
    assert r.returncode == 0, r.stderr
    d = json.loads(r.stdout)
    assert d["planned"] == len(d["sites"]) > 50 and d["silent"] == 0 and d["status"] == "optimal"
    cost, bound = micro(d["cost_yen"]), micro(d["bound_yen"])
    assert bound <= cost and 0 <= d["gap"] <= 1e-6, d["gap"]
    # the sites' plans are whole watts: together they cost what the town's plan costs, which gives nothing up here
    assert abs(sum(micro(s["cost_yen"]) for s in d["sites"]) - cost) < 1e-4 * cost and d["over_kwh"] == 0
    assert len(d["purchase_w"]) == 48 and min(d["purchase_w"]) > 5e6, "the town buys at all hours"
    nodes = {(n["id"], n["kind"]) for n in d["nodes"]}
    assert nodes == {("feeder-" + w, "limit") for w in ("takatsu", "saiwai", "nakahara")}, nodes
    for n in d["nodes"]:
        assert all(f <= m + 10 for f, m in zip(n["net_w"], n["import_limit_w"])), n
    for s in d["sites"]:
        assert s["peak_w"] == max(s["import_w"]) <= s["limit_w"]
    assert r.stdout == plan(dir, "--json").stdout


# On the day of the call the feeder draws what it may while the call stands, and the batteries say why.
def a_call(dir):
    r = plan(dir, "--site", "takatsu-civic-hall-p1", "--json", "--explain", day="2021-07-15")
    d = json.loads(r.stdout)
    call, = [n for n in d["nodes"] if n["kind"] == "call"]
    assert [t for t in range(48) if call["import_limit_w"][t] is not None] == list(range(26, 32)), call
    assert all(call["net_w"][t] <= call["import_limit_w"][t] + call["over_w"][t] + 10 for t in range(26, 32))
    text = plan(dir, "--site", "takatsu-civic-hall-p1", day="2021-07-15").stdout
    assert "feeder-takatsu" in text and "call" in text
    assert "要請" in plan(dir, "--site", "takatsu-civic-hall-p1", lang="ja", day="2021-07-15").stdout
    # a call that the batteries must answer although it costs more than it saves: the reason is told, with its node
    name = os.path.join(dir, "obligations.csv")
    with open(name) as f:
        was = f.read()
    try:
        with open(name, "w") as f:
            f.write(was.replace("13:00,16:00", "18:30,19:30").replace(",450,", ",250,"))
        r = plan(dir, "--site", "takatsu-civic-hall-p1", "--json", "--explain", day="2021-07-15")
        d = json.loads(r.stdout)
        call, = [n for n in d["nodes"] if n["kind"] == "call"]
        assert max(call["shadow_myen"]) > 0, call["shadow_myen"]
        why = [w for w in d["sites"][0]["why"] if w["reason"] == "call"]
        assert why and all(w["node"] == "feeder-takatsu" and w["act"] == "discharge" for w in why), d["sites"][0]["why"]
        text = plan(dir, "--site", "takatsu-civic-hall-p1", "--explain", day="2021-07-15").stdout
        assert "answers a call: feeder-takatsu" in text, text
    finally:
        with open(name, "w") as f:
            f.write(was)


# A school whose roof may send back no more than 5 kW: the plan keeps to it, and battery and sun say why and what a
# wider limit would be worth, in words and figures.
def sent_back(dir):
    school, kept = "takatsu-elementary-school-08-p1", {}
    for name in ("nodes.csv", "points.csv"):
        with open(os.path.join(dir, name)) as f:
            kept[name] = f.read()
    try:
        with open(os.path.join(dir, "nodes.csv"), "a") as f:
            f.write("roof,屋根,Roof,feeder-takatsu,,,5.000,\n")
        lines = [line.replace(",feeder-takatsu", ",roof") if line.startswith(school) else line
                 for line in kept["points.csv"].splitlines(True)]
        with open(os.path.join(dir, "points.csv"), "w") as f:
            f.write("".join(lines))
        words = ("--site", school, "--explain")
        d = json.loads(plan(dir, *words, "--json", day="2021-04-04").stdout)
        site, = d["sites"]
        roof, = [n for n in d["nodes"] if n["id"] == "roof"]
        held = [t for t in range(48) if roof["shadow_myen"][t] < -500]
        assert len(held) > 10 and max(roof["shadow_myen"]) <= 0, roof["shadow_myen"]
        assert max(site["export_w"]) <= 5010 and all(site["export_w"][t] > 4900 for t in held), site["export_w"]
        why = [w for w in site["why"] if w["reason"] == "back"]
        assert {w["act"] for w in why} == {"charge", "curtail"} and {w["node"] for w in why} == {"roof"}, site["why"]
        assert all(w["from"] in held and w["high_myen"] <= 10 for w in why), why
        text = plan(dir, *words, day="2021-04-04").stdout
        assert "is held back" in text and "holds a node's limit of what it sends back: roof" in text, text
        assert "ノードの逆潮流の上限を超えない" in plan(dir, *words, lang="ja", day="2021-04-04").stdout
    finally:
        for name, was in kept.items():
            with open(os.path.join(dir, name), "w") as f:
                f.write(was)


def one_site(dir):
    r = plan(dir, "--site", POINT, "--json", "--explain")
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
    assert r.returncode == 2 and "nowhere" in r.stderr, r.stderr
    r = run("plan", "--region", dir, "--day", "2020-12-01")
    assert r.returncode == 2 and "no readings before" in r.stderr, r.stderr
    assert len(r.stderr.splitlines()) < 10
    assert run("plan", "--region", dir).returncode == 2


def kept(dir):
    r = plan(dir, "--site", POINT, "--keep")
    assert r.returncode == 0, r.stderr
    assert run("verify", "--region", dir).returncode == 0
    assert plan(dir, "--site", POINT, "--keep").stdout == r.stdout
    d = json.loads(plan(dir, "--keep", "--json").stdout)
    out = run("export", "plan", "--region", dir, "--from", "2021-07-05", "--to", "2021-07-05", "--point", "kawasaki").stdout
    rows = [l.split(",") for l in out.splitlines() if l.lstrip("\ufeff").startswith("kawasaki,import,")]
    assert len(rows) == 48, out[:400]
    assert run("verify", "--region", dir).returncode == 0


def main():
    tests = [without_the_module, the_town, a_call, sent_back, one_site, wrong_words, kept]
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
