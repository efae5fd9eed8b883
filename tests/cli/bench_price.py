"""The rows of prices and peaks of mizo bench forecast, on small sets made here: nothing of a day that is asked for is
looked at before it is judged. What the last day's forecast was follows from how the score moves with that day's truth.

    bench_price.py MIZO
"""

import datetime
import json
import math
import os
import subprocess
import sys
import tempfile

MIZO = sys.argv[1]
count = 0


def tell(ok, name, what=""):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(what).splitlines():
            print(f"#   {line}")


def row(data, name):
    p = subprocess.run([MIZO, "bench", "forecast", "--set", name, "--data", data, "--json"], capture_output=True,
                       text=True, encoding="utf-8", check=False)
    return json.loads(p.stdout)["rows"][0] if p.returncode == 0 else {"score": math.nan, "said": p.stdout + p.stderr}


def rough(i):
    return (i * 7919 + i * i * 104729) % 97 / 97 - 0.5


def write(data, name, file, head, rows):
    os.makedirs(os.path.join(data, name), exist_ok=True)
    with open(os.path.join(data, name, file), "w", encoding="utf-8") as f:
        f.write(head + "\n")
        f.writelines(",".join(str(v) for v in r) + "\n" for r in rows)


def near(a, b):
    return abs(a - b) <= 1e-6 * max(1e-9, abs(a), abs(b))


# ---- jepx_spot ----

AREAS = ["system", "hokkaido", "tohoku", "tokyo", "chubu", "hokuriku", "kansai", "chugoku", "shikoku", "kyushu"]
ORDERS = ["sell_bid_kwh", "buy_bid_kwh", "traded_kwh"]


def jepx(data, days, lift=0.0, others=1.0, hole=()):
    first, out = datetime.date(2023, 5, 1), []
    for d in range(days):
        if d in hole:
            continue
        for s in range(48):
            wave = 10 + 4 * math.sin(s / 7) + 2 * math.sin(d / 3) + rough(d * 48 + s)
            last = d == days - 1
            price = [round(wave * (1 + 0.02 * k) * (others if last and a != "tokyo" else 1), 2)
                     for k, a in enumerate(AREAS)]
            price[3] = round(price[3] + (lift if last else 0), 2)
            order = [round(v * (others if last else 1)) for v in (9e6 + 1e5 * rough(d), 8e6 + 1e5 * s, 7e6)]
            day = first + datetime.timedelta(d)
            out.append([f"{day}T{s // 2:02d}:{s % 2 * 30:02d}:00+09:00", s + 1, *price, *order])
    write(data, "jepx_spot", "spot_a.csv",
          ",".join(["time_jst", "period"] + [a + "_jpy_kwh" for a in AREAS] + ORDERS), out)
    return row(data, "jepx_spot")


def check_jepx(data):
    days, a = 40, 500.0
    plain, one, two = jepx(data, days), jepx(data, days, a), jepx(data, days, 2 * a)
    tell(0 < plain["score"] < plain["naive"], "jepx: what can be learned is learned", plain)
    tell(near(two["score"] - one["score"], a / (days - 1)), "jepx: the price of the day is not looked at", (one, two))
    other = jepx(data, days, 0.0, 50.0)
    tell(other["score"] == plain["score"], "jepx: nor are its other areas and orders", (plain, other))
    gap = jepx(data, days, hole=range(12, 25))
    tell(math.isfinite(gap["score"]) and gap["score"] < 1.5 * gap["naive"], "jepx: a gap is lived through", gap)


# ---- gefcom2014_price ----


def gefcom(data, days, lift=0.0):
    first, out, price = datetime.date(2012, 5, 1), [], []
    for d in range(days):
        for h in range(24):
            load = 16000 + 3000 * math.sin((h - 9) / 4) + 900 * math.sin(d / 4)
            p = 40 * (load / 16000) ** 2 * (1 + 0.1 * rough(d * 24 + h)) + (lift if d == days - 1 else 0)
            price.append(round(p, 2))
            out.append([f"{first + datetime.timedelta(d)}T{h:02d}:00", round(load), round(load / 3), price[-1]])
    write(data, "gefcom2014_price", "price_a.csv", "time_local,fc_total_load_mw,fc_zonal_load_mw,price_usd_mwh", out)
    return row(data, "gefcom2014_price")["score"], price


def check_gefcom(data):
    # A day far above all quantiles: its loss is c + 12 lift, the benchmark's e + 12 lift. c follows from two scores.
    days, a = 40, 1000.0
    score, price = [], []
    for k in (1, 2, 3):
        s, price = gefcom(data, days, k * a)
        score.append(s)
    plain, _ = gefcom(data, days)
    tell(0.3 < plain < 1, "gefcom price: better than the week before", plain)
    weights = range(60 - (days - 14) + 1, 61)
    w = 60 / sum(weights)
    e = sum(price[-24 + h] - 3 * a - price[-24 - 168 + h] for h in range(24)) / 2
    low = [1 / (e + 12 * k * a) for k in (1, 2, 3)]
    # score_k = s0 - w (c + 12 k a) low_k
    part = [12 * (k + 1) * a * low[k] for k in range(3)]
    c = ((score[0] - score[1]) / w + part[0] - part[1]) / (low[1] - low[0])
    expected = w * (c * (low[2] - low[1]) + part[2] - part[1])
    tell(abs((score[1] - score[2]) - expected) < 1e-7, "gefcom price: the price of the day is not looked at",
         (score, c, expected))


# ---- tepco_area ----


def tepco(data, days, peak=0):
    first, out = datetime.date(2021, 1, 1), []
    for d in range(days):
        day = first + datetime.timedelta(d)
        for h in range(24):
            v = (30000 + 6000 * math.sin((h - 8) / 4)) * (0.9 if day.weekday() > 4 else 1) * (1 + 0.05 * math.sin(d / 5))
            v = peak if peak and d == days - 1 and h == 14 else v + 300 * rough(d * 24 + h)
            out.append([f"{day}T{h:02d}:00:00+09:00", round(v), "", ""])
    write(data, "tepco_area", "demand_hourly_a.csv", "time_jst,demand_mw,tepco_forecast_mw,supply_mw", out)
    return row(data, "tepco_area")


def check_tepco(data):
    days, peaks = 150, (100000, 200000, 800000)
    plain = tepco(data, days)
    tell(0 < plain["score"] < plain["naive"], "tepco: what can be learned is learned", plain)
    s = [tepco(data, days, p)["score"] for p in peaks]
    part = [(1 / peaks[i + 1] - 1 / peaks[i]) for i in (0, 1)]
    tell(near((s[0] - s[1]) / (s[1] - s[2]), part[0] / part[1]), "tepco: the peak of the day is not looked at", s)


with tempfile.TemporaryDirectory() as folder:
    check_jepx(folder)
    check_gefcom(folder)
    check_tepco(folder)
print(f"1..{count}")
