/* day.c: mizo day: the desk of a balancing group's day: forecast, plan, market, filing, imbalance. */
#include "cli/day.h"
#include "mizo/messages/desk.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define AT(member) offsetof(day_options, member)
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "the region directory", "地域のディレクトリ", true, AT(region), 0, 0 },
    { "--day", OPTION_DATE, "D", "day of delivery", "受渡日", true, AT(day), 0, 0 },
    { "--group", OPTION_TEXT, "G", "balancing group (groups.csv); without it the only one of demand", "グループ(groups.csv)。ないときは唯一の需要グループ", false, AT(group), 0, 0 },
    { "--generation", OPTION_FLAG, NULL, "without --group: the only one of generation", "--group がないとき、唯一の発電グループ", false, AT(generation), 0, 0 },
    { "--self-wheeling", OPTION_FLAG, NULL, "without --group: the only one of self-wheeling", "--group がないとき、唯一の自己託送グループ", false, AT(self), 0, 0 },
    { "--at", OPTION_TEXT, "INSTANT", "as if it were then; only in a town with a simulated clock", "その時刻として。模擬時計のまちだけ", false, AT(at), 0, 0 },
    { "--reason", OPTION_TEXT, "TEXT", "why a plan or a slot is changed", "変更の理由", false, AT(reason), 0, 0 },
    { "--slot", OPTION_INT, "N", "correct: half-hour 1..48", "correct: コマ 1～48", false, AT(slot), 1, 48 },
    { "--kwh", OPTION_TEXT, "KWH", "correct: demand of the half-hour, or `none` to take a correction back", "correct: コマの需要kWh。none で取り消し", false, AT(kwh), 0, 0 },
    { "--member", OPTION_TEXT, "M", "correct: whose demand; allot: whose part", "correct: どの会員の需要か。allot: どの会員の分か", false, AT(member), 0, 0 },
    { "--over", OPTION_TEXT, "NAME", "correct: who may be overruled", "correct: 誰の訂正を改めるか", false, AT(over), 0, 0 },
    { "--limit", OPTION_TEXT, "YEN", "bid: highest price a kWh", "bid: 買いの上限単価", false, AT(limit), 0, 0 },
    { "--floor", OPTION_TEXT, "YEN", "bid: lowest price a kWh for what is long", "bid: 売りの下限単価", false, AT(floor), 0, 0 },
    { "--market", OPTION_TEXT, "spot|intraday", "results: of which market (spot)", "results: どの市場か(spot)", false, AT(market), 0, 0 },
    { "--source", OPTION_TEXT, "S", "plants: the source or plant that the file is of, where it does not say", "plants: ファイルに書いていないときの電源", false, AT(source), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "write the file there; file of a member: .csv or .xlsx", "ファイルの書き出し先。子の file は .csv か .xlsx", false, AT(out), 0, 0 },
    { "--paper", OPTION_TEXT, "FILE", "allot: the member's invoice, or the statement of what it gets: .pdf, .html", "allot: 会員への請求書(受け取りなら仕入明細書)の書き出し先。.pdf か .html", false, AT(paper), 0, 0 },
    { "--keep", OPTION_FLAG, NULL, "imbalance: keep the month's sums as a version", "imbalance: 月の合計を版として残す", false, AT(keep), 0, 0 },
    CLI_WHO_ROWS(day_options, who),
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, AT(json), 0, 0 },
};
#undef AT
/* clang-format on */

desk_act day_act(const day_job *j)
{
    return (desk_act){ .town = (town *)(uintptr_t)&j->t,
                       .group = j->group,
                       .day = j->o->day,
                       .now = j->now,
                       .actor = j->who.name,
                       .reason = j->o->reason,
                       .diags = j->c->diags };
}

mizo_err day_read_file(day_job *j, size_t i, buf *text)
{
    mizo_err e = j->c->env->ops->read_file(j->c->env, j->file[i], text);
    if (e)
        MIZO_DIAG(j->c->diags, FILE_UNREADABLE, MIZO_NOWHERE, j->file[i]);
    return e;
}

/* ---- the acts ---- */

mizo_err day_print(const day_job *j, buf *out)
{
    json w;
    if (!j->o->json) {
        day_text(j->d, cli_japanese(j->c), out);
        return MIZO_OK;
    }
    json_init(&w, out);
    json_object(&w, NULL);
    desk_json(j->d, &w);
    json_end(&w);
    buf_char(out, '\n');
    return MIZO_OK;
}

/* Where nothing is kept of the day it is forecast now, and shown alone. */
static mizo_err show(day_job *j, buf *out)
{
    MIZO_TRY(desk_read(&j->t, j->group, j->o->day, j->now, j->d));
    if (!j->d->has_forecast) {
        desk_forecast *f = malloc(sizeof *f);
        mizo_ms midnight = mizo_slot_ms(mizo_day_slot(j->o->day, j->t.region->offset));
        mizo_err e = f ? desk_foresee(&j->t, j->group, j->o->day, j->now < midnight ? j->now : midnight,
                                      false, NULL, f)
                       : MIZO_ENOMEM;
        if (!e)
            e = desk_read_with(&j->t, j->group, j->o->day, j->now, f, j->d);
        free(f);
        MIZO_TRY(e);
    }
    return day_print(j, out);
}

static mizo_err plan(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    MIZO_TRY(desk_draft(&a, j->d));
    return day_print(j, out);
}

static mizo_err file(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    a.xlsx = day_wants_xlsx(j);
    MIZO_TRY(desk_file(&a, j->d));
    MIZO_TRY(day_write_filed(j));
    return day_print(j, out);
}

static mizo_err correct(day_job *j, buf *out)
{
    desk_act a = day_act(j);
    desk_right what = { .member = j->o->member, .slot = (int)j->o->slot - 1, .wh = -1, .over = j->o->over };
    bool none = j->o->kwh && strcmp(j->o->kwh, "none") == 0;
    if (j->o->slot < 1 || !j->o->kwh ||
        (!none && (mizo_decimal_parse(j->o->kwh, strlen(j->o->kwh), 3, &what.wh) || what.wh < 0 ||
                   what.wh > 1000000000000))) {
        MIZO_DIAG(j->c->diags, DESK_CELL, MIZO_NOWHERE, "--slot, --kwh", "1..48, kWh >= 0");
        return MIZO_EINPUT;
    }
    MIZO_TRY(desk_correct(&a, &what));
    MIZO_TRY(desk_read(&j->t, j->group, j->o->day, j->now, j->d));
    return day_print(j, out);
}

typedef struct day_verb {
    const char *name;
    town_act act;
    bool writes;
    mizo_err (*run)(day_job *j, buf *out);
} day_verb;

static const day_verb verbs[] = {
    {"show",       ACT_READ,    false, show         },
    { "plan",      ACT_PLAN,    true,  plan         },
    { "file",      ACT_FILE,    true,  file         },
    { "correct",   ACT_CORRECT, true,  correct      },
    { "bid",       ACT_FILE,    true,  day_bid      },
    { "results",   ACT_IMPORT,  true,  day_results  },
    { "plants",    ACT_IMPORT,  true,  day_plants   },
    { "imbalance", ACT_SETTLE,  false, day_imbalance},
    { "take",      ACT_IMPORT,  true,  day_take     },
    { "members",   ACT_IMPORT,  true,  day_members  },
    { "allot",     ACT_FILE,    true,  day_allot    },
    { "decide",    ACT_FILE,    true,  day_decide   },
};
enum { NVERBS = sizeof verbs / sizeof *verbs };

/* ---- the way in ---- */

static const day_verb *verb_named(const char *name)
{
    for (int i = 0; i < NVERBS; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static mizo_err find_now(day_job *j)
{
    const char *at = j->o->at;
    MIZO_TRY(desk_now(&j->t, &j->now));
    if (!at)
        return MIZO_OK;
    if (j->t.region->clock_start != MIZO_DAY_NONE &&
        !mizo_ms_parse(at, strlen(at), j->t.region->offset, &j->now))
        return MIZO_OK;
    MIZO_DIAG(j->c->diags, DESK_AT, MIZO_NOWHERE, at);
    return MIZO_EINPUT;
}

static mizo_err work(day_job *j, const day_verb *v, buf *out)
{
    mizo_bg_kind kind = j->o->generation ? MIZO_BG_GENERATION : j->o->self ? MIZO_BG_SELF : MIZO_BG_DEMAND;
    MIZO_TRY(find_now(j));
    MIZO_TRY(desk_group(j->t.region, j->o->group, kind, j->o->day, j->c->diags, &j->group));
    j->d = malloc(sizeof *j->d);
    if (!j->d)
        return MIZO_ENOMEM;
    return v->run(j, out);
}

static int run_verb(day_job *j, const day_verb *v)
{
    bool writes = v->writes || j->o->keep;
    if (writes) {
        int status = cli_actor(j->c, &j->o->who, j->o->region, v->act, &j->who);
        if (status)
            return status;
    }
    mizo_err e = town_open(j->c->env, j->o->region, writes ? STORE_WRITE : STORE_READ, j->c->diags, &j->t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(j->c->diags); /* warnings about the model are `mizo check`'s to say */
    buf out;
    buf_init(&out, 64 << 20);
    e = work(j, v, &out);
    int status = e ? cli_status(e) : cli_put(j->c, &out);
    buf_fini(&out);
    free(j->d);
    town_close(&j->t);
    return status;
}

static int run(cli *c)
{
    day_options o = { 0 };
    const char *rest[32];
    size_t n;
    int status = cli_parse(c, &cli_day, &o, rest, &n, sizeof rest / sizeof *rest);
    if (status || !o.region)
        return status;
    const day_verb *v = verb_named(n ? rest[0] : "show");
    if (!v) {
        MIZO_DIAG(c->diags, DESK_VERB, MIZO_NOWHERE, rest[0],
                  "show, plan, file, correct, bid, results, plants, imbalance, take, members, allot, decide");
        return CLI_INPUT;
    }
    day_job j = { .c = c, .o = &o, .file = rest + 1, .nfile = n ? n - 1 : 0 };
    return run_verb(&j, v);
}

const cli_verb cli_day = {
    .name = "day",
    .args = "[ACT] --region DIR --day D",
    .help_en = "the day's desk: plan, file, correct, bid, results, plants, decide, imbalance, members",
    .help_ja = "一日の需給: 計画・提出・訂正・入札・約定・発電予定・決定・インバランス・子の値",
    .rows = rows,
    .nrows = sizeof rows / sizeof *rows,
    .run = run,
};
