/* day_files.c: mizo day bid, results, plants: files that go to the exchange and come from it and from plants. */
#include <string.h>

#include "cli/day.h"
#include "mizo/messages/desk.h"
#include "town/desk/in.h"

static mizo_err price_of(day_job *j, const char *option, const char *text, int32_t otherwise, int32_t *myen)
{
    int64_t v = otherwise;
    *myen = otherwise;
    if (text && (mizo_decimal_parse(text, strlen(text), 3, &v) || v < -1000000 || v > 1000000)) {
        MIZO_DIAG(j->c->diags, DESK_CELL, MIZO_NOWHERE, option, "yen/kWh, -1000..1000");
        return MIZO_EINPUT;
    }
    *myen = (int32_t)v;
    return MIZO_OK;
}

static mizo_err read_again(day_job *j, buf *out)
{
    MIZO_TRY(desk_read(&j->t, j->group, j->o->day, j->now, j->d));
    return day_print(j, out);
}

mizo_err day_bid(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    mizo_desk_rules rules;
    mizo_bid bid[2 * DESK_SLOTS];
    int32_t limit, least;
    int n;
    buf file;
    MIZO_TRY(desk_rules(j->t.region, j->o->day, j->c->diags, &rules));
    MIZO_TRY(price_of(j, "--limit", j->o->limit, rules.market_most_myen, &limit));
    MIZO_TRY(price_of(j, "--floor", j->o->floor, rules.market_least_myen, &least));
    buf_init(&file, 1 << 20);
    mizo_err e = desk_bid(&a, limit, least, bid, &n, &file);
    if (!e && j->o->out)
        e = j->c->env->ops->write_file(j->c->env, j->o->out, file.p, file.n);
    if (!e)
        buf_add(out, file.p, file.n);
    buf_fini(&file);
    return e;
}

static mizo_err needs_file(day_job *j, const char *what)
{
    if (j->nfile == 1)
        return MIZO_OK;
    MIZO_DIAG(j->c->diags, DESK_FILE, MIZO_NOWHERE, what);
    return MIZO_EINPUT;
}

mizo_err day_refused(day_job *j, desk_file_in what, const buf *text, mizo_err e)
{
    desk_act a = day_act(j);
    if (e != MIZO_EINPUT || !text->p)
        return e;
    register_file f = desk_file_line(&a, what, j->file[0], text->p, text->n);
    return cli_refused(&j->t, &f, e);
}

mizo_err day_results(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    const char *market = j->o->market ? j->o->market : "spot";
    buf text;
    MIZO_TRY(needs_file(j, "results"));
    if (strcmp(market, "spot") && strcmp(market, "intraday")) {
        MIZO_DIAG(j->c->diags, DESK_CELL, MIZO_NOWHERE, "--market", "spot, intraday");
        return MIZO_EINPUT;
    }
    buf_init(&text, 16 << 20);
    mizo_err e = day_read_file(j, 0, &text);
    if (!e)
        e = desk_in_results(&a, market, j->file[0], text.p ? text.p : "", text.n);
    e = day_refused(j, *market == 's' ? DESK_IN_SPOT : DESK_IN_INTRADAY, &text, e);
    buf_fini(&text);
    return e ? e : read_again(j, out);
}

mizo_err day_plants(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    buf text;
    MIZO_TRY(needs_file(j, "plants"));
    buf_init(&text, 16 << 20);
    mizo_err e = day_read_file(j, 0, &text);
    if (!e)
        e = desk_in_plants(&a, j->o->source, j->file[0], text.p ? text.p : "", text.n);
    e = day_refused(j, DESK_IN_PLANTS, &text, e);
    buf_fini(&text);
    return e ? e : read_again(j, out);
}
