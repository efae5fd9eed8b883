/* payment.h: who issues invoices, whose bank account is whose, what is bought from whom, and under which codes
 * the accounts keep it: the files issuers.csv, banking.csv, purchases.csv and ledger.csv of a region.
 *
 * Validity is [from, to) in local days; `line` is the row's line in its file. Strings belong to the model. A
 * household's bank account and name are never in files. */
#ifndef MIZO_PAYMENT_H
#define MIZO_PAYMENT_H

#include "mizo/trade.h"

/* Who stands on an invoice as its issuer. One on a day. */
typedef struct mizo_issuer {
    mizo_ref party;
    const char *address_ja, *address_en, *contact;
    const char *note_ja, *note_en; /* how to pay */
    const char *rounding;          /* chain whose steps total and tax an invoice uses: once per rate */
    mizo_day from, to;
    int32_t line;
} mizo_issuer;

/* A bank account as the Zengin formats name it: codes in digits, names in half-width kana. */
typedef enum mizo_deposit { MIZO_DEPOSIT_ORDINARY, MIZO_DEPOSIT_CURRENT, MIZO_DEPOSIT_SAVINGS } mizo_deposit;

typedef struct mizo_bank {
    mizo_ref party;
    const char *bank, *bank_kana;     /* 4 digits */
    const char *branch, *branch_kana; /* 3 digits */
    mizo_deposit deposit;
    const char *number; /* up to 7 digits */
    const char *holder_kana;
    const char *client;    /* the issuer's own: 10 digits that the bank gave it; else "" */
    const char *reference; /* 20 letters at most that the bank returns: a customer's number; "" */
    mizo_day from, to;
    int32_t line;
} mizo_bank;

typedef enum mizo_purchase_kind {
    MIZO_PURCHASE_PPA,
    MIZO_PURCHASE_SURPLUS,     /* households after their feed-in term */
    MIZO_PURCHASE_FIT_SPECIAL, /* spot price of the slot, plus the price of the row */
    MIZO_PURCHASE_BILATERAL,
    MIZO_PURCHASE_KINDS
} mizo_purchase_kind;
MIZO_API const char *mizo_purchase_word(mizo_purchase_kind k);

typedef enum mizo_purchase_measure {
    MIZO_MEASURE_GENERATION, /* of pv or plant */
    MIZO_MEASURE_EXPORT,     /* of point */
    MIZO_MEASURE_SELF_USE,   /* generation of pv less export of point, in each slot */
    MIZO_MEASURE_COUNT
} mizo_purchase_measure;
MIZO_API const char *mizo_measure_word(mizo_purchase_measure m);

typedef struct mizo_purchase {
    const char *id;
    mizo_ref party;
    mizo_purchase_kind kind;
    mizo_purchase_measure measure;
    mizo_ref point, pv, plant; /* -1: none */
    int64_t price_e6;          /* yen/kWh; MIZO_NO_PRICE: param has it */
    const char *param;         /* name in params.csv; "" */
    const char *tax;           /* name in params.csv; "": not taxed */
    bool tax_added;            /* the price is without tax */
    const char *rounding;      /* chain: kwh, total, tax */
    const char *invoice;       /* of one party with the same word: on one statement; "": on its own */
    bool value;                /* the environmental value passes to us */
    int32_t pay_days;
    mizo_day from, to;
    int32_t line;
} mizo_purchase;

/* The code under which the accounts keep an account of the books: "sales", "tax:consumption-tax", "bank:main". */
typedef struct mizo_ledger {
    const char *account; /* the account, or its beginning up to a colon */
    const char *code, *name_ja, *name_en;
    const char *tax_code; /* of the accounting program; "" */
    int32_t line;
} mizo_ledger;

/* The issuer on a day; NULL: none. */
MIZO_API const mizo_issuer *mizo_issuer_on(const mizo_region *r, mizo_day d);
/* A party's bank account on a day; NULL: none. */
MIZO_API const mizo_bank *mizo_bank_on(const mizo_region *r, mizo_ref party, mizo_day d);
/* The row with the longest beginning that fits the account; NULL: none. */
MIZO_API const mizo_ledger *mizo_ledger_of(const mizo_region *r, const char *account);
/* True if the party's registration as an issuer of qualified invoices holds on the day. */
MIZO_API bool mizo_party_registered(const mizo_party *p, mizo_day d);

#endif
