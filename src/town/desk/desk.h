/* desk.h: the day's desk of a balancing group, joined from the region's files and the store.
 *
 * What is forecast is kept as issued (record `desk-forecast`), what is planned as a draft that a machine may make
 * again (`desk-draft`), what is filed as versions that nothing takes back (`desk-plan`). Whoever looks reads these
 * and adds the latest prices, results and readings to them; nothing is forecast in order to look.
 * docs/mechanisms/desk.md, records: docs/formats/desk-files.md */
#ifndef TOWN_DESK_H
#define TOWN_DESK_H

#include "base/json.h"
#include "mizo/desk.h"
#include "town/desk/outages.h"
#include "town/town.h"

enum {
    DESK_SLOTS = MIZO_DAY_SLOTS,
    DESK_UNITS = 64,
    DESK_ACTOR = 64,
    DESK_REASON = 404,
    DESK_PATHS = 32,
    DESK_OUTAGES = 32
};

/* ---- the rules of a day ---- */

/* From params.csv. MIZO_ENOENT: at least one figure is missing for the day; each is said. */
MIZO_MUST_USE mizo_err desk_rules(const mizo_region *r, mizo_day day, mizo_diags *d, mizo_desk_rules *out);
/* The only group of a kind that holds on the day, or the named one. MIZO_ENOENT, said: none, or several. */
MIZO_MUST_USE mizo_err desk_group(const mizo_region *r, const char *id, mizo_bg_kind kind, mizo_day day,
                                  mizo_diags *d, const mizo_bg **out);
/* The town's clock: of a region with a simulated clock (clock_start) where that stands, else the wall's. */
MIZO_MUST_USE mizo_err desk_now(town *t, mizo_ms *now);

/* ---- the forecast, as issued ---- */

typedef struct desk_row {
    char id[MIZO_ID_MAX];
    int32_t wh[DESK_SLOTS]; /* MIZO_MISSING unknown */
} desk_row;

typedef struct desk_member {
    char id[MIZO_ID_MAX];
    mizo_wh demand[DESK_SLOTS]; /* adjusted for losses */
} desk_member;

typedef struct desk_forecast {
    mizo_ms issued; /* what was known at this instant */
    int points, borrowed, silent,
        lamp;    /* forecast; of these from others; without anything to learn from; lamps */
    int planned; /* of the points: sites that decide something, as their plan has them */
    size_t nmember;
    desk_member member[MIZO_DESK_MEMBERS];
    mizo_wh demand[DESK_SLOTS], low[DESK_SLOTS], high[DESK_SLOTS]; /* the sum; P10, P90 */
    size_t ngiven;
    desk_row given[DESK_UNITS]; /* by source: what plant, panels or point will give, or what was notified */
    size_t nunit;
    desk_row unit[DESK_UNITS]; /* of a generation group: its plants and panels */
    bool price_known;          /* the market has spoken */
    int32_t price[DESK_SLOTS], price_low[DESK_SLOTS], price_high[DESK_SLOTS]; /* MIZO_MISSING unknown */
    int npath;
    mizo_wh off[DESK_PATHS]
               [DESK_SLOTS]; /* what may be short beyond the means: demand less what is produced */
    mizo_wh
        told[DESK_SLOTS]; /* in the demand, since batteries had been told so before (desk_decision.moved) */
    bool moved;           /* batteries have been asked what they could do */
    mizo_wh move_wh[DESK_SLOTS]; /* import more, or less, than their own plan */
    mizo_uyen move_uyen;         /* what that costs their sites */
} desk_forecast;

/* Forecasts the day of a group from what was known at `issued`. with_batteries: also asks the plan engine.
 * MIZO_ENOENT (said): nothing is known of any of its points or plants; or the store's error. *out is large: the
 * caller keeps it on the heap. */
MIZO_MUST_USE mizo_err desk_foresee(town *t, const mizo_bg *g, mizo_day day, mizo_ms issued,
                                    bool with_batteries, const int *stop, desk_forecast *out);

/* ---- what is kept ---- */

/* A plan: a draft, or one that was filed. */
typedef struct desk_plan {
    int version;    /* of filed ones from 1; 0: a draft */
    mizo_ms at;     /* when it was made, or filed */
    mizo_ms first;  /* when the first version was filed */
    mizo_ms issued; /* of the forecast that it stands on */
    char actor[DESK_ACTOR], reason[DESK_REASON];
    char file[160], hash[65]; /* the file that went out; "" */
    bool late;                /* filed after the deadline, as a plan of the day */
    size_t nmember;
    desk_member member[MIZO_DESK_MEMBERS]; /* with corrections by hand */
    mizo_desk_book book;
    char line_id[MIZO_DESK_LINES][MIZO_ID_MAX]; /* what book.line[].id points to, after reading */
} desk_plan;

/* One slot of a member's demand, put right by hand. */
typedef struct desk_correction {
    char member[MIZO_ID_MAX];
    int slot;
    mizo_wh was, wh; /* wh -1: taken back */
    char actor[DESK_ACTOR], reason[DESK_REASON];
    mizo_ms at;
    int version;
} desk_correction;

/* Records as JSON and back. MIZO_ESTORE: a record is not what this program writes. MIZO_ENOENT: none. */
void desk_forecast_json(const desk_forecast *f, json *j);
MIZO_MUST_USE mizo_err desk_forecast_read(store *s, const char *group, mizo_day day, desk_forecast *out);
void desk_plan_json(const mizo_region *r, const desk_plan *p, json *j);
MIZO_MUST_USE mizo_err desk_plan_read(store *s, const mizo_region *r, const char *kind, const char *group,
                                      mizo_day day, desk_plan *out);
/* "GROUP/2021-07-15" */
enum { DESK_ID = MIZO_ID_MAX + 16 };
void desk_id(const char *group, mizo_day day, char out[DESK_ID]);

/* ---- the whole day, to look at ---- */

typedef struct desk_result { /* of the exchange */
    mizo_wh wh;              /* bought; sold below zero */
    mizo_uyen uyen;          /* paid with fee; received below zero */
} desk_result;

/* What a person decided about what is open, as it was priced then: desk_decide.h. */
typedef struct desk_called {
    char source[MIZO_ID_MAX];
    mizo_wh wh[DESK_SLOTS]; /* called in all */
} desk_called;

typedef struct desk_decision {
    int version; /* 0: nothing was decided */
    mizo_desk_move move;
    mizo_wh wh, then_wh;           /* by the move; traded besides */
    mizo_uyen paid, mean, waiting; /* for certain; expected with it, and by waiting */
    char actor[DESK_ACTOR], reason[DESK_REASON];
    char file[160]; /* bids that went out; "" */
    mizo_ms at;
    size_t ncall;
    desk_called call[MIZO_DESK_CALLS]; /* of this decision and those before */
    bool steers;                       /* batteries are to move, by this decision or one before: */
    mizo_wh moved
        [DESK_SLOTS]; /* their sites draw so much more (above zero) or less than by their tariffs alone ... */
    int32_t price
        [DESK_SLOTS]; /* ... since a kWh counts so many milli-yen beside the tariff; 0: nothing is asked */
} desk_decision;

/* What happened, as it is known. */
typedef struct desk_actual {
    int64_t wh[DESK_SLOTS]; /* use adjusted for losses, or generation; INT64_MIN unknown */
    size_t nmember;
    int64_t member[MIZO_DESK_MEMBERS][DESK_SLOTS]; /* of the members, or the units */
    int slots, filled;                             /* known; readings in them that a rule has filled */
} desk_actual;

typedef struct desk_day {
    const mizo_region *region;
    const mizo_bg *group;
    mizo_day day;
    mizo_ms now;
    mizo_desk_rules rules;
    bool has_forecast, has_draft, has_filed;
    desk_forecast forecast;
    desk_plan draft, filed; /* filed: the latest */
    size_t ncorrection;
    desk_correction correction[DESK_SLOTS * 4];
    mizo_desk_book book; /* with the latest forecast, corrections and results: what would be filed now */
    size_t nresult;      /* half-hours with results */
    desk_result result[DESK_SLOTS];
    bool handed[MIZO_DESK_MEMBERS]; /* of a parent: the k-th member's own values are here */
    mizo_ms bid_at, handed_at;
    desk_decision decision;
    int nbid;
    int32_t spot[DESK_SLOTS];                          /* MIZO_MISSING unknown */
    int32_t surplus[DESK_SLOTS], shortage[DESK_SLOTS]; /* imbalance prices */
    int32_t reserve[DESK_SLOTS];                       /* wide-area reserve rate expected, ppm */
    bool high_run;                                     /* the rule of long high prices caps the curve */
    bool stand_in; /* there are none of the day: the market's prices stand in for them */
    bool priced;   /* every open half-hour has a price to reckon with */
    int32_t flag[DESK_SLOTS];
    desk_actual actual;
    mizo_position position;
    int ndue;
    mizo_due due[MIZO_DESK_DUES];
    int noutage;
    outage outage[DESK_OUTAGES]; /* of plants that feed the group, within the day; by id */
    int changed_slots;           /* half-hours in which the forecast has moved since it was filed */
    mizo_wh changed_wh;
} desk_day;

/* Reads the desk of a day. *out is large and holds pointers into the region. now 0: the town's clock. */
MIZO_MUST_USE mizo_err desk_read(town *t, const mizo_bg *g, mizo_day day, mizo_ms now, desk_day *out);
/* The same from a forecast that is not kept. */
MIZO_MUST_USE mizo_err desk_read_with(town *t, const mizo_bg *g, mizo_day day, mizo_ms now,
                                      const desk_forecast *f, desk_day *out);
/* Only the clock: group, day, now, rules, records and due of *out. */
MIZO_MUST_USE mizo_err desk_deadlines(town *t, const mizo_bg *g, mizo_day day, mizo_ms now, desk_day *out);
/* What a group's members used, or its units gave, as known at an instant; where a few readings are missing they are
 * filled by the same half-hour a week before ("same-slot-last-week") and counted. */
MIZO_MUST_USE mizo_err desk_actual_read(town *t, const mizo_bg *g, const mizo_desk_rules *rules, mizo_day day,
                                        mizo_ms as_of, desk_actual *out);
/* As JSON: of the verb and of the page. */
void desk_json(const desk_day *d, json *j);

/* ---- acts: each in a batch of its own, by an actor ---- */

typedef struct desk_act {
    town *town;
    const mizo_bg *group;
    mizo_day day;
    mizo_ms now;
    const char *actor, *reason; /* reason NULL or "": none given */
    mizo_diags *diags;
    const int *stop; /* atomic: not zero ends a forecast with MIZO_ECANCELED; NULL: none */
    bool xlsx;       /* a member's values also as a workbook */
} desk_act;

/* Forecasts and keeps forecast and draft: both halves, of which only the second writes. */
MIZO_MUST_USE mizo_err desk_draft(const desk_act *a, desk_day *out);
MIZO_MUST_USE mizo_err desk_draft_foresee(const desk_act *a, desk_forecast *out);
MIZO_MUST_USE mizo_err desk_draft_keep(const desk_act *a, const desk_forecast *f, desk_day *out);
/* Files what the book says now: only where supply and demand match in each slot (each that does not is said), where
 * nothing that has closed is changed, after the first time only with a reason. The file goes into the register.
 * MIZO_EINPUT: said why not; MIZO_ECONFLICT: a slot has closed (said with its time). */
MIZO_MUST_USE mizo_err desk_file(const desk_act *a, desk_day *out);
/* Puts one slot of a member right. MIZO_ECONFLICT: gate closure has passed, or somebody else did so before (said:
 * who and when); over names whom. */
typedef struct desk_right {
    const char *member; /* NULL: the only one */
    int slot;
    mizo_wh wh;       /* -1: take the correction back */
    const char *over; /* who may be overruled */
} desk_right;
MIZO_MUST_USE mizo_err desk_correct(const desk_act *a, const desk_right *what);
/* What stands of that half-hour and member; version 0: nothing. MIZO_EINPUT (said): no such member. */
MIZO_MUST_USE mizo_err desk_correction_read(const desk_act *a, const desk_right *what, desk_correction *out);

#endif
