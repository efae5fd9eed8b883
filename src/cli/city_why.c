/* city_why.c: mizo city why: where a figure comes from. */
#include <string.h>

#include "cli/city.h"
#include "mizo/messages/city.h"
#include "town/office/city_why.h"

static mizo_err on_step(void *arg, const city_step *s)
{
    city_act *k = arg;
    buf value, shown;
    buf_init(&value, 0);
    buf_init(&shown, 0);
    city_step_text(s, false, k->c->lang, &value);
    city_step_text(s, true, k->c->lang, &shown);
    mizo_err e = value.err ? value.err : shown.err;
    if (!e)
        buf_printf(&k->out, "%*s%s%s FY%d = %s%s  %s  [%s]\n", 2 * s->depth, "", s->indicator->id,
                   s->goal ? "!" : "", s->fy, s->holds && !range_exact(&s->holds->v) ? "≈ " : "", value.p,
                   s->depth ? "" : shown.p, city_step_source(s));
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

mizo_err city_act_why(city_act *k)
{
    const mizo_indicator *i = city_indicator(&k->d->books, k->word[0], strlen(k->word[0]));
    int fy;
    if (!i) {
        MIZO_DIAG(k->c->diags, CITY_NO_INDICATOR, MIZO_NOWHERE, k->word[0]);
        return MIZO_EINPUT;
    }
    if (mizo_fy_parse(k->word[1], strlen(k->word[1]), &fy)) {
        MIZO_DIAG(k->c->diags, CITY_BAD_YEAR, MIZO_NOWHERE, k->word[1]);
        return MIZO_EINPUT;
    }
    mizo_err e = k->w->json ? why_json(k, i, fy) : city_trace(&k->d->books, i, fy, on_step, k);
    k->bad = e == MIZO_ENOENT;
    return e == MIZO_ENOENT ? k->out.err : e;
}
