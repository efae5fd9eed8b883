/* office.h: what the office keeps lists of, described once: talks with firms, savings, grants and what they bought,
 * measures outside electricity. A kind is a table of fields (note.h); its rows are records with all their versions. One
 * verb lists, writes and loads every kind; the sums over them are below. docs/mechanisms/office.md */
#ifndef TOWN_OFFICE_H
#define TOWN_OFFICE_H

#include "report/report.h"
#include "town/note.h"

/* The kinds, ended by a NULL name: "recruit", "saving", "grant", "grant-asset", "measure". */
extern const note_kind office_kinds[];
const note_kind *office_kind(const char *name); /* NULL: none */
void office_kind_words(buf *out);               /* "recruit, saving ..." */

/* Every row of a kind as a table; `id`, then the fields. */
MIZO_MUST_USE mizo_err office_list(town *t, const note_kind *k, const char *lang, report **out);

typedef struct office_count {
    int64_t rows, added, changed, same, bad;
} office_count;
/* A CSV whose header has `id` and fields of the kind: one batch, or nothing; the same again changes nothing. A field
 * without a column keeps what it was. All mistakes are said with file, line and column. */
MIZO_MUST_USE mizo_err office_load(town *t, const note_kind *k, const char *file, const char *bytes, size_t n,
                                   const char *actor, office_count *out);
/* One row; words are "field=value". after: the version that the person saw, 0 for none; another one since is
 * MIZO_ECONFLICT, said with who wrote it; -1: does not ask. */
MIZO_MUST_USE mizo_err office_put(town *t, const note_kind *k, const char *id, const char *const *words,
                                  size_t n, int64_t after, const char *actor, note *out);

/* ---- talks: stages in order, how many are there and how many came so far ---- */
enum { OFFICE_STAGES = 6 };
extern const char *const office_stages[OFFICE_STAGES + 1]; /* invited .. joined, declined */
typedef struct office_funnel {
    int64_t rows, at[OFFICE_STAGES], reached[OFFICE_STAGES];
    int64_t potential_wh[OFFICE_STAGES]; /* of those that are at it */
    int64_t overdue;                     /* next step's day is past */
} office_funnel;
MIZO_MUST_USE mizo_err office_funnel_make(town *t, mizo_day today, office_funnel *out);

/* ---- savings: each measure at a facility counts once in a year ---- */
typedef struct office_saving {
    char id[MIZO_ID_MAX];
    mizo_wh before_wh, after_wh;
    int first_fy, last_fy; /* credited */
    bool twice;            /* another row has the same measure there in that year: it does not count */
} office_saving;
typedef struct office_savings {
    int fy;
    mizo_wh saved_wh; /* credited in the year */
    int64_t counted, twice;
    office_saving *row; /* [nrow] */
    size_t nrow, cap;
} office_savings;
MIZO_MUST_USE mizo_err office_savings_make(town *t, int fy, office_savings *out);
void office_savings_free(office_savings *o);

#endif
