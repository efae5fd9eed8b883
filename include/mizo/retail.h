/* retail.h: who owes. First version: what a site's half-hours cost under its tariff. Pure. */
#ifndef MIZO_RETAIL_H
#define MIZO_RETAIL_H

#include "mizo/number.h"
#include "mizo/region.h"

/* Energy charge of [day, day + ndays): import[ndays * 48] and export in Wh, missing counts as 0 and is counted. */
typedef struct mizo_cost {
    mizo_wh bought_wh, sold_wh;
    mizo_uyen energy, sold, peak; /* energy bought, export revenue, price of the peak (>= 0 each) */
    mizo_uyen total;              /* energy - sold + peak */
    int32_t peak_w;               /* highest half-hour mean import */
    int missing;
} mizo_cost;

/* Months that a new peak in month `day` will be charged: the 12-month rule charges a kW above the
 * standing peak in this month and the following 11. */
enum { MIZO_PEAK_MONTHS = 12 };
/* Base charge of a month for contract_w: kW x price x (185 - power factor) / 100. */
MIZO_API mizo_uyen mizo_base_charge(const mizo_tariff *t, int32_t contract_w);
/* Price in milli-yen of one kW above the standing peak for as long as it will stand;
 * 0 where the contract is by agreement. Rounded half up. */
MIZO_API int64_t mizo_peak_myen_per_kw(const mizo_tariff *t);
/* Price in milli-yen of one kW above an agreed power: one and a half base charges of the month. Rounded half up. */
MIZO_API int64_t mizo_over_agreed_myen_per_kw(const mizo_tariff *t);
/* The peak is charged above the point's standing peak; where that is not known (0), nothing is. export_wh
 * may be NULL: none. */
MIZO_API void mizo_site_cost(const mizo_region *r, mizo_ref point, mizo_day day, int ndays,
                             const int32_t *import_wh, const int32_t *export_wh, mizo_cost *out);

#endif
