/* inner.h: what the files of the desk share. Known to src/town/desk*.c alone. */
#ifndef TOWN_DESK_INNER_H
#define TOWN_DESK_INNER_H

#include "base/json_read.h"
#include "town/desk/desk.h"

/* Every half-hour missing. */
static inline void desk_blank(int32_t v[DESK_SLOTS])
{
    for (int t = 0; t < DESK_SLOTS; t++)
        v[t] = MIZO_MISSING;
}

/* ---- desk_supply.c: what sources give ---- */

/* Does the output of a source matter to a group: its own row, or of a generation group what others take. */
bool desk_source_of(const mizo_region *r, const mizo_bg *g, const mizo_source *s, mizo_day day);
/* The row of a group's market on a day; -1: it trades on none. */
mizo_ref desk_market(const mizo_region *r, const mizo_bg *g, mizo_day day);
/* The same, said where there is none: MIZO_EINPUT. */
MIZO_MUST_USE mizo_err desk_needs_market(const desk_act *a);
/* 48 values that somebody sent for a source or a plant: record `source-plan` or `plant-plan`, known by then.
 * MIZO_ENOENT: nobody has. */
MIZO_MUST_USE mizo_err desk_notified(store *s, const char *kind, const char *id, mizo_day day, mizo_ms by,
                                     int32_t wh[DESK_SLOTS]);
/* The same out of a plant's workbook, which the import keeps as the series PLANT-notified; *told: there is one. */
MIZO_MUST_USE mizo_err desk_sent_sheet(store *s, const char *plant, mizo_day day, mizo_ms by,
                                       int32_t wh[DESK_SLOTS], bool *told);
/* One reading series of a day as it was known at an instant; all missing where there is none. */
MIZO_MUST_USE mizo_err desk_read_series(store *s, const char *owner, mizo_quantity q, mizo_day day,
                                        mizo_ms as_of, int32_t v[DESK_SLOTS]);
/* Demand by member with the corrections of the day; returns the sum. */
void desk_correct_demand(const desk_forecast *f, const desk_correction *c, size_t n, desk_member *member,
                         mizo_wh sum[DESK_SLOTS]);
/* A record `desk-slot`. */
MIZO_MUST_USE mizo_err desk_read_correction(const store_record *rec, desk_correction *c);
/* Lamps of a point in a half-hour, Wh: their burning time lies around midnight. */
int32_t desk_lamp_wh(const mizo_point *p, int slot);
/* What of a generated amount reaches a meter, cut to the Wh. */
mizo_wh desk_through_loss(mizo_wh wh, int32_t loss_ppm);
/* The place of a point's supplier among the members of a group on a day; -1: not supplied by one of them. */
int desk_member_of(const mizo_region *r, const mizo_bg *g, mizo_ref point, mizo_day day);
/* Copies the k-th id of a list; false: there are no more. */
bool desk_listed(const char *list, size_t k, char id[MIZO_ID_MAX]);

/* ---- desk_day.c ---- */

/* Demand response of the group that may still be called on the day: what is free of it, and its price. Returns how many
 * lines, at most cap. */
size_t desk_calls(const desk_day *d, mizo_desk_line *out, size_t cap);

/* ---- desk_outage.c ---- */

/* The notices of the day's plants into d. MIZO_ESTORE: a record is not what this program writes. */
MIZO_MUST_USE mizo_err desk_outages(store *s, desk_day *d);
/* Lowers what was sent of a whole plant for a day to what its notices leave of it. */
MIZO_MUST_USE mizo_err desk_outage_cap(store *s, const mizo_region *r, const char *plant, mizo_day day,
                                       mizo_ms by, int32_t wh[DESK_SLOTS]);

/* ---- desk_records.c: reading JSON ---- */

/* Reads an array of whole numbers or null into v[0..n), null as INT64_MIN. MIZO_ESTORE: it is something else. */
MIZO_MUST_USE mizo_err desk_ints(json_reader *r, const json_token *t, int64_t *v, int n);
MIZO_MUST_USE mizo_err desk_ints32(json_reader *r, const json_token *t, int32_t *v, int n);

/* ---- desk_in.c: files and what they say, kept together ---- */

typedef struct desk_kept {
    const char *kind; /* of the record */
    const char *id;
    buf *text;
    const char *file_kind, *with, *name, *bytes;
    size_t n;
    bool sent;
} desk_kept;

/* The file into the register and the record, in one batch. */
MIZO_MUST_USE mizo_err desk_keep(const desk_act *a, const char *source, const desk_kept *k);
/* The file alone, in the open batch. */
MIZO_MUST_USE mizo_err desk_put_file(const desk_act *a, const char *kind, const char *with, const char *name,
                                     const char *bytes, size_t n, bool sent);
/* Bids as the exchange's table, appended. */
void desk_put_bids(const desk_act *a, const mizo_bid *bid, int n, buf *out);

/* ---- desk_batteries.c ---- */

/* The sites of the group's members that decide something, as the plan has them by their own tariffs. */
typedef struct desk_sites {
    mizo_uyen cost;          /* of all of them */
    mizo_wh net[DESK_SLOTS]; /* import - export of all of them */
} desk_sites;
/* What a site draws from the grid, Wh. */
typedef void (*desk_site_fn)(void *arg, mizo_ref point, const int32_t wh[DESK_SLOTS]);
/* MIZO_ENOENT: there are none, or nothing is known of them. each: may be NULL. */
MIZO_MUST_USE mizo_err desk_sites_plan(town *t, const mizo_bg *g, mizo_day day, mizo_ms issued,
                                       desk_site_fn each, void *arg, desk_sites *out);
/* What they would draw otherwise at worth_myen[48] for what the group has open, beside `own`, and what that costs
 * them. MIZO_ENOENT: there are none. */
MIZO_MUST_USE mizo_err desk_batteries(town *t, const mizo_bg *g, mizo_day day, mizo_ms issued,
                                      const desk_sites *own, const int32_t *worth_myen,
                                      mizo_wh move[DESK_SLOTS], mizo_uyen *uyen);

#endif
