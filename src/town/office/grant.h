/* grant.h: the grant: years against the cap, jobs that can still use it, what was bought with it, its conditions watched
 * month by month, what came of it and what must be returned. Rows: kinds `grant` and `grant-asset` (office.h); rules:
 * dated rows of params.csv, each with its source and mark; the row of the month holds. docs/mechanisms/grant.md
 *
 *     grant-cap                       yen for all years together
 *     grant-first-fy, grant-last-fy   fiscal years of the programme
 *     grant-no-fit                    1: what was bought may not sell under FIT
 *     grant-self-use KIND             least share of a plant's output that its own point uses in a month
 *     grant-metered                   least share of the half-hours of output that are read
 *     grant-one-subsidy               1: no second subsidy on it
 *     grant-no-credit                 1: its kWh may not become a credit or certificate
 *     grant-pv-charged                least share of a battery's charge that the panels of its point covered, slot by slot
 *     grant-cycles                    least days in a month on which a battery gave something
 *     grant-keep KIND                 years that it is kept: pv, battery, charger, other
 *     grant-ppa-passed                least share of the grant by which a PPA's price is lower over the years that it is kept
 *     grant-tax-credit                1: consumption tax that was credited on it is returned in the grant's share of its cost
 *
 * KIND of self-use: the kind of the facility, else the blank row. A condition without a row is not watched, and that is
 * said once. */
#ifndef TOWN_OFFICE_GRANT_H
#define TOWN_OFFICE_GRANT_H

#include "base/json.h"
#include "report/report.h"
#include "town/office/office.h"

enum { GRANT_YEARS = 10 };

typedef struct grant_year {
    int fy;
    int64_t jobs, cost_yen, asked_yen, award_yen, spent_yen, saved_kg; /* saved_kg: as planned */
} grant_year;

/* X(NAME, "word", "english", "japanese"): can a job use the grant in time? */
#define GRANT_FITS_LIST(X)                                                                                   \
    X(FITS, "fits", "fits", "間に合う")                                                                      \
    X(DONE, "done", "finished and paid", "完了")                                                             \
    X(LATE, "late", "ends after its fiscal year or the programme", "年度内・事業期間内に終わらない")         \
    X(TOO_EARLY, "begun-before-award", "begins before the award", "交付決定の前に着手")                      \
    X(NO_ROOM, "no-room", "more than the cap leaves", "上限の残りに収まらない")                              \
    X(UNDATED, "undated", "no start or finish is given", "着手・完了の日がない")

typedef enum grant_fit {
#define X(name, ...) GRANT_##name,
    GRANT_FITS_LIST(X)
#undef X
        GRANT_FITS_COUNT
} grant_fit;
extern const char *const grant_fit_words[GRANT_FITS_COUNT];

typedef struct grant_job {
    char id[MIZO_ID_MAX], facility[MIZO_ID_MAX], title[NOTE_TEXT], by[NOTE_TEXT];
    int fy;
    int64_t want_yen, award_yen, spent_yen, planned_kg;
    mizo_day start, finish; /* MIZO_DAY_NONE */
    mizo_day begin_after;   /* it may begin after this day: the award, else today */
    mizo_day end_by;        /* and must end on this day at the latest */
    grant_fit fit;
    int64_t assets, made_wh, saved_mg; /* of its assets, in the year that is watched */
} grant_job;

/* X(NAME, "word", "english", "japanese"): conditions */
#define GRANT_RULES_LIST(X)                                                                                  \
    X(NO_FIT, "no-fit", "sells under FIT", "FITで売電している")                                              \
    X(SELF_USE, "self-use", "too little used at the site", "自家消費の割合が足りない")                       \
    X(METERED, "metered", "output is not read", "発電量の計測がない")                                        \
    X(ONE_SUBSIDY, "one-subsidy", "a second subsidy", "ほかの補助金と重なる")                                \
    X(NO_CREDIT, "no-credit", "its kWh were made a credit", "クレジット・証書にしている")                    \
    X(PV_CHARGED, "pv-charged", "charged from the grid", "系統から充電している")                             \
    X(CYCLES, "cycles", "the battery stands still", "蓄電池を使っていない")                                  \
    X(PPA, "ppa-price", "the PPA's price is not lowered by enough", "PPAの単価が十分に下がっていない")       \
    X(TAX_CREDIT, "tax-credit", "consumption tax credited on it is not returned", "仕入控除税額が未返還")    \
    X(KEPT, "kept", "disposed of before its years are over", "処分制限期間内の処分")

typedef enum grant_rule {
#define X(name, ...) GRANT_##name,
    GRANT_RULES_LIST(X)
#undef X
        GRANT_RULES
} grant_rule;
extern const char *const grant_rule_words[GRANT_RULES];

/* A condition that does not hold, or cannot be said. One with a month is an alarm of that month. */
typedef struct grant_finding {
    size_t asset; /* into office_grant.asset */
    grant_rule rule;
    bool unknown;   /* it cannot be said: readings are missing */
    mizo_day month; /* first day; MIZO_DAY_NONE: of no month */
    int64_t is,
        should; /* shares: ppm; metered: ppm of the half-hours; cycles: days; no-credit: Wh, 0; kept: yen to
                           return, yen of the grant; ppa-price: ppm; tax-credit: yen to return, 0; no-fit, one-subsidy: 1, 0 */
} grant_finding;

typedef enum grant_thing { GRANT_PV, GRANT_BATTERY, GRANT_CHARGER, GRANT_OTHER, GRANT_THINGS } grant_thing;
extern const char *const grant_thing_words[GRANT_THINGS];

/* A line of the register of what was bought, and what it did in the year. */
typedef struct grant_asset {
    char id[MIZO_ID_MAX], grant[MIZO_ID_MAX], asset[MIZO_ID_MAX], facility[MIZO_ID_MAX], other[NOTE_TEXT];
    grant_thing thing;
    mizo_ref ref;                       /* into pv, battery or charger of the region; -1: not of the model */
    mizo_day acquired, disposed, until; /* MIZO_DAY_NONE: it is there; nobody says how long it is kept */
    int64_t cost_yen, grant_yen, keep_years;
    int64_t due_yen, returned_yen; /* to return for an early disposal; of it returned */
    int64_t tax_due_yen,
        tax_returned_yen; /* the grant's share of the consumption tax that was credited; of it returned */
    int64_t ppa_price_e6,
        ppa_passed_ppm; /* yen/kWh, 0: no PPA; the lowering over the years, as a share of the grant, -1: not known */
    mizo_wh made_wh, used_wh, charged_wh; /* in the year; used: output less export of its point */
    int days;                             /* with readings */
    mizo_mg saved_mg;                     /* made_wh by the factor */
} grant_asset;

typedef struct office_grant {
    int fy;
    mizo_day today;
    int64_t cap_yen;   /* -1: no rule holds on this day */
    mizo_day cap_from; /* then the first day of the next rule; MIZO_DAY_NONE: none is known */
    int first_fy, last_fy;
    grant_year year[GRANT_YEARS]; /* [nyear] by year */
    int nyear;
    int64_t award_yen, spent_yen, left_yen;
    int64_t return_yen;  /* of early disposals and credited tax, less what was returned */
    int64_t unspent_yen; /* awarded to finished jobs and not spent */
    int64_t factor_g_e6; /* of the effect: millionths of g/kWh; -1: none is known */
    const char *factor_source;
    int alarms; /* findings with a month that are not unknown */
    grant_job *job;
    size_t njob, job_cap;
    grant_asset *asset; /* by id */
    size_t nasset, asset_cap;
    grant_finding *finding;
    size_t nfinding, finding_cap;
} office_grant;

/* fy: whose months are watched, up to today. */
MIZO_MUST_USE mizo_err office_grant_make(town *t, int fy, mizo_day today, office_grant *out);
void office_grant_free(office_grant *g);
bool office_grant_sound(const office_grant *g); /* no condition is broken, the awards are below the cap */
const grant_job *office_grant_job(const office_grant *g, const char *id); /* NULL: none */

/* The conditions of one asset over the months of the year: findings, and what it did. grant_watch.c */
MIZO_MUST_USE mizo_err grant_watch(town *t, office_grant *g, size_t asset);
/* A rule of a day; false: no row, said once for a name. */
bool grant_rule_on(town *t, const char *name, const char *key, mizo_day day, int64_t *value_e6);

/* grant_doc.c */
void office_grant_json(const office_grant *g, json *j); /* members of the object that is open */
void grant_job_json(const grant_job *x, json *j);
void office_grant_doc(const office_grant *g, const mizo_region *r, bool ja, report *p);
void grant_assets_doc(const office_grant *g, const mizo_region *r, bool ja,
                      report *p); /* the register alone */
void grant_effect_doc(const office_grant *g, const mizo_region *r, bool ja, report *p);
/* "Can this job use the grant in time?" in a sentence. */
void grant_job_text(const grant_job *x, bool ja, buf *out);

#endif
