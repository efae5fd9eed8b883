/* A shop with PV and a battery asks libmizo for tomorrow's plan.
 *
 *   cc plan.c $(pkg-config --cflags --libs mizo) -o plan && ./plan
 *
 * Powers are W, energies Wh, prices milli-yen per kWh, money micro-yen (mizo/number.h). */
#include <stdio.h>

#include "mizo/optimize.h"

int main(void)
{
    int32_t load_w[MIZO_DAY_SLOTS], pv_w[MIZO_DAY_SLOTS], buy[MIZO_DAY_SLOTS], sell[MIZO_DAY_SLOTS];
    for (int t = 0; t < MIZO_DAY_SLOTS; t++) {
        load_w[t] = t >= 18 && t < 42 ? 8000 : 2000; /* open from 9:00 to 21:00 */
        pv_w[t] = t >= 12 && t < 36 ? 10000 - 800 * (t < 24 ? 23 - t : t - 24) : 0;
        buy[t] = t >= 32 && t < 40 ? 40000 : 20000; /* the evening is dear */
        sell[t] = 8000;
    }
    mizo_site_problem shop = { .size = sizeof shop,
                               .n = MIZO_DAY_SLOTS,
                               .step_min = 30,
                               .load_w = load_w,
                               .pv_w = pv_w,
                               .buy_myen = buy,
                               .sell_myen = sell,
                               .limit_w = 20000,
                               .export_w = 20000,
                               .standing_w = 20000 };
    mizo_planner *planner = mizo_planner_new(&mizo_lp_dense);
    static mizo_site_plan alone, plan; /* a plan is too large for a small stack */
    mizo_err e = planner ? mizo_plan_site(planner, &shop, &alone) : MIZO_ENOMEM;
    shop.nbattery = 1;
    shop.battery[0] = (mizo_plan_battery){ .energy_wh = 20000,
                                           .charge_w = 5000,
                                           .discharge_w = 5000,
                                           .soc_max_wh = 20000,
                                           .charge_ppm = 960000,
                                           .discharge_ppm = 960000,
                                           .wear_myen = 1000 };
    if (!e)
        e = mizo_plan_site(planner, &shop, &plan);
    mizo_planner_free(planner);
    if (e) {
        fprintf(stderr, "plan: %s\n", mizo_err_text(e));
        return 1;
    }
    char cost[MIZO_NUM_TEXT], bound[MIZO_NUM_TEXT], saved[MIZO_NUM_TEXT];
    mizo_decimal_text(plan.cost, 6, cost);
    mizo_decimal_text(plan.bound, 6, bound);
    mizo_decimal_text(alone.cost - plan.cost, 6, saved);
    printf("cost %s yen, nothing beats %s yen; the battery saves %s yen\n", cost, bound, saved);
    for (int t = 0; t < plan.n; t++)
        printf("%02d:%02d  import %5d W  export %5d W  battery %+6d W  stored %5d Wh\n", t / 2, t % 2 * 30,
               plan.import_w[t], plan.export_w[t], plan.charge_w[0][t] - plan.discharge_w[0][t],
               plan.soc_wh[0][t]);
    return 0;
}
