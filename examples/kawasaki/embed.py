#!/usr/bin/env python3
"""Turns a file into a C array: embed.py FILE NAME OUT.c"""
import sys

with open(sys.argv[1], "rb") as f:
    data = f.read()
name = sys.argv[2]
with open(sys.argv[3], "w") as out:
    out.write("#include <stddef.h>\n")
    out.write("extern const unsigned char %s[];\nextern const size_t %s_size;\n" % (name, name))
    out.write("const unsigned char %s[] = {\n" % name)
    for i in range(0, len(data), 32):
        out.write(",".join(str(b) for b in data[i:i + 32]) + ",\n")
    out.write("};\nconst size_t %s_size = %d;\n" % (name, len(data)))
