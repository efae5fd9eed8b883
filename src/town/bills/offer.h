/* offer.h: an offer of solar panels to one supply point: how large, what they yield, what the house uses of it, what its
 * bill loses, own or PPA. docs/mechanisms/offer.md
 *
 * The year is the latest one that is known, and repeats: its load by half-hours, or by months spread over the half-hours
 * as the town's points of the same kind use theirs (flagged); the yield of a kW as the town's own panels had it in those
 * half-hours, or by the sun and a mean clear-sky index where there are none (flagged). The bills are those of the point's
 * contract, made twice for each month: as it is, and with the panels. Existing panels stay as they are. */
#ifndef TOWN_OFFER_H
#define TOWN_OFFER_H

#include "base/json.h"
#include "report/report.h"
#include "retail/offer.h"
#include "town/town.h"

enum { OFFER_MONTHS = 12, OFFER_SIZES = 40 };
#define OFFER_MONTH_MOST ((mizo_wh)1000000000000) /* Wh of a month */

typedef enum offer_load {
    OFFER_BY_SLOTS,
    OFFER_BY_BILLS, /* periods in the store */
    OFFER_BY_MONTHS /* twelve figures, as somebody typed them */
} offer_load;
typedef enum offer_yield { OFFER_TOWN_PANELS, OFFER_CLEAR_SKY } offer_yield;

/* Whether every figure is with the consumption tax: by the party of the contract (public and household: with, for they
 * cannot deduct it; others: without), or as somebody says. */
typedef enum offer_tax { OFFER_TAX_BY_PARTY, OFFER_WITH_TAX, OFFER_WITHOUT_TAX } offer_tax;

extern const char *const offer_tax_words[]; /* "with", "without"; ended by NULL */
/* NULL or "": by the party. False: it is none of the words. */
bool offer_tax_of(const char *word, offer_tax *out);

typedef struct offer_month {
    mizo_day month; /* its first day */
    mizo_wh load_wh, self_wh, generated_wh;
    mizo_uyen before, after; /* bills */
} offer_month;

typedef struct offer {
    mizo_ref point, contract, facility; /* facility -1: none */
    mizo_day from, to;                  /* the year */
    offer_load load;
    offer_yield yield;
    int panels;        /* plants that the yield is from */
    int64_t filled;    /* half-hours of the load that were filled: mean of the same time and kind of day */
    int32_t limit_w;   /* the largest size asked */
    const char *limit; /* what sets it: "roof", "contract" */
    int64_t least_self_e6;
    bool self_use_kept; /* the chosen size keeps the grant's condition */
    bool with_tax;      /* all money below; terms as they stand in params.csv, without */
    offer_terms terms;
    int nsize, best; /* best -1: none pays */
    offer_size size[OFFER_SIZES];
    offer_month month[OFFER_MONTHS]; /* of the best, or of the smallest */
} offer;

/* What is asked for. */
typedef struct offer_ask {
    const char *site; /* a facility or a point */
    mizo_day before;  /* the year ends before it; MIZO_DAY_NONE: the latest that is known */
    const mizo_wh
        *months; /* [12], the first month of the year first, instead of what the store has; NULL: the store */
    offer_tax tax;
} offer_ask;
/* MIZO_EINPUT: no such site, several points (all named), no contract, too little known, a parameter missing: all said. */
MIZO_MUST_USE mizo_err offer_make(town *t, const offer_ask *ask, offer *out);
/* Every size and month, as members of the object that is open. */
void offer_json(const town *t, const offer *o, json *j);
/* Two pages in Japanese. */
MIZO_MUST_USE mizo_err offer_report(town *t, const offer *o, report **out);
/* The parameters that an offer takes, in order; ended by NULL. */
extern const char *const offer_params[];

#endif
