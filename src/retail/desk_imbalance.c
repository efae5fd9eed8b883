/* desk_imbalance.c: what deviating costs, and who pays it. domain: retail-balancing.md 3. */
#include "mizo/desk.h"

/* ---- the price ---- */

int32_t mizo_reserve_price(const mizo_desk_rules *r, int32_t reserve_ppm)
{
    const mizo_curve_point *c = r->curve;
    if (reserve_ppm >= c[0].reserve_ppm)
        return c[0].myen;
    for (int i = 1; i < 3; i++) {
        if (reserve_ppm < c[i].reserve_ppm)
            continue;
        int64_t up = (int64_t)(c[i - 1].reserve_ppm - reserve_ppm) * (c[i].myen - c[i - 1].myen);
        int64_t wide = c[i - 1].reserve_ppm - c[i].reserve_ppm;
        return c[i - 1].myen + (int32_t)(wide > 0 ? mizo_div_round(up, wide, MIZO_ROUND_HALF_UP) : 0);
    }
    return c[2].myen;
}

int32_t mizo_imbalance_price(const mizo_desk_rules *rules, int32_t marginal_myen, int32_t reserve_ppm,
                             bool long_high)
{
    int32_t tight = mizo_reserve_price(rules, reserve_ppm);
    if (long_high && tight > rules->long_high_cap_myen)
        tight = rules->long_high_cap_myen;
    return marginal_myen > tight ? marginal_myen : tight;
}

bool mizo_long_high(const mizo_desk_rules *rules, const int32_t *spot_myen)
{
    int high = 0;
    for (int i = 0; i < rules->long_high_days * MIZO_DAY_SLOTS; i++)
        high += spot_myen[i] != MIZO_MISSING && spot_myen[i] >= rules->long_high_myen;
    return rules->long_high_slots > 0 && high >= rules->long_high_slots;
}

/* ---- the amount ---- */

mizo_wh mizo_imbalance_wh(mizo_bg_kind kind, const mizo_imbalance_slot *s)
{
    return kind == MIZO_BG_GENERATION ? s->actual - s->planned : s->planned - s->actual;
}

mizo_err mizo_imbalance_uyen(mizo_wh imbalance, const mizo_imbalance_slot *s, mizo_uyen *out)
{
    int32_t price = imbalance > 0 ? s->surplus_myen : s->shortage_myen;
    *out = 0;
    if (imbalance == 0)
        return MIZO_OK;
    if (price == MIZO_MISSING)
        return MIZO_ENOENT;
    return __builtin_mul_overflow(imbalance, (int64_t)price, out) ? MIZO_ERANGE : MIZO_OK;
}

mizo_err mizo_imbalance_add(mizo_bg_kind kind, const mizo_imbalance_slot *s, size_t n, mizo_imbalance *sum)
{
    bool over = false;
    for (size_t i = 0; i < n; i++) {
        mizo_wh wh = mizo_imbalance_wh(kind, &s[i]);
        mizo_uyen uyen;
        mizo_err e = mizo_imbalance_uyen(wh, &s[i], &uyen);
        if (e == MIZO_ERANGE)
            return e;
        over |= wh > 0 ? __builtin_add_overflow(sum->surplus, wh, &sum->surplus)
                       : __builtin_sub_overflow(sum->shortage, wh, &sum->shortage);
        sum->slots++;
        sum->unpriced += e == MIZO_ENOENT;
        over |= uyen > 0 ? __builtin_add_overflow(sum->received, uyen, &sum->received)
                         : __builtin_sub_overflow(sum->paid, uyen, &sum->paid);
    }
    over |= __builtin_sub_overflow(sum->received, sum->paid, &sum->net);
    return over ? MIZO_ERANGE : MIZO_OK;
}

/* ---- the split ---- */

static int64_t magnitude(int64_t v)
{
    return v < 0 ? -v : v;
}

/* Splits a signed total; nobody has a weight: all alike. */
static mizo_err split_signed(int64_t total, const int64_t *weight, size_t n, int64_t *out)
{
    int64_t one[MIZO_DESK_MEMBERS];
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        one[i] = 1;
        any = any || weight[i] > 0;
    }
    MIZO_TRY(mizo_split(magnitude(total), any ? weight : one, n, out));
    for (size_t i = 0; i < n && total < 0; i++)
        out[i] = -out[i];
    return MIZO_OK;
}

/* Each member's own deviation at the price of its own side; the rest, what netting saves or costs, by volume. */
static mizo_err split_direct(const mizo_imbalance_slot *group, mizo_wh wh, mizo_uyen uyen, mizo_share *m,
                             size_t n)
{
    int64_t volume[MIZO_DESK_MEMBERS], rest_wh[MIZO_DESK_MEMBERS], rest_uyen[MIZO_DESK_MEMBERS];
    for (size_t i = 0; i < n; i++) {
        mizo_err e = mizo_imbalance_uyen(m[i].imbalance, group, &m[i].uyen);
        if (e == MIZO_ERANGE)
            return e;
        m[i].wh = m[i].imbalance;
        volume[i] = m[i].volume;
        if (__builtin_sub_overflow(wh, m[i].wh, &wh) || __builtin_sub_overflow(uyen, m[i].uyen, &uyen))
            return MIZO_ERANGE;
    }
    MIZO_TRY(split_signed(wh, volume, n, rest_wh));
    MIZO_TRY(split_signed(uyen, volume, n, rest_uyen));
    for (size_t i = 0; i < n; i++) {
        m[i].wh += rest_wh[i];
        m[i].uyen += rest_uyen[i];
    }
    return MIZO_OK;
}

mizo_err mizo_imbalance_split(mizo_bg_split rule, const mizo_imbalance_slot *group, mizo_bg_kind kind,
                              mizo_share *member, size_t n)
{
    int64_t weight[MIZO_DESK_MEMBERS], wh[MIZO_DESK_MEMBERS], uyen[MIZO_DESK_MEMBERS];
    if (n == 0 || n > MIZO_DESK_MEMBERS)
        return MIZO_ERANGE;
    mizo_wh all = mizo_imbalance_wh(kind, group);
    mizo_uyen received;
    mizo_err priced = mizo_imbalance_uyen(all, group, &received);
    if (priced == MIZO_ERANGE)
        return priced;
    if (rule == MIZO_SPLIT_DIRECT && !priced) {
        MIZO_TRY(split_direct(group, all, received, member, n));
        return MIZO_OK;
    }
    for (size_t i = 0; i < n; i++)
        weight[i] = rule == MIZO_SPLIT_DEVIATION ? magnitude(member[i].imbalance) : member[i].volume;
    MIZO_TRY(split_signed(all, weight, n, wh));
    MIZO_TRY(split_signed(received, weight, n, uyen));
    for (size_t i = 0; i < n; i++) {
        member[i].wh = wh[i];
        member[i].uyen = uyen[i];
    }
    return priced;
}
