/* margin.h: what a month, or several, brought and cost: by half-hour, customer, menu, source. docs/mechanisms/margin.md
 *
 * Income is what the month's invoices move on sales: (issued ones; else as they would be); cost is what its checked
 * costs (town/bills/cost.h) and purchase statements move on cost:. Every cut sums to the same, to the micro-yen. */
#ifndef TOWN_MARGIN_H
#define TOWN_MARGIN_H

#include "retail/margin.h"
#include "town/bills/close.h"

/* X(NAME, "word", English, Japanese) */
#define MARGIN_BYS(X)                                                                                        \
    X(CUSTOMER, "customer", "customer", "お客さま")                                                          \
    X(CONTRACT, "contract", "contract", "契約")                                                              \
    X(MENU, "menu", "menu", "メニュー")                                                                      \
    X(SOURCE, "source", "source", "電源")                                                                    \
    X(SLOT, "slot", "half-hour", "コマ")                                                                     \
    X(TIME, "time", "time of day", "時刻")                                                                   \
    X(MONTH, "month", "month", "月")

typedef enum margin_by {
#define X(name, word, en, ja) MARGIN_##name,
    MARGIN_BYS(X)
#undef X
        MARGIN_BY_COUNT
} margin_by;
const char *margin_by_word(margin_by by);
bool margin_by_of(const char *word, margin_by *out);

enum { MARGIN_MONTHS = 24, MARGIN_ID = 56, MARGIN_KINDS = 24 };

typedef struct margin_row {
    char id[MARGIN_ID]; /* "p-001", "hv-day", "ppa:buy-depot", "2023-04-01T13:30", "13:30", "2023-04" */
    const char *name_ja, *name_en; /* of the region; "" */
    margin_cell v;
} margin_row;

typedef struct margin_month {
    char id[CLOSE_ID];
    close_state state;
    int edition;
    mizo_uyen kept; /* margin that its last close kept; of an open month 0 */
    mizo_uyen is;   /* as it is now */
    int unmade;     /* contracts whose bill cannot be made: they are in nothing here */
    int unfiled,
        unsettled; /* days of balancing groups without a filed plan, half-hours of the others that are not
                             * settled: what was bought then has no cost here yet */
    bool issued;   /* invoices are out */
} margin_month;

typedef struct margin_kind { /* of cost */
    char id[24];
    mizo_uyen yen;
} margin_kind;

typedef struct margin_table {
    const mizo_region *region;
    margin_by by;
    margin_row *row; /* [n] as they come: slots by time, the others by id */
    size_t n, cap;
    margin_cell sum;
    mizo_uyen books_income, books_cost; /* as posted for these months' invoices and costs */
    margin_kind kind[MARGIN_KINDS];
    int nkind;
    margin_month month[MARGIN_MONTHS];
    int nmonth;
    close_change *change; /* [nchange] since the months' last closes */
    size_t nchange, hcap;
} margin_table;

/* Months from..to (their first days, both included). MIZO_EINPUT (said): no bills, or too many months. What lacks a
 * figure is said in t->diags as warnings or counted as unmade. */
MIZO_MUST_USE mizo_err margin_read(town *t, mizo_day from, mizo_day to, margin_by by, margin_table *out);
void margin_done(margin_table *m);
void margin_json(const margin_table *m, json *j); /* members */
MIZO_MUST_USE mizo_err margin_document(const margin_table *m, const char *lang, report **out);

#endif
