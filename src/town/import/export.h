/* export.h: what the store holds, as CSV that mizo can import again (docs/formats/import.md). */
#ifndef TOWN_EXPORT_H
#define TOWN_EXPORT_H

#include "town/town.h"

#define EXPORT_KINDS "readings, plan, periods, sessions, ledger"

typedef struct export_options {
    const char *what;  /* one of EXPORT_KINDS; "plan" is every forecast and plan as issued */
    mizo_day from, to; /* [from, to) local days */
    const char *point; /* owner of the series, or account of the ledger; NULL: all */
    mizo_ms as_of;     /* what was known then; STORE_LATEST: now */
    bool cp932;        /* instead of UTF-8 with BOM; letters that it lacks are reported row by row */
} export_options;

/* Writes piece by piece through put. MIZO_EINPUT: no such kind (said in t->diags). */
MIZO_MUST_USE mizo_err export_csv(town *t, const export_options *o,
                                  mizo_err (*put)(void *arg, const char *p, size_t n), void *arg,
                                  int64_t *rows);

#endif
