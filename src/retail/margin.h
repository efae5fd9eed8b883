/* margin.h: what half-hours, contracts and sources of supply bring and cost. Pure. Rules: docs/mechanisms/margin.md
 *
 * Every amount that is put in is shared out whole, by the largest remainder (mizo_split): the half-hours, the
 * contracts and the sources each sum to what was put in, to the micro-yen.
 *
 *     margin *m = margin_new(&(margin_ask){ nslot, ncontract, nsource, wh, given });
 *     e = margin_income(m, contract, net, by_slot);          each contract
 *     e = margin_cost(m, -1, source, amount, by_slot);       each cost
 *     e = margin_share(m);                                   then read the cells
 */
#ifndef RETAIL_MARGIN_H
#define RETAIL_MARGIN_H

#include "mizo/bill.h"

typedef struct margin_cell {
    mizo_wh wh; /* used */
    mizo_uyen income, cost;
} margin_cell;

typedef struct margin_ask {
    size_t nslot, ncontract, nsource;
    const int32_t *wh;    /* [ncontract][nslot] what each contract used, >= 0; borrowed */
    const int64_t *given; /* [nsource][nslot] what each source gave, >= 0; borrowed */
} margin_ask;

typedef struct margin margin;
margin *margin_new(const margin_ask *ask); /* NULL: out of memory */
void margin_free(margin *m);               /* NULL is fine */

/* own: [nslot] what is known to belong to a half-hour, any sign; NULL: nothing. The rest of the amount is spread by
 * use: the contract's, or that of all; where nothing was used evenly. MIZO_ERANGE: does not fit. */
MIZO_MUST_USE mizo_err margin_income(margin *m, size_t contract, mizo_uyen amount, const int64_t *own);
/* contract -1: of all; source -1: of no one source. */
MIZO_MUST_USE mizo_err margin_cost(margin *m, ptrdiff_t contract, ptrdiff_t source, mizo_uyen amount,
                                   const int64_t *own);
/* Shares costs of all half-hour by half-hour over the contracts, by use (where nothing was used by that of all
 * half-hours), and income and costs without a source over the sources, by what they gave then; where none gave
 * anything to the balance. Once. */
MIZO_MUST_USE mizo_err margin_share(margin *m);

const margin_cell *margin_slots(const margin *m);     /* [nslot] */
const margin_cell *margin_contracts(const margin *m); /* [ncontract] */
const margin_cell *margin_sources(const margin *m);   /* [nsource + 1], the last: the balance */

/* A bill's income by half-hour: out [(to - from) * 48] of its table's days, zero outside the bill's. Each line by
 * what it is reckoned from: energy and wheeling over the half-hours of their price, market half-hour by half-hour,
 * power, fixed and minimum charges evenly, the others by use; without the tax. What net has beyond their sum is
 * spread by use. Where no half-hour is known (read by period): evenly. */
MIZO_MUST_USE mizo_err bill_spread(const mizo_bill_table *t, const mizo_bill_in *in, const mizo_bill *b,
                                   mizo_uyen net, int64_t *out);

/* Adds amount, of any sign, to out[0..n) in proportion to w (>= 0); all zero: evenly. room: [n] for the work. */
MIZO_MUST_USE mizo_err margin_spread(mizo_uyen amount, const int64_t *w, size_t n, int64_t *room,
                                     int64_t *out);

#endif
