/* inventory.c: mizo inventory (and mizo city, for these words): a reporting entity's year, renewable capacity by register,
 * home PV, a provisional year, why a year was restated, and tables of other schemes out and in. */
#include <stdlib.h>
#include <string.h>

#include "cli/act.h"
#include "cli/document.h"
#include "cli/inventory.h"
#include "mizo/messages/base.h"
#include "mizo/messages/city.h"
#include "mizo/messages/inventory.h"
#include "town/inventory/doc.h"
#include "town/inventory/entity.h"
#include "town/inventory/provisional.h"
#include "town/inventory/scheme.h"

enum { FILE_MOST = 64 << 20 };

typedef struct words {
    const char *region, *fy, *out, *xlsx, *vintage, *source, *inventory;
    mizo_day as_of, on;
    bool json, keep;
    cli_who who;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--fy", OPTION_TEXT, "Y", "fiscal year: 2023, R5 (the last one that is over)", "年度。2023、R5など(最後に終わった年度)", false, offsetof(words, fy), 0, 0 },
    { "--inventory", OPTION_TEXT, "NAME", "scheme, take, provisional, restate: which inventory (the first of inventories.csv)", "scheme・take・provisional・restate: どの排出量表か (inventories.csvの先頭)", false, offsetof(words, inventory), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "as known at the end of that day (now)", "その日の終わりに知られていた内容で(今)", false, offsetof(words, as_of), 0, 0 },
    { "--vintage", OPTION_TEXT, "WORD", "take: provisional, revised or final (final)", "take: provisional暫定値 revised改定値 final確定値 (final)", false, offsetof(words, vintage), 0, 0 },
    { "--source", OPTION_TEXT, "TEXT", "take: where the figures come from", "take: 出典", false, offsetof(words, source), 0, 0 },
    { "--on", OPTION_DATE, "D", "take, provisional --keep: the day of publication (today)", "take、provisional --keep: 公表日 (今日)", false, offsetof(words, on), 0, 0 },
    { "--keep", OPTION_FLAG, NULL, "provisional: write it down as published", "provisional: 公表値として残す", false, offsetof(words, keep), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "as .pdf, .xlsx, .html, .csv or .txt by its name", "名前の終わりの形式(.pdf .xlsx .html .csv .txt)で書く", false, offsetof(words, out), 0, 0 },
    { "--xlsx", OPTION_TEXT, "FILE", "as a workbook", "XLSXのファイルに書く", false, offsetof(words, xlsx), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
    CLI_WHO_ROWS(words, who),
};
/* clang-format on */

typedef struct desk {
    cli *c;
    town *t;
    city_desk *d;
    const words *w;
    const char *word[3];
    size_t n;
    const char *actor;
    int fy;
    bool no; /* the answer is no */
    buf out;
    json j;
} desk;

static const char *inventory_of(const desk *k)
{
    return k->w->inventory ? k->w->inventory : city_inventory_first(k->t->region);
}

/* To where it is wanted: a file, or the terminal. */
static mizo_err put_report(desk *k, const report *r)
{
    if (k->w->xlsx)
        return cli_document_as(k->c, k->w->xlsx, REPORT_FORMAT_XLSX, r);
    return k->w->out ? cli_document(k->c, k->w->out, r) : report_plain(r, &k->out);
}

static mizo_err put_done(desk *k, mizo_err e, report *r)
{
    if (!e)
        e = put_report(k, r);
    report_free(r);
    return e;
}

/* A document of one table or a few that a maker fills. */
static mizo_err small_doc(desk *k, const char *title, mizo_err (*fill)(maker *m, const void *x),
                          const void *x)
{
    bool ja = cli_japanese(k->c);
    const city_doc_ask ask = { "inventory", k->c->lang, k->fy, mizo_fy_first(k->fy + 1) };
    maker m = { k->d, &k->d->books, k->d->books.region, &ask, k->c->diags, NULL, ja };
    m.out =
        report_new(&(report_head){ .title = title, .lang = k->c->lang, .day = ask.day, .landscape = true });
    if (!m.out)
        return MIZO_ENOMEM;
    mizo_err e = fill(&m, x);
    return put_done(k, e ? e : report_done(m.out), m.out);
}

/* ---- capacity ---- */

static mizo_err capacity_fill(maker *m, const void *x)
{
    return capacity_tables(m, x);
}

static mizo_err renewables(desk *k)
{
    capacity c;
    char day[MIZO_DATE_TEXT];
    mizo_day on = k->w->as_of != MIZO_DAY_NONE ? k->w->as_of : mizo_fy_first(k->fy + 1) - 1;
    mizo_err e = capacity_make(k->d->books.region, on, &c);
    mizo_day_text(on, day);
    if (c.fault)
        MIZO_DIAG(k->c->diags, INVENTORY_NO_POWER, MIZO_AT("register-rows.csv", c.fault->line, 0),
                  c.fault->name_ja, c.fault->unit);
    else if (e == MIZO_ENOENT)
        MIZO_DIAG(k->c->diags, INVENTORY_NO_REGISTER, MIZO_AT("registers.csv", 0, 0), day);
    if (e)
        return e == MIZO_ENOENT ? MIZO_EINPUT : e;
    capacity_say(&c, k->c->diags);
    k->no = c.questions > 0;
    if (k->w->json) {
        json_object(&k->j, NULL);
        capacity_json(&c, &k->j);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else {
        e = small_doc(k, cli_japanese(k->c) ? "再エネ設備容量" : "Renewable capacity", capacity_fill, &c);
    }
    capacity_free(&c);
    return e;
}

/* ---- home PV ---- */

static mizo_err home_pv_fill(maker *m, const void *x)
{
    return home_pv_table(m, x);
}

static mizo_err subsidised(desk *k)
{
    home_pv *h = malloc(sizeof *h);
    mizo_err e = h ? home_pv_make(k->t, h) : MIZO_ENOMEM;
    if (!e && k->w->json) {
        json_object(&k->j, NULL);
        home_pv_json(h, &k->d->books, &k->j);
        json_end(&k->j);
    } else if (!e) {
        e = small_doc(k, cli_japanese(k->c) ? "住宅用太陽光発電設備の補助" : "Home-PV subsidy", home_pv_fill,
                      h);
    }
    free(h);
    return e;
}

/* ---- a reporting entity ---- */

static mizo_err entity(desk *k)
{
    const entity_of ask = { k->fy, k->n ? k->word[0] : "all", k->w->as_of };
    entity_town e;
    report *r = NULL;
    mizo_err err = entity_town_make(k->t, &ask, &e);
    if (err)
        return err == MIZO_ENOENT ? MIZO_EINPUT : err;
    k->no = e.year.faults > 0;
    if (k->w->json) {
        json_object(&k->j, NULL);
        entity_json(k->t->region, &e, &k->j);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else {
        err = entity_report(k->t, &e, k->c->lang, &r);
        err = put_done(k, err, r);
    }
    entity_town_free(&e);
    return err;
}

/* ---- a provisional year ---- */

static mizo_err provisional(desk *k)
{
    const provisional_ask ask = { inventory_of(k), k->c->lang, k->fy };
    report *r = NULL;
    int changed = 0;
    if (k->w->keep) {
        MIZO_TRY(provisional_keep(k->d, &ask, k->w->on, k->actor, &changed));
        if (!k->w->json)
            buf_printf(&k->out,
                       cli_japanese(k->c) ? "%s FY%d: %d 欄を残しました\n" : "%s FY%d: %d cells written\n",
                       ask.inventory, k->fy, changed);
    }
    if (k->w->json) {
        json_object(&k->j, NULL);
        mizo_err e = provisional_json(k->d, &ask, &k->j);
        if (k->w->keep)
            json_int(&k->j, "written", changed);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
        return e;
    }
    mizo_err e = provisional_doc(k->d, &ask, &r);
    return put_done(k, e, r);
}

/* ---- why a year was restated ---- */

static mizo_err restate_fill(maker *m, const void *x)
{
    return inventory_restated_doc(m, x);
}

static mizo_err no_edition(desk *k, const char *word)
{
    char year[16];
    buf there;
    (void)snprintf(year, sizeof year, "%d", k->fy);
    buf_init(&there, 0);
    city_editions_text(k->t->region, inventory_of(k), k->fy, k->w->as_of, &there);
    MIZO_DIAG(k->c->diags, INVENTORY_NO_EDITION, MIZO_AT("activities.csv", 0, 0), inventory_of(k), year, word,
              there.n && !there.err ? there.p : "–");
    buf_fini(&there);
    return MIZO_EINPUT;
}

/* From the first edition to the last, where none is named. */
static mizo_err find_editions(desk *k, city_restating *q)
{
    const mizo_region *r = k->t->region;
    city_edition *const of[] = { &q->from, &q->to };
    if (!city_edition_next(r, q->inventory, q->fy, NULL, q->as_of, &q->from))
        return no_edition(k, "");
    q->to = q->from;
    for (city_edition x; city_edition_next(r, q->inventory, q->fy, &q->to, q->as_of, &x);)
        q->to = x;
    for (size_t i = 0; i < k->n; i++)
        if (!city_edition_named(r, q->inventory, q->fy, k->word[i], q->as_of, of[i]))
            return no_edition(k, k->word[i]);
    return MIZO_OK;
}

static mizo_err restate(desk *k)
{
    city_restating q = { .inventory = inventory_of(k), .fy = k->fy, .as_of = k->w->as_of };
    MIZO_TRY(find_editions(k, &q));
    if (!k->w->json)
        return small_doc(k, cli_japanese(k->c) ? "再算定の内訳" : "Why a year was restated", restate_fill,
                         &q);
    json_object(&k->j, NULL);
    mizo_err e = inventory_restated_one(&k->d->books, &q, &k->j);
    json_text(&k->j, "model", k->t->region->hash);
    json_end(&k->j);
    return e;
}

/* ---- other schemes ---- */

static mizo_err scheme(desk *k)
{
    const scheme_ask ask = { k->word[0], inventory_of(k), k->c->lang, k->fy };
    report *r = NULL;
    int strays = 0;
    mizo_err e;
    if (k->w->json) {
        json_object(&k->j, NULL);
        e = scheme_json(k->d, &ask, &k->j, &strays);
        json_text(&k->j, "model", k->t->region->hash);
        json_end(&k->j);
    } else {
        e = scheme_doc(k->d, &ask, k->c->diags, &r, &strays);
        e = put_done(k, e, r);
    }
    k->no = strays > 0;
    return e == MIZO_ENOENT ? MIZO_EINPUT : e;
}

static bool vintage_word(const char *word, mizo_vintage *out)
{
    static const char *const vintages[MIZO_VINTAGES] = { "final", "provisional", "revised" };
    for (int v = 0; v < MIZO_VINTAGES; v++)
        if (strcmp(word, vintages[v]) == 0) {
            *out = (mizo_vintage)v;
            return true;
        }
    return false;
}

static mizo_err take(desk *k)
{
    const scheme_ask ask = { k->word[0], inventory_of(k), k->c->lang, k->fy };
    scheme_file f = { .name = k->word[1], .source = k->w->source, .actor = k->actor, .on = k->w->on };
    scheme_count n;
    buf text;
    const char *vintage = k->w->vintage ? k->w->vintage : "final";
    if (!vintage_word(vintage, &f.vintage))
        MIZO_DIAG(k->c->diags, CITY_BAD_VINTAGE, MIZO_NOWHERE, vintage);
    if (!f.source || !*f.source)
        MIZO_DIAG(k->c->diags, CITY_NO_SOURCE, MIZO_NOWHERE, ask.inventory);
    if (mizo_diags_count(k->c->diags, MIZO_ERROR))
        return MIZO_EINPUT;
    buf_init(&text, FILE_MOST);
    mizo_err e = k->c->env->ops->read_file(k->c->env, f.name, &text);
    if (e) {
        MIZO_DIAG(k->c->diags, FILE_UNREADABLE, MIZO_AT(f.name, 0, 0), mizo_err_text(e));
    } else {
        f.bytes = text.p ? text.p : "";
        f.n = text.n;
        e = scheme_take(k->d, &ask, &f, &n);
    }
    buf_fini(&text);
    if (e)
        return e;
    if (k->w->json) {
        json_object(&k->j, NULL);
        json_int(&k->j, "rows", n.rows);
        json_int(&k->j, "figures", n.figures);
        json_int(&k->j, "changed", n.changed);
        json_int(&k->j, "same", n.same);
        json_end(&k->j);
    } else {
        buf_printf(&k->out,
                   cli_japanese(k->c) ? "%s: %d 行、数値 %d: 新しいもの %d、同じもの %d\n"
                                      : "%s: %d rows, %d figures: %d new, %d as known\n",
                   f.name, n.rows, n.figures, n.changed, n.same);
    }
    return MIZO_OK;
}

/* ---- the acts ---- */

static const struct act {
    cli_act is;
    bool writes;
    mizo_err (*run)(desk *k);
} acts[] = {
    {{ "entity", "[all|ENTITY|BUREAU|FACILITY]", 0, 1 }, false, entity     },
    { { "capacity", NULL, 0, 0 },                        false, renewables },
    { { "home-pv", NULL, 0, 0 },                         false, subsidised },
    { { "provisional", NULL, 0, 0 },                     false, provisional},
    { { "restate", "[FROM [TO]]", 0, 2 },                false, restate    },
    { { "scheme", "moe|gpc|SCHEME", 1, 1 },              false, scheme     },
    { { "take", "SCHEME FILE", 2, 2 },                   true,  take       },
};

const cli_acts cli_inventory_acts = CLI_ACTS("inventory", acts, NULL);

static mizo_err on_desk(desk *k, const struct act *a, words *w)
{
    city_desk d;
    mizo_day today = cli_day_of(k->c, k->t, MIZO_DAY_NONE);
    w->on = w->on == MIZO_DAY_NONE ? today : w->on;
    k->fy = mizo_day_fy(w->as_of == MIZO_DAY_NONE ? today : w->as_of) - 1;
    if (w->fy && mizo_fy_parse(w->fy, strlen(w->fy), &k->fy)) {
        MIZO_DIAG(k->c->diags, CITY_BAD_YEAR, MIZO_NOWHERE, w->fy);
        return MIZO_EINPUT;
    }
    MIZO_TRY(city_desk_open(k->t, w->as_of, &d));
    k->d = &d;
    mizo_err e = a->run(k);
    city_desk_close(&d);
    return e;
}

static int perform(desk *k, const struct act *a, words *w)
{
    town t;
    actor who = { 0 };
    bool writes = a->writes || w->keep;
    int status = writes ? cli_actor(k->c, &w->who, w->region, ACT_RECORD, &who) : CLI_DONE;
    if (status)
        return status;
    mizo_err e =
        town_open_as(k->c->env, w->region, writes ? STORE_CREATE : STORE_READ, who.name, k->c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(k->c->diags); /* warnings about the model are `mizo check`'s to say */
    k->t = &t;
    k->w = w;
    k->actor = who.name;
    buf_init(&k->out, 0);
    json_init(&k->j, &k->out);
    e = on_desk(k, a, w);
    if (!e && w->json)
        buf_char(&k->out, '\n');
    status = e ? cli_status(e) : cli_put(k->c, &k->out);
    buf_fini(&k->out);
    town_close(&t);
    return status == CLI_DONE && k->no ? CLI_NO : status;
}

static int run(cli *c)
{
    words w = { .as_of = MIZO_DAY_NONE, .on = MIZO_DAY_NONE };
    const char *rest[4];
    desk k = { .c = c };
    size_t n = 0;
    int status = cli_parse(c, &cli_inventory, &w, rest, &n, 4);
    if (status != CLI_DONE)
        return status;
    const struct act *a = cli_act_of(c, &cli_inventory_acts, rest, n);
    if (!a)
        return CLI_INPUT;
    k.n = n - 1;
    for (size_t i = 0; i < k.n; i++)
        k.word[i] = rest[i + 1];
    return perform(&k, a, &w);
}

const cli_verb cli_inventory = {
    "inventory",
    "entity [WHO] | capacity | home-pv | provisional | scheme SCHEME | take SCHEME FILE --region DIR",
    "a reporting entity's energy and gases, renewable capacity by register, home PV, a provisional year, other schemes",
    "報告単位のエネルギーと温室効果ガス、台帳別の再エネ容量、住宅用太陽光、暫定値、国やGPCの区分との相互変換",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
