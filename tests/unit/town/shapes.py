"""The shapes that are shipped are those that make_shapes.py makes from the source: shapes.py EXAMPLE_DIR"""

import os
import shutil
import subprocess
import sys
import tempfile

EXAMPLE = sys.argv[1]


def unpack(path):
    return subprocess.run(["zstd", "-dc", path], check=True, stdout=subprocess.PIPE).stdout


print("1..1")
if not os.environ.get("MIZO_DATA"):
    print("ok 1 - shapes # SKIP MIZO_DATA is not set")
elif not shutil.which("zstd"):
    print("ok 1 - shapes # SKIP the zstd command is not installed")
else:
    with tempfile.TemporaryDirectory() as home:
        made = os.path.join(home, "shapes.csv.zst")
        subprocess.run([sys.executable, os.path.join(EXAMPLE, "make_shapes.py"), made], check=True)
        same = unpack(made) == unpack(os.path.join(EXAMPLE, "shapes_2021.csv.zst"))
        print("%s 1 - shapes" % ("ok" if same else "not ok"))
        sys.exit(0 if same else 1)
