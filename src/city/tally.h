/* tally.h: what a town's lists count: the members of a register on a day, what stands below a node of a plan.
 *
 * A source says how many there were on a day; the list has its rows. Where the list is whole on the day the source
 * counted, it gives the count of any other day; else what the source said last holds, and the list stands beside it.
 * A plan's text holds; what the texts below it say together, and what is listed, stand beside it. Pure. */
#ifndef CITY_TALLY_H
#define CITY_TALLY_H

#include "mizo/region.h"

/* A word that names something counted, or what is counted of it. */
typedef enum tally_kind {
    TALLY_NONE,
    TALLY_REGISTER, /* a register by its name */
    TALLY_NODE,     /* a node of a plan */
    TALLY_SORT,     /* what a kind of register holds: members */
    TALLY_PART,     /* a group within a register: finance */
    TALLY_LEVEL     /* a level of plans: measure; business */
} tally_kind;

typedef struct tally_word {
    tally_kind kind;
    const mizo_register *reg;
    const mizo_plan_node *node;
    const char *id; /* the sort, the part, the level */
    size_t bytes;   /* of the text */
} tally_word;

/* The longest name or alias that s[0..n) begins with; a full name also where `within` (a letter of a noun stands before
 * it), an alias only where not. kind TALLY_NONE: none. */
tally_word tally_word_at(const mizo_region *r, const char *s, size_t n, bool within);

typedef struct tally {
    const mizo_register *reg;
    const char *part; /* "": all of it */
    const mizo_plan_node *node;
    const char *level; /* of what stands below the node */
} tally;

typedef struct tally_count {
    int64_t holds;                      /* -1: the books have none */
    int64_t declared, listed, together; /* -1: not said; together: by the texts below a node */
    int64_t rows;                       /* of businesses: with those listed again; -1: not of them */
    const char *source;
} tally_count;

bool tally_has_part(const mizo_region *r, const mizo_register *reg, const char *part);
/* on: of registers. Nothing that was said after as_of. MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err tally_on(const mizo_region *r, const tally *t, mizo_day on, mizo_day as_of,
                                tally_count *out);

#endif
