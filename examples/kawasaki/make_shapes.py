#!/usr/bin/env python3
"""Makes shapes_2021.csv.zst from the Cambridge Estates archive: the load shapes of the example town.

Reads $MIZO_DATA/cambridge/electricity_kwh_2017_2021.csv.zst (MIT; see README.md) and keeps 2021:
one row a building, 8760 hours of UTC. A value is the hour's energy in hundredths of the
building's mean hour of 2021 (100 = the mean), an empty field is a gap of the source.
Needs the zstd command. Usage: MIZO_DATA=... ./make_shapes.py shapes_2021.csv.zst
"""
import csv
import io
import os
import subprocess
import sys


def read_year(path, year):
    """The header's building names and the year's rows, hours in order."""
    text = subprocess.run(["zstd", "-dc", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    rows = csv.reader(io.StringIO(text))
    names = next(rows)[1:]
    return names, [row for row in rows if row[0].startswith(year + "-")]


def shape_of(column):
    """Hundredths of the mean; gaps stay empty."""
    known = [float(v) for v in column if v != ""]
    mean = sum(known) / len(known)
    return ["" if v == "" else str(min(999, int(float(v) / mean * 100 + 0.5))) for v in column]


def main():
    source = os.path.join(os.environ["MIZO_DATA"], "cambridge", "electricity_kwh_2017_2021.csv.zst")
    names, rows = read_year(source, "2021")
    if len(rows) != 8760:
        sys.exit("expected 8760 hours of 2021, found %d" % len(rows))
    out = io.StringIO()
    for i, name in enumerate(names):
        out.write(name + "," + ",".join(shape_of([row[i + 1] for row in rows])) + "\n")
    subprocess.run(["zstd", "-19", "--ultra", "-22", "-q", "-f", "-o", sys.argv[1]], check=True,
                   input=out.getvalue().encode())


main()
