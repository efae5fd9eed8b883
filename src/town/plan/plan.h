/* plan.h: the plan of a day, site by site, from what was known at its midnight; and why.
 *
 * Stored energy at midnight is as recorded at the end of the day before, else half of the window;
 * vehicles are the sessions that the store knows of, and one that came before midnight still wants all
 * that it wanted on arrival. */
#ifndef TOWN_PLAN_H
#define TOWN_PLAN_H

#include "town/foresee/forecast.h"
#include "town/plan/problem.h"

typedef struct plan_ask {
    mizo_day day;
    mizo_ms issued;
    bool hindcast;  /* as in forecast.h */
    bool unsteered; /* whatever the desks have decided of batteries (desk/steer.h) */
} plan_ask;

/* Why a battery, a vehicle or the sun does what it does in a run of slots. */
#define PLAN_REASONS(X)                                                                                      \
    X(CHEAP, "cheap", "cheap hours", "安い時間帯")                                                           \
    X(SUN, "sun", "own sun, no purchase", "自家太陽光で、買電なし")                                          \
    X(RESERVE, "reserve", "back to the reserve", "備えの残量に戻す")                                         \
    X(DEAR, "dear", "dear hours", "高い時間帯")                                                              \
    X(PEAK, "peak", "holds the peak already paid for", "支払い済みのピークを超えない")                       \
    X(LIMIT, "limit", "holds the contract power", "契約電力を超えない")                                      \
    X(TOWN, "town", "holds the town's limit", "まち全体の上限を超えない")                                    \
    X(NODE, "node", "holds a node's limit", "ノードの上限を超えない")                                        \
    X(CALL, "call", "answers a call", "要請に応じる")                                                        \
    X(BACK, "back", "holds a node's limit of what it sends back", "ノードの逆潮流の上限を超えない")          \
    X(MARKET, "market", "the town's market, peak or carbon", "まちの市場価格・最大需要・炭素価格のため")     \
    X(SOLD, "sold", "sold at a good price", "高く売れる")                                                    \
    X(LEAVES, "leaves", "leaves soon", "出発までに間に合わせる")                                             \
    X(NOT_WANTED, "not-wanted", "nowhere to go: no sale, battery full", "行き先なし(売電不可・満充電)")

typedef enum plan_reason {
#define X(name, id, en, ja) PLAN_WHY_##name,
    PLAN_REASONS(X)
#undef X
} plan_reason;

typedef enum plan_act { PLAN_CHARGES, PLAN_DISCHARGES, PLAN_VEHICLE, PLAN_CURTAILS } plan_act;

typedef struct plan_why {
    plan_act act;
    int index;    /* battery or vehicle of the problem */
    int from, to; /* slots [from, to) */
    mizo_wh energy_wh;
    plan_reason reason;
    int32_t low_myen, high_myen; /* prices that a kWh has at the site in those slots: from the duals */
    mizo_ref node;               /* of TOWN, NODE, CALL and BACK: whose limit; -1 the town's */
} plan_why;

enum { PLAN_WHYS = 256, PLAN_SESSIONS = 128 };

typedef struct plan_site {
    mizo_ref point;
    forecast_point forecast;
    int32_t soc_wh[MIZO_SITE_BATTERIES];
    int nsession;
    problem_session session[PLAN_SESSIONS];
    char vehicle[PLAN_SESSIONS][MIZO_ID_MAX];
    site_problem problem;
    mizo_site_plan plan;
    /* What the town asks of the site in each slot, from the duals; zero where it is planned by itself. */
    int32_t node_myen[MIZO_DAY_SLOTS]; /* of a kWh at its node, beside what the site pays */
    /* The part of it that the dearest limit above makes: more where it is of import, less where of what is sent back. */
    int32_t cap_myen[MIZO_DAY_SLOTS];
    mizo_ref cap_node[MIZO_DAY_SLOTS];  /* whose limit that is */
    bool cap_call[MIZO_DAY_SLOTS];      /* it holds for a while only */
    bool steered;                       /* by a desk: */
    int32_t steer_myen[MIZO_DAY_SLOTS]; /* what a kWh counts beside what the site pays */
    int nwhy;
    plan_why why[PLAN_WHYS];
} plan_site;

typedef struct plan_desk plan_desk;
/* Works for one store connection and one thread. NULL: out of memory. solver NULL: for plan_ask_point alone. */
plan_desk *plan_desk_new(const mizo_region *r, store *s, const mizo_lp_solver *solver, const plan_ask *ask);
void plan_desk_free(plan_desk *d);
/* Plans one point. MIZO_ENOENT: nothing known to forecast from; MIZO_EINPUT: its data make no problem;
 * or the store's error. out is some 500 kB: the caller keeps one. */
MIZO_MUST_USE mizo_err plan_of_point(plan_desk *d, mizo_ref point, plan_site *out);
/* The same without the plan: forecast, stored energy, sessions and the problem. */
MIZO_MUST_USE mizo_err plan_ask_point(plan_desk *d, mizo_ref point, plan_site *out);
/* What a point that decides nothing is expected to draw, W [48], net. */
MIZO_MUST_USE mizo_err plan_net_of_point(plan_desk *d, mizo_ref point, int32_t *net_w);
/* What the plants will send out, W [48]; the market's price, MIZO_MISSING where nobody knows. */
MIZO_MUST_USE mizo_err plan_plants(plan_desk *d, int32_t *w);
MIZO_MUST_USE mizo_err plan_prices(plan_desk *d, int32_t *myen);
/* Keeps the plan in the open batch as issued at midnight: import, export and generation of the point,
 * charge, discharge and stored energy of each battery, charge of each charger. */
MIZO_MUST_USE mizo_err plan_keep(plan_desk *d, const plan_site *p);
/* One day of mean W, kept as Wh of the half-hour in the open batch. */
MIZO_MUST_USE mizo_err plan_keep_day(plan_desk *d, const char *owner, mizo_quantity q, const int32_t *w);

/* Takes out of a plan's cost and bound what a desk's price made of them: the site does not pay it. */
void plan_without_steer(plan_site *p);
/* Fills why[] of a plan; plan_of_point has done so. */
void plan_explain(plan_site *p);

#endif
