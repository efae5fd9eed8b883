/* balancing.h: who plans for whom, and where the power comes from: rows of groups.csv and sources.csv.
 *
 * A balancing group files a plan of 48 half-hours and answers for what happened instead (domain: retail-balancing.md
 * 2, operations.md 1). A source is a dated block of procurement, or of sale: how much in which half-hours, from
 * whom, at which price, with the environmental value or without. docs/formats/desk-files.md */
#ifndef MIZO_BALANCING_H
#define MIZO_BALANCING_H

#include "mizo/series.h"

typedef int32_t mizo_ref;

typedef enum mizo_bg_kind {
    MIZO_BG_DEMAND,     /* members are suppliers (suppliers.csv): all points they supply */
    MIZO_BG_GENERATION, /* members are plants and solar plants */
    MIZO_BG_SELF        /* self-wheeling: members are the points that receive; the sources are plants */
} mizo_bg_kind;

/* What we are in it, from day to day. */
typedef enum mizo_bg_role {
    MIZO_BG_MEMBER, /* another firm files; we hand it our 48 values */
    MIZO_BG_PARENT, /* we file for all members and split the group's imbalance */
    MIZO_BG_ALONE   /* we file for ourselves */
} mizo_bg_role;

/* How a group's imbalance is split among its members; each exact to the micro-yen (mizo/desk.h). */
typedef enum mizo_bg_split {
    MIZO_SPLIT_DEVIATION, /* pro rata to each member's own absolute deviation */
    MIZO_SPLIT_VOLUME,    /* pro rata to each member's volume */
    MIZO_SPLIT_DIRECT /* each member's own deviation at the price; what netting saves or costs, by volume */
} mizo_bg_split;

/* What a group is from `from` on. A group has several rows, one after another. */
typedef struct mizo_bg {
    const char *id, *name_ja, *name_en;
    mizo_bg_kind kind;
    mizo_bg_role role;
    const char *parent;   /* party that files for us where we are member, else "" */
    const char *code;     /* of the group in plan files (5 letters), "" unknown */
    const char *firm;     /* code of the firm that files, 5 letters */
    const char *receiver; /* code of who takes the plan, 5 letters */
    uint8_t hand_in; /* slot of the day before by whose start the parent wants our values; 48: not said */
    mizo_bg_split split;
    int32_t fee_myen;    /* per kWh of demand, paid to the parent: by us, or where we are it by the others */
    const char *prices;  /* owner of the imbalance prices: "imbalance-tokyo" (-surplus, -shortage, -flag) */
    bool machine_files;  /* the running town files by itself; else a person does */
    const char *members; /* ids with spaces between */
    const char *own;     /* of a parent: those of them that are ourselves, in the same way; "": not said */
    int32_t share_days;  /* of a parent: others' shares of a month are due so many days after it */
    const char *share_tax; /* of a parent: the rate of tax (params.csv) that comes on top of them; "": none */
    const char *member_codes; /* their codes in plan files, in the same order; "": none is known */
    mizo_day from, to;
} mizo_bg;

typedef enum mizo_source_kind {
    MIZO_SOURCE_PLANT, /* own plant */
    MIZO_SOURCE_PPA,
    MIZO_SOURCE_BASE, /* base-load product */
    MIZO_SOURCE_BILATERAL,
    MIZO_SOURCE_BACKUP,
    MIZO_SOURCE_MARKET,      /* the exchange: how much is in the results */
    MIZO_SOURCE_FIT_SPECIAL, /* FIT power of a named plant, at the spot price of the slot, without value */
    MIZO_SOURCE_POST_FIT,    /* surplus of households after FIT: what the points that we supply feed in */
    MIZO_SOURCE_SELF,        /* self-wheeling: own plant to own point */
    MIZO_SOURCE_DR,          /* demand response that may be called: no procurement until it is */
    MIZO_SOURCE_SALE
} mizo_source_kind;

typedef enum mizo_source_amount {
    MIZO_AMOUNT_FIXED,    /* power_w in each half-hour that the row holds for */
    MIZO_AMOUNT_PRODUCED, /* share of what plant, pv or point gives: forecast in a plan, metered after */
    MIZO_AMOUNT_NOTIFIED, /* 48 values that somebody sends for the day */
    MIZO_AMOUNT_REST      /* what is left open, up to power_w (0: all of it): delivered to the last kWh */
} mizo_source_amount;

typedef struct mizo_source {
    const char *id, *name_ja, *name_en;
    mizo_source_kind kind;
    const char *group;         /* in whose plan it stands */
    const char *party;         /* the other side */
    const char *code;          /* of the other side, or of the unit, in plan files */
    mizo_ref plant, pv, point; /* -1: none */
    uint16_t months;           /* as of a rate */
    uint8_t daytypes, slot_from, slot_to;
    mizo_source_amount amount;
    int32_t power_w;      /* 0: not said */
    int32_t share_ppm;    /* of what is produced */
    int32_t myen_per_kwh; /* price, or what is added to the parameter */
    const char
        *param; /* "": the price stands here; "spot": the market's price of the slot; else of params.csv */
    bool value; /* with the environmental value */
    mizo_day from, to;
} mizo_source;

#endif
