/* figure.c: a figure as text. See figure.h; figure_read.c reads. */
#include "base/figure.h"

#include <stdio.h>

#include <string.h>

#include "base/text.h"

/* The unit's printed prefix in English: how many tens it stands for, and the word with its tens. */
static const struct {
    const char *ja;
    int ten;
    const char *en;
    int en_ten;
} large[] = {
    {"百万", 6,  " million",  6 },
    { "千",   3,  " thousand", 3 },
    { "万",   4,  " million",  6 },
    { "億",   8,  " billion",  9 },
    { "兆",   12, " trillion", 12}
};

static const struct {
    const char *ja, *en;
} nouns[] = {
    {"％",     " %"         },
    { "%",      " %"         },
    { "円",    " yen"       },
    { "件",    " cases"     },
    { "者",    " members"   },
    { "団体", " bodies"    },
    { "人",    " people"    },
    { "世帯", " households"},
    { "か所", " places"    },
    { "施策", " measures"  },
    { "事業", " businesses"},
    { "回",    " times"     },
    { "台",    " vehicles"  }
};

/* What of the style an English reader gets: the decimals move with the prefix. */
typedef struct printed {
    int ten, digits;
    const char *before, *noun;
} printed;

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* Below a hundred 万 an English reader gets thousands. */
static bool small(exact value, int ten)
{
    exact x;
    int64_t v;
    return !exact_ten(value, -ten, &x) && !exact_round(x, MIZO_ROUND_CUT, &v) && v > -100 && v < 100;
}

static mizo_err printed_of(exact value, const figure_style *style, bool ja, printed *out)
{
    unit u;
    MIZO_TRY(unit_parse(style->unit, strlen(style->unit), &u));
    *out = (printed){ u.ten, style->digits, "", style->unit };
    if (ja)
        return MIZO_OK;
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        if (begins(style->unit, large[i].ja)) {
            const int ten = large[i].ten;
            const size_t n = strlen(large[i].ja);
            if (ten == 4 && small(value, out->ten))
                i = 1; /* thousands */
            out->ten += large[i].en_ten - ten;
            out->digits += large[i].en_ten - ten;
            out->before = large[i].en;
            out->noun = style->unit + n;
            break;
        }
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
        if (strcmp(out->noun, nouns[i].ja) == 0)
            out->noun = nouns[i].en;
    return MIZO_OK;
}

static mizo_err rounded(exact value, int ten, int digits, mizo_round how, int64_t *out)
{
    exact scaled;
    MIZO_TRY(exact_ten(value, digits - ten, &scaled));
    MIZO_TRY(exact_round(scaled, how, out));
    for (int i = digits; i < 0; i++)
        if (__builtin_mul_overflow(*out, (int64_t)10, out))
            return MIZO_ERANGE;
    return MIZO_OK;
}

mizo_err figure_shown(exact value, const figure_style *style, int64_t *out)
{
    unit u;
    MIZO_TRY(unit_parse(style->unit, strlen(style->unit), &u));
    return rounded(value, u.ten, style->digits, style->how, out);
}

/* |v| / 10^digits with thousands commas. */
static void put_number(int64_t v, int digits, buf *out)
{
    char text[MIZO_NUM_TEXT];
    int64_t ten = 1;
    for (int i = 0; i < digits; i++)
        ten *= 10;
    int64_t whole = v / ten, part = v % ten;
    mizo_grouped_text(whole < 0 ? -whole : whole, text);
    buf_str(out, text);
    if (digits > 0)
        buf_printf(out, ".%0*lld", digits, (long long)(part < 0 ? -part : part));
}

static bool latin(const char *s)
{
    return (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
}

mizo_err figure_text(exact value, const figure_style *style, const char *lang, buf *out)
{
    bool ja = strcmp(lang, "ja") == 0;
    printed p;
    int64_t v;
    if (style->digits > 12)
        return MIZO_ERANGE;
    MIZO_TRY(printed_of(value, style, ja, &p));
    MIZO_TRY(rounded(value, p.ten, p.digits, style->how, &v));
    if (v == INT64_MIN)
        return MIZO_ERANGE;
    if (style->about)
        buf_str(out, ja ? "約" : "about ");
    if (v < 0)
        buf_str(out, ja ? "▲" : "-");
    else if (style->plus && v > 0)
        buf_str(out, "+");
    put_number(v, p.digits, out);
    buf_str(out, p.before);
    if (ja && strcmp(p.noun, "%") == 0)
        buf_str(out, "％");
    else
        buf_printf(out, "%s%s", latin(p.noun) ? " " : "", p.noun);
    return out->err;
}

/* ---- fiscal years ---- */

/* An era's first year is 元. A year of change is called after the new era, as the cities do. */
static void in_era(int fy, bool brief, char out[FIGURE_FY_TEXT])
{
    static const struct {
        int before; /* the year before its first */
        const char *name, *letter;
    } eras[] = {
        {2018,  "令和", "R"},
        { 1988, "平成", "H"},
        { 1925, "昭和", "S"}
    };
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
        int n = fy - eras[i].before;
        char year[12] = "元";
        if (n < 1)
            continue;
        if (n > 1)
            (void)snprintf(year, sizeof year, "%d", n);
        if (brief)
            (void)snprintf(out, FIGURE_FY_TEXT, "%s%s", eras[i].letter, year);
        else
            (void)snprintf(out, FIGURE_FY_TEXT, "%s%s(%d)年度", eras[i].name, year, fy);
        return;
    }
    (void)snprintf(out, FIGURE_FY_TEXT, "%d年度", fy);
}

void figure_fy_text(int fy, const char *lang, char out[FIGURE_FY_TEXT])
{
    if (strcmp(lang, "ja") == 0)
        in_era(fy, false, out);
    else
        (void)snprintf(out, FIGURE_FY_TEXT, "FY%d", fy);
}

void figure_fy_short(int fy, const char *lang, char out[FIGURE_FY_TEXT])
{
    if (strcmp(lang, "ja") == 0)
        in_era(fy, true, out);
    else
        (void)snprintf(out, FIGURE_FY_TEXT, "FY%d", fy);
}
