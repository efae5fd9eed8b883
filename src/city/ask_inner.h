/* ask_inner.h: what the questions share. Known to src/city/ask*.c alone. */
#ifndef CITY_ASK_INNER_H
#define CITY_ASK_INNER_H

#include "city/ask.h"

typedef struct asked {
    const city_books *b;
    const mizo_region *r;
    char *word[CITY_ASK_WORDS]; /* after the verb; the last holds the rest of the line */
    int n;
    buf *out;
    char *why;
} asked;

/* Sets why, "what: word", and gives e back. */
mizo_err city_no(asked *a, mizo_err e, const char *what, const char *word);
mizo_err city_fy_word(asked *a, int i, int *fy);
mizo_err city_day_word(asked *a, int i, mizo_day *day);
/* Unit "-" is a plain number; the decimals stand behind it. */
mizo_err city_style_words(asked *a, int unit_at, figure_style *style);
mizo_err city_alike(asked *a, const formula_value *x, const figure_style *style);
mizo_err city_put_count(asked *a, int64_t n);

/* Every question: X(verb, words at least, at most, "words", "english", "japanese"). */
/* clang-format off */
#define ASKS(X) \
    X(text, 2, 3, "INDICATOR FY [en]", "the figure as it is published", "公表する表記") \
    X(value, 4, 4, "INDICATOR FY UNIT DIGITS", "the figure in a unit with so many decimals", "単位と小数桁を指定した値") \
    X(calc, 4, 4, "FY UNIT DIGITS FORMULA", "a formula over the figures, from what was said", "計算式の値(公表値から)") \
    X(settle, 4, 4, "FY UNIT DIGITS FORMULA", "the same, only where rounded operands settle its digits", "丸めた値から確かに言える桁だけ") \
    X(range, 4, 4, "FY UNIT DIGITS FORMULA", "between what and what it lies, given what its operands were rounded to", "丸めを考えた下限と上限") \
    X(agree, 2, 2, "INDICATOR FY", "do what was said and what is computed agree: agree, differ", "公表値と計算値が合うか") \
    X(word, 2, 3, "INDICATOR FY [en]", "the word that goes with the sign: 減少, 増加", "符号にあう言葉") \
    X(vintage, 2, 2, "INDICATOR FY", "暫定値, 改定値, 確定値", "暫定値・改定値・確定値") \
    X(goal, 2, 3, "INDICATOR FY [DATE]", "the target, as decided up to a date", "目標値(その日までの決定で)") \
    X(goals, 3, 3, "INDICATOR FROM TO", "the targets of those years", "各年度の目標値") \
    X(reached, 2, 3, "INDICATOR FY [DATE]", "is the target reached: yes, no", "目標を達成したか") \
    X(listed, 2, 3, "REGISTER DATE [PART]", "how many rows stand in it", "名簿の件数") \
    X(said, 2, 3, "REGISTER DATE [PART]", "how many a source says there were", "公表された件数") \
    X(shares, 2, 2, "REGISTER DATE", "the sum of its shares", "比率の合計") \
    X(numbered, 2, 2, "REGISTER DATE", "do its numbers run without a gap", "番号に欠番・重複がないか") \
    X(entry, 3, 3, "REGISTER NUMBER FIELD", "a field of a row: name, part, place, owner, status, basis, of, since, source", "台帳の行の項目。name part place owner status basis of since source") \
    X(parts_of, 3, 3, "REGISTER DATE NAME", "the parts in which a name stands", "その名前が載る区分") \
    X(nodes, 2, 2, "PLAN|NODE LEVEL", "how many nodes of a level are listed", "その階層の件数") \
    X(declared, 1, 1, "NODE", "how many its text says there are", "本文に書かれた件数") \
    X(declared_sum, 1, 1, "NODE", "the sum of what the nodes below declare", "下位に書かれた件数の合計") \
    X(rows, 1, 2, "PLAN|NODE|all [TAG]", "listings of businesses, those listed again too", "事業の行数(再掲を含む)") \
    X(businesses, 1, 2, "PLAN|NODE|all [TAG]", "businesses, each counted once", "事業数(再掲を除く)") \
    X(named, 1, 1, "NAME", "numbers of the businesses of that name", "その名前の事業の番号") \
    X(tagged, 1, 1, "TAG", "numbers of the businesses with that tag", "その印のある事業の番号") \
    X(counts_as, 1, 1, "NUMBER", "the number under which a business counts", "再掲元の番号") \
    X(status, 2, 2, "NODE FY", "the evaluation: A to D, I to IV", "評価") \
    X(proposed, 2, 2, "NODE FY", "the status that the rule proposes", "規則による進捗状況の案") \
    X(cell, 5, 5, "INVENTORY FY SECTOR GAS FORM", "a cell of an inventory as printed", "排出量の公表値") \
    X(parts, 5, 5, "INVENTORY FY SECTOR GAS FORM", "the sum of its parts; * for each", "内訳の合計。*はすべて") \
    X(adds, 5, 5, "INVENTORY FY SECTOR GAS FORM", "do the parts come to the printed total", "内訳の合計が公表の合計と合うか") \
    X(base, 3, 3, "INVENTORY FY FY", "CO2, CH4 and N2O of the first year, other gases of the second", "CO2・CH4・N2Oは最初の年度、その他のガスは次の年度") \
    X(restated, 4, 4, "INVENTORY FY EDITION EDITION", "why a year was restated: scope, activity, factor, GWP", "再算定の内訳。範囲・活動量・係数・GWP") \
    X(share, 5, 5, "INVENTORY FY SECTOR GAS FORM", "a cell's share of the whole", "合計に占める割合") \
    X(pace, 2, 2, "INDICATOR FY", "what is needed a year for the target ahead, what it was since the base, and when that arrives", "目標までに必要な年あたりの量、基準からの実績、その歩みでの到達年度") \
    X(capacity, 1, 1, "DATE", "renewable capacity of the registers, each plant once", "台帳の再エネ設備容量(重複を除く)") \
    X(read, 3, 3, "UNIT DIGITS TEXT", "a figure as people write it, read", "文章の中の数字を読む") \
    X(year, 1, 1, "TEXT", "a year or an era as people write it, read", "年度・元号を読む") \
    X(means, 1, 1, "ALIAS", "what another name stands for", "別名が指すもの")
/* clang-format on */

#define X(name, ...) mizo_err city_ask_##name(asked *a);
ASKS(X)
#undef X

#endif
