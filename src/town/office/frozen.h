/* frozen.h: reports frozen as they were published: the bytes of page and workbook in the register of files, every figure
 * by its name, and beside them a record `frozen`: which model and which state of the books, who, when and why. Whatever
 * is restated later, what was published is printed again byte for byte and held against today's figures.
 * Page: docs/mechanisms/published.md */
#ifndef TOWN_OFFICE_FROZEN_H
#define TOWN_OFFICE_FROZEN_H

#include "base/hash.h"
#include "town/office/city.h"

enum { FROZEN_WORD = 41, FROZEN_WHY = 400 };

typedef struct frozen {
    char id[MIZO_ID_MAX];     /* "targets-2023-0001" */
    char report[FROZEN_WORD]; /* a name that city_doc_named knows */
    char lang[4];
    int fy;
    mizo_day day, as_of; /* of the document; MIZO_DAY_NONE: all that was known */
    char why[FROZEN_WHY];
    char model[HASH_TEXT], head[HASH_TEXT]; /* of the town; of the journal's chain */
    int64_t entries;                        /* of the journal */
    char page[MIZO_ID_MAX], book[MIZO_ID_MAX],
        facts[MIZO_ID_MAX]; /* lines of the register; book "": the module was not there */
    char hash[HASH_TEXT];   /* of the page */
    char actor[NOTE_ACTOR];
    mizo_ms at;
    int64_t batch;
    bool again; /* out of frozen_put: it was published with the same bytes before, nothing was written */
} frozen;

/* Makes the report and keeps it. A page whose bytes were published before is that one (again). MIZO_EINPUT: no reason is
 * given, no such report, or the one for the next person, which is not published (said). */
MIZO_MUST_USE mizo_err frozen_put(town *t, const city_doc_ask *ask, mizo_day as_of, const char *why,
                                  const char *actor, frozen *out);
/* The first of those that were published, then the next; an error of fn ends it. */
MIZO_MUST_USE mizo_err frozen_each(town *t, mizo_err (*fn)(void *arg, const frozen *f), void *arg);
/* MIZO_ENOENT: none of that id (said). */
MIZO_MUST_USE mizo_err frozen_find(town *t, const char *id, frozen *out);
/* The last of a report's year; MIZO_ENOENT: none (not said). */
MIZO_MUST_USE mizo_err frozen_last(town *t, const char *name, int fy, frozen *out);

typedef enum frozen_part { FROZEN_PAGE, FROZEN_BOOK, FROZEN_FACTS } frozen_part;
/* The bytes as they were published, checked against their hash. MIZO_EINPUT: that part was not made (said). */
MIZO_MUST_USE mizo_err frozen_bytes(town *t, const frozen *f, frozen_part part, buf *out);

/* ---- held against today ---- */

/* Something that came after it was published. */
typedef struct frozen_cause {
    const char
        *kind; /* of the record; "model": files of the region; "import": readings and files of others */
    const char *what; /* "home-pv-2024-final: 161 件 (subsidy office)" */
    const char *who;
    mizo_ms at;
    const mizo_indicator *indicator; /* whose result or target it is; NULL: of none */
} frozen_cause;

typedef struct frozen_change {
    const char *name, *before, *after; /* NULL: not there */
    const frozen_cause *because;       /* the last cause that touches it; NULL: any of them may */
} frozen_change;

typedef struct frozen_difference {
    frozen_change *change;
    frozen_cause *cause;
    size_t nchange, ncause, change_cap, cause_cap;
    arena *mem;
} frozen_difference;

/* What the same report says today, in the same language and for the same year. */
MIZO_MUST_USE mizo_err frozen_differ(town *t, const frozen *f, mizo_day today, frozen_difference *out);
void frozen_difference_free(frozen_difference *x);
MIZO_MUST_USE mizo_err frozen_doc(const town *t, const frozen *f, const frozen_difference *x,
                                  const char *lang, report **out);
/* Members of the object that is open. */
void frozen_json(const town *t, const frozen *f, json *j);
void frozen_difference_json(const town *t, const frozen_difference *x, json *j);

#endif
