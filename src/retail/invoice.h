/* invoice.h: bills of one party as one invoice (適格請求書), what is returned of it (適格返還請求書), and the
 * statement of what was bought from a party (仕入明細書). Pure.
 *
 * The tax is rounded once per invoice and rate, never per item: an item shows its amount only. Amounts of items
 * contain the tax, but for a rate whose prices were without it (added): then the tax is put on top of the sum.
 *     contained: tax = total x rate / (1 + rate)      added: tax = total x rate, to pay = total + tax
 * Rounded by the step "tax" of the issuer's chain (roundings.csv); the sum itself by its step "total".
 * docs/formats/invoice.md: what must stand on the paper, the canonical JSON, the entries in the books. */
#ifndef RETAIL_INVOICE_H
#define RETAIL_INVOICE_H

#include "base/arena.h"
#include "base/buf.h"
#include "mizo/books.h"
#include "mizo/payment.h"

enum { INVOICE_RATES = 4, INVOICE_ID = 41, INVOICE_ITEMS = 20000 };

typedef enum invoice_kind { INVOICE_BILL, INVOICE_RETURN, INVOICE_PURCHASE, INVOICE_KINDS } invoice_kind;
const char *invoice_kind_word(invoice_kind k); /* "bill", "return", "purchase" */

typedef struct invoice_part {
    const char *tax; /* name of the rate; "": not taxed */
    int64_t rate_e6; /* 100000: 10 % */
    bool added;      /* amount is without tax */
    mizo_uyen amount;
} invoice_part;

/* One contract's bill, or one purchase. Strings are borrowed or in the arena it was read into. */
typedef struct invoice_item {
    const char *contract, *point, *name; /* name: of its facility for people; "" */
    mizo_day from, to;
    mizo_wh wh;
    int64_t price_e6;   /* of a purchase, yen/kWh; MIZO_NO_PRICE: differs by slot, or a bill */
    int64_t left_e6;    /* exact - sum of amounts: what the roundings of the bill left, micro-yen */
    const char *kind;   /* of a purchase: "ppa" ...; of a bill "" */
    bool value;         /* of a purchase: the environmental value passes to us */
    const char *digest; /* of the readings, or "" */
    mizo_ms known;      /* when the newest of them became known; 0: not known */
    int npart;
    invoice_part part[INVOICE_RATES];
} invoice_item;

/* All items of one rate together. */
typedef struct invoice_rate {
    const char *tax;
    int64_t rate_e6;
    bool added;
    mizo_uyen items;           /* sum of the items' amounts */
    mizo_uyen gross;           /* with tax, rounded */
    mizo_uyen tax_amount, net; /* net + tax_amount = gross */
    mizo_uyen left;            /* exact - gross: what the step "total" left */
} invoice_rate;

typedef struct invoice {
    invoice_kind kind;
    const char *id;
    mizo_day month;                                   /* its first day */
    const char *issuer, *issuer_name, *issuer_number; /* number "": not registered on the day */
    const char *party, *party_name, *party_number; /* of a purchase the seller's; name "": by its id alone */
    mizo_day issued, due;                          /* MIZO_DAY_NONE: a draft */
    const char *returns;                           /* id of the invoice that this corrects; "" */
    const char *why;                               /* of a correction or cancellation; "" */
    int64_t share_e6;                              /* of a purchase: share of the tax that may be credited */
    size_t nitem;
    invoice_item *item;
    int nrate;
    invoice_rate rate[INVOICE_RATES];
    mizo_uyen total, tax; /* sums of gross and tax_amount */
} invoice;

/* Fills rate, total and tax from the items. MIZO_EINPUT: more than INVOICE_RATES rates, or one rate both with
 * tax contained and added (said); MIZO_ERANGE (said). */
MIZO_MUST_USE mizo_err invoice_sum(const mizo_region *r, const char *chain, invoice *v, mizo_diags *d);

/* What became of `old` by `now` (NULL: nothing is left of it): items and rates are differences, its kind is
 * INVOICE_RETURN where less is to be paid, else old's. Items that did not change are left out; nitem 0: no
 * difference. Strings are those of old and now. MIZO_ENOMEM, MIZO_ERANGE. */
MIZO_MUST_USE mizo_err invoice_difference(const invoice *old, const invoice *now, arena *a, invoice *out);

/* The transfers of an invoice, in uyen, for its ref. Bills: sales:CONTRACT -> customer:PARTY by the exact amount,
 * what the roundings left to rounding:CONTRACT, the tax out of the income: tax:RATE -> sales:CONTRACT, shared out
 * over the contracts by amount, so that it comes to the invoice's tax. Purchases: supplier:PARTY -> cost:KIND and
 * the creditable tax -> tax-paid:RATE. amount may be below 0: the other way. fn returns an error to stop. */
typedef struct invoice_move {
    char from[MIZO_ACCOUNT_MAX], to[MIZO_ACCOUNT_MAX];
    const char *kind;
    const invoice_item *item; /* that it is of; NULL: of the whole invoice */
    mizo_uyen amount;
} invoice_move;
MIZO_MUST_USE mizo_err invoice_moves(const invoice *v, mizo_err (*fn)(void *arg, const invoice_move *m),
                                     void *arg);

/* Days after `from`, on a day on which banks work: else the next one. Banks rest on Saturdays, Sundays, holidays
 * and from 31 December to 3 January. */
mizo_day invoice_due(mizo_day from, int days);

/* Its canonical JSON: fixed keys in a fixed order; the same invoice is always the same bytes. */
void invoice_json(const invoice *v, buf *out);
/* Reads it back into the arena. MIZO_EINPUT: not such a JSON; what names the fault. */
MIZO_MUST_USE mizo_err invoice_read(const char *text, size_t n, arena *a, invoice *out, const char **what);

#endif
