/* figure.h: figures as people write them, made and read: 約46％, ▲12.6％, 2,084万t-CO2, 約180 GWh, 1億2,000万円, R5.
 *
 * Made from an exact value, a unit, decimals and a named rounding: one rounding, here. Read with what is known of them:
 * "約2.5万t" lies within 2.45 and 2.55 万t; the trailing zeros of a figure with 約 say nothing, so 約400 GWh lies within
 * 350 and 450; without 約 the last written place counts. Full-width and subscript digits, ▲ △ − -, thousands commas,
 * 千 万 億 兆 within and after a number, kanji (四十六％, 令和五年度: only with a unit), 4割6分, units of unit.h, eras and fiscal years. Pure.
 * Page: docs/formats/figures.md */
#ifndef BASE_FIGURE_H
#define BASE_FIGURE_H

#include "base/buf.h"
#include "base/exact.h"
#include "base/unit.h"

/* ---- making ---- */
typedef struct figure_style {
    const char *unit; /* as printed after the number: "万t-CO2", "％", "GWh"; "" for none */
    int digits;       /* decimals; below 0: -1 rounds to tens */
    mizo_round how;
    bool about; /* 約, about */
    bool plus;  /* a positive value gets a + */
} figure_style;

/* value in the base of the unit (unit.h). lang "ja": ▲ for minus, ％; "en": -, " %", 万 as thousands and millions.
 * MIZO_EINPUT: no such unit; MIZO_ERANGE. */
MIZO_MUST_USE mizo_err figure_text(exact value, const figure_style *style, const char *lang, buf *out);
/* The integer that is shown: value in the unit times 10^digits, rounded; below 0 the tens are put back as zeros. */
MIZO_MUST_USE mizo_err figure_shown(exact value, const figure_style *style, int64_t *out);

enum { FIGURE_FY_TEXT = 32 };
/* A fiscal year as offices write it: "令和5(2023)年度", "令和元(2019)年度", "昭和63(1988)年度"; "FY2023". */
void figure_fy_text(int fy, const char *lang, char out[FIGURE_FY_TEXT]);
/* The same where there is little room: "R5", "R元", "H30", "S63"; "FY2023". */
void figure_fy_short(int fy, const char *lang, char out[FIGURE_FY_TEXT]);

/* ---- reading ---- */
typedef enum figure_kind {
    FIGURE_NUMBER,
    FIGURE_YEAR, /* a fiscal or calendar year, or an era's */
    FIGURE_DATE
} figure_kind;

typedef enum figure_bound {
    FIGURE_IS,
    FIGURE_AT_LEAST, /* 以上, 超 */
    FIGURE_AT_MOST   /* 以下, 以内, 未満 */
} figure_bound;

typedef struct figure {
    figure_kind kind;
    size_t at, bytes; /* where it stands: 約 and sign to unit and 以上 */
    range value;      /* of a number, in the base of the unit */
    exact step;       /* the worth of its last telling place */
    unit unit;
    bool has_unit, about;
    int tens; /* of the word that ends the number: 4 of 2,084万 */
    figure_bound bound;
    bool strict;   /* 超, 未満: the bound itself is left out */
    int year;      /* of a year */
    int month;     /* of a date, 1 to 12; 0: not said */
    int day;       /* of a date; 0: not said */
    bool at_end;   /* 末: its last day */
    bool fiscal;   /* 年度, FY or an era's letter */
    bool compared; /* ...比: a year to compare with, not the year of a result */
} figure;

/* The next figure of s[0..n) at or after *at, which moves behind it. MIZO_ENOENT: none is left; MIZO_ERANGE: a number
 * too large for anything real (*at moves on, so that one may go on). */
MIZO_MUST_USE mizo_err figure_next(const char *s, size_t n, size_t *at, figure *out);
/* The whole of s, blanks at the ends left out, is one number. MIZO_EINPUT. */
MIZO_MUST_USE mizo_err figure_parse(const char *s, size_t n, figure *out);

#endif
