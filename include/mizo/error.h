/* error.h: how mizo says that something went wrong.
 *
 * A function returns a mizo_err: the few failures that a caller would treat
 * differently. What a person should read is a diagnosis: a message id, the
 * place, and parameters, collected in a bounded list; text is made only at the
 * edge (command line, page), in Japanese or English, from include/mizo/messages/.
 */
#ifndef MIZO_ERROR_H
#define MIZO_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mizo/messages/base.h"

#if defined(__GNUC__)
#define MIZO_MUST_USE     __attribute__((warn_unused_result))
#define MIZO_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define MIZO_API          __attribute__((visibility("default")))
#else
#define MIZO_MUST_USE
#define MIZO_PRINTF(f, a)
#define MIZO_API
#endif

#define MIZO_ERRORS(X)                                                                                       \
    X(MIZO_OK, "success")                                                                                    \
    X(MIZO_ENOMEM, "out of memory")                                                                          \
    X(MIZO_EINPUT, "the input is wrong") /* the diagnoses say where */                                       \
    X(MIZO_ENOENT, "no such thing")                                                                          \
    X(MIZO_ERANGE, "a value is out of range")                                                                \
    X(MIZO_ESTORE, "the store failed") /* corrupt, or a failed sync: final */                                \
    X(MIZO_EBUSY, "somebody else holds it")                                                                  \
    X(MIZO_EIO, "reading or writing failed")                                                                 \
    X(MIZO_EFULL, "no room left") /* disk full, or a bounded buffer at its bound */                          \
    X(MIZO_ECANCELED, "interrupted")                                                                         \
    X(MIZO_EUNSUPPORTED, "not supported here")                                                               \
    X(MIZO_ECONFLICT, "claimed already") /* a second claim, a negative attribute account */

typedef enum mizo_err {
#define X(name, text) name,
    MIZO_ERRORS(X)
#undef X
} mizo_err;

/* The English name of an error. Never NULL. */
MIZO_API const char *mizo_err_text(mizo_err e);

/* Returns at once with the error of expr, if it has one. */
#define MIZO_TRY(expr)                                                                                       \
    do {                                                                                                     \
        mizo_err try_err_ = (expr);                                                                          \
        if (try_err_)                                                                                        \
            return try_err_;                                                                                 \
    } while (0)

/* ---- diagnoses ---- */

typedef enum mizo_severity { MIZO_INFO, MIZO_WARNING, MIZO_ERROR } mizo_severity;

/* A message's id, MIZO_MSG_<ID>: one X(ID, SEVERITY, "english", "japanese") row in
 * include/mizo/messages/<room>.def, where {0}..{5} in a text stand for the parameters, {2|3} for that
 * of two which is in the reader's language, English first. Whoever says it
 * includes mizo/messages/<room>.h; what any room may say is here already. */
typedef int mizo_msg;

enum { MIZO_DIAG_PARAMS = 6 };

typedef struct mizo_place {
    const char *file; /* NULL: nowhere in particular */
    int line;         /* from 1; 0: unknown */
    int column;       /* from 1; 0: unknown */
} mizo_place;

typedef struct mizo_diag {
    mizo_msg id;
    mizo_place at;
    int nparam;
    const char *param[MIZO_DIAG_PARAMS]; /* owned by the list */
} mizo_diag;

/* A bounded list of diagnoses. Beyond its bound only the counts grow. */
typedef struct mizo_diags mizo_diags;

/* A list that keeps at most `max` diagnoses (0: 1000); once it is full, one that names no line takes
 * the place of the last. NULL: out of memory. */
MIZO_API mizo_diags *mizo_diags_new(size_t max);
MIZO_API void mizo_diags_free(mizo_diags *d);
/* Adds one; copies everything. The parameters are C strings, ended by NULL.
 * d may be NULL: then nothing is kept. Never fails: out of memory only counts. */
MIZO_API void mizo_diag_add(mizo_diags *d, mizo_msg id, mizo_place at, ... /* const char *, NULL */);
#define MIZO_DIAG(d, id, at, ...)   mizo_diag_add((d), MIZO_MSG_##id, (at), __VA_ARGS__, (const char *)NULL)
#define MIZO_NOWHERE                ((mizo_place){ 0 })
#define MIZO_AT(file, line, column) ((mizo_place){ (file), (line), (column) })

MIZO_API size_t mizo_diags_kept(const mizo_diags *d);
MIZO_API size_t mizo_diags_count(const mizo_diags *d, mizo_severity at_least); /* also those not kept */
MIZO_API const mizo_diag *mizo_diags_at(const mizo_diags *d, size_t i);
MIZO_API void mizo_diags_clear(mizo_diags *d);

/* The i-th message of all, in the order of their ids; 0: there are no more (an id is never 0). */
MIZO_API mizo_msg mizo_msg_at(size_t i);
MIZO_API mizo_severity mizo_msg_severity(mizo_msg id); /* of an unknown one: MIZO_ERROR */
MIZO_API const char *mizo_msg_name(mizo_msg id);       /* "REGION_UNKNOWN_KEY" */

/* Writes the text of one diagnosis, without its place, in lang "ja" or "en",
 * into out[0..cap), always ended by NUL. Returns the length that it needs. */
MIZO_API size_t mizo_diag_text(const mizo_diag *d, const char *lang, char *out, size_t cap);

#endif
