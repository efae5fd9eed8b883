"""mizo invoice and mizo receivables as a person runs them: a month from draft to payment, corrections, two people,
a process that is killed, a disk that fills.

    invoice.py MIZO VILLAGE
"""

import csv
import datetime
import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
count = failed = 0


def tell(ok, name, what=""):
    global count, failed
    count += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {count} - {name}")
    if not ok:
        for line in str(what).splitlines()[:20]:
            print(f"#   {line}")


def day_rows(point, first, days, value, quantity=None):
    for d in range(days):
        day = first + datetime.timedelta(d)
        for s in range(48):
            yield [point, f"{day}T{s // 2:02d}:{s % 2 * 30:02d}", value(s)] + ([quantity] if quantity else [])


class Town:
    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="mizo-invoice-")
        self.region = os.path.join(self.dir, "village")
        shutil.copytree(VILLAGE, self.region, ignore=shutil.ignore_patterns("mizo.db*", "files"))
        april = datetime.date(2023, 4, 1)
        rows = [r for p, base in (("p-depot", 20), ("p-hall", 8), ("p-school", 12))
                for r in day_rows(p, april, 30, lambda s, b=base: b + (5 if 16 <= s < 36 else 0))]
        self.load(["point", "start", "kwh"], rows)
        rows = [r for p, base in (("p-depot", 2), ("p-school", 1))
                for r in day_rows(p, april, 30, lambda s, b=base: b if 18 <= s < 30 else 0, "export")]
        self.load(["point", "start", "kwh", "quantity"], rows)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def path(self, name):
        return os.path.join(self.dir, name)

    def file(self, name, text, encoding="utf-8"):
        with open(self.path(name), "w", encoding=encoding, newline="") as f:
            f.write(text)
        return self.path(name)

    def load(self, head, rows):
        out = io.StringIO()
        csv.writer(out).writerows([head] + rows)
        got = self.run("import", self.file("readings.csv", out.getvalue()))
        assert got.returncode == 0, got.stderr

    def run(self, *words, lang="en", **more):
        env = dict(os.environ, MIZO_LANG=lang)
        if {"issue", "cancel", "pdf"} & set(words):
            env["ASAN_OPTIONS"] = "detect_leaks=0"  # the font libraries keep what they loaded
        return subprocess.run([MIZO, *words, "--region", self.region], capture_output=True, text=True, env=env,
                              encoding="utf-8", errors="surrogateescape", timeout=120, check=False, **more)

    def invoice(self, *words, **more):
        return self.run("invoice", *words, **more)

    def json(self, *words):
        got = self.run(*words, "--json")
        try:
            return got.returncode, json.loads(got.stdout)
        except ValueError:
            return got.returncode, {"stderr": got.stderr, "stdout": got.stdout}

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.region}/mizo.db?mode=ro", uri=True) as db:
            return db.execute(sql).fetchall()


def yen(text):
    return int(text.split(".")[0])


def has_pdf():
    where = os.environ.get("MIZO_MODULES") or os.path.join(os.path.dirname(MIZO), "modules")
    return os.path.exists(os.path.join(where, "mizo-pdf.so"))


FORMAT = ["--format", "pdf" if has_pdf() else "html"]
ENDING = FORMAT[1]


def a_month(t):
    got = t.invoice("run", "--month", "2023-04", "--as", "maker")
    tell(got.returncode == 0 and "draft" in got.stdout, "a month is drafted", got.stderr)
    code, draft = t.json("invoice", "show", "2023-04")
    tell(code == 0 and [i["id"] for i in draft["list"]] == ["b202304-village-hv", "c202304-c-lamps"],
         "points of one word stand on one invoice, the others on their own", draft)
    first = draft["list"][0]
    contained = yen(first["total_yen"]) * 10 // 110
    tell(yen(first["tax_yen"]) == contained, "the tax is rounded once for the invoice", first)
    code, again = t.json("invoice", "run", "--month", "2023-04", "--as", "maker")
    tell(code == 0 and again["hash"] == draft["hash"] and again["version"] > draft["version"],
         "the same draft twice has the same hash, and a version of its own", again)

    got = t.invoice("approve", "2023-04", "--as", "maker")
    tell(got.returncode == 1 and "second person" in got.stderr, "who made it does not approve it", got.stderr)
    got = t.invoice("issue", "2023-04", "--as", "boss", *FORMAT)
    tell(got.returncode == 1 and "draft" in got.stderr and not t.rows("select * from entry where unit='uyen'"),
         "a draft is not issued", got.stderr)
    racing = [subprocess.Popen([MIZO, "invoice", "approve", "2023-04", "--as", who, "--region", t.region],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=dict(os.environ, MIZO_LANG="en")) for who in ("boss", "chief")]
    out = [(p, p.communicate(timeout=120)) for p in racing]
    codes = sorted(p.returncode for p, _ in out)
    loser = next((o[1] for p, o in out if p.returncode), "")
    tell(codes == [0, 1] and ("approved" in loser or "somebody else" in loser), "of two approvers one wins, the other is told",
         (codes, loser))
    got = t.invoice("issue", "2023-04", "--day", "2023-05-08", "--as", "boss", *FORMAT)
    tell(got.returncode == 0 and "issued" in got.stdout, "what was approved goes out", got.stderr)
    code, due = t.json("receivables", "--as-of", "2023-05-31")
    total = sum(yen(i["total_yen"]) for i in draft["list"])
    tell(code == 0 and yen(due["billed_yen"]) == total and due["books_yen"] == due["billed_yen"],
         "the books hold what was billed", due)
    tell(due["invoices"][0]["due"] == "2023-06-07", "due so many days after the issue, on a day of the banks", due)
    got = t.run("verify")
    tell(got.returncode == 0, "and are true", got.stdout + got.stderr)
    got = t.invoice("issue", "2023-04", "--as", "boss", *FORMAT)
    tell(got.returncode == 1 and "issued" in got.stderr, "nothing is issued twice", got.stderr)
    return draft


def papers(t):
    code, files = t.json("files", "--kind", "invoice")
    tell(code == 0 and len(files["files"]) == 2 and all(f["newest"] for f in files["files"]),
         "every paper has its line in the register", files)
    out = t.path("paper." + ENDING)
    got = t.invoice("pdf", "b202304-village-hv", "--out", out)
    with open(out, "rb") as f:
        paper = f.read()
    tell(got.returncode == 0 and paper.startswith(b"%PDF" if ENDING == "pdf" else b"<!doctype"), "the paper as it went out",
         got.stderr)
    got = t.invoice("pdf", "b202304-village-hv", "--out", t.path("paper.csv"))
    with open(t.path("paper.csv"), encoding="utf-8-sig") as f:
        text = f.read()
    tell(got.returncode == 0 and "村営車両基地,p-depot,31800,911341" in text and "T9876543210987" not in text,
         "as CSV for the accounts, a line for each facility; no number before it was registered", text)
    got = t.invoice("show", "b202304-village-hv", lang="ja")
    tell("請 求 書" in got.stdout and "10% 対象" in got.stdout and "試しの村 御中" in got.stdout, "in Japanese", got.stdout)
    got = t.invoice("pdf", "b202304-nobody", "--out", out)
    tell(got.returncode == 2 and "b202304-nobody" in got.stderr, "an invoice that is not there is told", got.stderr)
    got = t.invoice("pdf", "b202304-village-hv", "--out", t.path("paper.doc"))
    tell(got.returncode == 2 and "xlsx" in got.stderr, "a format that is not there is told with those that are", got.stderr)
    code, one = t.json("invoice", "show", "b202304-village-hv")
    again = t.json("invoice", "show", "b202304-village-hv")[1]
    tell(code == 0 and one == again and one["rates"][0]["net_yen"] == "1788847.000000", "canonical JSON of an invoice", one)
    if ENDING == "pdf" and shutil.which("pdftotext"):
        with open(t.path("as.pdf"), "wb") as f:
            f.write(paper)
        text = subprocess.run(["pdftotext", "-layout", t.path("as.pdf"), "-"], capture_output=True, text=True,
                              check=False).stdout
        tell("1,967,731" in text and "178,884" in text and "むらの電力株式会社" in text and len(paper) < 120000,
             "the text of the PDF can be read, and it is small", (len(paper), text[:400]))
    else:
        print(f"ok {count + 1} - the text of the PDF # SKIP no module or no pdftotext")
        globals()["count"] += 1


def corrected(t, draft):
    code, none = t.json("invoice", "changes", "--month", "2023-04")
    tell(code == 1 and none["changes"] == [], "nothing has changed: the answer is no", none)
    got = t.invoice("run", "--month", "2023-04", "--as", "maker")
    tell(got.returncode == 2 and "nothing has changed" in got.stderr, "and there is nothing to draft", got.stderr)
    t.load(["point", "start", "kwh"],
           list(day_rows("p-hall", datetime.date(2023, 4, 10), 1, lambda s: 2)))
    code, changes = t.json("invoice", "changes", "--month", "2023-04")
    change = changes["changes"][0] if code == 0 and changes["changes"] else {}
    one = change.get("contracts", [{}])[0]
    tell(change.get("kind") == "return" and one.get("contract") == "c-hall" and one.get("wh", 0) < 0 and
         one.get("source", "").endswith("readings.csv") and len(change["contracts"]) == 1 and
         one["readings_changed"] and not one["files_changed"], "what changed, in which contract, and what brought it", changes)
    with open(os.path.join(t.region, "charges.csv"), encoding="utf-8", newline="") as f:
        tariffs = f.read()
    with open(os.path.join(t.region, "charges.csv"), "w", encoding="utf-8", newline="") as f:
        f.write(tariffs.replace(",1890.5,", ",1891.5,"))
    rows = {c["contract"]: c for v in t.json("invoice", "changes", "--month", "2023-04")[1]["changes"] for c in v["contracts"]}
    said = t.invoice("changes", "--month", "2023-04").stdout
    with open(os.path.join(t.region, "charges.csv"), "w", encoding="utf-8", newline="") as f:
        f.write(tariffs)
    old = [r for r in rows.values() if not r["readings_changed"]]
    tell(rows["c-hall"]["readings_changed"] and old and all(r["files_changed"] and r["batch"] is None for r in old) and
         "the region's files have changed" in said and "readings after the run: batch" in said,
         "a price in the files is told from readings", (rows, said))
    for words in (["run", "--month", "2023-04", "--as", "maker"], ["approve", "2023-04-c1", "--as", "boss"],
                  ["issue", "2023-04-c1", "--day", "2023-06-01", "--as", "boss", *FORMAT]):
        got = t.invoice(*words)
        tell(got.returncode == 0, "a correction: " + words[0], got.stderr)
    code, due = t.json("receivables", "--as-of", "2023-06-30")
    total = sum(yen(i["total_yen"]) for i in draft["list"]) + yen(change["total_yen"])
    tell(yen(due["billed_yen"]) == total and due["books_yen"] == due["billed_yen"], "the books hold the difference too", due)
    kinds = {k for (k,) in t.rows("select distinct kind from entry where ref='inv:b202304-village-hv'")}
    tell("correction" in kinds, "posted as a correction", kinds)
    code, files = t.json("files", "--kind", "credit-note")
    tell(len(files["files"]) == 1, "with a credit note", files)
    got = t.invoice("show", "r202304-village-hv-1", lang="ja")
    tell("返還請求書" in got.stdout and "適格" not in got.stdout and "b202304-village-hv" in got.stdout, "that names the invoice it returns", got.stdout)
    tell(t.run("verify").returncode == 0, "the books are true")


def payments(t):
    code, due = t.json("receivables", "--as-of", "2023-06-30")
    lamps = next(i for i in due["invoices"] if i["invoice"] == "c202304-c-lamps")
    text = ("日付,入金額,摘要,振込依頼人\n"
            f"2023-06-05,\"{yen(lamps['open_yen']):,}\",c202304-c-lamps,ムラ\n"
            "2023-06-06,1000,42,ムラ\n"
            "2023-06-06,,手数料,\n"
            "2023-06-07,5000,no-such-customer,ダレカ\n")
    bank = t.file("bank.csv", text, "cp932")
    got = t.run("receivables", "pay", bank, "--as", "clerk")
    tell(got.returncode == 1 and "2 posted" in got.stdout and "1 fit nobody" in got.stdout,
         "a bank statement in CP932; what fits nobody is listed", got.stdout + got.stderr)
    got = t.run("receivables", "pay", bank, "--as", "clerk")
    tell("0 posted, 2 posted before" in got.stdout, "the same statement again posts nothing", got.stdout)
    code, after = t.json("receivables", "--as-of", "2023-06-30")
    rows = {i["invoice"]: i for i in after["invoices"]}
    tell(yen(rows["c202304-c-lamps"]["open_yen"]) == 0 and yen(rows["b202304-village-hv"]["paid_yen"]) == 1000 and
         yen(after["books_yen"]) == yen(after["open_yen"]) == yen(due["open_yen"]) - yen(lamps["open_yen"]) - 1000,
         "billed, paid and open go together with the books", after)
    tell(rows["b202304-village-hv"]["late_days"] == 23 and after["overdue_yen"] == rows["b202304-village-hv"]["open_yen"],
         "what is overdue, and since when", after)
    bad = t.file("bad.csv", "date,amount,reference\n2023-06-31,5,x\n2023-06-01,abc,x\n2023-06-01,7,c202304-c-lamps\n")
    got = t.run("receivables", "pay", bad, "--as", "clerk")
    lines = t.json("files", "--with", "bank")[1]["files"]
    tell([(x["name"], x["refused"], x["kept"]) for x in lines if x["kind"] == "payments"][:1] == [("bank.csv", False, False)] and
         [x["note"].split(",")[0] for x in lines if x["refused"]] == ["2: PAYMENT_ROW"], "the bank's files have lines of the register, the refused one too", lines)
    tell(got.returncode == 2 and got.stderr.count("error") == 2, "all mistakes of a file are said, and nothing is posted", got.stderr)
    got = t.run("receivables", "pay", t.file("odd.csv", "a,b\n1,2\n"), "--as", "clerk")
    tell(got.returncode == 2 and "date, amount, reference" in got.stderr, "a file without the columns is told what it needs",
         got.stderr)
    got = t.run("receivables", "rewards", t.file("dr.csv", "date,amount,party,reference\n2023-06-20,300.5,village,call-1\n"),
                "--as", "clerk")
    tell(got.returncode == 0 and t.rows("select amount from entry where kind='reward'") == [(300500000,)],
         "rewards of demand response are entries", got.stderr)
    got = t.run("receivables", "journal", "--from", "2023-05-01", "--to", "2023-06-30", "--csv", "-")
    book = list(csv.DictReader(io.StringIO(got.stdout.lstrip("\ufeff"))))
    bank_rows = [r for r in book if r["Debit"] == "1110"]
    tell(got.returncode == 0 and sum(int(r["Amount(JPY)"]) for r in bank_rows) == yen(lamps["open_yen"]) + 1000 and
         all(r["Credit"] == "1140" for r in bank_rows), "the journal for the accounts has their codes", got.stdout[:600])
    got = t.run("receivables", "zengin", "--day", "2023-06-07", "--out", "-")
    text = got.stdout
    lines = text.encode("utf-8", "surrogateescape").splitlines()
    tell(got.returncode == 0 and text.startswith("1910") and [len(x) for x in lines] == [120] * 4 and
         int(lines[1][80:90]) == int(lines[2][7:19]) == yen(after["open_yen"]), "a collection file of what is open", got.stderr)
    got = t.run("receivables", "zengin", "--day", "2023-01-01", "--out", "-")
    tell(got.returncode == 2 and "nothing" in got.stderr, "nothing due is told", got.stderr)


def purchases(t):
    got = t.invoice("run", "--month", "2023-04", "--purchases", "--as", "maker")
    tell(got.returncode == 0, "purchases are drafted", got.stderr)
    code, run = t.json("invoice", "show", "2023-04-buy")
    one = run["list"][0]
    # 2 kWh x 12 x 30 at 14.5 yen without tax: 10,440, and 10 % once. The household: 360 kWh at 8.5 yen with tax
    tell(one["id"] == "p202304-village-ppa" and one["total_yen"] == "11484.000000" and one["tax_yen"] == "1044.000000" and
         run["list"][1]["total_yen"] == "3060.000000" and run["list"][1]["tax_yen"] == "278.000000",
         "kWh by the meter, the price without tax, the tax once", run)
    for words in (["approve", "2023-04-buy", "--as", "boss"], ["issue", "2023-04-buy", "--day", "2023-05-10", "--as", "boss", *FORMAT]):
        got = t.invoice(*words)
        tell(got.returncode == 0, "purchases: " + words[0], got.stderr)
    got = t.invoice("show", "p202304-village-ppa", lang="ja")
    tell("仕入明細書" in got.stdout and "登録事業者ではありません" in got.stdout, "the statement says that there is no number then",
         got.stdout)


def nothing_to_state(t):
    may = datetime.date(2023, 5, 1)
    t.load(["point", "start", "kwh", "quantity"], list(day_rows("p-depot", may, 31, lambda s: 1 if s == 24 else 0, "export")) +
           list(day_rows("p-school", may, 31, lambda s: 0, "export")))
    got = t.invoice("run", "--month", "2023-05", "--purchases", "--as", "maker")
    code, run = t.json("invoice", "show", "2023-05-buy")
    tell(got.returncode == 0 and "nothing to state: 1" in got.stdout and code == 0 and run["unstated"] == 1 and
         [v["id"] for v in run["list"]] == ["p202305-village-ppa"], "who sold nothing gets no statement, and is counted", (got, run))
    june = datetime.date(2023, 6, 1)
    t.load(["point", "start", "kwh", "quantity"], list(day_rows("p-depot", june, 29, lambda s: 1, "export")) +
           list(day_rows("p-school", june, 30, lambda s: 0, "export")))
    checks = {c["id"]: c for c in t.json("close", "show", "--month", "2023-06")[1]["checks"]}
    gap = checks.get("purchase-gaps", {})
    tell((gap.get("count"), gap.get("blocks")) == (1, False) and "48 コマの値がなく" in gap["detail"] and "48 half-hours" in gap["detail"] and
         checks["readings-missing"]["id"], "a day of a purchase that nobody read is named at the close, in both languages", checks)
    said = t.run("close", "show", "--month", "2023-06", lang="ja").stdout
    tell("48 コマの値がなく" in said and "half-hours of the month" not in said, "each reader sees theirs", said)


def cancelled(t):
    got = t.invoice("cancel", "2023-04", "--as", "boss", *FORMAT)
    tell(got.returncode == 2 and "--why" in got.stderr, "a cancellation says why", got.stderr)
    got = t.invoice("cancel", "2023-04", "--day", "2023-07-01", "--why", "wrong tariff", "--as", "boss", *FORMAT)
    tell(got.returncode == 0 and "cancelled" in got.stdout, "a run is cancelled", got.stderr)
    code, due = t.json("receivables", "--as-of", "2023-07-31")
    tell(yen(due["billed_yen"]) == 0 and yen(due["books_yen"]) == -yen(due["paid_yen"]),
         "nothing is billed any more; what was paid is owed back", due)
    code, files = t.json("files", "--kind", "credit-note")
    tell(len(files["files"]) == 3, "each invoice got its credit note", files)
    tell(t.run("verify").returncode == 0, "the books are true")
    n = t.rows("select count(*) from entry")[0][0]
    for words in (["run", "--month", "2023-04", "--as", "maker"], ["approve", "2023-04", "--as", "boss"]):
        got = t.invoice(*words)
    tell(got.returncode == 0 and t.rows("select count(*) from entry")[0][0] == n, "and the month can be drafted again", got.stderr)


def killed(t):
    """kill -9 while it issues: everything or nothing."""
    for words in (["run", "--month", "2023-04", "--as", "maker"], ["approve", "2023-04", "--as", "boss"]):
        assert t.invoice(*words).returncode == 0
    torn = []
    for wait in (0.02, 0.08, 0.2, 0.4):
        p = subprocess.Popen([MIZO, "invoice", "issue", "2023-04", "--day", "2023-05-08", "--as", "boss", *FORMAT,
                              "--region", t.region], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        p.send_signal(signal.SIGKILL)
        p.wait()
        state = t.json("invoice", "list")[1]["runs"][0]["state"]
        entries = t.rows("select count(*) from entry where unit='uyen'")[0][0]
        invoices = len(t.json("files", "--kind", "invoice")[1]["files"])
        whole = (state, entries > 0, invoices) in (("approved", False, 0), ("issued", True, 2))
        if not whole or t.run("verify").returncode:
            torn.append((wait, state, entries, invoices))
        if state == "issued":
            break
    tell(not torn, "a kill at any moment leaves all of it or nothing", torn)


def full(t):
    """A disk that fills: a limit on the size of files stands for it."""
    for words in (["run", "--month", "2023-04", "--as", "maker"], ["approve", "2023-04", "--as", "boss"]):
        assert t.invoice(*words).returncode == 0

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    got = t.invoice("issue", "2023-04", "--day", "2023-05-08", "--as", "boss", *FORMAT, preexec_fn=limit)
    tell(got.returncode == 3 and got.stderr and t.json("invoice", "list")[1]["runs"][0]["state"] == "approved" and
         t.rows("select count(*) from entry where unit='uyen'")[0][0] == 0, "a full disk: said, and nothing half-posted",
         (got.returncode, got.stderr))
    got = t.invoice("issue", "2023-04", "--day", "2023-05-08", "--as", "boss", *FORMAT)
    tell(got.returncode == 0, "with room it goes out", got.stderr)
    got = t.run("invoice", "paint")
    tell(got.returncode == 2 and "approve" in got.stderr, "an unknown word is told with those there are", got.stderr)


def no_module(t):
    env = dict(os.environ, MIZO_LANG="en", MIZO_MODULES=t.dir)
    for words in (["run", "--month", "2023-04", "--as", "maker"], ["approve", "2023-04", "--as", "boss"]):
        assert t.invoice(*words).returncode == 0
    call = [MIZO, "invoice", "issue", "2023-04", "--as", "boss", "--region", t.region]
    got = subprocess.run(call, capture_output=True, text=True, env=env, check=False)
    tell(got.returncode == 3 and "pdf" in got.stderr and "html" in got.stderr, "without the module it is said, and what works",
         got.stderr)
    got = subprocess.run(call + ["--format", "html"], capture_output=True, text=True, env=env, check=False)
    tell(got.returncode == 0, "and the papers can be HTML", got.stderr)


def edit(t, name, old, new):
    path = os.path.join(t.region, name)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new))


def left_out(t):
    """One bill that cannot be made does not hold up the others."""
    may = datetime.date(2023, 5, 1)
    t.load(["point", "start", "kwh"], [r for p in ("p-depot", "p-hall") for r in day_rows(p, may, 31, lambda s: 10)])
    got = t.invoice("run", "--month", "2023-05", "--as", "maker")
    tell(got.returncode == 2 and "c-school" in got.stderr, "a bill that cannot be made stops the draft", got.stderr)
    code, r = t.json("invoice", "run", "--month", "2023-05", "--leave", "--as", "maker")
    tell(code == 0 and r["left_out"] == 1 and r["lines"] == 3, "or is left out, and counted", r)
    for words in (["approve", "2023-05"], ["issue", "2023-05", "--day", "2023-06-08", "--format", "html"]):
        got = t.invoice(*words, "--as", "boss")
    tell(got.returncode == 0 and "left out: 1" in got.stdout, "the others go out", got.stderr)
    for name, row in (("tariffs.csv", "later,,,1890.5,100,8.5,yes,yes\n"), ("rates.csv", "later,,,,,20\n"),
                      ("charges.csv", "later,energy,,,2024-04-01,,,,,,10,,consumption-tax,example,\n")):
        with open(os.path.join(t.region, name), "a", encoding="utf-8") as f:
            f.write(row)
    edit(t, "contracts.csv", "c-hall,p-hall,village,hv-day", "c-hall,p-hall,village,later")
    got = t.invoice("run", "--month", "2023-05", "--leave", "--as", "maker")
    tell(got.returncode == 2 and "c-hall stands on the issued invoice" in got.stderr, "what is issued is not left out", got.stderr)
    edit(t, "contracts.csv", "c-hall,p-hall,village,later", "c-hall,p-hall,village,hv-day")
    t.load(["point", "start", "kwh"], list(day_rows("p-school", may, 31, lambda s: 10)))
    code, r = t.json("invoice", "run", "--month", "2023-05", "--as", "maker")
    whole = t.json("bill", "--month", "2023-05", "--contract", "c-school")[1]
    tell(code == 0 and r["run"] == "2023-05-c1" and r["lines"] == 1 and r["left_out"] == 0 and
         yen(r["total_yen"]) == yen(whole["sum"]["total_yen"]) > 0, "the next run brings it", (r, whole))


with Town() as town:
    first = a_month(town)
    papers(town)
    corrected(town, first)
    payments(town)
    purchases(town)
    nothing_to_state(town)
    cancelled(town)
with Town() as town:
    killed(town)
with Town() as town:
    full(town)
with Town() as town:
    no_module(town)
    left_out(town)
print(f"1..{count}")
sys.exit(failed > 0)
