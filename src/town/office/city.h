/* city.h: the city's figures over the store: what people entered beside what the region's files publish, and the
 * documents that are made of both. docs/mechanisms/city.md */
#ifndef TOWN_CITY_H
#define TOWN_CITY_H

#include "city/ask.h"
#include "city/statement.h"
#include "city/trace.h"
#include "report/report.h"
#include "town/note.h"

/* A result that a person entered: a record of kind `result`, id INDICATOR-FY-VINTAGE; every version is kept. */
extern const note_kind note_result;

/* Who wrote the record that a row comes from, and when. */
typedef struct city_author {
    const char *id, *actor;
    int64_t version, batch;
    mizo_ms at;
} city_author;

/* What was aimed at, done and gained in a year under a node of a plan or in a business: a record of kind `progress`. */
typedef struct city_progress {
    const char *of; /* id of a node or number of a business */
    int fy;
    const char *aim, *done, *gained, *issue, *next, *status, *source; /* "": nothing is said */
} city_progress;

typedef struct city_authored {
    const unsigned char *rows; /* of records, side by side */
    size_t size, n;
    city_author *by; /* [n] */
} city_authored;

enum { CITY_LAYERS = 5 };

typedef struct city_desk {
    town *town;
    arena *mem;
    mizo_published *entered;
    city_author *entered_by; /* [nentered] */
    size_t nentered, cap, by_cap;
    const city_progress *progress; /* in the order of their ids */
    size_t nprogress;
    mizo_region over;                    /* the model with what people decided laid over it; the same hash */
    city_authored authored[CITY_LAYERS]; /* rows that came from records */
    size_t nauthored;
    city_books books; /* its region is `over`: ask this one, not the town's */
} city_desk;

/* Reads what was entered (nothing where the town has no store). as_of MIZO_DAY_NONE: all. Records that no longer fit the
 * model are left out. */
MIZO_MUST_USE mizo_err city_desk_open(town *t, mizo_day as_of, city_desk *d);
void city_desk_close(city_desk *d);
/* Who wrote a row of d->books, of its region's evaluations, targets and members, or of d->progress. NULL: a file. */
const city_author *city_author_of(const city_desk *d, const void *row);
/* For entries.c: the note's author, kept with the desk; that of n rows side by side. */
MIZO_MUST_USE mizo_err city_author_keep(city_desk *d, const note *n, city_author *out);
MIZO_MUST_USE mizo_err city_authors_keep(city_desk *d, const void *rows, size_t size, const city_author *by,
                                         size_t n);

/* A figure as a person writes it, in millionths of the indicator's unit. MIZO_EINPUT: no figure of that unit;
 * MIZO_ERANGE: more than six decimals. step: what its last place is worth; about: with 約. */
MIZO_MUST_USE mizo_err city_micro_value(const mizo_indicator *i, const char *text, int64_t *value,
                                        int64_t *step, bool *about);

typedef struct city_entry {
    const char *indicator, *fy, *value, *vintage, *source,
        *note;      /* value with its unit: "2,084万t-CO2"; 約 or rounded: see below */
    bool rounded;   /* it is known to its last written place only */
    mizo_day on;    /* when it was published or reckoned */
    mizo_day today; /* no result is of a year, or was published on a day, after it */
    int64_t
        after; /* the version that the person saw: another one since is MIZO_ECONFLICT; -1: does not ask */
    const char *actor;
} city_entry;
/* All that is wrong with it is said. *out is the record as written. */
MIZO_MUST_USE mizo_err city_enter(town *t, const city_entry *e, note *out);

/* ---- documents ---- city_doc.c */
typedef struct city_doc_ask {
    const char *name; /* "achievement", "targets" ...: city_doc_at */
    const char *lang;
    int fy;             /* the year that is reported */
    mizo_day day;       /* of the document */
    const char *pair;   /* achievement: the pair that is named as the published one; NULL: "full,fixed" */
    const char *bureau; /* achievement: whose rows by facility are told; NULL: all */
} city_doc_ask;

bool city_doc_named(const char *name);
/* The i-th document: its title in lang, or with NULL its name; NULL: no more. */
const char *city_doc_at(size_t i, const char *lang);
/* Builds it; free with report_free. Warnings (declared and computed differ) are said in d. */
MIZO_MUST_USE mizo_err city_doc(const city_desk *desk, const city_doc_ask *ask, mizo_diags *d, report **out);
/* The same figures as members of the object that is open: rows[]; of achievement those of leading.h. */
MIZO_MUST_USE mizo_err city_doc_json(const city_desk *desk, const city_doc_ask *ask, json *j);

/* Members of the object that is open: unit, better, and every year that has a figure or a target. */
enum { CITY_YEARS_FROM = 1985, CITY_YEARS_TO = 2060 };
void city_years_json(const city_desk *d, const mizo_indicator *i, json *j);

#endif
