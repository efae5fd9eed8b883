/* office.h: what the office keeps lists of, described once: talks with firms, savings, grants and what they bought,
 * measures outside electricity. A kind is a table of fields (note.h); its rows are records with all their versions. One
 * verb lists, writes and loads every kind. Sums: talk.h, saving.h, bems.h, grant.h, leading.h. docs/mechanisms/office.md */
#ifndef TOWN_OFFICE_H
#define TOWN_OFFICE_H

#include "report/report.h"
#include "town/note.h"
#include "town/people/actor.h"

/* The kinds, ended by a NULL name: "recruit", "saving", "finding", "grant", "grant-asset", "measure". */
extern const note_kind office_kinds[];
const note_kind *office_kind(const char *name); /* NULL: none */
/* What writing a row of it is: rows of facilities are entered, what the office decides is its own record. */
town_act office_act(const note_kind *k);
void office_kind_words(buf *out); /* "recruit, saving ..." */

/* May who see the row? A user of one bureau sees those of its facilities; NULL: anybody, all. */
bool office_reaches(const town *t, const actor *who, const note *n);
/* Every row of a kind that who sees, as a table: the id, then the fields by their words (lists.h). */
MIZO_MUST_USE mizo_err office_list(town *t, const note_kind *k, const actor *who, const char *lang,
                                   report **out);

typedef struct office_count {
    int64_t rows, added, changed, same, bad;
} office_count;
/* A CSV whose header has `id` and fields of the kind: one batch, or nothing; the same again changes nothing. A column is
 * called by its field or by its word in either language. A field without a column keeps what it was. A user of one bureau writes rows of its facilities alone. All mistakes are said with file, line and column. */
MIZO_MUST_USE mizo_err office_load(town *t, const note_kind *k, const char *file, const char *bytes, size_t n,
                                   const actor *who, office_count *out);
/* The same into the batch that is open, which the caller ends. MIZO_EINPUT: a row is wrong; what was written is to be undone. */
MIZO_MUST_USE mizo_err office_load_open(town *t, const note_kind *k, const char *file, const char *bytes,
                                        size_t n, const actor *who, office_count *out);
/* One row; words are "field=value". after: the version that the person saw, 0 for none; another one since is
 * MIZO_ECONFLICT, said with who wrote it; -1: does not ask. */
MIZO_MUST_USE mizo_err office_put(town *t, const note_kind *k, const char *id, const char *const *words,
                                  size_t n, int64_t after, const actor *who, note *out);
/* Whether who may write that row as it stands and as the words make it: MIZO_EINPUT, said. */
MIZO_MUST_USE mizo_err office_reach(town *t, const note_kind *k, const char *id, const char *const *words,
                                    size_t n, const actor *who);

/* The name of a facility of the model; else the id itself. */
const char *office_facility_name(const mizo_region *r, const char *id, bool ja);

#endif
