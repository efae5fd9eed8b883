/* register.h: registers by date: who is in, how many a source says there are, shares that come to the whole. Pure. */
#ifndef CITY_REGISTER_H
#define CITY_REGISTER_H

#include "mizo/region.h"

const mizo_register *city_register(const mizo_region *r, const char *id, size_t n); /* NULL: none */
bool city_row_holds(const mizo_register_row *row, mizo_day on);
/* Rows that stand in it on a day; part NULL: all. */
int32_t city_listed(const mizo_region *r, const mizo_register *reg, const char *part, mizo_day on);
/* What a source said for that day, or last before it; part "" : of all. NULL: nothing. */
const mizo_register_count *city_declared(const mizo_region *r, const mizo_register *reg, const char *part,
                                         mizo_day on);
int64_t city_share_ppm(const mizo_region *r, const mizo_register *reg, mizo_day on);
/* The numbers are 1, 2, 3 ... without a gap or a double; else the first that is not. 0: they are. */
int32_t city_number_wrong(const mizo_region *r, const mizo_register *reg, mizo_day on);

#endif
