#!/usr/bin/env python3
"""Turns the city files of the example into a C table: embed_city.py OUT.c FILE..."""
import os
import sys

with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write('#include "town/example/parts.h"\nconst ex_text ex_city[] = {\n')
    for path in sys.argv[2:]:
        out.write('{ "%s",\n' % os.path.basename(path))
        with open(path, encoding="utf-8") as f:
            for line in f:
                line = line.rstrip("\n").replace("\\", "\\\\").replace('"', '\\"').replace("??", '?""?')
                out.write('"%s\\n"\n' % line)
        out.write("},\n")
    out.write("};\nconst int ex_city_files = %d;\n" % (len(sys.argv) - 2))
