/* invoice_page.h: an invoice, a credit note or a purchase statement as a document: what must stand on it by law
 * (docs/formats/invoice.md), the sums by rate, and a line for each facility. Pure. */
#ifndef REPORT_INVOICE_PAGE_H
#define REPORT_INVOICE_PAGE_H

#include "report/report.h"
#include "retail/invoice.h"

typedef struct invoice_page {
    const mizo_region *region;
    const mizo_issuer *issuer;    /* address, how to pay; NULL: not shown */
    const mizo_bank *bank;        /* where to pay; NULL: not shown */
    const char *lang;             /* "ja" or "en" */
    const char *person, *address; /* of a household, opened for this paper alone; NULL: its id stands there */
    const char *content;          /* what is charged; NULL: electricity */
    const char *item,
        *place; /* heads of the columns of a line, whose energies are then no sum; NULL: facility, point */
    const char *stamp; /* NULL or "": none */
    mizo_day day;      /* of the file, where the invoice is a draft */
} invoice_page;

/* NULL: out of memory. Ask report_done. The caller frees it. */
report *invoice_page_make(const invoice *v, const invoice_page *p);

#endif
