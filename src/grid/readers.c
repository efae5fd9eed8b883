/* readers.c: the list. */
#include "grid/readers.h"

const table_reader *const grid_readers[] = {
    &grid_jepx, &grid_area_slots, &grid_area_balance, &grid_area_demand, &grid_imbalance, &grid_reserve, NULL
};
