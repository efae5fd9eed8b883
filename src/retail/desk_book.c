/* desk_book.c: the 48 half-hours of a group: what is bought, sold and open. */
#include <stdlib.h>
#include <string.h>

#include "mizo/desk.h"
#include "mizo/messages/desk.h"

enum { SLOTS = MIZO_DAY_SLOTS };

mizo_wh mizo_loss_adjusted(mizo_wh metered, int32_t loss_ppm)
{
    int64_t out;
    if (loss_ppm < 0 || loss_ppm >= MIZO_PPM ||
        mizo_mul_div(metered, MIZO_PPM, MIZO_PPM - loss_ppm, MIZO_ROUND_HALF_UP, &out))
        return metered;
    return out;
}

mizo_wh mizo_plan_whole(mizo_wh wh)
{
    return mizo_div_round(wh, MIZO_PLAN_UNIT, MIZO_ROUND_HALF_UP) * MIZO_PLAN_UNIT;
}

bool mizo_source_on(const mizo_source *s, mizo_day day, int slot)
{
    if (day < s->from || day >= s->to || slot < s->slot_from || slot >= s->slot_to)
        return false;
    return (s->months >> (mizo_day_date(day).month - 1) & 1) && (s->daytypes >> mizo_day_type(day) & 1);
}

/* ---- one line ---- */

static const mizo_desk_supply *supply_of(const mizo_desk_ask *ask, mizo_ref source)
{
    for (size_t i = 0; i < ask->nsupply; i++)
        if (ask->supply[i].source == source)
            return &ask->supply[i];
    return NULL;
}

static int32_t price_of(const mizo_desk_ask *ask, const mizo_source *s, int slot)
{
    int32_t base = 0;
    if (strcmp(s->param, "spot") == 0)
        base = ask->spot_myen ? ask->spot_myen[slot] : MIZO_MISSING;
    else if (s->param[0] && (!ask->param || !ask->param(ask->arg, s->param, &base)))
        base = MIZO_MISSING;
    return base == MIZO_MISSING ? MIZO_MISSING : base + s->myen_per_kwh;
}

/* Wh of a block in a slot, before it is made whole; false: nobody has said. */
static bool amount_of(const mizo_source *s, const mizo_desk_supply *given, int slot, mizo_wh *wh)
{
    *wh = 0;
    if (s->amount == MIZO_AMOUNT_FIXED) {
        *wh = s->power_w / 2;
        return true;
    }
    if (!given || !given->given_wh || given->given_wh[slot] == MIZO_MISSING)
        return false;
    *wh = given->given_wh[slot];
    if (s->amount == MIZO_AMOUNT_PRODUCED)
        *wh = mizo_div_round(*wh * s->share_ppm, MIZO_PPM, MIZO_ROUND_HALF_UP);
    return true;
}

/* Shares of one output are cut to whole kWh, so that they never come to more than there is; all else is half up. */
static mizo_wh whole_of(const mizo_source *s, mizo_wh wh)
{
    if (wh <= 0)
        return 0;
    return s->amount == MIZO_AMOUNT_PRODUCED ? wh / MIZO_PLAN_UNIT * MIZO_PLAN_UNIT : mizo_plan_whole(wh);
}

/* Demand response gives what was called, and nothing before that. */
static void fill_called(const mizo_desk_ask *ask, const mizo_source *s, const mizo_wh *called,
                        mizo_desk_line *line)
{
    for (int t = 0; t < SLOTS; t++) {
        line->wh[t] = called[t] > 0 ? mizo_plan_whole(called[t]) : 0;
        line->myen[t] = line->wh[t] ? price_of(ask, s, t) : MIZO_MISSING;
    }
}

static void fill_block(const mizo_desk_ask *ask, const mizo_source *s, mizo_desk_line *line)
{
    const mizo_desk_supply *given = supply_of(ask, line->source);
    for (int t = 0; t < SLOTS; t++) {
        mizo_wh wh;
        if (!mizo_source_on(s, ask->day, t))
            continue;
        if (!amount_of(s, given, t, &wh))
            line->missing++;
        line->wh[t] = whole_of(s, wh);
        line->myen[t] = price_of(ask, s, t);
    }
}

/* The side of the market's results that the line stands for. */
static void fill_market(const mizo_desk_ask *ask, mizo_desk_line *line)
{
    const mizo_desk_supply *given = supply_of(ask, line->source);
    for (int t = 0; t < SLOTS && given && given->bought_wh; t++) {
        mizo_wh wh = line->sale ? -given->bought_wh[t] : given->bought_wh[t];
        if (wh <= 0)
            continue;
        line->wh[t] = mizo_plan_whole(wh);
        line->myen[t] = (int32_t)mizo_div_round(line->sale ? -given->bought_uyen[t] : given->bought_uyen[t],
                                                wh, MIZO_ROUND_HALF_UP);
    }
}

/* ---- the lines of a group ---- */

static mizo_desk_line *add_line(mizo_desk_book *b, mizo_ref source, const char *id, bool sale)
{
    if (b->nline >= MIZO_DESK_LINES)
        return NULL;
    mizo_desk_line *line = &b->line[b->nline++];
    memset(line, 0, sizeof *line);
    line->source = source;
    line->id = id;
    line->sale = sale;
    for (int t = 0; t < SLOTS; t++)
        line->myen[t] = MIZO_MISSING;
    return line;
}

static bool on_day(const mizo_source *s, mizo_day day)
{
    for (int t = 0; t < SLOTS; t++)
        if (mizo_source_on(s, day, t))
            return true;
    return false;
}

/* Another group takes what a unit of this one gives: here that is sold. */
static bool taken_from_us(const mizo_desk_ask *ask, const mizo_source *s)
{
    const mizo_region *r = ask->region;
    const char *id = s->plant >= 0 ? r->plant[s->plant].id : s->pv >= 0 ? r->pv[s->pv].id : NULL;
    return ask->group->kind == MIZO_BG_GENERATION && id && strcmp(s->group, ask->group->id) &&
           s->kind != MIZO_SOURCE_SALE && s->amount != MIZO_AMOUNT_REST &&
           mizo_id_listed(ask->group->members, id);
}

static bool add_source(const mizo_desk_ask *ask, mizo_ref i, mizo_desk_book *b)
{
    const mizo_source *s = &ask->region->source[i];
    bool ours = strcmp(s->group, ask->group->id) == 0, taken = taken_from_us(ask, s);
    const mizo_desk_supply *given = supply_of(ask, i);
    const mizo_wh *called = given ? given->called_wh : NULL;
    bool waits = s->kind == MIZO_SOURCE_DR ? !called : s->amount == MIZO_AMOUNT_REST;
    if ((!ours && !taken) || waits || !on_day(s, ask->day))
        return true;
    mizo_desk_line *line = add_line(b, i, s->id, taken || s->kind == MIZO_SOURCE_SALE);
    if (!line)
        return false;
    if (s->kind == MIZO_SOURCE_DR) {
        fill_called(ask, s, called, line);
        return true;
    }
    if (s->kind != MIZO_SOURCE_MARKET) {
        fill_block(ask, s, line);
        return true;
    }
    fill_market(ask, line);
    line = add_line(b, i, s->id, true);
    if (line)
        fill_market(ask, line);
    return line;
}

static bool add_units(const mizo_desk_ask *ask, mizo_desk_book *b)
{
    for (size_t i = 0; i < ask->nunit; i++) {
        mizo_desk_line *line = add_line(b, -1, ask->unit[i].id, false);
        if (!line)
            return false;
        for (int t = 0; t < SLOTS; t++) {
            int32_t wh = ask->unit[i].wh[t];
            line->missing += wh == MIZO_MISSING;
            line->wh[t] = wh > 0 ? wh / MIZO_PLAN_UNIT * MIZO_PLAN_UNIT : 0;
        }
    }
    return true;
}

/* ---- sums ---- */

static bool add_wh(mizo_wh *sum, mizo_wh wh)
{
    return __builtin_add_overflow(*sum, wh, sum);
}

static bool add_cost(mizo_uyen *sum, const mizo_desk_line *line, int t)
{
    int64_t uyen;
    if (line->myen[t] == MIZO_MISSING || !line->wh[t])
        return false;
    if (__builtin_mul_overflow(line->wh[t], (int64_t)line->myen[t], &uyen))
        return true;
    return __builtin_add_overflow(*sum, line->sale ? -uyen : uyen, sum);
}

static mizo_err sum_up(mizo_desk_book *b)
{
    bool over = false;
    for (int t = 0; t < SLOTS; t++) {
        b->bought[t] = b->sold[t] = 0;
        b->cost[t] = 0;
        for (size_t i = 0; i < b->nline; i++) {
            over |= add_wh(b->line[i].sale ? &b->sold[t] : &b->bought[t], b->line[i].wh[t]);
            over |= add_cost(&b->cost[t], &b->line[i], t);
        }
        b->open[t] = b->demand[t];
        over |= add_wh(&b->open[t], b->sold[t]);
        over |= add_wh(&b->open[t], -b->bought[t]);
    }
    return over ? MIZO_ERANGE : MIZO_OK;
}

/* What takes up the rest, as far as it goes: of procurement what is short, of a sale what is long. */
static bool add_rest(const mizo_desk_ask *ask, mizo_ref i, mizo_desk_book *b)
{
    const mizo_source *s = &ask->region->source[i];
    if (strcmp(s->group, ask->group->id) || s->amount != MIZO_AMOUNT_REST || s->kind == MIZO_SOURCE_DR ||
        !on_day(s, ask->day))
        return true;
    mizo_desk_line *line = add_line(b, i, s->id, s->kind == MIZO_SOURCE_SALE);
    if (!line)
        return false;
    mizo_wh most = s->power_w ? s->power_w / 2 / MIZO_PLAN_UNIT * MIZO_PLAN_UNIT : INT64_MAX;
    for (int t = 0; t < SLOTS; t++) {
        mizo_wh wants = line->sale ? -b->open[t] : b->open[t];
        if (wants <= 0 || !mizo_source_on(s, ask->day, t))
            continue;
        line->wh[t] = wants < most ? wants : most;
        line->myen[t] = price_of(ask, s, t);
        b->open[t] += line->sale ? line->wh[t] : -line->wh[t];
    }
    return true;
}

mizo_err mizo_desk_book_make(const mizo_desk_ask *ask, mizo_desk_book *out)
{
    out->nline = 0;
    for (int t = 0; t < SLOTS; t++)
        out->demand[t] = ask->demand ? mizo_plan_whole(ask->demand[t]) : 0;
    bool room = add_units(ask, out);
    for (size_t i = 0; i < ask->region->nsource && room; i++)
        room = add_source(ask, (mizo_ref)i, out);
    if (!room)
        return MIZO_EFULL;
    MIZO_TRY(sum_up(out));
    for (size_t i = 0; i < ask->region->nsource && room; i++)
        room = add_rest(ask, (mizo_ref)i, out);
    return room ? sum_up(out) : MIZO_EFULL;
}

/* ---- the identity ---- */

static void say_slot(const mizo_desk_book *b, int t, mizo_diags *d)
{
    char from[16], demand[MIZO_NUM_TEXT], sold[MIZO_NUM_TEXT], bought[MIZO_NUM_TEXT], open[MIZO_NUM_TEXT];
    from[0] = (char)('0' + t / 20);
    from[1] = (char)('0' + t / 2 % 10);
    memcpy(from + 2, t % 2 ? ":30" : ":00", 4);
    mizo_decimal_text(b->demand[t], 3, demand);
    mizo_decimal_text(b->sold[t], 3, sold);
    mizo_decimal_text(b->bought[t], 3, bought);
    mizo_decimal_text(b->demand[t] + b->sold[t] - b->bought[t], 3, open);
    MIZO_DIAG(d, DESK_IDENTITY, MIZO_NOWHERE, from, demand, sold, bought, open);
}

static bool whole(mizo_wh wh)
{
    return wh >= 0 && wh % MIZO_PLAN_UNIT == 0;
}

mizo_err mizo_desk_identity(const mizo_desk_book *b, mizo_diags *d)
{
    int bad = 0;
    for (int t = 0; t < SLOTS; t++) {
        mizo_wh bought = 0, sold = 0;
        bool right = whole(b->demand[t]);
        for (size_t i = 0; i < b->nline; i++) { /* from the lines themselves: sums are not believed */
            right = right && whole(b->line[i].wh[t]);
            right = right && !add_wh(b->line[i].sale ? &sold : &bought, b->line[i].wh[t]);
        }
        mizo_wh need = b->demand[t];
        right =
            right && !add_wh(&need, sold) && need == bought && b->sold[t] == sold && b->bought[t] == bought;
        bad += !right;
        if (!right)
            say_slot(b, t, d);
    }
    return bad ? MIZO_EINPUT : MIZO_OK;
}
