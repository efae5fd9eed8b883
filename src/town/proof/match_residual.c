/* match_residual.c: see match_residual.h. */
#include "town/proof/match_residual.h"

mizo_err residual_add(match_residual *x, const mizo_region *r, mizo_day day, mizo_wh rest)
{
    int32_t weight[MIZO_MIX_COUNT];
    int64_t factor[MIZO_MIX_COUNT], w[MIZO_MIX_COUNT], part[MIZO_MIX_COUNT], g;
    mizo_mg mg;
    if (!mizo_mix_residual(r, day, weight)) {
        x->by[RESIDUAL_UNKNOWN] += rest;
        return MIZO_OK;
    }
    for (int k = 0; k < MIZO_MIX_COUNT; k++)
        w[k] = weight[k];
    MIZO_TRY(mizo_split(rest, w, MIZO_MIX_COUNT, part));
    for (int k = 0; k < MIZO_MIX_COUNT; k++)
        x->by[k] += part[k];
    mizo_mix_factors(r, day, factor);
    if (mizo_mix_average(weight, factor, &g))
        return MIZO_OK;
    MIZO_TRY(mizo_carbon_mg(rest, g, &mg));
    x->weighed += rest;
    x->mg += mg;
    return MIZO_OK;
}

mizo_err residual_end(match_residual *x, mizo_wh total)
{
    int64_t w[RESIDUAL_KINDS], all = 0;
    for (int k = 0; k < RESIDUAL_KINDS; k++)
        all += w[k] = x->by[k];
    bool whole = all && x->weighed == all;
    x->wh = total;
    x->g_e6 = -1;
    if (!all)
        w[RESIDUAL_UNKNOWN] = 1; /* nothing but what was claimed since */
    MIZO_TRY(mizo_split(total, w, RESIDUAL_KINDS, x->by));
    return whole ? mizo_mul_div(x->mg, 1000000, x->weighed, MIZO_ROUND_HALF_UP, &x->g_e6) : MIZO_OK;
}

void residual_json(const match_residual *x, json *j)
{
    char g[MIZO_NUM_TEXT];
    json_object(j, "residual_mix");
    json_int(j, "wh", x->wh);
    mizo_decimal_text(x->g_e6, 6, g);
    json_text(j, "g_per_kwh", x->g_e6 < 0 ? NULL : g);
    json_array(j, "kinds");
    for (int k = 0; k < RESIDUAL_KINDS; k++) {
        if (!x->by[k])
            continue;
        json_object(j, NULL);
        json_text(j, "kind", k == RESIDUAL_UNKNOWN ? "unknown" : mizo_mix_word((mizo_mix_kind)k));
        json_int(j, "wh", x->by[k]);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}
