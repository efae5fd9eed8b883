/* unit.c: see unit.h. */
#include "base/unit.h"

#include <string.h>

#include "base/text.h"

typedef struct atom {
    const char *text;
    int8_t dim; /* unit_dim, -1: none */
    int8_t ten;
} atom;

/* Longest first among those that begin alike. */
static const atom atoms[] = {
    {"kWh",              UNIT_ENERGY, 3 },
    { "KWh",             UNIT_ENERGY, 3 },
    { "kwh",             UNIT_ENERGY, 3 },
    { "MWh",             UNIT_ENERGY, 6 },
    { "GWh",             UNIT_ENERGY, 9 },
    { "TWh",             UNIT_ENERGY, 12},
    { "Wh",              UNIT_ENERGY, 0 },
    { "kW",              UNIT_POWER,  3 },
    { "KW",              UNIT_POWER,  3 },
    { "MW",              UNIT_POWER,  6 },
    { "GW",              UNIT_POWER,  9 },
    { "W",               UNIT_POWER,  0 },
    { "kg-CO2",          UNIT_CO2,    6 },
    { "g-CO2",           UNIT_CO2,    3 },
    { "t-CO2",           UNIT_CO2,    9 },
    { "tCO2",            UNIT_CO2,    9 },
    { "トン",          UNIT_CO2,    9 },
    { "kL",              UNIT_OIL,    3 },
    { "kl",              UNIT_OIL,    3 },
    { "t",               UNIT_CO2,    9 },
    { "tonnes",          UNIT_CO2,    9 },
    { "tonne",           UNIT_CO2,    9 },
    { "tons",            UNIT_CO2,    9 },
    { "ton",             UNIT_CO2,    9 },
    { "円",             UNIT_MONEY,  6 },
    { "yen",             UNIT_MONEY,  6 },
    { "GJ",              UNIT_HEAT,   9 },
    { "TJ",              UNIT_HEAT,   12},
    { "MJ",              UNIT_HEAT,   6 },
    { "km2",             UNIT_AREA,   6 },
    { "m2",              UNIT_AREA,   0 },
    { "%",               -1,          -2},
    { "パーセント", -1,          -2},
    { "割",             -1,          -1},
    { "件",             UNIT_COUNT,  0 },
    { "者",             UNIT_COUNT,  0 },
    { "団体",          UNIT_COUNT,  0 },
    { "社",             UNIT_COUNT,  0 },
    { "機関",          UNIT_COUNT,  0 },
    { "人",             UNIT_COUNT,  0 },
    { "世帯",          UNIT_COUNT,  0 },
    { "か所",          UNIT_COUNT,  0 },
    { "カ所",          UNIT_COUNT,  0 },
    { "箇所",          UNIT_COUNT,  0 },
    { "ヶ所",          UNIT_COUNT,  0 },
    { "施設",          UNIT_COUNT,  0 },
    { "施策",          UNIT_COUNT,  0 },
    { "回",             UNIT_COUNT,  0 },
    { "台",             UNIT_COUNT,  0 },
    { "校",             UNIT_COUNT,  0 },
    { "事業者",       UNIT_COUNT,  0 },
    { "事業",          UNIT_COUNT,  0 },
};

static const struct {
    const char *text;
    int8_t ten;
} prefixes[] = {
    {"百万", 6 },
    { "千",   3 },
    { "万",   4 },
    { "億",   8 },
    { "兆",   12}
};

/* One letter, folded: full-width, subscripts, the minus signs. */
static uint32_t plain(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    if (c >= 0x2080 && c <= 0x2089)
        return c - 0x2080 + '0';
    return c == 0xB2 ? '2' : c == 0x2212 || c == 0x2010 || c == 0x2011 || c == 0x2013 ? '-' : c;
}

/* Bytes of s that read as `want`, spaces within left out; 0: no. */
static size_t reads_as(const char *s, size_t n, const char *want)
{
    size_t at = 0, k = 0, all = strlen(want);
    while (k < all) {
        uint32_t a, b;
        size_t la = utf8_get(s + at, n - at, &a), lb = utf8_get(want + k, all - k, &b);
        if (la == 0)
            return 0;
        if (k && (a == ' ' || a == 0x3000)) {
            at += la;
            continue;
        }
        if (plain(a) != b)
            return 0;
        at += la;
        k += lb;
    }
    return at;
}

/* An area sign is one letter for two or three. */
static size_t square(const char *s, size_t n, unit *out)
{
    size_t k = reads_as(s, n, "㎢");
    if (k)
        out->ten = (int8_t)(out->ten + 6);
    else
        k = reads_as(s, n, "㎡");
    if (k)
        out->dim[UNIT_AREA] = 1;
    return k;
}

static bool ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A letter that begins a word is no unit: 152 times. */
static bool begins_word(const char *s, size_t n, size_t k)
{
    return k == 1 && n > 1 && ascii_letter(s[0]) && ascii_letter(s[1]);
}

static size_t one_unit(const char *s, size_t n, unit *out)
{
    size_t at = 0, best = 0;
    *out = (unit){ .ten = 0 };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t k = reads_as(s + at, n - at, prefixes[i].text);
        if (k && at + k <= n) {
            out->ten = (int8_t)(out->ten + prefixes[i].ten);
            at += k;
            i = (size_t)-1; /* 千万 */
            if (out->ten > 20)
                return 0;
        }
    }
    size_t k = square(s + at, n - at, out);
    if (k)
        return at + k;
    const atom *a = NULL;
    for (size_t i = 0; i < sizeof atoms / sizeof *atoms; i++) {
        k = reads_as(s + at, n - at, atoms[i].text);
        if (k > best && !begins_word(s + at, n - at, k)) {
            best = k;
            a = &atoms[i];
        }
    }
    if (!a)
        return 0;
    if (a->dim >= 0)
        out->dim[a->dim] = 1;
    out->ten = (int8_t)(out->ten + a->ten);
    return at + best;
}

size_t unit_match(const char *s, size_t n, unit *out)
{
    unit below;
    size_t at = one_unit(s, n, out), slash, k;
    if (!at)
        return 0;
    slash = reads_as(s + at, n - at, "/");
    if (slash && (k = one_unit(s + at + slash, n - at - slash, &below)) > 0) {
        *out = unit_per(out, &below);
        return at + slash + k;
    }
    /* A year's amount is written with "/年" and is the same unit. */
    k = slash ? reads_as(s + at, n - at, "/年") : 0;
    return at + k;
}

mizo_err unit_parse(const char *s, size_t n, unit *out)
{
    *out = (unit){ .ten = 0 };
    return n == 0 || unit_match(s, n, out) == n ? MIZO_OK : MIZO_EINPUT;
}

bool unit_alike(const unit *a, const unit *b)
{
    return memcmp(a->dim, b->dim, sizeof a->dim) == 0;
}

bool unit_plain(const unit *a)
{
    for (int i = 0; i < UNIT_DIMS; i++)
        if (a->dim[i])
            return false;
    return true;
}

static unit joined(const unit *a, const unit *b, int sign)
{
    unit out = *a;
    for (int i = 0; i < UNIT_DIMS; i++)
        out.dim[i] = (int8_t)(a->dim[i] + sign * b->dim[i]);
    out.ten = (int8_t)(a->ten + sign * b->ten);
    return out;
}

unit unit_times(const unit *a, const unit *b)
{
    return joined(a, b, 1);
}

unit unit_per(const unit *a, const unit *b)
{
    return joined(a, b, -1);
}
