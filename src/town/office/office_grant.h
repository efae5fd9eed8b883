/* office_grant.h: the grant: years against the cap, jobs that can still use it, conditions watched month by month, what was
 * bought with it and what must be returned. Rows: kinds `grant` and `grant-asset` (office.h); rules: dated rows of
 * params.csv. docs/mechanisms/office.md
 *
 *     grant-cap          yen for all years together
 *     grant-first-fy, grant-last-fy   fiscal years of the programme
 *     grant-self-use     least share of a PV plant's output that its own point uses in a month */
#ifndef TOWN_OFFICE_GRANT_H
#define TOWN_OFFICE_GRANT_H

#include "town/office/office.h"

enum { GRANT_YEARS = 10, GRANT_WHY = 240 };

typedef struct grant_year {
    int fy;
    int64_t jobs, cost_yen, asked_yen, award_yen, spent_yen, saved_kg;
} grant_year;

typedef enum grant_fit {
    GRANT_FITS,
    GRANT_DONE,
    GRANT_LATE,
    GRANT_TOO_EARLY,
    GRANT_NO_ROOM,
    GRANT_UNDATED,
    GRANT_FITS_COUNT
} grant_fit;
extern const char *const grant_fit_words[GRANT_FITS_COUNT]; /* "fits", "done", "late" ... */

/* Can a job use the grant in time? */
typedef struct grant_job {
    char id[MIZO_ID_MAX];
    int fy;
    int64_t want_yen;
    grant_fit fit;
} grant_job;

typedef enum grant_rule {
    GRANT_NO_FIT,
    GRANT_SELF_USE,
    GRANT_METERED,
    GRANT_ONE_SUBSIDY,
    GRANT_PV_CHARGED,
    GRANT_KEPT,
    GRANT_RULES
} grant_rule;
extern const char *const grant_rule_words[GRANT_RULES];

/* A condition that does not hold, or cannot be said. */
typedef struct grant_finding {
    char id[MIZO_ID_MAX]; /* of the grant-asset */
    char asset[MIZO_ID_MAX];
    grant_rule rule;
    bool unknown;       /* it cannot be said */
    mizo_day month;     /* first day; MIZO_DAY_NONE: of no month */
    int64_t is, should; /* self-use: ppm; metered: days; kept: yen to return, yen of the grant */
} grant_finding;

typedef struct office_grant {
    int64_t cap_yen; /* -1: params.csv does not say */
    int first_fy, last_fy;
    grant_year year[GRANT_YEARS]; /* [nyear] by year */
    int nyear;
    int64_t award_yen, spent_yen, left_yen, return_yen, assets;
    grant_job *job;
    size_t njob, job_cap;
    grant_finding *finding;
    size_t nfinding, finding_cap;
} office_grant;

/* fy: whose months are watched, up to today. */
MIZO_MUST_USE mizo_err office_grant_make(town *t, int fy, mizo_day today, office_grant *out);
void office_grant_free(office_grant *g);

#endif
