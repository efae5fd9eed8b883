"""mizo city and the city's reports: every golden check by its name, questions, texts, results that people enter.

    city.py MIZO VILLAGE
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

MIZO, VILLAGE = sys.argv[1], sys.argv[2]
CITY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../examples/kawasaki/city")
# The libraries of the workbook keep what they hold until the process ends.
ENV = {**os.environ, "MIZO_LANG": "en",
       "ASAN_OPTIONS": ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))}
done = 0


def tell(ok, name, more=""):
    global done
    done += 1
    print(f"{'ok' if ok else 'not ok'} {done} - {name}", flush=True)
    if not ok:
        print("\n".join("# " + line for line in str(more).splitlines()[:20]))


def run(home, *words, lang="en"):
    p = subprocess.run([MIZO, *words, "--region", home], capture_output=True, text=True, timeout=60,
                       env={**ENV, "MIZO_LANG": lang})
    return p.returncode, p.stdout, p.stderr


def ask(home, *words):
    code, out, err = run(home, *words, "--json")
    return code, json.loads(out) if out else err


def answer(home, *words):
    """With what was said beside the answer."""
    code, out, err = run(home, *words, "--json")
    return code, json.loads(out) if out else None, err


def region(parent, name, files=None):
    """The village, or with the city's files of the example in it, and a store."""
    home = os.path.join(parent, name)
    shutil.copytree(VILLAGE, home)
    for f in files or []:
        shutil.copy(os.path.join(CITY, f), home)
    for f in ("budgets.csv",) if files else ():  # it speaks of the village's own businesses
        os.remove(os.path.join(home, f))
    code, _, err = run(home, "import", os.path.join(home, "readings.csv"))
    assert code == 0, err
    return home


def edit(home, file, old, new):
    path = os.path.join(home, file)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text, (file, old)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))


def golden(home):
    code, got = ask(home, "city", "golden")
    rows = {r["check"]: r for r in got["rows"]}
    with open(os.path.join(CITY, "checks.csv"), encoding="utf-8") as f:
        for row in csv.DictReader(f):
            r = rows.get(row["id"], {})
            tell(r.get("ok") and r["value"] == row["expected"] and r["source"] == row["source"], "golden " + row["id"], r)
    tell(code == 0 and got["failed"] == 0 and got["ok"] == len(rows) > 100, "all of them hold", got["failed"])
    p = subprocess.run([MIZO, "city", "golden", "--json"], capture_output=True, text=True, timeout=60, env=ENV)
    tell(p.returncode == 0 and json.loads(p.stdout)["rows"] == got["rows"], "without a region the figures that come with mizo", p.stderr)
    p = subprocess.run([MIZO, "city", "enter", "city-ghg", "2022"], capture_output=True, text=True, timeout=60, env=ENV)
    tell(p.returncode == 2 and "--region" in p.stderr, "which nobody enters anything into", p.stderr)
    code, out, _ = run(home, "city", "golden", lang="ja")
    tell(code == 0 and "不一致 0" in out and "約46％" in out, "as text in Japanese", out[-200:])


# What is changed in the data, and the checks that must then fail: none is compared with itself.
MUTATIONS = [
    ("published.csv", "2023,re-supply,183147067", "2023,re-supply,189147067", {"net-zero-rate-2023", "demand-lowest"}),
    ("published.csv", "2021,city-ghg,20840000", "2021,city-ghg,20640000", {"ghg-2021-agree", "ghg-2021-text", "ghg-2021-cut"}),
    ("published.csv", "2023,leading-new,11", "2023,leading-new,12", {"leading-2023", "leading-new-both"}),
    ("targets.csv", "city-ghg-cut-1990,2030,▲15960000", "city-ghg-cut-1990,2030,▲15860000", {"level-2030-from-1990"}),
    ("plans.csv", "エネルギー最適化しているまち,Direction III,climate,direction,III,climate,3",
     "エネルギー最適化しているまち,Direction III,climate,direction,III,climate,7", {"measures-of-directions"}),
    ("businesses.csv", "062,グリーンイノベーション・国際環境施策推進事業,,,pj2", "062,グリーンイノベーション・国際環境施策推進事業,,,",
     {"pj2"}),
    ("plan-businesses.csv", "policy-4-2-4,055\n", "policy-4-2-4,056\n", set()),
    ("register-rows.csv", "company-shares,1,川崎市,,,0.51", "company-shares,1,川崎市,,,0.5", {"shares"}),
    ("register-rows.csv", "model-area,12,", "model-area,13,", {"members-numbered"}),
    ("inventory.csv", "part-3,total,total,25293", "part-3,total,total,25294", {"hall-2013-adds", "hall-2013-parts"}),
    ("inventory.csv", "transport,co2,electricity,100000", "transport,co2,electricity,900000", {"table-electricity"}),
    ("indicators.csv", "％,0,yes,up,no,(re-supply + abs(saving)) / demand", "％,0,yes,up,no,re-supply / demand", {"net-zero-rate-2022"}),
    ("aliases.csv", "橋処理センター,plant-tachibana", "橋処理センター,plant-ukishima", {"alias-plant"}),
    ("evaluations.csv", "policy-4-2-4,2023,a,ii", "policy-4-2-4,2023,b,ii", {"evaluation"}),
]


def they_can_fail(parent, base):
    for i, (file, old, new, broken) in enumerate(MUTATIONS):
        home = os.path.join(parent, f"mutation-{i}")
        shutil.copytree(base, home)
        edit(home, file, old, new)
        code, got = ask(home, "city", "golden")
        failed = {r["check"] for r in got["rows"] if not r["ok"]} if isinstance(got, dict) else got
        tell((code == 1 and broken <= failed) if broken else code == 0, f"a change of {file} is seen: {old[:30]}", (code, failed))
        shutil.rmtree(home)


def questions(home):
    code, out, _ = run(home, "city", "ask", "text", "net-zero-rate", "2023")
    tell(code == 0 and out == "約46％\n", "a question", out)
    code, got = ask(home, "city", "ask", "calc", "2023", "%", "1", "re-supply / demand")
    tell(code == 0 and got["value"] == "45.8％" and len(got["model"]) == 64, "one with a formula", got)
    code, got = ask(home, "city", "why", "net-zero-rate", "2023")
    tell(code == 0 and [(s["depth"], s["indicator"], s["value"], s["source"][:6]) for s in got["steps"]] ==
         [(0, "net-zero-rate", "46.257699％", "(re-su"), (1, "re-supply", "183.147067 GWh", "S3:465"),
          (1, "saving", "▲1.883728 GWh", "S3:471"), (1, "demand", "400.000000 GWh", "S3:459")], "where 46 % comes from", got)
    code, out, _ = run(home, "city", "why", "re-capacity-gain", "2021")
    tell(code == 0 and "  re-capacity FY2020 = ≈ 20.000000万kW  " in out, "with operands that were rounded", out)
    code, got = ask(home, "city", "why", "net-zero-rate", "2019")
    tell(code == 1 and got["steps"][1]["value"] is None, "what is missing", got)
    code, out, _ = run(home, "city", "ask")
    tell(code == 0 and "INVENTORY FY SECTOR GAS FORM" in out, "alone it lists them", out[:200])
    for lang, word in (("en", "no such indicator"), ("ja", "答えられません")):
        code, _, err = run(home, "city", "ask", "text", "nothing", "2023", lang=lang)
        tell(code == 2 and word in err, "a question without an answer, " + lang, err)
    for words, want in (([], "golden"), (["golden", "x"], "write mizo city golden"), (["nothing"], "golden"), (["check-text"], "check-text FILE"), (["enter", "re-supply"], "enter INDICATOR FY")):
        code, _, err = run(home, "city", *words)
        tell(code == 2 and want in err, "words that are none: " + " ".join(words), err)
    code, got = ask(home, "city", "check")
    tell(code == 0 and got["errors"] == 0, "formulas", got)
    edit(home, "indicators.csv", "re-capacity - re-capacity@-1", "re-capacity - home-pv")
    code, out, err = run(home, "city", "check")
    tell(code == 1 and re.search(r"indicators.csv:\d+:1: warning: the formula of re-capacity-gain .*different units", err), "units",
         err)
    p = subprocess.run([MIZO, "check", home], capture_output=True, text=True, env=ENV)
    tell(p.returncode == 0 and "warnings 1" in p.stdout and "different units" in p.stderr, "mizo check tells it too", p.stdout)
    tell("at 're-capacity - home-pv'" in err, "with the place", err)
    edit(home, "indicators.csv", "re-capacity - home-pv", "re-capacity - re-capacity@-1")
    edit(home, "indicators.csv", "home-pv,住宅用", "home-py,住宅用")
    code, _, err = run(home, "city", "check")
    tell(code == 1 and "home-pv of FY2023 is published, but indicators.csv has no such indicator" in err, "a stray item", err)
    edit(home, "indicators.csv", "home-py,住宅用", "home-pv,住宅用")


def texts(home, parent):
    path = os.path.join(parent, "speech.txt")
    with open(path, "w", encoding="utf-8") as f:
        f.write("2023年度の実質ゼロ達成率は約46％です。\n"
                "２０２１年度の温室効果ガス排出量は２,０８４万ｔ-ＣＯ２（２０１３年度比▲１２．６％）です。\n"
                "令和５年度の達成率は約47％、実施累計件数は66件です。\n"
                "再エネ導入量は、2021年度に約22.5万kWとなりました。\n")
    code, got = ask(home, "city", "check-text", path)
    wrong = [(r["line"], r["column"], r["indicator"], r["text"], r["books"]) for r in got["rows"]]
    tell(code == 1 and wrong == [(3, 11, "net-zero-rate", "約47％", "46 %"), (4, 16, "re-capacity", "約22.5万kW", "212 thousand kW")]
         and (got["agree"], got["disagree"], got["unknown"]) == (4, 2, 0), "a text held against the books", got)
    code, out, err = run(home, "city", "check-text", path, lang="ja")
    tell(code == 1 and f"{path}:3:11: 誤り: 本文の「実質ゼロ達成率」(2023年度) は 約47％ ですが、帳簿では 46％ です" in err, "as a message", err)
    with open(path, "w", encoding="utf-8") as f:
        f.write("実質ゼロ達成率は約46％です。\n\n市域の排出量は2,100万t-CO2です。\n")
    code, got = ask(home, "city", "check-text", path, "--all")
    tell(code == 1 and [(r["indicator"], r["fy"], r["verdict"]) for r in got["rows"]] == [("net-zero-rate", 2023, "agrees"), ("city-ghg", 2021, "disagrees")],
         "a text without a year speaks of the last one that is known", got)
    with open(path, "w", encoding="cp932") as f:
        f.write("達成率")
    code, _, err = run(home, "city", "check-text", path)
    tell(code == 2 and "UTF-8" in err, "a text in other letters", err)
    code, _, err = run(home, "city", "check-text", path + ".none")
    tell(code in (2, 3) and "speech" in err, "a text that is not there", err)
    with open(path, "w", encoding="utf-8") as f:
        f.write("実質ゼロ達成率は2019年度に9％です。")
    code, got = ask(home, "city", "check-text", path, "--all")
    tell(code == 0 and got["unknown"] == 1 and got["rows"][0]["verdict"] == "unknown", "a year the books do not have", got)
    sentences(home, path)


# Each line: a sentence, and the verdict of each of its figures: + agrees, - disagrees, ? no year, n no known name, . not held.
SAID = (
    ("2021年度の市域の温室効果ガス排出量は2,084万t-CO2で、2013年度比▲12.5％です。", "+-"),
    ("2021年度の市域の温室効果ガス排出量は2,084万t-CO2で、2013年度比▲12.6％です。", "++"),
    ("2023年度の実質ゼロ達成率は46.4％です。", "-"),
    ("2023年度の実質ゼロ達成率は45％以上です。", "+"),
    ("2023年度の実質ゼロ達成率は50％以上です。", "-"),
    ("2023年度の実質ゼロ達成率は50％未満です。", "+"),
    ("2023年度の実施累計件数は66件未満です。", "-"),
    ("2023年度の実質ゼロ達成率は45～47％です。", "+"),
    ("2023年度の実質ゼロ達成率は45%から47%です。", "+"),
    ("2023年度の実質ゼロ達成率は47～49％です。", "-"),
    ("2021年度の再エネ導入量は20～22万kWです。", "+"),
    ("2023年度の実質ゼロ達成率は40％台です。", "+"),
    ("2023年度の実質ゼロ達成率は50％台です。", "-"),
    ("2023年度の実施累計件数は、目標は53件、実績は66件です。", "++"),
    ("2023年度の実施累計件数は66件で、目標53件を上回った。", "++"),
    ("2023年度の実施累計件数は、目標を達成し66件です。", "+"),
    ("2023年度の実施累計件数は、目標は66件です。", "-"),
    ("2023年度の実施累計件数は、前年度から11件増の66件です。", "++"),
    ("2023年度の実施累計件数は、前年度の55件から12件増の66件です。", "+-+"),
    ("2021年度の市域の温室効果ガス排出量は80万t減少しました。", "."),
    ("2021年度の市域の温室効果ガス排出量は、2,383万tから2,084万tへ299万t減少した。", ".+."),
    ("2021年度の市域の温室効果ガス排出量は、2013年度の2,383万tから2,084万tへ299万t減少した。", "+++"),
    ("2021年度の市域の温室効果ガス排出量は、2013年度の2,383万tから2,084万tへ399万t減少した。", "++-"),
    ("2023年度の再エネ等の電力供給量は約180GWh、省エネによる削減量は約2GWhです。", "++"),
    ("2023年度の再エネ等の電力供給量は約180GWh、太陽光の発電量は約2GWhです。", "+n"),
    ("令和五年度の実質ゼロ化率は四十六％、二〇二一年度の温室効果ガス排出量は二千八十四万トンです。", "++"),
    ("令和5年度の達成率は4割6分。令和5年度の達成率は5割。令和5年度の達成率は4割。", "++-"),
    ("令和5年度の達成率は0.46です。", "."),
    ("2022年3月の再エネ導入量は約21.2万kWです。", "+"),
    ("会員58者が参加し、交付金は最大50億円、地域エネルギー会社の資本金は1億円です。", "+++"),
)

# As council papers write: changes of two figures, points, negatives, other units in brackets, targets without a year.
PAPERS = (
    ("令和3年度の温室効果ガス排出量（暫定値）は2,084万トンであり、2013年度と比べて299万トン、12.6％の減少となった。", "+++"),
    ("令和3年度の温室効果ガス排出量は2,084万トンであり、2013年度と比べて399万トン、12.6％の減少となった。", "+-+"),
    ("実施累計件数の目標値は第3期において40件から63件へ変更した。", ".+"),
    ("実施累計件数の目標値は65件である。", "-"),
    ("2023年度の実質ゼロ達成率は前年度から38ポイント上昇した。", "+"),
    ("2023年度の実質ゼロ達成率は前年度から28ポイント上昇した。", "-"),
    ("2023年度の実質ゼロ達成率は46％に達していない。", "-"),
    ("2023年度の実質ゼロ達成率は50％には届いていない。", "+"),
    ("令和3年度の再エネ導入量は22万kWを超えていない。", "+"),
    ("令和3年度の再エネ導入量は21万kWを超えていない。", "-"),
    ("令和3年度の再エネ導入量は21万kWを下回っていない。", "+"),
    ("令和5年度の意見交換実施回数は…企業等との意見交換実施回数は目標の200回に対し376回にとどまらず", "++"),
    ("令和5年度の企業等との意見交換実施回数は目標の200回に対し367回であった。", "+-"),
    ("交付金の上限は50億円（5,000百万円、5,000,000千円）である。", "+++"),
    ("交付金の上限は50億円（500百万円）である。", "+-"),
    ("2023年度の再エネ等の電力供給量は1億8,314万7,067kWh、省エネ電力削減量は△1,883,728kWhである。", "++"),
    ("2023年度の再エネ等の電力供給量は1億8,414万7,067kWh、省エネ電力削減量は1,983,728kWhである。", "--"),
    ("市役所の温室効果ガス排出量は2013年度の414,532tから2020年度の374,613tへ、39,919t（9.6％）減少した。", "++++"),
    ("市役所の温室効果ガス排出量は2013年度の414,532tから2020年度の374,613tへ、39,919t（19.6％）減少した。", "+++-"),
    ("企業等との意見交換実施回数は、令和4年度は200回、令和5年度は376回であった。", "-+"),
    ("国は2030年度に2013年度比46％削減を目指している。", "n"),
    ("市域排出量の2013年度比は2021年度に▲12.6％である。", "+"),
    ("市域排出量の2013年度比は2021年度に▲16.2％である。", "-"),
    ("2030年度の温室効果ガス排出量を2013年度比で46％削減する目標を掲げた。", "-"),
)

# Counts of registers by date and of plans: the figures of the town's own lists.
COUNTS = (
    ("会員60者が参加しています。", "-"),  # of which council nobody says: one has 58
    ("会員40者が参加しています。会員60者程度が参加しています。", ".."),  # none has so many; about so many
    ("商工会の会員60者が参加しています。延べ床面積は2,000m2、1人当たり3t、第2回の会議。", ".nn"),
    ("再エネ100％電力を約40の事業者が使い、公共施設群は約1,000か所です。参画団体は22団体です。", "++"),
    ("脱炭素アクションみぞのくち推進会議の会員は60者です。", "-"),
    ("脱炭素アクションみぞのくち推進会議は令和4年10月現在、38者で構成しています。", "+"),
    ("脱炭素アクションみぞのくち推進会議は令和6年11月現在、38者で構成しています。", "-"),
    ("2022年10月の会員は38者です。", "+"),
    ("脱炭素アクションみぞのくち推進会議は、2022年3月の28者から2022年10月の38者へ増えた。", "++"),
    ("2021年7月に、脱炭素アクションみぞのくち推進会議を発足しました（R4.2末時点の会員数28）。", "+"),
    ("2021年7月に、脱炭素アクションみぞのくち推進会議を発足しました（R4.2末時点の会員数38）。", "-"),
    ("かわさきプラスチック循環プロジェクトを設立しました。（2024年10月現在 20者）", "+"),
    ("かわさきプラスチック循環プロジェクトを設立しました。（2024年10月現在 22者）", "-"),
    ("川崎市脱炭素経営支援コンソーシアムは22団体で構成し、金融機関15団体、支援機関5団体が参画する。", "+-+"),
    ("川崎カーボンニュートラルコンビナート形成推進協議会の会員は92者（令和6年3月）です。", "+"),
    ("基本計画は、8つの基本的方向と40施策、5つのプロジェクトからなる。", "+++"),
    ("基本計画は、8つの基本的方向と36施策、6つのプロジェクトからなる。", "++-"),
    ("基本計画は42施策を掲げる。", "-"),
    ("基本計画の40施策のうち30施策で目標を達成し、新たに2施策を追加した。", "+.."),
    ("40施策、5プロジェクトを推進する。意見交換会を3回開催し、会員の30者が出席した。", "++n."),
    ("会員のうち20者が再エネに切り替えた。会員60社程度に呼びかけた。会員五十八者。", "n.+"),
    ("The climate plan has 40 measures and the council 58 members.", "++"),
)

# Names as officials write them: of several things, which the unit tells apart; with 等; parts of a list without a unit.
NAMES = (
    ("民間施設群では約2.5万t-CO2、公共施設群では約11.1万t-CO2の削減を見込みます。", "++"),
    ("民間施設群では約2.5万t-CO2、公共施設群では約11.7万t-CO2の削減を見込みます。", "+-"),
    ("民間施設群は約50か所、約2.5万t-CO2です。", "++"),
    ("住宅用太陽光発電設備の補助は、R5年度に152件、約800kWでした。", "++"),
    ("住宅用太陽光発電設備の補助は、R5年度に125件、約900kWでした。", "--"),
    ("2022年度の再エネ電力供給量等は31,825,490kWhでした。", "+"),
    ("2022年度の再エネ電力供給量等は31,852,490kWhでした。", "-"),
    ("令和3年度の再生可能エネルギー導入量は21.2万kWで、前年度から約7千kW増えました。", "++"),
    ("中小企業支援コンソーシアムは22団体（市1、金融機関16、支援機関5）です。", "+++"),
    ("中小企業支援コンソーシアムは22団体（市1、金融機関15、支援機関6）です。", "+--"),
    ("市域の温室効果ガスは令和3年度に2,084万トンで、前年度から80万トン減少しました。", "+-"),
    ("市域の温室効果ガスは令和3年度に2,084万トンで、前年度から80万トン増加しました。", "++"),
    ("市役所のエネルギー起源CO2は2030年度に2013年度比75％削減をめざします。", "+"),
    ("市役所のエネルギー起源CO2は2030年度に2013年度比70％削減をめざします。", "-"),
    # The year behind a figure is its own, unless another figure follows it; a word that begins with a unit's letter is none.
    ("2021年度の話です。実質ゼロ達成率は約46％（令和5年度）です。", "+"),
    ("2021年度の話です。実質ゼロ達成率は約8％（令和4年度）、約56％（令和5年度）です。", "+-"),
    ("実質ゼロ達成率は2022年度に約8％（2023年度は約46％）です。", "++"),
    ("It began in FY2021. The net-zero rate was 46 % in FY2023.", "+"),
    ("It began in FY2021. The net-zero rate was 56 % in FY2023 and rises.", "-"),
    ("The net-zero rate was told 152 times in FY2023.", ""),
)


SIGN = {"agrees": "+", "disagrees": "-", "unknown": "?", "no known name": "n", "not held": "."}


def verdicts(home, path, said):
    """Each line is a paragraph of its own."""
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(line + "\n\n" for line, _ in said)
    code, got = ask(home, "city", "check-text", path, "--all")
    for i, (line, expected) in enumerate(said):
        rows = "".join(SIGN[r["verdict"]] for r in got["rows"] if r["line"] == 2 * i + 1)
        tell(rows == expected, line, rows)
    return code, got


def counts(home, path):
    code, got = verdicts(home, path, COUNTS)
    both = [(r["counted"], r["books"], r["beside"]) for r in got["rows"] if r["text"] in ("36施策", "40 measures")]
    tell(code == 1 and both == [("climate/measure", "40", "the texts below it say 36 together, 7 are listed")] * 2, "what is declared and what is added, both", both)
    with open(path, "w", encoding="utf-8") as f:
        f.write("基本計画は42施策を掲げる。川崎市脱炭素経営支援コンソーシアムは、23団体からなる。")
    code, _, err = run(home, "city", "check-text", path, lang="ja")
    tell(code == 1 and "1:6: 誤り: 本文の「地球温暖化対策推進基本計画」は 42施策 ですが、帳簿では 40 です (S3:71; S1:349)" in err
         and "下位の本文の計は 36" in err and "22 です" in err, "as messages", err)
    put = ["city", "put", "member", "sme-late", "register=sme", "number=23", "name=信用組合", "part=finance", "source=list", "--as", "hana"]
    run(home, *put, "from=2024-07-01", "to=2025-04-01")
    for line, expected in (("川崎市脱炭素経営支援コンソーシアムは、令和6年6月30日時点で22団体、令和6年7月1日時点で23団体。", ["agrees"] * 2),
                           ("川崎市脱炭素経営支援コンソーシアムは、令和7年4月時点で23団体。", ["disagrees"]),
                           ("川崎市脱炭素経営支援コンソーシアムの金融機関は、令和6年度末17団体。", ["agrees"])):
        with open(path, "w", encoding="utf-8") as f:
            f.write(line)
        got = ask(home, "city", "check-text", path, "--all")[1]
        tell([r["verdict"] for r in got["rows"]] == expected, line, got)
    run(home, "city", "put", "member", "sme-late", "to=2024-07-01", "--as", "hana")


def sentences(home, path):
    counts(home, path)
    verdicts(home, path, PAPERS)
    verdicts(home, path, NAMES)
    code, got = verdicts(home, path, SAID)
    all_of = "".join(v for _, v in SAID)
    tell(code == 1 and [got[k] for k in ("agree", "disagree", "unknown", "no_name", "not_held")] ==
         [all_of.count(c) for c in "+-?n."], "counted", got)
    tell([r["books"] for r in got["rows"] if r["text"] == "46.4％"] == ["46.258… %"], "with digits that show why", got["rows"][4])
    with open(path, "w", encoding="utf-8") as f:
        f.write("意見交換58者が参加しました。\n2021年度の温室効果ガス排出量の確定値は2,084万t-CO2です。")
    code, out, err = run(home, "city", "check-text", path)
    tell(code == 0 and f"{path}:1:5: 58者 no known name\n" in out and "1 figures with no known name" in out,
         "a figure without a known name is seen", out)
    tell("2:22: warning: the text calls 2,084万t-CO2" in err, "a provisional figure that is called final", err)


def entered(home):
    enter = ["city", "enter", "home-pv", "R6", "--source", "subsidy office", "--as", "hana"]
    code, got = ask(home, *enter, "--value", "１６０件", "--on", "2025-05-01", "--vintage", "provisional")
    tell(code == 0 and got["id"] == "home-pv-2024-provisional" and got["value_e6"] == "160000000" and got["version"] == 1,
         "a result is entered", got)
    code, got = ask(home, *enter, "--value", "161件", "--on", "2025-09-01", "--vintage", "final")
    tell(run(home, "city", "ask", "text", "home-pv", "2024")[1] == "161件\n"
         and run(home, "city", "ask", "text", "home-pv", "2024", "--as-of", "2025-06-01")[1] == "160件\n",
         "published, then restated: both are kept")
    code, _, err = run(home, *enter, "--value", "170件", "--vintage", "final", "--after", "0")
    tell(code == 1 and "version 1 by cli:hana" in err and "nothing was changed" in err, "somebody wrote since", err)
    code, got = ask(home, *enter, "--value", "162件", "--vintage", "final", "--after", "1")
    tell(code == 0 and got["version"] == 2, "after the version that was seen", got)
    code, got, err = answer(home, *enter, "--value", "162件", "--vintage", "final")
    tell(code == 0 and got["version"] == 2 and "stands there already (version 2" in err, "the same figure again is no new version", err)
    code, got, err = answer(home, *enter, "--value", "162万件", "--vintage", "final")
    tell(code == 0 and got["version"] == 3 and "162万件 was written, but 162件 stands for FY2024" in err, "a unit that is far off is asked about", err)
    code, got, err = answer(home, *enter, "--value", "162件", "--vintage", "final", "--on", "2025-09-01")
    tell(code == 0 and got["version"] == 4, "and mended", err)
    code, _, err = run(home, *enter, "--value", "162件", "--on", "2068-05-01")
    tell(code == 2 and "2068-05-01, is still to come" in err, "a day of publication to come", err)
    code, _, err = run(home, "city", "enter", "home-pv", "R50", "--value", "162件", "--source", "x", "--as", "hana")
    tell(code == 2 and "FY2068 has not begun yet" in err, "a year to come", err)
    code, _, err = run(home, "city", "enter", "home-pv", "令和", "--value", "12 kWh", "--vintage", "latest", "--as", "hana")
    tell(code == 2 and all(w in err for w in ("no fiscal year", "no figure in the unit", "no vintage", "needs a source")),
         "every mistake at once", err)
    for era, year in (("平成35", "FY2023"), ("令和99", "FY2117"), ("Ｓ６５", "FY1990")):
        code, _, err = run(home, "city", "enter", "home-pv", era, "--value", "3件", "--source", "x", "--as", "hana")
        tell(code == 2 and "is no year of that era; it would be " + year in err, "an era typed wrong: " + era, err)
    code, _, err = run(home, "city", "enter", "nothing", "2024", "--value", "1件", "--source", "x", "--as", "hana")
    tell(code == 2 and "there is no indicator 'nothing'" in err, "an indicator that is not there", err)
    code, got = ask(home, "city", "results")
    tell(code == 0 and [r["id"] for r in got["rows"]] == ["home-pv-2024-final", "home-pv-2024-provisional"], "they are listed",
         got)


def reports(home, parent):
    for name, has in (("targets", "▲1,180"), ("plan", "地球温暖化対策事業"), ("evaluation", "スマートシティの推進"),
                      ("inventory", "4,700,000")):
        xlsx, page = os.path.join(parent, name + ".xlsx"), os.path.join(parent, name + ".html")
        code, out, err = run(home, "report", name, "--as-of", "2025-03-31", "--xlsx", xlsx, "--bundle", page, lang="ja")
        with open(page, encoding="utf-8") as f:
            html = f.read()
        with zipfile.ZipFile(xlsx) as z:
            cells = "".join(z.read(n).decode() for n in z.namelist() if n.endswith(".xml"))
        tell(code == 0 and has in html and (has in cells or name == "inventory") and "<link" not in html
             and 'src="http' not in html and "@page" in html and not out, name + " as a workbook and a page", err)
        code, got = ask(home, "report", name, "--as-of", "2025-03-31")
        tell(code == 0 and got["report"] == name and got["rows"] and got["day"] == "2025-03-31", name + " as JSON", got)
    page = os.path.join(parent, "rate.html")
    code, out, err = run(home, "report", "achievement", "--fy", "2023", "--as-of", "2025-03-31", "--bundle", page, lang="ja")
    with open(page, encoding="utf-8") as f:
        html = f.read()
    tell(code == 0 and all(w in html for w in ("約46％", "183,147,067 kWh", "▲1,220,755 kWh", "2026", "目指す方向", "↗", "S3:465")),
         "the rate as a page, with its five-year table", err + html[:300])
    again = os.path.join(parent, "again.html")
    run(home, "report", "achievement", "--fy", "2023", "--as-of", "2025-03-31", "--bundle", again, lang="ja")
    with open(again, encoding="utf-8") as f:
        tell(f.read() == html, "the same report twice: the same bytes")
    rows = {r["indicator"]: r for r in ask(home, "report", "targets", "--as-of", "2025-03-31")[1]["rows"]}
    tell(rows["city-ghg-vs-2013"]["result"]["text_ja"] == "▲12.6％" and not rows["city-ghg-vs-2013"]["result"]["differs"]
         and rows["re-capacity"]["needed_a_year"] == "1.311111" and rows["re-capacity"]["gap"] == "11.800000", "the numbers",
         rows["re-capacity"])
    code, out, err = run(home, "report", "plan", "--fy", "2021")
    tell("the text says 40, 7 are listed" in err and "climate: its text says 40, the texts below it say 36 together" in err, "declared, listed and the directions' sum are told", err)
    tell("its text says 40, the texts below it 36 together" in out, "and stand in the report", out[:3000])
    tags = [x.split() for x in out[out.index("Businesses by tag"):].splitlines() if x.startswith("pj2 ")]
    tell([x[-3:] for x in tags] == [["12", "4", "12"], ["1", "0", "1"]], "a tag's rows are those of one plan: 055 stands in both", tags)
    nodes = {x["node"]: x for x in ask(home, "report", "plan")[1]["rows"]}
    tell((nodes["climate-pj2"]["rows"], nodes["climate-pj2"]["businesses"], nodes["climate-pj1"]["businesses"]) == (12, 12, 0)
         and (nodes["climate"]["declared"], nodes["climate"]["declared_below"]) == (40, 36), "a project counts by its tag; 40 stays beside 36", nodes["climate"])
    sheet = ask(home, "report", "evaluation")[1]["rows"][0]
    tell((sheet["status"], sheet["proposed"], sheet["direction"]) == ("A", "A", "II"), "the evaluation sheet", sheet)
    _, out, _ = run(home, "report", "evaluation", "--fy", "2023", lang="ja")
    rows = [x.split() for x in out.splitlines() if x.split()[:1] == ["実績"]]
    tell(all(w in out for w in ("平成26(2014)年度", "実証中のものの件数", "達成状況")) and rows[0] == ["実績", "7件", "–", "55件", "66件", "目標達成"],
         "the sheet has the definition, the result it set out from, and whether the target is reached", rows)
    code, _, err = run(home, "report", "evaluation", "--out", os.path.join(parent, "x.doc"))
    tell(code == 2 and "says no format" in err, "a format there is not", err)
    code, _, err = run(home, "report", "evaluation", "--bundle", "/no/such/place/x.html")
    tell(code == 2 and "cannot be written" in err, "a place that cannot be written", err)
    code, got = ask(home, "report", "achievement")
    tell(code == 0 and got["fy"] == 2023 and got["text_ja"] == "約46％", "without a year: the last one that was published", got)
    for words in ([], ["nothing"], ["targets", "--fy", "soon"], ["achievement", "--fy", "soon"]):
        code, _, err = run(home, "report", *words)
        tell(code == 2 and ("soon is no fiscal year" if "soon" in words else "targets") in err, "a report that there is not: " + " ".join(words), err)


def decided(home, parent):
    put = ["city", "put", "evaluation", "policy-4-2-4-2023"]
    code, got = ask(home, *put, "status=b", "direction=ii", "reason=the next step is open", "way=it goes on", "by=committee", "--as", "hana")
    tell(code == 0 and (got["version"], got["node"], got["fy"]) == (1, "policy-4-2-4", "2023"), "an evaluation is decided by a person", got)
    code, _, err = run(home, *put, "status=a", "reason=all reached", "--after", "0", "--as", "taro")
    tell(code == 1 and "version 1 by cli:hana (status=b, reason=the next step is open)" in err and "nothing was changed" in err,
         "the second of two is refused and sees what the first wrote", err)
    code, _, err = run(home, *put, "status=b", "reason=the next step is open", "--after", "1", "--as", "taro")
    tell("the rule proposes A, B was decided" in err, "what departs from the rule is said", err)
    sheet = ask(home, "report", "evaluation")[1]["rows"][0]
    tell((sheet["status"], sheet["proposed"], sheet["by"], sheet["reason"]) == ("B", "A", "cli:hana", "the next step is open")
         or (sheet["status"], sheet["proposed"]) == ("B", "A"), "the sheet has decision and proposal", sheet)
    _, out, _ = run(home, "report", "evaluation", lang="ja")
    tell("前の版(ファイル)" in out and "A, Ⅱ: リーディング" in out and "一定の進捗がある" in out and "cli:hana" in out, "and what the file said, and who", out[-900:])
    tell(run(home, "city", "ask", "status", "policy-4-2-4", "2023")[1] == "B II\n", "a question sees it")
    code, _, err = run(home, "city", "put", "evaluation", "policy-4-2-4-2022", "status=e", "direction=v", "reason=x", "way=y", "--as", "hana")
    tell(code == 2 and "'e' is none of A, B, C, D" in err and "'v' is none of I, II, III, IV" in err, "words that are none, all at once", err)
    code, _, err = run(home, "city", "put", "evaluation", "x-2022", "node=nothing", "status=a", "direction=i", "reason=x", "way=y", "--as", "hana")
    tell(code == 2 and "node 'nothing' is not in plans.csv" in err and "nothing-2022" in err, "a node that there is not, an id of another", err)
    code, _, err = run(home, "city", "put", "target", "leading-total-2025", "value=70件", "rule=at-least", "decided=2024-05-01", "reason=more", "source=council", "--as", "hana")
    goals = [run(home, "city", "ask", "goal", "leading-total", "2025", *day)[1] for day in ([], ["2023-04-01"])]
    tell(code == 0 and goals == ["70件\n", "63件\n"], "a target is changed with its reason, the earlier stays", (goals, err))
    code, _, err = run(home, "city", "put", "target", "leading-total-2026", "value=70 kWh", "rule=more", "decided=2024-05-01", "reason=x", "source=y", "--as", "hana")
    tell(code == 2 and "no figure in the unit" in err and "at-least, at-most" in err, "a target that cannot be", err)
    code, _, err = run(home, "city", "put", "member", "sme-bank", "register=sme", "number=23", "name=銀行", "part=finance", "from=2024-04-01", "source=list", "--as", "hana")
    tell(code == 0 and run(home, "city", "ask", "listed", "sme", "2024-05-01")[1] == "23\n" and run(home, "city", "ask", "listed", "sme", "2024-03-31")[1] != "23\n",
         "a member by date", err)
    run(home, "city", "put", "member", "sme-bank", "to=2024-04-30", "--as", "hana")
    tell(run(home, "city", "ask", "listed", "sme", "2024-05-01")[1] == "22\n", "who leaves again")
    run(home, "city", "put", "member", "share-1", "register=company-shares", "number=1", "name=川崎市", "share=0.5", "from=2023-10-12", "source=x", "--as", "hana")
    tell(run(home, "city", "ask", "shares", "company-shares", "2024-05-01")[1].startswith("99.0"), "a record stands in the place of the row with its number")
    code, _, err = run(home, "city", "put", "member", "bad", "register=none", "name=x", "share=2", "from=2024-02-01", "to=2024-01-01", "source=x", "--as", "hana")
    tell(code == 2 and "is not in registers.csv" in err and "the last day is not after the first" in err and "0.51 is 51 %" in err, "a member that cannot be", err)
    path = os.path.join(parent, "progress.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("id,done,gained,source\npolicy-4-2-4-2023,councils met,hydrogen in use,S4:463\n055-2023,92 members,,S4:470\n")
    code, got = ask(home, "city", "load", "progress", path, "--as", "hana")
    tell(code == 0 and got["added"] == 2 and ask(home, "city", "load", "progress", path, "--as", "hana")[1]["same"] == 2, "what was done, from a CSV", got)
    sheet = ask(home, "report", "evaluation")[1]["rows"][0]
    tell(sheet["progress"]["gained"] == "hydrogen in use" and sheet["progress"]["source"] == "S4:463", "qualitative results in the sheet", sheet.get("progress"))


def published(home, parent):
    freeze = ["report", "targets", "--fy", "2024", "--freeze"]
    code, _, err = run(home, *freeze, "--as", "hana")
    tell(code == 2 and "--why" in err, "nothing is published without saying for what", err)
    code, got = ask(home, *freeze, "--why", "council", "--as", "hana")
    tell(code == 0 and got["id"] == "targets-2024-0001" and len(got["hash"]) == len(got["model"]) == 64 and got["who"] == "cli:hana" and not got["again"], "a report is frozen", got)
    code, got = ask(home, *freeze, "--why", "council again", "--as", "taro")
    tell(code == 0 and got["again"] and got["id"] == "targets-2024-0001" and len(ask(home, "city", "published")[1]["rows"]) == 1, "the same report twice is one", got)
    code, got = ask(home, "city", "published", "targets-2024-0001")
    tell(code == 0 and got["changes"] == [] and got["why"] == "council", "it says what it said", got)
    kept = [os.path.join(parent, "kept" + e) for e in (".html", ".xlsx", ".tsv")]
    for path in kept:
        tell(run(home, "city", "published", "targets-2024-0001", "--out", path)[0] == 0, "given out as " + path[-5:])
    before = [open(p, "rb").read() for p in kept]
    run(home, "city", "enter", "city-ghg", "2022", "--value", "2,044万t-CO2", "--source", "recount", "--as", "taro")
    code, got = ask(home, "city", "published", "targets-2024-0001")
    hit = next((c for c in got["changes"] if c["figure"].endswith("| greenhouse gases of the city | result")), {})
    tell(code == 1 and (hit.get("published"), hit.get("today")) == ("20.84 million t-CO2", "20.44 million t-CO2"), "a figure published and then restated: both", got["changes"][:2])
    tell("recount" in hit.get("because", {}).get("what", "") and hit["because"]["who"] == "cli:taro", "because of what, and by whom", hit)
    moved = next((c for c in got["changes"] if c["figure"].endswith("| city against FY2013 | result")), {})
    tell("city-ghg-2022-final" in moved.get("because", {}).get("what", ""), "also where it only goes into a formula", moved)
    for path in kept:
        run(home, "city", "published", "targets-2024-0001", "--out", path)
    tell([open(p, "rb").read() for p in kept] == before, "what was published comes out byte for byte")
    code, _, err = run(home, *freeze, "--why", "after the recount", "--as", "hana")
    tell(code == 0 and "figures differ from targets-2024-0001" in err and "both are kept" in err, "the restated one is published beside it, and that is said", err)
    tell([r["id"] for r in ask(home, "city", "published")[1]["rows"]] == ["targets-2024-0001", "targets-2024-0002"], "both are listed")
    code, out, _ = run(home, "city", "published", "targets-2024-0001", lang="ja")
    tell(code == 1 and "公表した版もそのまま残っています" in out, "in Japanese", out[:300])
    code, _, err = run(home, "city", "published", "nothing-1")
    tell(code == 2 and "no report nothing-1 was published" in err, "one that there is not", err)
    files = [os.path.join(home, "files", f) for f in os.listdir(os.path.join(home, "files"))]
    sizes = {f: open(f, "rb").read() for f in files}
    for f in files:
        with open(f, "wb") as out:
            out.write(b"\x28\xb5\x2f\xfd")
    code, _, err = run(home, "city", "published", "targets-2024-0001", "--out", kept[0])
    tell(code != 0 and "are not what was kept" in err and open(kept[0], "rb").read() == before[0], "bytes that were changed are not given out", err)
    for f, b in sizes.items():
        with open(f, "wb") as out:
            out.write(b)
    os.rename(os.path.join(home, "files"), os.path.join(home, "files-away"))
    with open(os.path.join(home, "files"), "w", encoding="utf-8"):
        pass
    code, _, err = run(home, "report", "plan", "--freeze", "--why", "council", "--as", "hana")
    tell(code != 0 and "could not be kept" in err and len(ask(home, "city", "published")[1]["rows"]) == 2, "where the bytes cannot be kept nothing is published", err)
    os.remove(os.path.join(home, "files"))
    os.rename(os.path.join(home, "files-away"), os.path.join(home, "files"))
    code, _, err = run(home, "report", "handover", "--freeze", "--why", "council", "--as", "hana")
    tell(code == 2 and "handover cannot be frozen" in err, "the page for the next person is not published", err)


def opened(home):
    """Every kind of figure of the reports opens to what it is made of."""
    for words, has in ((["net-zero-rate", "2023"], ("rule: (re-supply + abs(saving)) / demand, rounded to 0 decimals (half-up)", "S3:465")),
                       (["city-ghg", "2022"], ("cli:taro",)),
                       (["policy-4-2-4", "2023"], ("proposed by the rule  A", "66 cases", "targets.csv:18", "cli:hana", "the next step is open")),
                       (["072", "2023"], ("counts as     038", "plan-businesses.csv:")),
                       (["sme", "2024"], ("a source says          22", "register-rows.csv:", "S3:567")),
                       (["city", "2019"], ("S1:284-294", "inventory.csv:2", "12,800,000.000")),
                       (["school", "2023"], ("Evidence month by month", "2023-07  estimate", "5,188"))):
        code, out, err = run(home, "city", "why", *words)
        tell(code == 0 and all(w in out for w in has), "why " + " ".join(words), err + out[:1200])
    code, got = ask(home, "city", "why", "sme", "--as-of", "2024-05-01")
    tell(code == 0 and got["of"] == "sme" and any(b["kind"] == "table" and len(b["rows"]) == 22 for b in got["blocks"]), "as JSON", str(got)[:300])
    code, _, err = run(home, "city", "why", "nothing", "2023")
    tell(code == 2 and "nothing" in err, "what there is not", err)


def habits(home, parent):
    code, out, _ = run(home, "report", "inventory", "--fy", "2022", "--office", lang="ja")
    tell(code == 0 and "令和元(2019)年度" in out and "万t-CO2" in out and "2019年度" not in out, "as offices print it: eras and 万t", out[:600])
    code, out, _ = run(home, "report", "targets", "--fy", "2024", "--tsv", lang="ja")
    rows = [r.split("\t") for r in out.splitlines()]
    tell(code == 0 and "▲50.0％" in out and any(r[:3] == ["実質ゼロ達成率", "約46％", "令和5(2023)年度"] for r in rows), "tables to paste: eras, ▲, 約", out[:400])
    path = os.path.join(parent, "plan.pdf")
    code, _, err = run(home, "report", "plan", "--fy", "2023", "--pdf", path)
    tell(code == 0 and open(path, "rb").read(5) == b"%PDF-", "a PDF", err)
    page = os.path.join(parent, "plan.html")
    run(home, "report", "plan", "--fy", "2023", "--as-of", "2025-03-31", "--bundle", page, lang="ja")
    with open(page, encoding="utf-8") as f:
        html = f.read()
    row = html[html.index("地域エネルギー会社の設立準備"):].split("</tr>")[0]
    tell(html.count('colspan="4" class="bars"') == 9 and row.count('class="bars bar done"') == 7 and row.count('class="bars bar"') == 0, "the schedule has bars: seven quarters from April 2022 to October 2023", row)
    tell('download="工程表.csv" href="data:text/csv;base64,' in html and "<script" not in html, "each table beside it to save", html[:200])
    code, out, err = run(home, "report", "handover", "--fy", "2023", lang="ja")
    tell(code == 0 and all(w in out for w in ("報告の遅れ", "期限", "公表", "環境局", "evaluation", "cli:hana", "published-html", "mizo.db.keys")), "a report for the next person", err + out[-600:])
    code, got = ask(home, "report", "handover", "--fy", "2023")
    tell(code == 0 and any(b["kind"] == "heading" for b in got["rows"]), "as JSON", str(got)[:200])


def measured(home):
    code, got = ask(home, "bench", "city")
    tell(code == 0 and got["failed"] == 0 and got["asked"] > 100, "bench city", got)
    tell(got["roll_up_ms"] < 100 * got["limit_ms"], "the roll-up is no matter of seconds, even with every check of memory on", got)


def main():
    files = sorted(os.listdir(CITY))
    with tempfile.TemporaryDirectory() as parent:
        home = region(parent, "city", files)
        golden(home)
        they_can_fail(parent, home)
        questions(home)
        texts(home, parent)
        entered(home)
        reports(home, parent)
        measured(home)
        decided(home, parent)
        published(home, parent)
        opened(home)
        habits(home, parent)
    print(f"1..{done}")


main()
