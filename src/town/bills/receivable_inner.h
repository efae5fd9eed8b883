/* receivable_inner.h: what the files of receivables share. */
#ifndef TOWN_RECEIVABLE_INNER_H
#define TOWN_RECEIVABLE_INNER_H

#include "town/bills/receivable.h"

enum { PAYMENT_PARTS = 64, PAYMENT_ID = 24, PAYMENT_TEXT = 200 };

typedef struct payment_part {
    char invoice[INVOICE_ID];
    mizo_uyen amount;
} payment_part;

/* A payment as it is kept. */
typedef struct payment_record {
    char id[PAYMENT_ID], party[MIZO_ID_MAX], reference[PAYMENT_TEXT];
    mizo_day day;
    mizo_uyen amount, credit;
    int npart;
    payment_part part[PAYMENT_PARTS];
} payment_record;

/* Every payment, by id. payment_keep.c */
MIZO_MUST_USE mizo_err payment_scan(town *t, mizo_err (*fn)(void *arg, const payment_record *p), void *arg);
/* MIZO_ENOENT: no payment of this id. */
MIZO_MUST_USE mizo_err payment_find(town *t, const char *id, payment_record *out);
MIZO_MUST_USE mizo_err payment_keep(town *t, const payment_record *p);

#endif
