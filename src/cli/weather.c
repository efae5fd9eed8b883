/* weather.c: `mizo weather`: what the town knows of the weather of some days, and asking the service for it. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "mizo/messages/weather.h"
#include "town/foresee/weather_fetch.h"
#include "town/foresee/weather_in.h"
#include "town/module.h"

typedef struct weather_words {
    const char *region, *url, *issued;
    mizo_day day;
    int64_t days;
    bool hindcast, json;
    cli_who who;
} weather_words;

/* clang-format off */
#define AT(member) offsetof(weather_words, member)
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "the region directory", "地域のディレクトリ", true, AT(region), 0, 0 },
    { "--day", OPTION_DATE, "D", "show: the first day (today)", "show: 最初の日 (指定しなければ今日)", false, AT(day), 0, 0 },
    { "--days", OPTION_INT, "N", "show: how many days, 1 to 8 (1)", "show: 日数 1〜8 (1)", false, AT(days), 1, MIZO_AHEAD },
    { "--as-of", OPTION_TEXT, "INSTANT", "show: what was known then (the day's midnight, or now)", "show: その時点で分かっていた内容 (指定しなければその日の0時か現在)", false, AT(issued), 0, 0 },
    { "--hindcast", OPTION_FLAG, NULL, "show: use readings of before that instant that were imported later, too", "show: その時点より前の計測値なら、あとから取り込んだものも使う", false, AT(hindcast), 0, 0 },
    { "--url", OPTION_TEXT, "URL", "fetch: ask here instead of the region's weather_url", "fetch: weather_url の代わりに問い合わせる先", false, AT(url), 0, 0 },
    CLI_WHO_ROWS(weather_words, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, AT(json), 0, 0 },
};
#undef AT
/* clang-format on */

static bool japanese(const cli *c)
{
    return strcmp(c->lang, "ja") == 0;
}

/* ---- fetch ---- */

static void put_fetch(const cli *c, const weather_words *w, const town *t, const import_result *r, buf *out)
{
    const char *note = t->region->weather_note;
    if (w->json) {
        json j;
        json_init(&j, out);
        json_object(&j, NULL);
        json_int(&j, "hours", r->rows);
        json_int(&j, "added", r->added);
        json_int(&j, "changed", r->changed);
        json_int(&j, "same", r->same);
        json_int(&j, "blank", r->blank);
        json_int(&j, "batch", r->batch);
        json_text(&j, "blake2b", r->hash);
        json_text(&j, "note", *note ? note : NULL);
        json_end(&j);
        buf_char(out, '\n');
        return;
    }
    buf_printf(out,
               japanese(c) ? "%lld 時間分: 新規 %lld、変更 %lld、同じ %lld\n"
                           : "%lld hours: %lld new, %lld changed, %lld same\n",
               (long long)r->rows, (long long)r->added, (long long)r->changed, (long long)r->same);
    if (*note)
        buf_printf(out, "%s\n", note);
}

static bool interrupted(void *arg)
{
    (void)arg;
    return env_interrupted();
}

static int fetch(cli *c, const weather_words *w)
{
    town t;
    actor who;
    const fetch_client *http;
    int status = cli_actor(c, &w->who, w->region, ACT_IMPORT, &who);
    if (status != CLI_DONE)
        return status;
    mizo_err e = town_open_as(c->env, w->region, STORE_CREATE, who.name, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags);
    e = module_http(c->diags, &http);
    buf out;
    buf_init(&out, 1 << 16);
    if (!e) {
        import_result r;
        weather_fetch_options o = { .http = http, .url = w->url, .actor = who.name, .stop = interrupted };
        env_interruptible();
        e = weather_fetch(&t, &o, &r, NULL);
        if (!e)
            put_fetch(c, w, &t, &r, &out);
    }
    town_close(&t);
    status = e == MIZO_EIO || e == MIZO_EFULL ? CLI_FAILED : e ? cli_status(e) : cli_put(c, &out);
    buf_fini(&out);
    return status;
}

/* ---- show ---- */

typedef struct showing {
    const weather_words *w;
    const mizo_region *region;
    mizo_ms issued;
    weather_slots expected;
    int32_t met_air[WEATHER_SLOTS], met_ghi[WEATHER_SLOTS];
} showing;

static void put_ages(json *j, const char *key, const weather_row *row, int n)
{
    json_ints(j, key, row->age_min, n);
}

static void put_sources(json *j, const char *key, const weather_row *row, int n)
{
    json_array(j, key);
    for (int i = 0; i < n; i++)
        json_text(j, NULL, weather_source_text((weather_source)row->from[i]));
    json_end(j);
}

static void put_json(const showing *s, buf *out)
{
    json j;
    int n = s->expected.n;
    json_init(&j, out);
    json_object(&j, NULL);
    json_day(&j, "day", s->w->day);
    json_time(&j, "as_of", s->issued, s->region->offset);
    json_ints(&j, "air_cc", s->expected.air.v, n);
    put_sources(&j, "air_from", &s->expected.air, n);
    put_ages(&j, "air_age_min", &s->expected.air, n);
    json_ints(&j, "ghi_wm2", s->expected.ghi.v, n);
    put_sources(&j, "ghi_from", &s->expected.ghi, n);
    put_ages(&j, "ghi_age_min", &s->expected.ghi, n);
    json_ints(&j, "met_air_cc", s->met_air, n);
    json_ints(&j, "met_ghi_wm2", s->met_ghi, n);
    json_text(&j, "note", *s->region->weather_note ? s->region->weather_note : NULL);
    json_end(&j);
    buf_char(out, '\n');
}

static const char *source_word(bool ja, uint8_t from)
{
    static const char *const word[] = { "なし", "予報", "前の予報", "平年" };
    return ja ? word[from] : weather_source_text((weather_source)from);
}

static void put_cell(buf *out, int32_t v, int digits, int width)
{
    char text[MIZO_NUM_TEXT] = "-";
    if (v != MIZO_MISSING)
        mizo_decimal_text(v, digits, text);
    cli_cell(out, text, width);
}

static void put_age(buf *out, const weather_row *row, int i)
{
    char text[24] = "";
    if (row->age_min[i] != MIZO_MISSING)
        snprintf(text, sizeof text, "%d:%02d", (int)row->age_min[i] / 60, (int)row->age_min[i] % 60);
    cli_cell(out, text, 8);
}

static void put_text(const cli *c, const showing *s, buf *out)
{
    bool ja = japanese(c);
    char at[MIZO_INSTANT_TEXT];
    mizo_ms_text(s->issued, s->region->offset, at);
    buf_printf(out, ja ? "%s 時点の見込み\n" : "Weather as expected at %s\n", at);
    static const char *const en[] = { "C", "from", "age", "W/m2", "from", "age", "met C", "W/m2" };
    static const char *const jp[] = { "℃", "出所", "経過", "W/m2", "出所", "経過", "実測℃", "W/m2" };
    static const int width[] = { 8, 13, 8, 7, 13, 8, 9, 7 };
    cli_cell(out, "", 16);
    for (int i = 0; i < 8; i++)
        cli_cell(out, ja ? jp[i] : en[i], width[i]);
    buf_char(out, '\n');
    for (int i = 0; i < s->expected.n; i++) {
        char day[MIZO_DATE_TEXT];
        mizo_day_text(s->w->day + i / MIZO_DAY_SLOTS, day);
        buf_printf(out, "%s %02d:%02d", day, i % MIZO_DAY_SLOTS / 2, i % 2 * 30);
        put_cell(out, s->expected.air.v[i], 2, 8);
        cli_cell(out, source_word(ja, s->expected.air.from[i]), 13);
        put_age(out, &s->expected.air, i);
        put_cell(out, s->expected.ghi.v[i], 0, 7);
        cli_cell(out, source_word(ja, s->expected.ghi.from[i]), 13);
        put_age(out, &s->expected.ghi, i);
        put_cell(out, s->met_air[i], 2, 9);
        put_cell(out, s->met_ghi[i], 0, 7);
        buf_char(out, '\n');
    }
    if (*s->region->weather_note)
        buf_printf(out, "%s\n", s->region->weather_note);
}

/* What was expected as of the instant; what was met is what is known now, to hold against it. */
static mizo_err look(showing *s, store *st, mizo_ms now)
{
    weather_ask then = { .region = s->region, .store = st, .issued = s->issued, .hindcast = s->w->hindcast };
    weather_ask latest = { .region = s->region, .store = st, .issued = now, .hindcast = true };
    MIZO_TRY(weather_expected(&then, s->w->day, (int)s->w->days, &s->expected));
    return weather_met(&latest, s->w->day, (int)s->w->days, s->met_air, s->met_ghi);
}

static mizo_err read_issued(const weather_words *w, int offset, mizo_ms now, mizo_ms *out)
{
    mizo_ms midnight = mizo_slot_ms(mizo_day_slot(w->day, offset));
    *out = midnight < now ? midnight : now;
    return w->issued ? mizo_ms_parse(w->issued, strlen(w->issued), offset, out) : MIZO_OK;
}

static int show(cli *c, weather_words *w)
{
    static showing s;
    town t;
    mizo_err e = town_open(c->env, w->region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags);
    mizo_ms now = c->env->ops->wall_ms(c->env);
    if (w->day == MIZO_DAY_NONE)
        w->day = mizo_slot_day(mizo_ms_slot(now), t.region->offset);
    s.w = w;
    s.region = t.region;
    buf out;
    buf_init(&out, 1 << 22);
    int status = CLI_INPUT;
    if (read_issued(w, t.region->offset, now, &s.issued)) {
        MIZO_DIAG(c->diags, WEATHER_AS_OF, MIZO_NOWHERE, w->issued);
    } else if (!(e = look(&s, t.store, now))) {
        if (w->json)
            put_json(&s, &out);
        else
            put_text(c, &s, &out);
        status = cli_put(c, &out);
    } else {
        store_explain(c->diags, w->region, e);
        status = cli_status(e);
    }
    buf_fini(&out);
    town_close(&t);
    return status;
}

static int run(cli *c)
{
    weather_words w = { .day = MIZO_DAY_NONE, .days = 1 };
    const char *act = NULL;
    size_t n = 0;
    int status = cli_parse(c, &cli_weather, &w, &act, &n, 1);
    if (status != CLI_DONE)
        return status;
    if (n == 0 || strcmp(act, "show") == 0)
        return show(c, &w);
    if (strcmp(act, "fetch") == 0)
        return fetch(c, &w);
    static const char *const acts[] = { "show", "fetch" };
    const char *near = text_nearest(act, acts, 2);
    MIZO_DIAG(c->diags, WEATHER_ACT, MIZO_NOWHERE, act, near ? near : "show");
    return CLI_INPUT;
}

const cli_verb cli_weather = {
    "weather",
    "show|fetch --region DIR [--day D]",
    "the weather as expected and as met; fetch asks the forecast service",
    "気象の見込みと実測を見る。fetch で予報を取得する",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
