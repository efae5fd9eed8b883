/* certificate.h: non-fossil certificates: held by lot, assigned to a menu or party and fiscal year, retired; never back.
 * docs/formats/certificates.md. Accounts cert:LOT -> assigned:TARGET:FY -> claim:TARGET:FY in the units
 * Wh-fit-VINTAGE, Wh-nonfit-re-VINTAGE, Wh-nonfit-VINTAGE, all of the last day of the vintage: so no more can be assigned
 * than is held, of any lot, kind and vintage, at any entry. Records of kind "certificate", one a lot. */
#ifndef TOWN_CERTIFICATE_H
#define TOWN_CERTIFICATE_H

#include "base/json.h"
#include "town/proof/match_report.h"

/* X(NAME, "word", renewable) */
#define CERTIFICATE_KINDS(X)                                                                                 \
    X(FIT, "fit", true)             /* FIT非化石証書 */                                                 \
    X(NONFIT_RE, "nonfit-re", true) /* 非FIT非化石証書(再エネ指定) */                             \
    X(NONFIT, "nonfit", false)      /* 非FIT非化石証書(指定なし) */

typedef enum certificate_kind {
#define X(name, word, re) CERTIFICATE_##name,
    CERTIFICATE_KINDS(X)
#undef X
        CERTIFICATE_KIND_COUNT
} certificate_kind;
extern const char *const certificate_words[]; /* ended by NULL */

typedef struct certificate {
    char lot[MIZO_ID_MAX];
    certificate_kind kind;
    int vintage; /* calendar year of generation */
    int64_t first,
        last; /* numbers, of one kWh each or of what the issuer numbers; unique in kind and vintage */
    mizo_wh wh;
    char plant[128], place[128]; /* tracking; "" none */
    char file[128];
    int line;
    mizo_day bought;  /* MIZO_DAY_NONE: not said; then there is no price either */
    int64_t price_e6; /* without tax, millionths of a yen per kWh */
    /* as the books have it */
    mizo_wh held; /* not yet assigned */
    int64_t batch;
} certificate;

typedef struct certificate_result {
    int rows, added, same;
    int priced; /* lots that were there and now have their day and price */
    mizo_wh wh;
} certificate_result;

/* What a lot cost, without tax; 0 where no price is said. */
MIZO_MUST_USE mizo_err certificate_cost(const certificate *c, mizo_uyen *out);

/* Reads a CSV (lot, kind, vintage, number_from, number_to, kwh; plant, place, bought, yen_per_kwh) into the books, one
 * batch. MIZO_EINPUT: a
 * row is wrong; MIZO_ECONFLICT: numbers issued before, said with the first one's place. Nothing is then posted. The
 * same row again is the same; with another day and price than were kept these are. */
MIZO_MUST_USE mizo_err certificate_import(town *t, const char *path, const char *actor,
                                          certificate_result *out);
MIZO_MUST_USE mizo_err certificate_import_text(town *t, const char *name, const char *text, size_t n,
                                               const char *actor, certificate_result *out);

/* Of a lot to a menu or party, for a fiscal year. wh 0: all that is held. MIZO_ENOENT: no such lot, menu or party;
 * MIZO_ECONFLICT: more than is held; MIZO_EINPUT: another vintage than the year's. All said. */
MIZO_MUST_USE mizo_err certificate_assign(town *t, const char *lot, const char *menu, const char *party,
                                          int fy, mizo_wh wh, const char *actor, mizo_wh *done);
/* All that is assigned to the menu or party for the year is used up for good. *done 0: there was nothing. */
MIZO_MUST_USE mizo_err certificate_retire(town *t, const char *menu, const char *party, int fy,
                                          const char *actor, mizo_wh *done);

/* How many years a vintage may serve beyond its own: params.csv certificate-later-years; without a row none. */
int certificate_later_years(const mizo_region *r, int fy);

MIZO_MUST_USE mizo_err certificate_each(store *s, mizo_err (*fn)(void *arg, const certificate *c), void *arg);

/* What stands behind a menu in a year. */
typedef struct certificate_cover {
    mizo_ref menu;
    mizo_promise promise; /* never BY_SHARE */
    mizo_wh import, need; /* kWh of the menu, of it promised as renewable */
    mizo_wh value;        /* renewable with its value through the pools */
    mizo_wh certificates; /* renewable, assigned or retired for it */
    mizo_wh other;        /* without RE designation: not counted */
    mizo_wh shortfall;
} certificate_cover;
/* Fills cover[0..nmenu) from a report of the year. *short_of: menus that are not covered. */
MIZO_MUST_USE mizo_err certificate_covers(store *s, const match_report *m, certificate_cover *cover,
                                          size_t *short_of);

/* ---- as JSON, for the verb and the API alike ---- */

/* "lots": each as it stands; last_fy: the last fiscal year that it may serve by the model. */
MIZO_MUST_USE mizo_err certificate_lots_json(store *s, const mizo_region *r, const char *key, json *j);
/* "uses": what is assigned to a menu or party and fiscal year, and what is used up for it, by unit. */
MIZO_MUST_USE mizo_err certificate_uses_json(store *s, const mizo_region *r, const char *key, json *j);
/* key: what stands behind each menu that sold anything in the report's year. *short_of: menus that are not covered. */
MIZO_MUST_USE mizo_err certificate_covers_json(store *s, const match_report *m, const char *key, json *j,
                                               size_t *short_of);

#endif
