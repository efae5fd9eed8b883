/* lists.c: mizo city lists, list, facility, map, public: what the pages of the same names show. */
#include "cli/lists.h"
#include "cli/act.h"

#include <string.h>

#include "cli/document.h"
#include "mizo/messages/server.h"
#include "mizo/messages/yearly.h"
#include "town/office/facility.h"
#include "town/office/lists.h"
#include "town/office/map.h"
#include "town/office/office.h"
#include "town/office/public.h"

typedef struct words {
    const char *region, *fy, *out, *xlsx, *bundle;
    mizo_day as_of, on;
    bool json;
} words;

/* clang-format off */
static const option_row rows[] = {
    { "--region", OPTION_TEXT, "DIR", "region directory", "地域のディレクトリ", true, offsetof(words, region), 0, 0 },
    { "--fy", OPTION_TEXT, "Y", "fiscal year: 2023, R5 (that of the day)", "年度。2023、R5など(その日の年度)", false, offsetof(words, fy), 0, 0 },
    { "--on", OPTION_DATE, "D", "list: the register as it stood on that day (its last)", "list: その日の名簿(最後に記載のある日)", false, offsetof(words, on), 0, 0 },
    { "--as-of", OPTION_DATE, "D", "as known at the end of that day (today)", "その日の終わりに知られていた内容で(今日)", false, offsetof(words, as_of), 0, 0 },
    { "--out", OPTION_TEXT, "FILE", "list, facility: as .pdf, .xlsx, .html, .csv or .txt by its name", "list・facility: 名前の終わりの形式(.pdf .xlsx .html .csv .txt)で書く", false, offsetof(words, out), 0, 0 },
    { "--xlsx", OPTION_TEXT, "FILE", "list, facility: as a workbook", "list・facility: XLSXのファイルに書く", false, offsetof(words, xlsx), 0, 0 },
    { "--bundle", OPTION_TEXT, "FILE", "public: the page as one file that opens from disk", "public: 1つのHTMLに書く(閉じた網で開ける)", false, offsetof(words, bundle), 0, 0 },
    { "--json", OPTION_FLAG, NULL, "print JSON", "JSONで出す", false, offsetof(words, json), 0, 0 },
};
/* clang-format on */

typedef struct looking {
    cli *c;
    town *t;
    const words *w;
    const char *id;
    int fy;
    mizo_day today;
    mizo_ms as_of;
    buf out;
    json j;
} looking;

static mizo_err put_report(looking *k, const report *r)
{
    if (k->w->xlsx)
        return cli_document_as(k->c, k->w->xlsx, REPORT_FORMAT_XLSX, r);
    return k->w->out ? cli_document(k->c, k->w->out, r) : report_plain(r, &k->out);
}

static mizo_err put_or_drop(looking *k, mizo_err e, report *r)
{
    e = e ? e : put_report(k, r);
    report_free(r);
    return e;
}

/* ---- lists ---- */

static mizo_err say_lists(const looking *k)
{
    buf b;
    buf_init(&b, 4000);
    office_kind_words(&b);
    for (size_t i = 0; i < k->t->region->nreg; i++)
        buf_printf(&b, ", %s", k->t->region->reg[i].id);
    MIZO_DIAG(k->c->diags, OFFICE_KIND, MIZO_NOWHERE, k->id, b.p ? b.p : "");
    buf_fini(&b);
    return MIZO_EINPUT;
}

static mizo_err lists(looking *k)
{
    if (k->w->json) {
        json_object(&k->j, NULL);
        mizo_err e = lists_json(k->t, k->today, NULL, &k->j);
        json_end(&k->j);
        return e;
    }
    const mizo_region *r = k->t->region;
    bool ja = cli_japanese(k->c);
    for (size_t i = 0; i < r->nreg; i++) {
        cli_cell(&k->out, r->reg[i].id, -24);
        buf_printf(&k->out, "%s\n", ja || !*r->reg[i].name_en ? r->reg[i].name_ja : r->reg[i].name_en);
    }
    for (const note_kind *n = office_kinds; n->name; n++) {
        cli_cell(&k->out, n->name, -24);
        buf_printf(&k->out, "%s\n", list_title(n->name, k->c->lang));
    }
    return k->out.err;
}

static mizo_err list(looking *k)
{
    list_ask ask = { .id = k->id, .on = k->w->on, .today = k->today };
    mizo_err e;
    if (k->w->json) {
        json_object(&k->j, NULL);
        e = list_json(k->t, &ask, &k->j);
        json_end(&k->j);
    } else {
        report *r = NULL;
        e = list_doc(k->t, &ask, k->c->lang, &r);
        e = put_or_drop(k, e, r);
    }
    return e == MIZO_ENOENT ? say_lists(k) : e;
}

/* ---- a facility, the map ---- */

static mizo_err facility(looking *k)
{
    report *r = NULL;
    facility_ask ask = { mizo_region_facility(k->t->region, k->id), k->fy, k->as_of, k->today };
    if (ask.facility < 0) {
        MIZO_DIAG(k->c->diags, SERVER_NO_SUCH_SITE, MIZO_NOWHERE, k->id);
        return MIZO_EINPUT;
    }
    if (!k->w->json) {
        mizo_err made = facility_doc(k->t, &ask, k->c->lang, &r);
        return put_or_drop(k, made, r);
    }
    json_object(&k->j, NULL);
    mizo_err e = facility_json(k->t, &ask, &k->j);
    json_end(&k->j);
    return e;
}

static mizo_err map(looking *k)
{
    map_ask ask = { k->fy, k->as_of, k->today, NULL };
    json_object(&k->j, NULL);
    mizo_err e = map_json(k->t, &ask, &k->j);
    json_end(&k->j);
    return e;
}

/* ---- the public page ---- */

static mizo_err write_page(looking *k, const public_sheet *s)
{
    buf page;
    buf_init(&page, 4 << 20);
    mizo_err e = public_html(s, &(public_look){ .lang = k->c->lang, .alone = true }, &page);
    if (!e && (e = k->c->env->ops->write_file(k->c->env, k->w->bundle, page.p, page.n)))
        MIZO_DIAG(k->c->diags, FILE_UNWRITABLE, MIZO_NOWHERE, k->w->bundle);
    buf_fini(&page);
    return e;
}

static mizo_err public_page(looking *k)
{
    public_sheet s;
    MIZO_TRY(public_gather(k->t, k->fy, k->w->as_of, k->today, &s));
    mizo_err e = k->w->bundle ? write_page(k, &s) : MIZO_OK;
    if (!e && k->w->json) {
        json_object(&k->j, NULL);
        public_json(&s, &k->j);
        json_end(&k->j);
    } else if (!e && !k->w->bundle) {
        public_text(&s, k->c->lang, &k->out);
    }
    public_drop(&s);
    return e;
}

/* ---- the verb ---- */

static const struct act {
    cli_act is;
    mizo_err (*run)(looking *k);
} acts[] = {
    {{ "lists", NULL, 0, 0 },     lists      },
    { { "list", "ID", 1, 1 },     list       },
    { { "facility", "ID", 1, 1 }, facility   },
    { { "map", NULL, 0, 0 },      map        },
    { { "public", NULL, 0, 0 },   public_page},
};

const cli_acts cli_lists_acts = CLI_ACTS("city", acts, NULL);

static int set_days(looking *k)
{
    int offset = k->t->region->offset;
    k->as_of = cli_as_of(k->w->as_of, offset);
    k->today = cli_day_of(k->c, k->t, k->w->as_of);
    k->fy = mizo_day_fy(k->today);
    return cli_fiscal_year(k->c, &cli_lists, k->w->fy, &k->fy);
}

static int run(cli *c)
{
    words w = { .as_of = MIZO_DAY_NONE, .on = MIZO_DAY_NONE };
    const char *rest[2];
    size_t n = 0;
    town t;
    int status = cli_parse(c, &cli_lists, &w, rest, &n, 2);
    if (status != CLI_DONE)
        return status;
    const struct act *a = cli_act_of(c, &cli_lists_acts, rest, n);
    if (!a)
        return CLI_INPUT;
    looking k = { .c = c, .t = &t, .w = &w, .id = n > 1 ? rest[1] : NULL };
    mizo_err e = town_open(c->env, w.region, STORE_READ, c->diags, &t);
    if (e)
        return cli_status(e);
    mizo_diags_clear(c->diags); /* warnings about the model are `mizo check`'s to say */
    buf_init(&k.out, 0);
    json_init(&k.j, &k.out);
    status = set_days(&k);
    if (status == CLI_DONE) {
        e = a->run(&k);
        if (!e && k.out.n && k.out.p[k.out.n - 1] != '\n')
            buf_char(&k.out, '\n');
        status = e ? cli_status(e) : cli_put(c, &k.out);
    }
    buf_fini(&k.out);
    town_close(&t);
    return status;
}

const cli_verb cli_lists = {
    "city",
    "lists | list ID | facility ID | map | public --region DIR",
    "lists and registers, one facility, the map by ward, the public page",
    "台帳と名簿、施設のページ、区ごとの地図、公開ページ",
    rows,
    sizeof rows / sizeof *rows,
    run,
};
