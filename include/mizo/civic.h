/* civic.h: the rows of a region's city files: figures and their targets, plan trees, registers, inventories.
 *
 * Facts and figures as they were published, each with its source; what is computed from them is src/city's. A value is
 * kept in millionths of its unit, the unit as it was written (units: docs/formats/figures.md); a region with a unit that
 * cannot be read is not accepted. Days are local; validity is [from, to). `line` is the row's line in its file. Strings
 * belong to the model. Page: docs/mechanisms/city.md */
#ifndef MIZO_CIVIC_H
#define MIZO_CIVIC_H

#include "mizo/trade.h"

/* How good a published result is; the later word holds. */
typedef enum mizo_vintage {
    MIZO_VINTAGE_FINAL,
    MIZO_VINTAGE_PROVISIONAL, /* 暫定値, 速報値 */
    MIZO_VINTAGE_REVISED,     /* 改定値 */
    MIZO_VINTAGES
} mizo_vintage;

typedef enum mizo_better { MIZO_BETTER_NONE, MIZO_BETTER_UP, MIZO_BETTER_DOWN } mizo_better;

typedef enum mizo_inventory_kind {
    MIZO_INVENTORY_AREA,
    MIZO_INVENTORY_OPERATOR,
    MIZO_INVENTORY_EXAMPLE
} mizo_inventory_kind;

/* An inventory by its name. One that only inventory.csv knows has no row: it is of an area and called by its id. */
typedef struct mizo_inventory {
    const char *id, *name_ja, *name_en;
    mizo_inventory_kind kind;
    const char *entity; /* of an operator: entity or bureau of facilities.csv; "": all public facilities */
    const char *source, *note;
    int32_t line;
} mizo_inventory;

/* What an indicator is beside its inventory. */
typedef enum mizo_inventory_part {
    MIZO_PART_OTHER,
    MIZO_PART_TOTAL,      /* the line that is followed over the years */
    MIZO_PART_CHANGE,     /* against a base year */
    MIZO_PART_CAPACITY,   /* of renewables */
    MIZO_PART_SUBSIDISED, /* homes with PV: how many, and their kW */
    MIZO_PART_SUBSIDISED_KW,
    MIZO_PARTS
} mizo_inventory_part;

/* What a figure is and how it is printed. Results: published.csv and the records that people enter. */
typedef struct mizo_indicator {
    const char *id, *name_ja, *name_en;
    const char *unit;    /* it is printed in: "万t-CO2" */
    int32_t digits;      /* decimals; -1: to tens */
    int32_t rounding;    /* mizo_round: 0 half up, then as listed in indicators.csv */
    bool about;          /* with 約 */
    mizo_better better;  /* the direction that is wished for */
    bool cumulative;     /* a total since the beginning, not the year's own */
    const char *formula; /* over other indicators; "": results only */
    const char *owner, *source, *note;
    mizo_ref inventory; /* -1: stands beside none */
    mizo_inventory_part part;
    int32_t line;
} mizo_indicator;

typedef enum mizo_goal_rule { MIZO_GOAL_AT_LEAST, MIZO_GOAL_AT_MOST } mizo_goal_rule;

/* A target as it was decided on a day; a later row of the same indicator and year replaces it, both stay. */
typedef struct mizo_goal {
    mizo_ref indicator;
    int fy;
    int64_t value_e6;
    const char *unit;
    mizo_goal_rule rule;
    mizo_day decided;  /* INT32_MIN: since ever */
    const char *whose; /* "city", "city-hall", "country" ...: kept apart in reports; "": the city's */
    const char *reason, *source;
    int32_t line;
} mizo_goal;

/* A node of a plan: vision, goal, direction, measure, project; policy, field. The parent is above it. */
typedef struct mizo_plan_node {
    const char *id, *name_ja, *name_en;
    const char *plan;   /* "climate", "comprehensive" */
    const char *level;  /* "direction", "measure", "policy" ... */
    const char *code;   /* as printed: "II", "8", "4-2-4" */
    const char *parent; /* id; "": the top */
    int32_t declared;   /* how many the text says stand below it; -1: says nothing */
    const char *below;  /* of which level */
    const char *owner, *source;
    int32_t line;
} mizo_plan_node;

/* A business of the administration. Its number is the key: one name may stand for several. */
typedef struct mizo_business {
    const char *id; /* "055" */
    const char *name_ja, *name_en;
    const char *same_as;       /* 再掲: the number under which it counts; "": its own */
    const char *owner;         /* bureau */
    const char *status, *tags; /* words parted by spaces */
    const char *source;
    int32_t line;
} mizo_business;

/* A business stands under a node. */
typedef struct mizo_listing {
    mizo_ref node, business;
    int32_t line;
} mizo_listing;

/* Money of a business in a year, by where it comes from. */
typedef struct mizo_budget {
    mizo_ref business;
    int fy;
    const char *fund;
    int64_t budget_yen, spent_yen; /* spent -1: not known yet */
    const char *source;
    int32_t line;
} mizo_budget;

/* A bar of a roadmap: of a node or of a business. */
typedef struct mizo_task {
    const char *id, *name_ja, *name_en;
    const char *of; /* id of a node or number of a business */
    const char *owner, *status;
    mizo_day from, to;
    const char *source;
    int32_t line;
} mizo_task;

/* A word of a scale by which nodes are evaluated, best first in the order of the file. A status may say when the rule
 * proposes it: what share of the outcome indicators has reached the year's target, and what each of the others has done. */
typedef enum mizo_scale { MIZO_SCALE_STATUS, MIZO_SCALE_DIRECTION } mizo_scale;
typedef enum mizo_others { MIZO_OTHERS_ANY, MIZO_OTHERS_BETTER, MIZO_OTHERS_FORWARD } mizo_others;
typedef struct mizo_rating {
    mizo_scale scale;
    const char *word, *print_ja, *also; /* "II", "Ⅱ" (""  as the word), other ways to write it */
    const char *name_ja, *name_en;
    int32_t reached_ppm, gone_ppm; /* at least; -1: not asked */
    mizo_others others;
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_rating;
/* Is it this one, however it is written: capitals, full width, the Japanese print, one of `also`. */
MIZO_API bool mizo_rating_is(const mizo_rating *x, const char *word);

/* What the evaluation of a node says for a year. */
typedef struct mizo_evaluation {
    mizo_ref node;
    int fy;
    const char *status, *direction; /* words of scales.csv */
    const char *reason, *way;       /* of the status, of the direction */
    const char *by, *source;
    int32_t line;
} mizo_evaluation;

/* Which indicators a node is judged by. */
typedef struct mizo_measure_of {
    mizo_ref node, indicator;
    bool outcome; /* else an activity */
    int32_t line;
} mizo_measure_of;

/* A list of members, of shares, of things. */
typedef struct mizo_register {
    const char *id, *name_ja, *name_en;
    const char *kind, *owner, *source;
    const char *counted; /* the units in which its rows are counted in a text: "者 団体"; "": not said */
    int32_t line;
} mizo_register;

typedef struct mizo_register_row {
    mizo_ref reg;
    int32_t number; /* as printed; 0: none */
    const char *name_ja, *name_en;
    const char *part;  /* group within: finance, support */
    int32_t share_ppm; /* of a list of shares */
    int64_t amount_e6; /* what else is counted, in unit */
    const char *unit, *place, *owner, *status, *note;
    const char *thing;      /* what it is, the same word in every register that lists it; "": not said */
    const char *evidence;   /* why it is that thing */
    const char *basis, *of; /* what it rests on: a law, a decision; where the plan has it: "13/076" */
    mizo_day from, to;
    const char *source;
    int32_t line;
} mizo_register_row;

/* How many a source says there were on a day. */
typedef struct mizo_register_count {
    mizo_ref reg;
    mizo_day on;
    const char *part; /* "": all */
    int32_t count;
    const char *source;
    int32_t line;
} mizo_register_count;

/* A cell of an inventory as it was published. "all" in sector, gas or form: a printed total. */
typedef struct mizo_emission {
    const char *inventory; /* "city", "city-hall" */
    int fy;
    mizo_vintage vintage;
    mizo_day on; /* published; INT32_MIN: not known */
    const char *sector, *gas, *form;
    int64_t value_e6;
    const char *unit;
    int64_t step_e6; /* it was rounded to this, in unit; 0: exact */
    const char *source, *note;
    int32_t line;
} mizo_emission;

/* An activity and what a unit of it gives off: activity x factor x GWP = a line of an inventory. */
typedef struct mizo_activity {
    const char *inventory;
    int fy;
    mizo_vintage vintage;
    mizo_day on; /* when its edition came out */
    const char *id, *sector, *gas, *form;
    int64_t amount_e6;
    const char *unit;
    int64_t factor_e6;   /* kg of the gas for one unit */
    const char *gwp_set; /* "AR5" */
    const char *basis;   /* what the amount rests on: one of MIZO_BASES; "": not said */
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_activity;

/* What an amount rests on. An ordinance report stands in for plant data that the country has not published yet: a year
 * that rests on one is provisional. X(WORD, "english", "日本語") */
#define MIZO_BASES(X)                                                                                        \
    X(statistics, "statistics", "統計")                                                                      \
    X(plant, "plant data of the country", "国の事業所データ")                                                \
    X(ordinance, "ordinance report", "条例の報告")                                                           \
    X(owner, "the owner's own table", "所管課の報告")                                                        \
    X(carried, "carried over", "前年度から据え置き")                                                         \
    X(estimate, "estimate", "推計")

/* A category of another scheme (the ministry's, GPC, eCRF) and the cell of our inventories that it is. "*" in gas: each
 * gas by itself. A category of several cells has several rows. */
typedef struct mizo_category {
    const char *scheme, *code, *name_ja, *name_en;
    const char *sector, *gas, *form; /* "" all three: no cell of ours */
    const char *key;                 /* printed where there is no figure: NO, NE, IE, C; "": blank */
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_category;

typedef struct mizo_gwp {
    const char *set, *gas;
    int64_t gwp_e3;
    const char *source;
    mizo_mark mark;
    int32_t line;
} mizo_gwp;

/* Another name for something: misspelt, outdated, short. */
typedef struct mizo_alias {
    const char *alias;
    const char *means; /* an id of any city file, or of plants.csv, parties.csv, suppliers.csv */
    const char *source, *note;
    int32_t line;
} mizo_alias;

/* A figure that must come out: what is asked of the books, and the text that a source prints. */
typedef struct mizo_claim_check {
    const char *id, *ask, *expected, *source, *note;
    int32_t line;
} mizo_claim_check;

#endif
