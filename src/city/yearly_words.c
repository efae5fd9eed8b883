/* yearly_words.c: the words of a yearly table: months, years, units, kinds of energy, totals, notes. */
#include <stdio.h>
#include <string.h>

#include "base/figure_kanji.h"
#include "base/text.h"
#include "city/yearly_inner.h"

/* clang-format off */
const yearly_energy yearly_energies[YEARLY_ENERGIES] = {
    { .id = "electricity", .unit = "kWh", .ja = "電力", .en = "electricity", .words = { "電力", "電気", "買電", "electricity" } },
    { .id = "generation", .unit = "kWh", .ja = "発電", .en = "generation", .words = { "発電電力", "発電量", "太陽光発電" } },
    { .id = "city-gas", .unit = "m3", .ja = "都市ガス", .en = "city gas", .fuel = "city-gas", .words = { "都市ガス", "13a", "citygas" }, .weak = "ガス" },
    { .id = "lpg", .unit = "kg", .ja = "LPガス", .en = "LPG", .fuel = "lpg", .words = { "lpガス", "lpg", "プロパン", "液化石油ガス" } },
    { .id = "lpg-m3", .unit = "m3", .ja = "LPガス (m3)", .en = "LPG by volume", .fuel = "lpg", .as = "lpg" },
    { .id = "kerosene", .unit = "L", .ja = "灯油", .en = "kerosene", .fuel = "kerosene", .words = { "灯油", "kerosene" } },
    { .id = "heavy-oil", .unit = "L", .ja = "A重油", .en = "heavy oil A", .fuel = "fuel-oil-a", .words = { "a重油", "重油", "heavyoil" } },
    { .id = "diesel", .unit = "L", .ja = "軽油", .en = "diesel", .fuel = "diesel", .words = { "軽油", "diesel" } },
    { .id = "gasoline", .unit = "L", .ja = "ガソリン", .en = "gasoline", .fuel = "gasoline", .words = { "ガソリン", "揮発油", "gasoline", "petrol" } },
    { .id = "heat", .unit = "MJ", .ja = "熱", .en = "heat", .words = { "蒸気", "温水", "冷水", "地域熱", "heat" } },
    { .id = "water", .unit = "m3", .ja = "水道", .en = "water", .words = { "水道", "上水", "water" } },
    { .id = "r-410a", .unit = "kg", .ja = "冷媒R-410A漏えい", .en = "leaked R-410A", .gas = "r-410a", .words = { "r-410a", "r410a" } },
    { .id = "r-407c", .unit = "kg", .ja = "冷媒R-407C漏えい", .en = "leaked R-407C", .gas = "r-407c", .words = { "r-407c", "r407c" } },
    { .id = "r-404a", .unit = "kg", .ja = "冷媒R-404A漏えい", .en = "leaked R-404A", .gas = "r-404a", .words = { "r-404a", "r404a" } },
    { .id = "hfc-134a", .unit = "kg", .ja = "HFC-134a漏えい", .en = "leaked HFC-134a", .gas = "hfc-134a", .words = { "hfc-134a", "hfc134a", "r-134a", "r134a" } },
    { .id = "hfc-32", .unit = "kg", .ja = "HFC-32漏えい", .en = "leaked HFC-32", .gas = "hfc-32", .words = { "hfc-32", "hfc32", "r-32", "r32" } },
    { .id = "sf6", .unit = "kg", .ja = "SF6排出", .en = "released SF6", .gas = "sf6", .words = { "sf6", "六ふっ化硫黄" } },
    { .id = "ch4", .unit = "kg", .ja = "CH4排出", .en = "released CH4", .gas = "ch4", .words = { "ch4", "メタン", "methane" } },
    { .id = "n2o", .unit = "kg", .ja = "N2O排出", .en = "released N2O", .gas = "n2o", .words = { "n2o", "一酸化二窒素" } },
};
/* clang-format on */

const yearly_energy *yearly_energy_of(const char *id)
{
    for (const yearly_energy *e = yearly_energies; e->id; e++)
        if (strcmp(e->id, id) == 0)
            return e;
    return NULL;
}

const yearly_energy *yearly_energy_in_unit(const yearly_energy *e, const char *unit)
{
    const yearly_energy *x = yearly_energies;
    if (strcmp(e->unit, unit) == 0)
        return e;
    while (x->id && (!x->as || strcmp(x->as, e->id) || strcmp(x->unit, unit)))
        x++;
    return x->id ? x : NULL;
}

/* ---- text ---- */

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* Leftovers of a page (<ul>, <br>) go; so do line breaks, and a mark of a note with what follows it. */
void yearly_clean(const char *s, char out[YEARLY_TEXT])
{
    size_t k = 0;
    for (size_t i = 0; s[i] && k + 1 < YEARLY_TEXT;) {
        const char *close = s[i] == '<' ? strchr(s + i, '>') : NULL;
        if (close && close - (s + i) < 40) {
            i = (size_t)(close - s) + 1;
            continue;
        }
        if (k && starts(s + i, "※"))
            break;
        if ((unsigned char)s[i] >= ' ')
            out[k++] = s[i];
        i++;
    }
    while (k && ((unsigned char)out[k - 1] & 0xc0) == 0x80 && !utf8_valid(out, k)) /* half a letter */
        k--;
    while (k && !utf8_valid(out, k))
        k--;
    while (k && out[k - 1] == ' ')
        k--;
    out[k] = '\0';
    size_t blank = strspn(out, " ");
    memmove(out, out + blank, k - blank + 1);
}

void yearly_shown(const sheet *s, int row, int column, char out[YEARLY_TEXT])
{
    const sheet_cell *c = column > 0 && row > 0 ? sheet_shown(s, row, column) : NULL;
    out[0] = '\0';
    if (c && c->kind != SHEET_BLANK)
        yearly_clean(c->text, out);
}

size_t yearly_folded(const sheet *s, int row, int column, char out[YEARLY_TEXT])
{
    char text[YEARLY_TEXT];
    yearly_shown(s, row, column, text);
    return text_fold(text, strlen(text), out, YEARLY_TEXT);
}

static bool has_one(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strstr(s, *words))
            return true;
    return false;
}

static bool is_one(const char *s, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(s, *words) == 0)
            return true;
    return false;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

bool yearly_total_word(const char *folded)
{
    static const char *const words[] = { "合計",   "総計",   "小計",  "年計", "累計",
                                         "総合計", "年間計", "total", "sum",  NULL };
    return has_one(folded, words) || ends_with(folded, "計") || ends_with(folded, "計)");
}

bool yearly_note_word(const char *folded)
{
    static const char *const words[] = { "※", "注", "(注", "備考", "出典", "*", "(※", "note", NULL };
    for (const char *const *w = words; *w; w++)
        if (starts(folded, *w))
            return true;
    return false;
}

bool yearly_missing_word(const char *folded)
{
    static const char *const words[] = { "-",    "--",   "***",      "―",    "‐",      "ー",   "─",    "n/a",
                                         "na",   "不明", "未検針",   "未定", "未報告", "休止", "廃止", "閉鎖",
                                         "閉館", "休館", "該当なし", "なし", "…",      NULL };
    return !*folded || is_one(folded, words);
}

/* ---- months ---- */

/* 二十五 that ends before `end`; -1: none. */
static int kanji_before(const char *s, const char *end, const char **from)
{
    const char *p = end;
    uint32_t c;
    while (p - s >= 3 && utf8_get(p - 3, 3, &c) == 3 && kanji_numeral(c))
        p -= 3;
    const kanji_number k = kanji_number_at(p, (size_t)(end - p));
    *from = p;
    return p < end && k.bytes == (size_t)(end - p) && !k.decimals && k.value <= 9999 ? (int)k.value : -1;
}

static int digits_before(const char *s, const char *end, const char **from)
{
    const char *p = end;
    while (p > s && p[-1] >= '0' && p[-1] <= '9')
        p--;
    *from = p;
    int n = (int)(end - p), v = 0;
    for (const char *q = p; q < end && n <= 4; q++)
        v = v * 10 + (*q - '0');
    return n >= 1 && n <= 4 ? v : -1;
}

static int number_before(const char *s, const char *end, const char **from)
{
    int n = digits_before(s, end, from);
    return n < 0 && *from == end ? kanji_before(s, end, from) : n;
}

/* "令和5年", "r5.", "2023/": its year; 0: it says none; -1: it is something else. */
static int year_before(const char *s, size_t n)
{
    int year;
    if (n && strchr("./-", s[n - 1]))
        n--;
    if (n == 0)
        return 0;
    if (mizo_fy_parse(s, n, &year) == MIZO_OK)
        return year;
    size_t digits = strspn(s, "0123456789");
    bool bare =
        digits <= 2 && digits > 0 && (digits == n || (n == digits + 3 && memcmp(s + digits, "年", 3) == 0));
    return bare ? 0 : -1;
}

static int month_kanji(const char *s, int *year)
{
    static const char *const others[] = { "計", "比", "平均", "累", "末", "前", NULL };
    const char *at = strstr(s, "月"), *from;
    if (!at || has_one(at, others))
        return 0;
    int m = digits_before(s, at, &from);
    if (m < 0 && (!at[3] || starts(at + 3, "分") || at[3] == '(')) /* 五月台 is a place */
        m = kanji_before(s, at, &from);
    *year = year_before(s, (size_t)(from - s));
    return m >= 1 && m <= 12 && *year >= 0 ? m : 0;
}

/* "2023/4", "r5.4" */
static int month_plain(const char *s, int *year)
{
    const char *end = s + strlen(s), *from;
    int m = digits_before(s, end, &from);
    if (m < 1 || m > 12 || from == s || !strchr("./-", from[-1]))
        return 0;
    *year = year_before(s, (size_t)(from - s));
    return *year > 0 ? m : 0;
}

static int month_english(const char *s)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (strlen(s) < 3 || strlen(s) > 9)
        return 0;
    for (int i = 0; i < 12; i++)
        if (memcmp(s, names + (size_t)i * 3, 3) == 0)
            return i + 1;
    return 0;
}

int yearly_month(const sheet_cell *c, int *year, bool *weak)
{
    char text[YEARLY_TEXT], word[YEARLY_TEXT];
    *year = 0;
    *weak = false;
    if (!c || c->kind == SHEET_BLANK || c->kind == SHEET_ERROR)
        return 0;
    if (c->kind == SHEET_DATE) {
        if (c->day == MIZO_DAY_NONE)
            return 0;
        mizo_date d = mizo_day_date(c->day);
        *year = d.year;
        return d.month;
    }
    yearly_clean(c->text, text);
    size_t n = text_fold(text, strlen(text), word, sizeof word);
    if (n && n <= 2 && strspn(word, "0123456789") == n) {
        int m = n == 1 ? word[0] - '0' : (word[0] - '0') * 10 + word[1] - '0';
        *weak = true;
        return m >= 1 && m <= 12 ? m : 0;
    }
    int m = month_kanji(word, year);
    if (!m)
        m = month_plain(word, year);
    return m ? m : month_english(word);
}

/* ---- years ---- */

/* The era before p, its last year or 0; *from: where it begins. */
static bool era_before(const char *s, const char *p, const char **from, int *last)
{
    static const struct {
        const char *word;
        int last;
    } eras[] = {
        {"令和",  99},
        { "平成", 31},
        { "昭和", 64},
        { "r",      99},
        { "h",      31},
        { "s",      64}
    };
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
        size_t n = strlen(eras[i].word);
        if ((size_t)(p - s) < n || memcmp(p - n, eras[i].word, n) != 0)
            continue;
        *from = p - n;
        *last = eras[i].last;
        bool letter = n == 1 && *from > s && ((*from)[-1] & 0x80) == 0 && (*from)[-1] != '(' &&
                      (*from)[-1] != '_' && (*from)[-1] != '-';
        return !letter;
    }
    return false;
}

/* The year that ends before `end`: "令和5", "2023". *last of an era. MIZO_ENOENT: no year. */
static mizo_err year_ending(const char *s, const char *end, int *fy)
{
    const char *from, *era = NULL;
    int last = 0, n;
    if (end - s >= 3 && memcmp(end - 3, "元", 3) == 0) {
        from = end - 3;
        n = 1;
    } else {
        n = number_before(s, end, &from);
    }
    if (n < 0)
        return MIZO_ENOENT;
    if (!era_before(s, from, &era, &last)) {
        if (n < 1000)
            return MIZO_ENOENT;
        era = from;
        last = 9999;
    }
    if (n < 1 || n > last || mizo_fy_parse(era, (size_t)(end - era), fy))
        return MIZO_EINPUT;
    return MIZO_OK;
}

static void keep_year(int out[YEARLY_YEARS], int *n, int fy)
{
    for (int i = 0; i < *n; i++)
        if (out[i] == fy)
            return;
    if (*n < YEARLY_YEARS)
        out[(*n)++] = fy;
}

int yearly_years(const char *s, int out[YEARLY_YEARS], bool *wrong)
{
    int n = 0, fy;
    *wrong = false;
    for (const char *at = s; (at = strstr(at, "年度")); at += 6) {
        mizo_err e = year_ending(s, at, &fy);
        *wrong |= e == MIZO_EINPUT;
        if (e == MIZO_OK)
            keep_year(out, &n, fy);
    }
    for (const char *at = s; (at = strstr(at, "fy")); at += 2)
        if (strspn(at + 2, "0123456789") == 4 && mizo_fy_parse(at + 2, 4, &fy) == MIZO_OK)
            keep_year(out, &n, fy);
    for (const char *at = s; *at && n == 0; at++) { /* R5, r05 in the name of a file or sheet */
        size_t k = strchr("rh", *at) ? strspn(at + 1, "0123456789") : 0;
        const char *behind = at + 1 + k;
        bool month = *behind == '/' || (*behind == '.' && behind[1] >= '0' && behind[1] <= '9'); /* R5.4 */
        bool alone = k >= 1 && k <= 2 && !month;
        if (alone && year_ending(s, at + 1 + k, &fy) == MIZO_OK)
            keep_year(out, &n, fy);
    }
    return n;
}

bool yearly_year_odd(const char *s)
{
    int fy;
    for (const char *at = s; (at = strstr(at, "年度")); at += 6) {
        const char *from;
        if (year_ending(s, at, &fy) == MIZO_ENOENT && number_before(s, at, &from) >= 0)
            return true;
    }
    return false;
}

/* ---- units and energies ---- */

typedef struct unit_row {
    const char *word, *unit;
    int ten; /* thousandths of the base */
} unit_row;

static const unit_row units[] = {
    {"kwh",                       "kWh", 3},
    { "mwh",                      "kWh", 6},
    { "gwh",                      "kWh", 9},
    { "wh",                       "kWh", 0},
    { "㎾h",                     "kWh", 3},
    { "キロワット時",       "kWh", 3},
    { "キロワットアワー", "kWh", 3},
    { "m3",                       "m3",  3},
    { "㎥",                      "m3",  3},
    { "m³",                      "m3",  3},
    { "nm3",                      "m3",  3},
    { "立方メートル",       "m3",  3},
    { "l",                        "L",   3},
    { "ℓ",                      "L",   3},
    { "㍑",                      "L",   3},
    { "リットル",             "L",   3},
    { "kl",                       "L",   6},
    { "kℓ",                     "L",   6},
    { "㎘",                      "L",   6},
    { "kg",                       "kg",  3},
    { "㎏",                      "kg",  3},
    { "t",                        "kg",  6},
    { "トン",                   "kg",  6},
    { "mj",                       "MJ",  3},
    { "gj",                       "MJ",  6},
};

static bool unit_is(const char *s, size_t n, const char **unit, int *ten)
{
    static const struct {
        const char *word;
        int ten;
    } before[] = {
        {"百万", 6},
        { "千",   3},
        { "万",   4},
        { "億",   8}
    };
    int more = 0;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        if (n > strlen(before[i].word) && starts(s, before[i].word)) {
            more = before[i].ten;
            s += strlen(before[i].word);
            n -= strlen(before[i].word);
            break;
        }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].word) != n || memcmp(units[i].word, s, n) != 0)
            continue;
        *unit = units[i].unit;
        *ten = units[i].ten + more;
        return true;
    }
    return false;
}

bool yearly_unit(const char *s, const char **unit, int *ten)
{
    static const char marks[] = "([<:/=";
    if (unit_is(s, strlen(s), unit, ten))
        return true;
    for (const char *p = s; *p; p++) {
        const char *from = strchr(marks, *p)   ? p + 1
                           : starts(p, "単位") ? p + 6
                           : starts(p, "【")   ? p + 3
                                               : NULL;
        if (!from)
            continue;
        size_t n = strcspn(from, ")]>:/=,");
        const char *kanji = strstr(from, "】");
        if (kanji && (size_t)(kanji - from) < n)
            n = (size_t)(kanji - from);
        if (unit_is(from, n, unit, ten))
            return true;
    }
    return false;
}

const yearly_energy *yearly_energy_in(const char *folded)
{
    const yearly_energy *best = NULL, *weak = NULL;
    size_t longest = 0;
    for (const yearly_energy *e = yearly_energies; e->id; e++) {
        for (const char *const *w = e->words; *w; w++)
            if (strlen(*w) > longest && strstr(folded, *w)) {
                best = e;
                longest = strlen(*w);
            }
        weak = e->weak && strstr(folded, e->weak) ? e : weak;
    }
    return best ? best : weak;
}
