/* readings.c: mizo readings: a day of a point or virtual point, readings that were held back, gaps to fill, a month's
 * power factor. */
#include <inttypes.h>
#include <string.h>

#include "cli/act.h"
#include "town/import/factor.h"
#include "town/import/held.h"
#include "town/import/readings.h"

typedef struct words {
    const char *region, *as_of, *quantity, *reason, *values, *rule, *month, *percent;
    cli_who who;
    mizo_day day, to;
    bool all, dry, json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--day", OPTION_DATE, "DATE", "the day; of fill the first", "日 (fill では最初の日)", false, offsetof(words, day), 0, 0 },
    { "--to", OPTION_DATE, "DATE", "fill: the last day, included", "fill: 最後の日 (この日を含む)", false, offsetof(words, to), 0, 0 },
    { "--as-of", OPTION_TEXT, "INSTANT", "as it was known then", "その時点で分かっていた内容", false, offsetof(words, as_of), 0, 0 },
    { "--quantity", OPTION_TEXT, "Q", "import, export, generation (import)", "import、export、generation (import)", false, offsetof(words, quantity), 0, 0 },
    { "--reason", OPTION_TEXT, "TEXT", "accept, replace, factor: why", "accept、replace、factor: 理由", false, offsetof(words, reason), 0, 0 },
    { "--values", OPTION_TEXT, "SLOT=KWH,..", "replace: what stands instead", "replace: 代わりの値", false, offsetof(words, values), 0, 0 },
    { "--rule", OPTION_TEXT, "RULE", "fill: linear-1 or same-slot-last-week", "fill: linear-1 か same-slot-last-week", false, offsetof(words, rule), 0, 0 },
    { "--month", OPTION_TEXT, "M", "factor: the month of the bill, 2026-04", "factor: 請求の月 (2026-04)", false, offsetof(words, month), 0, 0 },
    { "--percent", OPTION_TEXT, "P", "factor: the power factor, 98.5", "factor: 力率 (98.5)", false, offsetof(words, percent), 0, 0 },
    { "--dry-run", OPTION_FLAG, NULL, "fill: count, and write nothing", "fill: 数えるだけで書かない", false, offsetof(words, dry), 0, 0 },
    { "--all", OPTION_FLAG, NULL, "held: those that are decided too", "held: 決定済みも含める", false, offsetof(words, all), 0, 0 },
    CLI_WHO_ROWS(words, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct act_run {
    cli *c;
    town *t;
    const words *w;
    const char *id;
    const char *actor;
    buf out;
    json j;
} act_run;

static int complain(const act_run *x, const char *en, const char *ja)
{
    fprintf(stderr, "mizo readings: %s\n", cli_japanese(x->c) ? ja : en);
    return CLI_INPUT;
}

/* ---- one day ---- */

static void day_json(act_run *x, const readings_day *d)
{
    json *j = &x->j;
    json_object(j, NULL);
    json_text(j, "id", x->id);
    json_day(j, "day", x->w->day);
    json_bool(j, "virtual", d->virtual_point);
    json_ints(j, "wh", d->wh, MIZO_DAY_SLOTS);
    json_array(j, "quality");
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        json_text(j, NULL, mizo_quality_text((mizo_quality)d->q[i]));
    json_end(j);
    json_int(j, "known", d->known);
    json_int(j, "sum_wh", d->sum_wh);
    bool lossy = d->loss_ppm >= 0 && !d->mixed_loss;
    json_object(j, "loss");
    json_text(j, "voltage", d->mixed_loss ? "mixed" : d->voltage);
    if (lossy) {
        json_int(j, "ppm", d->loss_ppm);
        json_text(j, "source", d->source);
        json_text(j, "mark", d->mark);
        json_ints(j, "adjusted_wh", d->adjusted, MIZO_DAY_SLOTS);
        json_int(j, "sum_wh", d->sum_adjusted_wh);
    }
    json_end(j);
    json_end(j);
    buf_char(&x->out, '\n');
}

static void day_text(act_run *x, const readings_day *d)
{
    char kwh[MIZO_NUM_TEXT], up[MIZO_NUM_TEXT];
    bool ja = cli_japanese(x->c), lossy = d->loss_ppm >= 0 && !d->mixed_loss;
    for (int i = 0; i < MIZO_DAY_SLOTS; i++) {
        mizo_decimal_text(d->wh[i] == MIZO_MISSING ? 0 : d->wh[i], 3, kwh);
        mizo_decimal_text(d->adjusted[i] == MIZO_MISSING ? 0 : d->adjusted[i], 3, up);
        buf_printf(&x->out, "%2d:%02d %12s", i / 2, i % 2 * 30, d->wh[i] == MIZO_MISSING ? "-" : kwh);
        if (lossy)
            buf_printf(&x->out, " %12s", d->adjusted[i] == MIZO_MISSING ? "-" : up);
        buf_printf(&x->out, "  %s\n", cli_word(ja, mizo_quality_text((mizo_quality)d->q[i])));
    }
    mizo_decimal_text(d->sum_wh, 3, kwh);
    buf_printf(&x->out, ja ? "合計 %s kWh (%d コマ)\n" : "sum %s kWh (%d half-hours)\n", kwh, d->known);
    if (!lossy)
        return;
    mizo_decimal_text(d->sum_adjusted_wh, 3, up);
    mizo_decimal_text(d->loss_ppm, 4, kwh);
    buf_printf(&x->out,
               ja ? "損失率 %s %% (%s、%s%s%s) を加えて %s kWh\n"
                  : "with losses of %s %% (%s, %s%s%s) %s kWh\n",
               kwh, cli_word(ja, d->voltage), d->source, *d->mark ? " " : "", d->mark, up);
}

static mizo_err show(act_run *x, int *status)
{
    readings_day d;
    mizo_ms as_of = STORE_LATEST;
    mizo_quantity q = MIZO_Q_IMPORT;
    if (x->w->day == MIZO_DAY_NONE) {
        *status = complain(x, "which day? --day 2026-04-01", "--day 2026-04-01 のように日を指定してください");
        return MIZO_OK;
    }
    if ((x->w->quantity && mizo_quantity_parse(x->w->quantity, &q)) ||
        (x->w->as_of && mizo_ms_parse(x->w->as_of, strlen(x->w->as_of), x->t->region->offset, &as_of))) {
        *status = complain(x, "--quantity import, --as-of 2026-04-01T09:00:00+09:00",
                           "--quantity import、--as-of 2026-04-01T09:00:00+09:00 のように書いてください");
        return MIZO_OK;
    }
    MIZO_TRY(readings_of(x->t, x->id, q, x->w->day, as_of, &d));
    if (x->w->json)
        day_json(x, &d);
    else
        day_text(x, &d);
    return MIZO_OK;
}

/* ---- held back ---- */

static void held_json(act_run *x, const held_day *h)
{
    json *j = &x->j;
    json_object(j, NULL);
    json_text(j, "id", h->id);
    json_text(j, "point", h->point);
    json_day(j, "day", h->day);
    json_text(j, "state", held_states[h->state]);
    json_text(j, "check", h->check);
    json_int(j, "limit_wh", h->limit_wh);
    json_text(j, "file", h->file);
    json_ints(j, "wh", h->wh, MIZO_DAY_SLOTS);
    if (h->state == HELD_REPLACED)
        json_ints(j, "into", h->into, MIZO_DAY_SLOTS);
    json_text(j, "reason", h->reason);
    json_text(j, "who", h->actor);
    json_end(j);
}

static void held_text(act_run *x, const held_day *h)
{
    char kwh[MIZO_NUM_TEXT], limit[MIZO_NUM_TEXT];
    mizo_decimal_text(h->limit_wh, 3, limit);
    bool ja = cli_japanese(x->c);
    buf_printf(&x->out, "%s  %s  %s (<= %s kWh)", h->id, cli_word(ja, held_states[h->state]),
               cli_word(ja, h->check), limit);
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        if (h->wh[i] != MIZO_MISSING) {
            mizo_decimal_text(h->wh[i], 3, kwh);
            buf_printf(&x->out, " %d=%s", i + 1, kwh);
        }
    buf_printf(&x->out, "%s%s%s%s\n", *h->reason ? "  " : "", h->reason, *h->actor ? " / " : "", h->actor);
}

static mizo_err on_held(void *arg, const held_day *h)
{
    act_run *x = arg;
    if (x->w->json)
        held_json(x, h);
    else
        held_text(x, h);
    return x->out.err;
}

static mizo_err list_held(act_run *x, int *status)
{
    (void)status;
    if (x->w->json) {
        json_object(&x->j, NULL);
        json_array(&x->j, "held");
    }
    MIZO_TRY(held_scan(x->t, !x->w->all, on_held, x));
    if (x->w->json) {
        json_end(&x->j);
        json_end(&x->j);
        buf_char(&x->out, '\n');
    }
    return MIZO_OK;
}

/* "17=2.5,18=2.4": kWh by slot. */
static bool read_values(const char *s, int32_t into[MIZO_DAY_SLOTS])
{
    for (int i = 0; i < MIZO_DAY_SLOTS; i++)
        into[i] = MIZO_MISSING;
    while (s && *s) {
        size_t n = strcspn(s, ","), eq = strcspn(s, "=");
        int64_t slot, wh;
        if (eq >= n || mizo_decimal_parse(s, eq, 0, &slot) || slot < 1 || slot > MIZO_DAY_SLOTS ||
            mizo_decimal_parse(s + eq + 1, n - eq - 1, 3, &wh) || wh < 0 || wh > INT32_MAX)
            return false;
        into[slot - 1] = (int32_t)wh;
        s += n + (s[n] == ',');
    }
    return true;
}

static mizo_err decide(act_run *x, const int32_t *into)
{
    held_day h;
    MIZO_TRY(held_decide(x->t, x->id, into, x->w->reason ? x->w->reason : "", x->actor, &h));
    MIZO_TRY(on_held(x, &h));
    if (x->w->json)
        buf_char(&x->out, '\n');
    return MIZO_OK;
}

static mizo_err accept(act_run *x, int *status)
{
    (void)status;
    return decide(x, NULL);
}

static mizo_err replace(act_run *x, int *status)
{
    int32_t into[MIZO_DAY_SLOTS];
    if (read_values(x->w->values, into))
        return decide(x, into);
    *status = complain(x, "--values 17=2.5,18=2.4 (slot=kWh)",
                       "--values 17=2.5,18=2.4 のように (コマ=kWh) 書いてください");
    return MIZO_OK;
}

/* ---- gaps ---- */

static mizo_err fill(act_run *x, int *status)
{
    readings_fill r;
    const words *w = x->w;
    if (w->day == MIZO_DAY_NONE || !w->rule) {
        *status = complain(x, "fill needs --day and --rule", "fill には --day と --rule が要ります");
        return MIZO_OK;
    }
    mizo_day to = w->to == MIZO_DAY_NONE ? w->day + 1 : w->to + 1;
    MIZO_TRY(readings_fill_gaps(x->t, x->id, w->day, to, w->rule, x->actor, w->dry, &r));
    if (w->json) {
        json_object(&x->j, NULL);
        json_text(&x->j, "point", x->id);
        json_text(&x->j, "rule", w->rule);
        json_int(&x->j, "slots", r.slots);
        json_int(&x->j, "days", r.days);
        json_int(&x->j, "left", r.left);
        json_end(&x->j);
        buf_char(&x->out, '\n');
        return MIZO_OK;
    }
    buf_printf(&x->out,
               cli_japanese(x->c) ? "%s: %" PRId64 " コマを補完 (%" PRId64 " 日)、残る欠測 %" PRId64 "\n"
                                  : "%s: %" PRId64 " half-hours filled on %" PRId64 " days, %" PRId64
                                    " still missing\n",
               w->rule, r.slots, r.days, r.left);
    return MIZO_OK;
}

/* ---- a power factor ---- */

static mizo_err power_factor(act_run *x, int *status)
{
    const words *w = x->w;
    const char *text = w->percent ? w->percent : "";
    int64_t percent = 0;
    mizo_day month;
    bool changed = false;
    *status = cli_month(x->c, &cli_readings, w->month ? w->month : "", &month);
    if (*status)
        return MIZO_OK;
    if (mizo_decimal_parse(text, strlen(text), 2, &percent))
        percent = 0; /* said as out of range */
    MIZO_TRY(factor_put(x->t, x->id, month, percent, w->reason ? w->reason : "", x->actor, &changed));
    if (w->json) {
        json_object(&x->j, NULL);
        json_text(&x->j, "point", x->id);
        json_text(&x->j, "month", w->month);
        json_text(&x->j, "percent", text);
        json_bool(&x->j, "changed", changed);
        json_end(&x->j);
        buf_char(&x->out, '\n');
        return MIZO_OK;
    }
    buf_printf(&x->out, cli_japanese(x->c) ? "%s: %s の力率 %s %%\n" : "%s: power factor of %s is %s %%\n",
               x->id, w->month, text);
    return MIZO_OK;
}

/* ---- the verb ---- */

static const struct act {
    cli_act is;
    bool writes;
    mizo_err (*run)(act_run *x, int *status);
} acts[] = {
    {{ "held", NULL, 0, 0 },                             false, list_held   },
    { { "accept", "ID", 1, 1 },                          true,  accept      },
    { { "replace", "ID", 1, 1 },                         true,  replace     },
    { { "fill", "POINT --day D --rule R", 1, 1 },        true,  fill        },
    { { "factor", "POINT --month M --percent P", 1, 1 }, true,  power_factor},
    { { "show", "ID --day D", 1, 1 },                    false, show        },
};

static const cli_acts table = CLI_ACTS("readings", acts, NULL);

static int run_act(cli *c, const words *w, const struct act *a, const char *id)
{
    town t;
    actor who = { 0 };
    int status = a->writes ? cli_actor(c, &w->who, w->region, ACT_CORRECT, &who) : CLI_DONE;
    if (status)
        return status;
    mizo_err e = town_open(c->env, w->region, a->writes ? STORE_WRITE : STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    act_run x = { .c = c, .t = &t, .w = w, .id = id, .actor = who.name };
    buf_init(&x.out, 0);
    json_init(&x.j, &x.out);
    e = a->run(&x, &status);
    if (e)
        status = cli_status(e);
    else if (!status)
        status = cli_put(c, &x.out);
    buf_fini(&x.out);
    town_close(&t);
    return status;
}

static int run(cli *c)
{
    words w = { .day = MIZO_DAY_NONE, .to = MIZO_DAY_NONE };
    const char *rest[3];
    size_t n = 0;
    int status = cli_parse(c, &cli_readings, &w, rest, &n, 3);
    if (status)
        return status;
    const struct act *a = cli_act_of(c, &table, rest, n);
    return a ? run_act(c, &w, a, n == 2 ? rest[1] : NULL) : CLI_INPUT;
}

const cli_verb cli_readings = {
    .name = "readings",
    .args = "show ID | held | accept ID | replace ID | fill POINT | factor POINT --region DIR",
    .help_en =
        "a day of a point or virtual point, readings held back, gaps filled under a named rule, a month's power factor",
    .help_ja = "地点・仮想地点の一日、保留した計測値、規則による欠測の補完、月の力率",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
