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

typedef struct city_desk {
    const town *town;
    arena *mem;
    mizo_published *entered;
    size_t nentered, cap;
    city_books books;
} city_desk;

/* Reads what was entered (nothing where the town has no store). as_of MIZO_DAY_NONE: all. Says records that no longer fit the model. */
MIZO_MUST_USE mizo_err city_desk_open(town *t, mizo_day as_of, city_desk *d);
void city_desk_close(city_desk *d);

typedef struct city_entry {
    const char *indicator, *fy, *value, *vintage, *source,
        *note;    /* value with its unit: "2,084万t-CO2"; 約 or rounded: see below */
    bool rounded; /* it is known to its last written place only */
    mizo_day on;  /* when it was published or reckoned */
    int64_t
        after; /* the version that the person saw: another one since is MIZO_ECONFLICT; -1: does not ask */
    const char *actor;
} city_entry;
/* All that is wrong with it is said. *out is the record as written. */
MIZO_MUST_USE mizo_err city_enter(town *t, const city_entry *e, note *out);

/* ---- documents ---- city_doc.c */
typedef struct city_doc_ask {
    const char *name; /* "achievement", "targets", "plan", "evaluation", "inventory" */
    const char *lang;
    int fy;       /* the year that is reported */
    mizo_day day; /* of the document */
} city_doc_ask;

bool city_doc_named(const char *name);
/* Builds it; free with report_free. Warnings (declared and computed differ) are said in d. */
MIZO_MUST_USE mizo_err city_doc(const city_desk *desk, const city_doc_ask *ask, mizo_diags *d, report **out);
/* The same figures as JSON, into an array of rows; achievement has its own (cli/report.c). */
MIZO_MUST_USE mizo_err city_doc_json(const city_desk *desk, const city_doc_ask *ask, json *j);

/* Members of the object that is open: unit, better, and every year that has a figure or a target. */
enum { CITY_YEARS_FROM = 1985, CITY_YEARS_TO = 2060 };
void city_years_json(const city_books *b, const mizo_indicator *i, json *j);

#endif
