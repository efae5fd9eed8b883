"""The set ieee_po on a small month made here: what can be known is known, and the month itself is not looked at.

    bench_month.py MIZO
"""

import datetime
import json
import math
import os
import subprocess
import sys
import tempfile

MIZO = sys.argv[1]
FIRST, START, END = (datetime.datetime(2020, *d) for d in ((6, 20), (10, 1), (11, 1)))
SUMMER = datetime.datetime(2020, 10, 3, 16)
STEP, LAG = datetime.timedelta(minutes=15), 2688
count = 0


def tell(ok, name, what=""):
    global count
    count += 1
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        print(f"#   {what}")


def height(t):
    """Sine of the sun's height over Melbourne, Cooper 1969."""
    tilt = math.radians(23.45) * math.sin(2 * math.pi * (284 + t.timetuple().tm_yday) / 365)
    turn = math.radians(15) * (t.hour + t.minute / 60 + 145.13 / 15 - 12)
    lat = math.radians(-37.91)
    return max(0, math.sin(lat) * math.sin(tilt) + math.cos(lat) * math.cos(tilt) * math.cos(turn))


def world():
    """A building with a week of its own and a slow wave, a panel under changing skies."""
    t, out, k = FIRST, [], 0
    while t < END:
        local = t + datetime.timedelta(hours=11 if t >= SUMMER else 10)
        hour = local.hour + local.minute / 60
        work = local.weekday() < 5 and 8 <= hour < 18
        load = 20 + (30 if work else 0) + (k // 96 * 7919 % 13) / 6
        sky = (1, 1, 0.6, 1, 0.8)[k // 96 * 3 % 5]
        out.append([t, load, 5 * sky * height(t)])
        t, k = t + STEP, k + 1
    return out


def score(rows):
    with tempfile.TemporaryDirectory() as data:
        os.mkdir(os.path.join(data, "ieee_po"))
        with open(os.path.join(data, "ieee_po", "series_15min_2020.csv"), "w", encoding="utf-8") as f:
            f.write("time_utc,Building0,Solar0\n")
            for t, load, sun in rows:
                f.write(f"{t:%Y-%m-%dT%H:%M:%SZ},{load:.4f},{sun:.4f}\n")
        p = subprocess.run([MIZO, "bench", "forecast", "--set", "ieee_po", "--data", data, "--json"],
                           capture_output=True, text=True, check=False)
        if p.returncode:
            raise SystemExit(p.stdout + p.stderr)
        return json.loads(p.stdout)["rows"][0]


def absurd(rows, value):
    return [[t, load, sun] if t < START else [t, value, value] for t, load, sun in rows]


rows = world()
row = score(rows)
tell(row["score"] < 0.75 * row["naive"], "better than four weeks before", row)

# A month of one huge value is missed by that value less what was said: twice the value adds the value itself, over
# the scale of each series, if and only if what is said does not move.
scale = []
past = [r for r in rows if r[0] < START]
for c in (1, 2):
    gaps = [abs(past[i][c] - past[i - LAG][c]) for i in range(LAG, len(past))]
    scale.append(sum(gaps) / len(gaps))
one, two = (score(absurd(rows, v))["score"] for v in (1e4, 2e4))
want = 1e4 * sum(1 / s for s in scale) / 2
tell(abs((two - one) / want - 1) < 1e-4, "the month is not looked at before it is judged", (one, two, want))
tell(score(rows)["score"] == row["score"], "the same twice")
print(f"1..{count}")
