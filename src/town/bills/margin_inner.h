/* margin_inner.h: a month's margin while it is made. Of the town's margin files alone. */
#ifndef TOWN_MARGIN_INNER_H
#define TOWN_MARGIN_INNER_H

#include "town/bills/margin.h"

typedef struct margin_supply { /* a source of energy */
    char id[MARGIN_ID];
    const char *name_ja, *name_en;
    mizo_uyen cost;
} margin_supply;

typedef struct margin_work {
    town *t;
    margin_table *out;
    mizo_day month, end;
    size_t nslot;
    margin *m;
    int32_t *wh;           /* [ncontract][nslot] */
    mizo_uyen *net;        /* [ncontract] */
    int64_t *part;         /* [ncontract][nslot] income that belongs to half-hours */
    bool by_bill;          /* invoices cannot all be made: net is that of each bill alone */
    margin_supply *source; /* [nsource] */
    size_t nsource, scap;
    int64_t *given, *own; /* [nsource][nslot] Wh; own figures of what it costs */
    int64_t *imbalance;   /* [nslot] own figures of all groups */
    int64_t *room;        /* [BILLING_SLOTS] a bill's half-hours */
    mizo_uyen levy;
    mizo_wh levy_wh;
    bool issued;
} margin_work;

/* Fills w from its t, out and month; w->m then holds every cell. The books' figures and kinds of cost go into
 * w->out. Whatever it returns, margin_gathered frees. */
MIZO_MUST_USE mizo_err margin_gather(margin_work *w, margin_month *of);
void margin_gathered(margin_work *w);

#endif
