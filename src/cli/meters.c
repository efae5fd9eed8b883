/* meters.c: mizo meters: terms of verification, days without a meter, registers against half-hours. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "mizo/messages/operator.h"
#include "town/import/meters.h"

enum { WITHIN = 90, KWH_OFF = 1000 };

typedef struct words {
    const char *region;
    mizo_day day;
    int64_t within;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--day", OPTION_DATE, "DATE", "as on this day (today)", "この日の時点で (指定しなければ今日)", false, offsetof(words, day), 0, 0 },
    { "--within", OPTION_INT, "N", "warn of terms that end in so many days (90)", "あと何日で切れる検定を知らせるか (90)", false, offsetof(words, within), 1, 3650 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct listing {
    cli *c;
    buf out;
    json j;
    bool json;
    int alarms;
} listing;

static bool apart(const meter_line *l)
{
    int64_t off = l->register_wh - l->slots_wh;
    return l->compared && (l->missing || off >= KWH_OFF || off <= -KWH_OFF);
}

static void alarm(listing *x, const meter_line *l)
{
    char until[MIZO_DATE_TEXT] = "", left[16], reg[MIZO_NUM_TEXT], sum[MIZO_NUM_TEXT], missing[24];
    mizo_place at = MIZO_AT("meters.csv", l->meter->line, 0);
    if (l->meter->verified_until != MIZO_DAY_NONE)
        mizo_day_text(l->meter->verified_until, until);
    snprintf(left, sizeof left, "%" PRId32, l->days_left);
    if (l->state == METER_ENDING)
        MIZO_DIAG(x->c->diags, METER_TERM_ENDING, at, l->meter->id, l->point, left, until);
    if (l->state == METER_EXPIRED)
        MIZO_DIAG(x->c->diags, METER_TERM_ENDED, at, l->meter->id, l->point, until);
    if (apart(l)) {
        mizo_decimal_text(l->register_wh, 3, reg);
        mizo_decimal_text(l->slots_wh, 3, sum);
        snprintf(missing, sizeof missing, "%" PRId64, l->missing);
        MIZO_DIAG(x->c->diags, METER_REGISTERS, at, l->meter->id, l->point, reg, sum, missing);
    }
    x->alarms += l->state == METER_ENDING || l->state == METER_EXPIRED || apart(l);
}

static void put_json(const meter_line *l, json *j)
{
    const mizo_meter *m = l->meter;
    static const char *const kinds[] = { "direct", "transformer", "notified" };
    json_object(j, NULL);
    json_text(j, "meter", m->id);
    json_text(j, "point", l->point);
    json_text(j, "serial", m->serial);
    json_text(j, "kind", kinds[m->kind]);
    json_text(j, "state", meter_states[l->state]);
    if (m->verified_until != MIZO_DAY_NONE)
        json_day(j, "verified_until", m->verified_until);
    json_int(j, "days_left", l->days_left);
    json_bool(j, "compared", l->compared);
    if (l->compared) {
        json_int(j, "register_wh", l->register_wh);
        json_int(j, "slots_wh", l->slots_wh);
        json_int(j, "missing", l->missing);
    }
    json_end(j);
}

static mizo_err on_meter(void *arg, const meter_line *l)
{
    listing *x = arg;
    char until[MIZO_DATE_TEXT] = "-";
    alarm(x, l);
    if (x->json) {
        put_json(l, &x->j);
        return x->out.err;
    }
    if (l->meter->verified_until != MIZO_DAY_NONE)
        mizo_day_text(l->meter->verified_until, until);
    cli_cell(&x->out, l->meter->id, -20);
    buf_char(&x->out, ' ');
    cli_cell(&x->out, l->point, -20);
    buf_printf(&x->out, " %-10s ", until);
    cli_cell(&x->out, cli_word(cli_japanese(x->c), meter_states[l->state]), -9);
    if (l->state <= METER_EXPIRED)
        buf_printf(&x->out, " %" PRId32, l->days_left);
    buf_char(&x->out, '\n');
    return x->out.err;
}

static mizo_err on_gap(void *arg, const char *point, mizo_day from, mizo_day to)
{
    listing *x = arg;
    char a[MIZO_DATE_TEXT], b[MIZO_DATE_TEXT];
    mizo_day_text(from, a);
    mizo_day_text(to - 1, b);
    MIZO_DIAG(x->c->diags, METER_NONE, MIZO_AT("meters.csv", 0, 0), point, a, b);
    x->alarms++;
    if (!x->json)
        return MIZO_OK;
    json_object(&x->j, NULL);
    json_text(&x->j, "point", point);
    json_day(&x->j, "from", from);
    json_day(&x->j, "to", to);
    json_end(&x->j);
    return x->out.err;
}

static mizo_err list(listing *x, town *t, const words *w)
{
    if (x->json) {
        json_object(&x->j, NULL);
        json_day(&x->j, "day", w->day);
        json_array(&x->j, "meters");
    }
    MIZO_TRY(meters_scan(t, w->day, (int)w->within, on_meter, x));
    if (x->json) {
        json_end(&x->j);
        json_array(&x->j, "without");
    }
    MIZO_TRY(meters_gaps(t, w->day - 366, w->day + 1, on_gap, x));
    if (x->json) {
        json_end(&x->j);
        json_int(&x->j, "alarms", x->alarms);
        json_end(&x->j);
        buf_char(&x->out, '\n');
    }
    return MIZO_OK;
}

static int run(cli *c)
{
    words w = { .day = MIZO_DAY_NONE, .within = WITHIN };
    size_t n = 0;
    int status = cli_parse(c, &cli_meters, &w, NULL, &n, 0);
    if (status)
        return status;
    town t;
    mizo_err e = town_open(c->env, w.region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    w.day = cli_day_of(c, &t, w.day);
    listing x = { .c = c, .json = w.json };
    buf_init(&x.out, 0);
    json_init(&x.j, &x.out);
    e = list(&x, &t, &w);
    status = e ? cli_status(e) : cli_put(c, &x.out);
    buf_fini(&x.out);
    town_close(&t);
    return status ? status : x.alarms ? CLI_NO : CLI_DONE;
}

const cli_verb cli_meters = {
    .name = "meters",
    .args = "--region DIR [--day D]",
    .help_en = "meters whose term of verification ends, days without one, registers against half-hours",
    .help_ja = "計器の検定の有効期間、計器のない日、指示数と30分値の照合",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
