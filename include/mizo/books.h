/* books.h: what was. Append-only transfers, chained by hash. Pure rules; town/ posts through the store.
 *
 * Green power goes source -> pool -> consumer with a daily grain: an entry
 * carries its 48 Wh and amount is their sum. Who fed whom is derived by the
 * stated rule (largest remainder, ties by id), never stored pair by pair. An
 * attribute account may not go below zero in any slot: one kWh, one claim.
 */
#ifndef MIZO_BOOKS_H
#define MIZO_BOOKS_H

#include "mizo/number.h"
#include "mizo/slot.h"

enum { MIZO_ACCOUNT_MAX = 81, MIZO_CHAIN_BYTES = 32 };

typedef struct mizo_entry {
    int64_t seq;
    mizo_ms known;
    mizo_day day;
    const char *from, *to; /* "source:ukishima", "pool:town", "use:school-001", "world" */
    const char *unit;      /* "Wh-re", "uyen" ... */
    const char *kind;      /* "generation", "match", "bill", "correction" ... */
    const char *ref;       /* what it was posted for: "day:2026-04-01", "bill:b-2026-04-c012"; "" nothing */
    int64_t amount;        /* > 0 */
    const int32_t *slots;  /* [48] >= 0 or NULL */
} mizo_entry;

/* ---- what the books know: the rows of src/books/accounts.def, docs/formats/accounts.md ---- */

typedef enum mizo_unit_class {
    MIZO_UNIT_ATTRIBUTE = 1, /* of a Wh: guarded, claimed once */
    MIZO_UNIT_ENERGY = 2,
    MIZO_UNIT_MONEY = 4,
    MIZO_UNIT_CO2 = 8
} mizo_unit_class;

typedef enum mizo_slots_rule { MIZO_SLOTS_NEVER, MIZO_SLOTS_MAY, MIZO_SLOTS_MUST } mizo_slots_rule;

typedef struct mizo_account_rule {
    const char *name; /* what stands before the colon, or the whole */
    bool named;       /* an id follows: "customer:c-012" */
    unsigned units;   /* of mizo_unit_class: what may stand on it */
    bool close;       /* comes to zero over every closed month */
    const char *en, *ja;
} mizo_account_rule;

typedef struct mizo_unit_rule {
    const char *name; /* ends in '-': a family */
    mizo_unit_class is;
    mizo_slots_rule slots;
    const char *en, *ja;
} mizo_unit_rule;

typedef struct mizo_kind_rule {
    const char *name;
    unsigned units; /* of mizo_unit_class: what may be moved so */
    const char *en, *ja;
} mizo_kind_rule;

/* All rows, and the row of one. NULL: the books know no such thing. */
MIZO_API const mizo_account_rule *mizo_account_rules(size_t *n);
MIZO_API const mizo_unit_rule *mizo_unit_rules(size_t *n);
MIZO_API const mizo_kind_rule *mizo_kind_rules(size_t *n);
MIZO_API const mizo_account_rule *mizo_account_rule_of(const char *account);
MIZO_API const mizo_unit_rule *mizo_unit_rule_of(const char *unit);
MIZO_API const mizo_kind_rule *mizo_kind_rule_of(const char *kind);

/* ---- entries ---- */

/* MIZO_OK, or what is wrong with it: MIZO_EINPUT (ids, an account, unit or kind that the books do not
 * know or that do not go together, amount <= 0, from equals to, slots that do not sum to amount, slots
 * where the unit has none or none where it must), each said in d. */
MIZO_API MIZO_MUST_USE mizo_err mizo_entry_check(const mizo_entry *e, mizo_diags *d);

/* Chain: head' = BLAKE2b-256(head || layout(e)); docs/formats/hash.md has the layout. */
MIZO_API void mizo_entry_chain(const uint8_t head[MIZO_CHAIN_BYTES], const mizo_entry *e,
                               uint8_t out[MIZO_CHAIN_BYTES]);

/* True for accounts that may not go below zero in any slot: all but "world", in the units of an
 * attribute ("Wh-re", "Wh-..."). Money and energy accounts may. */
MIZO_API bool mizo_account_guarded(const char *account, const char *unit);

/* One day of matching through pools. Integer Wh, exact. All arrays [n][48] flat. */
typedef struct mizo_match_source {
    const char *id;    /* plant, or surplus of a PV site */
    const int32_t *wh; /* [48] */
} mizo_match_source;
typedef struct mizo_match_consumer {
    const char *id;    /* point */
    const int32_t *wh; /* [48] demand that may be matched */
} mizo_match_consumer;
typedef struct mizo_match_day {
    int32_t *from_source; /* [nsource * 48] taken into the pool and given out */
    int32_t *to_consumer; /* [nconsumer * 48] */
    int64_t matched_wh, supply_wh, demand_wh;
} mizo_match_day;
/* min(supply, demand) of each slot is matched, pro rata on both sides by the largest remainder.
 * Missing values count as 0. The arrays of out are the caller's. */
MIZO_API MIZO_MUST_USE mizo_err mizo_match(const mizo_match_source *s, size_t ns,
                                           const mizo_match_consumer *c, size_t nc, mizo_match_day *out);

#endif
