"""mizo duty: what is due, what was asked, told, given and answered, and the transcription sheets.

    duty.py MIZO VILLAGE
"""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
# The libraries of the PDF keep their fonts until the process ends.
ENV = {**os.environ, "MIZO_LANG": "en",
       "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))}


def run(home, *words, status=0):
    p = subprocess.run([MIZO, "duty", *words, "--region", home], capture_output=True, text=True, timeout=60, env=ENV)
    assert p.returncode == status, (words, p.returncode, p.stdout, p.stderr)
    return p.stdout if status == 0 else p.stderr if status != 1 else p.stdout or p.stderr


def ask(home, *words):
    return json.loads(run(home, *words, "--json"))


def records(home, kind):
    with sqlite3.connect(os.path.join(home, "mizo.db")) as db:
        return db.execute("SELECT id, version, json FROM record WHERE kind = ? ORDER BY id, version", (kind,)).fetchall()


def the_calendar(home):
    assert ask(home)["today"] == "2023-07-08"  # the clock of the town, not that of this machine
    at = ["--today", "2024-05-20", "--from", "2024-03-01", "--until", "2024-06-30"]
    all_ = ask(home, *at)
    # January to April's monthly reports, the quarter's, the year's levy: 15 March, 15 April, 30 April, 15 May, 31 May
    # (1 June 2024 is a Saturday: the business day before), 17 June (15 June is a Saturday: the next one).
    assert [(d["duty"], d["due"], d["state"], d["days_left"]) for d in all_["duties"]] == [
        ("energy-month", "2024-03-15", "late", -66), ("energy-month", "2024-04-15", "late", -35),
        ("trade-quarter", "2024-04-30", "late", -20), ("energy-month", "2024-05-15", "late", -5),
        ("levy-amount", "2024-05-31", "soon", 11), ("energy-month", "2024-06-17", "ahead", 28)], all_
    assert all_["late"] == 4 and all_["duties"][2]["mark"] == "S"
    run(home, "done", "energy-month", "--period", "2024-03-10", "--on", "2024-05-13", "--as", "hana")
    again = ask(home, *at)["duties"]
    assert again[3]["state"] == "done" and again[3]["done"] == "2024-05-13" and again[3]["done_by"] == "cli:hana"
    assert len(ask(home, *at, "--open")["duties"]) == 5
    assert "energy-month" in run(home, *at) and "Mar" not in run(home, *at)


def what_cannot_be_done(home):
    before = records(home, "duty-done")
    said = run(home, "done", "energy-mont", "--period", "2024-03-10", status=2)
    assert '"energy-mont"' in said and "levy-amount" in said, said
    assert "20990101-none-001" in run(home, "done", "energy-month", "--period", "2024-04-01", "--file", "20990101-none-001", status=2)
    assert "write one line" in run(home, "done", "energy-month", "--period", "2024-04-01", "--text", "two\nlines", status=2)
    assert "write one line" in run(home, "done", "energy-month", "--period", "2024-04-01", "--text", "x" * 1200, status=2)
    run(home, "done", "energy-month", status=2)
    run(home, "dine", status=2)
    assert records(home, "duty-done") == before


def tasks(home):
    # low voltage: one business day (Thursday 2 May) and two days; high voltage, below 500 kW: eight business days
    low = ask(home, "task", "switch", "--contract", "c-lamps", "--on", "2024-05-01", "--as", "hana")
    assert low["until"] == "2024-05-04" and "processes.csv:2" in low["rule"] and low["rule"].endswith("[V]")
    high = ask(home, "task", "switch", "--contract", "c-hall", "--on", "2024-05-01")
    assert high["until"] == "2024-05-15", high  # 3 to 6 May are holidays
    assert ask(home, "task-done", low["id"], "--on", "2024-05-03")["done"] == "2024-05-03"
    assert "done on 2024-05-03 already" in run(home, "task-done", low["id"], "--on", "2024-05-04", status=1)
    assert "lies before 2024-05-01" in run(home, "task-done", high["id"], "--on", "2024-04-30", status=2)
    assert [t["id"] for t in ask(home, "tasks", "--open")["tasks"]] == [high["id"]]
    assert 'no row of processes.csv is of the kind "move-out"' in run(home, "task", "move-out", "--contract", "c-hall", status=2)
    assert 'no contract "nobody"' in run(home, "task", "switch", "--contract", "nobody", status=2)
    assert "no task" in run(home, "task-done", "task-9999", status=2)


def notices(home):
    late = run(home, "notice", "c-hall", "--ends", "2024-05-31", "--on", "2024-05-20", "--how", "letter", status=2)
    assert "2024-06-04 at the earliest" in late and "by 2024-05-16" in late and "Nothing was written" in late
    assert records(home, "notice") == []
    good = ask(home, "notice", "c-hall", "--ends", "2024-06-04", "--on", "2024-05-20", "--how", "letter", "--proof", "RR 1")
    assert good["latest"] == "2024-05-20" and good["proof"] == "RR 1"
    assert "--how TEXT" in run(home, "notice", "c-hall", "--ends", "2024-06-30", "--on", "2024-05-20", status=2)


def enquiries(home):
    first = ask(home, "ask", "--text", "why is it dearer", "--on", "2024-05-01", "--contract", "c-hall")
    ask(home, "ask", "--kind", "complaint", "--text", "the bill came late", "--on", "2024-05-02")
    assert [e["kind"] for e in ask(home, "enquiries", "--open")["enquiries"]] == ["question", "complaint"]
    run(home, "answer", first["id"], "--text", "", status=2)
    ask(home, "answer", first["id"], "--text", "the levy rose in May", "--on", "2024-05-07", "--as", "hana")
    assert [e["id"] for e in ask(home, "enquiries", "--open")["enquiries"]] == ["enquiry-0002"]
    assert [v for _, v, _ in records(home, "enquiry")] == [1, 2, 1]


def papers(home):
    p = ask(home, "paper", "c-hall", "--how", "by hand", "--on", "2024-05-20", "--as", "hana")
    assert p["paper"] == "before" and len(p["template"]) == len(p["model"]) == len(p["hash"]) == 64
    out = os.path.join(home, "given.pdf")
    subprocess.run([MIZO, "files", "get", p["file"], "--region", home, "--out", out], check=True, capture_output=True)
    with open(out, "rb") as f:
        given = f.read()
    assert given.startswith(b"%PDF-") and len(given) > 5000
    assert "given on 2024-05-20" in run(home, "consent", p["id"], "--on", "2024-05-19", status=2)
    assert ask(home, "consent", p["id"], "--on", "2024-05-21", "--how", "signed")["consented"] == "2024-05-21"
    assert "on 2024-05-21 already" in run(home, "consent", p["id"], "--on", "2024-05-22", status=1)
    # another template changes nothing of what was given
    mine = os.path.join(home, "mine.txt")
    with open(mine, "w", encoding="utf-8") as f:
        f.write("# {{paper.title}}\n{{charges}}\nx :: {{contract.id}}\n")
    q = ask(home, "paper", "c-hall", "--after", "--how", "mail", "--on", "2024-05-22", "--template", mine)
    assert q["paper"] == "after" and q["template"] != p["template"] and q["id"] != p["id"]
    subprocess.run([MIZO, "files", "get", p["file"], "--region", home, "--out", out], check=True, capture_output=True)
    with open(out, "rb") as f:
        assert f.read() == given
    with open(mine, "w", encoding="utf-8") as f:
        f.write("# t\na {{contract.idd}} b\nc {{point.number\n")
    said = run(home, "paper", "c-hall", "--how", "mail", "--on", "2024-05-22", "--template", mine, status=2)
    assert "mine.txt:2:3" in said and '"contract.idd"' in said and "mine.txt:3:3" in said and "contract.id," in said, said
    assert len(records(home, "paper")) == 3  # two papers, one consent
    bare = home + "-bare"
    shutil.copytree(home, bare)
    os.remove(os.path.join(bare, "issuers.csv"))
    assert "nobody could give" in run(bare, "paper", "c-hall", "--how", "mail", "--on", "2024-05-22", status=2)


def sheets(home):
    subprocess.run([MIZO, "import", os.path.join(home, "readings.csv"), "--region", home], check=True, capture_output=True)
    with open(os.path.join(home, "readings.csv"), encoding="utf-8-sig") as f:
        rows = list(csv.DictReader(f))
    sheet = ask(home, "sheet", "energy-month", "--period", "2023-07-05")
    assert (sheet["from"], sheet["to"]) == ("2023-07-01", "2023-08-01")
    cells = {c["cell"]: c for c in sheet["cells"]}
    wh = [round(float(r["kwh"]) * 1000) for r in rows if r["point"] in ("p-hall", "p-school", "p-depot") and r["kwh"]]
    assert cells["D21"]["value"] == str((sum(wh) + 500) // 1000), (cells["D21"], sum(wh))
    assert cells["D21"]["missing"] == 3 * 31 * 48 - len(wh) and cells["D21"]["from"] == "readings"
    out = os.path.join(home, "sheet.csv")
    run(home, "sheet", "energy-month", "--period", "2023-07-05", "--out", out)
    with open(out, encoding="utf-8-sig") as f:
        assert cells["D21"]["value"] in f.read()
    assert (cells["D21"]["from_ja"], cells["D21"]["unit_en"], cells["D21"]["unit"]) == ("計量値", "MWh" if cells["D21"]["unit"] == "mwh" else "kWh", cells["D21"]["unit"])
    words = [run(home, "sheet", "energy-month", "--period", "2023-07-05", "--lang", x) for x in ("ja", "en")]
    assert "計量値" in words[0] and "readings" not in words[0] and "readings" in words[1] and "転記表" not in words[1], words
    assert "energy-month, trade, levy" in run(home, "sheet", "other", "--period", "2023-07-05", status=2)
    # three contracts cannot be billed: the sheet stands, says so (1), and counts their half-hours in each figure
    part = json.loads(run(home, "sheet", "levy", "--period", "2023-07-05", "--every", "month", "--json", status=1))
    assert [c["missing"] for c in part["cells"]] == [3 * 31 * 48] * 2, part
    assert "is no period" in run(home, "sheet", "levy", "--period", "2023-07-05", "--every", "week", status=2)
    assert "says no format" in run(home, "sheet", "energy-month", "--period", "2023-07-05", "--out", "x.doc", status=2)


def a_year_of_menus(home):
    """What a menu is made of: its parts are what was sold, and each is what the matching says."""
    path = os.path.join(home, "mill.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("point,start,kwh\n")
        f.writelines(f"mill,2023-07-{3 + n // 48:02d}T{n % 48 // 2:02d}:{n % 2 * 30:02d}:00+09:00,25\n" for n in range(7 * 48))
    subprocess.run([MIZO, "import", path, "--region", home], check=True, capture_output=True)
    m = json.loads(subprocess.run([MIZO, "match", "--region", home, "--fy", "2023", "--json"], check=True, capture_output=True, text=True).stdout)
    mix = next(x for x in m["menus"] if x["id"] == "village-mix")
    sheet_of = ask(home, "sheet", "menus", "--period", "2023-07-01", "--every", "fy")
    v = {c["cell"]: c["value"] for c in sheet_of["cells"]}
    wh = {k: round(float(v[k]) * 1000) for k in ("E3", "E4", "E5", "E6", "E7", "F3")}
    assert wh["E3"] == mix["import_wh"] and wh["E4"] == mix["matched_wh"] - mix["own_wh"] > 0 and wh["E6"] == mix["waste_fossil_wh"] > 0
    assert wh["E3"] == wh["E4"] + wh["E5"] + wh["E6"] + wh["E7"], wh
    assert wh["F3"] == sum(x["import_wh"] for x in m["menus"])
    assert v["E8"] == f"{(2 * 10000 * wh['E4'] + wh['E3']) // (2 * wh['E3']) / 100:.2f}" and v["E10"] == "0.035000" and v["E9"] == "0"
    said = run(home, "sheet", "menus", "--period", "2023-07-01", "--every", "month", status=2)
    assert "fiscal year" in said, said
    lot = os.path.join(home, "lots.csv")
    with open(lot, "w", encoding="utf-8") as f:
        f.write("lot,kind,vintage,number_from,number_to,kwh\nlot-1,nonfit-re,2023,1,500,500\nlot-2,nonfit,2023,1,300,300\n")
    for words in (["import", lot], ["assign", "--lot", "lot-1", "--menu", "village-mix", "--fy", "2023", "--kwh", "400"],
                  ["assign", "--lot", "lot-2", "--menu", "village-mix", "--fy", "2023"]):
        subprocess.run([MIZO, "certificate", *words, "--region", home], check=True, capture_output=True)
    v = {c["cell"]: c["value"] for c in ask(home, "sheet", "menus", "--period", "2023-07-01", "--every", "fy")["cells"]}
    assert v["E9"] == "400", v  # those without RE designation do not count


TESTS = [the_calendar, what_cannot_be_done, tasks, notices, enquiries, papers, sheets, a_year_of_menus]
with tempfile.TemporaryDirectory() as top:
    home = os.path.join(top, "village")
    shutil.copytree(VILLAGE, home)
    subprocess.run([MIZO, "import", os.path.join(home, "readings.csv"), "--region", home], check=True, capture_output=True)
    print(f"1..{len(TESTS)}")
    bad = 0
    for i, t in enumerate(TESTS, 1):
        try:
            t(home)
            print(f"ok {i} - {t.__name__}", flush=True)
        except Exception as e:  # noqa: BLE001
            bad += 1
            print(f"not ok {i} - {t.__name__}\n# {type(e).__name__} at line {e.__traceback__.tb_next.tb_lineno if e.__traceback__.tb_next else 0}: {e}", flush=True)
sys.exit(bad > 0)
