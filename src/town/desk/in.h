/* in.h: files that come to the desk: results of the exchange, what plants will give, the parent's figures.
 * Long tables of 48 half-hours, as CSV; docs/formats/desk-files.md. Each is kept in the register and taken whole or
 * not at all. */
#ifndef TOWN_DESK_IN_H
#define TOWN_DESK_IN_H

#include "town/desk/desk.h"
#include "town/register/register.h"

/* market: "spot" or "intraday". A newer file of a market and day takes the older one's place. MIZO_EINPUT: said with
 * file, line and column; nothing was taken. */
MIZO_MUST_USE mizo_err desk_in_results(const desk_act *a, const char *market, const char *name,
                                       const char *bytes, size_t n);
/* What a plant or a source will give on the day. id NULL: the file says in a column. */
MIZO_MUST_USE mizo_err desk_in_plants(const desk_act *a, const char *id, const char *name, const char *bytes,
                                      size_t n);

/* The same of a file as a person uploads it: a plant's workbook of a day (docs/formats/xlsx.md), or that CSV. */
MIZO_MUST_USE mizo_err desk_in_plant_file(const desk_act *a, const char *name, const char *bytes, size_t n);

/* Bids for what is open, into the register: *bid[0..*count). limit, floor: milli-yen per kWh. */
MIZO_MUST_USE mizo_err desk_bid(const desk_act *a, int32_t limit_myen, int32_t floor_myen,
                                mizo_bid bid[2 * DESK_SLOTS], int *count, buf *file);

/* ---- the parent's figures of a month, against ours ---- */

typedef struct desk_parent_row {
    mizo_day day;
    int slot;
    mizo_wh imbalance;  /* allocated to us: above zero we gave too much */
    mizo_uyen received; /* for it; below zero: paid */
    mizo_uyen fee;
    bool shared;           /* the file says what it was split from: */
    mizo_wh group, weight; /* the group's imbalance; the sum of what it was split by */
} desk_parent_row;
typedef struct desk_parent {
    desk_parent_row *row; /* [n], by day and slot; freed by desk_parent_fini */
    size_t n;
} desk_parent;
MIZO_MUST_USE mizo_err desk_in_parent(const desk_act *a, const char *name, const char *bytes, size_t n,
                                      desk_parent *out);
void desk_parent_fini(desk_parent *p);

/* ---- files that come ---- */

typedef enum desk_file_in {
    DESK_IN_SPOT,
    DESK_IN_INTRADAY,
    DESK_IN_PLANTS,
    DESK_IN_PARENT,
    DESK_IN_MEMBERS
} desk_file_in;
/* The line of the register that such a file gets, taken in or refused (register_refuse). Strings are borrowed. */
register_file desk_file_line(const desk_act *a, desk_file_in what, const char *name, const char *bytes,
                             size_t n);

#endif
