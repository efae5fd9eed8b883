#!/usr/bin/env python3
"""Draws the example's wards: make_wards.py > wards.geojson

Schematic, drawn by ourselves, from nothing but the rough middles of the wards: the places nearer to a ward's middle than to
any other (cut off where no middle is near), with corners taken off. No outline of any map was used; for real ones see
docs/formats/wards.md.
"""
import json
import math

WARDS = [
    ("川崎区", "Kawasaki Ward", 35.5258, 139.7129), ("幸区", "Saiwai Ward", 35.5475, 139.6856),
    ("中原区", "Nakahara Ward", 35.5756, 139.6561), ("高津区", "Takatsu Ward", 35.5994, 139.6170),
    ("宮前区", "Miyamae Ward", 35.5852, 139.5795), ("多摩区", "Tama Ward", 35.6215, 139.5620),
    ("麻生区", "Asao Ward", 35.6036, 139.5057),
]
REACH = 0.034  # degrees of latitude: as far as a ward goes where it has no neighbour
SQUEEZE = math.cos(math.radians(35.58))


def cut(ring, a, b):
    """The part of a ring nearer to a than to b."""
    mx, my = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    dx, dy = b[0] - a[0], b[1] - a[1]
    side = [(x - mx) * dx + (y - my) * dy for x, y in ring]
    out = []
    for i, p in enumerate(ring):
        q, s, t = ring[(i + 1) % len(ring)], side[i], side[(i + 1) % len(ring)]
        if s <= 0:
            out.append(p)
        if s * t < 0:
            k = s / (s - t)
            out.append((p[0] + k * (q[0] - p[0]), p[1] + k * (q[1] - p[1])))
    return out


middles = [(lon * SQUEEZE, lat) for _, _, lat, lon in WARDS]
features = []
for (name, name_en, _, _), m in zip(WARDS, middles):
    ring = [(m[0] + REACH * math.cos(2 * math.pi * k / 24), m[1] + REACH * 0.86 * math.sin(2 * math.pi * k / 24)) for k in range(24)]
    for other in middles:
        if other != m:
            ring = cut(ring, m, other)
    places = [[round(x / SQUEEZE, 5), round(y, 5)] for x, y in ring]
    features.append({"type": "Feature", "properties": {"name": name, "name_en": name_en, "schematic": True},
                     "geometry": {"type": "Polygon", "coordinates": [places + places[:1]]}})
print('{"type": "FeatureCollection", "features": [')
print(',\n'.join(json.dumps(f, ensure_ascii=False) for f in features))
print(']}')
