/* cost.h: what a month cost, checked like bills: what it should come to by our own reckoning beside what the other
 * side charged. docs/mechanisms/close.md
 *
 * Our own figure of a line: of wheeling the bill of a point by the tariff `wheeling-low`, `wheeling-high` or
 * `wheeling-extra-high` (tariffs.csv, charges.csv, chain `wheeling`); of imbalance what the desk settled; of the fee our
 * demand x the group's fee; of the market its
 * results; of blocks what was filed at their prices; of certificates the lots bought in the month at their price; of the
 * levy what the bills of the month charge; of generation
 * and capacity params.csv. Without terms there is none, and that is said, never taken as zero.
 *
 * What was charged comes as CSV (cost_in) and is kept as record `cost`, id "2021-07:wheeling", every version; the
 * file stands in the register. Money without tax; tax by itself. Terms of the sign: above 0 we pay. */
#ifndef TOWN_COST_H
#define TOWN_COST_H

#include "town/town.h"

/* X(NAME, "word", own figure's kind in the books) */
#define COST_KINDS(X)                                                                                        \
    X(WHEELING, "wheeling")         /* id: a point */                                                        \
    X(IMBALANCE, "imbalance")       /* a balancing group */                                                  \
    X(MARKET, "market")             /* a balancing group */                                                  \
    X(BILATERAL, "bilateral")       /* a source: base load, blocks, backup */                                \
    X(CERTIFICATES, "certificates") /* a lot, or any where none of the month is priced */                    \
    X(LEVY, "levy")                 /* "levy" */                                                             \
    X(GENERATION, "generation")     /* a plant: the generation-side charge */                                \
    X(CAPACITY, "capacity")         /* an area: the key in params.csv */                                     \
    X(FEE, "fee") /* a balancing group of which we are member: what its parent takes a kWh */                \
    X(SHARE,                                                                                                 \
      "share") /* another member of a group whose parent we are: what it bears, below 0: it owes us */       \
    X(OTHER, "other") /* any */

typedef enum cost_kind {
#define X(name, word) COST_##name,
    COST_KINDS(X)
#undef X
        COST_KIND_COUNT
} cost_kind;
const char *cost_kind_word(cost_kind k);
bool cost_kind_of(const char *word, size_t n, cost_kind *out);

enum { COST_BILL = 64, COST_PARTS = 4 };

/* What one party charged of a line. */
typedef struct cost_part {
    char party[MIZO_ID_MAX];
    mizo_uyen billed, tax;
} cost_part;

typedef struct cost_line {
    cost_kind kind;
    char id[MIZO_ID_MAX];
    bool has_own, has_billed;
    mizo_wh own_wh, billed_wh;
    int64_t own_w, billed_w; /* power charged; MIZO_MISSING: none */
    mizo_uyen own, billed;   /* without tax */
    mizo_uyen tax;           /* of what was billed; of a share: on top of it, of its sign */
    const char *tax_name;    /* of a share: its rate in params.csv; "": none; of the others NULL */
    mizo_uyen fee;           /* of a share: that the member owes us in it, >= 0 */
    char party[MIZO_ID_MAX], bill[COST_BILL]; /* who billed (first), the number of its bill; "" */
    char file[64];                            /* line of the register */
    cost_part part
        [COST_PARTS]; /* [nparts] of billed and tax: a group whose role changes has bills of two parties */
    int nparts;
    int64_t batch; /* that brought the bill */
} cost_line;

typedef struct cost_sum {
    int lines, own_lines, billed_lines;
    int off; /* lines that are billed and reckoned and differ */
    mizo_uyen own, billed, tax;
    mizo_uyen cost;    /* of each line what was billed, else our own figure */
    mizo_uyen accrued; /* the part of it that is our own figure alone */
    mizo_uyen off_sum; /* billed - own over lines that have both */
} cost_sum;

typedef struct cost_list {
    cost_line *v; /* [n] by kind, then id; free() */
    size_t n, cap;
    cost_sum sum[COST_KIND_COUNT];
    mizo_uyen cost; /* of all kinds */
    /* What the desk does not know, so that no cost stands for it: days of groups without a filed plan, half-hours of
     * the others that are not settled, and the first such group. */
    int unfiled, unsettled;
    char open_group[MIZO_ID_MAX];
    /* Days as parent of groups that do not say which members are ourselves: no share can be told, and the first. */
    int untold;
    char untold_group[MIZO_ID_MAX];
    /* Members whose share is not the file that they were given (not_given: of these, they had none), and the first. */
    int not_told, not_given;
    char not_told_member[MIZO_ID_MAX];
    bool uneven; /* shares that do not come to the group's sum */
} cost_list;

/* Everything of a month (its first day) as known at as_of. levy: what the bills charge, without tax; has_levy false:
 * not known. What a reckoning lacks is said in t->diags; the line then has no own figure. Frees nothing of *out. */
typedef struct cost_ask {
    mizo_day month;
    mizo_ms as_of;
    bool has_levy;
    mizo_uyen levy;
    mizo_wh levy_wh;
    /* Our own figures by half-hour as they are reckoned, of imbalance, market and blocks. NULL: not wanted. */
    void (*slot)(void *arg, cost_kind k, const char *id, mizo_day day, int slot, mizo_wh wh, mizo_uyen uyen);
    void *arg;
} cost_ask;
MIZO_MUST_USE mizo_err cost_read(town *t, const cost_ask *ask, cost_list *out);
void cost_free(cost_list *l);

/* Finds or makes the line. */
MIZO_MUST_USE mizo_err cost_line_of(cost_list *l, cost_kind k, const char *id, cost_line **out);
/* The wheeling of every point supplied in the month. cost_wheeling.c */
MIZO_MUST_USE mizo_err cost_own_wheeling(town *t, const cost_ask *ask, cost_list *l);
/* What was charged, out of the records. cost_in.c */
MIZO_MUST_USE mizo_err cost_billed(town *t, mizo_day month, cost_list *l);

/* The id of a charged line must be that of our own figure where the kind has one: under another name it would be a cost
 * beside ours, and a bill for a point that is not ours is a finding. *out: what is expected; NULL: it is right. cost_id.c */
MIZO_MUST_USE mizo_err cost_id_expected(town *t, cost_kind k, const char *id, mizo_day month,
                                        const char **out);

/* Reads a CSV with the columns kind, month, id, kwh, kw, yen, tax, party, bill (kind, month, id, yen needed; the last
 * three without names may be blank; yen without tax), puts it into the register and its lines into the records, all
 * in one batch. A line that was there is replaced; of imbalance and fee, which a parent charges up to a day and the
 * operator from then on, the line of the same party. MIZO_EINPUT: every row that cannot be read is said, and nothing is
 * kept; MIZO_ECONFLICT: a line of a month that is closed for good and has no accrual, said. */
typedef struct cost_file_sum {
    int lines, changed, months;
    char file[64];
} cost_file_sum;
MIZO_MUST_USE mizo_err cost_in(town *t, const char *name, const char *bytes, size_t n, const char *who,
                               cost_file_sum *out);
/* The same inside a batch that is open, whose own `known` it is. */
MIZO_MUST_USE mizo_err cost_in_open(town *t, const char *name, const char *bytes, size_t n, const char *who,
                                    mizo_ms known, cost_file_sum *out);

#endif
