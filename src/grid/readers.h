/* readers.h: the tables of the market and of the network operators (docs/formats/import.md). */
#ifndef GRID_READERS_H
#define GRID_READERS_H

#include "base/table.h"

extern const table_reader grid_jepx, grid_area_slots, grid_area_balance, grid_area_demand, grid_imbalance,
    grid_reserve;
extern const table_reader *const grid_readers[]; /* ended by NULL, in the order of asking */

/* Puts the file's area + suffix ("tepco-area-pv") into st->owner[i] and returns it. */
const char *grid_owner(table_state *st, int i, const char *suffix);

/* ---- what the area files share ---- */
/* A measure of an area file: kWh per unit printed, as num / den. Adds a value in kWh (exponent 3). A
 * flow below zero (a plant's own use at night) becomes 0, estimated. MIZO_ENOENT: says missing. */
MIZO_MUST_USE mizo_err grid_measure(const csv_field *f, int64_t num, int64_t den, const table_value *like,
                                    table_row *row, table_fault *fault);
/* "2022/7/1" and "0:30" of a row. */
MIZO_MUST_USE mizo_err grid_day(const csv_field *f, mizo_day *day, table_fault *fault);
MIZO_MUST_USE mizo_err grid_clock(const csv_field *f, int *minute, table_fault *fault);
/* A row whose measures are all zero is a file that froze: it has no values. */
void grid_drop_frozen(table_row *row);

#endif
