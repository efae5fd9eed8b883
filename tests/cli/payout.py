"""mizo payout, and a household's name on its papers: due, approved by two, one bank file, paid; erased afterwards.

    payout.py MIZO VILLAGE

April 2023: the village's roof sends 2 kWh out for 12 half-hours a day, 720 kWh x 14.5 yen = 10,440 yen and 1,044 yen of tax; the
household 360 kWh x 8.5 yen = 3,060 yen with tax.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile

from tap import ENV, MIZO, VILLAGE, each, put, received, run

NAME, ADDRESS, NUMBER = "試野 花子", "試しの村2-2-2", "7654399"
KANA = "シノ ハナコ"


def ask(home, *words):
    return json.loads(run(home, *words, "--json"))


def prepare(home):
    shutil.copytree(VILLAGE, home)
    rows = [f"{p},2023-04-{d:02}T{s // 2:02}:{s % 2 * 30:02},{v if 18 <= s < 30 else 0},export\n"
            for p, v in (("p-depot", 2), ("p-school", 1)) for d in range(1, 31) for s in range(48)]
    run(home, "import", put(home, "point,start,kwh,quantity\n" + "".join(rows)))
    run(home, "invoice", "run", "--month", "2023-04", "--purchases", "--as", "hana")
    wish = ["people", "erase", "--id", "home-1", "--reason", "asked for it", "--as", "hana"]
    run(home, *wish, status=1)  # the draft pays it: its paper needs a name
    assert "noted" in run(home, *wish, "--after", "2099-01-01")
    run(home, "invoice", "approve", "2023-04-buy", "--as", "ken")
    run(home, "invoice", "issue", "2023-04-buy", "--as", "ken", "--format", "html", "--day", "2023-05-10")


def nothing_due(home):
    assert "nothing to put" in run(home, "payout", "make", "--day", "2023-06-08", "--as", "hana", status=2)
    assert ask(home, "payout", "list") == {"payouts": []}


def without_an_account(home):
    """The household's account is nowhere yet: it is said and left out."""
    p = subprocess.run([MIZO, "payout", "make", "--day", "2023-06-09", "--as", "hana", "--region", home, "--json"],
                       capture_output=True, text=True, env=ENV, timeout=60)
    assert p.returncode == 0 and "home-1 has no bank account" in p.stderr and "3,060" in p.stderr, p.stderr
    m = json.loads(p.stdout)
    assert (m["id"], m["state"], m["total_yen"], len(m["items"])) == ("pay-20230609", "draft", "11484.000000", 1)
    # what stands in one payout is not due again
    assert "nothing to put" in run(home, "payout", "make", "--day", "2023-06-09", "--as", "hana", status=2)


def sealed(home):
    text = {"name": NAME, "address": ADDRESS, "bank": f"0009/シンキン/012/エキマエ/ordinary/{NUMBER}/{KANA}"}
    run(home, "people", "add", "--id", "home-1", "--reason", "contract", "--as", "hana", "--file", put(home, json.dumps(text), "p.json"))
    os.unlink(os.path.join(os.path.dirname(home), "p.json"))
    run(home, "payout", "cancel", "pay-20230609", "--as", "ken", status=2)  # says why
    assert ask(home, "payout", "cancel", "pay-20230609", "--why", "the household's account has come", "--as", "ken")["state"] == "cancelled"
    m = ask(home, "payout", "make", "--day", "2023-06-09", "--as", "hana")
    assert m["id"] == "pay-20230609-2" and m["total_yen"] == "14544.000000" and [i["party"] for i in m["items"]] == ["home-1", "village"]


def by_two(home):
    id_ = "pay-20230609-2"
    out = os.path.join(os.path.dirname(home), "bank.txt")
    assert "only one that is approved" in run(home, "payout", "export", id_, "--out", out, "--as", "hana", status=1)
    assert "hana" in run(home, "payout", "approve", id_, "--as", "hana", status=1)
    racing = [subprocess.Popen([MIZO, "payout", "approve", id_, "--as", who, "--region", home], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True, env=ENV) for who in ("ken", "lin")]
    out_ = [(p.communicate(timeout=60)[1], p.returncode) for p in racing]
    assert sorted(code for _, code in out_) == [0, 1], out_
    assert "only one that is exported" in run(home, "payout", "paid", id_, "--as", "hana", status=1)


def exported_once(home):
    id_, out = "pay-20230609-2", os.path.join(os.path.dirname(home), "bank.txt")
    run(home, "payout", "export", id_, "--out", os.path.join(home, "no", "such", "place"), "--as", "hana", status=2)
    assert ask(home, "payout", "show", id_)["state"] == "approved"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    p = subprocess.run([MIZO, "payout", "export", id_, "--out", out, "--as", "hana", "--region", home], capture_output=True, text=True,
                       env=ENV, timeout=60, preexec_fn=limit)
    assert p.returncode == 3 and p.stderr and ask(home, "payout", "show", id_)["state"] == "approved", p.stderr  # a full disk
    assert ask(home, "payout", "export", id_, "--out", out, "--as", "hana")["state"] == "exported"
    with open(out, "rb") as f:
        lines = f.read().splitlines()
    assert [len(x) for x in lines] == [120] * 5 and lines[0].startswith(b"1210")
    assert [int(x[80:90]) for x in lines[1:3]] == [3060, 11484] and int(lines[3][7:19]) == 14544
    assert NUMBER.encode() in lines[1]
    before = os.stat(out).st_mtime_ns
    said = run(home, "payout", "export", id_, "--out", os.path.join(home, "again.txt"), "--as", "hana", status=1)
    assert "exported (by cli:hana)" in said and os.stat(out).st_mtime_ns == before, said
    files = ask(home, "files", "--kind", "bank-transfer")["files"]
    assert len(files) == 1
    assert -received(home, "supplier:home-1") == 3060  # not paid yet


def paid(home):
    id_ = "pay-20230609-2"
    m = ask(home, "payout", "paid", id_, "--day", "2023-06-09", "--as", "hana")
    assert m["state"] == "paid" and -received(home, "supplier:home-1") == 0 == -received(home, "supplier:village") and -received(home, "bank:main") == 14544
    assert "is paid" in run(home, "payout", "paid", id_, "--as", "hana", status=1) and -received(home, "bank:main") == 14544
    assert "is paid" in run(home, "payout", "cancel", id_, "--why", "x", "--as", "ken", status=1)
    assert "nothing to put" in run(home, "payout", "make", "--day", "2023-06-30", "--as", "hana", status=2)
    assert json.loads(run(home, "verify", "--json"))["ok"]
    run(home, "payout", "show", "pay-nothing", status=2)
    run(home, "payout", "pay", status=2)


def the_name(home):
    id_, out = "q202304-buy-school", os.path.join(os.path.dirname(home), "named.html")
    run(home, "invoice", "print", id_, "--out", out, "--as", "hana", status=2)  # says why
    run(home, "invoice", "print", id_, "--out", out, "--why", "sent by post", "--as", "hana")
    with open(out, encoding="utf-8") as f:
        text = f.read()
    assert NAME in text and ADDRESS in text and NUMBER not in text
    os.unlink(out)
    plain = run(home, "invoice", "show", id_)
    assert NAME not in plain and "home-1" in plain


def nowhere_in_the_clear(home):
    words = [w.encode(e) for w in (NAME, ADDRESS, NUMBER, KANA) for e in ("utf-8", "cp932")]
    for where, _, files in os.walk(home):
        for name in files:
            with open(os.path.join(where, name), "rb") as f:
                data = f.read()
            assert not [w for w in words if w in data], name
    for f in ask(home, "files")["files"]:  # they are packed
        got = subprocess.run([MIZO, "files", "get", f["id"], "--out", "-", "--region", home], capture_output=True, env=ENV, timeout=60).stdout
        assert not [w for w in words if w in got], f


def erased(home):
    id_ = "q202304-buy-school"
    before = run(home, "invoice", "show", id_, "--json", raw=True)
    paper = os.path.join(os.path.dirname(home), "kept.html")
    run(home, "invoice", "pdf", id_, "--out", paper)
    with open(paper, "rb") as f:
        kept = f.read()
    run(home, "people", "erase", "--id", "home-1", "--reason", "asked for it", "--as", "hana")
    assert run(home, "invoice", "show", id_, "--json", raw=True) == before
    run(home, "invoice", "pdf", id_, "--out", paper)
    with open(paper, "rb") as f:
        assert f.read() == kept  # what was kept never had the name
    out = os.path.join(os.path.dirname(home), "named.html")
    assert "home-1" in run(home, "invoice", "print", id_, "--out", out, "--why", "x", "--as", "hana", status=2) and not os.path.exists(out)
    code = subprocess.run([MIZO, "invoice", "changes", "--month", "2023-04", "--purchases", "--region", home], env=ENV, capture_output=True).returncode
    assert code == 1  # made again from the readings, it is the same
    assert json.loads(run(home, "verify", "--json"))["ok"]


with tempfile.TemporaryDirectory() as top:
    home = os.path.join(top, "village")
    prepare(home)
    bad = each([nothing_due, without_an_account, sealed, by_two, exported_once, paid, the_name, nowhere_in_the_clear, erased], home)
sys.exit(bad)
