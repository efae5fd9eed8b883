/* offer.h: what solar panels on a roof are worth to their house: the money of one size. Pure, integers only.
 *
 * Owned: the house pays for them and keeps what its bill loses. By PPA: somebody else pays, and the house pays that one
 * a price for each kWh it uses itself; the price is the lowest at which the provider earns its return over the term.
 * Years are alike but for the panels' ageing: the bill's saving ages with them. Discounting is by whole years, at the
 * end of each; factors are kept to a billionth.
 *
 * One basis for all: who cannot deduct the consumption tax (a city, a household) sees every figure with it, who can (a
 * firm) without. Costs come without tax; the provider of a PPA deducts its own. docs/mechanisms/offer.md */
#ifndef RETAIL_OFFER_H
#define RETAIL_OFFER_H

#include "mizo/number.h"

enum { OFFER_YEARS = 40 };

/* All of it stands in params.csv, with its mark. Shares in millionths. */
typedef struct offer_terms {
    int64_t capex_uyen_per_kw, om_uyen_per_kw_year; /* without tax */
    int64_t tax_e6;              /* that the house pays on them and cannot deduct; 0: it deducts it */
    int64_t ageing_e6;           /* output lost in a year */
    int64_t discount_e6;         /* the house's */
    int64_t return_e6;           /* the PPA provider's */
    int32_t years, ppa_years;    /* the panels'; the PPA's term; 1..OFFER_YEARS */
    int64_t grant_e6, passed_e6; /* of the cost that is granted; of that, what must lower a PPA's price */
    int64_t price_step_e6;       /* a PPA's price is rounded up to it, yen/kWh; 0: not at all */
} offer_terms;

/* One size. In: the first four. */
typedef struct offer_size {
    int32_t dc_w;
    mizo_wh generated_wh, self_wh; /* in its first year; self <= generated */
    mizo_uyen saved;               /* by the bill, in the first year, on the offer's basis */
    /* out, on the same basis */
    mizo_uyen cost, grant, om; /* om: a year */
    int64_t ppa_price_e6;      /* yen/kWh */
    mizo_uyen ppa_paid;        /* in the first year */
    mizo_uyen ppa_saved;       /* saved - ppa_paid */
    mizo_uyen own_value,
        ppa_value;         /* present value over `years`; after the PPA's term the panels are the house's */
    int32_t payback_years; /* owned, not discounted; 0: not within `years` */
} offer_size;

/* MIZO_ERANGE: terms out of their range, or a figure that does not fit; self_wh 0: no PPA price (0). */
MIZO_MUST_USE mizo_err offer_money(const offer_terms *t, offer_size *s);

#endif
