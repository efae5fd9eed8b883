"""The city's desk of a town that is not the example: its own words of evaluation.

    desk_other.py MIZO VILLAGE
"""

import os
import sys
import tempfile

from tap import answer, done, edit, mizo, tell, village

HEAD = "scale,word,print_ja,also,name_ja,name_en,reached,others,gone,source,mark\n"
CIRCLES = HEAD + """status,◎,,,達成,reached,1,,,town rule,
status,○,,〇 ◯,おおむね順調,nearly there,,,0.8,town rule,
status,△,,,やや遅れ,a little late,,,0.5,town rule,
status,×,,✕ x,遅れ,late,,,,town rule,
direction,拡充,,,増やす,more of it,,,,town rule,
direction,廃止,,,やめる,ends,,,,town rule,
"""
FIVE = HEAD + """status,5,,,とても良い,very good,1,,,town rule,
status,4,,,良い,good,0.5,forward,,town rule,
status,3,,,普通,fair,,forward,,town rule,
status,2,,,不十分,poor,,better,,town rule,
status,1,,,悪い,bad,,,,town rule,
direction,継続,,,続ける,goes on,,,,town rule,
"""


def scale(r, rows, status, direction):
    edit(r, "scales.csv", lambda _: rows)
    edit(r, "evaluations.csv", lambda _: "node,fy,status,direction,reason,way,by,source\ngreen-1,2023,%s,%s,why,how,council,report\n" % (status, direction))
    code, _, err = mizo("check", r)
    tell(code == 0, f"a scale with {status}", err)


def said(r, fy="2023"):
    code, x, err = answer("report", "evaluation", "--region", r, "--fy", fy)
    assert code == 0, err
    return x


def words(r):
    scale(r, CIRCLES, "〇", "拡充")
    x = said(r)
    row = x["rows"][0]
    tell((row["status"], row["direction"]) == ("○", "拡充"), "another way to write a word is that word", row)
    tell([(s["word"], s["rule_en"]) for s in x["scales"] if s["scale"] == "status"] ==
         [("◎", "each outcome indicator reached its target"), ("○", "each of the others has gone at least 80 % of its way from the first result to the target"),
          ("△", "each of the others has gone at least 50 % of its way from the first result to the target"), ("×", None)], "the rule in words, from the file", x["scales"])
    # 18 in FY2022, 29 in FY2023, 30 wanted: 11 of 12
    tell(row["proposed"] == "○", "11 of 12 of the way", row)
    for result, want in (("24", "△"), ("23", "×"), ("30", "◎")):
        edit(r, "published.csv", lambda t: t.replace("2023,trees,29,", f"2023,trees,{result},"))
        tell(said(r)["rows"][0]["proposed"] == want, f"{result} of 30: {want}", said(r)["rows"][0])
        edit(r, "published.csv", lambda t: t.replace(f"2023,trees,{result},", "2023,trees,29,"))
    _, out, _ = mizo("report", "evaluation", "--region", r, "--fy", "2023", lang="ja")
    tell("【施策の進捗状況区分】　◎ 達成、○ おおむね順調、△ やや遅れ、× 遅れ" in out and "拡充 増やす" in out and "規則: ◎ すべての成果指標が目標を達成" in out and "順調に推移" not in out, "its sheet has its own words", out[-900:])
    scale(r, FIVE, "３", "継続")
    edit(r, "plan-indicators.csv", lambda t: t + "green-1,trees-new,yes\n")
    edit(r, "targets.csv", lambda t: t + "trees-new,2023,12,件,at-least,2019-04-01,,plan\n")
    row = said(r)["rows"][0]
    tell((row["status"], row["proposed"]) == ("3", "4"), "half of the indicators reached, the other moved on", row)
    edit(r, "targets.csv", lambda t: t.replace("trees-new,2023,12,", "trees-new,2023,13,"))
    tell(said(r)["rows"][0]["proposed"] == "3", "none reached, both moved on", said(r)["rows"][0])


def decided(r):
    put = ("city", "put", "evaluation", "green-1-2023", "--region", r, "--as", "hana", "reason=x", "way=y")
    code, _, err = mizo(*put, "status=A", "direction=続ける")
    tell(code == 2 and "'A' is none of 5, 4, 3, 2, 1" in err and "'続ける' is none of 継続" in err, "words of another town are refused, with those there are", err)
    code, _, err = mizo(*put, "status=５", "direction=継続")
    tell(code == 0 and "the rule proposes 3, 5 was decided" in err and said(r)["rows"][0]["status"] == "5", "a person decides in the town's words", err)
    edit(r, "scales.csv", lambda t: t.replace("status,5,", "status,6,"))
    tell(said(r)["rows"][0]["status"] == "3", "a decision in a word that is gone falls back to the file", said(r)["rows"][0])
    edit(r, "scales.csv", lambda t: t.replace("status,6,", "status,5,"))


def wrong(r):
    edit(r, "evaluations.csv", lambda t: t.replace(",３,継続", ",e,v"))
    code, _, err = mizo("check", r)
    tell(code == 2 and "'e' is no word of the scale status; scales.csv has: 5, 4, 3, 2, 1" in err and "'v' is no word of the scale direction; scales.csv has: 継続" in err, "both mistakes at once, with the words", err)
    edit(r, "evaluations.csv", lambda t: t.replace(",e,v", ",3,継続"))
    edit(r, "scales.csv", lambda t: t.replace("status,4,,,", "status,4,,５ five,").replace("status,5,", "status,５,"))
    code, _, err = mizo("check", r)
    tell(code == 2 and "scales.csv:3:8: error: '５' names two words of the scale status" in err, "one word for two, full width too", err)
    edit(r, "scales.csv", lambda t: t.replace("５ five", "five") + "status,FIVE,,,x,x,,,,town,\n")
    code, _, err = mizo("check", r)
    tell(code == 2 and "'FIVE' names two words of the scale status" in err, "and capitals", err)


def main():
    with tempfile.TemporaryDirectory() as parent:
        r = village(parent)
        code, _, err = mizo("import", os.path.join(r, "readings.csv"), "--region", r)
        assert code == 0, err
        words(r)
        decided(r)
        wrong(r)
    return done()


sys.exit(main())
