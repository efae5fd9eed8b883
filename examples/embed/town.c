/* Ten homes under one transformer, planned as one.
 *
 *   cc town.c $(pkg-config --cflags --libs mizo) -o town && ./town */
#include <stdio.h>

#include "mizo/optimize.h"

enum { HOMES = 10, SLOTS = MIZO_DAY_SLOTS };
static int32_t load[SLOTS], sun[SLOTS], levy[SLOTS], sale[SLOTS], market[SLOTS], surplus[SLOTS], limit[SLOTS];

/* Each home a little larger than the one before; every other has PV, every third a car that leaves at 7:00. */
static mizo_err add_home(mizo_area *town, int i)
{
    for (int t = 0; t < SLOTS; t++) {
        load[t] = (300 + 30 * i) * (t >= 36 && t < 44 ? 4 : t >= 13 && t < 18 ? 2 : 1);
        sun[t] = i % 2 == 0 && t > 12 && t < 36 ? 4000 - 330 * (t < 24 ? 24 - t : t - 24) : 0;
    }
    static mizo_site_problem home;
    home = (mizo_site_problem){ .size = sizeof home,
                                .n = SLOTS,
                                .step_min = 30,
                                .load_w = load,
                                .pv_w = sun,
                                .buy_myen = levy,
                                .sell_myen = sale,
                                .limit_w = 6000,
                                .export_w = 5000,
                                .nbattery = 1,
                                .nvehicle = i % 3 == 0 };
    home.battery[0].energy_wh = home.battery[0].soc_max_wh = 9000;
    home.battery[0].charge_w = home.battery[0].discharge_w = 3000;
    home.battery[0].soc_now_wh = home.battery[0].leave_wh = 3000;
    home.battery[0].charge_ppm = home.battery[0].discharge_ppm = 950000;
    /* here from midnight to 7:00; Wh wanted, W, ppm */
    home.vehicle[0] = (mizo_plan_vehicle){ 0, 14, 8000, 3000, 900000, 0 };
    const mizo_site_problem *expected = &home; /* one future */
    return mizo_area_add(town, 0, &expected);
}

int main(void)
{
    for (int t = 0; t < SLOTS; t++) {
        levy[t] = 8000; /* network and levies, on top of the market's price */
        market[t] = t >= 34 && t < 42 ? 30000 : t >= 20 && t < 28 ? 6000 : 14000;
        surplus[t] = market[t] - 500;
        limit[t] = 12000; /* the transformer */
    }
    mizo_area_node transformer = { -1, limit, limit, NULL, 0 };
    mizo_area_market spot = { market, surplus, 0, 0, NULL, 0, 0 };
    mizo_area_shape shape = { sizeof shape, 0, SLOTS, 30, 1, &transformer, 1, NULL, &spot, NULL, NULL };
    mizo_area_options options = { .size = sizeof options };
    mizo_area *town = NULL;
    mizo_area_result r;
    static mizo_area_flow flow;
    mizo_err e = mizo_area_new(&shape, &town);
    for (int i = 0; i < HOMES && !e; i++)
        e = add_home(town, i);
    e = e ? e : mizo_area_solve(town, &options, &r);
    e = e ? e : mizo_area_node_read(town, 0, 0, &flow);
    if (e)
        return fprintf(stderr, "town: %s\n", mizo_err_text(e)), 1;
    printf("%zu homes: %.3f yen, nothing beats %.3f yen\n", r.sites, r.objective, r.bound);
    for (int t = 0; t < SLOTS; t++)
        printf("%02d:%02d  %6d W  %6.2f yen/kWh\n", t / 2, t % 2 * 30, flow.net_w[t],
               flow.price_myen[t] / 1e3);
    mizo_area_free(town);
    return 0;
}
