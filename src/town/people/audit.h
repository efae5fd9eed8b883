/* audit.h: who did what, from where, and what came of it: records of the kind "audit", chained.
 *
 * Ids rise by one (twelve digits); each record names the hash of the one before it, so that nothing can be
 * taken out or changed without a trace (audit_verify). No password, token or payload stands in it. What the
 * command line writes is named by its batch; pages and programs add a record in the transaction of their write.
 */
#ifndef TOWN_AUDIT_H
#define TOWN_AUDIT_H

#include "store/store.h"

typedef enum audit_result { AUDIT_DONE, AUDIT_DENIED, AUDIT_FAILED } audit_result;

typedef struct audit_row {
    const char *who;            /* user id, "cli:NAME", "" nobody known */
    const char *from;           /* address, "cli" */
    const char *act;            /* "login", "write", an act's word */
    const char *object;         /* NULL: none; "record/note/a1" */
    const char *before, *after; /* versions or hashes; NULL: none */
    audit_result result;
    const char *why; /* NULL: none; "password", "role", "session" ... */
    int64_t skipped; /* like ones before it that were only counted */
} audit_row;

/* One record as it is read back. Texts are borrowed during the call. */
typedef struct audit_seen {
    int64_t seq;
    int64_t batch;
    mizo_ms at;
    audit_row row;
    const char *json; /* as kept */
} audit_seen;

/* Adds one record; a batch is open. now: by the injected clock. */
MIZO_MUST_USE mizo_err audit_add(store *s, const audit_row *row, mizo_ms now);
/* The same in a batch of its own, through a connection of its own to the store at path. */
MIZO_MUST_USE mizo_err audit_alone(const char *path, const audit_row *row, mizo_ms now);
/* The newest first, those before seq `before` (0: all), until fn returns an error (MIZO_ECANCELED: enough). */
MIZO_MUST_USE mizo_err audit_each(store *s, int64_t before, mizo_err (*fn)(void *, const audit_seen *),
                                  void *arg);
/* Reads the whole chain. *bad: the first that does not fit, 0: none; *n: how many there are. */
MIZO_MUST_USE mizo_err audit_verify(store *s, int64_t *n, int64_t *bad);
const char *audit_result_text(audit_result r);

#endif
