/* public.h: the town's result for everybody: the figures that region.yaml names (public_figures), each with its year, source,
 * day of publication and how it comes about; sums over public facilities by ward. No household, no private person, no single
 * facility: a sum of fewer than public_floor facilities is left out, and where it could be had by subtraction the next
 * smallest with it. docs/mechanisms/public.md */
#ifndef TOWN_OFFICE_PUBLIC_H
#define TOWN_OFFICE_PUBLIC_H

#include "base/json.h"
#include "region/wards.h"
#include "town/office/city.h"

enum { PUBLIC_FIGURES = 12, PUBLIC_YEARS = 12, PUBLIC_OPERANDS = 6, PUBLIC_TEXT = 96 };

/* A value as people read it in both languages. */
typedef struct public_words {
    char ja[PUBLIC_TEXT], en[PUBLIC_TEXT];
} public_words;

/* What a computed figure is made of. */
typedef struct public_operand {
    const mizo_indicator *indicator;
    int fy;
    public_words text;
} public_operand;

typedef struct public_figure {
    const mizo_indicator *indicator;
    city_value value; /* the latest year that is known */
    public_words text;
    const mizo_goal *goal; /* the next target; NULL: none */
    public_words goal_text;
    bool goal_known, reached;
    public_operand operand[PUBLIC_OPERANDS];
    int noperand;
    int year
        [PUBLIC_YEARS]; /* [nyear] years that are known, rising, and their values in the unit, to the figure's decimals */
    int64_t shown[PUBLIC_YEARS];
    int nyear;
} public_figure;

/* Public facilities of a ward, or all private ones together. */
typedef struct public_sum {
    const char *name;         /* of the ward; "": the private ones */
    char name_en[WARDS_NAME]; /* as the outlines of the wards have it; "": they do not */
    int64_t facilities;
    mizo_wh demand_wh, supply_wh;
    bool hidden; /* too few of them */
} public_sum;

typedef struct public_sheet {
    const mizo_region *r;
    mizo_day today;
    int fy;
    city_desk desk;
    public_figure *figure; /* [nfigure]; the first is the headline */
    size_t nfigure;
    public_sum *sum; /* [nsum]: wards by name, then the private ones */
    size_t nsum, cap;
    int64_t facilities, late;
} public_sheet;

/* as_of MIZO_DAY_NONE: all that is known. fy: of the sums. */
MIZO_MUST_USE mizo_err public_gather(town *t, int fy, mizo_day as_of, mizo_day today, public_sheet *s);
void public_drop(public_sheet *s);
/* The first indicator that public_figures names. NULL: none. */
const mizo_indicator *public_headline(const city_books *b);
/* Indicators that public_figures names and the model does not have are said as warnings: for `mizo check`. */
void public_check(const mizo_region *r, mizo_diags *d);

/* Members of the object that is open. */
void public_json(const public_sheet *s, json *j);
void public_text(const public_sheet *s, const char *lang, buf *out);

typedef struct public_look {
    const char *lang; /* "ja", "en" */
    bool alone;       /* one file that opens from disk: the style is in it, nothing is linked */
} public_look;
/* public_page.c: plain HTML without a script; light and dark, phone to A4. */
MIZO_MUST_USE mizo_err public_html(const public_sheet *s, const public_look *look, buf *out);
const char *public_style(void); /* what /public.css serves */

#endif
