"""mizo simulate as a person runs it, on the example town: some days, four policies. With the release
program where there is one (MIZO_RELEASE): the sanitized one runs the loop in tests/unit/town.

    simulate.py MIZO VILLAGE
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

MIZO = os.environ.get("MIZO_RELEASE") or sys.argv[1]
# Monday to Thursday; a week with MIZO_MANY.
DAYS = ["--from", "2021-07-05", "--to", "2021-07-11" if os.environ.get("MIZO_MANY") else "2021-07-08"]


def run(*words, lang="en", **env):
    return subprocess.run([MIZO, *words], capture_output=True, text=True, timeout=170,
                          env=dict(os.environ, MIZO_LANG=lang, **env))


def simulate(dir, *words, **more):
    return run("simulate", "--region", dir, *words, **more)


def micro(yen):
    whole, part = yen.lstrip("-").split(".")
    value = int(whole) * 10**6 + int(part)
    return -value if yen.startswith("-") else value


def policies_in_order(dir, state):
    before = os.stat(os.path.join(dir, "mizo.db"))
    r = simulate(dir, *DAYS, "--json")
    assert r.returncode == 0, r.stderr
    state["week"] = r.stdout
    j = json.loads(r.stdout)
    p = j["policies"]
    cost = {k: micro(v["cost_yen"]) for k, v in p.items()}
    assert cost["rule"] <= cost["none"], cost
    if "coinor" in r.stderr:
        return "# SKIP the solver's module is not built"
    assert cost["mizo"] < cost["rule"] and cost["oracle"] <= cost["mizo"], cost
    assert j["captured"] >= 0.8, j["captured"]
    assert abs(j["captured"] - (cost["none"] - cost["mizo"]) / (cost["none"] - cost["oracle"])) < 1e-9
    for v in p.values():
        assert v["vans_short"] == 0 and v["over_limit"] == 0 and v["sessions"] > 0, v
        assert v["demand_wh"] == p["none"]["demand_wh"]
        assert v["bought_wh"] + v["pv_wh"] + v["discharged_wh"] == \
            v["demand_wh"] + v["sold_wh"] + v["charged_wh"] + v["vehicle_wh"]
    for s in j["sites"]:
        assert micro(s["rule"]["cost_yen"]) <= micro(s["none"]["cost_yen"]) + 10**6, s
    after = os.stat(os.path.join(dir, "mizo.db"))
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size), "the store was touched"
    return ""


def one_thread_says_the_same(dir, state):
    two = simulate(dir, "--from", "2021-07-05", "--to", "2021-07-06", "--json", "--threads", "2")
    one = simulate(dir, "--from", "2021-07-05", "--to", "2021-07-06", "--json", "--threads", "1")
    assert two.returncode == 0 and one.stdout == two.stdout
    other = simulate(dir, "--from", "2021-07-05", "--to", "2021-07-06", "--json", "--seed", "2")
    assert other.stdout != two.stdout, "the seed moves the charge at the start"
    return ""


def text_has_the_numbers(dir, state):
    for lang, word in (("en", "cost, yen"), ("ja", "費用")):
        r = simulate(dir, "--from", "2021-07-05", "--to", "2021-07-05", "--policy", "rule", "--sites", "3", lang=lang)
        assert r.returncode == 0 and word in r.stdout and len(r.stdout.splitlines()) > 15, r.stdout
    return ""


def wrong_words_are_named(dir, state):
    r = simulate(dir, *DAYS, "--policy", "best")
    assert r.returncode == 2 and '"best"' in r.stderr and "oracle" in r.stderr, r.stderr
    r = simulate(dir, "--from", "2031-07-05", "--to", "2031-07-11")
    assert r.returncode == 2 and "2031-07-05" in r.stderr and not r.stdout, r.stderr
    r = simulate(dir, "--from", "2021-07-11", "--to", "2021-07-05")
    assert r.returncode == 2 and not r.stdout, r.stderr
    return ""


def ctrl_c_stops_it(dir, state):
    p = subprocess.Popen([MIZO, "simulate", "--region", dir, "--from", "2021-02-01", "--to", "2021-11-30"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=20)
    assert p.returncode not in (0, None) and not out, (p.returncode, out[:200], err)
    return ""


TESTS = [policies_in_order, one_thread_says_the_same, text_has_the_numbers, wrong_words_are_named, ctrl_c_stops_it]


def main():
    print(f"1..{len(TESTS)}", flush=True)
    bad = 0
    with tempfile.TemporaryDirectory() as tmp:
        dir = os.path.join(tmp, "town")
        made = run("init", "--example", "kawasaki", dir)
        state = {}
        for n, t in enumerate(TESTS, 1):
            note, ok = "", made.returncode == 0
            try:
                note = t(dir, state) if ok else made.stderr
            except Exception as e:  # a test that falls says why
                ok, note = False, ""
                print(f"# {type(e).__name__}: {e}")
            print(f"{'ok' if ok else 'not ok'} {n} - {t.__name__.replace('_', ' ')} {note}".rstrip(), flush=True)
            bad += not ok
    return bad != 0


sys.exit(main())
