/* forecast_portfolio.c: mizo forecast --portfolio: the demand of the points that are in supply by the contract
 * calendar, by half-hour, and who joins and leaves. */
#include "cli/forecast_portfolio.h"

#include <stdlib.h>
#include <string.h>

#include "mizo/messages/forecast.h"
#include "town/desk/portfolio.h"
#include "town/town.h"

typedef struct portfolio_job {
    cli *c;
    const forecast_portfolio *o;
    town t;
    portfolio_ask ask;
    portfolio said;
    portfolio_change *change;
    size_t nchange;
} portfolio_job;

static bool japanese(const portfolio_job *j)
{
    return strcmp(j->c->lang, "ja") == 0;
}

/* ---- JSON ---- */

static void put_slots(const portfolio_job *j, json *w)
{
    int n = j->ask.days * MIZO_DAY_SLOTS;
    int64_t mean, q[MIZO_QUANTILES];
    json_array(w, "demand_wh");
    for (int i = 0; i < n; i++) {
        foresee_town_sum(j->said.town, i, &mean, q);
        json_int(w, NULL, mean);
    }
    json_end(w);
    json_array(w, "levels");
    for (int k = 0; k < MIZO_QUANTILES; k++)
        json_double(w, NULL, mizo_quantile[k]);
    json_end(w);
    json_array(w, "demand_levels_wh");
    for (int k = 0; k < MIZO_QUANTILES; k++) {
        json_array(w, NULL);
        for (int i = 0; i < n; i++) {
            foresee_town_sum(j->said.town, i, &mean, q);
            json_int(w, NULL, q[k]);
        }
        json_end(w);
    }
    json_end(w);
}

static void put_changes(const portfolio_job *j, const char *name, bool joins, json *w)
{
    const mizo_region *r = j->t.region;
    json_array(w, name);
    for (size_t i = 0; i < j->nchange; i++) {
        const portfolio_change *x = &j->change[i];
        if (x->joins != joins)
            continue;
        json_object(w, NULL);
        json_day(w, "day", x->day);
        json_text(w, "point", r->point[x->point].id);
        json_text(w, "menu", r->menu[x->menu].id);
        json_end(w);
    }
    json_end(w);
}

static void put_json(const portfolio_job *j, buf *out)
{
    json w;
    json_init(&w, out);
    json_object(&w, NULL);
    json_day(&w, "day", j->o->day);
    json_int(&w, "days", j->ask.days);
    json_time(&w, "issued", j->ask.issued, j->t.region->offset);
    json_bool(&w, "hindcast", j->o->hindcast);
    json_text(&w, "supplier", j->o->supplier ? j->o->supplier : "");
    json_ints(&w, "in_supply", j->said.on, j->ask.days);
    json_int(&w, "forecast_points", j->said.points);
    json_int(&w, "borrowed_points", j->said.borrowed);
    json_int(&w, "silent_points", j->said.silent);
    json_int(&w, "unread_points", j->said.unread);
    put_slots(j, &w);
    put_changes(j, "joins", true, &w);
    put_changes(j, "leaves", false, &w);
    json_end(&w);
    buf_char(out, '\n');
}

/* ---- text ---- */

static void put_head(const portfolio_job *j, buf *out)
{
    bool ja = japanese(j);
    char issued[MIZO_INSTANT_TEXT];
    mizo_ms_text(j->ask.issued, j->t.region->offset, issued);
    buf_printf(out,
               ja ? "供給中の地点の需要: %s (%s 時点で分かっていたことから)\n"
                  : "Demand of the points in supply: %s (from what was known at %s)\n",
               j->o->supplier ? j->o->supplier
               : ja           ? "全供給者"
                              : "all suppliers",
               issued);
    buf_printf(
        out,
        ja ? "予測した地点 %d(うち借りたもの %d)、予測できない地点 %d、30分値のない地点 %d。kWh(30分)\n"
           : "%d points (%d borrowed), %d without enough to learn from, %d without half-hours. kWh a half-hour\n",
        j->said.points, j->said.borrowed, j->said.silent, j->said.unread);
}

static void put_day(const portfolio_job *j, int d, buf *out)
{
    static const int level[] = { 0, MIZO_Q10, MIZO_Q50, MIZO_Q90, MIZO_QUANTILES - 1 };
    char day[MIZO_DATE_TEXT];
    int64_t sum = 0;
    mizo_day_text(j->o->day + d, day);
    buf_printf(out, japanese(j) ? "%s  供給中 %d 地点\n" : "%s  %d points in supply\n", day, j->said.on[d]);
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        int64_t mean, q[MIZO_QUANTILES];
        foresee_town_sum(j->said.town, d * MIZO_DAY_SLOTS + i, &mean, q);
        sum += mean;
        buf_printf(out, "%02d:%02d %11.1f", i / 2, i % 2 * 30, (double)mean / 1000);
        for (size_t k = 0; k < sizeof level / sizeof *level; k++)
            buf_printf(out, " %11.1f", (double)q[level[k]] / 1000);
        buf_char(out, '\n');
    }
    buf_printf(out, "%s %11.1f\n", japanese(j) ? "合計 " : "sum  ", (double)sum / 1000);
}

static void put_change(const portfolio_job *j, const portfolio_change *x, buf *out)
{
    bool ja = japanese(j);
    char day[MIZO_DATE_TEXT];
    mizo_day_text(x->day, day);
    buf_printf(out, "%s  %s  %s (%s)\n", day,
               x->joins ? ja ? "加わる" : "joins "
               : ja     ? "離れる"
                        : "leaves",
               j->t.region->point[x->point].id, j->t.region->menu[x->menu].id);
}

static void put_text(const portfolio_job *j, buf *out)
{
    bool ja = japanese(j);
    put_head(j, out);
    const char *const head[] = { ja ? "需要" : "demand", "P5", "P10", "P50", "P90", "P95" };
    cli_cell(out, ja ? "時刻" : "from", 5);
    for (size_t k = 0; k < sizeof head / sizeof *head; k++)
        cli_cell(out, head[k], 12);
    buf_char(out, '\n');
    for (int d = 0; d < j->ask.days; d++)
        put_day(j, d, out);
    buf_printf(out,
               ja ? "加わる地点・離れる地点(その後%d日まで): %zu\n"
                  : "joins and leaves, up to %d days after: %zu\n",
               PORTFOLIO_LATER, j->nchange);
    for (size_t i = 0; i < j->nchange; i++)
        put_change(j, &j->change[i], out);
}

/* ---- the work ---- */

static mizo_err find_supplier(portfolio_job *j)
{
    const mizo_region *r = j->t.region;
    j->ask.supplier = -1;
    if (!j->o->supplier)
        return MIZO_OK;
    for (size_t i = 0; i < r->nsupplier; i++)
        if (strcmp(r->supplier[i].id, j->o->supplier) == 0)
            j->ask.supplier = (mizo_ref)i;
    if (j->ask.supplier >= 0)
        return MIZO_OK;
    MIZO_DIAG(j->c->diags, FORECAST_NO_SUPPLIER, MIZO_NOWHERE, j->o->supplier);
    return MIZO_EINPUT;
}

static mizo_err ask(portfolio_job *j)
{
    const mizo_region *r = j->t.region;
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(j->o->day, r->offset)),
            now = j->c->env->ops->wall_ms(j->c->env);
    j->ask.day = j->o->day;
    j->ask.days = j->o->days;
    j->ask.issued = midnight < now ? midnight : now;
    j->ask.hindcast = j->o->hindcast;
    j->ask.npath = FORESEE_TOWN_PATHS;
    MIZO_TRY(find_supplier(j));
    j->change = portfolio_changes(r, &j->ask, &j->nchange);
    if (!j->change)
        return MIZO_ENOMEM;
    mizo_err e = portfolio_forecast(r, j->t.store, &j->ask, &j->said);
    if (e == MIZO_ENOENT)
        MIZO_DIAG(j->c->diags, FORECAST_NO_SUPPLY, MIZO_NOWHERE, r->id);
    return e;
}

static int print(portfolio_job *j)
{
    buf out;
    buf_init(&out, 64 << 20);
    if (j->o->json)
        put_json(j, &out);
    else
        put_text(j, &out);
    int status = cli_put(j->c, &out);
    buf_fini(&out);
    return status;
}

int cli_forecast_portfolio(cli *c, const forecast_portfolio *o)
{
    portfolio_job j = { .c = c, .o = o };
    mizo_err e = town_open(c->env, o->region, STORE_READ, c->diags, &j.t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    e = ask(&j);
    int status = e ? cli_status(e) : print(&j);
    portfolio_fini(&j.said);
    free(j.change);
    town_close(&j.t);
    return status;
}
