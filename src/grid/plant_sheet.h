/* plant_sheet.h: a plant's workbook of tomorrow: its output by the half-hour or hour, and what stands still.
 *
 * Found by words, not by places: a cell that says 発電所 (plant) or 対象日 (day) has its value to the right or below; the
 * table of values has a heading of the slot (コマ, 時刻) and one of kWh or kW on one row; the table of outages has a
 * heading of the beginning and one of the end. Docs: docs/formats/xlsx.md. Pure.
 */
#ifndef GRID_PLANT_SHEET_H
#define GRID_PLANT_SHEET_H

#include "base/sheet.h"
#include "mizo/number.h"

enum { PLANT_OUTAGES = 64, PLANT_TEXT = 120 };

typedef struct plant_outage {
    char furnace[41]; /* as written; "": the whole plant */
    char note[PLANT_TEXT];
    mizo_ms from, to;
    int64_t output_w; /* what it still sends; -1: not said, nothing */
    char cell[SHEET_ADDRESS];
} plant_outage;

typedef struct plant_sheet {
    char plant[PLANT_TEXT]; /* as written: an id or a name */
    char plant_cell[SHEET_ADDRESS], values_cell[SHEET_ADDRESS];
    mizo_day day;
    bool valued;                /* there is a table of values */
    int32_t wh[MIZO_DAY_SLOTS]; /* what is sent out; MIZO_MISSING: blank */
    int noutage;
    plant_outage outage[PLANT_OUTAGES];
} plant_sheet;

/* One fault: message, the cell's address, up to two parameters. */
typedef void (*plant_bad_fn)(void *arg, mizo_msg id, const char *cell, const char *p0, const char *p1);

/* Reads the workbook. offset: slots ahead of UTC. MIZO_EINPUT: at least one fault was told. */
MIZO_MUST_USE mizo_err plant_sheet_read(const sheet_book *b, int offset, plant_bad_fn bad, void *arg,
                                        plant_sheet *out);

#endif
