/* settle.c: mizo settle: recorded days into the books. */
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "mizo/messages/books.h"
#include "town/books/settle.h"

typedef struct settle_options {
    const char *region;
    mizo_day from, to;
    cli_who who;
    bool json;
} settle_options;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(settle_options, region), 0, 0 },
    { "--from", OPTION_DATE, "D", "first day", "最初の日", true, offsetof(settle_options, from), 0, 0 },
    { "--to", OPTION_DATE, "D", "last day, included", "最後の日 (この日を含む)", true, offsetof(settle_options, to), 0, 0 },
    CLI_WHO_ROWS(settle_options, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(settle_options, json), 0, 0 },
};
/* clang-format on */

typedef struct printer {
    bool ja;
    json *json; /* NULL: text */
    buf *out;
    settle_result sum;
    int days;
} printer;

static void put_result(json *j, const settle_result *r)
{
    json_int(j, "sources", r->sources);
    json_int(j, "consumers", r->consumers);
    json_int(j, "supply_wh", r->supply_wh);
    json_int(j, "demand_wh", r->demand_wh);
    json_int(j, "matched_wh", r->matched_wh);
    json_int(j, "own_wh", r->own_wh);
    json_int(j, "unread_exports", r->unread);
    json_int(j, "posted", r->posted);
    json_bool(j, "corrected", r->corrected);
}

static void text_result(printer *p, const char *day, const settle_result *r)
{
    char matched[MIZO_NUM_TEXT], supply[MIZO_NUM_TEXT], own[MIZO_NUM_TEXT], posted[MIZO_NUM_TEXT];
    mizo_grouped_text(r->posted, posted);
    mizo_grouped_text(r->matched_wh / 1000, matched);
    mizo_grouped_text(r->supply_wh / 1000, supply);
    mizo_grouped_text(r->own_wh / 1000, own);
    const char *state = r->posted == 0 ? (p->ja ? "変更なし" : "unchanged")
                        : r->corrected ? (p->ja ? "訂正" : "corrected")
                                       : (p->ja ? "新規" : "new");
    buf_printf(
        p->out,
        p->ja
            ? "%s  町への供給 %s kWh、うち町で使用 %s kWh; ほかに屋根の下で自家消費 %s kWh; 仕訳 %s (%s)\n"
            : "%s  %s kWh offered to the town, %s kWh of it used there; %s kWh more under own roofs; %s entries (%s)\n",
        day, supply, matched, own, posted, state);
    if (r->unread)
        buf_printf(
            p->out,
            p->ja
                ? "    逆潮流の検針値がない屋根の発電 %d コマは自家消費として数えた (%s など)\n"
                : "    %d half-hours of roofs without a reading of what left them count as used there (%s ..)\n",
            r->unread, r->unread_at);
}

static mizo_err each(void *arg, const settle_result *r)
{
    printer *p = arg;
    char day[MIZO_DATE_TEXT];
    if (r->empty)
        return MIZO_OK;
    mizo_day_text(r->day, day);
    p->days++;
    p->sum.posted += r->posted;
    p->sum.matched_wh += r->matched_wh;
    if (p->json) {
        json_object(p->json, NULL);
        json_text(p->json, "day", day);
        put_result(p->json, r);
        json_end(p->json);
    } else {
        text_result(p, day, r);
    }
    return p->out->err;
}

static mizo_err settle(cli *c, const settle_options *o, town *t, const actor *who, buf *out)
{
    json j;
    printer p = { .ja = strcmp(c->lang, "ja") == 0, .json = o->json ? &j : NULL, .out = out };
    json_init(&j, out);
    if (o->json) {
        json_object(&j, NULL);
        json_array(&j, "days");
    }
    mizo_err err = settle_days(t, o->from, o->to, who->name, each, &p);
    if (o->json) {
        json_end(&j);
        json_int(&j, "posted", p.sum.posted);
        json_int(&j, "matched_wh", p.sum.matched_wh);
        json_end(&j);
        buf_char(out, '\n');
    } else {
        buf_printf(out, p.ja ? "%d 日、仕訳 %d 件\n" : "%d days, %d entries\n", p.days, p.sum.posted);
    }
    return err;
}

static int run(cli *c)
{
    settle_options o = { 0 };
    size_t n = 0;
    int status = cli_parse(c, &cli_settle, &o, NULL, &n, 0);
    if (status != CLI_DONE)
        return status;
    if ((status = cli_days_in_order(c, &cli_settle, o.from, o.to)) != CLI_DONE)
        return status;
    town t;
    actor who;
    if ((status = cli_actor(c, &o.who, o.region, ACT_SETTLE, &who)) != CLI_DONE)
        return status;
    env_interruptible();
    mizo_err err = town_open_as(c->env, o.region, STORE_WRITE, who.name, c->diags, &t);
    if (err)
        return cli_status(err);
    buf out;
    buf_init(&out, 0);
    err = settle(c, &o, &t, &who, &out);
    status = cli_put(c, &out); /* also the days before a failure: they are kept */
    if (err == MIZO_ECANCELED)
        MIZO_DIAG(c->diags, BOOKS_INTERRUPTED, MIZO_NOWHERE, NULL);
    buf_fini(&out);
    town_close(&t);
    return err ? cli_status(err) : status;
}

const cli_verb cli_settle = {
    "settle",
    "--region DIR --from D --to D",
    "match the recorded days' renewable supply to demand, once, in the books",
    "記録された日の再エネ供給を需要と突き合わせ、帳簿に一度だけ記す",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
