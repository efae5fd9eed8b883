/* meters.h: meters with their verification terms, virtual points, and codes of other people's files: meters.csv,
 * virtual.csv, operator-codes.csv and plan-codes.csv of a region.
 *
 * Validity is [from, to) in local days. Strings belong to the model. */
#ifndef MIZO_METERS_H
#define MIZO_METERS_H

#include "mizo/trade.h"

/* direct: the current itself; transformer: behind current or voltage transformers; notified: a PCS or charger under
 * 特定計量, used after notification */
typedef enum mizo_meter_kind {
    MIZO_METER_DIRECT,
    MIZO_METER_TRANSFORMER,
    MIZO_METER_NOTIFIED
} mizo_meter_kind;

/* What stands at a supply point from day to day. No two of a point at once. */
typedef struct mizo_meter {
    const char *id;
    mizo_ref point;
    const char *serial;
    mizo_meter_kind kind;
    int64_t multiplier_e3;     /* register kWh x this = kWh; 1000: 1 */
    mizo_day verified_until;   /* first day after its term of verification; MIZO_DAY_NONE: not known */
    int64_t first_e3, last_e3; /* register at its first and after its last day, kWh x 1000; -1: not read */
    int64_t register_max_e3;   /* the register begins again at this, kWh x 1000; 0: it does not */
    mizo_day from, to;
    int32_t line;
} mizo_meter;

/* A sum or difference of points. For analysis; for a bill only with a recorded legal basis. */
typedef struct mizo_virtual {
    const char *id, *name_ja, *name_en;
    const char *formula; /* "p-a + p-b - p-c" */
    bool billing;
    const char *basis; /* law, notice or agreement by which it may be billed; "": none */
    mizo_day from, to;
    int32_t line;
} mizo_virtual;

/* A code of another's file and what it means here. */
typedef struct mizo_code {
    const char *name; /* plan-codes.csv: what it is here; operator-codes.csv: its meaning */
    const char *code;
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_code;

/* Terms of a formula: sign and point. */
enum { MIZO_VIRTUAL_TERMS = 64 };
typedef struct mizo_virtual_term {
    mizo_ref point;
    int8_t sign; /* 1, -1 */
} mizo_virtual_term;

MIZO_API mizo_ref mizo_region_virtual(const mizo_region *r, const char *id);
/* Reads its formula; *n terms. MIZO_EINPUT: not a formula, or a point that there is not: at is the offset of the word. */
MIZO_API MIZO_MUST_USE mizo_err mizo_virtual_terms(const mizo_region *r, const char *formula,
                                                   mizo_virtual_term out[MIZO_VIRTUAL_TERMS], int *n,
                                                   size_t *at);
/* The meters of a point by their first day: *first and count. */
MIZO_API size_t mizo_meters_of(const mizo_region *r, mizo_ref point, size_t *first);

#endif
