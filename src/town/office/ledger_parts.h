/* ledger_parts.h: the year's ledger cut another way: by group, bureau, kind or ward of the facilities, or by supplier or
 * menu of the points. The parts of every cut come to the demand and the supply of the ledger (owner_ledger.h), to the Wh.
 * docs/mechanisms/ledger.md */
#ifndef TOWN_OFFICE_LEDGER_PARTS_H
#define TOWN_OFFICE_LEDGER_PARTS_H

#include "town/office/owner_ledger.h"

typedef enum ledger_cut {
    LEDGER_BY_GROUP,
    LEDGER_BY_BUREAU,
    LEDGER_BY_KIND,
    LEDGER_BY_WARD,
    LEDGER_BY_SUPPLIER,
    LEDGER_BY_MENU,
    LEDGER_CUTS
} ledger_cut;
extern const char *const ledger_cut_words[LEDGER_CUTS]; /* "group" ... */
/* MIZO_ENOENT: no such word. */
MIZO_MUST_USE mizo_err ledger_cut_of(const char *word, ledger_cut *out);

/* What a part is of, where it is none of the cut's own: */
typedef enum ledger_part_kind {
    LEDGER_OF_KEY,         /* what `key` says; "": the facilities say nothing */
    LEDGER_OF_REST,        /* points that no facility uses */
    LEDGER_OF_ROOF,        /* used under own roofs: of no supplier */
    LEDGER_OF_NO_CONTRACT, /* points without a menu on the day */
    LEDGER_OF_REPORTS,     /* months that count by the owner's report: of no meter */
    LEDGER_PART_KINDS
} ledger_part_kind;
extern const char
    *const ledger_part_words[LEDGER_PART_KINDS]; /* "key", "rest", "roof", "no-contract", "reports" */

typedef struct ledger_part {
    ledger_part_kind of;
    const char *key, *name_ja, *name_en; /* of the region; key "": none is said */
    int64_t members;                     /* facilities; of supplier and menu: points */
    int late;                            /* of them late; of supplier and menu 0 */
    mizo_wh demand_wh, supply_wh, by_evidence[LEDGER_EVIDENCES];
} ledger_part;

/* Of whom a part is made: a facility, or a point and the facility that uses it. */
typedef struct ledger_member {
    mizo_ref facility, point; /* -1: none */
    mizo_wh demand_wh, supply_wh, by_evidence[LEDGER_EVIDENCES];
} ledger_member;

typedef struct ledger_cut_ask {
    ledger_cut cut;
    const char *open;   /* word of the part whose members are wanted; NULL: sums alone */
    const char *bureau; /* members of that bureau alone; NULL: all */
} ledger_cut_ask;

typedef struct ledger_parts {
    ledger_cut_ask ask; /* borrowed words */
    int fy;
    mizo_wh demand_wh, supply_wh;
    ledger_part *part; /* [n] greatest demand first */
    size_t n, cap;
    ledger_member *member; /* [nmember] of the open part, greatest demand first */
    size_t nmember, member_cap;
} ledger_parts;

/* A part that is not there leaves `open` without members: ledger_part_named tells. */
MIZO_MUST_USE mizo_err ledger_parts_make(store *s, const mizo_region *r, int fy, mizo_ms as_of,
                                         mizo_day today, const ledger_cut_ask *ask, ledger_parts *out);
/* The same of a year whose pieces and ledger are there. */
MIZO_MUST_USE mizo_err ledger_parts_of(const mizo_region *r, const achievement_pieces *pieces,
                                       const owner_ledger *l, const ledger_cut_ask *ask, ledger_parts *out);
void ledger_parts_free(ledger_parts *p);
/* How a part is named from outside: its key, "none" where that is empty, or the word of its kind. */
const char *ledger_part_word(const ledger_part *x);
const ledger_part *ledger_part_named(const ledger_parts *p, const char *word); /* NULL: there is none */
/* Members of the object that is open: by, demand_wh, supply_wh, rows, and of an open part `part` and `members`. */
void ledger_parts_json(const mizo_region *r, const ledger_parts *p, json *j);
/* A table of another document. */
void ledger_parts_body(const ledger_parts *p, const char *caption, bool ja, report *d);
MIZO_MUST_USE mizo_err ledger_parts_doc(const mizo_region *r, const ledger_parts *p, mizo_day today,
                                        const char *lang, report **out);

#endif
