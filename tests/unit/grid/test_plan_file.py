"""Plan files read back by an independent reader, by the paths that public importers of such files use.

    test_plan_file.py PLAN_PRINT
"""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

PRINT = sys.argv[1]
count = failed = 0


def tell(ok, name, what=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        print(f"#   {str(what)[:600]}")


def make(*args):
    p = subprocess.run([PRINT, *args], capture_output=True, check=False)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def slots(node, group, code):
    rows = node.findall(f"JPM{group}/JPMR{group}")
    return [int(r.find("JP06219").text) for r in rows], [int(r.find(code).text) for r in rows]


def demand():
    code, text, err = make("demand")
    trm = ET.fromstring(text).find("JPMGRP/JPTRM")
    head = [trm.find(c).text for c in ("JP06110", "JP06111", "JP06112", "JP06170", "JP06171", "JP06358", "JP06360")]
    tell(code == 0 and head == ["R0001", "A & B <電力>", "T0003", "翌日計画", "20260401", "R0001", "BG001"], "the head", head)
    tell("demand-20260401-BG001-v2-not-validated.xml" in err and trm.find("JP00002") is None, "not validated, and so called", err)
    n, v = slots(trm.find("JPM00010/JPMR00010"), "00011", "JP06376")
    tell(n == list(range(1, 49)) and v == [140 + t for t in range(48)] and "<JP06219>01<" in text, "demand", v)
    tell(slots(trm.find("JPM00014/JPMR00014"), "00015", "JP06369")[1] == [150 + t for t in range(48)], "procurement")
    by = {r.find("JP06366").text: slots(r, "00017", "JP06369")[1][3] for r in trm.findall("JPM00016/JPMR00016")}
    sold = {r.find("JP06366").text: slots(r, "00021", "JP06319")[1][3] for r in trm.findall("JPM00020/JPMR00020")}
    tell(by == {"S0001": 103, "J0001": 50} and sold == {"P0009": 10}, "by counterparty", (by, sold))
    tell(slots(trm.find("JPM00018/JPMR00018"), "00019", "JP06319")[1] == [10] * 48, "sales")
    m = {r.find("JP06316").text: r for r in trm.findall("JPM00022/JPMR00022")}
    one, two = m["M0001"], m["M0002"]
    tell(slots(one.find("JPM00023/JPMR00023"), "00024", "JP06376")[1][0] == 100 and
         slots(two.find("JPM00027/JPMR00027"), "00028", "JP06369")[1][0] == 50 and
         slots(two.find("JPM00027/JPMR00027/JPM00029/JPMR00029"), "00030", "JP06369")[1][0] == 50 and
         slots(two.find("JPM00031/JPMR00031"), "00032", "JP06319")[1][0] == 10 and
         two.find("JPM00031/JPMR00031/JPM00033/JPMR00033/JP06366").text == "P0009", "members", list(m))


def generation():
    _, text, _ = make("generation", "")
    code, _, err = make("generation")
    tell(code == 0, "10 made, 10 sold", err)
    trm = ET.fromstring(text).find("JPMGRP/JPTRM")
    group = trm.find("JPM00014/JPMR00014")
    units = {r.find("JP06186").text: slots(r, "00017", "JP06231")[1][0] for r in group.findall("JPM00016/JPMR00016")}
    tell(slots(trm.find("JPM00012/JPMR00012"), "00013", "JP06363")[1] == [10] * 48 and group.find("JP06300").text == "GB001" and
         slots(group, "00015", "JP06307")[1] == [10] * 48 and units == {"U0001": 7, "U0002": 3} and
         slots(trm.find("JPM00018/JPMR00018"), "00019", "JP06319")[1] == [10] * 48, "groups, units, sales", units)
    _, text, _ = make("link")
    one = ET.fromstring(text).find("JPMGRP/JPTRM/JPM00010/JPMR00010")
    tell(one.find("JP06185").text == "L0001" and slots(one, "00013", "JP06228")[1] == list(range(48)), "interconnectors")


def refused():
    for how, words in [("identity", ["slot 5: 164 kWh against 154", "slot 48: 207"]), ("member", ["member M0001", "slot 10"]),
                       ("negative", ["J0001 has -1 kWh in slot 3"]), ("twice", ["S0001 stands there twice"]), ("code", ['receiver is "TOO-LONG"']),
                       ("codes", ['"nonsense"'])]:
        code, text, err = make("demand", how)
        tell(code == 2 and not text and all(w in err for w in words), f"refused: {how}", err)
    code, text, err = make("demand", "validated")
    tell(code == 0 and "-not-validated" not in err and "<JP09999>140</JP09999>" in text and "<JP06219>1</JP06219>" in text,
         "a region's codes stand over the built-in ones", err)


def lint():
    tool = shutil.which("xmllint")
    for kind in ("demand", "generation", "link"):
        p = tool and subprocess.run([tool, "--noout", "-"], input=make(kind)[1].encode(), capture_output=True, check=False)
        tell(not tool or p.returncode == 0, f"xmllint takes it: {kind}" + ("" if tool else " # SKIP no xmllint"), p and p.stderr)


demand()
generation()
refused()
lint()
print(f"1..{count}")
sys.exit(failed > 0)
