#!/usr/bin/env python3
"""Turns files of the example into a C table of its name: embed_city.py NAME OUT.c FILE..."""
import os
import sys

with open(sys.argv[2], "w", encoding="utf-8") as out:
    out.write('#include "town/example/parts.h"\nconst ex_text %s[] = {\n' % sys.argv[1])
    for path in sys.argv[3:]:
        out.write('{ "%s",\n' % os.path.basename(path))
        with open(path, encoding="utf-8") as f:
            for line in f:
                line = line.rstrip("\n").replace("\\", "\\\\").replace('"', '\\"').replace("??", '?""?')
                out.write('"%s\\n"\n' % line)
        out.write("},\n")
    out.write("};\nconst int %s_files = %d;\n" % (sys.argv[1], len(sys.argv) - 3))
