/* mix.c: the average of an area's generation, half-hour by half-hour. docs/formats/factors.md */
#include "mizo/carbon.h"

static const bool kind_needed[] = {
#define X(name, word, needed) needed,
    MIZO_MIX_KINDS(X)
#undef X
};

void mizo_mix_factors(const mizo_region *r, mizo_day day, int64_t g_e6[MIZO_MIX_COUNT])
{
    for (int k = 0; k < MIZO_MIX_COUNT; k++) {
        const mizo_param *p = mizo_param_on(r, "mix-factor", mizo_mix_word((mizo_mix_kind)k), day);
        g_e6[k] = p && p->value_e6 >= 0 ? p->value_e6 : -1;
    }
}

mizo_err mizo_mix_average(const int32_t kwh[MIZO_MIX_COUNT], const int64_t g_e6[MIZO_MIX_COUNT], int64_t *out)
{
    __extension__ __int128 grams = 0;
    int64_t all = 0;
    for (int k = 0; k < MIZO_MIX_COUNT; k++) {
        if (kwh[k] == MIZO_MISSING || kwh[k] <= 0)
            continue;
        if (g_e6[k] < 0 && kind_needed[k])
            return MIZO_ENOENT;
        if (g_e6[k] < 0)
            continue;
        grams += (__int128)kwh[k] * g_e6[k];
        all += kwh[k];
    }
    if (!all)
        return MIZO_ENOENT;
    *out = (int64_t)((2 * grams + all) / (2 * (__int128)all));
    return MIZO_OK;
}

/* A share of params.csv in millionths, 0 where none holds. */
static int32_t share(const mizo_region *r, const char *name, int kind, mizo_day day)
{
    const mizo_param *p = mizo_param_on(r, name, mizo_mix_word((mizo_mix_kind)kind), day);
    return p && p->value_e6 > 0 ? (int32_t)(p->value_e6 < 1000000 ? p->value_e6 : 1000000) : 0;
}

bool mizo_mix_year(const mizo_region *r, mizo_day day, int32_t weight[MIZO_MIX_COUNT])
{
    bool any = false;
    for (int k = 0; k < MIZO_MIX_COUNT; k++) {
        weight[k] = share(r, "area-mix", k, day);
        any = any || weight[k];
    }
    return any;
}

bool mizo_mix_residual(const mizo_region *r, mizo_day day, int32_t weight[MIZO_MIX_COUNT])
{
    bool any = false;
    if (!mizo_mix_year(r, day, weight))
        return false;
    for (int k = 0; k < MIZO_MIX_COUNT; k++) {
        int64_t left = 1000000 - share(r, "area-claimed", k, day);
        weight[k] = (int32_t)(weight[k] * left / 1000000);
        any = any || weight[k];
    }
    return any;
}
