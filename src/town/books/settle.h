/* settle.h: a local day of renewable power into the books. docs/mechanisms/matching.md
 *
 * Accounts: world -> source:<id> is what was generated; source:<id> -> pool:own -> use:<point> is what
 * a roof gave its own house; source:<id> -> pool:<pool> -> use:<point> is what the town's plants and
 * roofs gave to the town, slot by slot, min(supply, demand) in each pool of pools.csv ("town" where there
 * is none). Batteries: pool:<pool> -> storage:<point>, and out of it again. Unit "Wh-re" and those of
 * match_day.h, one entry a day and pair. */
#ifndef TOWN_SETTLE_H
#define TOWN_SETTLE_H

#include "town/town.h"

/* What is known of one day. Rows of 48 Wh, MIZO_MISSING where unknown. */
typedef struct settle_day {
    mizo_day day;
    int32_t (*plant)[48];                    /* [nplant] generation */
    int32_t (*pv)[48];                       /* [npoint] AC output of the point's panels */
    int32_t (*import)[48];                   /* [npoint] */
    int32_t (*export)[48];                   /* [npoint] */
    int32_t (*charge)[48], (*discharge)[48]; /* [npoint] AC of the point's batteries; NULL: not known */
} settle_day;

typedef struct settle_result {
    mizo_day day;
    int sources, consumers; /* with anything in the day */
    mizo_wh supply_wh;      /* offered to the town: plants and surplus of roofs */
    mizo_wh demand_wh;      /* import of the points */
    mizo_wh matched_wh;     /* through the pools, what then went into batteries too */
    mizo_wh own_wh;         /* through pool:own */
    int posted;             /* entries; 0: the day was settled so already */
    bool corrected;         /* the day had been settled otherwise before */
    bool empty;             /* nothing is recorded of this day */
    int unread; /* half-hours in which a roof made power and no reading says what left: counted as used there */
    const char *unread_at; /* the first such roof, of the model; NULL */
} settle_result;

/* Settles one day in a batch of its own, durable on return. Posts the difference to what the journal
 * already has of the day, so settling twice posts nothing. MIZO_ECONFLICT: a claim stands in the way
 * (said in d with its place; nothing is posted). */
MIZO_MUST_USE mizo_err settle_post(store *s, const mizo_region *r, const settle_day *in, mizo_ms known,
                                   const char *actor, mizo_diags *d, settle_result *out);

/* The same as if there were no batteries: takes back what later days had out of a day that is to be corrected. */
MIZO_MUST_USE mizo_err settle_bare(store *s, const mizo_region *r, const settle_day *in, mizo_ms known,
                                   const char *actor, mizo_diags *d, settle_result *out);

/* The same inside a batch that is open already: for the writer of the running town. known must be that
 * batch's own: the chain holds it, and verify reads it from the batch. */
MIZO_MUST_USE mizo_err settle_put(store *s, const mizo_region *r, const settle_day *in, mizo_diags *d,
                                  settle_result *out);

/* The matching alone, without any store: what settle_post would bring about. matched: [48], may be
 * NULL; to_point: [npoint][48] through both pools, may be NULL. */
MIZO_MUST_USE mizo_err settle_match(const mizo_region *r, const settle_day *in, settle_result *out,
                                    int32_t matched[48], int32_t (*to_point)[48]);

/* Recorded readings as settle_days. */
typedef struct settle_reader settle_reader;
MIZO_MUST_USE mizo_err settle_reader_new(store *s, const mizo_region *r, settle_reader **out);
/* From here on days are read as they were known at an instant, series by series (slower); STORE_LATEST: now, as at first. */
void settle_reader_as_of(settle_reader *k, mizo_ms as_of);
void settle_reader_free(settle_reader *k);
/* Borrowed until the next call. */
MIZO_MUST_USE mizo_err settle_read(settle_reader *k, mizo_day day, const settle_day **out);

/* Settles the recorded days of [from, to]; each(arg, result) after every day, an error of it stops. */
MIZO_MUST_USE mizo_err settle_days(town *t, mizo_day from, mizo_day to, const char *actor,
                                   mizo_err (*each)(void *arg, const settle_result *r), void *arg);

#endif
