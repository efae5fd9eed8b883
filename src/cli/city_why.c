/* city_why.c: mizo city why: where a figure comes from. */
#include <string.h>

#include "cli/city.h"
#include "mizo/messages/city.h"
#include "town/office/city_why.h"
#include "town/office/why_doc.h"

static mizo_err on_step(void *arg, const city_step *s)
{
    city_act *k = arg;
    buf value, shown;
    char who[200] = "", day[MIZO_DATE_TEXT];
    const void *row = s->goal ? (const void *)s->goal : s->value ? (const void *)s->value->row : NULL;
    const city_author *by = row ? city_author_of(k->d, row) : NULL;
    if (by) {
        mizo_day_text(mizo_slot_day(mizo_ms_slot(by->at), k->t->region->offset), day);
        (void)snprintf(who, sizeof who, "  %s, %s", by->actor, day);
    }
    buf_init(&value, 0);
    buf_init(&shown, 0);
    city_step_text(s, false, k->c->lang, &value);
    city_step_text(s, true, k->c->lang, &shown);
    mizo_err e = value.err ? value.err : shown.err;
    if (!e)
        buf_printf(&k->out, "%*s%s%s FY%d = %s%s  %s  [%s]%s\n", 2 * s->depth, "", s->indicator->id,
                   s->goal ? "!" : "", s->fy, s->holds && !range_exact(&s->holds->v) ? "≈ " : "", value.p,
                   s->depth ? "" : shown.p, city_step_source(s), who);
    buf_fini(&value);
    buf_fini(&shown);
    return e ? e : k->out.err;
}

static mizo_err why_json(city_act *k, const mizo_indicator *i, int fy)
{
    json_object(&k->j, NULL);
    mizo_err e = city_why_json(k->d, i, fy, k->c->lang, &k->j);
    json_text(&k->j, "model", k->t->region->hash);
    json_end(&k->j);
    return e;
}

/* The indicator's own rule: how it is rounded, what it is to be. */
static void put_rule(city_act *k, const mizo_indicator *i)
{
    static const char *const how[] = { "half-up", "cut", "down", "up", "half-even" };
    size_t n = i->rounding >= 0 && (size_t)i->rounding < sizeof how / sizeof *how ? (size_t)i->rounding : 0;
    buf_printf(&k->out,
               cli_japanese(k->c) ? "規則: %s、小数 %d 桁に丸め (%s)%s\n"
                                  : "rule: %s, rounded to %d decimals (%s)%s\n",
               *i->formula          ? i->formula
               : cli_japanese(k->c) ? "公表・入力された値"
                                    : "as published or entered",
               i->digits, how[n], i->cumulative ? cli_japanese(k->c) ? "、累計" : ", a total so far" : "");
}

static mizo_err of_indicator(city_act *k, const mizo_indicator *i, int fy)
{
    if (!k->w->json)
        put_rule(k, i);
    mizo_err e = k->w->json ? why_json(k, i, fy) : city_trace(&k->d->books, i, fy, on_step, k);
    k->bad = e == MIZO_ENOENT;
    return e == MIZO_ENOENT ? k->out.err : e;
}

/* What is no indicator: a node, a business, a register, an inventory, a facility. */
static mizo_err of_other(city_act *k, int fy)
{
    const mizo_day day = k->w->as_of == MIZO_DAY_NONE ? k->today : k->w->as_of;
    const why_ask ask = { k->word[0], fy ? fy : mizo_day_fy(day), day, day, k->c->lang };
    report *r = NULL;
    mizo_err e = why_doc(k->d, &ask, &r);
    if (e == MIZO_ENOENT) {
        MIZO_DIAG(k->c->diags, CITY_NO_INDICATOR, MIZO_NOWHERE, k->word[0]);
        return MIZO_EINPUT;
    }
    if (!e && k->w->json) {
        json_object(&k->j, NULL);
        json_text(&k->j, "of", k->word[0]);
        json_int(&k->j, "fy", ask.fy);
        json_array(&k->j, "blocks");
        report_json(r, &k->j);
        json_end(&k->j);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else if (!e) {
        e = report_plain(r, &k->out);
    }
    report_free(r);
    return e ? e : k->out.err;
}

mizo_err city_act_why(city_act *k)
{
    const mizo_indicator *i = city_indicator(&k->d->books, k->word[0], strlen(k->word[0]));
    int fy = 0;
    if (k->n > 1 && mizo_fy_parse(k->word[1], strlen(k->word[1]), &fy)) {
        MIZO_DIAG(k->c->diags, CITY_BAD_YEAR, MIZO_NOWHERE, k->word[1]);
        return MIZO_EINPUT;
    }
    return i && fy ? of_indicator(k, i, fy) : of_other(k, fy);
}
