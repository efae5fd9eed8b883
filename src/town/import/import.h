/* import.h: readings, prices and sessions in. A file is one transaction.
 * The shapes of files: docs/formats/import.md. */
#ifndef TOWN_IMPORT_H
#define TOWN_IMPORT_H

#include "base/hash.h"
#include "town/register/register.h"
#include "town/town.h"

/* How far a running import is. */
typedef struct import_progress {
    int64_t eaten, size; /* bytes of the file; size -1: not known */
    int64_t rows;
    uint64_t ns; /* since it began */
} import_progress;

typedef struct import_options {
    const char *path;  /* "-": standard input */
    const void *bytes; /* not NULL: read these nbytes; path names them */
    size_t nbytes;
    const char *kind;    /* reader's name; NULL: by the header */
    const char *actor;   /* NULL: "operator" */
    const char *station; /* the one that is meant of several; NULL: not said */
    mizo_ms known;       /* the instant at which it became known; 0: now */
    bool skip_bad;       /* keep the good rows */
    bool joined;         /* a batch is open that this becomes part of (store_join) */
    int fy;              /* of an owners' yearly table, where it does not say it; 0 */
    const char *bureau;  /* the bureau that it is for; NULL: any */
    bool accept_same;    /* it may repeat last year's values */
    size_t stage_limit;  /* bytes; 0: the usual (tests make it small) */
    void (*progress)(void *arg, const import_progress *p); /* some ten times a second; NULL */
    void *arg;
} import_options;

typedef struct import_result {
    char kind[24];      /* reader that read it, "" if none */
    char bad_file[512]; /* where --skip-bad wrote bad rows, "" if nowhere */
    char hash[HASH_TEXT];
    int64_t batch;                        /* 0: nothing was written */
    int64_t rows;                         /* data rows read, good and bad */
    int64_t bad;                          /* bad rows, exact */
    int64_t blank;                        /* cells that say "no value" */
    int64_t added, changed, same;         /* values, periods and sessions */
    int64_t older;                        /* values of forecasts that are older than what is known */
    int64_t files;                        /* lines of the register */
    int64_t held;                         /* point-days that wait for a person's word */
    int64_t sealed;                       /* people whose particulars were new and are sealed now */
    mizo_day from, to;                    /* days that the file speaks of, [from, to); equal: not known */
    int64_t series;                       /* how many series the file has */
    mizo_ms first, last;                  /* first step's start and last step's start; 0, 0: none */
    int64_t stuck;                        /* series with one non-zero value for a day or more on end */
    int64_t gaps, gap_slots, gap_longest; /* of the 30-minute series of the file, as the store now has them */
    size_t diags;                         /* how many diagnoses were kept before it began */
    uint64_t ns;                          /* wall time */
} import_result;

/* Imports one file into the town (opened with STORE_WRITE). Every bad row is reported in t->diags at
 * its line and column. On any error the store is as it was, and *r says how far it came:
 * MIZO_EINPUT bad rows, or not a known table; MIZO_ENOENT, MIZO_EIO the file; MIZO_ECANCELED
 * interrupted; MIZO_EBUSY locked; MIZO_EFULL disk; MIZO_ESTORE; MIZO_ENOMEM. */
MIZO_MUST_USE mizo_err import_file(town *t, const import_options *o, import_result *r);

/* Puts a line into the register for a file that import_file has refused (MIZO_EINPUT), in a batch of its own: its kind and
 * days as far as they were read, its hash, how many faults and the first one's name. line->id "": its bytes could not
 * be read to the end, so that there is no hash and no line. */
MIZO_MUST_USE mizo_err import_refused(town *t, const import_options *o, const import_result *r,
                                      register_line *line);

/* "long, wide, period ...", for help and messages. */
void import_kinds(buf *out);

#endif
