/* po_month.h: the months of the ieee_po set as its schedules need them: calendar, prices, what was said of the
 * campus at the month's start and what it used. */
#ifndef TOWN_BENCH_PO_MONTH_H
#define TOWN_BENCH_PO_MONTH_H

#include "town/bench/month.h"

enum { PO_MONTHS = 4 /* the month that is planned and those before it that are learned from */ };

typedef struct po_month {
    int steps;    /* quarter hours */
    int *day;     /* [steps] number of the local day */
    int *quarter; /* [steps] of the local day */
    bool *work;   /* [steps] Monday to Friday, 09:00 to 17:00 */
    int first,
        weeks; /* first step of the first local Monday; weeks from there whose Friday ends in the month */
    double *said,
        *used; /* [steps] kW, buildings less panels. A value that is missing or is no power counts as said */
    double *price; /* [steps] AUD a MWh; NAN: the price files do not cover it */
    double *state; /* [steps] MW of demand of the state */
    int date;      /* 202010 */
} po_month;

typedef struct po_months {
    int n;
    po_month month[PO_MONTHS]; /* the last first */
} po_months;

/* From DATA/ieee_po. A month before the planned one is there if the price files cover it. */
MIZO_MUST_USE mizo_err po_months_read(const char *data, mizo_diags *d, po_months *out);
void po_months_free(po_months *m);

/* What is known of the month beside prices when a schedule is made. */
typedef enum po_known { PO_PLAIN, PO_PRICE, PO_STATE, PO_KNOWN } po_known;
/* Equally likely loads of month 0, kW: base[steps * npath], those of a step side by side. */
MIZO_MUST_USE mizo_err po_foresee(const po_months *m, po_known how, int npath, double *base);

#endif
