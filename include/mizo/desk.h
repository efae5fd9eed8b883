/* desk.h: the day's book of a balancing group: 48 half-hours of demand, procurement and sale; what is still open and
 * what it may cost; deadlines; bids; imbalance after delivery and its split. Pure: values in, values out.
 *
 * Conventions. Energy of a plan is whole kWh, kept in Wh. The demand of a plan is the forecast: nothing here takes
 * procurement into it. `open` = demand + sales - procurement: above zero the group is short and buys. `imbalance`
 * is what the group gave too much: of demand planned procurement - use, of generation output - plan; above zero it is
 * paid at the surplus price, below zero it pays the shortage price; `uyen` is what the group receives (below zero:
 * pays). Domain: retail-balancing.md 2 to 4, operations.md 3; figures come from params.csv, never from here. */
#ifndef MIZO_DESK_H
#define MIZO_DESK_H

#include "mizo/number.h"
#include "mizo/region.h"

enum { MIZO_PLAN_UNIT = 1000 }; /* Wh: plans are in whole kWh */

/* ---- what the rules of a day are: params.csv ---- */

typedef struct mizo_curve_point {
    int32_t reserve_ppm, myen; /* wide-area reserve rate, price */
} mizo_curve_point;

/* X(member, name in params.csv, key or "", digits as kept) : all are whole numbers of 10^-digits of the unit that
 * params.csv gives. docs/formats/desk-files.md lists them with their units. */
#define MIZO_DESK_PARAMS(X)                                                                                  \
    X(loss_ppm[MIZO_LOW], "loss-rate", "low", 6)                                                             \
    X(loss_ppm[MIZO_HIGH], "loss-rate", "high", 6)                                                           \
    X(loss_ppm[MIZO_EXTRA_HIGH], "loss-rate", "extra-high", 6)                                               \
    X(spot_close_min, "spot-close", "", 0)                                                                   \
    X(next_day_min, "next-day-plan-due", "", 0)                                                              \
    X(late_open_min, "intraday-open", "", 0)                                                                 \
    X(gate_min, "gate-closure", "", 0)                                                                       \
    X(market_step_kwh, "market-step", "", 0)                                                                 \
    X(market_tick_myen, "market-tick", "", 3)                                                                \
    X(market_least_myen, "market-price-least", "", 3)                                                        \
    X(market_most_myen, "market-price-most", "", 3)                                                          \
    X(spot_fee_myen, "market-fee", "spot", 3)                                                                \
    X(intraday_fee_myen, "market-fee", "intraday", 3)                                                        \
    X(curve[0].reserve_ppm, "imbalance-reserve", "zero", 6)                                                  \
    X(curve[1].reserve_ppm, "imbalance-reserve", "d", 6)                                                     \
    X(curve[2].reserve_ppm, "imbalance-reserve", "c", 6)                                                     \
    X(curve[1].myen, "imbalance-price", "d", 3)                                                              \
    X(curve[2].myen, "imbalance-price", "c", 3)                                                              \
    X(long_high_myen, "imbalance-long-high", "price", 3)                                                     \
    X(long_high_slots, "imbalance-long-high", "slots", 0)                                                    \
    X(long_high_days, "imbalance-long-high", "days", 0)                                                      \
    X(long_high_cap_myen, "imbalance-long-high", "cap", 3)

typedef struct mizo_desk_rules {
    int32_t loss_ppm[3];                                 /* by mizo_voltage */
    int32_t spot_close_min, next_day_min, late_open_min; /* minutes after midnight of the day before */
    int32_t gate_min;                                    /* minutes before the half-hour */
    int32_t market_step_kwh, market_tick_myen, market_least_myen, market_most_myen;
    int32_t spot_fee_myen, intraday_fee_myen;
    mizo_curve_point curve[3]; /* by falling reserve; the price of the first is 0 */
    int32_t long_high_myen, long_high_slots, long_high_days, long_high_cap_myen;
} mizo_desk_rules;

/* Wh at the meter as Wh that the group answers for: metered / (1 - loss), half up. loss below 1. */
MIZO_API mizo_wh mizo_loss_adjusted(mizo_wh metered, int32_t loss_ppm);
/* To the plan's unit, half up. */
MIZO_API mizo_wh mizo_plan_whole(mizo_wh wh);

/* ---- the book ---- */

/* What is known of a source on the day. */
typedef struct mizo_desk_supply {
    mizo_ref source; /* row of region->source */
    const int32_t
        *given_wh; /* [48] of PRODUCED: the whole output; of NOTIFIED: what was sent; MIZO_MISSING unknown */
    const mizo_wh *bought_wh;     /* [48] of MARKET: results, signed, sold below zero; NULL: none yet */
    const mizo_uyen *bought_uyen; /* [48] beside it: what they cost with fee, received below zero */
    const mizo_wh *called_wh;     /* [48] of DR: what was called; NULL: nothing, and it is no procurement */
} mizo_desk_supply;

/* A unit that generates, of a generation group. */
typedef struct mizo_desk_unit {
    const char *id;
    const int32_t *wh; /* [48] what it will send out; MIZO_MISSING unknown */
} mizo_desk_unit;

typedef struct mizo_desk_line {
    mizo_ref source;            /* -1: a unit */
    const char *id;             /* of the source or the unit; borrowed */
    bool sale;                  /* counted on the side of demand */
    mizo_wh wh[MIZO_DAY_SLOTS]; /* >= 0, whole kWh */
    int32_t
        myen[MIZO_DAY_SLOTS]; /* of a kWh, of MARKET as its trades came out, half up; MIZO_MISSING: not known,
                                 or nothing in the slot */
    int missing; /* half-hours in which it should give and nobody has said how much: counted as 0 */
} mizo_desk_line;

enum { MIZO_DESK_LINES = 200, MIZO_DESK_MEMBERS = 64 };

typedef struct mizo_desk_ask {
    const mizo_region *region;
    const mizo_bg *group; /* as it is on the day */
    mizo_day day;
    const mizo_wh *demand; /* [48] the group's, adjusted for losses; NULL: none (a generation group) */
    size_t nunit;
    const mizo_desk_unit *unit; /* of a generation group: what it sells is what other groups take of them */
    size_t nsupply;
    const mizo_desk_supply *supply; /* of the sources that hold on the day; the others need none */
    const int32_t *spot_myen;       /* [48] or NULL: not known */
    /* The price of a parameter on the day, milli-yen; false: there is none. */
    bool (*param)(const void *arg, const char *name, int32_t *myen);
    const void *arg;
} mizo_desk_ask;

typedef struct mizo_desk_book {
    mizo_wh demand[MIZO_DAY_SLOTS], bought[MIZO_DAY_SLOTS], sold[MIZO_DAY_SLOTS], open[MIZO_DAY_SLOTS];
    mizo_uyen cost[MIZO_DAY_SLOTS]; /* of what is bought less what is sold, where the price is known */
    size_t nline;
    mizo_desk_line line[MIZO_DESK_LINES];
} mizo_desk_book;

/* Fills the book: fixed, produced and notified blocks, market results, then what takes up the rest, in the order
 * of ids. MIZO_EFULL: more lines than there is room for. MIZO_ERANGE: sums beyond int64. */
MIZO_API MIZO_MUST_USE mizo_err mizo_desk_book_make(const mizo_desk_ask *ask, mizo_desk_book *out);
/* Does a source hold in a slot of a day? */
MIZO_API bool mizo_source_on(const mizo_source *s, mizo_day day, int slot);

/* Demand + sales = procurement in every slot, to the kWh; nothing below zero. Says every slot that fails in d.
 * MIZO_EINPUT: at least one. Nothing is filed without it. */
MIZO_API MIZO_MUST_USE mizo_err mizo_desk_identity(const mizo_desk_book *b, mizo_diags *d);

/* ---- the clock ---- */

#define MIZO_DUES(X)                                                                                         \
    X(SPOT, "spot-bids", "bids to the exchange", "スポット入札")                                             \
    X(HAND_IN, "hand-in", "values to the parent", "親への提出")                                              \
    X(NEXT_DAY, "next-day-plan", "plan of the next day", "翌日計画")                                         \
    X(LATE, "late-plan", "what missed noon goes in as a plan of the day, from now",                          \
      "間に合わなかった翌日計画を当日計画で")                                                                \
    X(GATE, "gate-closure", "gate closure", "ゲートクローズ")

typedef enum mizo_due_kind {
#define X(name, id, en, ja) MIZO_DUE_##name,
    MIZO_DUES(X)
#undef X
} mizo_due_kind;

typedef enum mizo_due_state {
    MIZO_DUE_AHEAD,
    MIZO_DUE_DONE,  /* done in time */
    MIZO_DUE_MISSED /* passed, and not done */
} mizo_due_state;

typedef struct mizo_due {
    mizo_due_kind kind;
    mizo_due_state state;
    mizo_ms at;
    int slot; /* of GATE: the next half-hour that can still be changed closes then; else -1 */
} mizo_due;

/* When what was done; 0: not yet. */
typedef struct mizo_desk_done {
    mizo_ms bid, handed, filed;
} mizo_desk_done;

enum { MIZO_DESK_DUES = 5 };
/* The deadlines of a delivery day, in order of time; of GATE only the next. Returns how many. */
MIZO_API int mizo_desk_clock(const mizo_desk_rules *rules, const mizo_bg *g, mizo_day day, int offset,
                             mizo_ms now, const mizo_desk_done *done, mizo_due out[MIZO_DESK_DUES]);
/* The instant at which a slot of a day closes. */
MIZO_API mizo_ms mizo_desk_gate(const mizo_desk_rules *rules, mizo_day day, int slot, int offset);

/* ---- the exchange ---- */

typedef struct mizo_bid {
    uint8_t slot;
    bool sell;
    mizo_wh wh;   /* a multiple of the market's step */
    int32_t myen; /* a multiple of its tick, within its range */
} mizo_bid;

/* Bids that close the open position: what is short at the level `sure` (the low one of its band) at limit_myen, what
 * is more likely than not on top at the price the slot is worth without it (worth_myen); what is long at floor_myen.
 * Rounded towards no trade to the market's step. Returns the count, at most 2 a slot. */
typedef struct mizo_bid_ask {
    const mizo_desk_rules *rules;
    const mizo_wh *open, *open_low; /* [48] mean, low level */
    const int32_t *worth_myen; /* [48] what a kWh is expected to cost as imbalance; MIZO_MISSING: not known */
    int32_t limit_myen, floor_myen;
} mizo_bid_ask;
MIZO_API int mizo_desk_bids(const mizo_bid_ask *ask, mizo_bid out[2 * MIZO_DAY_SLOTS]);

/* ---- the position and the proposal ---- */

enum { MIZO_DESK_PATHS = 64, MIZO_DESK_CALLS = 8 };
typedef struct mizo_position_ask {
    int from;                   /* first slot that can still be changed; 48: none */
    int npath;                  /* 1 .. MIZO_DESK_PATHS */
    const mizo_wh (*open)[48];  /* [npath] what may be open in each slot */
    const int32_t (*worth)[48]; /* [npath] what a kWh of imbalance may cost, milli-yen */
    const int32_t
        *market; /* [48] what a kWh costs on the market still open, without fee; MIZO_MISSING: none */
    const mizo_wh *expected; /* [48] open as expected */
    const mizo_desk_rules *rules;
    size_t ncall;               /* up to MIZO_DESK_CALLS */
    const mizo_desk_line *call; /* demand response that may be called: wh and price of each slot */
    const mizo_wh *moved; /* [48] batteries: import more (above zero) or less in each slot; NULL: none */
    mizo_uyen moved_uyen; /* what that costs the sites */
} mizo_position_ask;

#define MIZO_DESK_MOVES(X)                                                                                   \
    X(HOLD, "hold", "hold", "そのまま")                                                                      \
    X(BUY, "buy", "buy on the market", "市場で買う")                                                         \
    X(SELL, "sell", "sell on the market", "市場で売る")                                                      \
    X(CALL, "call", "call demand response", "DRを要請する")                                                  \
    X(MOVE, "move", "move batteries", "蓄電池を動かす")

typedef enum mizo_desk_move {
#define X(name, id, en, ja) MIZO_MOVE_##name,
    MIZO_DESK_MOVES(X)
#undef X
        MIZO_DESK_MOVE_COUNT
} mizo_desk_move;

typedef struct mizo_priced_move {
    bool there;      /* it can be done */
    mizo_wh wh;      /* bought, sold, called or moved */
    mizo_wh then_wh; /* of a call and of batteries: traded besides, so that nothing stays open */
    mizo_uyen paid;  /* what it costs for certain: market and fee, the call, the sites; received below zero */
    mizo_uyen mean;  /* with it: expected cost of all, imbalance and paid */
    mizo_uyen p10, p90;
    mizo_wh by_slot[MIZO_DAY_SLOTS]; /* taken off what is open */
    mizo_wh traded[MIZO_DAY_SLOTS];  /* of these on the market: bought, sold below zero */
} mizo_priced_move;

typedef enum mizo_move_why {
    MIZO_WHY_CLOSED,  /* nothing is open that the market could take: hold */
    MIZO_WHY_CHEAPER, /* of what closes the position the cheapest, and cheaper than to wait */
    MIZO_WHY_DUTY,    /* waiting would be cheaper, but what is short must be bought: a plan must match */
    MIZO_WHY_WAIT,    /* something is long, and to wait is expected to be no dearer than to sell */
    MIZO_WHY_NONE     /* something is open and nothing can be done any more */
} mizo_move_why;

typedef struct mizo_position {
    mizo_wh open_short, open_long; /* expected, slots from `from` on */
    mizo_wh short_p10, short_p90;  /* of the sum of what is short */
    mizo_uyen mean, p10, p90;      /* cost of waiting for imbalance */
    mizo_priced_move move[MIZO_DESK_MOVE_COUNT];
    mizo_wh called[MIZO_DESK_CALLS][MIZO_DAY_SLOTS]; /* of the call: what of each line */
    mizo_desk_move chosen;
    mizo_move_why why;
} mizo_position;

/* MIZO_ERANGE: npath, ncall, or sums beyond int64. */
MIZO_API MIZO_MUST_USE mizo_err mizo_desk_position(const mizo_position_ask *ask, mizo_position *out);

/* ---- after delivery ---- */

/* Price of the reserve curve: straight lines between the points, flat outside them. */
MIZO_API int32_t mizo_reserve_price(const mizo_desk_rules *rules, int32_t reserve_ppm);
/* max(a, reserve price), the latter capped where the rule of long high prices holds. */
MIZO_API int32_t mizo_imbalance_price(const mizo_desk_rules *rules, int32_t marginal_myen,
                                      int32_t reserve_ppm, bool long_high);
/* Does the rule hold on a day? spot_myen[days * 48] are the prices of the long_high_days days before it. */
MIZO_API bool mizo_long_high(const mizo_desk_rules *rules, const int32_t *spot_myen);

typedef struct mizo_imbalance_slot {
    mizo_wh planned, actual;             /* procurement and use; or generation planned and given */
    int32_t surplus_myen, shortage_myen; /* MIZO_MISSING: not published */
} mizo_imbalance_slot;

typedef struct mizo_imbalance {
    mizo_wh surplus, shortage; /* sums, >= 0 each */
    mizo_uyen received, paid;  /* sums of slots whose amount is above, below zero; >= 0 each */
    mizo_uyen net;             /* received - paid, not rounded */
    int slots, unpriced;       /* settled; with a deviation and no price, not in it */
} mizo_imbalance;

/* What the group gave too much in a slot. */
MIZO_API mizo_wh mizo_imbalance_wh(mizo_bg_kind kind, const mizo_imbalance_slot *s);
/* What the group receives for it: exact. MIZO_ENOENT: no price. */
MIZO_API MIZO_MUST_USE mizo_err mizo_imbalance_uyen(mizo_wh imbalance, const mizo_imbalance_slot *s,
                                                    mizo_uyen *out);
/* Adds n slots to *sum. MIZO_ERANGE. */
MIZO_API MIZO_MUST_USE mizo_err mizo_imbalance_add(mizo_bg_kind kind, const mizo_imbalance_slot *s, size_t n,
                                                   mizo_imbalance *sum);

typedef struct mizo_share {
    mizo_wh imbalance; /* of the member by itself, signed */
    mizo_wh volume;    /* >= 0 */
    mizo_wh wh;        /* out: its share of the group's imbalance */
    mizo_uyen uyen;    /* out: its share of what the group receives */
} mizo_share;

/* Splits one slot of the group among its members by the rule: wh and uyen sum to the group's exactly. Where no
 * member has a weight all count alike. MIZO_ENOENT: no price (uyen 0). */
MIZO_API MIZO_MUST_USE mizo_err mizo_imbalance_split(mizo_bg_split rule, const mizo_imbalance_slot *group,
                                                     mizo_bg_kind kind, mizo_share *member, size_t n);

#endif
